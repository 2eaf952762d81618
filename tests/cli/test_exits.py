"""Exit codes and messages for whatever a user may give; never a traceback."""

from __future__ import annotations

import json
import subprocess
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.cli.run import TREE, claim, plant, run, write
from tests.compiler.trees import BLOCKS, Edit, edited

UNITS = [{"number": 1, "procedure": "62321", "service_date": "2025-03-04", "units": 1}]
CLEAN = claim(
    lines=UNITS, documentation={"claim": {"care_weeks": 8}, "lines": {"1": {"biologic": False}}}
)
HISTORY = {"coverage": [{"patient_id": "P-1", "complete_to": "2025-03-03", "providers": "all"}]}


def checked(tmp_path: Path, data: Any, *words: str, format_: str = "json") -> Any:
    """The results of claims, and the whole of what was said."""
    path = write(tmp_path / "claims.json", data)
    past = write(tmp_path / "past.json", HISTORY)
    return run("check", path, "--history", past, "--policies", TREE, "--format", format_, *words)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (CLEAN, 0),
        (claim(), 1),
        (claim(lines=UNITS), 3),
        ([CLEAN, claim(lines=UNITS)], 3),
        ([CLEAN, claim(lines=UNITS), claim()], 1),
        ([], 2),
    ],
    ids=["clean", "finding", "undecided", "clean and undecided", "all three", "none"],
)
def test_exit_codes(tmp_path: Path, data: Any, code: int) -> None:
    done = checked(tmp_path, data)
    assert done.exit_code == code
    json.loads(done.stdout)


BAD_FILES = {
    "missing": None,
    "empty": b"",
    "blanks": b"  \n\n",
    "binary": bytes(range(256)) * 8,
    "zeros": b"\0" * 4096,
    "not utf-8": b'{"claim_id": "\xff\xfe"}',
    "half": b'{"claim_id": "A", "lines": [',
    "number": b"7",
    "text": b'"claim"',
    "null": b"null",
    "list of numbers": b"[1, 2]",
    "deep": b"[" * 5000 + b"]" * 5000,
    "deep objects": b'{"a":' * 5000 + b"1" + b"}" * 5000,
    "huge number": b'{"claim_id": "A", "lines": [{"number": 1, "units": 1e999999}]}',
    "many digits": b'{"claim_id": "A", "lines": [{"number": ' + b"9" * 5000 + b"}]}",
    "not a number": b'{"claim_id": NaN}',
    "isa only": b"ISA*00*",
    "isa garbage": b"ISA" + b"*" * 200 + b"~",
    "yaml alias": b"a: &a [*a]\n",
    "yaml tag": b"!!python/object/apply:os.system ['true']\n",
    "page": b"<!doctype html><html></html>",
}


@pytest.mark.parametrize("format_", ["text", "json", "jsonl"])
@pytest.mark.parametrize("name", BAD_FILES)
def test_a_bad_file_is_one_message_and_exit_2(tmp_path: Path, name: str, format_: str) -> None:
    path, data = tmp_path / "claim.json", BAD_FILES[name]
    if data is not None:
        path.write_bytes(data)
    done = run("check", str(path), "--policies", TREE, "--format", format_)
    assert done.exit_code == 2
    said = done.stderr.strip().splitlines()
    assert said
    assert all("error:" in line and str(path) in line for line in said)
    if format_ == "json":
        assert json.loads(done.stdout) == []
    elif format_ == "jsonl":
        assert done.stdout == ""


def test_a_folder_for_a_file(tmp_path: Path) -> None:
    done = run("check", str(tmp_path), "--policies", TREE)
    assert (done.exit_code, "is a directory" in done.stderr) == (2, True)


def test_one_bad_file_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    good = write(tmp_path / "good.json", claim())
    done = run("check", "nowhere.json", good, "--policies", TREE, "--format", "json")
    assert done.exit_code == 2
    assert [r["claim_id"] for r in json.loads(done.stdout)] == ["C-1"]


def test_one_bad_claim_does_not_keep_the_others_from_being_read(tmp_path: Path) -> None:
    bad = {**claim(), "claim_id": "BAD", "lines": "none"}
    done = checked(tmp_path, [bad, claim(), {"claim_id": 7}])
    assert done.exit_code == 2
    assert [r["claim_id"] for r in json.loads(done.stdout)] == ["C-1"]


def test_standard_input() -> None:
    done = run("check", "-", "--policies", TREE, "--format", "json", given=json.dumps(claim()))
    assert (done.exit_code, len(json.loads(done.stdout))) == (1, 1)
    lines = "\n".join(json.dumps(claim(claim_id=f"C-{n}")) for n in range(3))
    done = run("check", "-", "--policies", TREE, "--format", "jsonl", given=lines)
    assert [json.loads(line)["claim_id"] for line in done.stdout.splitlines()] == [
        "C-0", "C-1", "C-2",
    ]  # fmt: skip


