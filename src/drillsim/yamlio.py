"""YAML 1.2 files into frozen models, with every fault at its line and column."""

from __future__ import annotations

import hashlib
import io
import json
import re
import types
import typing
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Annotated, Any, TypeVar

from pydantic import BaseModel, ConfigDict, StringConstraints, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap, CommentedSeq
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.events import AliasEvent

from drillsim.errors import Fault, InputError, unknown_field
from drillsim.i18n import catalogue, default_lang, say

catalogue(
    {
        "yaml.missing": ("文件不存在", "there is no such file"),
        "yaml.folder": ("这是文件夹，应为文件", "this is a folder, a file is expected"),
        "yaml.empty": ("文件是空的；应含键：{keys}", "the file is empty; expected keys: {keys}"),
        "yaml.binary": (
            "不是 UTF-8 文本（第 {offset} 字节起）",
            "this is not UTF-8 text (from byte {offset})",
        ),
        "yaml.control": ("含不可见控制字符", "contains a control character"),
        "yaml.long-line": (
            "该行有 {length} 个字符，超过上限 {limit}",
            "the line has {length} characters, the limit is {limit}",
        ),
        "yaml.big": ("文件 {size} 字节，超过上限 {limit}", "{size} bytes, the limit is {limit}"),
        "yaml.alias": (
            "不允许使用 YAML 锚点与别名；请写全内容",
            "YAML anchors and aliases are not allowed; write the value out",
        ),
        "yaml.depth": ("嵌套过深", "nested too deeply"),
        "yaml.not-map": ("应为“键: 值”结构", "expected `key: value` lines"),
        "yaml.duplicate": ("键 {key!r} 重复", "the key {key!r} occurs twice"),
        "yaml.required": ("缺少必填字段", "this field is required"),
    }
)

MAX_BYTES = 16_000_000
MAX_LINE = 20_000
MAX_DEPTH = 60
_BRACKETS = re.compile(r"[\[\]{}]")

Id = Annotated[str, StringConstraints(pattern=r"^[a-z0-9][a-z0-9-]*$", max_length=64)]
M = TypeVar("M", bound=BaseModel)
Path_ = tuple[str | int, ...]


class Model(BaseModel):
    """A frozen definition; unknown keys are refused."""

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=False)

    def digest(self) -> str:
        """Give the hash of the content, independent of key order and of where it was read."""
        return digest_of(self.model_dump(mode="json"))


