"""Stages files as a batch does, whole, and reads them in both ways: one by one and by columns."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from itertools import groupby
from pathlib import Path
from typing import Any

import pyarrow as pa

from engine.batch.database import connect
from engine.batch.inputs import Input, name_apart, opened
from engine.batch.judge import Judge, whole_patients
from engine.batch.judge.patient import Person, person_of
from engine.batch.judge.plain import Plain, PlainClaims
from engine.batch.schemas import HISTORY
from engine.batch.staging import Staged, Stager
from engine.batch.staging.records import lines, parts_of, records
from engine.batch.staging.trigger import ALL_OF_IT, ALWAYS, Relevance
from engine.ledger.kinds import event_of
from engine.model.claim import Claim

LEAST = 40
"""Lines that are read together: few, so that there are several tables."""


def staged(
    work: Path, files: Sequence[Path], relevance: Relevance | None = None, **beside: Any
) -> Staged:
    """Bring files into partitions, every line of them if nothing else is said."""
    inputs = [given for path in files if isinstance(given := opened(path, None), Input)]
    assert len(inputs) == len(files)
    name_apart(inputs)
    return Stager(work, inputs, **beside).run(lambda _: relevance or Relevance(ALWAYS, ALL_OF_IT))


@dataclass
class Both:
    """What both ways make of the claims of a folder: by patient, those of which the records say
    nothing unusual, with key, file and whether they are judged; and what came out by columns."""

    usual: dict[str, list[tuple[Claim, str, str, bool]]] = field(default_factory=dict)
    plain: dict[str, list[tuple[Claim, str, str, bool]]] = field(default_factory=dict)
    others: list[str | None] = field(default_factory=list)
    patients: list[str | None] = field(default_factory=list)


def both(work: Path, judge: Judge, skip: Collection[str] = ()) -> Both:
    """Read all partitions in both ways."""
    found = Both()
    plain = Plain(judge.shelf.directory, judge.settings.payer)
    for part in parts_of(work, 64):
        for batch in whole_patients(records(work, part)):
            for patient, own in groupby(batch.to_pylist(), lambda record: record["patient"]):
                _one_by_one(found, patient, list(own), judge, skip)
        with connect(work, 1) as database:
            for table in whole_patients(lines(database, work, part), LEAST):
                _by_columns(found, plain, table, skip)
    return found


def _one_by_one(
    found: Both, patient: str | None, own: list[Any], judge: Judge, skip: Collection[str]
) -> None:
    found.patients.append(patient)
    if any(r["kind"] == HISTORY or r["record"] or r["key"] in skip for r in own) or not patient:
        return
    person = person_of(own, judge._read, judge.settings, judge.shelf.directory.facts)
    if not _unusual(person, own):
        found.usual[patient] = [
            (claim, r["key"], r["file"], r["kind"] == 0)
            for r in own
            if (claim := person.claims[r["key"]][0]) is not None
        ]


def _unusual(person: Person, own: list[Any]) -> bool:
    claims = [claim for claim, _ in person.claims.values()]
    return bool(
        person.problems
        or any(problems for _, problems in person.claims.values())
        or any(c is None or event_of(c) != "claim" or documented(c) for c in claims)
        or any(c.frequency not in (None, "1") for c in claims if c is not None)
        or any(c.type_of_bill and c.type_of_bill[-1] != "1" for c in claims if c is not None)
        or any(record["copies"] or any(record["status"]) for record in own)
        or len({c.claim_id for c in claims if c is not None}) < len(own)
    )


def documented(claim: Claim) -> bool:
    """Whether anything is documented of a claim."""
    return bool(claim.documentation or any(line.documentation for line in claim.lines))


def _by_columns(found: Both, plain: Plain, table: pa.Table, skip: Collection[str]) -> None:
    made: PlainClaims = plain(table, skip)
    found.others += made.others
    columns = (made.claims, made.keys, made.files, made.judged, made.patients)
    for claim, key, file, judged, patient in zip(*columns, strict=True):
        found.plain.setdefault(patient, []).append((claim, key, file, judged))
