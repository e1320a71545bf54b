"""A new generated city from the specification of another one: same geography, other streets."""

from __future__ import annotations

import re
from pathlib import Path

from drillsim.city.model import City, read_city
from drillsim.errors import Fault, InputError
from drillsim.i18n import catalogue, default_lang, say

catalogue(
    {
        "template.seed": (
            "模板没有 network.seed：只有生成的城市才能换种子",
            "the template has no network.seed: only a generated city takes another seed",
        ),
        "template.exists": (
            "文件夹中已有城市；请换一个文件夹",
            "the folder already holds a city; choose another folder",
        ),
    }
)

_SEED = re.compile(r"^(\s+seed:\s*)\d+", re.MULTILINE)
_ID = re.compile(r"^id:\s*\S+", re.MULTILINE)


def generate_city(template: Path, out: Path, seed: int, city_id: str | None = None) -> City:
    """Write a city.yaml with another seed beside its template's geography, and read it back.

    `template` is a city.yaml or its folder; facilities keep their coordinates and meet the new
    streets. `seed` >= 0. Raises InputError when the template is no generated city, when `out`
    already holds a city, or when the result does not read.
    """
    path = template / "city.yaml" if template.is_dir() else template
    target = out / "city.yaml"
    if target.exists():
        raise InputError([Fault(str(target), 1, 1, "", say("template.exists", default_lang()))])
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        message = say("yaml.missing", default_lang())
        raise InputError([Fault(str(path), 1, 1, "", message)]) from error
    changed, count = _SEED.subn(rf"\g<1>{seed}", text, count=1)
    if not count:
        message = say("template.seed", default_lang())
        raise InputError([Fault(str(path), 1, 1, "network.seed", message)])
    changed = _ID.sub(f"id: {city_id or f'city-{seed}'}", changed, count=1)
    out.mkdir(parents=True, exist_ok=True)
    target.write_text(changed, encoding="utf-8", newline="\n")
    return read_city(out)
