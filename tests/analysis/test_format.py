"""The canonical form: same data, same comments, and nothing left to do the second time."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.analysis.format import formatted
from engine.analysis.format.scalars import written
from engine.documents.scalars import plain_value
from engine.documents.yaml_reader import read_yaml
from tests.analysis.trees import SHIPPED, run

HERE = Path(__file__).parent / "format"
LABELLED = Path(__file__).parents[1] / "policies" / "worked" / "policies"


def form(text: str) -> str:
    data, problems = formatted(text.encode(), "document.yaml")
    assert problems == []
    return data.decode()


def test_a_messy_document(golden: Callable[[Path, str], None]) -> None:
    text = (HERE / "messy.yaml").read_text(encoding="utf-8")
    golden(HERE / "messy.formatted.yaml", form(text))


@pytest.mark.unmeasured
@pytest.mark.parametrize("folder", [SHIPPED, LABELLED], ids=["shipped", "labelled"])
def test_every_document_is_in_form(folder: Path) -> None:
    """`policy format` would change nothing."""
    files = sorted(folder.rglob("*.yaml"))
    assert len(files) > 3
    apart = [str(f) for f in files if formatted(f.read_bytes(), str(f)) != (f.read_bytes(), [])]
    assert apart == []


@pytest.mark.unmeasured
def test_shipped_documents_written_otherwise_come_back() -> None:
    """Every third one, with blanks that its form does not have."""
    files = sorted(SHIPPED.rglob("*.yaml"))[::3]
    assert len(files) > 80
    for file in files:
        before = file.read_bytes()
        untidy = re.sub(rb"(?m)^( *(?:- )?\w+:) (?=[^|>\s])", rb"\1   ", before)
        assert untidy != before
        assert formatted(untidy, str(file)) == (before, []), file


@pytest.mark.parametrize(
    ("given_", "wanted"),
    [
        ("a: 'x'\n", "a: x\n"),
        ("a: '20552'\n", 'a: "20552"\n'),
        ("a: 0213T\n", 'a: "0213T"\n'),
        ("a: 20552\n", "a: 20552\n"),
        ("a: 'NO'\n", 'a: "NO"\n'),
        ("a: NO\n", 'a: "NO"\n'),
        ("a: 6 weeks\n", "a: 6 weeks\n"),
        ("a: '2024-01-01'\n", "a: 2024-01-01\n"),
        ("a: null\n", "a: null\n"),
        ("a:\n", "a:\n"),
        ("a: [b,  c]\n", "a: [b, c]\n"),
        ("members: [G0260]\n", "members:\n  - G0260\n"),
        ("a:\n- b\n- c: d\n  e: f\n", "a:\n  - b\n  - c: d\n    e: f\n"),
        ("a: 'say \"it\"'\n", 'a: say "it"\n'),
        ("a: \"'x' \"\n", "a: \"'x' \"\n"),
        ("\ufeffa: b\r\nc: d", "a: b\nc: d\n"),
        ("---\na: b\n...\n", "a: b\n"),
        ("a: {}\nb: []\n", "a: {}\nb: []\n"),
        ("changes:\n- a\n- b\n", "changes:\n  - a\n  - b\n"),
        (f"a:\n- {{b: {'c' * 125}}}\n", f"a:\n  - {{b: {'c' * 125}}}\n"),
        (f"a: {{b: {'c' * 125}}}\n", f"a:\n  b: {'c' * 125}\n"),
        (f"a:\n- {{b: {'c' * 135}}}\n", f"a:\n  - b: {'c' * 135}\n"),
        ("rules:\n- rule: a\n- rule: b\n", "rules:\n  - rule: a\n\n  - rule: b\n"),
    ],
)
def test_one_form(given_: str, wanted: str) -> None:
    assert form(given_) == wanted


def test_what_cannot_be_read_comes_back_as_it_was() -> None:
    for data in (b"a: [b", b"a: \xff", b"a: b\na: c\n"):
        after, problems = formatted(data, "document.yaml")
        assert after == data
        assert problems


WORDS = st.one_of(
    st.text(st.characters(blacklist_categories=("Cs", "Cc")), max_size=12),
    st.sampled_from(["20552", "0213T", "NO", "yes", "null", "a: b", "a #b", "- x", "6 weeks", "?"]),
)
DATA = st.recursive(
    st.one_of(WORDS, st.integers(-99, 99), st.booleans(), st.none()),
    lambda inner: st.one_of(
        st.lists(inner, max_size=4),
        st.dictionaries(st.sampled_from(["rules", "members", "a", "says"]), inner, max_size=3),
    ),
    max_leaves=12,
)


@settings(max_examples=300, deadline=None)
@given(
    DATA.filter(lambda d: isinstance(d, dict) and d),
    st.sampled_from([True, False, None]),
    st.lists(st.tuples(st.integers(0, 30), st.integers(0, 8), st.booleans()), max_size=5),
)
def test_the_meaning_never_changes(
    data: Any, style: bool | None, comments: list[tuple[int, int, bool]]
) -> None:
    text = yaml.safe_dump(data, default_flow_style=style, allow_unicode=True, width=60)
    lines = text.split("\n")
    for at, indent, alone in comments:
        place = at % len(lines)
        lines.insert(place, " " * indent + "# a comment") if alone else None
    noted = "\n".join(lines)
    before, _, faults = read_yaml(noted, "document.yaml")
    after, problems = formatted(noted.encode(), "document.yaml")
    if faults:
        assert (after, bool(problems)) == (noted.encode(), True)
        return
    assert read_yaml(after.decode(), "document.yaml")[0] == before
    if not problems:
        assert formatted(after, "document.yaml") == (after, [])
        assert after.decode().count("# a comment") == noted.count("# a comment")


@settings(max_examples=500, deadline=None)
@given(WORDS, st.booleans())
def test_a_written_text_is_read_as_that_text(value: str, in_flow: bool) -> None:
    said = written(value, plain=False, in_flow=in_flow)
    text = f"a: [{said}]\n" if in_flow else f"a: {said}\n"
    data, _, faults = read_yaml(text, "document.yaml")
    if not faults:
        assert data == ({"a": [value]} if in_flow else {"a": value})
    if said == value:
        assert isinstance(plain_value(value), str)


def test_the_command(tmp_path: Path) -> None:
    file = tmp_path / "codes.yaml"
    file.write_text("sets: {a: {members: [G0260]}}\n", encoding="utf-8")
    code, said = run("policy", "format", "--check", str(tmp_path))
    assert (code, "not in form" in said) == (1, True)
    assert run("policy", "format", str(tmp_path))[0] == 0
    assert run("policy", "format", "--check", str(tmp_path))[0] == 0
    assert file.read_text(encoding="utf-8") == "sets:\n  a:\n    members:\n      - G0260\n"
    assert run("policy", "format", str(tmp_path / "nowhere"))[0] == 2
