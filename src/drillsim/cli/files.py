"""`check` and `schema`: look at files without running a drill."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any, Literal

import typer

from drillsim.cli.app import (
    JsonOption,
    LangOption,
    app,
    chosen,
    guarded,
    out,
    print_json,
)
from drillsim.cli.kinds import KINDS, check_path
from drillsim.cli.shipped import scenario_path
from drillsim.errors import Fault, InputError
from drillsim.i18n import Lang, catalogue, say

catalogue(
    {
        "check.good": ("无错误：{what}", "no faults: {what}"),
        "check.scope": (
            "本版检查格式与引用；静态衔接规则将在后续版本提供。",
            "this release checks schema and references; static linkage rules come later.",
        ),
    }
)


@app.command()
@guarded
def check(
    path: Annotated[
        str,
        typer.Argument(help="Scenario (file or shipped id), plan set folder, or one file / 路径."),
    ],
    form: Annotated[
        Literal["text", "json"], typer.Option("--format", help="Form of the output / 输出格式.")
    ] = "text",
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Check a scenario, a plan set, a city, or a file: schema and references / 核对.

    A file of a plan set is checked with its whole set; a folder with a city, with all in it.

    Example: [b]drillsim check scenarios/longcheng/plans/2024[/b]
    """
    language = chosen(lang)
    target = Path(path) if Path(path).exists() else scenario_path(path)
    as_json = as_json or form == "json"
    try:
        lines = check_path(target, language)
    except InputError as error:
        if not as_json:
            raise
        print_json(_found(error.faults, language))
        raise typer.Exit(2) from error
    if as_json:
        print_json(_found((), language))
        return
    for line in lines:
        out.print(say("check.good", language, what=line), style="green", soft_wrap=True)
    out.print(say("check.scope", language), style="dim", soft_wrap=True)


def _found(faults: Sequence[Fault], lang: Lang) -> dict[str, Any]:
    """Give the object of `check --format json`: no findings yet, and why."""
    counts = {"faults": len(faults), "critical": 0, "high": 0, "medium": 0, "low": 0}
    skipped = [{"rule": "static-linkage", "reason": say("check.scope", lang)}]
    return {
        "faults": [asdict(fault) for fault in faults],
        "findings": [],
        "skipped": skipped,
        "counts": counts,
    }


@app.command()
@guarded
def schema(
    what: Annotated[
        Literal["scenario", "plan", "planset", "city", "yardstick", "decisions"],
        typer.Argument(help="Kind of file; `plan` also has organisations, resources / 文件种类."),
    ] = "plan",
    lang: LangOption = None,  # noqa: ARG001 - for `guarded`; a schema speaks English
) -> None:
    """Print the JSON Schema of a kind of file, for editors / 输出 JSON Schema.

    Example: [b]drillsim schema plan > plan.schema.json[/b]
    """
    found = KINDS[what].model_json_schema(by_alias=True)
    print_json({"$schema": "https://json-schema.org/draft/2020-12/schema", **found})
