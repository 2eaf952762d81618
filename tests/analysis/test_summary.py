"""The numbers of a report equal a count in plain Python over the same results."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable
from decimal import Decimal
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from engine import __version__
from engine.analysis.summary.folder import Folder, opened
from engine.analysis.summary.numbers import Groups, Summary
from engine.analysis.summary.summarise import summarise
from engine.analysis.summary.text import lines
from engine.model.claim import Claim
from tests.analysis.batches import Batch, charge, claim, finding, need, on, real

Results = list[tuple[dict[str, Any], Claim]]
HERE = Path(__file__).parent
BARS = ("deny", "reject")


def read(out: Path, **options: bool) -> tuple[Folder, Summary]:
    """The folder and its numbers."""
    folder = opened(out)
    assert isinstance(folder, Folder), folder
    found = summarise(folder, **options)
    assert isinstance(found, Summary), found
    return folder, found


@pytest.fixture(scope="module")
def counted(tmp_path_factory: pytest.TempPathFactory) -> tuple[Summary, Results]:
    corpus, out = tmp_path_factory.mktemp("corpus"), tmp_path_factory.mktemp("out")
    batch, results = real(corpus)
    _, found = read(batch.write(out, parts=3))
    return found, results


def barred(result: dict[str, Any], judged: Claim, rule: str = "") -> Decimal:
    """The charges of the lines that a finding denies or rejects, line by line."""
    numbers = {
        line.number
        for item in result["findings"]
        if item["finding"] in BARS and rule in ("", item["rule"])
        for line in on(judged, item["lines"])
    }
    return charge([line for line in judged.lines if line.number in numbers]) or Decimal(0)


@pytest.mark.unmeasured
def test_verdicts_and_money(counted: tuple[Summary, Results]) -> None:
    found, results = counted
    verdicts = Counter(result["verdict"] for result, _ in results)
    assert min(verdicts.values()) > 5
    claims = found.claims
    assert (claims.clean, claims.not_clean, claims.undecided) == (
        verdicts["clean"],
        verdicts["not_clean"],
        verdicts["undecided"],
    )
    assert claims.rate == verdicts["clean"] / len(results)
    assert claims.stake == sum(barred(*item) for item in results)
    assert claims.stake > 0
    waits = [c for result, c in results if result["verdict"] == "undecided"]
    assert claims.waiting == sum(charge(c.lines) or Decimal(0) for c in waits)
    assert (found.overlapping, found.repeated) == (0, 0)


def test_rules_and_codes(counted: tuple[Summary, Results]) -> None:
    found, results = counted
    rules: defaultdict[str, Counter[str]] = defaultdict(Counter)
    claims: defaultdict[Any, set[str]] = defaultdict(set)
    for result, _ in results:
        for item in result["findings"]:
            rules[item["rule"]][item["finding"]] += 1
            for key in (
                item["rule"],
                (item["group"] or "", item["carc"] or "", item["rarc"] or ""),
            ):
                claims[key].add(result["claim_id"])
    assert {r.names[0]: dict(r.kinds) for r in found.by_rule} == rules
    for reason in found.by_rule:
        rule = reason.names[0]
        assert reason.claims == len(claims[rule])
        assert reason.stake == sum(barred(*item, rule) for item in results), rule
        assert reason.says
    codes = {key: ids for key, ids in claims.items() if isinstance(key, tuple) and any(key)}
    assert {r.names: r.claims for r in found.by_code} == {k: len(v) for k, v in codes.items()}


def _provider(judged: Claim) -> tuple[str, str]:
    first, billing = judged.lines[0].rendering_provider, judged.billing_provider
    npi = (first and first.npi) or (billing and billing.npi)
    return npi or "not stated", (billing and billing.group) or ""


KEYS: dict[str, Callable[[Claim], tuple[str, ...]]] = {
    "by_payer": lambda c: (c.payer.id or "not stated", c.payer.contractor or ""),
    "by_month": lambda c: (c.lines[0].service_date.isoformat()[:7],),
    "by_place": lambda c: (c.lines[0].place_of_service or "not stated",),
    "by_provider": _provider,
}


@pytest.mark.parametrize("kind", KEYS)
def test_groups(counted: tuple[Summary, Results], kind: str) -> None:
    found, results = counted
    wanted: defaultdict[tuple[str, ...], list[Any]] = defaultdict(list)
    for result, judged in results:
        wanted[KEYS[kind](judged)].append((result, judged))
    groups: Groups = getattr(found, kind)
    assert groups.all == len(wanted) > 2
    for group in groups.shown:
        members = wanted[group.names]
        assert group.claims.judged == len(members), group
        assert group.claims.clean == sum(r["verdict"] == "clean" for r, _ in members)
        assert group.claims.stake == sum(barred(*item) for item in members)


def _asked(results: Results) -> Counter[frozenset[str]]:
    return Counter(
        frozenset(f["fact"] for need in result["needs"] if need["weighs"] for f in need["facts"])
        for result, _ in results
        if result["verdict"] == "undecided"
    )


def test_facts_that_decide(counted: tuple[Summary, Results]) -> None:
    found, results = counted
    asked = _asked(results)
    waiting = found.waiting
    for fact in waiting.facts:
        assert fact.claims == sum(n for names, n in asked.items() if fact.name in names)
        assert fact.alone == asked[frozenset({fact.name})]
    names = [fact.name for fact in waiting.facts]
    for n, fact in enumerate(waiting.facts, start=1):
        assert fact.so_far == sum(c for wants, c in asked.items() if wants <= set(names[:n]))
    most = max(
        sum(c for wants, c in asked.items() if wants <= set(three))
        for three in combinations(names, 3)
    )
    assert waiting.best.claims == most > 1


def test_a_line_counts_once_whatever_the_findings(tmp_path: Path) -> None:
    batch = Batch(claims=[claim(id, "not_clean", "600.00") for id in "ABCDE"])
    batch.findings = [
        finding("A", [1], "100.00"),
        finding("A", [1], "100.00", rule="x#other"),
        finding("A", [1, 2], "300.00", rule="x#both"),
        finding("A", [3], "300.00", finding="review"),
        finding("B", [1], "100.00"),
        finding("B", [], "600.00", rule="x#whole", finding="reject"),
        finding("C", [1], "100.00"),
        finding("C", [2], "200.00"),
        finding("D", [1, 2], "300.00"),
        finding("D", [2, 3], "500.00", rule="x#other"),
        finding("E", [1], None),
    ]
    _, found = read(batch.write(tmp_path))
    assert found.claims.stake == Decimal("300") + 600 + 300 + 600
    assert (found.overlapping, found.uncharged) == (1, 1)
    money = {reason.names[0]: reason.stake for reason in found.by_rule}
    assert money["medicare/blocks#one-unit"] == Decimal("100") + 100 + 300 + 300
    assert money["x#both"] == Decimal("300")


def test_claims_that_share_an_id_are_told(tmp_path: Path) -> None:
    batch = Batch(claims=[claim("A", "not_clean"), claim("A", "not_clean"), claim("B")])
    batch.findings = [finding("A", [1], "100.00")]
    _, found = read(batch.write(tmp_path))
    assert found.repeated == 2


def test_what_no_record_answers_is_not_proposed(tmp_path: Path) -> None:
    batch = Batch(claims=[claim(id, "undecided") for id in "ABCD"])
    batch.needs = [need("A", "policy"), need("B", "policy"), need("C", "manual_review")]
    batch.needs += [need("D", "care_weeks"), need("D", "imaging"), need("D", "", depends_on=1)]
    _, found = read(batch.write(tmp_path))
    assert found.waiting.best.facts == ("care_weeks", "imaging")
    assert found.waiting.best.claims == 1
    assert found.waiting.beyond == 3


def test_what_only_warns_holds_no_claim_back(tmp_path: Path) -> None:
    batch = Batch(claims=[claim("A", "undecided"), claim("B", "undecided")])
    batch.needs = [need("A", "care_weeks"), need("A", "images_kept", weighs=False)]
    batch.needs += [need("B", "imaging")]
    _, found = read(batch.write(tmp_path))
    assert {fact.name: fact.alone for fact in found.waiting.facts} == {
        "care_weeks": 1,
        "imaging": 1,
    }


def story() -> Batch:
    """A small run with everything in it."""
    batch = Batch(untouched={"medicare": 7, "aetna": 2})
    batch.claims = [claim(f"C-{n}", charge="250.00") for n in range(6)]
    batch.claims += [
        claim("C-7", "not_clean", "400.00", place_of_service="24", rendering_npi="1900000062"),
        claim("C-8", "undecided", "300.00", payer="aetna", contractor=None, group="east"),
        claim("C-9", "not_clean", None, payer="aetna", contractor=None),
    ]
    batch.findings = [
        finding("C-7", [1], "400.00", verified=True, message="Next eligible 2026-05-01."),
        finding("C-9", [1], None, rule="aetna/blocks#side", carc="16", rarc="N822"),
        finding("C-1", [1], "250.00", finding="warn", carc=None, group_code=None, rule="x#warns"),
    ]
    batch.needs = [need("C-8", "care_weeks", question="How many weeks of care failed?")]
    place = {"file": "a.837", "place": "claim SECRET-1, line 2", "claim_id": "SECRET-1"}
    reason = {"code": "bad-date", "reason": "`2026-02-30` of claim SECRET-1 is no `service_date`"}
    batch.quarantine = [{**place, **reason, "hint": "write dates as 2026-03-04"}]
    return batch


def test_the_text(tmp_path: Path, golden: Callable[[Path, str], None]) -> None:
    folder, found = read(story().write(tmp_path))
    text = "\n".join(lines(folder, found)) + "\n"
    assert "SECRET" not in text
    assert "2026-05-01" not in text
    own = f"Report by: cleanclaim {__version__}"
    assert own in text
    golden(HERE / "report.txt", text.replace(own, "Report by: cleanclaim, this version"))


def test_without_providers(tmp_path: Path) -> None:
    folder, found = read(story().write(tmp_path), providers=False)
    text = "\n".join(lines(folder, found))
    assert "19000000" not in text
    assert "east" not in text


def test_ids_where_they_are_wanted(tmp_path: Path) -> None:
    _, found = read(story().write(tmp_path), with_ids=True)
    assert [named.claim_id for named in found.not_clean] == ["C-7", "C-9"]
    assert found.not_clean[0].why == ("medicare/blocks#one-unit",)
    assert [(n.claim_id, n.why) for n in found.undecided] == [("C-8", ("care_weeks",))]
    assert "SECRET-1" in found.held[0].reason
