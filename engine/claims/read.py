"""Reads claims from a file of any kind known here, told by its content and not by its name."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any, BinaryIO

from engine.claims.record import CLAIM_FIELDS
from engine.claims.row_claims import RowClaims
from engine.claims.rows import Row, is_resource, rows
from engine.claims.source import Kind, Source, kind_of, opened
from engine.model.claim import Claim
from engine.model.problem import Problem

_FOREIGN = (
    ("services", "a history, not a claim", "give it as the history of the claims"),
    ("coverage", "a history, not a claim", "give it as the history of the claims"),
    ("complete_to", "a history, not a claim", "give it as the history of the claims"),
    ("cases", "a file of cases, not a claim", "run it with the test of the policies"),
)


def read_claims(path: str | Path, stream: BinaryIO | None = None) -> Iterator[Claim | Problem]:
    """The claims of a file and the problems found in it, in file order.

    The content is JSON (an object or a list), JSON lines, YAML, FHIR R4 in JSON, or X12 837. JSON
    lines and X12 are read as a stream. A path of ``-`` is standard input; with `stream`, `path` is
    only the name that problems show. A claim with an error is not yielded, its problems are.
    """
    source = opened(path, stream)
    if isinstance(source, Problem):
        yield source
        return
    try:
        kind = kind_of(source)
        if isinstance(kind, Problem):
            yield kind
        elif kind == "x12":
            yield from _x12(source)
        else:
            yield from _records(source, kind)
    except OSError as error:
        yield source.problem("unreadable-file", f"reading stopped: {error.strerror or 'no reason'}")
    finally:
        source.close()


def _x12(source: Source) -> Iterator[Claim | Problem]:
    from engine.claims.x12.interchange import read_x12

    yield from read_x12(source.chunks(), source.file)


def _records(source: Source, kind: Kind) -> Iterator[Claim | Problem]:
    found = False
    claims = RowClaims(source.file)
    for row in rows(source, kind):
        if isinstance(row, Problem):
            found = True
            yield row
            continue
        if not found and not is_resource(row) and (foreign := _foreign(row, source)):
            yield foreign
            return
        found = True
        yield from claims.read(row)
    if not found:
        yield source.problem("no-claims", "the file holds no claims")


def _foreign(row: Row, source: Source) -> Problem | None:
    """What the first row shows the file to be, if it is no file of claims."""
    data: Any = row.data
    if not isinstance(data, dict):
        if row.alone:
            return source.problem("unknown-format", "the file holds no claim")
        return None
    if _documents(data):
        message = "this is what the record of claims states, not a claim"
        return source.problem("unread-format", message, "give it as --documentation of the claims")
    if any(name in data for name in CLAIM_FIELDS if name != "documentation"):
        return None
    for name, what, hint in _FOREIGN:
        if name in data:
            return source.problem("unread-format", f"this is {what}", hint)
    return None


def _documents(data: dict[Any, Any]) -> bool:
    """Whether an object holds the documentation of claims: by claim id, or of one claim."""
    if "claim_id" in data:
        return set(data) == {"claim_id", "documentation"}
    return bool(data) and all(
        isinstance(record, dict) and record and set(record) <= {"claim", "lines"}
        for record in data.values()
    )
