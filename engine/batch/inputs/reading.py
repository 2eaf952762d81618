"""Turns the claims that readers give into rows of claim lines, and problems into entries."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from engine.batch.inputs import Input
from engine.batch.inputs.nested import read_nested
from engine.batch.schemas import STAGED
from engine.claims.read import read_claims
from engine.model.claim import Claim, Line, Provider
from engine.model.problem import Problem

_ROWS = 20_000


@dataclass
class Refused:
    """A claim or a record that cannot be judged, as quarantine.jsonl shows it."""

    file: str
    place: str | None
    claim_id: str | None
    code: str
    reason: str
    hint: str | None = None
    warning: bool = False

    def public(self) -> dict[str, str | None]:
        """The object that is written."""
        names = ("file", "place", "claim_id", "code", "reason", "hint")
        return {name: getattr(self, name) for name in names}


def refused(problem: Problem, claim_id: str | None = None) -> Refused:
    """A problem as an entry of the quarantine, or a remark if it is but a warning."""
    where = problem.location
    numbers = f"line {where.line}" if where.line is not None else None
    place = ", ".join(filter(None, (numbers, where.place)))
    return Refused(
        where.file,
        place or None,
        claim_id or _named(problem),
        problem.id,
        problem.message,
        problem.help,
        problem.severity == "warning",
    )


def refused_of(problem: Problem, file: str) -> Refused:
    """A problem of a file, under the name by which outputs call it."""
    return replace(refused(problem), file=file)


def _named(problem: Problem) -> str | None:
    """The claim that a problem names."""
    first = (problem.location.place or "").split(",")[0]
    if not first.startswith("claim ") or first.startswith("claim number "):
        return None
    return first.removeprefix("claim ")


@dataclass
class Writer:
    """Collects rows and writes them in pieces, so that memory stays flat."""

    path: Path
    _rows: dict[str, list[Any]] = field(default_factory=dict)
    _file: Any = None

    def add(self, row: dict[str, Any]) -> None:
        """One more row; what it does not name is null."""
        if not self._rows:
            self._rows = {name: [] for name in STAGED.names}
        for name, values in self._rows.items():
            values.append(row.get(name))
        if len(self._rows["key"]) >= _ROWS:
            self._flush()

    def close(self) -> None:
        """Write what is left."""
        self._flush()
        if self._file is not None:
            self._file.close()

    def _flush(self) -> None:
        if not self._rows:
            return
        if self._file is None:
            self._file = parquet.ParquetWriter(self.path, STAGED)
        self._file.write_table(pa.table(self._rows, schema=STAGED))
        self._rows = {}


def read_into(
    writer: Writer, given: Input, source: int, *, nested: bool = False
) -> Iterator[Claim | Refused]:
    """Every claim of a file, written as rows, and what could not be read of it.

    Several errors of one claim are one entry of the quarantine.
    """
    last: tuple[str, str, int | None] | None = None
    items = read_nested(given.path) if nested else read_claims(given.path)
    for ordinal, item in enumerate(items):
        if isinstance(item, Claim):
            for row in _rows_of(item, given.name, source, ordinal):
                writer.add(row)
            yield item
            continue
        mark = _mark(item)
        if item.severity == "warning":
            yield refused_of(item, given.name)
        elif mark != last or mark[1] == "":
            last = mark
            yield refused_of(item, given.name)


def _mark(problem: Problem) -> tuple[str, str, int | None]:
    where = problem.location
    line = where.line if where.column is None else None
    return where.file, (where.place or "").split(",")[0], line


def _rows_of(claim: Claim, file: str, source: int, ordinal: int) -> Iterator[dict[str, Any]]:
    billing = claim.billing_provider or Provider()
    shared: dict[str, Any] = {
        "key": f"{source}-{ordinal}",
        "kind": 0,
        "file": file,
        "payer": claim.payer.id,
        "payer_name": claim.payer.name,
        "payer_identifier": claim.payer.identifier,
        "patient": claim.patient.id,
        "birth_date": claim.patient.birth_date and claim.patient.birth_date.isoformat(),
        "sex": claim.patient.sex,
        "billing_npi": billing.npi,
        "billing_specialty": billing.specialty,
        "billing_taxonomy": billing.taxonomy,
        "group": billing.group,
        "diagnoses": list(claim.diagnoses),
        "documentation": _record(claim),
        **{n: getattr(claim.payer, n) for n in ("contractor", "plan", "state")},
        **{n: getattr(claim, n) for n in _SAME},
    }
    for n, line in enumerate(claim.lines):
        yield {**shared, "ord": n, **_line(line)}


_SAME = (
    "claim_id", "form", "stage", "replaces", "frequency", "type_of_bill", "facility_type",
    "prior_authorization", "note",
)  # fmt: skip


def _line(line: Line) -> dict[str, Any]:
    provider = line.rendering_provider or Provider()
    return {
        "number": str(line.number),
        "procedure": line.procedure,
        "modifiers": list(line.modifiers),
        "units": None if line.units is None else str(line.units),
        "service_date": line.service_date.isoformat(),
        "place_of_service": line.place_of_service,
        "pointers": list(line.diagnoses),  # resolved: of these, nothing is left to be looked up
        "charge": None if line.charge is None else str(line.charge),
        "rendering_npi": provider.npi,
        "rendering_specialty": provider.specialty,
        "rendering_taxonomy": provider.taxonomy,
        "rendering_group": provider.group,
        "revenue_code": line.revenue_code,
        "ndc": line.ndc,
        "line_prior_authorization": line.prior_authorization,
        "line_note": line.note,
    }


def _record(claim: Claim) -> str | None:
    lines = {str(x.number): dict(x.documentation) for x in claim.lines if x.documentation}
    if not claim.documentation and not lines:
        return None
    return dumped({"claim": dict(claim.documentation), "lines": lines})


def dumped(data: Any) -> str:
    """JSON in which numbers with decimals stay numbers."""
    return json.dumps(data, ensure_ascii=False, default=_plain)


def _plain(value: Any) -> Any:
    return float(value) if isinstance(value, Decimal) else str(value)
