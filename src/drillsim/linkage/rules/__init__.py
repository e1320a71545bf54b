"""Static linkage rules: one module a group, one table."""

from drillsim.linkage.rules.cases import case_of, front_of, judged_on, read_cases, read_interfaces
from drillsim.linkage.rules.context import Linked
from drillsim.linkage.rules.rule import Rule
from drillsim.linkage.rules.table import PLANNED, RULES, Checked, check_linkage

__all__ = [
    "PLANNED", "RULES", "Checked", "Linked", "Rule", "case_of", "check_linkage", "front_of",
    "judged_on", "read_cases", "read_interfaces",
]  # fmt: skip
