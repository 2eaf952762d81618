"""Turns claims and services into rows of the ledger, and rows back into services."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import Any, TypeAlias

from engine.ledger.names import Names
from engine.model.claim import NOTHING, Amount, Claim, FactValue, Line, Service

Row: TypeAlias = dict[str, Any]

FACTS = (
    "patient", "service_date", "procedure", "modifiers", "units", "side", "place_of_service",
    "diagnoses", "rendering_npi", "provider_group", "payer", "documentation",
)  # fmt: skip
"""What a line states of a service; the other columns say what became of it."""
_SIDES = {"RT": "R", "LT": "L", "50": "LR"}
_STATED = {"right": "R", "left": "L", "bilateral": "LR"}
_CACHE = 1 << 14


def claim_rows(names: Names, claim: Claim, status: str) -> list[Row]:
    """A row for each line of a claim, without its version."""
    group = claim.billing_provider.group if claim.billing_provider else None
    payer = claim.payer.id or claim.payer.name or claim.payer.identifier
    shared = {
        "claim_id": names.claim(claim.claim_id),
        "patient": names.patient(claim.patient.id),
        "provider_group": group,
        "payer": payer,
        "status": status,
        "payer_control": None,
        "expires_on": None,
        "current": True,
    }
    rows = []
    for line in claim.lines:
        facts = _joined(claim.documentation, line.documentation)
        rows.append({**shared, "line": line.number, **_line(line, facts, hashed=names.hashed)})
    return rows


def service_row(names: Names, service: Service, occurrence: int) -> Row:
    """The row of one service of a history.

    A service without claim or line number gets both from a digest of its facts, so that it is
    found again when it is imported again; `occurrence` tells equal ones of one file apart.
    """
    facts = service.line.documentation
    row: Row = {
        "patient": names.patient(service.patient_id),
        "provider_group": service.group,
        "payer": service.payer,
        "status": service.status,
        "payer_control": None,
        "expires_on": None,
        "current": True,
        **_line(service.line, facts, hashed=names.hashed),
    }
    said = digest([[row[name] for name in FACTS if name != "documentation"], occurrence])
    row["claim_id"] = names.claim(service.claim_id) if service.claim_id else f"?{said[:24]}"
    row["line"] = service.line.number or -(int(said[-7:], 16) + 1)
    return row


def digest(said: Any) -> str:
    """A short digest of anything that JSON can hold."""
    text = json.dumps(said, sort_keys=True, default=str, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def same_facts(one: Mapping[str, Any], two: Mapping[str, Any]) -> bool:
    """Whether two rows state the same of a service."""
    return all(one[name] == two[name] for name in FACTS)


def _line(line: Line, facts: Mapping[str, FactValue], *, hashed: bool) -> Row:
    provider = line.rendering_provider
    kept = {name: value for name, value in facts.items() if not (hashed and _free(value))}
    return {
        "service_date": line.service_date,
        "procedure": line.procedure,
        "modifiers": " ".join(line.modifiers),
        "units": None if line.units is None else str(line.units),
        "side": _side(line, facts),
        "place_of_service": line.place_of_service,
        "diagnoses": " ".join(line.diagnoses),
        "rendering_npi": provider.npi if provider else None,
        "documentation": written_facts(kept) if kept else None,
    }


def _free(value: FactValue) -> bool:
    """Whether a fact is free text, which may name a person: words with a space between them."""
    if isinstance(value, tuple):
        return any(map(_free, value))
    return isinstance(value, str) and " " in value.strip() and not value[:1].isdigit()


def _side(line: Line, facts: Mapping[str, FactValue]) -> str | None:
    found = "".join(sorted({s for m in line.modifiers for s in _SIDES.get(m, "")}))
    stated = facts.get("side")
    return found or (_STATED.get(stated) if isinstance(stated, str) else None)


def _joined(
    claim: Mapping[str, FactValue], line: Mapping[str, FactValue]
) -> Mapping[str, FactValue]:
    """What the record says of a line: a fact that claim and line state differently is open."""
    if not claim or not line:
        return claim or line
    differ = {name for name in claim.keys() & line.keys() if claim[name] != line[name]}
    return {name: value for name, value in {**claim, **line}.items() if name not in differ}


def written_facts(facts: Mapping[str, FactValue]) -> str:
    """Documented facts as the ledger stores them."""
    return json.dumps(facts, sort_keys=True, default=_number, separators=(",", ":"))


def _number(value: Any) -> Any:
    return {"number": str(value)} if isinstance(value, Decimal) else str(value)


@lru_cache(maxsize=_CACHE)
def read_facts(text: str | None) -> Mapping[str, FactValue]:
    """Documented facts as they were written."""
    if text is None:
        return NOTHING
    return {name: _read(value) for name, value in json.loads(text).items()}


def _read(value: Any) -> FactValue:
    if isinstance(value, dict):
        return Decimal(value["number"])
    return tuple(map(_read, value)) if isinstance(value, list) else value


@lru_cache(maxsize=_CACHE)
def read_words(text: str) -> tuple[str, ...]:
    """Codes that stand in one text."""
    return tuple(text.split())


@lru_cache(maxsize=_CACHE)
def read_units(text: str | None) -> Amount | None:
    """Units, whole where they can be."""
    if text is None:
        return None
    return int(text) if text.isdigit() else Decimal(text)


def occurrences(services: Iterable[Service]) -> Iterable[tuple[Service, int]]:
    """Each service with how many equal ones came before it."""
    seen: dict[str, int] = {}
    for service in services:
        if service.claim_id is not None and service.line.number:
            yield service, 0
            continue
        line = service.line
        npi = line.rendering_provider.npi if line.rendering_provider else None
        said = (service.patient_id, service.claim_id, line.service_date, line.procedure)
        mark = digest([*said, line.modifiers, line.units, npi, service.group, service.payer])
        seen[mark] = seen.get(mark, -1) + 1
        yield service, seen[mark]
