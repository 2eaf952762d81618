"""Records services of a history: single lines from other sources, and what they say of status."""

from __future__ import annotations

import json
from collections.abc import Collection, Sequence

import sqlalchemy as sa

from engine.ledger.kinds import OF_CLAIMS
from engine.ledger.known import Known
from engine.ledger.record import Recorder, Told
from engine.ledger.rows import Row, digest, occurrences, same_facts, service_row
from engine.ledger.schema import COVERAGE, SERVICE
from engine.model.claim import Coverage, Service

_DECIDED = ("paid", "denied", "void")


def record_services(recorder: Recorder, services: Sequence[Service]) -> list[Told]:
    """Record services; those of one claim are one event. What the ledger knows is left as it is.

    Of a claim that the ledger has read itself, a history may only tell what became of its lines.
    """
    by_claim: dict[str, list[Row]] = {}
    for service, occurrence in occurrences(services):
        row = service_row(recorder.names, service, occurrence)
        by_claim.setdefault(row["claim_id"], []).append(row)
    known = Known.of_ids(recorder.connection, by_claim)
    current = _current(recorder.connection, by_claim)
    told = [
        _record(recorder, claim_id, rows, known, current) for claim_id, rows in by_claim.items()
    ]
    recorder.flush()
    return told


def _record(
    recorder: Recorder,
    claim_id: str,
    rows: list[Row],
    known: Known,
    current: dict[tuple[str, int], Row],
) -> Told:
    own = known.versions(claim_id)
    content = digest(rows)
    if any(v.content == content for v in own) or _superseded(known, claim_id):
        return Told(claim_id, "known")
    if own and own[-1].patient != rows[0]["patient"]:
        return Told(claim_id, "refused", "the ledger has this claim id of another patient")
    if any(v.event in OF_CLAIMS for v in own):
        news = _news_of_status(rows, claim_id, current)
    else:
        news = [row for row in rows if _is_news(row, current.get((claim_id, row["line"])))]
    if not news:
        return Told(claim_id, "known")
    lines = {row["line"] for row in news if (claim_id, row["line"]) in current}
    if lines:
        recorder.retire([claim_id], lines)
    unique = list({row["line"]: row for row in news}.values())
    recorder.event(claim_id, unique[0]["patient"], "history", content, unique, own)
    return Told(claim_id, "recorded")


def _superseded(known: Known, claim_id: str) -> bool:
    if any(True for _ in known.replacing(claim_id)):
        return True
    return any(v.event.startswith(("replaced by", "voided by")) for v in known.versions(claim_id))


def _is_news(row: Row, before: Row | None) -> bool:
    if before is None or not same_facts(row, before):
        return True
    status = row["status"]
    if status is None or status == before["status"]:
        return False
    return status in _DECIDED or before["status"] not in _DECIDED


def _news_of_status(
    rows: list[Row], claim_id: str, current: dict[tuple[str, int], Row]
) -> list[Row]:
    """Lines of the ledger's own claim that were decided, as the history says."""
    news = []
    for row in rows:
        before = current.get((claim_id, row["line"]))
        if before is None or row["status"] not in _DECIDED or before["status"] == "void":
            continue
        same = all(before[name] == row[name] for name in ("service_date", "procedure"))
        if same and before["status"] != row["status"]:
            news.append({**before, "status": row["status"]})
    return news


def _current(connection: sa.Connection, ids: Collection[str]) -> dict[tuple[str, int], Row]:
    query = sa.select(SERVICE).where(
        SERVICE.c.claim_id.in_(sorted(ids)), SERVICE.c.current.is_(True)
    )
    found = [dict(row._mapping) for row in connection.execute(query)]
    return {(row["claim_id"], row["line"]): row for row in found}


def record_coverage(
    recorder: Recorder, spans: Sequence[Coverage], *, everyone: bool = False
) -> int:
    """Record what is complete; `everyone` says it of every patient. Returns what was new."""
    rows = [_coverage_row(recorder, span, everyone=everyone) for span in spans]
    patients = sorted({row["patient"] for row in rows if row["patient"] is not None})
    c = COVERAGE.c
    query = sa.select(COVERAGE).where(sa.or_(c.patient.is_(None), c.patient.in_(patients)))
    before = {_mark(dict(row._mapping)) for row in recorder.connection.execute(query)}
    new = list({_mark(row): row for row in rows if _mark(row) not in before}.values())
    if new:
        recorder.connection.execute(sa.insert(COVERAGE), new)
    return len(new)


def _coverage_row(recorder: Recorder, span: Coverage, *, everyone: bool) -> Row:
    return {
        "patient": None if everyone else recorder.names.patient(span.patient_id),
        "complete_from": span.complete_from,
        "complete_to": span.complete_to,
        "providers": None if span.providers is None else json.dumps(span.providers),
        "own_group": span.own_group,
        "procedures": None if span.procedures is None else json.dumps(span.procedures),
        "source": recorder.source,
    }


def _mark(row: Row) -> tuple[object, ...]:
    return tuple(row[name] for name in row if name not in ("id", "source"))
