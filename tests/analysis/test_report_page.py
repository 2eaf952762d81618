"""The page of a report: complete, escaped, without network, and usable in a real browser."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engine.analysis.summary.page import page
from tests.analysis.batches import Batch, claim, finding, need
from tests.analysis.browser import calls, driven, probed, probed_all
from tests.analysis.test_summary import read, story

EVIL = '<script>alert("x")</script><img src=x onerror=alert(1)>'


class Tags(HTMLParser):
    """The elements of a page, and whether they are closed in order."""

    def __init__(self) -> None:
        super().__init__()
        self.names: list[str] = []
        self.open: list[str] = []

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        self.names.append(name)
        if name not in ("meta", "link"):
            self.open.append(name)

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name


def written(out: Path, batch: Batch, **options: bool) -> str:
    folder, found = read(batch.write(out), **options)
    text = page(folder, found)
    tags = Tags()
    tags.feed(text)
    assert tags.open == []
    return text


def many() -> Batch:
    """Enough rules, payers and facts for tables that are cut short."""
    batch = Batch()
    for n in range(30):
        batch.claims += [
            claim(f"N-{n}", "not_clean", f"{100 + n}.00", payer=f"payer-{n:02}"),
            claim(f"U-{n}", "undecided", f"{500 - n}.00", payer=f"payer-{n:02}"),
        ]
        rule = f"medicare/national/a-policy-with-a-long-name-{n:02}/topic#a-rule-with-a-name-{n:02}"
        batch.findings.append(finding(f"N-{n}", [1], f"{100 + n}.00", rule=rule))
        batch.needs.append(need(f"U-{n}", f"a_fact_with_a_rather_long_name_{n:02}"))
    return batch


def test_everything_is_on_it(tmp_path: Path) -> None:
    text = written(tmp_path, story())
    titles = re.findall(r"<h2>(.*?)</h2>", text)
    assert titles == [
        "What to mend",
        "What claims wait for",
        "By payer",
        "By provider",
        "By month",
        "By place of service",
        "By reason code",
        "Set aside",
        "Not touched",
        "Where this comes from",
    ]
    assert "6 of 9 judged claims are clean" in text
    assert "<svg" in text
    assert "a0728f56baa58328" in text


def test_no_id_and_no_day_unless_wanted(tmp_path: Path) -> None:
    shown = written(tmp_path, story(), with_ids=False)
    assert not re.search(r"SECRET|\bC-\d|2026-05-01", shown)
    named = written(tmp_path, story(), with_ids=True)
    assert "SECRET-1" in named
    assert "C-7" in named


def test_texts_are_escaped(tmp_path: Path) -> None:
    batch = Batch(claims=[claim("A", "not_clean", payer=EVIL, rendering_npi=EVIL, group=EVIL)])
    batch.claims += [claim("B", "undecided", place_of_service=EVIL, contractor=EVIL)]
    batch.findings = [finding("A", [1], "9.00", message=EVIL, rule=EVIL, carc=EVIL, rarc=EVIL)]
    batch.needs = [need("B", EVIL, question=EVIL)]
    batch.quarantine = [{"code": EVIL, "reason": EVIL, "hint": EVIL, "file": EVIL}]
    batch.untouched = {EVIL: 3}
    text = written(tmp_path, batch, with_ids=True)
    assert "&lt;script&gt;alert" in text
    assert "<img" not in text
    assert text.count("<script") == 1


def test_it_may_load_nothing_and_run_only_its_own_script(tmp_path: Path) -> None:
    text = written(tmp_path, story())
    assert "http" not in text.replace("http-equiv", "")
    (policy,) = re.findall(r'Content-Security-Policy" content="([^"]*)"', text)
    assert policy.startswith("default-src 'none'")
    assert "script-src 'sha256-" in policy


def test_an_interrupted_run_says_so_at_the_top(tmp_path: Path) -> None:
    batch = story()
    counts = {"read": 30, "untouched": 9, "judged": 9, "quarantined": 1}
    folder, found = read(batch.write(tmp_path, complete=False, claims=counts))
    text = page(folder, found)
    notice = "This run did not come to its end (11 claims read and not judged)"
    assert text.index(notice) < text.index('class="summary"')


def test_an_empty_run_says_so(tmp_path: Path) -> None:
    text = written(tmp_path, Batch(untouched={"medicare": 4}))
    assert "No claim was judged in this run" in text
    assert "Not touched" in text


@pytest.mark.browser
def test_no_network_and_a_silent_console(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(written(tmp_path / "out", many()), encoding="utf-8")
    assert calls(file, tmp_path) == ([], [])
    talks = tmp_path / "talks.html"
    talks.write_text('<img src="http://example.invalid/x"><script>console.error("x")</script>')
    asked, said = calls(talks, tmp_path)
    assert (asked, len(said)) == (["http://example.invalid/x"], 1)


SORT = """
const table = document.querySelector("#payers table");
const heads = Array.from(table.tHead.rows[0].cells);
const stake = heads.find(function (h) { return h.textContent.startsWith("At stake"); });
stake.querySelector("button").click();
stake.querySelector("button").click();
document.title = Array.from(table.tBodies[0].rows).filter(function (r) { return !r.hidden; })
  .map(function (r) { return r.cells[0].textContent; }).join(" ") + " " + stake.ariaSort;
"""
FILTER = """
const rules = document.querySelector("#rules .listing");
const filter = rules.querySelector("input");
filter.value = "NAME-2 topic";
filter.dispatchEvent(new Event("input"));
const left = rules.querySelectorAll("tbody tr:not([hidden])");
const facts = document.querySelector("#facts .listing");
const before = facts.querySelectorAll("tbody tr:not([hidden])").length;
facts.querySelector("button.more").click();
const after = facts.querySelectorAll("tbody tr:not([hidden])").length;
const said = rules.querySelector("[role=status]").textContent;
document.title = [left.length, said, before, after].join(";");
"""


def _title(shown: str) -> str:
    found = re.search(r"<title>(.*?)</title>", shown)
    assert found is not None
    return found[1]


@pytest.mark.browser
def test_a_reader_sorts(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(written(tmp_path / "out", many()), encoding="utf-8")
    least_first = " ".join(f"payer-{n:02}" for n in range(10))
    assert _title(driven(file, tmp_path, SORT)) == f"{least_first} ascending"


@pytest.mark.browser
def test_a_reader_filters_and_shows_all(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(written(tmp_path / "out", many()), encoding="utf-8")
    assert _title(driven(file, tmp_path, FILTER)) == "10;10 of 30;10;30"


@pytest.mark.browser
def test_it_fits_the_screen(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(written(tmp_path / "out", many(), with_ids=True), encoding="utf-8")
    asked = [(file, width) for width in (360, 390, 1280)]
    for (_, width), found in zip(asked, probed_all(asked, tmp_path), strict=True):
        (inner, whole), (*_, outside) = found
        assert (inner, outside) == (width, "nothing")
        assert whole <= inner


@pytest.mark.browser
def test_light_and_dark(tmp_path: Path) -> None:
    file = tmp_path / "report.html"
    file.write_text(written(tmp_path / "out", story()), encoding="utf-8")
    _, (light, *_) = probed(file, tmp_path, 1280)
    _, (dark, *_) = probed(file, tmp_path, 1280, dark=True)
    assert (light, dark) == ("rgb(255, 255, 255)", "rgb(18, 23, 30)")
