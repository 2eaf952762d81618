"""The report on a change: its words, its claims, its tests, its grounds, as Markdown and HTML."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from tests.analysis.browser import probed
from tests.analysis.trees import VALUE, folder, run
from tests.compiler.trees import BLOCKS, Edit

RAISED: Edit = (
    BLOCKS,
    VALUE,
    VALUE + VALUE.replace("2021-01-01, value: 3", "2025-03-01, value: 4"),
)
AT = "medicare/national/blocks#session-limit"
EXAMPLES = """
      - name: the fourth before March 2025
        line: {procedure: "64490", service_date: 2025-02-28}
        history:
          - {procedure: "64490", service_date: 2024-10-01}
          - {procedure: "64490", service_date: 2024-11-01}
          - {procedure: "64490", service_date: 2024-12-01}
        expect: violated
      - name: the third before March 2025
        line: {procedure: "64490", service_date: 2025-02-28}
        history:
          - {procedure: "64490", service_date: 2024-10-01}
          - {procedure: "64490", service_date: 2024-11-01}
        expect: met
      - name: the fourth from March 2025
        line: {procedure: "64490", service_date: 2025-03-01}
        history:
          - {procedure: "64490", service_date: 2024-10-01}
          - {procedure: "64490", service_date: 2024-11-01}
          - {procedure: "64490", service_date: 2024-12-01}
        expect: met
      - name: the fifth from March 2025
        line: {procedure: "64490", service_date: 2025-03-01}
        history:
          - {procedure: "64490", service_date: 2024-09-01}
          - {procedure: "64490", service_date: 2024-10-01}
          - {procedure: "64490", service_date: 2024-11-01}
          - {procedure: "64490", service_date: 2024-12-01}
        expect: violated
      - name: three of the neck leave the low back free
        line: {procedure: "64493", service_date: 2025-03-01}
        history:
          - {procedure: "64490", service_date: 2024-09-01}
          - {procedure: "64490", service_date: 2024-10-01}
          - {procedure: "64490", service_date: 2024-11-01}
          - {procedure: "64490", service_date: 2024-12-01}
        expect: met
      - name: a diagnostic one is not counted here
        line: {procedure: "64490", modifiers: [KX], service_date: 2025-03-01}
        expect: not_applicable
"""
FOURTH = """      - name: the fourth
        line: {procedure: "64490", service_date: 2025-04-01}
        history:
          - {procedure: "64490", service_date: 2025-01-01}
          - {procedure: "64490", service_date: 2025-02-01}
          - {procedure: "64491", service_date: 2025-03-01}
        expect: violated
