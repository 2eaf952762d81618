"""Reads documentation, checks it against the vocabulary and joins it to the claims."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, BinaryIO

from engine.claims.fact_types import Unfit, fitted
from engine.claims.facts import LineFacts, facts_in
from engine.claims.fields import Fields
from engine.claims.rows import Row, is_resource, rows
from engine.claims.source import Source, kind_of, opened
from engine.claims.where import Where, shown, unknown
from engine.model.claim import NOTHING, Claim, FactValue, Line
from engine.model.problem import Location, Problem
from engine.model.vocabulary import Fact


@dataclass(frozen=True, slots=True)
class ClaimRecord:
    """What is documented of one claim and of its lines, and where that stands."""

    where: Where
    claim: Mapping[str, FactValue] = field(default_factory=lambda: NOTHING)
    lines: LineFacts = field(default_factory=dict)


Documentation = Mapping[str, ClaimRecord]
"""The record by claim id."""


def check_facts(
    facts: Mapping[str, FactValue], declarations: Mapping[str, Fact], place: Location
) -> tuple[dict[str, FactValue], list[Problem]]:
    """The facts that fit their declaration, in canonical form, and what is wrong with the others.

    A fact that is unknown to the vocabulary or has a wrong value is left out, so that it stays
    unknown; null is kept. `place` is where the facts stand. A duration comes out as a text such
    as ``6 weeks``, a date as a day.
    """
    found: dict[str, FactValue] = {}
    problems = []
    for name, value in facts.items():
        fact = declarations.get(name)
        if fact is None:
            hint = unknown(name, tuple(declarations))
            problems.append(_of_fact(place, name, "unknown-fact", "is not in the vocabulary", hint))
            continue
        try:
            found[name] = fitted(fact, value)
        except Unfit as wanted:
            hint = "left out, it counts as unknown"
            problems.append(_of_fact(place, name, "wrong-fact", str(wanted), hint))
    return found, problems


def check_claim(
    claim: Claim, declarations: Mapping[str, Fact], file: str
) -> tuple[Claim, list[Problem]]:
    """The claim with only the facts that fit the vocabulary, and what is wrong with the others.

    `file` is where the claim was read, for the locations.
    """
    place = f"claim {claim.claim_id}"
    about, problems = check_facts(claim.documentation, declarations, Location(file, place=place))
    lines = []
    for line in claim.lines:
        where = Location(file, place=f"{place}, line {line.number}")
        facts, wrong = check_facts(line.documentation, declarations, where)
        problems += wrong
        lines.append(replace(line, documentation=facts) if line.documentation else line)
    if claim.documentation or any(line.documentation for line in claim.lines):
        claim = replace(claim, documentation=about, lines=tuple(lines))
    return claim, problems


def read_documentation(
    path: str | Path, stream: BinaryIO | None = None
) -> tuple[Documentation, list[Problem]]:
    """The record of each claim in a documentation file, and what is wrong with the file.

    The content is an object ``{"<claim_id>": {"claim": {...}, "lines": {...}}}``, or a list or
    JSON lines of ``{"claim_id": ..., "documentation": {...}}``. ``-`` is standard input.
    """
    source = opened(path, stream)
    if isinstance(source, Problem):
        return {}, [source]
    try:
        return _read(source)
    except OSError as error:
        message = f"reading stopped: {error.strerror or 'no reason'}"
        return {}, [source.problem("unreadable-file", message)]
    finally:
        source.close()


def attach(claim: Claim, documentation: Documentation) -> tuple[Claim, list[Problem]]:
    """The claim with its record added.

    A fact that the claim and the record give with different values is a problem and is left out
    of both: neither is believed. So is a record of a line that the claim does not have.
    """
    record = documentation.get(claim.claim_id)
    if record is None:
        return claim, []
    problems: list[Problem] = []
    about = _joined(claim.documentation, record.claim, record.where, problems)
    numbers = {line.number for line in claim.lines}
    for number in record.lines:
        if number not in numbers:
            message = f"the claim has no line {number} to document"
            problems.append(record.where.problem("unknown-line", message))
    lines = tuple(_documented(line, record, problems) for line in claim.lines)
    return replace(claim, documentation=about, lines=lines), problems


def unused(documentation: Documentation, seen: Collection[str]) -> list[Problem]:
    """A warning for each record whose claim was never seen."""
    return [
        record.where.problem(
            "unused-documentation",
            f"no claim {shown(claim_id)} was read to which this belongs",
            severity="warning",
        )
        for claim_id, record in documentation.items()
        if claim_id not in seen
    ]


def _of_fact(place: Location, name: str, fault: str, message: str, hint: str | None) -> Problem:
    words = ", ".join(filter(None, (place.place, name)))
    return Problem(replace(place, place=words), fault, f"the fact {shown(name)} {message}", hint)


def _documented(line: Line, record: ClaimRecord, problems: list[Problem]) -> Line:
    facts = record.lines.get(line.number)
    if not facts:
        return line
    where = record.where.inside("lines", str(line.number), place=f"line {line.number}")
    return replace(line, documentation=_joined(line.documentation, facts, where, problems))


def _joined(
    given: Mapping[str, FactValue],
    added: Mapping[str, FactValue],
    where: Where,
    problems: list[Problem],
) -> Mapping[str, FactValue]:
    joined = {**given, **added}
    for name, value in added.items():
        if name in given and (given[name] != value or type(given[name]) is not type(value)):
            del joined[name]
            message = f"the claim gives the fact {shown(name)} another value"
            hint = "keep one of the two; until then the fact counts as unknown"
            problems.append(
                where.problem("contradictory-fact", message, hint, at=(name,), place=name)
            )
    return joined


def _read(source: Source) -> tuple[Documentation, list[Problem]]:
    kind = kind_of(source)
    if isinstance(kind, Problem):
        return {}, [kind]
    if kind == "x12":
        return {}, [source.problem("unread-format", "documentation is not read from X12")]
    found: dict[str, ClaimRecord] = {}
    problems: list[Problem] = []
    for row in rows(source, kind):
        if isinstance(row, Problem):
            problems.append(row)
            continue
        if is_resource(row):
            return {}, [source.problem("unread-format", "documentation is not read from FHIR")]
        for claim_id, record, where in _entries(row, problems):
            if claim_id in found:
                message = f"claim {shown(claim_id)} is documented twice"
                problems.append(where.problem("repeated-claim", message))
            else:
                found[claim_id] = _record(record, where, problems)
    return found, problems


def _entries(row: Row, problems: list[Problem]) -> Iterator[tuple[str, Any, Where]]:
    """Claim id, record and place of each entry in one row."""
    if not isinstance(row.data, dict):
        message = "documentation must be an object with fields"
        problems.append(row.where.problem("wrong-type", message))
    elif row.alone and "claim_id" not in row.data:
        for claim_id, record in row.data.items():
            yield str(claim_id), record, row.where.inside(claim_id, place=f"claim {claim_id}")
    else:
        where = row.where.named(f"documentation, entry {row.ordinal}")
        fields = Fields(row.data, ("claim_id", "documentation"), where, problems)
        claim_id = fields.text("claim_id", required=True)
        record = fields.get("documentation", required=True)
        if claim_id is not None and record is not None:
            yield claim_id, record, row.where.inside("documentation", place=f"claim {claim_id}")


def _record(data: Any, where: Where, problems: list[Problem]) -> ClaimRecord:
    if not isinstance(data, dict):
        message = "the record of a claim must be an object with `claim` and `lines`"
        problems.append(where.problem("wrong-type", message))
        return ClaimRecord(where)
    about, lines = facts_in(Fields(data, ("claim", "lines"), where, problems))
    return ClaimRecord(where, about, lines)
