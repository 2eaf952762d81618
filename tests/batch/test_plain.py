"""Claims that are made by columns are exactly those that are read one by one."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from random import Random

import pytest

from engine.batch.database import connect
from engine.batch.judge import Judge
from engine.batch.judge.plain import Plain
from engine.batch.schemas import SORTED
from engine.batch.settings import Settings
from engine.batch.staging.records import records, records_of
from engine.batch.staging.trigger import Past, Relevance, Trigger
from engine.documents.source import from_folder
from tests.batch.broken import SAMPLE_837
from tests.batch.corpus import lines_of
from tests.batch.odd import ODD
from tests.batch.staged import Both, both, staged
from tests.batch.tables import Row, as_csv, as_nested, as_parquet, flat
from tests.batch.test_repeated import ROW, TWO, without
from tests.policies.shipped import SHIPPED


@lru_cache(maxsize=2)
def judge(payer: str | None = None) -> Judge:
    """A judge by the shipped policies."""
    return Judge(Settings(from_folder(SHIPPED), payer=payer))


def agree(found: Both) -> None:
    """No patient is plain of whom the records say anything; the others' claims are the same."""
    assert not [patient for patient in found.plain if patient not in found.usual]
    for patient, claims in found.plain.items():
        assert claims == found.usual[patient]
        # Equal decimals may be spelled in two ways; a message would show it.
        assert repr(claims) == repr(found.usual[patient])
    assert sorted(map(str, [*found.plain, *found.others])) == sorted(map(str, found.patients))


def agree_wholly(found: Both) -> None:
    """Beside that, every patient of whom nothing is said is plain."""
    agree(found)
    assert found.plain.keys() == found.usual.keys()


@pytest.mark.parametrize("kind", ["claims", "csv", "parquet", "nested"])
@pytest.mark.parametrize("payer", [None, "medicare"])
def test_a_corpus_is_read_alike(kind: str, payer: str | None, corpus: Path, tmp_path: Path) -> None:
    rows = flat(corpus)
    makers = {
        "claims": lambda: corpus,
        "csv": lambda: as_csv(rows, tmp_path / "c.csv"),
        "parquet": lambda: as_parquet(rows, tmp_path / "c.parquet"),
        "nested": lambda: as_nested(corpus, tmp_path / "n.parquet"),
    }
    staged(tmp_path / "work", [makers[kind]()])
    found = both(tmp_path / "work", judge(payer))
    agree_wholly(found)
    assert len(found.plain) > len(found.others)


def test_interchanges_are_read_alike(tmp_path: Path) -> None:
    files = sorted(p for p in SAMPLE_837.rglob("*") if p.suffix in (".837", ".edi"))
    staged(tmp_path / "work", files)
    found = both(tmp_path / "work", judge())
    agree(found)
    assert found.plain


def test_no_lines_are_no_claims(tmp_path: Path) -> None:
    found = Plain(judge().shelf.directory)(SORTED.empty_table())
    assert (found.claims, found.others) == ([], [])


def test_history_and_records_are_read_one_by_one(corpus: Path, tmp_path: Path) -> None:
    told = [s for s in lines_of(corpus.with_name("claims-history.jsonl")) if "procedure" in s][:9]
    documented = lines_of(corpus.with_name("claims-documentation.jsonl"))[-9:]
    for name, entries in (("history", told), ("record", documented)):
        text = "\n".join(map(json.dumps, entries))
        (tmp_path / f"{name}.jsonl").write_text(text, "utf-8")
    known = {name: (str(tmp_path / f"{name}.jsonl"),) for name in ("history", "record")}
    bare = [{k: v for k, v in claim.items() if k != "documentation"} for claim in lines_of(corpus)]
    (tmp_path / "claims.jsonl").write_text("\n".join(map(json.dumps, bare)), "utf-8")
    staged(
        tmp_path / "work",
        [tmp_path / "claims.jsonl"],
        history=known["history"],
        documentation=known["record"],
    )
    found = both(tmp_path / "work", judge())
    agree_wholly(found)
    assert {s["patient_id"] for s in told} <= set(found.others)
    made = {claim.claim_id for claims in found.plain.values() for claim, *_ in claims}
    assert made
    assert not {d["claim_id"] for d in documented} & made


def test_claims_that_are_history_are_told_apart(tmp_path: Path) -> None:
    rows = [*TWO, ROW | {"claim_id": "B", "hcpcs_code": "99213"}]
    only = Relevance(Trigger(frozenset({"20553"})), Past(any_line=True))
    staged(tmp_path / "work", [as_csv(rows, tmp_path / "one.csv")], only)
    found = both(tmp_path / "work", judge())
    agree_wholly(found)
    (claims,) = found.plain.values()
    assert [(claim.claim_id, judged) for claim, _, _, judged in claims] == [
        ("A", True),
        ("B", False),
    ]


