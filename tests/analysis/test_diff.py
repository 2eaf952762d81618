"""What a change of policies is called, clause by clause."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from engine.analysis.diff import Change, compare
from engine.analysis.diff.words import as_data, lines, markdown
from tests.analysis.trees import VALUE, folder, run, side
from tests.compiler.trees import BLOCKS, CGS, Edit

CODES = "coding/codes.yaml"
HERE = Path(__file__).parent
RAISED = (BLOCKS, VALUE, VALUE + VALUE.replace("2021", "2026").replace("3", "4"))


def changes(*edits: Edit) -> list[Change]:
    return list(compare(side("base"), side("head", *edits)).changes)


def rules(*edits: Edit) -> dict[str, Change]:
    return {c.name: c for c in changes(*edits) if c.what == "rule"}


def test_nothing_differs_from_itself() -> None:
    assert changes() == []


def test_a_raised_limit_loosens_its_rule_from_its_date_on() -> None:
    found = rules(RAISED)
    assert list(found) == ["session-limit"]
    change = found["session-limit"]
    assert (change.kind, change.begin, change.end) == ("loosened", date(2026, 1, 1), None)
    assert change.says == "No more than 4 sessions of a region in a year."
    assert [c.effect for c in change.clauses] == ["loosens"]
    assert change.states == ("NC",)
    assert change.codes == ("64490", "64491", "64493", "64494")


@pytest.mark.parametrize(
    ("old", "new", "rule", "kind"),
    [
        ("units: {at_most: 1}", "units: {at_most: 2}", "one-unit", "loosened"),
        ("units: {at_most: 1}", "units: {at_most: 0}", "one-unit", "tightened"),
        ("in: [fluoroscopy, ct]", "in: [ct]", "imaging-stated", "tightened"),
        ('has_any: ["53"]', 'has_any: ["52", "53"]', "imaging-stated", "loosened"),
        ("says: One unit a day.", "says: Just one unit a day.", "one-unit", "reworded"),
        ("finding: review, carc", "finding: deny, carc", "imaging-stated", "tightened"),
        ('carc: "50"', 'carc: "56"', "imaging-stated", "changed"),
        ("procedure: further_blocks", "procedure: blocks", "further-needs-first", "tightened"),
        (
            "outcome: payable\n",
            "outcome: payable\n        different: [position]\n",
            "further-needs-first",
            "tightened",
        ),
        ("- rule: one-unit\n", "- rule: one-unit\n    from: 2022-01-01\n", "one-unit", "loosened"),
    ],
)
def test_kinds(old: str, new: str, rule: str, kind: str) -> None:
    found = rules((BLOCKS, old, new))
    assert found[rule].kind == kind


def test_a_rule_that_comes_is_new_and_one_that_goes_is_ended() -> None:
    named = (BLOCKS, "  - rule: imaging-stated\n", "  - rule: picture-stated\n")
    found = rules(named)
    assert found["picture-stated"].kind == "new"
    assert found["imaging-stated"].kind == "ended"


def test_a_code_that_joins_a_set_widens_every_rule_that_judges_it() -> None:
    edit = (
        CODES,
        '      - {code: "64494", region: lumbar, position: further}\n',
        '      - {code: "64494", region: lumbar, position: further}\n'
        '      - {code: "64495", region: lumbar, position: further, from: 2025-01-01}\n',
    )
    found = rules(edit)
    assert found["one-unit"].kind == "tightened"
    assert found["one-unit"].codes == ("64495",)
    assert found["one-unit"].begin == date(2025, 1, 1)
    [change] = [c for c in changes(edit) if c.what == "set"]
    assert [(c.part, c.before, c.after) for c in change.clauses] == [
        ("code 64495", None, "member from 2025-01-01, region lumbar, position further")
    ]


def test_a_rule_that_leans_on_another_derivation_has_changed() -> None:
    found = rules((BLOCKS, "has_any: [KX]}}", "has_any: [KX, KZ]}}"))
    assert found["session-limit"].kind == "changed"
    assert "derived fact purpose" in found["session-limit"].clauses[0].part


def test_a_layer_that_only_takes_over_is_not_told_again() -> None:
    found = [c for c in changes(RAISED) if c.what == "rule"]
    assert [c.topic for c in found] == ["medicare/national/blocks"]
    assert found[0].layers == ("medicare/contractors/palmetto/blocks",)  # CGS has its own number


def test_a_change_of_one_layer_holds_in_its_states() -> None:
    edit = (CGS, "drops:\n", "drops:\n  - {rule: one-unit, why: It is paid.}\n")
    found = [c for c in changes(edit) if c.what == "rule"]
    assert [(c.topic, c.name, c.kind, c.states) for c in found] == [
        ("medicare/contractors/cgs/blocks", "one-unit", "ended", ("OH",))
    ]


def test_words(golden: Callable[[Path, str], None]) -> None:
    found = compare(
        side("base"),
        side("head", RAISED, (BLOCKS, "in: [fluoroscopy, ct]", "in: [ct]")),
    )
    golden(HERE / "diff.txt", "\n".join(lines(found)) + "\n")
    golden(HERE / "diff.md", markdown(found))
    assert json.loads(json.dumps(as_data(found)))["summary"]
    assert found.rules() == (
        "medicare/national/blocks#imaging-stated",
        "medicare/national/blocks#session-limit",
    )


def test_two_dates_of_one_tree(tmp_path: Path) -> None:
    root = str(folder(tmp_path, RAISED))
    code, said = run("policy", "diff", root, "--on", "2025-06-01", "--and", "2026-06-01")
    assert code == 0
    assert "rule session-limit, loosened" in said
    assert "one-unit" not in said


def test_the_command_wants_two_sides(tmp_path: Path) -> None:
    assert run("policy", "diff")[0] == 2
    assert run("policy", "diff", "--and", "2026-06-01", "x")[0] == 2
    base, head = folder(tmp_path / "a"), folder(tmp_path / "b", RAISED)
    code, said = run("policy", "diff", str(base), str(head), "--format", "json")
    assert code == 0
    assert [c["kind"] for c in json.loads(said)["changes"]] == ["loosened", "changed"]
