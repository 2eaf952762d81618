"""What the rows of many claims say of the claims themselves, column by column."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from decimal import Decimal
from operator import attrgetter
from typing import Any, Final

import pyarrow as pa

from engine.batch.judge.rows import NOBODY
from engine.batch.schemas import MONEY, TEXT
from engine.model.claim import Claim, Line, Payer
from engine.model.facility import facility_type

Columns = dict[str, pa.Array]


def short(column: pa.Array) -> pa.Array:
    """Texts as codes; other columns as they are."""
    return column.dictionary_encode() if pa.types.is_string(column.type) else column


def of_claims(claims: Sequence[Claim], charges: Sequence[Decimal | None]) -> Columns:
    """Columns of the claims, of which `charges` are the charges of all their lines together."""
    first = [claim.lines[0] for claim in claims]
    texts = {
        "claim_id": [claim.claim_id for claim in claims],
        "form": [claim.form for claim in claims],
        "facility_type": _facilities(claims, first),
        "place_of_service": [line.place_of_service for line in first],
    }
    return {
        **{name: short(pa.array(values, TEXT)) for name, values in texts.items()},
        **_taken([claim.payer for claim in claims], _PAYER),
        **_taken([claim.billing_provider or NOBODY for claim in claims], _BILLING),
        **_taken([line.rendering_provider or NOBODY for line in first], _RENDERING),
        **_taken(charges, {"charge": _itself}, MONEY),
        "service_date": pa.array([line.service_date for line in first], pa.date32()),
        "lines": pa.array([len(claim.lines) for claim in claims], pa.int32()),
    }


def _itself(value: Any) -> Any:
    return value


_PAYER: Final[Mapping[str, Callable[[Payer], str | None]]] = {
    "payer": lambda payer: payer.id or payer.name,
    "contractor": attrgetter("contractor"),
    "plan": attrgetter("plan"),
    "state": attrgetter("state"),
}
_BILLING: Final = {"billing_npi": attrgetter("npi"), "group": attrgetter("group")}
_RENDERING: Final = {"rendering_npi": attrgetter("npi"), "specialty": attrgetter("specialty")}


def _taken(
    objects: Sequence[Any],
    columns: Mapping[str, Callable[[Any], Any]],
    kind: pa.DataType = TEXT,
) -> Columns:
    """Columns of what stands in objects that rows share: each object is looked at once."""
    distinct = {id(value): value for value in objects}
    position = {mark: n for n, mark in enumerate(distinct)}
    codes = pa.array([position[id(value)] for value in objects], pa.int32())
    return {
        name: short(pa.array(list(map(of, distinct.values())), kind)).take(codes)
        for name, of in columns.items()
    }


def _facilities(claims: Sequence[Claim], first: Sequence[Line]) -> list[str | None]:
    known: dict[tuple[str | None, ...], str | None] = {}
    found = []
    for claim, line in zip(claims, first, strict=True):
        mark = (claim.facility_type, claim.type_of_bill, line.place_of_service)
        if mark not in known:
            known[mark] = facility_type(claim, line)[0]
        found.append(known[mark])
    return found
