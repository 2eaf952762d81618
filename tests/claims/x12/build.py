"""Reads sample interchanges, edits their segments and reads the outcome."""

from __future__ import annotations

import io
from collections.abc import Mapping, Sequence
from pathlib import Path

from engine.claims.read import read_claims
from engine.model.claim import Claim
from engine.model.problem import Problem

SAMPLES = Path(__file__).parent.parent / "samples"


def segments(name: str) -> list[str]:
    """The segments of a sample file."""
    return [s.strip() for s in (SAMPLES / name).read_text().split("~") if s.strip()]


def edited(
    changes: Mapping[str, str | Sequence[str] | None] | None = None,
    name: str = "professional.837",
    terminator: str = "~\n",
) -> str:
    """A sample in which each segment that begins with a key is replaced by the value.

    A value of None deletes. Only the first such segment is changed. SE01 is counted again.
    """
    found = segments(name)
    for start, new in (changes or {}).items():
        at = next(n for n, segment in enumerate(found) if segment.startswith(start))
        found[at : at + 1] = [new] if isinstance(new, str) else list(new or ())
    return text(found, terminator)


def text(found: list[str], terminator: str = "~\n") -> str:
    """Segments as a file, with SE01 as it should be."""
    begin = 0
    for at, segment in enumerate(found):
        name, *rest = segment.split("*")
        if name == "ST":
            begin = at
        elif name == "SE" and rest and rest[0] != "!":
            found[at] = "*".join([name, str(at - begin + 1), *rest[1:]])
    return "".join(segment + terminator for segment in found)


def read(content: str | bytes, name: str = "-") -> tuple[list[Claim], list[Problem]]:
    """The claims and problems of a file."""
    data = content.encode() if isinstance(content, str) else content
    items = list(read_claims(name, io.BytesIO(data)))
    return (
        [item for item in items if isinstance(item, Claim)],
        [item for item in items if isinstance(item, Problem)],
    )


def ids(problems: list[Problem]) -> list[str]:
    """The ids of problems, in order."""
    return [problem.id for problem in problems]
