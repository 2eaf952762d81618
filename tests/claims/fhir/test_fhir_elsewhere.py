"""What the ledger reads of FHIR, and what history and documentation do not."""

from __future__ import annotations

import io
import json
from collections.abc import Iterator

from engine.claims.documentation import read_documentation
from engine.claims.entries import read_entries
from engine.claims.history import read_history
from engine.model.claim import Claim, History
from engine.model.problem import Problem
from tests.claims.fhir.build import (
    bundle,
    claim,
    one,
    resources,
)


def test_the_ledger_reads_the_same() -> None:
    def entries() -> Iterator[object]:
        for data in (bundle(resources()), claim(), [claim(), claim(status="entered-in-error")]):
            yield from read_entries("-", io.BytesIO(json.dumps(data).encode()))

    found = list(entries())
    assert [type(entry) for entry in found] == [Claim, Claim, Claim, Problem]
    assert found[0] == one(bundle(resources()))


def test_neither_history_nor_documentation_is_read_from_fhir() -> None:
    def content() -> io.BytesIO:
        return io.BytesIO(json.dumps(bundle(resources())).encode())

    history, told_of_history = read_history("-", content())
    record, told_of_record = read_documentation("-", content())
    assert (history, record) == (History(), {})
    assert [p.id for p in (*told_of_history, *told_of_record)] == ["unread-format"] * 2
    assert told_of_history[0].help is not None
    assert "ledger" in told_of_history[0].help
