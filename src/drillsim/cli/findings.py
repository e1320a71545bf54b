"""Static linkage on the command line: the findings of `check`, and `explain`."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import typer

from drillsim.city.model import City, read_city
from drillsim.cli.app import JsonOption, LangOption, app, chosen, guarded, out, refuse
from drillsim.cli.app import __version__ as version  # type: ignore[attr-defined]  # app.py tells it
from drillsim.cli.app import print_json as print_object
from drillsim.errors import did_you_mean
from drillsim.i18n import Lang, catalogue, say
from drillsim.interop.sarif import sarif_log
from drillsim.linkage.findings import SEVERITIES, Finding, Skipped
from drillsim.linkage.repair import Repair, diff, mended, repairs
from drillsim.linkage.rules import (
    PLANNED,
    RULES,
    Checked,
    Linked,
    case_of,
    check_linkage,
    front_of,
    judged_on,
    read_cases,
    read_interfaces,
)
from drillsim.linkage.rules.context import tidy
from drillsim.linkage.rules.pages import told
from drillsim.linkage.score import StaticScore, linkage_verdict, plain, static_score
from drillsim.plans.planset import read_plan_set
from drillsim.scenario import RequiredHandover, read_scenario

catalogue(
    {
        "find.critical": ("严重", "critical"),
        "find.high": ("较高", "high"),
        "find.medium": ("中等", "medium"),
        "find.low": ("较低", "low"),
        "find.basis": ("依据：{basis}", "basis: {basis}"),
        "find.unverified": ("（未核实）", " (unverified)"),
        "find.edit": ("建议：{edit}", "suggestion: {edit}"),
        "find.more": ("……另有 {n} 处", "... and {n} more"),
        "find.sum": (
            "衔接核对：严重 {critical}，较高 {high}，中等 {medium}，较低 {low}"
            "（已实现 {rules}/{planned} 条静态规则，按 {day} 有效的法律判断）",
            "linkage: critical {critical}, high {high}, medium {medium}, low {low} "
            "({rules} of {planned} static rules; judged by the law of {day})",
        ),
        "find.score": (
            "静态衔接度 K_S = {value:.2f}（必需接口 {n} 个：{bad} 个有缺陷，"
            "{silent} 个没有预案规定）；只凭纸面：{verdict}",
            "static linkage K_S = {value:.2f} ({n} required interfaces: {bad} with faults, "
            "{silent} that nobody declares); on paper alone: {verdict}",
        ),
        "find.cell": ("{pair} {dimension} {value:.2f}", "{pair} {dimension} {value:.2f}"),
        "find.weakest": ("最弱：{cells}", "weakest: {cells}"),
        "find.basic": ("基本衔接", "linked on the whole"),
        "find.partial": ("部分衔接", "linked in part"),
        "find.skipped": (
            "{rule} 有 {n} 处无法判断，例如：{reason}",
            "{rule} could not judge {n}, for example: {reason}",
        ),
        "find.no-set": (
            "此处没有预案集，未核对衔接",
            "there is no plan set here, so linkage was not checked",
        ),
        "find.rules": (
            "{of} 条静态规则中已实现 {n} 条，其余未核对",
            "{n} of the {of} static rules are implemented; the others were not judged",
        ),
        "fix.none": ("没有可自动修改之处", "there is nothing that can be mended by itself"),
        "fix.ask": ("写入 {file}？（{n} 处）", "write {file}? ({n} changes)"),
        "fix.done": ("已修改 {file}：{n} 处", "{file}: {n} changes written"),
        "fix.left": ("未修改 {file}", "{file} was left as it is"),
        "fix.elsewhere": (
            "{file} 不在所核对的文件夹内，请到它自己的预案集修改",
            "{file} lies outside the folder checked: mend it in its own set",
        ),
        "explain.unknown": (
            "没有名为 {name} 的静态规则{hint}；已实现：{known}",
            "there is no static rule {name}{hint}; in this release: {known}",
        ),
        "explain.head": (
            "{rule} {name}（最高：{severity}）",
            "{rule} {name} (gravest: {severity})",
        ),
    }
)

SHOWN = 4
"""Places of one finding that the text shows."""
CELLS = 5
"""Weakest cells of the matrix that the text shows."""


@dataclass(frozen=True, slots=True)
class SetChecked:
    """The linkage of one plan set."""

    on: Linked
    checked: Checked
    score: StaticScore


def check_sets(target: Path, kind: str | None, folders: Sequence[Path]) -> tuple[SetChecked, ...]:
    """Check the linkage of a scenario, or of the plan sets that a path belongs to."""
    if kind == "scenario":
        scenario = read_scenario(target)
        front = front_of(scenario.hazard(), scenario.file.weather.wind_from)
        case = dataclasses.replace(case_of(scenario.file), front=front)
        yard = scenario.yardstick
        on = Linked(scenario.plan_set, case.start, scenario.city, (case,), yard.interfaces)
        return (_judged(on, yard.handovers),)
    cities: dict[Path, City] = {}
    return tuple(_judged(_linked(folder, cities)) for folder in folders)


def _judged(on: Linked, handovers: Sequence[RequiredHandover] = ()) -> SetChecked:
    checked = check_linkage(on)
    return SetChecked(on, checked, static_score(on, checked.findings, handovers))


def _linked(folder: Path, cities: dict[Path, City]) -> Linked:
    """Join a plan set with the city and the accidents that it stands beside."""
    beside = next((p for p in folder.resolve().parents[:3] if (p / "city.yaml").is_file()), None)
    if beside is None:
        plan_set = read_plan_set(folder)
        return Linked(plan_set, judged_on(plan_set, ()))
    if beside not in cities:
        cities[beside] = read_city(beside)
    city = cities[beside]
    cases = read_cases(beside)
    families = sorted({case.family for case in cases})
    plan_set = read_plan_set(folder, city.facilities, families)
    return Linked(plan_set, judged_on(plan_set, cases), city, cases, read_interfaces(beside))


def offer_repairs(done: Iterable[SetChecked], target: Path, lang: Lang) -> None:
    """Show each safe edit as a diff and write it only when the user says so, file by file."""
    folder = (target if target.is_dir() else target.parent).resolve()
    wanted: dict[str, list[Repair]] = {}
    for one in done:
        for repair in repairs(one.on):
            wanted.setdefault(repair.file, []).append(repair)
    if not wanted:
        out.print(say("fix.none", lang), markup=False)
    for file, edits in sorted(wanted.items()):
        path = Path(file)
        if not path.resolve().is_relative_to(folder):
            line = say("fix.elsewhere", lang, file=tidy(file))
            out.print(line, style="dim", markup=False, soft_wrap=True)
            continue
        before = path.read_bytes().decode("utf-8")
        after, made = mended(before, edits)
        if not made:
            continue
        out.print(diff(tidy(file), before, after), markup=False, highlight=False, soft_wrap=True)
        written = typer.confirm(say("fix.ask", lang, file=tidy(file), n=len(made)), default=False)
        if written:
            path.write_bytes(after.encode("utf-8"))
        key = "fix.done" if written else "fix.left"
        out.print(say(key, lang, file=tidy(file), n=len(made)), markup=False, soft_wrap=True)


def as_json(done: Iterable[SetChecked], lang: Lang) -> dict[str, Any]:
    """Give `findings`, `skipped` and `rules` of `check --format json`."""
    every = list(done)
    skipped = [s for one in every for s in one.checked.skipped]
    reasons = [{"rule": s.rule, "reason": s.reason.say(lang)} for s in skipped]
    key, counts = ("find.rules", {"n": len(RULES), "of": PLANNED}) if every else ("find.no-set", {})
    reasons.append({"rule": "static-linkage", "reason": say(key, lang, **counts)})
    found = [finding for one in every for finding in one.checked.findings]
    return {
        "findings": [_plain(finding, lang) for finding in found],
        "skipped": reasons,
        "rules": {"implemented": len(RULES), "planned": PLANNED},
        "counts": {s: sum(f.severity == s for f in found) for s in SEVERITIES},
        "linkage": [{"plan_set": one.on.plan_set.head.name, **plain(one.score)} for one in every],
    }


def _plain(finding: Finding, lang: Lang) -> dict[str, Any]:
    return {
        "rule": finding.rule,
        "severity": finding.severity,
        "interface": finding.interface,
        "message": finding.message.say(lang),
        "basis": {"text": finding.basis.text, "verified": finding.basis.verified},
        "where": [dataclasses.asdict(place) for place in finding.places],
        "explained_by": list(finding.explained_by),
        "edit": finding.edit.say(lang) if finding.edit else None,
        "systemic": finding.systemic,
    }


def as_sarif(done: Iterable[SetChecked], lang: Lang) -> dict[str, Any]:
    """Give one SARIF log for all sets."""
    every = list(done)
    findings = [finding for one in every for finding in one.checked.findings]
    skipped = [s for one in every for s in one.checked.skipped]
    return sarif_log(findings, skipped, RULES, lang, version)


COLOURS = {"critical": "bold red", "high": "red", "medium": "yellow", "low": "dim"}


def print_findings(done: Iterable[SetChecked], lang: Lang) -> None:
    """Print every finding with its places as `file:line`, then the sum and what was skipped."""
    for one in done:
        for finding in one.checked.findings:
            _print_one(finding, lang)
        counts = {s: one.checked.count(s) for s in SEVERITIES}
        sums = say("find.sum", lang, rules=len(RULES), planned=PLANNED, day=one.on.on, **counts)
        out.print(sums, style="bold", markup=False, soft_wrap=True)
        for line in _scored(one, lang):
            out.print(line, markup=False, highlight=False, soft_wrap=True)
        for line in _skips(one.checked.skipped, lang):
            out.print(line, style="dim", markup=False, soft_wrap=True)


def _scored(one: SetChecked, lang: Lang) -> list[str]:
    """Say K_S, how many interfaces have faults, and the weakest cells of the matrix."""
    value, rows = one.score.value, one.score.interfaces
    if value is None:
        return []
    silent = sum(bool(row.silent) for row in rows)
    bad = sum(row.value < 1.0 and not row.silent for row in rows)
    verdict = say(f"find.{linkage_verdict(one.checked.findings, value)}", lang)
    lines = [
        say("find.score", lang, value=value, n=len(rows), bad=bad, silent=silent, verdict=verdict)
    ]
    cells = sorted((v, pair, dim) for (pair, dim), v in one.score.matrix.items() if v < 1.0)
    shown = [say("find.cell", lang, pair=p, dimension=d, value=v) for v, p, d in cells[:CELLS]]
    return [*lines, say("find.weakest", lang, cells="; ".join(shown))] if shown else lines


def _print_one(finding: Finding, lang: Lang) -> None:
    def line(text: str, style: str = "") -> None:
        out.print(text, style=style, markup=False, highlight=False, soft_wrap=True)

    name = RULES[finding.rule].name.say(lang)
    grave = say(f"find.{finding.severity}", lang)
    line(f"{finding.rule} {grave} {name}: {finding.message.say(lang)}", COLOURS[finding.severity])
    for place in finding.places[:SHOWN]:
        line(f"  {place.file}:{place.line}: {place.ref} {place.quote}")
    if len(finding.places) > SHOWN:
        line("  " + say("find.more", lang, n=len(finding.places) - SHOWN))
    basis = finding.basis.text
    basis += "" if finding.basis.verified else say("find.unverified", lang)
    line("  " + say("find.basis", lang, basis=basis), "dim")
    if finding.edit is not None:
        line("  " + say("find.edit", lang, edit=finding.edit.say(lang)), "dim")


def _skips(skipped: Sequence[Skipped], lang: Lang) -> list[str]:
    first: dict[str, list[Skipped]] = {}
    for one in skipped:
        first.setdefault(one.rule, []).append(one)
    return [
        say("find.skipped", lang, rule=rule, n=len(ones), reason=ones[0].reason.say(lang))
        for rule, ones in sorted(first.items())
    ]


@app.command()
@guarded
def explain(
    rule: Annotated[str, typer.Argument(help="Rule id, such as S12 / 规则编号.")],
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Explain a linkage rule: what it finds, a bad and a good example, its basis / 解释规则.

    Example: [b]drillsim explain S12[/b]
    """
    language = chosen(lang)
    known = RULES.get(rule.upper())
    if known is None:
        hint = did_you_mean(rule.upper(), list(RULES))
        raise refuse("explain.unknown", name=rule, hint=hint, known=", ".join(RULES))
    if as_json:
        print_object(
            {
                "rule": known.id,
                "name": {"zh": known.name.zh, "en": known.name.en},
                "severity": known.severity,
                "basis": {"text": known.basis.text, "verified": known.basis.verified},
                "text": told(known),
            }
        )
        return
    severity = say(f"find.{known.severity}", language)
    head = say(
        "explain.head", language, rule=known.id, name=known.name.say(language), severity=severity
    )
    basis = known.basis.text
    basis += "" if known.basis.verified else say("find.unverified", language)
    for text, style in (
        (head, "bold"), (told(known), ""), (say("find.basis", language, basis=basis), "dim"),
    ):  # fmt: skip
        out.print(text, style=style, markup=False, highlight=False, soft_wrap=True)
