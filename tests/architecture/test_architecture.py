"""The shape of the code: floors, closed tables, two languages, sizes, nothing local."""

from __future__ import annotations

import ast
import importlib
import pkgutil
import re
import string
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import get_args

import pytest

import drillsim
from drillsim.city.facilities import FACILITY_KINDS
from drillsim.city.model import read_city
from drillsim.city.road_classes import CLASS_IDS
from drillsim.engine.actions import ACTIONS
from drillsim.engine.behaviour import VARIANTS, Behaviour, Variant
from drillsim.hazards import HAZARDS
from drillsim.i18n import messages
from drillsim.log.events import KINDS
from drillsim.plans import model
from drillsim.plans.facts import FACTS
from drillsim.plans.planset import read_plan_set
from drillsim.scenario import ScenarioFile

ROOT = Path(__file__).resolve().parents[2]
SRC = ROOT / "src" / "drillsim"
FILES = sorted(SRC.rglob("*.py"))
MAX_LINES, MAX_FUNCTION_LINES = 400, 60


def name_of(path: Path) -> str:
    return path.relative_to(SRC).as_posix()


@cache
def tree_of(path: Path) -> ast.Module:
    return ast.parse(path.read_text("utf-8"))


# --- floors --------------------------------------------------------------------------------------


def floors() -> list[set[str]]:
    """Give the floors of pyproject.toml, the highest first."""
    config = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    (contract,) = [c for c in config["tool"]["importlinter"]["contracts"] if c["type"] == "layers"]
    assert contract["exhaustive"] is True
    return [{part.strip("() ") for part in layer.split("|")} for layer in contract["layers"]]


def imports(path: Path) -> Iterator[str]:
    """Give every module that a file imports, at any depth; type-only imports too."""
    for node in ast.walk(tree_of(path)):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name_of(path)}:{node.lineno}: relative import"
            base = node.module or ""
            yield base
            yield from (f"{base}.{alias.name}" for alias in node.names)


def floor_of(module: str) -> str:
    return module.split(".")[1]


def test_every_module_stands_on_a_floor() -> None:
    known = set().union(*floors())
    here = {p.stem if p.parent == SRC else p.relative_to(SRC).parts[0] for p in FILES}
    assert here - {"__init__", "__main__"} <= known


def test_imports_go_down_only() -> None:
    level = {name: n for n, layer in enumerate(floors()) for name in layer}
    wrong = []
    for path in FILES:
        mine = path.stem if path.parent == SRC else path.relative_to(SRC).parts[0]
        if mine in {"__init__", "__main__"}:
            continue
        for module in imports(path):
            if not module.startswith("drillsim.") or module == "drillsim.__version__":
                continue
            other = floor_of(module)
            if other != mine and level[other] <= level[mine]:
                wrong.append(f"{name_of(path)} imports {module}")
    assert wrong == []


def test_nobody_inside_imports_the_root_package() -> None:
    inside = [p for p in FILES if p.parent != SRC or p.stem not in {"__init__", "__main__"}]
    wrong = [
        name_of(path)
        for path in inside
        for node in ast.walk(tree_of(path))
        if (isinstance(node, ast.Import) and any(a.name == "drillsim" for a in node.names))
        or (isinstance(node, ast.ImportFrom) and node.module == "drillsim")
    ]
    # a submodule that is named this way, and the command line that tells the version
    allowed = {"hazards/weather.py", "cli/app.py"}
    assert set(wrong) <= allowed


def test_simpy_is_the_engines_alone() -> None:
    users = {name_of(p).split("/")[0] for p in FILES if "simpy" in set(imports(p))}
    assert users == {"engine"}


def test_no_drawer_for_everything() -> None:
    names = {p.stem for p in FILES} | {p.parent.name for p in FILES}
    assert not names & {"utils", "util", "helpers", "common", "manager", "base", "misc"}


# --- sizes ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", FILES, ids=name_of)
def test_files_and_functions_fit(path: Path) -> None:
    assert len(path.read_text("utf-8").splitlines()) <= MAX_LINES
    long = [
        f"{node.name} ({node.end_lineno - node.lineno + 1} lines)"
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno + 1 > MAX_FUNCTION_LINES
    ]
    assert long == []


