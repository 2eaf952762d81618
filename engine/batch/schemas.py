"""The columns of everything that a batch passes on and writes, as Arrow schemas."""

from __future__ import annotations

from typing import Final

import pyarrow as pa

TEXT: Final = pa.string()
_TEXTS: Final = pa.list_(TEXT)
CODE: Final = pa.dictionary(pa.int32(), TEXT)
MONEY: Final = pa.decimal128(18, 2)

CLAIM_LEVEL: Final = (
    "claim_id", "form", "stage", "replaces", "frequency", "type_of_bill", "payer", "payer_name",
    "payer_identifier", "contractor", "plan", "state", "patient", "birth_date", "sex",
    "billing_npi", "billing_specialty", "billing_taxonomy", "group", "facility_type",
    "prior_authorization", "note", "documentation",
)  # fmt: skip
LINE_LEVEL: Final = (
    "number", "procedure", "units", "service_date", "place_of_service", "charge", "rendering_npi",
    "rendering_specialty", "rendering_taxonomy", "rendering_group", "revenue_code", "ndc",
    "line_prior_authorization", "line_note", "line_documentation", "status",
)  # fmt: skip
LISTS: Final = ("diagnoses", "modifiers", "pointers")
DAYS: Final = ("birth_date", "service_date")
FIELDS: Final = (*CLAIM_LEVEL, *LINE_LEVEL, *LISTS)
"""The fields of a claim line, all as texts; a mapping file maps columns to these names."""

HISTORY: Final = 1
HISTORY_ONLY: Final = 2
STAGED: Final = pa.schema(
    [
        ("key", TEXT),
        ("kind", pa.int8()),
        ("file", TEXT),
        ("ord", pa.int32()),
        *((name, _TEXTS if name in LISTS else TEXT) for name in FIELDS),
    ]
)
"""Claim lines as they were read, one a row. `key` tells claims apart, `ord` orders the
lines of one; `kind` 0 is a line of a claim, `HISTORY` an entry of a history file as JSON text in
`documentation`; `HISTORY_ONLY` marks a line of a claim that only counts beside others."""

SORTED: Final = pa.schema(
    [
        *(pa.field(f.name, TEXT) if f.name in LISTS else f for f in STAGED),
        ("recorded", pa.bool_()),
    ]
)
"""Claim lines sorted by patient, claim and line; lists are texts in JSON, and `recorded` tells
whether documentation files state anything of the claim."""

OF_CLAIM: Final = (
    "claim_id", "replaces", "birth_date", "billing_npi", "group", "prior_authorization", "note",
)  # fmt: skip
OF_LINES: Final = (
    "service_date", "charge", "rendering_npi", "rendering_group", "line_prior_authorization",
    "line_note", "status",
)  # fmt: skip
RECORD: Final = pa.schema(
    [
        ("patient", TEXT),
        ("key", TEXT),
        ("file", TEXT),
        ("kind", pa.int8()),
        ("about", TEXT),
        ("body", TEXT),
        ("record", TEXT),
        ("copies", pa.int32()),
        *((name, TEXT) for name in OF_CLAIM),
        *((name, _TEXTS) for name in OF_LINES),
    ]
)
"""What a worker gets: a row a claim, sorted by patient. `kind` 0 is to be judged, 1 is an entry of
a history (in `about`), 2 a claim that is history only. `about` and `body` are what a claim and
its lines say apart from who, whom and when, as JSON; `record` is what documentation files
state of it; `copies` are rows that repeated others and were left out."""

_OF_FINDING = [
    ("service_date", pa.date32()),
    ("billing_npi", TEXT),
    ("group", TEXT),
    ("rendering_npi", TEXT),
    ("charge", MONEY),
]
CLAIMS: Final = pa.schema(
    [
        ("claim_id", TEXT),
        ("verdict", TEXT),
        ("payer", TEXT),
        ("contractor", TEXT),
        ("plan", TEXT),
        ("state", TEXT),
        ("form", TEXT),
        ("facility_type", TEXT),
        ("place_of_service", TEXT),
        ("service_date", pa.date32()),
        ("billing_npi", TEXT),
        ("group", TEXT),
        ("rendering_npi", TEXT),
        ("specialty", TEXT),
        ("charge", MONEY),
        ("lines", pa.int32()),
        ("met", pa.int32()),
        ("violated", pa.int32()),
        ("undecided", pa.int32()),
        ("not_applicable", pa.int32()),
        ("not_judged", pa.int32()),
        ("no_policy", pa.int32()),
        ("book", TEXT),
        ("file", TEXT),
    ]
)
FINDINGS: Final = pa.schema(
    [
        ("claim_id", TEXT),
        ("payer", TEXT),
        ("contractor", TEXT),
        ("policy", TEXT),
        ("rule", TEXT),
        ("topic", TEXT),
        ("finding", TEXT),
        ("lines", pa.list_(pa.int32())),
        ("procedure", TEXT),
        *_OF_FINDING[:1],
        ("place_of_service", TEXT),
        *_OF_FINDING[1:],
        ("group_code", TEXT),
        ("carc", TEXT),
        ("rarc", TEXT),
        ("message", TEXT),
        ("source", TEXT),
        ("locator", TEXT),
        ("evidence", TEXT),
        ("interpretations", _TEXTS),
        ("exception", TEXT),
        ("remedy", TEXT),
        ("remedy_class", TEXT),
        ("verified", pa.bool_()),
        ("book", TEXT),
    ]
)
NEEDS: Final = pa.schema(
    [
        ("claim_id", TEXT),
        ("payer", TEXT),
        ("contractor", TEXT),
        ("policy", TEXT),
        ("rule", TEXT),
        ("lines", pa.list_(pa.int32())),
        ("fact", TEXT),
        ("question", TEXT),
        ("depends_on", pa.int32()),
        ("weighs", pa.bool_()),
        *_OF_FINDING,
        ("book", TEXT),
    ]
)
OUTPUTS: Final = {"claims": CLAIMS, "findings": FINDINGS, "needs": NEEDS}


def _coded(schema: pa.Schema) -> pa.Schema:
    return pa.schema([f.with_type(CODE) if f.type == TEXT else f for f in schema])


CODED: Final = {name: _coded(schema) for name, schema in OUTPUTS.items()}
"""The outputs before they are written: each text once, and for each row which one it has. Most
texts stand in many rows; in files the columns are those of `OUTPUTS`."""
