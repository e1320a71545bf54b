import re
from pathlib import Path

import pytest

from drillsim.physics import pages

ROOT = Path(__file__).resolve().parents[2]
ENTRIES = [(name, entry) for name, rows in pages.all_entries().items() for entry in rows]


def test_the_page_is_what_the_docstrings_say():
    stored = (ROOT / "docs" / "physics.md").read_text(encoding="utf-8")
    assert stored == pages.page(), "run: python -m drillsim.physics.pages > docs/physics.md"


@pytest.mark.parametrize(("module", "entry"), ENTRIES, ids=[f"{m}.{e.name}" for m, e in ENTRIES])
def test_every_row_is_complete(module, entry):
    unsaid = [key for key, text in entry.said.items() if text == pages.NOT_SAID]
    assert not unsaid, f"{module}.{entry.name} does not say: {', '.join(unsaid)}"
    assert entry.model.endswith("."), f"{module}.{entry.name}: the model is no sentence"
    assert re.match(r"(yes|no)\b", entry.said["Verified"]), entry.said["Verified"]
    if entry.said["Verified"].startswith("no"):
        assert "(" in entry.said["Verified"], f"{module}.{entry.name}: unverified, but why?"
    named = re.findall(r"tests/[\w/]+\.py", entry.said["Test"])
    assert named, f"{module}.{entry.name} names no test file"
    for path in named:
        assert (ROOT / path).is_file(), f"{module}.{entry.name}: there is no {path}"


@pytest.mark.parametrize("module", sorted({module for module, _ in ENTRIES}))
def test_the_named_test_uses_the_module(module):
    rows = [entry for name, entry in ENTRIES if name == module]
    named = {path for e in rows for path in re.findall(r"tests/[\w/]+\.py", e.said["Test"])}
    short = module.rsplit(".", 1)[1]
    texts = [(ROOT / path).read_text(encoding="utf-8") for path in sorted(named)]
    direct = any(re.search(rf"\b{short}\b", text) for text in texts)
    by_name = any(re.search(rf"\b{e.name}\b", text) for text in texts for e in rows)
    # warnings of the tested ranges are met where they are shown, in the hazard built on them
    assert direct or by_name or module == "drillsim.physics.ranges"


def test_lines_are_read_with_their_continuation():
    text = """Give a thing.

    More about it: Source: in the middle does not count.

    Range: 1 to 2
    Source: somebody (1900),
        second line
    Verified: no (memory)
    """
    said = pages.said_in(text)
    assert said["Range"] == "1 to 2"
    assert said["Source"] == "somebody (1900), second line"
    assert said["Verified"] == "no (memory)"
    assert said["Test"] == "not said"
    assert pages.model_of(text) == "Give a thing."
    assert not pages.Entry("f", "Give.", said).complete


def test_figures_are_counted():
    tree = {"a": {"verified": True}, "b": [{"verified": False}, {"tags_verified": True}], "c": 1}
    assert pages.count_figures(tree) == (2, 1)
    tables = {name: (yes, no) for name, yes, no in pages.data_tables()}
    assert tables["transport.yaml"][0] > 0
    assert tables["human.yaml"][1] > 0


def test_the_page_lists_physics_and_not_itself():
    modules = set(pages.all_entries())
    assert "drillsim.physics.pool" in modules
    assert "drillsim.data.transport" in modules
    assert "drillsim.physics.pages" not in modules
    assert pages.page().count("\r") == 0