# progress bars and the date of a print may look at the clock
ABOVE = {"cli", "report", "experiments"}
REPEATABLE = [p for p in FILES if name_of(p).split("/")[0].removesuffix(".py") not in ABOVE]


@pytest.mark.parametrize("path", REPEATABLE, ids=name_of)
def test_nothing_depends_on_wall_time_or_hash(path: Path) -> None:
    """Runs repeat exactly: no `hash()`, no `random`, no clock in what a run reads."""
    used = set(imports(path))
    assert not used & {"random", "time", "uuid", "secrets"}
    calls = {
        node.func.id
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name)
    }
    assert not calls & {"hash", "eval", "exec"}
    now = {
        node.attr
        for node in ast.walk(tree_of(path))
        if isinstance(node, ast.Attribute) and node.attr in {"today", "utcnow"}
    }
    assert not now


# --- closed tables -------------------------------------------------------------------------------


def test_every_verb_has_an_action() -> None:
    assert set(ACTIONS) == set(get_args(model.Verb))
    assert len(set(get_args(model.Verb))) == len(get_args(model.Verb))


def test_every_variant_is_told() -> None:
    assert set(VARIANTS) == set(get_args(Variant))
    assert len(set(VARIANTS.values())) == len(VARIANTS), "two variants assume the same"
    assert all(isinstance(v, Behaviour) for v in VARIANTS.values())


def test_every_family_has_a_hazard() -> None:
    assert set(HAZARDS) == set(get_args(ScenarioFile.model_fields["family"].annotation))


def test_every_section_is_a_field_of_the_file() -> None:
    fields = set(model.PlanFile.model_fields)
    assert set(model.SECTIONS) <= fields
    apart = {"covers", "plan", "of", "contacts", "remove", "organisations", "resources"}
    assert fields - set(model.SECTIONS) == apart


def noted() -> Iterator[tuple[str, str]]:
    """Give (file, kind) of every `note("kind", ...)` written in the engine."""
    for path in FILES:
        for node in ast.walk(tree_of(path)):
            if (
                isinstance(node, ast.Call)
                and isinstance(node.func, ast.Attribute)
                and node.func.attr == "note"
            ):
                first = node.args[0]
                if isinstance(first, ast.Constant):
                    yield name_of(path), str(first.value)


def test_every_fact_has_a_kind_and_every_kind_a_fact() -> None:
    found = {kind for _, kind in noted()} | {"task-done", "task-failed"}
    assert found <= set(KINDS)
    assert set(KINDS) - found == set()


def test_concepts_tell_every_kind() -> None:
    told = (ROOT / "docs" / "concepts.md").read_text("utf-8")
    rows = " ".join(line.split("|")[1] for line in told.splitlines() if line.startswith("| "))
    assert {kind for kind in KINDS if kind not in re.split(r"[\s,]+", rows)} == set()


def test_facts_are_named_by_their_id() -> None:
    assert all(fact.id == key for key, fact in FACTS.items())


# --- two languages -------------------------------------------------------------------------------


def all_modules() -> Iterator[str]:
    for info in pkgutil.walk_packages(drillsim.__path__, "drillsim."):
        if not info.name.endswith("__main__"):
            yield info.name


def fields_of(template: str) -> list[str]:
    return sorted({name for _, name, _, _ in string.Formatter().parse(template) if name})


def test_the_catalogue_speaks_both_languages() -> None:
    for name in all_modules():
        importlib.import_module(name)
    han = re.compile(r"[\u4e00-\u9fff]")
    assert len(messages()) > 50
    for key, (zh, en) in messages().items():
        assert zh.strip() or not en.strip(), key
        assert en.strip() or not zh.strip(), key
        assert fields_of(zh) == fields_of(en), f"{key}: {fields_of(zh)} and {fields_of(en)}"
        assert not han.search(en), f"{key}: Chinese in the English sentence"


