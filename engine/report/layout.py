"""Lines of text with their styles: headings, names of lines, wrapped sentences."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping

Piece = tuple[str, str]
Codes = Mapping[int, str]
WIDTH = 100
INDENT = "      "


def heading(title: str) -> list[Piece]:
    """A title inside a claim's block."""
    return [(f"  {title}", "bold")]


def lines_named(numbers: list[int], codes: Codes) -> str:
    """``line 1 (20552)``, ``lines 1 (20552), 2 (20553)`` or ``whole claim``."""
    if not numbers:
        return "whole claim"
    word = "line " if len(numbers) == 1 else "lines "
    return word + ", ".join(f"{n} ({codes.get(n, '?')})" for n in numbers)


def wrapped(text: str, after: str = "", style: str = "") -> Iterator[list[Piece]]:
    """A sentence, and dim words `after` it, within the width; further lines stand deeper in."""
    whole = f"{text}  {after}" if after else text
    left = len(text)
    deeper = INDENT + "  "
    lines = textwrap.wrap(whole, WIDTH - len(deeper), break_on_hyphens=False)
    for n, line in enumerate(lines or [""]):
        cut = max(min(left, len(line)), 0)
        yield [(INDENT if n == 0 else deeper, ""), (line[:cut], style), (line[cut:], "dim")]
        left -= len(line) + 1
