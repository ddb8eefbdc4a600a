"""Documents as files: YAML, JSON, JSON Lines, and Markdown with front matter for methods.

Reading names file, line and field of every problem. Writing is canonical: a document that was read
and not changed is written byte for byte as it is written anywhere else.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from io import BytesIO
from pathlib import PurePath
from typing import Any

import yaml
from pydantic import ValidationError
from yaml.events import (
    AliasEvent,
    MappingEndEvent,
    MappingStartEvent,
    ScalarEvent,
    SequenceEndEvent,
    StreamEndEvent,
)

from service.domain.entries import DOCUMENT, Document
from service.domain.errors import PROBLEMS_SHOWN, InvalidDocuments, Problem
from service.domain.methods import Method
from service.domain.values import SECTION_PATTERN

Path = tuple[str | int, ...]

FILE_LIMIT_BYTES = 4_000_000
_DEPTH_LIMIT = 40
_LANGUAGES = {"zh-Hans": "zh_hans", "zh-Hant": "zh_hant", "en": "en"}
_SECTION = re.compile(SECTION_PATTERN, re.MULTILINE)
_FRONT = re.compile(r"\A---\n(.*?\n)---\n", re.DOTALL)


@dataclass(frozen=True, slots=True)
class FileDocument:
    """A document with the file it was read from and the line each field stands on."""

    document: Document
    file: str
    lines: dict[Path, int]

    def problem(self, path: Path, message: str) -> Problem:
        """A problem of this document at a field."""
        return Problem(self.file, _line(self.lines, path), _dotted(path), message)


class _Refused(Exception):
    def __init__(self, line: int | None, field: str, message: str) -> None:
        super().__init__(message)
        self.line, self.field, self.message = line, field, message


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """YAML as data: no timestamps, no yes/no. The parser in C is fifty times as fast."""


_TAG = "tag:yaml.org,2002:"
_TEXT = f"{_TAG}str"
_PLAIN_TAGS = frozenset(
    f"{_TAG}{name}" for name in ("null", "bool", "int", "float", "str", "seq", "map")
)
_READ_OTHERWISE = frozenset(f"{_TAG}{name}" for name in ("timestamp", "bool", "int", "float"))
_Loader.yaml_implicit_resolvers = {
    first: [(tag, regexp) for tag, regexp in resolvers if tag not in _READ_OTHERWISE]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}
_FLOAT = re.compile(r"^-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][-+]?[0-9]+)?$")
# Numbers as JSON has them: 010 is not eight here, and 1:30 is not ninety.
_Loader.add_implicit_resolver(
    f"{_TAG}int", re.compile(r"^-?(?:0|[1-9][0-9]*)$"), list("-0123456789")
)
_Loader.add_implicit_resolver(
    f"{_TAG}float",
    _FLOAT,
    list("-0123456789"),
)
_Loader.add_implicit_resolver(f"{_TAG}bool", re.compile(r"^(?:true|false)$"), list("tf"))


class _Reading:
    """One YAML document on its way to plain data, event by event, so that nothing deep is built."""

    def __init__(self, text: str) -> None:
        self._loader = _Loader(text)
        self.lines: dict[Path, int] = {}

    def whole(self) -> Any:
        """The value of the only document; None where there is none."""
        self._loader.get_event()
        if self._loader.check_event(StreamEndEvent):
            return None
        self._loader.get_event()
        value = self._value(())
        self._loader.get_event()
        if not self._loader.check_event(StreamEndEvent):
            line = self._loader.peek_event().start_mark.line + 1
            raise _Refused(line, "", "is not YAML: a second document begins here")
        return value

    def _value(self, path: Path) -> Any:
        event = self._loader.get_event()
        line = event.start_mark.line + 1
        self.lines[path] = line
        if len(path) > _DEPTH_LIMIT:
            raise _Refused(line, "", f"is nested more than {_DEPTH_LIMIT} levels deep")
        if isinstance(event, AliasEvent):
            raise _Refused(line, "", "uses a YAML alias (*name); write the value out")
        if isinstance(event, ScalarEvent):
            return self._scalar(event, line, path)
        _require_plain(event.tag, line, path)
        if isinstance(event, MappingStartEvent):
            return self._mapping(path)
        return self._sequence(path)

    def _scalar(self, event: ScalarEvent, line: int, path: Path) -> Any:
        tag = event.tag
        if tag is None or tag == "!":
            tag = self._loader.resolve(yaml.ScalarNode, event.value, event.implicit)
        _require_plain(tag, line, path)
        if tag == _TEXT:
            return event.value
        return self._loader.construct_object(yaml.ScalarNode(tag, event.value))

    def _sequence(self, path: Path) -> list[Any]:
        held: list[Any] = []
        while not self._loader.check_event(SequenceEndEvent):
            held.append(self._value((*path, len(held))))
        self._loader.get_event()
        return held

    def _mapping(self, path: Path) -> dict[str, Any]:
        held: dict[str, Any] = {}
        while not self._loader.check_event(MappingEndEvent):
            event = self._loader.get_event()
            line = event.start_mark.line + 1
            if isinstance(event, AliasEvent):
                raise _Refused(line, "", "uses a YAML alias (*name); write the value out")
            if not isinstance(event, ScalarEvent):
                raise _Refused(line, _dotted(path), "has a key that is not plain text")
            key = event.value
            if key in held:
                raise _Refused(line, _dotted((*path, key)), "stands twice; remove one")
            held[key] = self._value((*path, key))
            self.lines[(*path, key)] = line
        self._loader.get_event()
        return held


def _require_plain(tag: str | None, line: int, path: Path) -> None:
    if tag is not None and tag not in _PLAIN_TAGS:
        name = tag.removeprefix(_TAG)
        raise _Refused(line, _dotted(path), f"has the tag {name}; write plain values")


def _yaml(text: str, *, first_line: int = 0) -> tuple[Any, dict[Path, int]]:
    try:
        reading = _Reading(text)
        value = reading.whole()
    except _Refused as refused:
        line = None if refused.line is None else refused.line + first_line
        raise _Refused(line, refused.field, refused.message) from None
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark
        line = mark.line + 1 + first_line if mark is not None else None
        raise _Refused(line, "", f"is not YAML: {error.problem}") from None
    except yaml.YAMLError as error:
        raise _Refused(None, "", f"is not YAML: {error}") from None
    except ValueError as error:
        raise _Refused(None, "", f"holds a value that cannot be read: {error}") from None
    return value, {path: line + first_line for path, line in reading.lines.items()}


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    held: dict[str, Any] = {}
    for key, value in pairs:
        if key in held:
            raise _Refused(None, key, "stands twice; remove one")
        held[key] = value
    return held


def _json(text: str, *, line: int | None = None) -> Any:
    try:
        return json.loads(text, object_pairs_hook=_once)
    except _Refused as refused:
        raise _Refused(line, refused.field, refused.message) from None
    except json.JSONDecodeError as error:
        raise _Refused(line or error.lineno, "", f"is not JSON: {error.msg}") from None
    except ValueError as error:
        raise _Refused(line, "", f"holds a value that cannot be read: {error}") from None
    except RecursionError:
        raise _Refused(line, "", f"is nested more than {_DEPTH_LIMIT} levels deep") from None


def _markdown(text: str) -> tuple[Any, dict[Path, int]]:
    front = _FRONT.match(text)
    if front is None:
        raise _Refused(1, "", "has no front matter; begin with --- and close it with ---")
    value, lines = _yaml(front[1], first_line=1)
    if not isinstance(value, dict):
        raise _Refused(2, "", "has front matter that is not a list of fields")
    parts = _SECTION.split(text[front.end() :])
    body: dict[str, str] = {}
    for language, section in zip(parts[1::2], parts[2::2], strict=True):
        if _LANGUAGES[language] in body:
            raise _Refused(None, "body", f"has two sections <!-- {language} -->; join them")
        body[_LANGUAGES[language]] = section.strip()
    if parts[0].strip() or not body:
        raise _Refused(
            None, "body", "begin each language with its own line: <!-- zh-Hans --> or <!-- en -->"
        )
    return {**value, "body": body}, lines


def _dotted(path: Path) -> str:
    return ".".join(str(part) for part in path)


def _line(lines: dict[Path, int], path: Path) -> int | None:
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path)


def _known_path(path: Path, value: Any) -> Path:
    """The part of a pydantic error's path that exists in the file: union tags are left out."""
    kept: list[str | int] = []
    for part in path:
        if isinstance(value, dict) and part in value:
            value = value[str(part)]
        elif isinstance(value, list) and isinstance(part, int) and part < len(value):
            value = value[part]
        elif isinstance(value, dict) and isinstance(part, str) and part.islower():
            value = None
        else:
            continue
        kept.append(part)
    return tuple(kept)


