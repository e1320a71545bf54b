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
from drillsim.cli.findings import (
    SetChecked,
    as_sarif,
    check_sets,
    offer_repairs,
    print_findings,
)
from drillsim.cli.findings import as_json as findings_json
from drillsim.cli.kinds import KINDS, check_path, sets_of
from drillsim.cli.shipped import scenario_path
from drillsim.errors import Fault, InputError
from drillsim.i18n import Lang, catalogue, say

catalogue(
    {
        "check.good": ("无错误：{what}", "no faults: {what}"),
        "check.faulty": (
            "格式与引用有错，未核对衔接",
            "schema or references are wrong, so linkage was not checked",
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
        Literal["text", "json", "sarif"],
        typer.Option("--format", help="Form of the output / 输出格式."),
    ] = "text",
    fail_on: Annotated[
        Literal["critical", "high", "medium", "low", "never"],
        typer.Option(help="Exit with 1 for findings of at least this severity / 何时以1退出."),
    ] = "never",
    fix: Annotated[
        bool,
        typer.Option(
            "--fix", help="Offer safe edits as a diff, each file asked for / 逐个确认修改."
        ),
    ] = False,
    as_json: JsonOption = False,
    lang: LangOption = None,
) -> None:
    """Check a scenario, a plan set, a city, or a file: schema, references, linkage / 核对.

    A file of a plan set is checked with its whole set; a folder with a city, with all in it.

    Example: [b]drillsim check scenarios/longcheng/plans/2024 --fail-on critical[/b]
    """
    language = chosen(lang)
    target = Path(path) if Path(path).exists() else scenario_path(path)
    as_json = as_json or form == "json"
    try:
        lines = check_path(target, language)
    except InputError as error:
        if not as_json:
            raise
        print_json(_found(error.faults, (), language))
        raise typer.Exit(2) from error
    done = check_sets(target, *sets_of(target, language))
    if as_json:
        print_json(_found((), done, language))
    elif form == "sarif":
        print_json(as_sarif(done, language))
    else:
        for line in lines:
            out.print(say("check.good", language, what=line), style="green", soft_wrap=True)
        print_findings(done, language)
        if fix:
            offer_repairs(done, target, language)
    if fail_on != "never" and any(one.checked.at_least(fail_on) for one in done):
        raise typer.Exit(1)


def _found(faults: Sequence[Fault], done: Sequence[SetChecked], lang: Lang) -> dict[str, Any]:
    """Give the object of `check --format json`."""
    found = findings_json(done, lang)
    if faults:
        reason = say("check.faulty", lang)
        found["skipped"] = [{"rule": "static-linkage", "reason": reason}]
    return {
        "faults": [asdict(fault) for fault in faults],
        **found,
        "counts": {"faults": len(faults), **found["counts"]},
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
