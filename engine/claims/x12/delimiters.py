"""Finds the delimiters of an interchange in its ISA segment."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Sixteen elements of at most fifteen characters; anything longer is not an ISA segment.
LONGEST = 300
COMPONENTS = ":><|^"

_NEXT_SEGMENT = re.compile(r"(?:[^A-Za-z0-9\s]\s*|[\r\n]+)(?:GS|TA1)$")
_START = re.compile(r"ISA([^A-Za-z0-9\s])")


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The separators of one interchange, and where its ISA segment ends in the text."""

    element: str
    component: str
    terminator: str
    end: int
    declared: bool = True


def find_start(content: str) -> int:
    """Where the next ISA segment begins; -1 if none does.

    ``ISA`` inside a segment, as a name for example, is preceded by the element separator.
    """
    for match in _START.finditer(content):
        before = content[match.start() - 1 : match.start()]
        if not before.isalnum() and before != match[1]:
            return match.start()
    return -1


def find_delimiters(content: str) -> Delimiters | str:
    """The delimiters of the ISA segment that begins `content`, or what is wrong with it.

    They are found by counting sixteen elements: many files squeeze the padding, so that the
    fixed positions of the standard do not hold.
    """
    element = content[3]
    pieces = content[:LONGEST].split(element, 16)
    if len(pieces) < 17 or any(_NEXT_SEGMENT.search(piece) for piece in pieces[:16]):
        return "its ISA segment has fewer than 16 elements"
    at = len(element.join(pieces[:16])) + 1
    component, rest = content[at : at + 1], content[at + 1 : at + 12]
    shut = rest if component != "~" else rest.lstrip("\r\n")
    if shut.startswith(("GS", "TA1")) and not component.isalnum():
        # ISA16 is empty: what stands there is the terminator.
        return Delimiters(element, ":", component, at + 1, declared=False)
    terminator = rest.lstrip(" ")[:1]
    if not terminator or terminator.isalnum() or terminator in (element, component):
        return "the character behind its ISA segment cannot end a segment"
    end = at + 1 + rest.index(terminator) + 1
    if terminator == "\r" and content[end : end + 1] == "\n":
        terminator, end = "\n", end + 1
    return Delimiters(element, component, terminator, end)
