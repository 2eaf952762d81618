"""Records claims: versions of one claim, claims that replace or void another, and re-imports.

One event of a claim adds one row to `claim_version` and a row to `service` for every line that it
says something new of. Rows are never changed, except that `current` passes to the newest.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import sqlalchemy as sa

from engine.ledger.kinds import REPLACES, VOIDS, ends_on, event_of, frequency, status_of
from engine.ledger.known import Known, Version
from engine.ledger.names import Names
from engine.ledger.rows import Row, claim_rows, digest
from engine.ledger.schema import SERVICE, VERSION
from engine.model.claim import Claim


class AlsoConcernsError(Exception):
    """The claim touches services of patients that this transaction has not locked."""

    def __init__(self, patients: Collection[str]) -> None:
        super().__init__("other patients are concerned, too")
        self.patients = frozenset(patients)


@dataclass(frozen=True, slots=True)
class Told:
    """What became of one claim: ``recorded``, ``known`` (nothing new) or ``refused``, and why."""

    claim_id: str
    what: str
    why: str = ""


@dataclass
class Recorder:
    """Records on one connection. `locked` are the patients that are locked; None: all of them.
    `holds`: the patients may have holds, which end when their service is billed."""

    connection: sa.Connection
    names: Names
    source: int
    now: str
    locked: frozenset[str] | None = None
    holds: bool = True
    _versions: list[Row] = field(default_factory=list)
    _services: list[Row] = field(default_factory=list)
    _last: dict[str, int] = field(default_factory=dict)

    def claims(self, claims: Sequence[Claim], expires_on: date | None = None) -> list[Told]:
        """Record claims in order; a planned one is a hold until the end of `expires_on`."""
        found: list[Told] = []
        for group in _apart(claims, self.names):
            known = Known.of_claims(self.connection, self.names, group, holds=self.holds)
            found += [self._claim(claim, known, expires_on) for claim in group]
            self.flush()
        return found

    def flush(self) -> None:
        """Write what was collected."""
        if self._versions:
            self.connection.execute(sa.insert(VERSION), self._versions)
        if self._services:
            self.connection.execute(sa.insert(SERVICE), self._services)
        self._versions, self._services, self._last = [], [], {}

    def _claim(self, claim: Claim, known: Known, expires_on: date | None) -> Told:
        rows = claim_rows(self.names, claim, status_of(claim))
        claim_id, patient = self.names.claim(claim.claim_id), self.names.patient(claim.patient.id)
        planned = claim.stage == "planned"
        for row in rows if planned else ():
            row["expires_on"] = ends_on(claim, expires_on)
        content = _content(claim, rows)
        own = known.versions(claim_id)
        if any(v.content == content for v in (own[-1:] if planned else own)):
            return Told(claim.claim_id, "known")
        kind = frequency(claim)
        if own and own[-1].patient != patient and kind not in (REPLACES, VOIDS):
            return Told(
                claim.claim_id, "refused", "the ledger has a claim of this id of another patient"
            )
        late = self._late(claim_id, own, kind, known)
        if not late:
            self._supersede(claim, own, known, voids=kind == VOIDS)
        for row in rows:
            row["current"] = not late
            row["status"] = "void" if late == VOIDS else row["status"]
        self.event(claim_id, patient, event_of(claim), content, rows, own, self._original(claim))
        if not planned and not late and kind != VOIDS:
            self._bill_holds(claim_id, rows, known)
        return Told(claim.claim_id, "recorded")

    def event(
        self,
        claim_id: str,
        patient: str,
        event: str,
        content: str,
        rows: list[Row],
        own: Sequence[Version],
        replaces: str | None = None,
        payer_control: str | None = None,
    ) -> None:
        """Collect one event of a claim with the rows that it adds."""
        # One batch can say two things of a claim, such as two replacements of it.
        version = self._last.get(claim_id, own[-1].version if own else 0) + 1
        self._last[claim_id] = version
        self._versions.append(
            {
                "claim_id": claim_id,
                "version": version,
                "event": event,
                "patient": patient,
                "content": content,
                "lines": len(rows),
                "replaces": replaces,
                "payer_control": payer_control,
                "source": self.source,
                "recorded_at": self.now,
            }
        )
        self._services += [{**row, "version": version} for row in rows]

    def retire(self, claim_ids: Collection[str], lines: Collection[int] | None = None) -> None:
        """Take the mark `current` from the rows of claims (or from some lines of one claim)."""
        update = sa.update(SERVICE).where(
            SERVICE.c.claim_id.in_(claim_ids), SERVICE.c.current.is_(True)
        )
        if lines is not None:
            update = update.where(SERVICE.c.line.in_(lines))
        self.connection.execute(update.values(current=False))

    def _original(self, claim: Claim) -> str | None:
        return self.names.claim(claim.replaces) if claim.replaces else None

    def _late(
        self, claim_id: str, own: Sequence[Version], kind: str | None, known: Known
    ) -> str | None:
        """How a claim was superseded before it came: its replacement or void arrived first."""
        later = list(known.replacing(claim_id))
        if kind not in (REPLACES, VOIDS):
            later += [v for v in own if v.event in ("replacement", "void claim")]
        if not later:
            return None
        return VOIDS if any(v.event == "void claim" for v in later) else REPLACES

    def _supersede(
        self, claim: Claim, own: Sequence[Version], known: Known, *, voids: bool
    ) -> None:
        claim_id = self.names.claim(claim.claim_id)
        original = self._original(claim)
        others = {v.claim_id for v in known.called(original)} - {claim_id} if original else set()
        touched = others | ({claim_id} if own else set())
        if not touched:
            return
        patients = {v.patient for one in touched for v in known.versions(one)}
        if self.locked is not None and not patients <= self.locked:
            raise AlsoConcernsError(patients)
        for other in sorted(others):
            self._note_replaced(other, claim_id, known, voids=voids)
        self.retire(touched)

    def _note_replaced(self, other: str, by: str, known: Known, *, voids: bool) -> None:
        """The original keeps its rows; a void adds rows that say so."""
        own = known.versions(other)
        rows = known.current_rows(self.connection, other) if voids else []
        rows = [{**row, "status": "void"} for row in rows]
        word = "voided" if voids else "replaced"
        self.event(other, own[-1].patient, f"{word} by {by}", digest([word, by]), rows, own)

    def _bill_holds(self, claim_id: str, rows: list[Row], known: Known) -> None:
        """A hold ends when its service is billed: same patient, payer, day and procedure."""
        billed = {_place(row) for row in rows}
        for hold in known.holds:
            if hold["claim_id"] != claim_id and _place(hold) in billed:
                self.end_hold(hold["claim_id"], f"billed by {claim_id}", known)

    def end_hold(self, hold: str, why: str, known: Known) -> None:
        """A hold no longer reserves anything."""
        own = known.versions(hold)
        if any(v["claim_id"] == hold for v in self._versions):
            return
        patient = own[-1].patient
        self.event(hold, patient, why, digest([why, len(own)]), [], own)
        self.retire([hold])


def _content(claim: Claim, rows: list[Row]) -> str:
    left_out = ("current", "payer_control")
    lines = [{k: v for k, v in row.items() if k not in left_out} for row in rows]
    return digest([frequency(claim), claim.stage, claim.replaces, lines])


def _place(row: Row) -> tuple[Any, ...]:
    return row["patient"], row["payer"], row["service_date"], row["procedure"]


def _apart(claims: Sequence[Claim], names: Names) -> Iterator[list[Claim]]:
    """Runs of claims that do not touch each other, so that each run is read and written once."""
    group: list[Claim] = []
    touched: set[str] = set()
    for claim in claims:
        mine = {names.claim(c) for c in (claim.claim_id, claim.replaces) if c}
        if touched & mine or (group and group[-1].stage != claim.stage):
            yield group
            group, touched = [], set()
        group.append(claim)
        touched |= mine
    if group:
        yield group
