"""The page docs/rules.md, made from the docstrings: `python -m drillsim.linkage.rules`."""

from __future__ import annotations

import inspect
import io

from drillsim.linkage.rules.rule import Rule
from drillsim.linkage.rules.table import PLANNED, RULES

INTRO = """# Static linkage rules

Made from the docstrings by `python -m drillsim.linkage.rules > docs/rules.md`; do not edit.
`drillsim check` judges a plan set by them, `drillsim explain S12` prints one.

Existence is searched over the whole plan set, one cause is one finding with a list of places, and
what cannot be judged is listed as skipped with the reason. Laws, deadlines and intervals are dated
data (`data/statutes.yaml`): a set is judged by what is in force on the day of judging. *Basis
verified: yes* means that the cited text was read.
"""


def told(rule: Rule) -> str:
    """Give the docstring of a rule: its statement, how it is judged, a bad and a good snippet."""
    return inspect.cleandoc(rule.judge.__doc__ or "")


def page() -> str:
    """Give the whole page as Markdown."""
    out = io.StringIO()
    out.write(INTRO)
    out.write(f"\n{len(RULES)} of {PLANNED} rules.\n\n")
    out.write("| rule | 名称 | name | gravest | basis | verified |\n|---|---|---|---|---|---|\n")
    for rule in RULES.values():
        verified = "yes" if rule.basis.verified else "no"
        cells = [rule.id, rule.name.zh, rule.name.en, rule.severity, rule.basis.text, verified]
        out.write("| " + " | ".join(cells) + " |\n")
    for rule in RULES.values():
        out.write(f"\n## {rule.id} {rule.name.zh} / {rule.name.en}\n\n{told(rule)}\n")
    return out.getvalue()
