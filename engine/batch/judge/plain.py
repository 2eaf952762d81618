"""Makes claims of staged lines by columns, for patients of whom nothing unusual is to be said.

Everybody else is left to the records, which are read one by one: whoever has a claim that is
refused or remarked on, that corrects or repeats another, or that is documented, and whoever has
a history from elsewhere. For the others the claims are exactly those that the records would give.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from itertools import pairwise, repeat
from typing import Any, Final

import pyarrow as pa
import pyarrow.compute as pc

from engine.batch.judge.claims_of import TABLE
from engine.batch.judge.coded import Coded, any_of, coded, not_null, together
from engine.batch.judge.many import many
from engine.batch.judge.texts import HEAD, ODD, Texts
from engine.batch.schemas import CLAIM_LEVEL, HISTORY_ONLY, SORTED
from engine.claims.fields import unlike
from engine.model.claim import NOTHING, Claim, Line, Patient
from engine.model.directory import Directory

_OF_ONE_CLAIM: Final = (*CLAIM_LEVEL, "diagnoses", "file", "kind")
_UNUSUAL: Final = ("documentation", "line_documentation", "replaces", "status")
_LINE: Final = (
    "number", "procedure", "service_date", "modifiers", "units", "place_of_service", "charge",
    "rendering_provider", "revenue_code", "ndc",
)  # fmt: skip
_CLAIM: Final = ("claim_id", "payer", "billing_provider", "prior_authorization", "note")


@dataclass
class PlainClaims:
    """The claims of plain patients in the order of the records, with the key, file and patient
    of each and whether it is to be judged; `others` are the patients who are not plain."""

    claims: list[Claim]
    keys: list[str]
    files: list[str]
    patients: list[str]
    judged: list[bool]
    others: list[str | None]


class Plain:
    """Makes the claims of plain patients; what it has read of one table it knows in the next."""

    def __init__(self, directory: Directory, as_payer: str | None = None) -> None:
        self._texts = Texts(directory, as_payer)

    def __call__(self, lines: pa.Table, skip: Collection[str] = ()) -> PlainClaims:
        """The plain claims of some lines, which are all that there are of their patients, with
        the columns and in the order of `SORTED`. Claims with a key in `skip` are not plain."""
        columns = {name: coded(lines[name]) for name in SORTED.names}
        columns["table"] = coded(pc.starts_with(lines["key"], TABLE))
        begins = _begins(columns)
        odd = any_of([*_unusual(lines, columns, skip), _uneven(columns, begins)], lines.num_rows)
        read = self._read(columns)
        wrong = [found.where(ODD) for found in read.values()]
        odd = any_of([odd, *wrong, _unordered(read["number"], begins)], lines.num_rows)
        keep, others = _patients(columns["patient"], odd)
        if not pc.any(keep).as_py():
            return PlainClaims([], [], [], [], [], others)
        if others:
            read = {name: found.kept(keep) for name, found in read.items()}
            begins = begins.filter(keep)
        return _made(read, begins, others)

    def _read(self, columns: dict[str, Coded]) -> dict[str, Coded]:
        """What the texts of each row are read as."""
        found = {name: columns[name] for name in ("key", "file", "kind")}
        for name in ("claim_id", "patient"):
            found[name] = _as_it_stands(columns[name])
        for what, names in self._texts.fields.items():
            texts = together([columns["table"], *(columns[name] for name in names)])
            found[what] = texts.read(self._texts.readers[what])
        return found


def _begins(columns: dict[str, Coded]) -> pa.Array:
    """A mask of the rows that are the first of their claim."""
    patient, claim_id, key = (columns[name].changes() for name in ("patient", "claim_id", "key"))
    return pc.or_(pc.or_(patient, claim_id), key)


def _as_it_stands(column: Coded) -> Coded:
    """A column of texts that few rows share."""
    odd = unlike([text or "" for text in column.distinct])
    return column.each(lambda text: ODD if not text or text in odd else text) if odd else column


def _unusual(
    lines: pa.Table, columns: dict[str, Coded], skip: Collection[str]
) -> list[pa.Array | None]:
    """Masks of rows by which a patient is not plain, whatever their texts are."""
    kinds = columns["kind"].each(lambda kind: None if kind in (0, HISTORY_ONLY) else ODD)
    keys = columns["key"].each(lambda key: ODD if key in skip else None) if skip else None
    return [
        *(not_null(lines[name]) for name in _UNUSUAL),
        columns["recorded"].where(True),
        kinds.where(ODD),
        keys.where(ODD) if keys is not None else None,
    ]


def _uneven(columns: dict[str, Coded], begins: pa.Array) -> pa.Array:
    """A mask of rows that differ from the line before in what lines of a claim share, and of
    claims whose id the claim before has, or whose key any other has."""
    inside = pc.invert(begins)
    differing = [
        pc.and_(columns[name].changes(), inside)
        for name in _OF_ONE_CLAIM
        if columns[name].codes is not None
    ]
    patient, claim_id = columns["patient"].changes(), columns["claim_id"].changes()
    again = pc.and_(begins, pc.invert(pc.or_(patient, claim_id)))
    return any_of([*differing, again, _torn(columns["key"], begins)], len(begins))


def _torn(key: Coded, begins: pa.Array) -> pa.Array | None:
    """A mask of the rows of keys that stand apart from each other."""
    first = key.kept(begins)
    if first.codes is None:
        return None if first.rows < 2 else pa.repeat(pa.scalar(True), key.rows)
    counts = pc.value_counts(first.codes)
    if len(counts) == first.rows:
        return None
    several = counts.field("values").filter(pc.greater(counts.field("counts"), 1))
    return pc.is_in(key.codes, several)


def _unordered(number: Coded, begins: pa.Array) -> pa.Array | None:
    """A mask of the lines whose number is not greater than that of the line before: it stands
    twice, or was not given, so that nothing tells the order of the lines."""
    inside = pc.invert(begins)
    if number.codes is None:
        return inside
    values = pa.array([0 if n is ODD else n for n in number.distinct]).take(number.codes)
    falls = pc.less_equal(values[1:], values[:-1])
    return pc.and_(inside, pa.concat_arrays([pa.array([False]), falls]))


def _patients(patient: Coded, odd: pa.Array) -> tuple[pa.Array, list[Any]]:
    """A mask of the rows of patients who have no odd row, and those who have one."""
    if not pc.any(odd).as_py():
        return pc.invert(odd), []
    if patient.codes is None:
        return pa.repeat(pa.scalar(False), patient.rows), list(patient.distinct)
    codes = pc.unique(patient.codes.filter(odd))
    keep = pc.invert(pc.is_in(patient.codes, codes))
    return keep, [patient.distinct[code] for code in codes.to_pylist()]


def _made(read: dict[str, Coded], begins: pa.Array, others: list[Any]) -> PlainClaims:
    lines = many(Line, len(begins), _of_lines(read))
    first = {name: found.kept(begins) for name, found in read.items()}
    count = first["key"].rows
    return PlainClaims(
        many(Claim, count, {**_of_claims(first), "lines": _grouped(lines, begins, count)}),
        list(first["key"].values()),
        list(first["file"].values()),
        list(first["patient"].values()),
        list(first["kind"].each(lambda kind: kind != HISTORY_ONLY).values()),
        others,
    )


def _of_lines(read: dict[str, Coded]) -> dict[str, Iterable[Any]]:
    """The fields of lines."""
    return {
        **{name: read[name].values() for name in _LINE},
        "diagnoses": _part(read["diagnoses"], 1).values(),
        "prior_authorization": read["line_prior_authorization"].values(),
        "note": read["line_note"].values(),
        "documentation": repeat(NOTHING),
    }


def _of_claims(first: dict[str, Coded]) -> dict[str, Iterable[Any]]:
    """The fields of claims, but for their lines."""
    who = together([first["patient"], first["birth_date"], first["sex"]])
    return {
        **{name: first[name].values() for name in _CLAIM},
        **{name: _part(first["head"], n).values() for n, name in enumerate(HEAD)},
        "patient": who.each(lambda said: Patient(*said)).values(),
        "diagnoses": _part(first["diagnoses"], 0).values(),
        "replaces": repeat(None),
        "documentation": repeat(NOTHING),
    }


def _part(found: Coded, n: int) -> Coded:
    """One of the values that were read together."""
    return found.each(lambda values: None if values is ODD else values[n])


def _grouped(lines: list[Line], begins: pa.Array, count: int) -> list[tuple[Line, ...]]:
    """The lines of each claim; most have one."""
    starts = pc.indices_nonzero(begins).to_pylist()
    found: list[tuple[Line, ...]] = list(zip(map(lines.__getitem__, starts)))
    if len(lines) > count:
        for n, (start, end) in enumerate(pairwise([*starts, len(lines)])):
            if end > start + 1:
                found[n] = tuple(lines[start:end])
    return found
