"""Tables that are written column by column are those that are written claim by claim."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from random import Random
from types import SimpleNamespace
from typing import Any

import pytest
from pyarrow.parquet import ParquetWriter, read_table

from engine.batch.judge import Judge, whole_patients
from engine.batch.judge.rows import Rows, finding_row, need_rows
from engine.batch.judge.wide import COUNTS, About, Kind, Wide
from engine.batch.judge.written import Written
from engine.batch.schemas import CODED, OUTPUTS
from engine.batch.settings import Settings
from engine.batch.staging.records import records
from engine.batch.work.worker import write
from engine.documents.source import from_folder
from engine.model.claim import Claim, Line, Payer, Provider
from engine.report.result import Summary
from tests.batch.staged import staged
from tests.policies.shipped import SHIPPED

OF_THE_CLAIM = {
    "claim_id", "payer", "contractor", "billing_npi", "group", "book", "lines", "service_date",
    "rendering_npi", "charge", "procedure", "place_of_service",
}  # fmt: skip
Outcome = tuple[Claim, Any, Summary, str]


@pytest.fixture(scope="module")
def outcomes(few: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Outcome]:
    """Claims, the books that decided them, what was decided, and their files."""
    found: list[Outcome] = []
    work = tmp_path_factory.mktemp("wide")
    staged(work, [few])
    with pytest.MonkeyPatch.context() as patch:

        def add(_: Rows, decided: Any, shown: Summary, file: str) -> None:
            found.append((decided.around.claim, decided.around.bound.book, shown, file))

        patch.setattr(Rows, "add", add)
        judge = Judge(Settings(from_folder(SHIPPED)))
        for batch in whole_patients(records(work, 0)):
            judge(batch)
    assert sum(len(shown.findings) for _, _, shown, _ in found) > 5
    assert sum(len(shown.open) for _, _, shown, _ in found) > 5
    return found


def one_by_one(outcomes: list[Outcome]) -> Written:
    """What is written of each claim by itself."""
    rows = Rows()
    for claim, book, shown, file in outcomes:
        around = SimpleNamespace(claim=claim, bound=SimpleNamespace(book=book))
        rows.add(SimpleNamespace(around=around), shown, file)  # type: ignore[arg-type]
    return rows.written()


def by_columns(wide: Wide, outcomes: list[Outcome], numbers: dict[Any, int]) -> Written:
    """The same column by column; `numbers` are those of the templates so far."""
    given: dict[Kind, list[tuple[int, int, tuple[int, ...]]]] = {"findings": [], "needs": []}
    for n, (claim, _, shown, _) in enumerate(outcomes):
        for kind, row in _rows(claim, shown):
            words = {k: v for k, v in row.items() if k not in OF_THE_CLAIM}
            mark = (kind, repr(words))
            if mark not in numbers:
                numbers[mark] = wide.template(kind, words)
            given[kind].append((n, numbers[mark], tuple(row["lines"])))
    about = {kind: About(*zip(*rows, strict=True)) if rows else About((), (), ())
             for kind, rows in given.items()}  # fmt: skip
    return wide.written(
        [claim for claim, *_ in outcomes],
        [book.digest for _, book, *_ in outcomes],
        [file for *_, file in outcomes],
        [shown.verdict for _, _, shown, _ in outcomes],
        [tuple(shown.checked[name] for name in COUNTS) for _, _, shown, _ in outcomes],
        about["findings"],
        about["needs"],
    )


def _rows(claim: Claim, shown: Summary) -> Iterator[tuple[Kind, Mapping[str, Any]]]:
    for finding in shown.findings:
        yield "findings", finding_row(claim, finding)
    for question in shown.open:
        for row in need_rows(claim, question):
            yield "needs", row


def same(one: Written, other: Written) -> None:
    assert one.verdicts == other.verdicts
    assert str(one.charge) == str(other.charge)
    for name, schema in OUTPUTS.items():
        table = other.tables[name]
        assert table.schema == one.tables[name].schema == CODED[name]
        assert table.cast(schema) == one.tables[name].cast(schema), name
        table.validate(full=True)


def test_what_was_decided_is_written_alike(outcomes: list[Outcome]) -> None:
    same(one_by_one(outcomes), by_columns(Wide(), outcomes, {}))


def test_templates_are_kept(outcomes: list[Outcome]) -> None:
    wide, numbers = Wide(), dict[Any, int]()
    half = len(outcomes) // 2
    for part in (outcomes[:half], [], outcomes[half:], outcomes):
        same(one_by_one(part), by_columns(wide, part, numbers))
    assert len(wide) == len(numbers)


def test_both_ways_are_added_up_and_written(outcomes: list[Outcome], tmp_path: Path) -> None:
    half, whole = len(outcomes) // 2, one_by_one(outcomes)
    joined = by_columns(Wide(), outcomes[:half], {}) + one_by_one(outcomes[half:])
    same(whole, Written() + joined + Written())
    for name, schema in OUTPUTS.items():
        with ParquetWriter(tmp_path / name, CODED[name], store_schema=False) as file:
            write(file, joined.tables[name])
        assert read_table(tmp_path / name) == whole.tables[name].cast(schema)
        assert joined.count(name) == whole.count(name) == read_table(tmp_path / name).num_rows


@pytest.mark.parametrize("seed", range(5))
def test_other_claims_and_lines_are_written_alike(outcomes: list[Outcome], seed: int) -> None:
    chance = Random(seed)
    others = [_changed(outcome, chance) for outcome in outcomes]
    same(one_by_one(others), by_columns(Wide(), others, {}))


def _changed(outcome: Outcome, chance: Random) -> Outcome:
    claim, book, shown, file = outcome
    lines = tuple(
        replace(_line(chance.choice(claim.lines), chance), number=n)
        for n in chance.sample(range(1, 9), chance.randrange(1, 5))
    )
    claim = replace(
        claim,
        lines=lines,
        payer=chance.choice([claim.payer, Payer(name="somebody"), Payer(plan="gold")]),
        billing_provider=chance.choice([claim.billing_provider, None, Provider(group="ours")]),
        facility_type=chance.choice([None, "other"]),
        type_of_bill=chance.choice([None, "131", "831", "999"]),
    )
    findings = [{**finding, "lines": _numbers(lines, chance)} for finding in shown.findings]
    asked = [replace(question, lines=_numbers(lines, chance)) for question in shown.asked]
    return claim, book, replace(shown, findings=findings, asked=asked), file


def _line(line: Line, chance: Random) -> Line:
    return replace(
        line,
        charge=chance.choice([None, Decimal("10"), Decimal("10.5"), line.charge]),
        place_of_service=chance.choice([None, "11", "24", "99"]),
        rendering_provider=chance.choice([line.rendering_provider, None, Provider(specialty="9")]),
    )


def _numbers(lines: tuple[Line, ...], chance: Random) -> list[int]:
    return sorted(chance.sample([*(line.number for line in lines), 99], chance.randrange(3)))
