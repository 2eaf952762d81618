"""What is kept of claims that are judged together is bounded, and to let it go changes no row."""

from __future__ import annotations

import gc
import weakref
from datetime import date
from itertools import count
from pathlib import Path
from typing import Any

import pyarrow as pa
import pytest

from engine.batch.database import connect
from engine.batch.judge import Judge, together, whole_patients
from engine.batch.judge.bundles import Bundler
from engine.batch.judge.written import Written
from engine.batch.schemas import OUTPUTS
from engine.batch.settings import Settings
from engine.batch.staging.records import lines, parts_of
from engine.documents.source import from_folder
from tests.batch.staged import LEAST, staged
from tests.policies.shipped import SHIPPED


@pytest.fixture(scope="module")
def tables(plain: Path, tmp_path_factory: pytest.TempPathFactory) -> list[pa.Table]:
    """Lines of plain patients, twice: what was said of one table serves the next."""
    work = tmp_path_factory.mktemp("together")
    staged(work, [plain])
    with connect(work, 1) as database:
        found = [
            table
            for part in parts_of(work, 64)
            for table in whole_patients(lines(database, work, part), LEAST)
        ]
    return [*found, *found]


def _judge() -> Judge:
    return Judge(Settings(from_folder(SHIPPED), complete_from=date(2025, 1, 1)))


def _written(judge: Judge, tables: list[pa.Table]) -> list[Written]:
    judged = [judge.lines(table) for table in tables]
    assert not any(others for _, others in judged)
    return [found.written for found, _ in judged]


def test_what_is_let_go_changes_no_row(
    tables: list[pa.Table], monkeypatch: pytest.MonkeyPatch
) -> None:
    judge = _judge()
    kept = _written(judge, tables)
    assert judge._together.kept > 100
    monkeypatch.setattr(together, "MOST", 10)
    anew = _judge()
    for one, other in zip(kept, _written(anew, tables), strict=True):
        assert (one.verdicts, one.charge) == (other.verdicts, other.charge)
        for name, schema in OUTPUTS.items():
            assert one.tables[name].cast(schema) == other.tables[name].cast(schema)
            assert one.count(name) or name == "findings"
    assert anew._together.kept <= 10


def test_what_is_let_go_is_freed(tables: list[pa.Table], monkeypatch: pytest.MonkeyPatch) -> None:
    judge = _judge()
    held: list[weakref.ref[Any]] = [
        weakref.ref(judge._together._shared),
        weakref.ref(judge._together.wide),
    ]
    _written(judge, tables[:1])
    held += map(weakref.ref, judge._together._said.values())
    gc.collect()
    assert len(held) > 2
    assert None not in [thing() for thing in held]
    monkeypatch.setattr(together, "MOST", 1)
    _written(judge, tables[-1:])
    assert {thing() for thing in held} == {None}


@pytest.mark.parametrize("when", [2, 30, 55])
def test_what_was_half_made_serves_no_other_claim(
    tables: list[pa.Table], monkeypatch: pytest.MonkeyPatch, when: int
) -> None:
    """The program fails once, in the midst of what would be kept for claims like this one."""
    whole = _claims(_written(_judge(), tables))
    bundle, calls = Bundler.bundle, count()

    def failing(self: Bundler, *given: Any, **more: Any) -> Any:
        if next(calls) == when:
            raise RecursionError("too deep")
        return bundle(self, *given, **more)

    monkeypatch.setattr(Bundler, "bundle", failing)
    judge = _judge()
    judged = [judge.lines(table) for table in tables]
    assert sum(len(others) for _, others in judged) == 1
    rest = _claims([found.written for found, _ in judged])
    assert len(rest) == len(whole) - 2
    assert not [row for row in rest if row not in whole]


def _claims(written: list[Written]) -> list[Any]:
    return [row for found in written for row in found.tables["claims"].to_pylist()]
