"""Reads JSON strictly: exact decimals, no key twice, and every mistake with its line."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from decimal import Decimal, InvalidOperation
from typing import Any, NoReturn

from engine.claims.where import shown
from engine.model.problem import Location, Problem

_SPACE = re.compile(r"[ \t\r\n]*")


def whole(text: str, file: str, line: int = 1) -> tuple[Any, list[Problem]]:
    """The one value of `text` and the problems in it; the value is None if it is not JSON."""
    reader = _Reader(text, file, line)
    value = reader.value(reader.skip(0))
    if reader.broken is None and reader.end < len(text):
        reader.fail(reader.end, "there is more text after the end of the value")
    return (None if reader.broken else value), reader.taken()


def elements(text: str, file: str) -> Iterator[tuple[Any, int, list[Problem]]]:
    """The members of the JSON list in `text`, one by one: value, first line, problems.

    After a syntax error nothing more of the list can be read; its last member is then None.
    """
    reader = _Reader(text, file, 1)
    at = reader.skip(reader.skip(0) + 1)
    if text[at : at + 1] == "]":
        at = reader.skip(at + 1)
    else:
        while reader.broken is None:
            line = reader.line_of(at)
            value = reader.value(at)
            if reader.broken is None:
                yield value, line, reader.taken()
                at = reader.end
                mark = text[at : at + 1]
                if mark not in (",", "]") or not mark:
                    reader.fail(at, "a comma or the end of the list is missing")
                at = reader.skip(at + 1)
                if mark == "]":
                    break
    if reader.broken is None and at < len(text):
        reader.fail(at, "there is more text after the end of the list")
    if reader.broken is not None:
        yield None, reader.line_of(at), reader.taken()


class _Reader:
    """A cursor over the text that keeps what was wrong with the last value."""

    def __init__(self, text: str, file: str, line: int) -> None:
        self.text = text
        self.file = file
        self.first_line = line
        self.end = 0
        self.broken: Problem | None = None
        self._repeated: list[str] = []
        self._known = (0, line)
        self._decoder = json.JSONDecoder(
            object_pairs_hook=self._object, parse_float=_decimal, parse_constant=_no_number
        )

    def value(self, at: int) -> Any:
        """The value that begins at `at`; sets `end` behind it and the space that follows."""
        try:
            value, end = self._decoder.raw_decode(self.text, at)
        except json.JSONDecodeError as error:
            self.fail(error.pos, _in_words(error.msg))
        except ValueError as error:
            self.fail(at, str(error) if str(error).startswith("`") else "a number is too long")
        except RecursionError:
            self.fail(at, "lists and objects are nested too deep")
        else:
            self.end = self.skip(end)
            return value
        return None

    def skip(self, at: int) -> int:
        match = _SPACE.match(self.text, at)
        return match.end() if match else at

    def line_of(self, at: int) -> int:
        """The line of a position; positions are asked for in rising order."""
        before, line = self._known
        line += self.text.count("\n", before, at) if at >= before else 0
        self._known = (max(at, before), line)
        return line

    def fail(self, at: int, message: str) -> None:
        line = self.first_line + self.text.count("\n", 0, at)
        column = at - (self.text.rfind("\n", 0, at) + 1) + 1
        self.broken = Problem(
            Location(self.file, line, column), "json-syntax", f"this is not JSON: {message}"
        )

    def taken(self) -> list[Problem]:
        """The problems of the last value, once."""
        line = self._known[1]
        found = [
            Problem(
                Location(self.file, line),
                "repeated-key",
                f"the key {shown(key)} stands twice in one object",
                "keep one of the two",
            )
            for key in self._repeated
        ]
        self._repeated = []
        return [self.broken, *found] if self.broken else found

    def _object(self, pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            seen: set[str] = set()
            for key, _ in pairs:
                if key in seen:
                    self._repeated.append(key)
                seen.add(key)
        return found


def _decimal(text: str) -> Decimal:
    try:
        return Decimal(text)
    except InvalidOperation:
        raise ValueError(f"{shown(text)} is too large a number") from None


def _no_number(text: str) -> NoReturn:
    raise ValueError(f"`{text}` is not a number")


def _in_words(message: str) -> str:
    return message[:1].lower() + message[1:]
