"""Builds a claim from the texts of a record: what was read before is taken, the rest is checked."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from engine.batch.judge.checked import read_claim
from engine.batch.judge.taken import taken_claim
from engine.batch.schemas import OF_CLAIM, OF_LINES
from engine.claims import json_text
from engine.claims.documentation import ClaimRecord
from engine.claims.facts import facts_in
from engine.claims.fields import Fields
from engine.claims.where import Where
from engine.model.claim import Claim
from engine.model.problem import Problem

Record = Mapping[str, Any]
TABLE = ":"
"""With this begins the key of a claim that comes from a table, whose texts nobody has checked."""


def claim_of(record: Record) -> tuple[Claim | None, list[Problem]]:
    """The claim of a record, and what is wrong with it; None if it cannot be judged."""
    about, body = json.loads(record["about"]), json.loads(record["body"])
    claim = {**about, **{name: record[name] for name in ("patient", *OF_CLAIM)}}
    lines = [
        {**line, **{name: record[name][n] for name in OF_LINES}} for n, line in enumerate(body)
    ]
    if record["key"].startswith(TABLE):
        return read_claim(claim, lines, record["file"])
    return taken_claim(claim, lines, record["file"]), []


def record_of(text: str) -> ClaimRecord:
    """What a documentation file states of a claim, from the text in which it was kept."""
    data, _ = json_text.whole(text, "")
    where = Where(data["at"]["file"], data["at"]["line"])
    about = {"claim": data["claim"], "lines": data["lines"]}
    return ClaimRecord(where, *facts_in(Fields(about, ("claim", "lines"), where, [])))
