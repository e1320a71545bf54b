"""The commands' common ground: language, errors and exit codes."""

from __future__ import annotations

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import Annotated, Any, Literal, cast

import typer
from rich.console import Console

from drillsim.errors import InputError
from drillsim.i18n import Lang, catalogue, default_lang, say

catalogue(
    {
        "cli.faults": ("输入有 {n} 处错误，未运行：", "the input has {n} faults, nothing was run:"),
        "cli.own-fault": (
            "程序自身出错：{error}。请把本信息连同命令报告给开发者。",
            "this is our own fault: {error}. Please report it together with the command.",
        ),
        "cli.stopped": ("已中止；已完成的结果有效。", "stopped; what is finished can be used."),
        "cli.no-scenario": (
            "没有这样的情景：{name}；内置情景：{known}",
            "there is no such scenario: {name}; shipped ones: {known}",
        ),
        "cli.running": ("推演中", "running"),
        "cli.written": ("已写入 {path}", "wrote {path}"),
    }
)

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="drillsim - a test bench for emergency plans / 应急预案试验台. [b]EXERCISE 演练/模拟[/b]",
    pretty_exceptions_enable=False,
)
out = Console()
err = Console(stderr=True)

LangOption = Annotated[
    Literal["zh", "en"] | None,
    typer.Option("--lang", help="Language of the output / 输出语言 (default: by locale)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object / 输出 JSON.")]


def chosen(lang: str | None) -> Lang:
    """Give the language asked for, else that of the locale."""
    return cast("Lang", lang) if lang else default_lang()


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn input faults into exit code 2, our own faults into 3, Ctrl-C into a clean stop."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        try:
            return command(*args, **kwargs)
        except InputError as error:
            lang = default_lang()
            err.print(
                say("cli.faults", lang, n=len(error.faults)), style="bold red", highlight=False
            )
            for fault in error.faults:
                # plain print: paths must stay whole and clickable whatever the width
                print(fault, file=sys.stderr)
            raise typer.Exit(2) from error
        except KeyboardInterrupt as error:
            err.print(say("cli.stopped", default_lang()))
            raise typer.Exit(130) from error
        except (typer.Exit, typer.Abort):
            raise
        except Exception as error:
            if "--debug" in sys.argv:
                raise
            err.print(
                say("cli.own-fault", default_lang(), error=f"{type(error).__name__}: {error}"),
                style="bold red",
                markup=False,
            )
            raise typer.Exit(3) from error

    return wrapper


def shipped_folder() -> Path:
    """Give the folder of the shipped scenarios: in the wheel, or beside the sources."""
    inside = Path(__file__).resolve().parents[1] / "scenarios"
    return inside if inside.is_dir() else Path(__file__).resolve().parents[3] / "scenarios"


def shipped_scenarios() -> dict[str, Path]:
    """Give the shipped scenario files by id."""
    found = sorted(shipped_folder().glob("*/*.yaml"))
    return {p.stem: p for p in found if p.stem not in {"city", "yardstick", "mends"}}


def scenario_path(name: str) -> Path:
    """Give the file of a scenario named by path or shipped id; exits with 2 if there is none."""
    path = Path(name)
    if path.suffix in {".yaml", ".yml"} or path.exists():
        return path
    known = shipped_scenarios()
    if name in known:
        return known[name]
    err.print(
        say("cli.no-scenario", default_lang(), name=name, known=", ".join(known)), style="bold red"
    )
    raise typer.Exit(2)


def plans_folder(name: str | None, scenario: Path) -> Path | None:
    """Give the plan set folder named by path or by the name of a set beside the scenario."""
    if name is None:
        return None
    beside = scenario.parent / "plans" / name
    return beside if beside.is_dir() and not Path(name).is_dir() else Path(name)


def main() -> None:
    """Run the command line."""
    # importing them registers their commands
    from drillsim.cli import files, runs  # noqa: F401

    app()
