"""Revisions add entries and touch nothing else; new documents load and say what to fill in."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from engine.analysis.revise import (
    UnplacedError,
    add_member,
    add_rule,
    add_value,
    end_rule,
    revise_rule,
    templates,
)
from engine.compiler.lint import lint
from engine.documents.source import from_folder
from engine.documents.yaml_reader import read_yaml
from tests.analysis.trees import folder, run
from tests.compiler.trees import BLOCKS, tree

TEXT = tree()[BLOCKS].decode()
POLICY = "medicare/national/blocks"
DAY = date(2026, 1, 1)


def data(text: str) -> Any:
    found, _, problems = read_yaml(text, "document")
    assert problems == []
    return found


def only_added(before: str, after: str) -> list[str]:
    """The lines that came; nothing else may differ."""
    old, new = before.split("\n"), after.split("\n")
    at = next(n for n, line in enumerate([*old, None]) if n >= len(new) or line != new[n])
    count = len(new) - len(old)
    assert new[:at] + new[at + count :] == old
    return new[at : at + count]


def test_a_value_is_added_behind_the_last() -> None:
    after = add_value(TEXT, "block_sessions", 4, DAY, "article/sessions", date(2025, 12, 1))
    assert only_added(TEXT, after) == [
        "      - {from: 2026-01-01, published: 2025-12-01, value: 4, cites: article/sessions}"
    ]


def test_a_parameter_ends() -> None:
    after = add_value(TEXT, "block_sessions", None, DAY, "")
    assert data(after)["parameters"]["block_sessions"]["values"][-1] == {
        "from": "2026-01-01",
        "ends": True,
    }


def test_a_code_joins_and_leaves_a_set_in_brackets_or_lines() -> None:
    text = tree()["coding/codes.yaml"].decode()
    joined = add_member(text, "first_blocks", "0213T", DAY)
    assert data(joined)["sets"]["first_blocks"]["members"][-1] == {
        "code": "0213T",
        "from": "2026-01-01",
    }
    left = add_member(text, "blocks", "64494", DAY, ends=True)
    assert only_added(text, left) == ['      - {code: "64494", from: 2026-01-01, ends: true}']


def test_a_rule_gets_a_further_entry_and_its_examples_move() -> None:
    after = revise_rule(
        TEXT, "session-limit", DAY, None, {"says": "Fewer.", "otherwise": "{finding: warn}"}
    )
    rules = data(after)["rules"]
    assert rules[:-1] == data(TEXT)["rules"]
    new = rules[-1]
    assert (new["rule"], new["from"], new["says"]) == ("session-limit", "2026-01-01", "Fewer.")
    assert new["otherwise"] == {"finding": "warn"}
    assert new["requires"] == rules[0]["requires"]
    moved = new["examples"][1]
    assert moved["line"]["service_date"] == "2026-04-01"
    assert moved["history"][0]["service_date"] == "2026-01-01"


def test_a_rule_ends() -> None:
    assert data(end_rule(TEXT, "one-unit", DAY))["rules"][-1] == {
        "rule": "one-unit",
        "from": "2026-01-01",
        "ends": True,
    }


@pytest.mark.parametrize(
    ("attempt", "said"),
    [
        (lambda: add_value(TEXT, "nothing", 4, DAY, "a/b"), "no `parameters.nothing`; it has "),
        (lambda: add_value(TEXT, "block_session", 4, DAY, "a/b"), "did you mean `block_sessions`?"),
        (
            lambda: add_value(TEXT, "block_sessions", 4, date(2021, 1, 1), "a/b"),
            "an entry of this value from 2021-01-01 already",
        ),
        (lambda: revise_rule(TEXT, "nothing", DAY, None, {}), "no rule `nothing`"),
        (lambda: end_rule(TEXT, "one-unit", date(2020, 1, 1)), "must begin later"),
        (lambda: add_rule("a: b\n", ["rule: x"]), "no `rules`"),
        (lambda: add_rule("a: [\n", ["rule: x"]), "cannot be read"),
    ],
)
def test_what_has_no_place_is_said(attempt: Any, said: str) -> None:
    with pytest.raises(UnplacedError) as fault:
        attempt()
    assert said in str(fault.value)


def test_the_command_revises_and_lint_accepts_it(tmp_path: Path) -> None:
    base, root = folder(tmp_path / "base"), folder(tmp_path / "head")
    words = ("--from", "2026-01-01", "--policies", str(root))
    value = ("--parameter", "block_sessions", "--value", "4", "--cites", "article/sessions")
    assert run("policy", "revise", POLICY, *value, *words)[0] == 0
    assert run("policy", "revise", f"{POLICY}#one-unit", "--key", "says=One.", *words)[0] == 0
    assert (
        run("policy", "revise", "coding", "--set", "first_blocks", "--remove", "64493", *words)[0]
        == 0
    )
    code, said = run("policy", "lint", str(root), "--base", str(base), "--today", "2026-02-01")
    assert code == 0, said
    assert run("policy", "test", "--policies", str(root), POLICY)[0] in (0, 1)


def test_nothing_is_written_that_brings_an_error(tmp_path: Path) -> None:
    root = folder(tmp_path)
    before = (root / BLOCKS).read_bytes()
    code, said = run(
        "policy", "revise", POLICY, "--parameter", "block_sessions", "--value", "4",
        "--from", "2026-01-01", "--cites", "nobody/said", "--policies", str(root),
    )  # fmt: skip
    assert code == 2
    assert "nothing was written" in said
    assert (root / BLOCKS).read_bytes() == before


@pytest.mark.parametrize(
    "words",
    [
        (POLICY,),
        (POLICY, "--parameter", "x", "--set", "y"),
        (POLICY, "--parameter", "block_sessions"),
        (POLICY, "--parameter", "block_sessions", "--from", "tomorrow"),
        (POLICY, "--set", "nothing", "--add", "1", "--from", "2026-01-01"),
        ("no/policy", "--parameter", "x", "--from", "2026-01-01"),
        (f"{POLICY}#one-unit", "--from", "2026-01-01", "--key", "nonsense"),
    ],
)
def test_the_command_says_what_is_missing(words: tuple[str, ...], tmp_path: Path) -> None:
    code, said = run("policy", "revise", *words, "--policies", str(folder(tmp_path)))
    assert code == 2
    assert "Error:" in said


def test_a_new_payer_topic_and_rule_load(tmp_path: Path) -> None:
    root = folder(tmp_path)
    where = ("--policies", str(root))
    payer = ("acme", "--title", "Acme", "--known-as", "ACME", "--topic", "one", "--code", "64490")
    assert run("policy", "new", "payer", *payer, *where)[0] == 0
    topic = ("acme/two", "--title", "Two: more", "--from", "2026-01-01", "--code", "0213T")
    assert run("policy", "new", "topic", *topic, *where)[0] == 0
    rule = ("--says", "At most 3.", "--cites", "article/units", "--procedure", "blocks")
    more = ("--requires", "{units: {at_most: 3}}", "--carc", "151")
    assert run("policy", "new", "rule", POLICY, "three", *rule, *more, *where)[0] == 0
    _, problems = lint(from_folder(root))
    assert [p for p in problems if p.severity == "error"] == []
    _, said = run("policy", "lint", str(root))
    assert said.count("[to-fill-in]") == 5
    assert run("policy", "format", "--check", str(root / "acme"))[0] == 0


@pytest.mark.parametrize(
    "words",
    [
        ("payer", "Acme", "--title", "x"),
        ("payer", "medicare", "--title", "x"),
        ("payer", "acme"),
        ("topic", POLICY, "--title", "x"),
        ("topic", "nobody/x", "--title", "x"),
        ("rule", "no/policy", "x"),
        ("rule", POLICY, "Bad Name"),
        ("rule", POLICY, "x"),
    ],
)
def test_new_says_what_is_missing(words: tuple[str, ...], tmp_path: Path) -> None:
    code, said = run("policy", "new", *words, "--policies", str(folder(tmp_path)))
    assert code == 2
    assert "Error:" in said


def test_the_template_quotes_what_needs_it() -> None:
    lines = templates.rule("x", "a: b", "s/t", "64490", "{never: covered}", "deny", "64490", "50")
    found = data("\n".join(["- " + lines[0], *("  " + line for line in lines[1:])]) + "\n")
    assert found[0]["says"] == "a: b"
    assert found[0]["otherwise"] == {"finding": "deny", "carc": "50"}
