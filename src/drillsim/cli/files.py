"""`check`, `schema` and `city`: look at files without running a drill."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Annotated, Literal

import typer
from pydantic import BaseModel
from rich.table import Table

from drillsim.city.file import CityFile
from drillsim.city.model import City, read_city
from drillsim.cli.app import LangOption, app, chosen, guarded, out, scenario_path
from drillsim.errors import Fault, InputError
from drillsim.i18n import catalogue, say
from drillsim.plans.model import PlanFile, SetHead
from drillsim.plans.planset import read_plan_set
from drillsim.scenario import ScenarioFile, Yardstick, read_scenario
from drillsim.yamlio import load

catalogue(
    {
        "check.good": ("无错误：{what}", "no faults: {what}"),
        "check.scope": (
            "本版检查格式与引用；静态衔接规则将在后续版本提供。",
            "this release checks schema and references; static linkage rules come later.",
        ),
        "check.set": (
            "预案集 {name}：{plans} 个预案，{elements} 个要素，{orgs} 个机构",
            "plan set {name}: {plans} plans, {elements} elements, {orgs} organisations",
        ),
        "check.which": (
            "看不出这是什么文件；应含以下某组键：{keys}",
            "cannot tell what this file is; it should have one of these keys: {keys}",
        ),
        "city.kind": ("类别", "kind"),
        "city.count": ("数量", "count"),
        "city.line": (
            "{name}：{roads} 个道路节点，{water} 个水路节点，{edges} 条边，{people} 名居民",
            "{name}: {roads} road nodes, {water} water nodes, {edges} edges, {people} residents",
        ),
    }
)

SCHEMAS: dict[str, type[BaseModel]] = {
    "scenario": ScenarioFile,
    "plan": PlanFile,
    "planset": SetHead,
    "city": CityFile,
    "yardstick": Yardstick,
}
city_app = typer.Typer(no_args_is_help=True, help="Real and generated cities / 城市.")
app.add_typer(city_app, name="city")


@app.command()
@guarded
def check(
    path: Annotated[str, typer.Argument(help="Scenario, plan set folder, or one file / 路径.")],
    form: Annotated[Literal["text", "json"], typer.Option("--format", help="Output.")] = "text",
    lang: LangOption = None,
) -> None:
    """Check schema and references of a scenario, a plan set or a city.

    Example: [b]drillsim check scenarios/longcheng/plans/2024[/b]
    """
    language = chosen(lang)
    target = Path(path)
    if not target.is_dir() and not target.exists():
        target = scenario_path(path)
    try:
        what = _checked(target, language)
    except InputError as error:
        if form == "json":
            faults = [
                {
                    "file": f.file,
                    "line": f.line,
                    "col": f.col,
                    "field": f.field,
                    "message": f.message,
                }
                for f in error.faults
            ]
            print(json.dumps({"faults": faults, "findings": [], "skipped": []}, ensure_ascii=False))
            raise typer.Exit(2) from error
        raise
    scope = say("check.scope", language)
    if form == "json":
        skipped = [{"rule": "static-linkage", "reason": scope}]
        print(json.dumps({"faults": [], "findings": [], "skipped": skipped}, ensure_ascii=False))
    else:
        out.print(say("check.good", language, what=what), style="green")
        out.print(scope, style="dim")


def _checked(target: Path, lang: Literal["zh", "en"]) -> str:
    if target.is_dir():
        facilities = _city_beside(target)
        plan_set = read_plan_set(target, facilities)
        return say(
            "check.set", lang, name=plan_set.head.name, plans=len(plan_set.plans),
            elements=sum(1 for p in plan_set.plans.values() for _ in p.elements()),
            orgs=len(plan_set.organisations),
        )  # fmt: skip
    source = load(target)
    keys = set(source.data)
    if "hazard" in keys:
        return read_scenario(target).file.name.say(lang)
    if "network" in keys or ("base" in keys and "facilities" in keys):
        return read_city(target).name.say(lang)
    if {"plan", "of", "organisations", "resources"} & keys or target.name == "planset.yaml":
        return _checked(target.parent, lang)
    known = "hazard (scenario), network (city), plan (plan)"
    raise InputError([Fault(str(target), 1, 1, "", say("check.which", lang, keys=known))])


def _city_beside(folder: Path) -> list[str] | None:
    """Give the facilities of the city that a plan set stands beside, if there is one."""
    for parent in folder.resolve().parents[:3]:
        city = parent / "city.yaml"
        if city.is_file():
            return sorted(read_city(city).facilities)
    return None


@app.command()
@guarded
def schema(
    what: Annotated[
        Literal["scenario", "plan", "planset", "city", "yardstick"],
        typer.Argument(help="Kind of file / 文件种类."),
    ] = "plan",
) -> None:
    """Print the JSON Schema of a kind of file, for completion in editors.

    Example: [b]drillsim schema plan > plan.schema.json[/b]
    """
    found = SCHEMAS[what].model_json_schema(by_alias=True)
    found["$schema"] = "https://json-schema.org/draft/2020-12/schema"
    print(json.dumps(found, ensure_ascii=False, indent=2))


@city_app.command("show")
@guarded
def city_show(
    path: Annotated[Path, typer.Argument(help="city.yaml")], lang: LangOption = None
) -> None:
    """Say what a city holds.

    Example: [b]drillsim city show scenarios/longcheng/city.yaml[/b]
    """
    language = chosen(lang)
    city = read_city(path)
    out.print(_city_line(city, language))
    counts: dict[str, int] = {}
    for facility in city.facilities.values():
        counts[facility.kind] = counts.get(facility.kind, 0) + 1
    table = Table(say("city.kind", language), say("city.count", language))
    for kind, count in sorted(counts.items()):
        table.add_row(kind, str(count))
    out.print(table)
    if city.attribution is not None:
        out.print(city.attribution.say(language))


def _city_line(city: City, lang: Literal["zh", "en"]) -> str:
    modes = [mode for _, mode in city.graph.nodes(data="mode")]
    return say(
        "city.line", lang, name=city.name.say(lang), roads=modes.count("road"),
        water=modes.count("water"), edges=city.graph.number_of_edges(),
        people=int(sum(city.zones.residents)),
    )  # fmt: skip


@city_app.command("import")
@guarded
def city_import(
    path: Annotated[Path, typer.Argument(help="FILE.osm or FILE.osm.pbf")],
    folder: Annotated[Path, typer.Option("--out", help="Folder for the city / 输出文件夹.")],
    as_json: Annotated[bool, typer.Option("--json")] = False,
    lang: LangOption = None,
) -> None:
    """Import a real city from an OpenStreetMap extract; says what must be added by hand.

    Example: [b]drillsim city import nanjing.osm --out cities/nanjing[/b]
    """
    from drillsim.city.osm import import_city

    report = import_city(path, folder)
    if as_json:
        print(json.dumps(report.as_dict(), ensure_ascii=False, indent=2, default=str))
    else:
        out.print(report.say(chosen(lang)), markup=False)
