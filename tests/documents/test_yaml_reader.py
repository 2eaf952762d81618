"""What is read as what, what is refused, and that both YAML parsers give the same."""

from __future__ import annotations

import json
import pickle
from decimal import Decimal
from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.documents.yaml_reader import decode, read_yaml

HERE = Path(__file__).parent
DOCUMENTS = sorted((*(HERE / "bad").glob("*.yaml"), *(HERE / "good").glob("*.yaml")))


_TEXTS = "00100 0360 8E0 1E10 NO no off Y 12:30 1_000 2024-07-07 ~ -0 0x1F 0o17 1e3 .5 1. +1"
_TEXTS += " True NULL M54.50 01.5 .inf = 1234567890123456789"


@pytest.mark.parametrize("word", _TEXTS.split())
def test_text_stays_text(word: str) -> None:
    assert read_yaml(f"- {word}\n", "f")[0] == [word]


@pytest.mark.parametrize(
    ("word", "value"),
    [
        ("0", 0),
        ("20552", 20552),
        ("-3", -3),
        ("1.50", Decimal("1.50")),
        ("-0.5", Decimal("-0.5")),
        ("true", True),
        ("false", False),
        ("null", None),
        ("", None),
        ('"20552"', "20552"),
        ("'true'", "true"),
    ],
)
def test_values(word: str, value: object) -> None:
    read = read_yaml(f"a: {word}\n", "f")[0]
    assert read == {"a": value}
    assert isinstance(read, dict)
    assert type(read["a"]) is type(value)


def test_marks_of_keys_and_values() -> None:
    data, marks, problems = read_yaml("a:\n  - b: 1\n    c: [x, y]\n", "f")
    assert (data, problems) == ({"a": [{"b": 1, "c": ["x", "y"]}]}, [])
    assert marks.key(("a",)) == (1, 1)
    assert marks.value(("a",)) == (2, 3)
    assert marks.key(("a", 0, "c")) == (3, 5)
    assert marks.value(("a", 0, "c", 1)) == (3, 12)


def test_a_path_without_a_mark_takes_its_ancestors() -> None:
    _, marks, _ = read_yaml("a:\n  b: 1\n", "f")
    assert marks.value(("a", "nothing", 3)) == marks.value(("a",))
    assert marks.key(("a", "nothing")) == marks.value(("a",))


def test_marks_can_be_pickled() -> None:
    _, marks, _ = read_yaml("a: 1\n", "f")
    assert pickle.loads(pickle.dumps(marks)) == marks


def test_byte_order_mark_and_windows_line_ends() -> None:
    data, marks, problems = read_yaml("\ufeffa: 1\r\nb: 2\r\n", "f")
    assert (data, problems) == ({"a": 1, "b": 2}, [])
    assert (marks.key(("a",)), marks.key(("b",))) == ((1, 1), (2, 1))


def test_json_with_tabs_and_astral_characters() -> None:
    text = '{\n\t"a": "\\ud83d\\ude00 \\\\ud83d",\n\t"b": [1, 1.50, null, true]\n}\n'
    data, marks, problems = read_yaml(text, "f.json")
    assert problems == []
    assert data == {"a": "\U0001f600 \\ud83d", "b": [1, Decimal("1.50"), None, True]}
    assert marks.key(("b",)) == (3, 2)


def test_the_first_of_two_equal_keys_is_kept_with_its_place() -> None:
    data, marks, problems = read_yaml("a: {x: 1}\na:\n  x: 2\n", "f")
    assert data == {"a": {"x": 1}}
    assert marks.value(("a", "x")) == (1, 8)
    assert [p.id for p in problems] == ["duplicate-key"]


def test_several_equal_keys_of_a_mapping_are_one_problem() -> None:
    _, _, problems = read_yaml("x:\n  a: 1\n  b: 2\n  b: 3\n  a: 4\n", "f")
    assert [p.message for p in problems] == [
        "`b` and `a` stand twice in one mapping, first on line 3"
    ]


@pytest.mark.parametrize("depth", [61, 5_000, 200_000])
def test_depth_is_limited(depth: int) -> None:
    assert [p.id for p in read_yaml("[" * depth, "f")[2]] == ["too-deep"]


def test_not_utf_8() -> None:
    text, problems = decode(b"a: 1\nb: \xff\n", "f")
    assert text == ""
    assert [str(p.location) for p in problems] == ["f:2:4"]


@pytest.mark.parametrize("file", DOCUMENTS, ids=lambda file: file.stem)
def test_both_parsers_read_the_same(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    text, _ = decode(file.read_bytes(), file.name)
    assert _by_both(text, monkeypatch)


# Pieces of documents, so that what is put together at random is often nearly right.
_PIECES = ["a", "b", ":", ": ", "- ", "\n", "\n  ", "{", "}", "[", "]", ", ", '"', "'", "1", "#"]
_PIECES += ["&x ", "*x", "!t ", "<<", "|\n", " ", "---\n", "0360", "true", "@", "%", "\\", "é"]
_texts = st.lists(st.sampled_from(_PIECES), max_size=25).map("".join)


@given(_texts)
@settings(max_examples=150, deadline=None)
def test_nothing_is_raised(text: str) -> None:
    data, _, problems = read_yaml(text, "f")
    assert data is not None or problems


@given(st.text())
@settings(deadline=None)
def test_nothing_is_raised_for_any_text(text: str) -> None:
    read_yaml(text, "f")
    read_yaml(text, "f.json")


@given(_texts)
@settings(max_examples=150, deadline=None)
def test_both_parsers_read_the_same_at_random(text: str) -> None:
    with pytest.MonkeyPatch.context() as patch:
        assert _by_both(text, patch)


_json = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**17), 10**17) | st.text(max_size=20),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.text(max_size=8), _json, min_size=1))
@settings(max_examples=100, deadline=None)
def test_json_is_read_as_json(value: dict[str, object]) -> None:
    data, _, problems = read_yaml(json.dumps(value, indent="\t"), "f.json")
    assert (data, problems) == (value, [])


def _by_both(text: str, patch: pytest.MonkeyPatch) -> bool:
    fast = read_yaml(text, "f")
    patch.delattr(yaml, "CSafeLoader", raising=False)
    slow = read_yaml(text, "f")
    return fast == slow