"""
TESTED: Edit = (BLOCKS, FOURTH, EXAMPLES.lstrip("\n"))


def claim(id: str, day: str, earlier: int) -> tuple[dict[str, Any], list[dict[str, Any]]]:
    """A block with so many sessions before it."""
    line = {"number": 1, "procedure": "64490", "service_date": day, "units": 1, "charge": "410.00"}
    body = {
        "claim_id": id,
        "form": "professional",
        "payer": {"id": "medicare", "contractor": "palmetto"},
        "patient": {"id": f"P-{id}"},
        "lines": [line],
        "documentation": {"lines": {"1": {"imaging": "ct"}}},
    }
    past = [
        {"patient_id": f"P-{id}", "service_date": f"2024-1{n}-01", "procedure": "64490", "units": 1}
        for n in range(earlier)
    ]
    return body, [{**service, "payer": "medicare", "status": "paid"} for service in past]


@pytest.fixture
def corpus(tmp_path: Path) -> str:
    """Four claims, of which one alone has four sessions after the limit rose."""
    made = [
        claim("SECRET-1", "2025-04-01", 3),
        claim("SECRET-2", "2025-02-01", 3),
        claim("SECRET-3", "2025-04-01", 2),
    ]
    coverage = [{"patient_id": body["patient"]["id"], "providers": "all"} for body, _ in made]
    history = {"coverage": coverage, "services": [s for _, past in made for s in past]}
    (tmp_path / "claims.json").write_text(json.dumps([body for body, _ in made]))
    (tmp_path / "claims-history.json").write_text(json.dumps(history))
    return str(tmp_path / "claims.json")


def review(tmp_path: Path, head: Path, *more: str) -> tuple[int, str]:
    base = folder(tmp_path / "base")
    out = tmp_path / "review.md"
    words = ("--today", "2024-12-01", "--to", str(out), "--processes", "1", *more)
    code, _ = run("policy", "review", str(base), str(head), *words)
    return code, out.read_text(encoding="utf-8")


def test_a_raised_limit(tmp_path: Path, corpus: str) -> None:
    head = folder(tmp_path / "head", RAISED)
    code, text = review(tmp_path, head, "--claims", corpus)
    assert code == 1
    assert text.startswith("# Policy review: needs work\n")
    assert "becomes more generous for services from 2025-03-01" in text
    assert "No more than 4 sessions of a region in a year." in text
    assert "1 of 3 claims come out otherwise (1 from not clean to clean)" in text
    assert "charges at stake: 410.00 newly pass" in text
    assert "SECRET" not in text
    assert "does not hold any more" in text
    assert "block\\_sessions (its boundary, its first day)" in text
    assert "  - 4 read as 5: no example at the boundary between 4 and 5" in text
    assert "  - from 2025-03-01 read as 2025-03-02: no example on 2025-03-01" in text
    assert "| flip 1 | medicare / palmetto | 1 (64490) | not clean | clean | 410.00 |" in text
    assert "article, sessions (secondary): Three sessions a year." in text
    assert "Digest of the documents: `" in text


def test_after_the_boundary_tests_nothing_survives(tmp_path: Path, corpus: str) -> None:
    head = folder(tmp_path / "head", RAISED, TESTED)
    code, text = review(tmp_path, head, "--claims", corpus, "--show-ids")
    tests = text.split("## Tests")[1]
    assert "untested" not in tests.replace("0 untested", ""), tests
    assert "added: example: the fourth before March 2025" in tests
    assert "gone: example: the fourth" in tests
    assert (code, "`SECRET-1`" in text, "`SECRET-2`" in text) == (0, True, False)
    assert text.startswith("# Policy review: in order\n")


def test_an_edit_of_a_text_in_force_is_refused(tmp_path: Path) -> None:
    head = folder(tmp_path / "head", (BLOCKS, "value: 3, cites", "value: 4, cites"))
    code, text = review(tmp_path, head)
    assert code == 2
    assert "## Refused" in text
    assert "cleanclaim policy revise" in text


def test_nothing_changed(tmp_path: Path) -> None:
    code, text = review(tmp_path, folder(tmp_path / "head"))
    assert code == 0
    assert "No rule and no definition reads otherwise." in text


def test_one_html_file(tmp_path: Path, corpus: str) -> None:
    page = tmp_path / "review.html"
    head = folder(tmp_path / "head", RAISED)
    review(tmp_path, head, "--claims", corpus, "--html", str(page))
    text = page.read_text(encoding="utf-8")
    assert "<svg" in text
    assert "SECRET" not in text
    assert "http" not in text.replace("http-equiv", "")
    assert '<link rel="stylesheet"' not in text
    assert "<script" not in text


@pytest.mark.browser
@pytest.mark.parametrize("width", [390, 1280])
def test_the_html_fits_the_screen(tmp_path: Path, corpus: str, width: int) -> None:
    page = tmp_path / "review.html"
    review(tmp_path, folder(tmp_path / "head", RAISED), "--claims", corpus, "--html", str(page))
    (inner, whole), (*_, outside) = probed(page, tmp_path, width)
    assert (inner, outside) == (width, "nothing")
    assert whole <= inner