def test_names_of_tables_speak_both_languages() -> None:
    texts = [*KINDS.values(), *FACILITY_KINDS.values(), *(fact.name for fact in FACTS.values())]
    assert all(t.zh.strip() and t.en.strip() for t in texts)
    assert all(re.search(r"[\u4e00-\u9fff]", t.zh) for t in texts)


# --- nothing knows the shipped city --------------------------------------------------------------

# An example sentence of the condition language may name a plant and a plan.
EXAMPLES = {"plans/conditions.py": {"huacheng", "p12"}}


def city_names() -> set[str]:
    """Give every id of the shipped city that is not also an ordinary word of the trade."""
    folder = ROOT / "scenarios" / "longcheng"
    names = set(read_city(folder).facilities)
    for planset in sorted(folder.glob("plans/*/planset.yaml")):
        plan_set = read_plan_set(planset.parent)
        names |= {*plan_set.plans, *plan_set.organisations, *plan_set.resources}
        names |= {a for a in plan_set.addresses() if "/" in a}
        names |= {f"{p}/{e.id}" for p, plan in plan_set.plans.items() for _, e in plan.elements()}
    words = {word for kind in FACILITY_KINDS for word in (kind, *kind.split("-"))}
    trade = words | set(CLASS_IDS) | set(get_args(model.Tier)) | {"buses"}
    return names - trade


def strings(path: Path) -> Iterator[tuple[int, str]]:
    """Give every string of a file that is not a docstring."""
    tree = tree_of(path)
    docs = {
        id(node.body[0].value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef)
        and node.body
        and isinstance(node.body[0], ast.Expr)
    }
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docs:
            yield node.lineno, node.value


def test_no_code_knows_a_plan_or_a_body_of_the_city() -> None:
    """Departments and enterprises are data: no id of the shipped city stands in the code."""
    names = city_names()
    assert {"huacheng", "fire-119", "p13", "p13/n04"} <= names
    word = re.compile(r"[a-z0-9][a-z0-9-]*(?:/[a-z0-9][a-z0-9-]*)?")
    found = [
        f"{name_of(path)}:{line}: {token}"
        for path in FILES
        for line, value in strings(path)
        for token in word.findall(value)
        if token in names - EXAMPLES.get(name_of(path), set())
    ]
    assert found == []


# --- nothing local in the files ------------------------------------------------------------------

TEXT = {".py", ".md", ".yaml", ".toml", ".txt", ".j2", ".ipynb", ".csv", ".cfg", ""}
FOLDERS = ("src", "tests", "docs", "scenarios", "benchmarks", "notebooks", ".ci")
# written apart, so that this file does not contain what it looks for
LOCAL = re.compile(
    "|".join(
        [
            r"(?<![\w.])/" + r"(?:work|home|root|Users|tmp)/\w",
            r"[A-Z]:\\" + r"Users\\",
            r"py" + r"pi\.(?:org|tuna|doubanio)", "python" + r"hosted\.org",
            "arti" + "factory", r"\bne" + r"xus\.", r"(?:https?://)(?:localhost|127\.0|10\.\d|192\.168)",
            r"mirrors?\.(?:aliyun|tuna|ustc|tencent|cloud)",
        ]
    )
)  # fmt: skip


def tracked() -> list[Path]:
    """Give the text files of the repository."""
    files = [p for p in ROOT.iterdir() if p.is_file()]
    for folder in FOLDERS:
        files += [p for p in (ROOT / folder).rglob("*") if p.is_file()]
    return sorted(
        p for p in files
        if p.suffix in TEXT and "__pycache__" not in p.parts and p.name != ".coverage"
    )  # fmt: skip


def test_no_machine_path_and_no_registry_is_named() -> None:
    assert LOCAL.search("see /" + "home/me/x")
    assert LOCAL.search("index-url = https://py" + "pi.org/simple")
    found = []
    for path in tracked():
        for n, line in enumerate(path.read_text("utf-8", errors="replace").splitlines(), 1):
            if match := LOCAL.search(line):
                found.append(f"{path.relative_to(ROOT)}:{n}: {match.group()}")
    assert found == []
