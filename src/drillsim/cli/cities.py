"""`city`: show, import and generate cities."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from drillsim.city.model import read_city
from drillsim.city.summary import describe, summary
from drillsim.cli.app import JsonOption, LangOption, app, chosen, guarded, out, print_json
from drillsim.cli.shipped import check_folder, shipped_folder
from drillsim.i18n import say

city_app = typer.Typer(no_args_is_help=True, help="Real and generated cities / 城市.")
app.add_typer(city_app, name="city")


@city_app.command("show")
@guarded
def city_show(
    path: Annotated[Path, typer.Argument(help="city.yaml or its folder / 城市文件或文件夹.")],
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Say what a city holds / 城市概况.

    Example: [b]drillsim city show scenarios/longcheng/city.yaml[/b]
    """
    city = read_city(path)
    if as_json:
        print_json(summary(city))
        return
    for line in describe(city, chosen(lang)):
        out.print(line, markup=False, highlight=False, soft_wrap=True)


@city_app.command("import")
@guarded
def city_import(
    path: Annotated[Path, typer.Argument(help="FILE.osm or FILE.osm.pbf")],
    folder: Annotated[Path, typer.Option("--out", help="Folder for the city / 输出文件夹.")],
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Import a real city from an OpenStreetMap extract; says what to add by hand / 导入.

    Example: [b]drillsim city import nanjing.osm --out cities/nanjing[/b]
    """
    from drillsim.city.osm import import_city

    check_folder(folder)
    report = import_city(path, folder)
    if as_json:
        print_json(report.as_dict())
    else:
        out.print(report.say(chosen(lang)), markup=False, highlight=False, soft_wrap=True)


@city_app.command("generate")
@guarded
def city_generate(
    folder: Annotated[Path, typer.Option("--out", help="Folder for the city / 输出文件夹.")],
    seed: Annotated[int, typer.Option(min=0, help="Seed of the streets / 种子.")] = 1,
    template: Annotated[
        Path | None, typer.Option(help="city.yaml to start from / 模板 (default: the shipped one).")
    ] = None,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Write a city of the same geography with other streets / 生成.

    Example: [b]drillsim city generate --out cities/mine --seed 4[/b]
    """
    from drillsim.city.template import generate_city

    check_folder(folder)
    source = template or shipped_folder() / "longcheng" / "city.yaml"
    city = generate_city(source, folder, seed)
    if as_json:
        print_json(summary(city))
        return
    for line in describe(city, chosen(lang)):
        out.print(line, markup=False, highlight=False, soft_wrap=True)
    out.print(say("cli.written", chosen(lang), path=folder), soft_wrap=True)