def test_an_unknown_payer_is_never_clean(tmp_path: Path) -> None:
    done = checked(tmp_path, {**CLEAN, "payer": {"id": "acme"}})
    assert done.exit_code == 3
    assert json.loads(done.stdout)[0]["verdict"] == "undecided"
    assert "warning: no policies for the payer `acme`" in done.stderr
    assert "payers here: medicare" in done.stderr


def test_payer_judges_every_claim(tmp_path: Path) -> None:
    done = checked(
        tmp_path, {**CLEAN, "payer": {"id": "acme", "state": "NC"}}, "--payer", "medicare"
    )
    assert (done.exit_code, done.stderr) == (0, "")
    done = checked(tmp_path, CLEAN, "--payer", "acme")
    assert done.exit_code == 3


def test_an_unknown_contractor_is_an_error(tmp_path: Path) -> None:
    done = checked(tmp_path, {**CLEAN, "payer": {"id": "medicare", "contractor": "palmeto"}})
    assert done.exit_code == 2
    assert "medicare has no contractor `palmeto`" in done.stderr
    assert "palmetto" in done.stderr
    assert json.loads(done.stdout)


def test_known_on_is_what_could_be_known(tmp_path: Path) -> None:
    blocks = claim()
    now, then = (checked(tmp_path, blocks, *words) for words in ((), ("--known-on", "2021-05-01")))
    assert json.loads(now.stdout)[0]["checked"]["no_policy"] == 0
    assert json.loads(then.stdout)[0]["checked"]["no_policy"] == 2
    assert then.exit_code == 3


@pytest.mark.parametrize("day", ["yesterday", "2025-02-30", "03/04/2025", ""])
def test_a_wrong_day_is_explained(day: str) -> None:
    done = run("check", "-", "--known-on", day, given="[]")
    assert done.exit_code == 2
    assert "write it as 2026-03-04" in done.stderr


def broken(tmp_path: Path, *edits: Edit) -> str:
    return plant(tmp_path / "broken", edited(edits))


LINKED = (BLOCKS, "at_most: block_sessions", "at_most: block_session")
SHAPED = (BLOCKS, "    requires:\n      units", "    require:\n      units")
UNREADABLE = (BLOCKS, "policy: blocks\n", "policy: [blocks\n")


@pytest.mark.parametrize("fault", [LINKED, SHAPED, UNREADABLE], ids=["link", "shape", "yaml"])
@pytest.mark.parametrize("command", ["check", "explain", "lint", "test"])
def test_a_broken_policy_document_ends_every_command(
    tmp_path: Path, fault: Edit, command: str
) -> None:
    policies, path = broken(tmp_path, fault), write(tmp_path / "claim.json", claim())
    words = {
        "check": ("check", path, "--policies", policies, "--format", "json"),
        "explain": ("explain", path, "--rule", "one-unit", "--policies", policies),
        "lint": ("policy", "lint", policies),
        "test": ("policy", "test", "--policies", policies),
    }[command]
    done = run(*words)
    assert done.exit_code == 2
    said = [line for line in done.output.splitlines() if "error:" in line]
    assert len(said) == 1
    assert f"{BLOCKS}:" in said[0]
    if command == "check" and done.stdout:
        assert json.loads(done.stdout) == []


def test_json_stays_json_when_a_later_book_is_broken(tmp_path: Path) -> None:
    """The first claim's book is in order, the second's is not."""
    fault = (
        "medicare/contractors/cgs/blocks/policy.yaml",
        "adopted_by: article/adopted",
        "adopted_by: article/adoption",
    )
    other = claim(claim_id="C-2", payer={"id": "medicare", "contractor": "cgs"})
    path = write(tmp_path / "claims.json", [claim(), other])
    done = run("check", path, "--policies", broken(tmp_path, fault), "--format", "json")
    assert done.exit_code == 2
    assert [r["claim_id"] for r in json.loads(done.stdout)] == ["C-1"]


@pytest.mark.parametrize(
    ("where", "said"),
    [
        ("nowhere", "neither a folder nor a git revision"),
        ("README.md", "is a file"),
        ("tests/cli", "no policy documents"),
        ("--", "neither a folder nor a git revision"),
        ("", "neither a folder nor a git revision"),
        ("HEAD:engine", "neither a folder nor a git revision"),
    ],
)
@pytest.mark.parametrize("command", [("check", "-"), ("policy", "list"), ("policy", "test")])
def test_wrong_policies_are_one_message(command: tuple[str, ...], where: str, said: str) -> None:
    done = run(*command, "--policies", where, given="[]")
    assert done.exit_code == 2
    assert said in done.stderr
    assert len(done.stderr.splitlines()) == 1


