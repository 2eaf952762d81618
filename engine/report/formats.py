"""Writers of results: text for people, JSON and JSON lines for programs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, TextIO

from engine.chain.stratified import Decided
from engine.report.text import TextWriter


class JsonWriter:
    """An array of results, written as they come."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._first = True

    def write(self, result: Mapping[str, Any], _: Decided) -> None:
        """Add one result."""
        text = json.dumps(result, indent=2, ensure_ascii=False, default=str)
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

    def write(self, result: Mapping[str, Any], _: Decided) -> None:
        """Add one result."""
        self._out.write(json.dumps(result, ensure_ascii=False, default=str) + "\n")

    def close(self, _: Mapping[str, int]) -> None:
        """Nothing to end."""


WRITERS = {"text": TextWriter, "json": JsonWriter, "jsonl": LinesWriter}