def digest_of(value: object) -> str:
    """Give the SHA-256 of a JSON-like value in canonical form (first 32 hex digits)."""
    canonical = json.dumps(value, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(canonical.encode()).hexdigest()[:32]


class Source:
    """A parsed YAML file: plain data plus the position of every value."""

    def __init__(self, file: str, data: Any) -> None:
        """Wrap the ruamel tree of one file."""
        self.file = file
        self.data = data

    def place(self, loc: Sequence[str | int], key: bool = False) -> tuple[int, int]:
        """Give line and column (from 1) of the value at `loc`, or of its nearest parent."""
        node, line, col = self.data, 1, 1
        for depth, step in enumerate(loc):
            last = depth == len(loc) - 1
            try:
                if isinstance(node, CommentedMap):
                    where = node.lc.key(step) if (key and last) else node.lc.value(step)
                elif isinstance(node, CommentedSeq):
                    where = node.lc.item(step)
                else:
                    break
                node = node[step]
            except (KeyError, IndexError, TypeError, AttributeError):
                break
            line, col = where[0] + 1, where[1] + 1
        return line, col

    def fault(self, loc: Sequence[str | int], message: str, key: bool = False) -> Fault:
        """Make a fault at a place of this file."""
        line, col = self.place(loc, key)
        return Fault(self.file, line, col, dotted(loc), message)


def dotted(loc: Sequence[str | int]) -> str:
    """Print a location as `tasks[1].duration`."""
    out = ""
    for step in loc:
        out += f"[{step}]" if isinstance(step, int) else (f".{step}" if out else str(step))
    return out


def load(path: Path, shown: str | None = None) -> Source:
    """Read a YAML 1.2 file into a `Source`; hostile files end in `InputError`, not in a hang."""
    file = shown or str(path)
    lang = default_lang()

    def refuse(key: str, line: int = 1, col: int = 1, **fields: object) -> InputError:
        return InputError([Fault(file, line, col, "", say(key, lang, **fields))])

    if path.is_dir():
        raise refuse("yaml.folder")
    try:
        size = path.stat().st_size
        if size > MAX_BYTES:
            raise refuse("yaml.big", size=size, limit=MAX_BYTES)
        raw = path.read_bytes()
    except OSError as error:
        raise refuse("yaml.missing") from error
    try:
        content = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise refuse("yaml.binary", offset=error.start) from error
    long_lines = [
        Fault(file, n, 1, "", say("yaml.long-line", lang, length=len(line), limit=MAX_LINE))
        for n, line in enumerate(content.split("\n"), 1)
        if len(line) > MAX_LINE
    ]
    if long_lines:
        raise InputError(long_lines)
    for n, line in enumerate(content.split("\n"), 1):
        if any(ord(c) < 32 and c not in "\t\r" for c in line):
            raise refuse("yaml.control", n)
    data = _parse(content, file)
    if data is None:
        return Source(file, CommentedMap())
    if not isinstance(data, CommentedMap):
        raise refuse("yaml.not-map")
    return Source(file, data)


def _needs_a_look(content: str) -> bool:
    """Tell whether a file could hold anchors or deep nesting at all; plain plans never do."""
    if "&" in content or "*" in content:
        return True
    if any(line.startswith(" " * MAX_DEPTH) for line in content.split("\n")):
        return True
    depth = 0
    for bracket in _BRACKETS.findall(content):
        depth = depth + 1 if bracket in "[{" else max(depth - 1, 0)
        if depth > MAX_DEPTH:
            return True
    return False


def _refuse_tricks(content: str, file: str) -> None:
    """Walk the events once: no aliases, no anchors, no nesting beyond the limit."""
    lang = default_lang()
    depth = 0
    for event in YAML(typ="rt", pure=True).parse(io.StringIO(content)):
        mark = event.start_mark
        name = type(event).__name__
        if isinstance(event, AliasEvent) or getattr(event, "anchor", None):
            raise InputError(
                [Fault(file, mark.line + 1, mark.column + 1, "", say("yaml.alias", lang))]
            )
        depth += name.endswith("StartEvent") - name.endswith("EndEvent")
        if depth > MAX_DEPTH:
            raise InputError([Fault(file, mark.line + 1, 1, "", say("yaml.depth", lang))])


def _parse(content: str, file: str) -> Any:
    lang = default_lang()
    try:
        if _needs_a_look(content):
            _refuse_tricks(content, file)
        return YAML(typ="rt", pure=True).load(content)
    except MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line, col = (mark.line + 1, mark.column + 1) if mark else (1, 1)
        problem = (error.problem or str(error)).strip().splitlines()[0]
        if type(error).__name__ == "DuplicateKeyError":
            key = problem.split('"')[1] if '"' in problem else problem
            problem = say("yaml.duplicate", lang, key=key)
        raise InputError([Fault(file, line, col, "", f"yaml: {problem}")]) from error
    except (YAMLError, RecursionError, ValueError) as error:
        raise InputError([Fault(file, 1, 1, "", f"yaml: {error}".splitlines()[0])]) from error


def read_yaml(path: Path, model: type[M], shown: str | None = None) -> M:
    """Read one file into a model. Raises InputError carrying every fault of the file."""
    return validate(load(path, shown), model)


def validate(source: Source, model: type[M]) -> M:
    """Check a parsed file against a model. Raises InputError carrying every fault."""
    if not source.data:
        keys = ", ".join(model.model_fields)
        message = say("yaml.empty", default_lang(), keys=keys)
        raise InputError([Fault(source.file, 1, 1, "", message)])
    try:
        return model.model_validate(plain(source.data))
    except ValidationError as error:
        raise InputError(_faults(error, source, model)) from error


def plain(node: Any) -> Any:
    """Strip ruamel's position types: dicts, lists and scalars only."""
    if isinstance(node, Mapping):
        return {str(k): plain(v) for k, v in node.items()}
    if isinstance(node, list | tuple):
        return [plain(v) for v in node]
    if isinstance(node, bool) or node is None:
        return node
    for kind in (int, float, str):
        if isinstance(node, kind):
            return kind(node)
    return node


def _faults(error: ValidationError, source: Source, model: type[BaseModel]) -> list[Fault]:
    lang = default_lang()
    faults = []
    for item in error.errors(include_url=False):
        loc = _real_path(item["loc"], source.data)
        kind, message = item["type"], item["msg"]
        if kind == "extra_forbidden":
            allowed = _fields_at(model, item["loc"][:-1])
            faults.append(source.fault(loc, unknown_field(str(loc[-1]), allowed), key=True))
            continue
        if kind == "missing":
            faults.append(source.fault(loc[:-1], say("yaml.required", lang)))
            last = faults.pop()
            faults.append(Fault(last.file, last.line, last.col, dotted(loc), last.message))
            continue
        if kind == "value_error":
            message = str(item.get("ctx", {}).get("error", message))
        faults.append(source.fault(loc, message))
    return faults


def _real_path(loc: Sequence[str | int], data: Any) -> Path_:
    """Drop the steps pydantic adds for union members and discriminators."""
    out: list[str | int] = []
    node = data
    for index, step in enumerate(loc):
        last = index == len(loc) - 1
        if isinstance(node, Mapping) and (step in node or last):
            out.append(step)
            node = node.get(step) if isinstance(step, str) else None
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            out.append(step)
            node = node[step]
    return tuple(out) or tuple(loc)


def _fields_at(model: type[BaseModel], loc: Sequence[str | int]) -> list[str]:
    """Give the field names allowed at a location, following nested models."""
    kinds: list[Any] = [model]
    for step in loc:
        following: list[Any] = []
        for kind in kinds:
            if isinstance(kind, type) and issubclass(kind, BaseModel):
                field = kind.model_fields.get(str(step))
                if field is not None:
                    following += _models_in(field.annotation)
                elif kind.__name__ == step:
                    following.append(kind)
        kinds = following or kinds
    return [name for kind in kinds for name in getattr(kind, "model_fields", {})]


def _models_in(annotation: Any) -> list[Any]:
    """List the model classes inside an annotation (unions, containers, Annotated)."""
    if isinstance(annotation, type) and not isinstance(annotation, types.GenericAlias):
        return [annotation] if issubclass(annotation, BaseModel) else []
    return [m for part in typing.get_args(annotation) for m in _models_in(part)]
