"""What is kept of lines that are alike is what would be worked out anew."""

from __future__ import annotations

import pytest

from engine.chain.stratified import decide
from engine.model.outcome import Need
from engine.report.questions import questions
from tests.chain.worlds import DAY, book, claim, history, line, rule

RELIEF = {"documented": {"fact": "relief", "at_least": 50}}


def test_equal_values_have_equal_hashes_however_they_are_given() -> None:
    short = Need("relief", "How much?", "C", None, DAY)
    whole = Need("relief", "How much?", "C", None, DAY, True, None)
    named = Need("relief", "How much?", depends_on=None, service_date=DAY, line=None, claim_id="C")
    assert short == whole == named
    assert len({short, whole, named}) == 1


@pytest.mark.parametrize("wrong", [{"nothing": 1}, {"line": 1, "nothing": 1}])
def test_a_value_has_its_fields_and_no_others(wrong: dict[str, int]) -> None:
    with pytest.raises(TypeError, match="nothing"):
        Need("relief", "How much?", "C", None, DAY, **wrong)  # type: ignore[arg-type]
    with pytest.raises(TypeError, match="question"):
        Need("relief", claim_id="C", line=None, service_date=DAY)  # type: ignore[call-arg]
    with pytest.raises(TypeError, match="8"):
        Need("relief", "How much?", "C", None, DAY, True, None, 1)  # type: ignore[call-arg]


def test_a_question_about_the_claim_is_asked_once_whatever_was_judged_before() -> None:
    bound = book(rule("relieved", ["blocks"], RELIEF))
    alone, both = claim(line(1, "64493")), claim(line(1, "64493"), line(2, "64494"))
    for given, lines in ((alone, [1]), (both, [1, 2]), (both, [1, 2])):
        (asked,) = questions(decide(bound, given, history()))
        assert asked.lines == lines
