"""Reports: one self-contained HTML file from scenarios, logs and scorecards."""

from drillsim.report.model import ScenarioRun
from drillsim.report.page import write_report

__all__ = ["ScenarioRun", "write_report"]