def git(*words: str, at: Path) -> None:
    name = ["-c", "user.name=Ann", "-c", "user.email=ann@example.com"]
    subprocess.run(["git", *name, *words], cwd=at, check=True, capture_output=True)


def test_policies_of_a_git_revision(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from engine.cli import options

    plant(tmp_path / "policies")
    git("init", "-q", at=tmp_path)
    git("add", ".", at=tmp_path)
    git("commit", "-q", "-m", "Three sessions", at=tmp_path)
    plant(tmp_path / "policies", edited([(BLOCKS, "units: {at_most: 1}", "units: {at_most: 9}")]))
    monkeypatch.setattr(options, "SHIPPED", tmp_path / "policies")
    path = write(tmp_path / "claim.json", claim(payer={"id": "medicare", "contractor": "cgs"}))
    found = [
        {f["rule"].split("#")[1] for r in json.loads(run(*words).stdout) for f in r["findings"]}
        for words in (
            ("check", path, "--format", "json"),
            ("check", path, "--format", "json", "--policies", "HEAD"),
        )
    ]
    assert ["one-unit" in names for names in found] == [False, True]
    assert run("check", path, "--policies", "no-such-branch").exit_code == 2


def test_confirm_writes_the_digest_and_nothing_else(tmp_path: Path) -> None:
    palmetto = "medicare/contractors/palmetto/blocks/policy.yaml"
    files = edited([(BLOCKS, "says: One unit a day.", "says: A single unit a day.")])
    folder = plant(tmp_path / "policies", files)
    before = files[palmetto].decode()
    lint = run("policy", "lint", folder)
    assert (lint.exit_code, "base-moved" in lint.stdout) == (0, True)
    assert run("policy", "confirm", "--policies", folder).stdout == "1 change confirmed\n"
    after = Path(folder, palmetto).read_text()
    assert before.splitlines()[:10] == after.splitlines()[:10]
    assert [a == b for a, b in zip(before.splitlines(), after.splitlines(), strict=True)].count(
        False
    ) == 1
    assert "base-moved" not in run("policy", "lint", folder).stdout
    assert run("policy", "confirm", "--policies", folder).stdout == "nothing to confirm\n"


def test_confirm_adds_a_digest_where_there_is_none(tmp_path: Path) -> None:
    palmetto = "medicare/contractors/palmetto/blocks/policy.yaml"
    files = edited([(palmetto, '    base: "bb26a906dbc1"\n', "")])
    folder = plant(tmp_path / "policies", files)
    assert "not-confirmed" in run("policy", "lint", folder).stdout
    assert run("policy", "confirm", "--policies", folder).exit_code == 0
    assert '  - rule: one-unit\n    base: "bb26a906dbc1"\n' in Path(folder, palmetto).read_text()
    assert "not-confirmed" not in run("policy", "lint", folder).stdout


def test_confirm_wants_files() -> None:
    done = run("policy", "confirm", "--policies", "HEAD")
    assert (done.exit_code, "is no folder" in done.stderr) == (2, True)


def test_lint_counts_what_is_left_to_people(tmp_path: Path) -> None:
    asked = (
        BLOCKS,
        "      outcome: {rule: one-unit, is: passed}\n",
        "      any_of:\n        - outcome: {rule: one-unit, is: passed}\n"
        "        - manual_review: {question: Is it so?, who: a coder}\n",
    )
    said = (BLOCKS, "says: Two of one day are rarely paid.", "says: A word on manual_review.")
    folder = plant(tmp_path / "asked", edited([asked]))
    assert "; 1 rule left to manual review" in run("policy", "lint", folder).stdout
    folder = plant(tmp_path / "said", edited([said]))
    assert "manual review" not in run("policy", "lint", folder).stdout.splitlines()[-1]


def test_a_failing_example_is_shown_with_its_proof(tmp_path: Path) -> None:
    wrong = (
        BLOCKS,
        'line: {procedure: "64490", units: 1}\n        expect: met\n      - name: two',
        'line: {procedure: "64490", units: 5}\n        expect: met\n      - name: two',
    )
    files = edited([])
    text = files[BLOCKS].decode().replace(wrong[1], wrong[2], 1)
    folder = plant(tmp_path / "policies", {**files, BLOCKS: text.encode()})
    done = run("policy", "test", "--policies", folder)
    assert done.exit_code == 1
    assert "expected met, came out violated" in done.stdout
    assert "[5 billed, 1 to compare with]" in done.stdout


def test_today_is_not_needed(tmp_path: Path) -> None:
    """A result does not depend on the day on which it is made."""
    assert str(date.today()) not in checked(tmp_path, CLEAN).stdout  # noqa: DTZ011