def _message(error: Any) -> str:
    found = error["input"]
    shown = f" (found {found!r})" if isinstance(found, str | int | float | bool) else ""
    match error["type"]:
        case "missing":
            return "is missing"
        case "extra_forbidden":
            return "is not a field here; remove it or correct its name"
        case "union_tag_not_found" | "union_tag_invalid":
            return (
                "`entry` says what the document is: "
                "CASE, METHOD, PROCEDURE, STATEMENT_TEMPLATE or VOCABULARY"
            )
        case "string_type":
            return f"must be text; put it in quotes{shown}"
        case "value_error":
            return str(error["ctx"]["error"])
        case _:
            return f"{error['msg'][0].lower()}{error['msg'][1:]}{shown}"


def _document(value: Any, lines: dict[Path, int], file: str) -> FileDocument:
    try:
        return FileDocument(DOCUMENT.validate_python(value), file, lines)
    except ValidationError as error:
        problems: dict[Problem, None] = {}
        for part in error.errors(include_url=False):
            path = _known_path(part["loc"], value)
            problem = Problem(file, _line(lines, path), _dotted(path), _message(part))
            problems.setdefault(problem)
        raise InvalidDocuments(tuple(problems)) from None


def decoded(data: bytes, *, file: str, line: int | None = None) -> str:
    """The text of a file, or of a line of it: UTF-8, or it is refused. A byte order mark is dropped."""
    if len(data) > FILE_LIMIT_BYTES:
        # Of a longer line no more than this was read.
        found = len(data) if line is None else f"more than {FILE_LIMIT_BYTES}"
        message = f"holds {found} bytes; at most {FILE_LIMIT_BYTES} are read"
        raise InvalidDocuments((Problem(file, line, "", message),))
    try:
        return data.decode("utf-8-sig").replace("\r\n", "\n")
    except UnicodeDecodeError as error:
        line = line or data[: error.start].count(b"\n") + 1
        message = "is not UTF-8"
        try:
            data.decode("gb18030")
        except UnicodeDecodeError:
            pass
        else:
            message += " (it reads as GB18030)"
        raise InvalidDocuments((Problem(file, line, "", f"{message}; save it as UTF-8"),)) from None


