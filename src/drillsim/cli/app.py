"""The commands' common ground: language, errors, exit codes, and pipes that close early."""

from __future__ import annotations

import contextlib
import gc
import json
import os
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from typing import IO, Annotated, Any, Literal, cast

import typer
from rich.console import Console

from drillsim import __version__
from drillsim.errors import InputError
from drillsim.i18n import Lang, catalogue, default_lang, say

catalogue(
    {
        "cli.faults": (
            "输入有 {n} 处错误；未运行，也未写入任何文件：",
            "faults in the input: {n}; nothing was run or written:",
        ),
        "cli.own-fault": (
            "程序自身出错：{error}。请把本信息连同命令报告给开发者；"
            "设环境变量 DRILLSIM_DEBUG=1 可见详情。",
            "this is our own fault: {error}. Please report it together with the command; "
            "with DRILLSIM_DEBUG=1 in the environment it tells more.",
        ),
        "cli.stopped": ("已中止；已完成的结果有效。", "stopped; what is finished can be used."),
        "cli.written": ("已写入 {path}", "wrote {path}"),
    }
)

STOPPED = 130
"""Exit code after Ctrl-C, as shells have it (128 + SIGINT)."""


class PipeConsole(Console):
    """A console that leaves a closed pipe to `guarded`, which ends without a word."""

    def on_broken_pipe(self) -> None:
        """Let the error pass."""
        raise BrokenPipeError


app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    rich_markup_mode="rich",
    help="drillsim - a test bench for emergency plans / 应急预案试验台. [b]EXERCISE 演练/模拟[/b]",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["--help", "-h"]},
)
out = PipeConsole()
err = PipeConsole(stderr=True)

LangOption = Annotated[
    Literal["zh", "en"] | None,
    typer.Option("--lang", help="Language of the output / 输出语言 (default: by locale)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print one JSON object / 输出 JSON.")]


def chosen(lang: str | None) -> Lang:
    """Give the language asked for, else that of the locale."""
    return cast("Lang", lang) if lang else default_lang()


@contextlib.contextmanager
def speaking(lang: str | None) -> Iterator[None]:
    """Make faults and worker processes speak the language asked for, while a command runs."""
    before = os.environ.get("LC_ALL")
    if lang:
        os.environ["LC_ALL"] = {"zh": "zh_CN.UTF-8", "en": "en_US.UTF-8"}[lang]
    try:
        yield
    finally:
        if before is None:
            os.environ.pop("LC_ALL", None)
        else:
            os.environ["LC_ALL"] = before


def print_json(value: Any) -> None:
    """Print one JSON object: strict (no NaN), in UTF-8 when it goes to a file or a pipe."""
    if not sys.stdout.isatty() and hasattr(sys.stdout, "reconfigure"):
        sys.stdout.reconfigure(encoding="utf-8")
    text = json.dumps(value, ensure_ascii=False, indent=2, default=float, allow_nan=False)
    print(text, flush=True)  # a closed pipe shows here, before anything else is said


def refuse(key: str, /, **fields: object) -> typer.Exit:
    """Say what is wrong with an argument and give the exit to raise (code 2)."""
    err.print(say(key, default_lang(), **fields), style="bold red", markup=False, soft_wrap=True)
    return typer.Exit(2)


def tell_faults(error: InputError) -> None:
    """Print every fault on stderr, one a line as `file:line:col: field: message`."""
    title = say("cli.faults", default_lang(), n=len(error.faults))
    err.print(title, style="bold red", highlight=False, soft_wrap=True)
    for fault in error.faults:
        # plain print: paths must stay whole and clickable whatever the width
        print(fault, file=sys.stderr)


def guarded(command: Callable[..., Any]) -> Callable[..., Any]:
    """Turn input faults into exit code 2, our own faults into 3, Ctrl-C into a clean stop."""

    @wraps(command)
    def wrapper(*args: Any, **kwargs: Any) -> Any:
        with speaking(kwargs.get("lang")):
            try:
                return command(*args, **kwargs)
            except InputError as error:
                tell_faults(error)
                raise typer.Exit(2) from error
            except KeyboardInterrupt as error:
                err.print(say("cli.stopped", default_lang()))
                raise typer.Exit(STOPPED) from error
            except BrokenPipeError as error:
                _leave(sys.stdout)
                raise typer.Exit from error
            except (typer.Exit, typer.Abort):
                raise
            except Exception as error:
                if os.environ.get("DRILLSIM_DEBUG"):
                    raise
                what = " ".join(f"{type(error).__name__}: {error}".split())
                err.print(
                    say("cli.own-fault", default_lang(), error=what),
                    style="bold red", markup=False, highlight=False, soft_wrap=True,
                )  # fmt: skip
                raise typer.Exit(3) from error

    return wrapper


def _version(asked: bool) -> None:
    if asked:
        print(f"drillsim {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool,
        typer.Option(
            "--version", callback=_version, is_eager=True, help="Print the version / 版本."
        ),
    ] = False,
) -> None:
    pass


def collect_seldom() -> None:
    """Let the garbage collector come less often: reading plans makes many objects that stay."""
    gc.set_threshold(200_000, 20, 100)


def main() -> None:
    """Run the command line; a reader that closes the pipe (`| head`) ends it without a word."""
    collect_seldom()
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            # a console that lacks a character shows a mark instead of stopping the command
            stream.reconfigure(errors="replace")
    code: int | str | None
    try:
        # importing them registers their commands
        from drillsim.cli import cities, files, runs  # noqa: F401

        app()
        code = 0
    except SystemExit as leave:
        code = leave.code
    except KeyboardInterrupt:
        code = STOPPED
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            _leave(stream)
    sys.exit(code)


def _leave(stream: IO[str]) -> None:
    """Let what is still to be printed go nowhere: its reader has left."""
    with contextlib.suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())
