"""What the database picks of awkward tables is what plain Python picks, and the counts agree."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from collections.abc import Iterable
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.batch import staging
from engine.batch.inputs import Input, opened
from engine.batch.staging import LINES, Staged, Stager
from engine.batch.staging.trigger import Past, Relevance, Trigger
from tests.batch.tables import as_csv

Row = dict[str, Any]
LOOKED_FOR = Trigger(
    frozenset({"20552", "J1030"}), frozenset({"59", "XU"}), frozenset({"M54.5", "G44.2"})
)
IDS = ("A1", " A1", "A1 ", "a1", "B\u00a0", "B", "0-0", ":A1", "", "  ", None)
CODES = ("20552", "j1030", " 20552 ", "99213", "64483", "20552,99213", "", None)
MODIFIERS = ("59", "xu", "59 KX", "KX;59", " 59", "KX", "590", None, "")
DIAGNOSES = ("M54.5", "m545", "I10,M545", "I10|I11", "G44.2 ", "I10", None)
DAYS = (
    "2026-03-05", "20260305", "2026-03-05 00:00:00", "2026-03-05T00:00:00.000Z", " 2026-03-05",
    "2026-03-06", "03/05/2026", None,
)  # fmt: skip


def _row(lists: bool) -> st.SearchStrategy[Row]:
    cell = st.sampled_from(MODIFIERS)
    several = {"modifiers": st.lists(cell, max_size=2)}
    single = {f"hcpcs_modifier_{n}": cell for n in (1, 2)}
    return st.fixed_dictionaries(
        {
            "claim_id": st.sampled_from(IDS),
            "claim_line_number": st.integers(1, 3).map(str),
            "person_id": st.sampled_from(["P1", "P1 ", "P2", "P3", None]),
            "payer": st.sampled_from(["medicare", "medicare ", "aetna", None]),
            "claim_line_start_date": st.sampled_from(DAYS),
            "hcpcs_code": st.sampled_from(CODES),
            "diagnosis_code_1": st.sampled_from(DIAGNOSES),
            "diagnosis_code_2": st.sampled_from(DIAGNOSES),
            "charge_amount": st.sampled_from(["10", " 2.50", "much", None]),
            "line_documentation": st.sampled_from([None, None, None, " ", '{"a": 1}']),
            **(several if lists else single),
        }
    )


RELEVANCES = st.builds(
    lambda recorded, same_day, any_line, codes: Relevance(
        LOOKED_FOR | Trigger(recorded=recorded),
        Past(frozenset(codes), same_day=same_day, recorded=recorded, any_line=any_line),
    ),
    st.booleans(), st.booleans(), st.booleans(), st.sampled_from([(), ("64483",)]),
)  # fmt: skip


@settings(max_examples=30, deadline=None)
@given(
    first=st.lists(_row(lists=False), min_size=1, max_size=8),
    second=st.booleans().flatmap(lambda lists: st.lists(_row(lists), max_size=6)),
    found=RELEVANCES,
)
def test_the_database_picks_what_python_picks(
    first: list[Row], second: list[Row], found: Relevance
) -> None:
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        inputs = [_input(as_csv(first, folder / "one.csv"))]
        if second:
            inputs.append(_input(_as_parquet(second, folder / "two.parquet")))
        staged, kept = _staged(folder, inputs, found)
    lines = [_straight(row, "one.csv") for row in first]
    lines += [_straight(row, "two.parquet") for row in second]
    named = [line for line in lines if line["claim_id"] is not None]
    _same_counts(staged, named, lines, found)
    assert Counter(kept) == Counter(_kept(named, found))


def _as_parquet(rows: list[Row], path: Path) -> Path:
    lists = {"modifiers": pa.list_(pa.string())}
    columns = {
        name: pa.array([row[name] for row in rows], lists.get(name, pa.string()))
        for name in rows[0]
    }
    pq.write_table(pa.table(columns), path)
    return path


def _input(path: Path) -> Input:
    found = opened(path, None)
    assert isinstance(found, Input)
    return found


def _staged(folder: Path, inputs: list[Input], found: Relevance) -> tuple[Staged, list[Any]]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(staging, "ROWS_A_PART", 3)
        staged = Stager(folder / "work", inputs, threads=2).run(lambda _plans: found)
    if not staged.parts:
        return staged, []
    rows = pq.read_table(folder / "work" / LINES).to_pylist()
    return staged, [_shown(row, row["kind"]) for row in rows]


def _shown(line: Row, kind: int) -> tuple[Any, ...]:
    """What is compared of a line."""
    names = ("file", "claim_id", "patient", "payer", "service_date", "procedure", "charge")
    return (f":{line['claim_id']}", kind, *(line[name] for name in names))


def _straight(row: Row, file: str) -> Row:
    """A row as its line is to be staged."""

    def cell(name: str) -> str | None:
        return (row.get(name) or "").strip(" \u00a0") or None

    day = cell("claim_line_start_date")
    if day and re.fullmatch(r"[0-9-]{10}[ T]00:00:00.*", day):
        day = day[:10]
    if day and re.fullmatch(r"(19|20)\d{6}", day):
        day = f"{day[:4]}-{day[4:6]}-{day[6:]}"
    named = (cell(name) for name in ("hcpcs_modifier_1", "hcpcs_modifier_2"))
    return {
        "file": file,
        "claim_id": cell("claim_id"),
        "patient": cell("person_id"),
        "payer": cell("payer"),
        "service_date": day,
        "procedure": cell("hcpcs_code"),
        "charge": cell("charge_amount"),
        "modifiers": _parts([*named, *row.get("modifiers", ())]),
        "diagnoses": _parts([cell("diagnosis_code_1"), cell("diagnosis_code_2")]),
        "documented": cell("line_documentation"),
    }


def _parts(cells: Iterable[str | None]) -> set[str]:
    return {part.upper() for cell in cells for part in re.split(r"[ ,;|]+", cell or "") if part}


def _matter(line: Row, trigger: Trigger) -> bool:
    bare = {code.replace(".", "") for code in line["diagnoses"]}
    return (
        (line["procedure"] or "").upper() in trigger.procedures
        or not trigger.modifiers.isdisjoint(line["modifiers"])
        or not {code.replace(".", "") for code in trigger.diagnoses}.isdisjoint(bare)
        or (trigger.recorded and line["documented"] is not None)
    )


def _wanted(named: list[Row], found: Relevance) -> set[str]:
    return {line["claim_id"] for line in named if _matter(line, found.lines)}


def _kept(named: list[Row], found: Relevance) -> Iterable[tuple[Any, ...]]:
    wanted, past = _wanted(named, found), found.past
    matter = [line for line in named if line["claim_id"] in wanted]
    people = {line["patient"] for line in matter} - {None}
    days = {(line["patient"], line["service_date"]) for line in matter}
    days = {day for day in days if None not in day}
    for line in named:
        if line["claim_id"] in wanted:
            yield _shown(line, 0)
        elif (
            (line["procedure"] or "").upper() in past.codes
            or (past.any_line and line["patient"] in people)
            or (past.same_day and (line["patient"], line["service_date"]) in days)
            or (past.recorded and line["documented"] is not None)
        ):
            yield _shown(line, 2)


def _same_counts(staged: Staged, named: list[Row], lines: list[Row], found: Relevance) -> None:
    origin: dict[str, tuple[str, str]] = {}
    for line in named:  # the first file, and its first payer
        mine = (line["file"], line["payer"] or "~")
        origin[line["claim_id"]] = min(mine, origin.get(line["claim_id"], mine))
    wanted = _wanted(named, found)
    assert staged.claims == Counter(file for file, _ in origin.values())
    assert staged.lines == Counter(line["file"] for line in named)
    assert staged.wanted == len(wanted)
    untouched = Counter(payer for claim, (_, payer) in origin.items() if claim not in wanted)
    told: Counter[str] = Counter()
    for payer, _, _, count in staged.untouched:
        told[payer or "~"] += count
    assert told == untouched
    unnamed = [line for line in lines if line["claim_id"] is None]
    assert sum(int(e.reason.split()[0]) for e in staged.refused if e.code == "missing-field") == (
        len(unnamed)
    )
    money = (line["charge"] for line in named if line["charge"] not in (None, "much"))
    assert Decimal(staged.charge) == sum(map(Decimal, money))


SAME = date(2026, 3, 5)


@pytest.mark.parametrize(
    ("codes", "days", "last"),
    [
        (pa.array([20552, 99213, None]), pa.array([SAME] * 3), "05"),
        (pa.array(["20552", "99213", None]).dictionary_encode(), pa.array(["20260305"] * 3), "05"),
        (pa.array([" 20552", "99213", "99213"]), pa.array([20260305, 20260305, 20260306]), "06"),
        (pa.array(["20552", "20552.0", "99213"]), pa.array([SAME] * 3).cast("timestamp[us]"), "05"),
    ],
)
@pytest.mark.parametrize("ids", [pa.array([1, 2, 1]), pa.array(["1", "2 ", "1"])])
def test_columns_of_other_types(
    tmp_path: Path, codes: pa.Array, days: pa.Array, last: str, ids: pa.Array
) -> None:
    table = {"claim_id": ids, "hcpcs_code": codes, "claim_line_start_date": days}
    table |= {"person_id": pa.array(["P", "P", "P"]), "payer": pa.array(["aetna"] * 3)}
    pq.write_table(pa.table(table), tmp_path / "t.parquet")
    inputs = [_input(tmp_path / "t.parquet")]
    staged, kept = _staged(tmp_path, inputs, Relevance(LOOKED_FOR, Past(same_day=True)))
    assert (staged.wanted, staged.claims) == (1, {"t.parquet": 2})
    found = [(line[0], line[1], line[6]) for line in kept]
    wanted = [(":1", 0, "2026-03-05"), (":1", 0, f"2026-03-{last}"), (":2", 2, "2026-03-05")]
    assert sorted(found) == wanted