def is_lines(file: str) -> bool:
    """Whether a file of this name holds a document a line."""
    return PurePath(file).suffix.lower() == ".jsonl"


def read_documents(data: bytes, *, file: str) -> Iterator[FileDocument]:
    """The documents of one file: one, or one a line in JSON Lines.

    Raises `InvalidDocuments` with the file, line and field of what is wrong.
    """
    if is_lines(file):
        yield from read_lines(BytesIO(data), file=file)
    else:
        yield _read(decoded(data, file=file), file=file)


def read_lines(lines: Iterable[bytes], *, file: str) -> Iterator[FileDocument]:
    """The documents of JSON Lines, of which no more than one line is held at a time.

    Raises `InvalidDocuments` after the last, with what is wrong in any line; a line that is no text, or
    too long, is the last.
    """
    problems: list[Problem] = []
    for number, data in enumerate(lines, start=1):
        try:
            text = decoded(data, file=file, line=number)
        except InvalidDocuments as invalid:
            problems += invalid.problems
            break
        try:
            if text.strip():
                yield _read(text, file=file, line=number)
        except InvalidDocuments as invalid:
            problems += invalid.problems
            if len(problems) >= PROBLEMS_SHOWN:
                break
    if problems:
        raise InvalidDocuments(tuple(problems[:PROBLEMS_SHOWN]))


def _read(text: str, *, file: str, line: int | None = None) -> FileDocument:
    try:
        if line is None:
            value, lines = _value(text, suffix=PurePath(file).suffix.lower())
        else:
            value, lines = _json(text, line=line), {(): line}
    except _Refused as refused:
        problem = Problem(file, refused.line, refused.field, refused.message)
        raise InvalidDocuments((problem,)) from None
    return _document(value, lines, file)


def _value(text: str, *, suffix: str) -> tuple[Any, dict[Path, int]]:
    match suffix:
        case ".yaml" | ".yml":
            return _yaml(text)
        case ".md":
            return _markdown(text)
        case ".json":
            return _json(text), {}
        case _:
            raise _Refused(
                None, "", f"ends in '{suffix}'; .yaml, .yml, .md, .json and .jsonl can be read"
            )


class _Dumper(yaml.SafeDumper):
    """Plain values, with the items of a list set in below their field."""

    def increase_indent(self, flow: bool = False, *_: Any, **__: Any) -> None:  # noqa: FBT001, FBT002
        super().increase_indent(flow, indentless=False)


def _text_node(dumper: _Dumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text_node)
# What would be read as a number here is quoted, beside what other readers of YAML would take for one.
_Dumper.add_implicit_resolver("tag:yaml.org,2002:float", _FLOAT, list("-0123456789"))


def _dumped(value: Any) -> str:
    text: str = yaml.dump(value, Dumper=_Dumper, allow_unicode=True, sort_keys=False, width=100)
    return text


def suffix_of(document: Document) -> str:
    """The file ending a document is written under."""
    return ".md" if isinstance(document, Method) else ".yaml"


def write_document(document: Document) -> str:
    """The document as the text of its file, canonical and without defaults."""
    value = document.model_dump(mode="json", exclude_defaults=True)
    if not isinstance(document, Method):
        return _dumped(value)
    body = value.pop("body")
    sections = [
        f"<!-- {language} -->\n{body[field]}\n"
        for language, field in _LANGUAGES.items()
        if field in body
    ]
    return f"---\n{_dumped(value)}---\n" + "\n".join(sections)
