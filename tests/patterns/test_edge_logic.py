"""Edge cases P9 to P11, P13, P14, P21 to P23 and P33: logic, outcomes, verdicts, examples."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from engine.analysis.examples import run_examples
from engine.chain.ruling import prove_rule
from engine.chain.stratified import decide
from engine.compiler.lint import lint
from engine.documents.load import load_tree
from engine.documents.source import Source
from engine.model.claim import History
from engine.report.result import result
from tests.naive.beside import both
from tests.patterns.small import WHOLE, Judged, claim, judge, line, past, policy, rule
from tests.patterns.tree import documents, library, the_book
from tests.properties.ground import file

YEAR_BEFORE = "year_before"
WORKED = "medicare/national/worked-patterns"


def verdict(found: Judged) -> str:
    """The verdict of the claim."""
    word: str = result(found.decided, History((), WHOLE))["verdict"]
    return word


def test_p9_an_exception_is_an_alternative() -> None:
    blocks = {"of": "facet", "within": YEAR_BEFORE, "counting": "performed", "at_least": 2}
    after_ablation = {"documented": {"fact": "relief", "at_least": 50}}
    entry = rule(
        requires={"sessions": blocks},
        unless=[{"exception": "repeat", "cites": "firm/one", "when": after_ablation}],
    )
    good = (past("64490", "2025-01-05"), past("64490", "2025-02-05"))
    failed = line("20552", "2025-03-05", documentation={"relief": 10})
    assert judge(policy(entry), claim(failed), good).word() == "met"


def test_p10_what_may_apply_stays_open() -> None:
    case = {"when": {"documented": {"fact": "urgent", "is": True}}, "is": "test"}
    purpose = {
        "fact": "purpose",
        "says": "It follows.",
        "cites": "firm/one",
        "of": {"procedure": "everything"},
        "cases": [case],
        "otherwise": "cure",
    }
    pattern = {"procedure": "needling", "attributes": {"purpose": "test"}}
    needs_kx = rule(applies_to=pattern, requires={"modifier": {"has_any": ["KX"]}})
    tree = policy(needs_kx, derives=[purpose])
    assert judge(tree, claim(line("20552", "2025-03-05"))).word() == "undecided"
    marked = line("20552", "2025-03-05", modifiers=("KX",))
    assert judge(tree, claim(marked)).word() == "met"


@pytest.mark.parametrize(
    ("stated", "word"), [({}, "not_applicable"), ({"biologic": True}, "violated")]
)
def test_p11_silence_about_a_rare_thing_means_that_it_is_not_there(
    stated: dict[str, Any], word: str
) -> None:
    rare = rule(
        when_stated={"documented": {"fact": "biologic", "is": True}}, requires={"never": "covered"}
    )
    injected = claim(line("20552", "2025-03-05", documentation=stated))
    assert judge(policy(rare), injected).word() == word


def conflicting_pairs() -> dict[str, bytes]:
    """A tree in which each of three codes is the second of a pair with each other one."""
    codes = ("20552", "64490", "64493")
    rows = [f"{one},{two},1,2020-01-01,," for one in codes for two in codes if one != two]
    text = "one,two,kind,begins,ended,told\n" + "\n".join(rows) + "\n"
    pair = {"table": "pairs", "line": "two", "other": "one", "same": ["date", "provider"]}
    column = {"table": "pairs", "column": "two"}
    pairs = rule(applies_to={"procedure": column}, requires={"not_with": pair})
    return {**policy(pairs), "coding/pairs.csv": text.encode()}


def test_p13_of_a_conflict_of_pairs_every_finding_is_kept() -> None:
    lines = [line(code, "2025-03-05") for code in ("20552", "64490", "64493")]
    found = judge(conflicting_pairs(), claim(*lines))
    assert [found.word(number=number) for number in (1, 2, 3)] == ["violated"] * 3


def test_p13_a_pair_may_not_ask_for_an_outcome() -> None:
    pair = {"procedure": "facet", "same": ["date"], "outcome": "payable"}
    _, problems = load_tree(policy(rule(requires={"not_with": pair})))
    assert len(problems) == 1
    assert "`outcome`" in problems[0].message


def test_p14_an_add_on_waits_for_its_primary_without_repeating_its_questions() -> None:
    asked = rule(
        rule="primary",
        applies_to={"procedure": "64490"},
        requires={"documented": {"fact": "consent", "is": True}},
    )
    beside = {"procedure": "64490", "same": ["date"], "outcome": "payable"}
    add_on = rule(applies_to={"procedure": "64494"}, requires={"companion": beside})
    tree = policy(asked, add_on)
    found = judge(tree, claim(line("64490", "2024-09-05"), line("64494", "2024-09-05")))
    assert (found.word("primary", 1), found.word("judged", 2)) == ("undecided", "undecided")
    shown = result(found.decided, History((), WHOLE))
    (waiting,) = [need for need in shown["needs"] if need["lines"] == [2]]
    assert (waiting["depends_on"], waiting["facts"]) == (1, [])


def test_p21_strata_are_of_rule_and_code() -> None:
    codes = ("64493", "64494", "64495")
    stated = {"technique": "intra_articular", "levels_treated": 3}
    office: dict[str, Any] = {"documentation": stated, "place_of_service": "11"}
    levels = claim(*(line(code, "2025-01-10", **office) for code in codes))
    found = both(documents(), the_book(), levels, History((), WHOLE))
    assert found.differences() == {}
    name = f"{WORKED}#add-on-needs-its-primary"
    assert [found.engine.get((name, (number,), None)) for number in (2, 3)] == ["met", "met"]
    # 64494 alone is denied, and so is not payable for 64495 either.
    found = both(documents(), the_book(), claim(*levels.lines[1:]), History((), WHOLE))
    assert [found.engine.get((name, (number,), None)) for number in (1, 2)] == ["violated"] * 2


def test_p21_a_cycle_over_codes_is_refused_with_its_path() -> None:
    beside = {"same": ["date"], "outcome": "payable"}
    one = rule(requires={"companion": {"procedure": "64490", **beside}})
    two = rule(
        rule="other",
        applies_to={"procedure": "64490"},
        requires={"companion": {"procedure": "20552", **beside}},
    )
    _, problems = lint(Source(policy(one, two)))
    cycles = [problem for problem in problems if problem.id == "cycle"]
    assert cycles
    assert all("judged" in p.message and "other" in p.message for p in cycles)


@pytest.mark.parametrize(("finding", "word"), [("warn", "clean"), ("review", "undecided")])
def test_p22_an_undecided_warning_does_not_weigh(finding: str, word: str) -> None:
    soft = rule(
        requires={"documented": {"fact": "consent", "is": True}}, otherwise={"finding": finding}
    )
    found = judge(policy(soft), claim(line("20552", "2025-03-05")))
    assert found.word() == "undecided"
    assert verdict(found) == word


def test_p23_what_no_policy_speaks_of_is_never_clean() -> None:
    tree = policy(rule(requires={"never": "covered"}), scope={"procedure": "needling"})
    found = judge(tree, claim(line("99213", "2025-03-05")))
    assert found.words == {("no-policy", 1): "undecided"}
    assert verdict(found) == "undecided"


def test_p23_a_payer_may_cover_what_it_does_not_speak_of() -> None:
    tree = policy(rule(requires={"never": "covered"}), scope={"procedure": "needling"})
    payer = {
        "payer": "medicare",
        "title": "Medicare",
        "outside_scope": "covered",
        "layers": [{"from": "2000-01-01", "coding": ["coding"], "payer": ["medicare/national"]}],
    }
    tree["medicare/payer.yaml"] = file(payer)
    found = judge(tree, claim(line("99213", "2025-03-05")))
    assert found.words == {}
    assert verdict(found) == "clean"


def test_p33_an_example_judges_its_rule_alone() -> None:
    checks = list(run_examples(library(), WORKED, "add-on-needs-its-primary"))
    assert [check.faults for check in checks] == [(), ()]
    # The whole book denies 64493 for its fifth session, and with it the add-on.
    add_on = claim(line("64493", "2025-06-10"), line("64494", "2025-06-10"))
    days = ("2024-08-01", "2024-10-01", "2024-11-01", "2025-01-15")
    history = History(tuple(past("64493", day) for day in days), WHOLE)
    alone = decide(the_book(), add_on, history, given={})
    together = both(documents(), the_book(), add_on, history)
    assert together.differences() == {}
    key = (f"{WORKED}#add-on-needs-its-primary", (2,), None)
    assert together.engine[key] == "violated"
    x = next(x for x in alone.around.lines if x.line.number == 2)
    entry = next(b.rule for _, b, _, _ in alone.outcomes if b.rule.id == key[0])
    assert entry.begin <= date(2025, 6, 10)
    assert prove_rule(the_book(), entry, x).word == "met"
