"""What kind of file or folder a path is, and its check: schema and references."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from drillsim.city.file import CityFile
from drillsim.city.model import read_city
from drillsim.cli.decisions import DecisionFile, read_decisions
from drillsim.cli.shipped import scenarios_in
from drillsim.errors import Fault, InputError
from drillsim.i18n import Lang, catalogue, say
from drillsim.plans.model import PlanFile, SetHead
from drillsim.plans.planset import read_plan_set
from drillsim.scenario import ScenarioFile, Yardstick, read_scenario
from drillsim.yamlio import Model, load, read_yaml

catalogue(
    {
        "check.city": (
            "城市 {name}：{n} 个场所，{zones} 个居民区",
            "city {name}: {n} facilities, {zones} residential zones",
        ),
        "check.scenario": (
            "情景 {name}：所引城市、预案集、准绳均已核对",
            "scenario {name}, with its city, plan set and yardstick",
        ),
        "check.set": (
            "预案集 {name}：{plans} 个预案，{elements} 个要素，{orgs} 个机构",
            "plan set {name}: {plans} plans, {elements} elements, {orgs} organisations",
        ),
        "check.part": (
            "{file}：本文件格式；引用须与使用它的{user}一起核对，此处未找到",
            "{file}: its schema; references need the {user} that uses it, and none was found",
        ),
        "check.decisions": (
            "{file}：{n} 项决策的格式；角色与要素在重放时核对",
            "{file}: schema of {n} decisions; roles and elements are checked by the replay",
        ),
        "check.which": (
            "看不出这是什么文件；可核对：{kinds}",
            "cannot tell what this file is; what can be checked: {kinds}",
        ),
        "check.folder": (
            "文件夹中既无 planset.yaml，也无 city.yaml 或情景文件",
            "the folder holds neither a planset.yaml nor a city.yaml or a scenario",
        ),
        "kind.plan-set": ("预案集", "plan set"),
        "kind.scenario": ("情景", "scenario"),
    }
)

KINDS: Mapping[str, type[Model]] = {
    "scenario": ScenarioFile, "plan": PlanFile, "planset": SetHead, "city": CityFile,
    "yardstick": Yardstick, "decisions": DecisionFile,
}  # fmt: skip
"""Kinds of files that users write; `drillsim schema` prints their schemas."""

_Check = Callable[[Path, Lang], list[str]]
_ANY = {"id", "name", "base", "remove"}
"""Keys that tell nothing, for several kinds have them."""


def check_path(target: Path, lang: Lang) -> list[str]:
    """Check a file or folder and say in lines what was checked.

    Raises InputError with every fault of the first failing stage.
    """
    if not target.is_dir():
        return _FILES[kind_of(target, lang)](target, lang)
    if (target / "planset.yaml").exists():
        return _check_set(target, lang)
    scenarios, city = scenarios_in(target), target / "city.yaml"
    if not scenarios and not city.is_file():
        raise InputError([Fault(str(target), 1, 1, "", say("check.folder", lang))])
    checks: list[tuple[_Check, Path]] = [(_check_city, city)] if city.is_file() else []
    heads = [*target.glob("plans/planset.yaml"), *sorted(target.glob("plans/*/planset.yaml"))]
    checks += [(_check_set, head.parent) for head in heads]
    checks += [(_check_scenario, p) for p in scenarios]
    return _all(checks, lang)


def kind_of(path: Path, lang: Lang) -> str:
    """Tell the kind of a file by the keys it has. Raises InputError when it cannot be told."""
    keys = {str(key) for key in load(path).data} - _ANY
    # the head of a plan set is known by its file name, and shares `organisations` with plans
    named = {"planset"} if path.name == "planset.yaml" else set(KINDS) - {"planset"}
    counts = {kind: len(keys & set(KINDS[kind].model_fields)) for kind in KINDS if kind in named}
    best = max(counts, key=lambda kind: counts[kind])
    if not counts[best] or list(counts.values()).count(counts[best]) > 1:
        kinds = "; ".join(
            f"{kind} ({', '.join([k for k in model.model_fields if k not in _ANY][:4])} ...)"
            for kind, model in KINDS.items()
        )
        raise InputError([Fault(str(path), 1, 1, "", say("check.which", lang, kinds=kinds))])
    return best


def _all(checks: Sequence[tuple[_Check, Path]], lang: Lang) -> list[str]:
    """Run several checks; the faults of all of them are raised together."""
    lines: list[str] = []
    faults: list[Fault] = []
    for check, path in checks:
        try:
            lines += check(path, lang)
        except InputError as error:
            faults += error.faults
    if faults:
        raise InputError(faults)
    return lines


def _check_scenario(path: Path, lang: Lang) -> list[str]:
    return [say("check.scenario", lang, name=read_scenario(path).file.name.say(lang))]


def _check_city(path: Path, lang: Lang) -> list[str]:
    city = read_city(path)
    n, zones = len(city.facilities), len(city.zones)
    return [say("check.city", lang, name=city.name.say(lang), n=n, zones=zones)]


def _check_set(folder: Path, lang: Lang) -> list[str]:
    plan_set = read_plan_set(folder, *_ground_of(folder))
    return [
        say(
            "check.set", lang, name=plan_set.head.name, plans=len(plan_set.plans),
            elements=sum(1 for p in plan_set.plans.values() for _ in p.elements()),
            orgs=len(plan_set.organisations),
        )
    ]  # fmt: skip


def _ground_of(folder: Path) -> tuple[list[str] | None, list[str]]:
    """Give the facilities of the city that a plan set stands beside and what happens there.

    What happens: the accident families of its scenarios; a city need not have the places of others.
    """
    for parent in folder.resolve().parents[:3]:
        city = parent / "city.yaml"
        if city.is_file():
            files = [read_yaml(p, ScenarioFile) for p in scenarios_in(parent)]
            return sorted(read_city(city).facilities), sorted({file.family for file in files})
    return None, []


def _check_head(path: Path, lang: Lang) -> list[str]:
    return _check_set(path.parent, lang)


def _check_plan(path: Path, lang: Lang) -> list[str]:
    """Check a file of plans or organisations with every plan set that it is a part of."""
    read_yaml(path, PlanFile)
    users = _users_of(path)
    if not users:
        user = say("kind.plan-set", lang)
        return [say("check.part", lang, file=path.name, user=user)]
    return _all([(_check_set, folder) for folder in users], lang)


def _users_of(path: Path) -> list[Path]:
    """Give the plan sets that a file of plans or organisations is a part of."""
    here = path.resolve().parent
    heads = [
        *here.glob("planset.yaml"),
        *here.parent.glob("*/planset.yaml"),
        *here.parent.glob("*/*/planset.yaml"),
    ]
    folders = dict.fromkeys(head.parent for head in sorted(heads))
    users = [folder for folder in folders if here in _parts_of(folder, set())]
    # the user's own spelling of the path, where there is one, makes the shorter line
    return [path.parent if folder == here else folder for folder in users]


def sets_of(target: Path, lang: Lang) -> tuple[str | None, list[Path]]:
    """Give the kind of a path (None for a folder) and the plan set folders that it belongs to."""
    if target.is_dir():
        heads = [*target.glob("planset.yaml"), *target.glob("plans/planset.yaml")]
        return None, [h.parent for h in (*heads, *sorted(target.glob("plans/*/planset.yaml")))]
    kind = kind_of(target, lang)
    found = {"planset": [target.parent], "plan": _users_of(target) if kind == "plan" else []}
    return kind, found.get(kind, [])


def _parts_of(folder: Path, seen: set[Path]) -> set[Path]:
    """Give the folders that a plan set is read from: its own, its bases', their organisations'."""
    here, head = folder.resolve(), folder / "planset.yaml"
    if here in seen or not head.is_file():
        return seen
    seen.add(here)
    content = read_yaml(head, SetHead)
    if content.organisations is not None:
        seen.add((folder / content.organisations).resolve())
    return seen if content.base is None else _parts_of(folder / content.base, seen)


def _check_yardstick(path: Path, lang: Lang) -> list[str]:
    read_yaml(path, Yardstick)
    users = [
        p
        for p in scenarios_in(path.parent)
        if (p.parent / str(load(p).data.get("yardstick"))).resolve() == path.resolve()
    ]
    if not users:
        user = say("kind.scenario", lang)
        return [say("check.part", lang, file=path.name, user=user)]
    return _all([(_check_scenario, p) for p in users], lang)


def _check_decisions(path: Path, lang: Lang) -> list[str]:
    _, rows = read_decisions(path)
    return [say("check.decisions", lang, file=path.name, n=len(rows))]


_FILES: Mapping[str, _Check] = {
    "scenario": _check_scenario, "plan": _check_plan, "planset": _check_head,
    "city": _check_city, "yardstick": _check_yardstick, "decisions": _check_decisions,
}  # fmt: skip
