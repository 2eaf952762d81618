"""Writers of results: text for people, JSON and JSON lines for programs."""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator, Mapping
from typing import Any, Protocol, TextIO

from engine.chain.stratified import Decided
from engine.report.text import TextWriter


class Writer(Protocol):
    """What every format does."""

    def write(self, result: Mapping[str, Any], decided: Decided, /) -> None:
        """Add one result."""

    def close(self, verdicts: Mapping[str, int], /) -> None:
        """End the output."""


class JsonWriter:
    """An array of results, written as they come."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._ascii = not _speaks_utf8(out)
        self._first = True

    def write(self, result: Mapping[str, Any], _: Decided) -> None:
        """Add one result."""
        text = json.dumps(result, indent=2, ensure_ascii=self._ascii, default=str)
        self._out.write("[\n" if self._first else ",\n")
        self._out.write(text)
        self._first = False

    def close(self, _: Mapping[str, int]) -> None:
        """End the array."""
        self._out.write("[]\n" if self._first else "\n]\n")


class LinesWriter:
    """One result a line."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._ascii = not _speaks_utf8(out)

    def write(self, result: Mapping[str, Any], _: Decided) -> None:
        """Add one result."""
        self._out.write(json.dumps(result, ensure_ascii=self._ascii, default=str) + "\n")

    def close(self, _: Mapping[str, int]) -> None:
        """Nothing to end."""


def _speaks_utf8(out: TextIO) -> bool:
    """Where it does not, JSON's own escapes keep every letter."""
    name = (getattr(out, "encoding", None) or "utf-8").casefold()
    return name.replace("-", "").replace("_", "") == "utf8"


@contextlib.contextmanager
def closing(writer: Writer, verdicts: Mapping[str, int]) -> Iterator[None]:
    """Ends what was written: an array that was begun is one, whatever breaks it off."""
    try:
        yield
    except BaseException:
        if not isinstance(writer, TextWriter):
            writer.close(verdicts)
        raise
    writer.close(verdicts)


WRITERS = {"text": TextWriter, "json": JsonWriter, "jsonl": LinesWriter}