@pytest.mark.parametrize("seed", range(4))
def test_odd_values_are_read_alike_or_one_by_one(seed: int, corpus: Path, tmp_path: Path) -> None:
    chance = Random(seed)
    rows = [_spoiled(row, chance) for row in flat(corpus)]
    table = as_csv(_every(rows), tmp_path / "odd.csv")
    done = staged(tmp_path / "work", [table])
    found = both(tmp_path / "work", judge(chance.choice([None, "medicare"])), done.torn)
    agree(found)
    assert found.plain
    assert found.others


def test_each_odd_value_alone(corpus: Path, tmp_path: Path) -> None:
    """A patient for every odd value: only those of whom nothing is said are plain."""
    row, rows = {**flat(corpus)[0], **ROW}, []
    for name, values in ODD.items():
        for n, value in enumerate(values):
            alone = {"claim_id": f"{name}-{n}", "person_id": f"P-{name}-{n}", name: value}
            rows.append({**row, **alone})
    done = staged(tmp_path / "work", [as_csv(_every(rows), tmp_path / "odd.csv")])
    found = both(tmp_path / "work", judge(), done.torn)
    agree(found)
    # Ids with space around them are read one by one, and whatever names a replaced claim.
    usual = {p for p in found.usual if p == p.strip() and not p.startswith("P-claim_id")}
    assert usual - found.plain.keys() == {"P-replaces-1"}


def _spoiled(row: Row, chance: Random) -> Row:
    if chance.random() < 0.6:
        return row
    name = chance.choice(list(ODD))
    return {**row, name: chance.choice(ODD[name])}


def _every(rows: list[Row]) -> list[Row]:
    names = dict.fromkeys(name for row in rows for name in row)
    return [{name: row.get(name) for name in names} for row in rows]


OTHER_ROW = ROW | {"claim_line_number": "2", "hcpcs_code": "20610"}


@pytest.mark.parametrize(
    "tables",
    [
        [TWO, TWO],
        [[ROW, ROW]],
        [without(TWO)],
        [TWO[:1], TWO[1:]],
        [[ROW, OTHER_ROW | {"state": "TX"}]],
        [[ROW, OTHER_ROW | {"billing_npi": None}]],
        [[ROW, ROW | {"claim_line_number": "1.0", "hcpcs_code": "20610"}]],
        [[ROW, ROW | {"claim_line_number": None, "hcpcs_code": "20610"}]],
        [[ROW, OTHER_ROW | {"person_id": "Q"}]],
        [[ROW | {"status": "denied"}]],
        [[ROW | {"documentation": '{"claim": {}}'}]],
    ],
)
def test_what_is_unusual_is_left_to_the_records(tables: list[list[Row]], tmp_path: Path) -> None:
    rest = [ROW | {"claim_id": "Z", "person_id": "Z"}]
    given = [as_csv(_every(t), tmp_path / f"{n}.csv") for n, t in enumerate([*tables, rest])]
    done = staged(tmp_path / "work", given)
    found = both(tmp_path / "work", judge(), done.torn)
    agree(found)
    assert (list(found.plain), {"P"} & set(found.others)) == (["Z"], {"P"})


def test_a_claim_id_that_stands_twice(tmp_path: Path, corpus: Path) -> None:
    """In a table and in a file of claims, of one patient: the later one would count."""
    first = lines_of(corpus)[0]
    row = ROW | {"claim_id": first["claim_id"], "person_id": first["patient"]["id"]}
    staged(tmp_path / "work", [corpus, as_csv([row], tmp_path / "one.csv")])
    found = both(tmp_path / "work", judge())
    agree_wholly(found)
    assert first["patient"]["id"] in found.others


def test_equal_values_are_one_object(corpus: Path, tmp_path: Path) -> None:
    staged(tmp_path / "work", [as_parquet(flat(corpus), tmp_path / "c.parquet")])
    claims = [c for own in both(tmp_path / "work", judge()).plain.values() for c, *_ in own]
    for values in (
        [c.payer for c in claims],
        [c.billing_provider for c in claims],
        [d for c in claims for d in (c.diagnoses, *(x.diagnoses for x in c.lines))],
        [x.modifiers for c in claims for x in c.lines],
        [x.rendering_provider for c in claims for x in c.lines],
    ):
        assert len({id(value) for value in values}) == len(set(values)) > 1


def test_the_others_have_their_records(corpus: Path, tmp_path: Path) -> None:
    rows = [{**row, "person_id": None if n < 2 else row["person_id"]} for n, row in
            enumerate(flat(corpus))]  # fmt: skip
    work = tmp_path / "work"
    staged(work, [as_csv(rows, tmp_path / "c.csv")])
    found = [r for batch in records(work, 0) for r in batch.to_pylist()]
    some = sorted({record["patient"] for record in found}, key=str)[::2]
    with connect(work, 1) as database:
        own = [r for batch in records_of(database, work, 0, some) for r in batch.to_pylist()]
        assert own == [record for record in found if record["patient"] in some]
        batches = records_of(database, work, 0, [None])
        assert {r["patient"] for b in batches for r in b.to_pylist()} == {None}
