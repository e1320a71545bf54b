"""Names on the command line: shipped scenarios, plan sets beside a scenario, output folders."""

from __future__ import annotations

import os
import re
from pathlib import Path

from drillsim.cli.app import refuse
from drillsim.data.key_periods import key_periods
from drillsim.errors import Fault, InputError, did_you_mean
from drillsim.i18n import catalogue, default_lang, say
from drillsim.modifiers import modified
from drillsim.scenario import Scenario

catalogue(
    {
        "cli.no-scenario": (
            "没有这样的情景：{name}{hint}；内置情景：{known}。也可以给出 .yaml 文件的路径",
            "there is no such scenario: {name}{hint}; shipped ones: {known}; "
            "or give the path of a .yaml file",
        ),
        "cli.no-plans": (
            "没有这样的预案集：{name}{hint}；该情景旁有：{known}。也可以给出预案集文件夹的路径",
            "there is no such plan set: {name}{hint}; beside this scenario: {known}; "
            "or give the path of a plan set folder",
        ),
        "cli.no-variant": (
            "没有这样的运行方案：{name}{hint}；可用：{known}",
            "there is no such variant: {name}{hint}; allowed: {known}",
        ),
        "cli.period": ("{why}", "{why}"),
        "cli.out-file": ("这是文件，应为文件夹", "this is a file, a folder is expected"),
        "cli.out-closed": ("无权写入该文件夹", "no permission to write to this folder"),
    }
)

_IS_SCENARIO = re.compile(r"^hazard:", re.MULTILINE)


def shipped_folder() -> Path:
    """Give the folder of the shipped scenarios: in the wheel, or beside the sources."""
    inside = Path(__file__).resolve().parents[1] / "scenarios"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3] / "scenarios"


def scenarios_in(folder: Path) -> list[Path]:
    """Give the scenario files of a folder: those with a `hazard:`."""
    files = sorted(folder.glob("*.yaml"))
    return [p for p in files if _IS_SCENARIO.search(p.read_text("utf-8", errors="replace"))]


def shipped_scenarios() -> dict[str, Path]:
    """Give the shipped scenario files by id."""
    folders = sorted(p for p in shipped_folder().iterdir() if p.is_dir())
    return {p.stem: p for folder in folders for p in scenarios_in(folder)}


def scenario_path(name: str) -> Path:
    """Give the file of a scenario named by path or shipped id; exits with 2 if there is none."""
    path, known = Path(name), shipped_scenarios()
    if path.is_file() or path.suffix in {".yaml", ".yml"}:
        return path
    if name in known:
        return known[name]
    if path.exists():
        return path
    hint = did_you_mean(name, list(known))
    raise refuse("cli.no-scenario", name=name, hint=hint, known=", ".join(known))


def plans_folder(name: str | None, scenario: Path) -> Path | None:
    """Give the plan set folder named by path or by a set beside the scenario; else exit 2."""
    if name is None:
        return None
    beside = scenario.parent / "plans"
    known = sorted(p.parent.name for p in beside.glob("*/planset.yaml"))
    if name in known:
        return beside / name
    if Path(name).exists():
        return Path(name)
    hint = did_you_mean(name, known)
    raise refuse("cli.no-plans", name=name, hint=hint, known=", ".join(known) or "-")


def check_variant(name: str | None, allowed: list[str]) -> None:
    """Exit with 2 when a variant is not one of those allowed."""
    if name is not None and name not in allowed:
        hint = did_you_mean(name, allowed)
        raise refuse("cli.no-variant", name=name, hint=hint, known=", ".join(allowed))


def check_modifiers(names: list[str] | None) -> tuple[str, ...]:
    """Give the key periods asked for, sorted, each once; exit with 2 for an unknown one."""
    known = key_periods()
    for name in names or ():
        if name not in known:
            hint = did_you_mean(name, list(known))
            raise refuse("modifier.unknown", name=name, hint=hint, known=", ".join(sorted(known)))
    return tuple(sorted(set(names or ())))


def under(scenario: Scenario, periods: tuple[str, ...]) -> Scenario:
    """Put a scenario under key periods; exit with 2 where one does not fit it."""
    try:
        return modified(scenario, periods)
    except ValueError as error:
        raise refuse("cli.period", why=error) from error


def check_folder(folder: Path | None) -> None:
    """Refuse a folder that cannot be written, before a long run and without making it."""
    if folder is None:
        return
    there = next(p for p in (folder.absolute(), *folder.absolute().parents) if p.exists())
    for wrong, key in (
        (not there.is_dir(), "cli.out-file"),
        (not os.access(there, os.W_OK), "cli.out-closed"),
    ):
        if wrong:
            raise InputError([Fault(str(there), 1, 1, "--out", say(key, default_lang()))])
