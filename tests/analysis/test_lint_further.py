"""Each check of lint beyond the schema fires on its fault and on nothing else."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from engine.compiler.lint import lint
from engine.compiler.lint_further import further
from engine.documents.source import Source
from engine.report.sarif import relative, sarif
from tests.analysis.trees import VALUE, folder, run
from tests.compiler.trees import BLOCKS, Edit, edited

TODAY = date(2026, 1, 1)
SOURCES = "medicare/sources.yaml"
UNIT_EXAMPLES = """    otherwise: {finding: deny, carc: "151"}
    examples:
      - name: one
        line: {procedure: "64490", units: 1}
        expect: met
      - name: two
        line: {procedure: "64490", units: 2}
        expect: violated
"""


def problems(*edits: Edit) -> list[str]:
    library, found = lint(Source(edited(edits), ""))
    assert [p for p in found if p.severity == "error"] == []
    return sorted(f"{p.id} {p.location}: {p.message}" for p in further(library, TODAY))


def new(*edits: Edit) -> list[str]:
    known = {text.split(" ")[0] + text.split(": ", 1)[1] for text in problems()}
    return [t for t in problems(*edits) if t.split(" ")[0] + t.split(": ", 1)[1] not in known]


@pytest.mark.parametrize(
    ("edit", "id"),
    [
        (
            (BLOCKS, "parameters:\n", "parameters:\n  spare:\n    values: [{from: 2021-01-01, "
             "value: 1, cites: article/sessions}]\n"),
            "unused-name",
        ),
        ((BLOCKS, "rules:\n", "sets:\n  spare:\n    members: [G0260]\nrules:\n"), "unused-name"),
        ((BLOCKS, VALUE, VALUE.replace("2021", "2022")), "gap-in-values"),
        (
            (BLOCKS, VALUE, VALUE + "      - {from: 2023-01-01, ends: true}\n"),
            "gap-in-values",
        ),
        (
            (BLOCKS, "units: {at_most: 1}", "units: {at_most: 3}"),
            "number-not-said",
        ),
        (
            (BLOCKS, "says: No more than {block_sessions} sessions", "says: Not too many sessions"),
            "number-not-said",
        ),
        (
            (BLOCKS, "      - name: two\n        line: {procedure: \"64490\", units: 2}\n"
             "        expect: violated\n  - rule: imaging",
             "      - name: two\n        line: {procedure: \"64490\", units: 2, "
             "service_date: 2020-01-01}\n        expect: violated\n  - rule: imaging"),
            "example-on-other-days",
        ),
        (
            (BLOCKS, "      procedure: further_blocks\n",
             "      procedure: further_blocks\n      attributes: {position: first}\n"),
            "no-code-reaches",
        ),
        ((BLOCKS, "says: One unit a day.", "says: Fill in one unit a day."), "to-fill-in"),
        ((BLOCKS, "rules:\n", "windows:\n  spare: {says: Half a year., cites: article/sessions, "
          "rolling: 6 months, this_date: inside, far_edge: outside}\nrules:\n"), "unused-name"),
        ((SOURCES, "evidence: secondary\n", "evidence: secondary\n    read: 2024-12-31\n"),
         "past-review"),
        ((SOURCES, "evidence: secondary\n", "evidence: secondary\n    read: 2025-06-01\n"
          "    review_every: 6 months\n"), "past-review"),
    ],
)  # fmt: skip
def test_one_fault(edit: Edit, id: str) -> None:
    assert [text.split(" ")[0] for text in new(edit)] == [id]


@pytest.mark.parametrize("days", ["read: 2025-01-01", "read: 2025-07-01, review_every: 6 months"])
def test_a_source_read_in_time_is_not_past_review(days: str) -> None:
    lines = "".join(f"    {part}\n" for part in days.split(", "))
    assert new((SOURCES, "evidence: secondary\n", f"evidence: secondary\n{lines}")) == []


def test_examples_that_never_reach_their_rule() -> None:
    """One that is about something else may stand beside others; alone it shows nothing."""
    other = """      - name: another code
        line: {procedure: "62323"}
        expect: not_applicable
"""
    assert new((BLOCKS, UNIT_EXAMPLES, UNIT_EXAMPLES + other)) == []
    begin = UNIT_EXAMPLES[: UNIT_EXAMPLES.index("      - name")]
    found = new((BLOCKS, UNIT_EXAMPLES, begin + other))
    assert [text.split(" ")[0] for text in found] == ["examples-miss-the-rule"]


def test_layers_that_say_too_little() -> None:
    """A text that is adopted names the sentence; a layer over one that holds anyway changes it."""
    cgs = "medicare/contractors/cgs/blocks/policy.yaml"
    silent = lint(Source(edited([(cgs, "adopted_by: article/adopted\n", "")]), ""))[1]
    assert [p.id for p in silent if p not in lint(Source(edited([]), ""))[1]] == ["no-adoption"]
    idle = {
        "medicare/contractors/cgs/epidurals/policy.yaml": "policy: epidurals\n"
        "title: Epidurals, CGS\nextends: medicare/national/epidurals\nfrom: 2021-06-06\n"
        "sources: ../../../sources.yaml\n"
    }
    found = lint(Source(edited([], idle), ""))[1]
    assert "extends-for-nothing" in [p.id for p in found]


def test_a_sentence_may_say_its_number_as_a_word() -> None:
    edits = (
        (BLOCKS, "units: {at_most: 1}", "units: {at_most: 3}"),
        (BLOCKS, "says: One unit a day.", "says: Three units a day."),
    )
    assert new(*edits) == []


def test_sarif_is_stable_when_lines_move_and_paths_are_relative(tmp_path: Path) -> None:
    edit = (BLOCKS, "says: One unit a day.", "says: Fill in one unit a day.")
    moved = (BLOCKS, "policy: blocks\n", "# a comment\n\npolicy: blocks\n")
    marks = []
    for edits in ((edit,), (edit, moved)):
        library, _ = lint(Source(edited(edits), "policies"))
        found = further(library, TODAY)
        results = sarif(found, tmp_path)["runs"][0]["results"]
        places = [r["locations"][0]["physicalLocation"] for r in results]
        assert all(p["artifactLocation"]["uri"].startswith("policies/") for p in places)
        marks.append({r["partialFingerprints"]["problem/v1"] for r in results})
    assert marks[0] == marks[1]
    assert relative("main:policies/x/policy.yaml", tmp_path) == "policies/x/policy.yaml"
    assert relative(str(tmp_path / "policies" / "a.yaml"), tmp_path) == "policies/a.yaml"


def test_two_equal_problems_have_two_fingerprints(tmp_path: Path) -> None:
    library, _ = lint(Source(edited([(BLOCKS, "policy: blocks", "policy: other")]), ""))
    found = lint(Source(edited([(BLOCKS, "policy: blocks", "policy: other")]), ""))[1]
    results = sarif([*found, *found], tmp_path)["runs"][0]["results"]
    marks = [r["partialFingerprints"]["problem/v1"] for r in results]
    assert len(set(marks)) == len(marks)
    assert library is not None


def test_the_command_writes_sarif(tmp_path: Path) -> None:
    root = folder(tmp_path, (BLOCKS, "units: {at_most: 1}", "units: {at_most: many}"))
    code, said = run("policy", "lint", str(root), "--format", "sarif")
    assert code == 2
    assert json.loads(said)["runs"][0]["results"][0]["ruleId"] == "unknown-parameter"
