"""What a change does to a corpus: exactly the claims that flip, their money, and nothing of a
refactor."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from engine.analysis.impact import Impact, measure
from engine.analysis.impact.words import as_data, lines, markdown
from engine.cli.evaluation import Desk
from engine.cli.pairs import pairs
from engine.compiler.shelf import Shelf
from engine.documents.source import from_folder
from engine.model.problem import Problem
from engine.report.result import result
from tests.analysis.trees import SHIPPED, run

POLICY = "medicare/national/trigger-point-injections/policy.yaml"
LIMIT = "      - {from: 2024-04-01, value: 3, cites: uniform-tpi/sessions}\n"
RULE = "medicare/national/trigger-point-injections#session-limit"
NOTICE = "medicare/national/trigger-point-injections#notice-when-denial-is-expected"
BEGIN = "2024-10-01"
CLAIMS = 40


@pytest.fixture(scope="module")
def corpus(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A synthetic corpus of trigger point claims, with their history and record."""
    root = tmp_path_factory.mktemp("corpus")
    words = ("--claims", str(CLAIMS), "--seed", "6", "--topic", "medicare/trigger")
    run("sample", *words, "--to", str(root))
    return root


@pytest.fixture(scope="module")
def raised(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped policies with a limit of four sessions from a date on."""
    return _changed(
        tmp_path_factory.mktemp("raised"),
        LIMIT,
        LIMIT + LIMIT.replace("2024-04-01", BEGIN).replace("value: 3", "value: 4"),
    )


@pytest.fixture(scope="module")
def split(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The shipped policies with one rule split in two that mean the same together."""
    text = (SHIPPED / POLICY).read_text(encoding="utf-8")
    begin = text.index("  - rule: repeat-needs-relief\n")
    rule = text[begin : text.index("\n  - rule:", begin) + 1]
    function = "        - documented: {fact: prior_functional_gain_percent"
    at = rule.index(function)
    line = rule[at : rule.index("\n", at) + 1]
    head = rule[: rule.index("    requires:")].replace("repeat-needs-relief", "repeat-needs-gain")
    other = (
        head + "    requires:\n" + line.replace("        - ", "      ")
        + "    otherwise: {finding: review, carc: \"50\", rarc: N115}\n\n"
    )  # fmt: skip
    return _changed(tmp_path_factory.mktemp("split"), rule, rule.replace(line, "") + other)


def _changed(root: Path, old: str, new: str) -> Path:
    shutil.copytree(SHIPPED, root / "policies")
    file = root / "policies" / POLICY
    text = file.read_text(encoding="utf-8")
    assert text.count(old) == 1
    file.write_text(text.replace(old, new), encoding="utf-8")
    return root / "policies"


def impact(base: Path, head: Path, corpus: Path) -> Impact:
    found = pairs(from_folder(base), from_folder(head), (str(corpus / "claims.jsonl"),))
    return measure(p for p in found if not isinstance(p, Problem))


@pytest.fixture(scope="module")
def found(corpus: Path, raised: Path) -> Impact:
    """What the raised limit does to the corpus."""
    return impact(SHIPPED, raised, corpus)


def told(policies: Path, corpus: Path) -> dict[str, Any]:
    """Verdict and weighing findings of every claim, read from plain results."""
    desk = Desk(Shelf(from_folder(policies)))
    desk.load_history((str(corpus / "claims-history.jsonl"),))
    desk.load_documentation((str(corpus / "claims-documentation.jsonl"),))
    found = {}
    for item in desk.evaluate(str(corpus / "claims.jsonl")):
        assert not isinstance(item, Problem)
        shown = result(*item)
        findings = {(f["rule"], tuple(f["lines"]), f["finding"]) for f in shown["findings"]}
        found[shown["claim_id"]] = (shown["verdict"], findings)
    return found


@pytest.mark.unmeasured
def test_exactly_the_claims_that_come_out_otherwise_flip(
    corpus: Path, raised: Path, found: Impact
) -> None:
    before, after = told(SHIPPED, corpus), told(raised, corpus)
    expected = {id for id in before if before[id] != after[id]}
    assert len(expected) >= 3
    assert {flip.claim_id for flip in found.flips} == expected
    assert {rule for flip in found.flips for rule in flip.rules()} <= {RULE, NOTICE}
    assert all(RULE in flip.rules() for flip in found.flips)


def test_money_is_the_charge_of_the_lines_that_stand_otherwise(corpus: Path, found: Impact) -> None:
    text = (corpus / "claims.jsonl").read_text(encoding="utf-8")
    claims = [json.loads(line) for line in text.splitlines()]
    charges = {(c["claim_id"], x["number"]): x["charge"] for c in claims for x in c["lines"]}
    moved = [
        float(charges[flip.claim_id, line.number])
        for flip in found.flips
        for line in flip.lines
        if line.before != line.after
    ]
    money = found.money
    assert float(money.passes + money.waits) == pytest.approx(sum(moved))
    assert money.fails == 0
    assert money.unknown == 0


@pytest.mark.unmeasured
def test_a_change_that_tightens_makes_lines_fail(corpus: Path, raised: Path, found: Impact) -> None:
    back = impact(raised, SHIPPED, corpus)
    assert [f.claim_id for f in found.flips] == [f.claim_id for f in back.flips]
    assert back.money.fails == found.money.passes + found.money.waits
    assert (found.before, found.after) == (back.after, back.before)


@pytest.mark.unmeasured
def test_a_rule_split_in_two_flips_nothing(corpus: Path, split: Path) -> None:
    assert impact(SHIPPED, split, corpus).flips == []


@pytest.mark.unmeasured
def test_equal_policies_flip_nothing(corpus: Path) -> None:
    found = impact(SHIPPED, SHIPPED, corpus)
    assert (found.flips, found.asked, found.claims) == ([], 0, CLAIMS)


def test_ids_stay_out_of_the_report_unless_asked_for(found: Impact) -> None:
    flip = found.flips[0]
    npi = next(line.provider for line in flip.lines)
    assert npi is not None
    secret = [flip.claim_id, flip.claim_id.replace("S", "P", 1), npi]
    for text in ("\n".join(lines(found)), markdown(found), json.dumps(as_data(found))):
        assert not [word for word in secret if word in text]
    shown = "\n".join(lines(found, show_ids=True))
    assert flip.claim_id in shown
    assert f"of {CLAIMS} claims flip" in shown
    assert npi in shown


def test_samples_prove_both_sides(found: Impact) -> None:
    assert found.samples
    for item in found.samples:
        assert item.rule == RULE
        assert f"{RULE} is violated" in item.before[0]
        assert f"{RULE} is met" in item.after[0]


def test_the_command(corpus: Path, raised: Path, found: Impact, tmp_path: Path) -> None:
    """On the claims up to the second flip."""
    rows = (corpus / "claims.jsonl").read_text(encoding="utf-8").splitlines()
    last = next(n for n, row in enumerate(rows) if f'"{found.flips[1].claim_id}"' in row)
    for name in ("claims-history.jsonl", "claims-documentation.jsonl"):
        shutil.copy(corpus / name, tmp_path / name)
    claims = tmp_path / "claims.jsonl"
    claims.write_text("\n".join(rows[: last + 1]), encoding="utf-8")
    words = ("policy", "impact", str(SHIPPED), str(raised), "--claims", str(claims))
    code, said = run(*words, "--format", "json")
    assert code == 0
    parsed = json.loads(said[said.index("{\n") : said.rindex("\n}") + 2])
    assert parsed["flips"] == parsed["by_rule"][0]["claims"] == 2
    assert "claim_ids" not in parsed
    assert run("policy", "impact", str(SHIPPED), str(raised), "--claims", "-")[0] == 2
