"""The synthetic corpus: the same for the same seed, and every planted defect is seen."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path
from typing import Any

import pytest

from engine.analysis.diff import Side
from engine.analysis.sample import Focus, focus_of, generate
from engine.analysis.sample.persons import npi
from engine.claims.npi import is_npi
from tests.analysis.trees import VALUE, folder, run, side
from tests.compiler.trees import BLOCKS
from tests.test_workflow import CASE


def rows(file: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("corpus")
    code, said = run("sample", "--claims", "200", "--seed", "11", "--to", str(root))
    assert code == 0, said
    return root


@pytest.fixture(scope="module")
def results(corpus: Path) -> dict[str, Any]:
    _, said = run("check", str(corpus / "claims.jsonl"), "--format", "jsonl")
    found = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    return {r["claim_id"]: r for r in found}


@pytest.mark.unmeasured
def test_equal_seeds_give_equal_files(corpus: Path, tmp_path: Path) -> None:
    """A shorter run is the beginning of a longer one."""
    run("sample", "--claims", "60", "--seed", "11", "--to", str(tmp_path))
    for file in sorted(corpus.iterdir()):
        begin = (tmp_path / file.name).read_bytes()
        assert begin
        assert file.read_bytes().startswith(begin)


@pytest.mark.unmeasured
def test_every_planted_defect_is_seen(corpus: Path, results: dict[str, Any]) -> None:
    planted = rows(corpus / "planted.jsonl")
    assert len(planted) > 50
    for defect in planted:
        key = "findings" if defect["expect"] == "violated" else "needs"
        seen = [f for f in results[defect["claim_id"]][key] if f["rule"] == defect["rule"]]
        assert any(not f["lines"] or defect["line"] in f["lines"] for f in seen), defect


@pytest.mark.unmeasured
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
    words = ("--to", str(tmp_path), "--policies", str(folder(tmp_path / "policies")))
    code, said = run("sample", "--claims", "5", "--topic", "dentistry", *words)
    assert code == 2
    assert "no topic that has `dentistry` in its name" in said
    assert run("sample", "--claims", "0", *words)[0] == 2


def changed() -> tuple[Side, Focus]:
    """The small policies with one clean case, and a limit that rises in May 2027."""
    more = {"medicare/national/blocks/cases/one.yaml": CASE}
    raised = VALUE + VALUE.replace("2021-01-01, value: 3", "2027-05-01, value: 4")
    base = side("base", more=more)
    return base, focus_of(base, side("head", (BLOCKS, VALUE, raised), more=more))


def test_a_change_draws_claims_to_its_topic_and_its_days() -> None:
    base, focus = changed()
    assert focus.groups == {"medicare/blocks"}
    assert focus.rules == {"medicare/national/blocks#session-limit"}
    made = list(generate(base.library, 60, 5, focus=focus))
    days = [str(m.claim["lines"][0]["service_date"]) for m in made]
    near = [m for m, day in zip(made, days, strict=True) if "2027-03" <= day < "2028-03"]
    assert 20 < len(near) < 40
    planted = Counter(m.planted.rule for m in near if m.planted is not None)
    assert planted.most_common(1)[0][0] == "medicare/national/blocks#session-limit"
    assert [m.claim for m in generate(base.library, 60, 5, focus=focus)] == [m.claim for m in made]
