"""Deletes everything of a patient, and looks afterwards whether anything is left."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import sqlalchemy as sa

from engine.ledger.events import stamp
from engine.ledger.schema import COVERAGE, METADATA, REMITTANCE, SERVICE, VERSION
from engine.ledger.store import Ledger

_CHUNK = 1 << 20


@dataclass
class Receipt:
    """What was deleted and what was searched for it afterwards; it names the patient nowhere.

    `removed` counts rows by table. `searched` says where the patient and the patient's claims
    were looked for after that, and `found` how often they were met: 0 is the proof.
    """

    at: str
    removed: dict[str, int] = field(default_factory=dict)
    identifiers: int = 0
    searched: dict[str, int] = field(default_factory=dict)
    found: int = 0


def forget(ledger: Ledger, patient: str) -> Receipt:
    """Delete a patient, empty the places where deleted rows linger, and search for what is left."""
    name = ledger.names.patient(patient)
    receipt = Receipt(stamp())
    with ledger.writing({name}) as connection:
        claims = _claims(connection, name)
        for table in (SERVICE, VERSION, REMITTANCE, COVERAGE):
            gone = table.c.patient == name
            if "claim_id" in table.c:
                gone |= table.c.claim_id.in_(sorted(claims))
            receipt.removed[table.name] = connection.execute(sa.delete(table).where(gone)).rowcount
    sought = {name, patient, *claims}
    receipt.identifiers = len(sought)
    _clean(ledger)
    _search_tables(ledger, sought, receipt)
    if ledger.place.path is not None:
        _search_files(ledger.place.path, sought, receipt)
    return receipt


def _claims(connection: sa.Connection, name: str) -> set[str]:
    """The claims that are this patient's alone; a claim that was moved to another stays there."""
    mine = sa.select(VERSION.c.claim_id).where(VERSION.c.patient == name)
    last = sa.select(VERSION.c.claim_id, VERSION.c.patient).where(VERSION.c.claim_id.in_(mine))
    owners: dict[str, set[str]] = {}
    for claim_id, patient in connection.execute(last):
        owners.setdefault(claim_id, set()).add(patient)
    return {claim_id for claim_id, patients in owners.items() if patients == {name}}


def _clean(ledger: Ledger) -> None:
    """Overwrite what deleted rows left behind in the files of the database."""
    if ledger.postgresql:
        statements = [f"VACUUM (FULL) {table.name}" for table in METADATA.sorted_tables]
    else:
        statements = ["VACUUM", "PRAGMA wal_checkpoint(TRUNCATE)"]
    with ledger.alone() as connection:
        for statement in statements:
            connection.exec_driver_sql(statement)


def _search_tables(ledger: Ledger, sought: set[str], receipt: Receipt) -> None:
    """Look into every text of every row: as a whole text, or anywhere inside one."""
    with ledger.reading() as connection:
        for table in METADATA.sorted_tables:
            texts = [c for c in table.c if isinstance(c.type, sa.Text)]
            rows = connection.execute(sa.select(*texts)) if texts else ()
            count = 0
            for row in rows:
                count += 1
                receipt.found += any(_holds(text, sought) for text in row)
            receipt.searched[f"rows of {table.name}"] = count


def _holds(text: str | None, sought: set[str]) -> bool:
    return text is not None and any(one == text or f" {one}" in text for one in sought)


def _search_files(path: Path, sought: set[str], receipt: Receipt) -> None:
    """Look into every byte of the database's files, where deleted rows would linger."""
    marks = [one.encode() for one in sought if len(one) >= 4]
    longest = max((len(mark) for mark in marks), default=1)
    for file in (path, *(path.with_name(path.name + end) for end in ("-wal", "-journal"))):
        if not file.exists():
            continue
        before = b""
        with file.open("rb") as content:
            while chunk := content.read(_CHUNK):
                window = before + chunk
                receipt.found += sum(mark in window for mark in marks)
                before = window[-longest:]
        receipt.searched[f"bytes of {file.suffix or file.name}"] = file.stat().st_size
