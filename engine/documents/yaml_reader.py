"""Reads YAML and JSON as plain data with the place of every value, and never guesses a type."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

import yaml

from engine.documents.build import Builder, Refused
from engine.documents.marks import Marks
from engine.documents.yaml_faults import syntax_problem
from engine.model.problem import Location, Problem

# What YAML calls unprintable, and line ends that editors do not count as such.
_ODD = re.compile(
    "[^\t\n\r\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_PAIR = re.compile(r"\\\\|\\u(d[89ab][0-9a-f]{2})\\u(d[c-f][0-9a-f]{2})", re.IGNORECASE)


def decode(data: bytes, file: str) -> tuple[str, list[Problem]]:
    """The text of a file, which is UTF-8."""
    try:
        return data.decode("utf-8"), []
    except UnicodeDecodeError as fault:
        before = data[: fault.start].decode("utf-8")
        place = _place(file, before, len(before))
        message = "this file is not UTF-8 text"
        return "", [Problem(place, "not-utf-8", message, "save it with the encoding UTF-8")]


def read_yaml(text: str, file: str) -> tuple[object, Marks, list[Problem]]:
    """The data of one document, where its parts stand, and what is wrong.

    The data is ``None`` when nothing could be read. JSON is read by the same rules, tabs allowed.
    """
    text = text.removeprefix("\ufeff")
    looks_like_json = file.endswith(".json") or text.lstrip()[:1] in ("{", "[")
    if looks_like_json:
        text = _PAIR.sub(_astral, text.replace("\t", " "))
    if problem := _odd_character(text, file):
        return None, Marks(file), [problem]
    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return _read(text, file, fast) or _read(text, file, yaml.SafeLoader) or _nothing(file)


def _read(text: str, file: str, loader: Any) -> tuple[object, Marks, list[Problem]] | None:
    """The document by one of the two parsers. What the C parser refuses the Python one reads
    again (None), so that problems do not hang on which of them is installed."""
    builder = Builder(file)
    fatal: Problem | None = None
    try:
        for event in _events(text, loader):
            builder.take(event)
    except Refused as refused:
        fatal = refused.problem
    except yaml.MarkedYAMLError as fault:
        fatal = syntax_problem(fault, text, file)
    if fatal is None and (builder.data is not None or builder.problems):
        return builder.data, builder.marks, builder.problems
    if loader is not yaml.SafeLoader:
        return None
    return (None, Marks(file), [*builder.problems, fatal]) if fatal else None


def _events(text: str, loader: Any) -> Iterator[Any]:
    parser = loader(text)
    try:
        while parser.check_event():
            yield parser.get_event()
    finally:
        parser.dispose()


def _nothing(file: str) -> tuple[object, Marks, list[Problem]]:
    problem = Problem(Location(file, 1, 1), "empty-file", "nothing stands in this file")
    return None, Marks(file), [problem]


def _odd_character(text: str, file: str) -> Problem | None:
    tab, odd = text.find("\t"), _ODD.search(text)
    if tab >= 0 and (odd is None or tab < odd.start()):
        return Problem(
            _place(file, text, tab), "tab", "a tab stands here", "indent with blanks, two a level"
        )
    if odd is None:
        return None
    message = f"the character U+{ord(odd.group()):04X} may not stand in a document"
    return Problem(_place(file, text, odd.start()), "odd-character", message, "delete it")


def _place(file: str, text: str, position: int) -> Location:
    lines = re.split("\r\n|\r|\n", text[:position])
    return Location(file, len(lines), len(lines[-1]) + 1)


def _astral(match: re.Match[str]) -> str:
    """JSON writes a character beyond U+FFFF as two escapes; YAML does not know the custom."""
    if match[1] is None:
        return match[0]
    return (bytes.fromhex(match[1]) + bytes.fromhex(match[2])).decode("utf-16-be")
