"""The page docs/physics.md, made from the docstrings: `python -m drillsim.physics.pages`.

Every public function and class of `drillsim.physics` is listed with its model (the first sentence
of the docstring) and the lines `Range:`, `Source:`, `Verified:` and `Test:` that end it; one that
is missing shows as "not said". Loaders of `drillsim.data` that carry those lines are listed too,
and every data table with the number of its verified and unverified figures.
"""

from __future__ import annotations

import ast
import inspect
import io
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path

from drillsim.yamlio import load

KEYS = ("Range", "Source", "Verified", "Test")
NOT_SAID = "not said"
INTRO = """# Physics: models, ranges, sources, tests

Made from the docstrings by `python -m drillsim.physics.pages > docs/physics.md`; do not edit.
*Verified: yes* means that the source, or a published number, was read and is met by the test named
in the row. *No* means that something of it (said in brackets) comes from memory or judgement; such
figures carry a range, and can be varied within it. Lengths are in metres, times in seconds unless
a name says otherwise.
"""


@dataclass(frozen=True, slots=True)
class Entry:
    """One row of the page: `name`, `model`, and the text of each of `KEYS`."""

    name: str
    model: str
    said: Mapping[str, str]

    @property
    def complete(self) -> bool:
        """Tell whether nothing is left unsaid."""
        return NOT_SAID not in self.said.values()


def said_in(docstring: str) -> dict[str, str]:
    """Give the text after each of `KEYS` in a docstring, with its continuation lines."""
    found: dict[str, list[str]] = {}
    current: str | None = None
    for line in inspect.cleandoc(docstring).split("\n"):
        key = next((key for key in KEYS if line.startswith(f"{key}: ")), None)
        if key is not None:
            current, found[key] = key, [line[len(key) + 2 :].strip()]
        elif current is not None and line.startswith(" "):
            found[current].append(line.strip())
        else:
            current = None
    return {key: " ".join(found[key]) if key in found else NOT_SAID for key in KEYS}


def model_of(docstring: str) -> str:
    """Give the first paragraph of a docstring, on one line."""
    first = inspect.cleandoc(docstring).split("\n\n", 1)[0]
    keys = tuple(f"{key}: " for key in KEYS)
    kept = [line for line in first.split("\n") if not line.startswith(keys)]
    return " ".join(line.strip() for line in kept)


def entries_of(tree: ast.Module) -> list[Entry]:
    """Give the public functions and classes of a parsed module, in the order of the file."""
    return [
        Entry(node.name, model_of(text), said_in(text))
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_")
        for text in [ast.get_docstring(node) or ""]
    ]


@cache
def parsed(package: str) -> Mapping[str, ast.Module]:
    """Give the parsed modules of a package by full name; private ones and this one left out.

    Parsed, not imported: the page needs no SLAB, and one broken module does not hide the rest.
    """
    with as_file(files(package)) as folder:
        return {
            f"{package}.{path.stem}": ast.parse(path.read_text(encoding="utf-8"))
            for path in sorted(Path(folder).glob("*.py"))
            if not path.stem.startswith("_") and path.stem != "pages"
        }


def all_entries() -> dict[str, list[Entry]]:
    """Give the rows of each module: all of physics, and of data what carries the lines."""
    listed = {name: entries_of(tree) for name, tree in parsed("drillsim.physics").items()}
    for name, tree in parsed("drillsim.data").items():
        listed[name] = [e for e in entries_of(tree) if set(e.said.values()) != {NOT_SAID}]
    return {name: rows for name, rows in listed.items() if rows}


def count_figures(node: object) -> tuple[int, int]:
    """Give the numbers of verified and unverified rows anywhere in a parsed YAML tree."""
    yes = no = 0
    if isinstance(node, Mapping):
        for key, value in node.items():
            if str(key).endswith("verified") and isinstance(value, bool):
                yes, no = yes + value, no + (not value)
            else:
                below = count_figures(value)
                yes, no = yes + below[0], no + below[1]
    elif isinstance(node, Sequence) and not isinstance(node, str):
        for value in node:
            below = count_figures(value)
            yes, no = yes + below[0], no + below[1]
    return yes, no


def data_tables() -> list[tuple[str, int, int]]:
    """Give every shipped table: file name, verified and unverified figures."""
    with as_file(files("drillsim.data")) as folder:
        paths = sorted(Path(folder).glob("*.yaml"), key=lambda path: path.name)
        return [(path.name, *count_figures(load(path).data)) for path in paths]


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def page() -> str:
    """Give the whole page as Markdown."""
    out = io.StringIO()
    out.write(INTRO)
    listed = all_entries()
    total = [entry for rows in listed.values() for entry in rows]
    verified = sum(entry.said["Verified"].startswith("yes") for entry in total)
    out.write(f"\n{len(total)} models and records, {verified} of them verified.\n")
    out.write("\n## Data tables\n\n| table | verified figures | unverified, with a range |\n")
    out.write("|---|---|---|\n")
    for name, yes, no in data_tables():
        out.write(f"| `{name}` | {yes} | {no} |\n")
    trees = {**parsed("drillsim.physics"), **parsed("drillsim.data")}
    for name, rows in listed.items():
        about = model_of(ast.get_docstring(trees[name]) or "")
        out.write(f"\n## {name.removeprefix('drillsim.')}\n\n{about}\n\n")
        out.write(
            "| name | model | range | source | verified | test |\n|---|---|---|---|---|---|\n"
        )
        for entry in rows:
            cells = [f"`{entry.name}`", entry.model, *(entry.said[key] for key in KEYS)]
            out.write("| " + " | ".join(_cell(cell) for cell in cells) + " |\n")
    return out.getvalue()


def main() -> None:
    """Write the page to standard output, in UTF-8 with line feeds on every platform."""
    sys.stdout.buffer.write(page().encode("utf-8"))


if __name__ == "__main__":
    main()
