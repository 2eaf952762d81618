"""What the ledger knows of some claims already, fetched at once for a whole batch."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

import sqlalchemy as sa

from engine.ledger.names import Names
from engine.ledger.rows import Row
from engine.ledger.schema import SERVICE, VERSION
from engine.model.claim import Claim


@dataclass(frozen=True, slots=True)
class Version:
    """One event of a claim, see `engine.ledger.schema`."""

    claim_id: str
    version: int
    event: str
    patient: str
    content: str
    replaces: str | None
    payer_control: str | None


_COLUMNS = [VERSION.c[name] for name in Version.__dataclass_fields__]
_BY_ID = sa.select(*_COLUMNS).where(
    VERSION.c.claim_id.in_(sa.bindparam("ids", expanding=True))
    | VERSION.c.replaces.in_(sa.bindparam("ids", expanding=True))
)
# A desk asks for one claim at a time; a statement without a list is ready at once.
_BY_ONE_ID = sa.select(*_COLUMNS).where(
    (VERSION.c.claim_id == sa.bindparam("id")) | (VERSION.c.replaces == sa.bindparam("id"))
)
_BY_CONTROL = sa.select(*_COLUMNS).where(
    VERSION.c.claim_id.in_(
        sa.select(VERSION.c.claim_id).where(
            VERSION.c.payer_control.in_(sa.bindparam("ids", expanding=True))
        )
    )
)
_HOLDS = sa.select(SERVICE).where(
    SERVICE.c.patient.in_(sa.bindparam("patients", expanding=True)),
    SERVICE.c.current.is_(True),
    SERVICE.c.status == "planned",
)


@dataclass
class Known:
    """Versions by claim, and the holds of the patients concerned."""

    found: dict[str, list[Version]] = field(default_factory=dict)
    holds: list[Row] = field(default_factory=list)

    @classmethod
    def of_claims(
        cls, connection: sa.Connection, names: Names, claims: Sequence[Claim], *, holds: bool
    ) -> Known:
        """What bears on recording these claims."""
        originals = {names.claim(c.replaces) for c in claims if c.replaces}
        known = cls.of_ids(connection, {names.claim(c.claim_id) for c in claims} | originals)
        if originals:
            known.add(connection.execute(_BY_CONTROL, {"ids": sorted(originals)}))
        billed = {names.patient(c.patient.id) for c in claims if c.stage != "planned"}
        if holds and billed:
            known.fetch_holds(connection, billed)
        return known

    @classmethod
    def of_ids(cls, connection: sa.Connection, ids: Iterable[str]) -> Known:
        """Versions of claims by the ids stored, and of those that replace them."""
        known, wanted = cls(), sorted(ids)
        if len(wanted) == 1:
            known.add(connection.execute(_BY_ONE_ID, {"id": wanted[0]}))
        else:
            known.add(connection.execute(_BY_ID, {"ids": wanted}))
        return known

    def add(self, rows: Iterable[sa.Row[Any]]) -> None:
        """Take up versions that were fetched; each once, in order."""
        for row in rows:
            version = Version(**row._mapping)  # the columns are its fields
            mine = self.found.setdefault(version.claim_id, [])
            if version not in mine:
                mine.append(version)
                mine.sort(key=lambda v: v.version)

    def fetch_holds(self, connection: sa.Connection, patients: Iterable[str]) -> None:
        """Take up the holds of patients, and the versions of those holds."""
        rows = connection.execute(_HOLDS, {"patients": sorted(patients)})
        self.holds = [dict(row._mapping) for row in rows]
        ids = {hold["claim_id"] for hold in self.holds} - self.found.keys()
        if ids:
            self.add(connection.execute(_BY_ID, {"ids": sorted(ids)}))

    def versions(self, claim_id: str) -> list[Version]:
        """The events of a claim, the first one first."""
        return self.found.get(claim_id, [])

    def replacing(self, claim_id: str) -> Iterable[Version]:
        """Events of other claims that replace or void this one, by its id or its payer's."""
        marks = {claim_id, *(v.payer_control for v in self.versions(claim_id) if v.payer_control)}
        for versions in self.found.values():
            yield from (v for v in versions if v.replaces in marks and v.claim_id != claim_id)

    def called(self, reference: str) -> list[Version]:
        """The events of the claims that a replacement means: by their id, or by the payer's."""
        return [
            v
            for claim_id, versions in self.found.items()
            for v in versions
            if claim_id == reference or any(w.payer_control == reference for w in versions)
        ]

    @staticmethod
    def current_rows(connection: sa.Connection, claim_id: str) -> list[Row]:
        """The lines of a claim as they stand."""
        query = sa.select(SERVICE).where(
            SERVICE.c.claim_id == claim_id, SERVICE.c.current.is_(True)
        )
        return [dict(row._mapping) for row in connection.execute(query)]
