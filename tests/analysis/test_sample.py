"""The synthetic corpus: the same for the same seed, and every planted defect is seen."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from engine.analysis.sample.persons import npi
from engine.claims.npi import is_npi
from tests.analysis.trees import run


def rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("corpus")
    code, said = run("sample", "--claims", "300", "--seed", "11", "--to", str(root))
    assert code == 0, said
    return root


@pytest.fixture(scope="module")
def results(corpus: Path) -> dict[str, Any]:
    _, said = run("check", str(corpus / "claims.jsonl"), "--format", "jsonl")
    found = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return {r["claim_id"]: r for r in found}


def test_equal_seeds_give_equal_files(corpus: Path, tmp_path: Path) -> None:
    run("sample", "--claims", "300", "--seed", "11", "--to", str(tmp_path))
    for file in sorted(corpus.iterdir()):
        assert (tmp_path / file.name).read_bytes() == file.read_bytes()


def test_every_planted_defect_is_seen(corpus: Path, results: dict[str, Any]) -> None:
    planted = rows(corpus / "planted.jsonl")
    assert len(planted) > 80
    for defect in planted:
        key = "findings" if defect["expect"] == "violated" else "needs"
        seen = [f for f in results[defect["claim_id"]][key] if f["rule"] == defect["rule"]]
        assert any(not f["lines"] or defect["line"] in f["lines"] for f in seen), defect


def test_what_is_not_spoilt_is_clean(corpus: Path, results: dict[str, Any]) -> None:
    spoilt = {defect["claim_id"] for defect in rows(corpus / "planted.jsonl")}
    others = {id: r["verdict"] for id, r in results.items() if id not in spoilt}
    assert len(others) > 100
    assert set(others.values()) == {"clean"}


def test_several_payers_settings_and_rules(corpus: Path) -> None:
    claims = rows(corpus / "claims.jsonl")
    assert len({c["payer"]["id"] for c in claims}) >= 2
    assert len({c["lines"][0].get("place_of_service") for c in claims}) >= 3
    assert {c.get("form") for c in claims} >= {"professional", "institutional"}
    rules = Counter(d["rule"] for d in rows(corpus / "planted.jsonl"))
    assert len(rules) >= 25
    assert {d["expect"] for d in rows(corpus / "planted.jsonl")} == {"violated", "undecided"}


def test_the_ids_are_invented_and_valid(corpus: Path) -> None:
    claims = rows(corpus / "claims.jsonl")
    assert len({c["claim_id"] for c in claims}) == len(claims)
    assert len({c["patient"]["id"] for c in claims}) == len(claims)
    assert all(is_npi(npi(n)) for n in range(50))


def test_a_topic_that_nobody_has_is_said(tmp_path: Path) -> None:
    code, said = run("sample", "--claims", "5", "--topic", "dentistry", "--to", str(tmp_path))
    assert code == 2
    assert "`dentistry`" in said
