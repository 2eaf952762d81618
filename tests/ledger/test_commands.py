"""The commands, end to end: files in, answers out."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from click.testing import CliRunner

from engine.cli.main import main
from tests.ledger.running import COMPLETE, Runner, remittance, sent


def test_a_practice_keeps_its_count(run: Runner) -> None:
    history = run.file("history.json", {"coverage": [COMPLETE], "services": []})
    claims = run.file("claims.json", [sent("A", "2025-09-01"), sent("B", "2025-11-03")])
    taken = run("import", history, claims)
    assert taken.exit_code == 0, taken.output
    assert "2 claims recorded" in taken.output
    assert "2 claims known" in run("import", claims).output
    new = run.file("new.json", sent("C", "2026-03-02"))
    checked = run("check", new, "--commit")
    assert checked.exit_code == 0, checked.output
    assert "recorded in the ledger: 1" in checked.output
    fourth = run(
        "check", run.file("four.json", sent("D", "2026-03-30")), "--commit", "--format", "json"
    )
    assert fourth.exit_code == 1
    shown = json.loads(fourth.stdout)[0]
    assert [f["message"] for f in shown["findings"]] == [
        "Session 4 of 3; next eligible 2026-09-01."
    ]
    assert shown["ledger"] == {"recorded": False, "why": "the claim is not clean"}
    told = run("next", "MBI-SECRET", "64405", "--payer", "plan", "--on", "2026-03-30")
    assert told.stdout.endswith("64405: next eligible 2026-09-01\n"), told.output
    unlimited = run("next", "MBI-SECRET", "99999", "--payer", "plan", "--on", "2026-03-30")
    assert unlimited.stdout == "99999: no policy of this payer limits how often or how soon\n"


def test_a_late_claim_takes_nobodys_place(run: Runner) -> None:
    history = run.file("history.json", {"coverage": [COMPLETE], "services": []})
    claims = [sent("A", "2025-09-01"), sent("B", "2025-11-03"), sent("C", "2026-03-02")]
    run("import", history, run.file("claims.json", claims))
    late = run("check", run.file("late.json", sent("L", "2026-01-12")), "--commit")
    assert late.exit_code == 1
    assert (
        "not recorded: claim L: it would take the place of the session on 2026-03-02" in late.stderr
    )
    assert "CLEAN" in late.stdout


@pytest.mark.unmeasured
def test_sessions_say_which_count_and_why_not(run: Runner) -> None:
    services = [
        {
            "patient_id": "MBI-SECRET",
            "service_date": on,
            "procedure": code,
            "payer": payer,
            "status": status,
        }
        for on, code, payer, status in (
            ("2024-02-01", "20552", "medicare", "paid"),
            ("2025-09-01", "20553", "medicare", "paid"),
            ("2025-10-01", "20552", "medicare", "denied"),
            ("2025-11-01", "20552", "aetna", "paid"),
            ("2025-12-01", "20552", "medicare", "void"),
            ("2026-05-01", "20552", "medicare", "submitted"),
        )
    ]
    run("import", run.file("history.json", {"coverage": [COMPLETE], "services": services}))
    command = ("sessions", "MBI-SECRET", "--state", "NC", "--on", "2026-04-01", "--format", "json")
    accounts = json.loads(run(*command, shipped=True).stdout)
    told = run(*command[:-2], shipped=True).stdout
    assert all(a["counted"] or a["open"] or a["left_out"] for a in accounts)
    assert told.count("\n  window: ") == len(accounts)
    assert "limits that look at none of these services: " in told
    assert ".," not in told
    by_rule = {a["rule"].rsplit("/", 1)[-1]: a for a in accounts}
    medicare = by_rule["trigger-point-injections#session-limit"]
    assert [one["service_date"] for one in medicare["counted"]] == ["2025-09-01"]
    assert {left["service_date"]: left["why"] for left in medicare["left_out"]} == {
        "2024-02-01": "before the window, which begins on 2025-04-02",
        "2025-10-01": "denied; the policy counts what is paid or before the payer",
        "2025-11-01": "of another payer, aetna",
        "2025-12-01": "voided",
        "2026-05-01": "after 2026-04-01",
    }
    assert (medicare["used"], medicare["limit"], medicare["next_eligible"]) == (1, 3, "2026-04-01")
    assert {a["payer"] for a in accounts} >= {"aetna", "medicare"}
    text = run(*command[:-2], "--payer", "medicare", shipped=True).stdout
    assert "counts   2025-09-01 20553 paid" in text
    assert "does not 2025-12-01 20552 void: voided" in text


def test_an_open_record_says_from_when_and_who(run: Runner) -> None:
    own = {"patient_id": "MBI-SECRET", "complete_from": "2026-01-01", "complete_to": "2026-05-31"}
    run("import", run.file("history.json", {"coverage": [own], "services": []}))
    claims = run.file("claims.json", sent("A", "2026-06-01"))
    checked = run("check", claims)
    assert checked.exit_code == 3
    for words in (
        "from 2025-06-02 until 2026-06-01",
        "the ledger's own group",
        "the payer, or the patient",
    ):
        assert words in " ".join(checked.stdout.split())
    run("import", claims)
    shown = run("sessions", "MBI-SECRET", "--payer", "plan", "--on", "2026-06-02")
    assert "the record would have to be complete from 2025-06-03" in shown.stdout
    told = run("next", "MBI-SECRET", "64405", "--payer", "plan")
    assert told.exit_code == 3
    assert "could say" in told.stdout


def test_what_was_replaced_is_told(run: Runner) -> None:
    replaced = sent("B", "2025-09-02", replaces="A", frequency="7")
    run("import", run.file("claims.json", [sent("A", "2025-09-01"), replaced]))
    shown = run("sessions", "MBI-SECRET", "--payer", "plan", "--on", "2026-03-01").stdout
    assert "counts   2025-09-02 64405 submitted carolina-pain claim B" in shown
    assert "no longer stands: 2025-09-01 64405, claim A: replaced by B" in shown


def test_holds(run: Runner) -> None:
    history = run.file(
        "history.json", {"coverage": [COMPLETE | {"complete_to": None}], "services": []}
    )
    run(
        "import",
        history,
        run.file("claims.json", [sent("A", "2025-09-01"), sent("B", "2025-11-03")]),
    )
    hold = ("hold", "MBI-SECRET", "64405", "--payer", "plan")
    assert run(*hold, "--on", "2026-06-10", "--name", "H-1").exit_code == 0
    second = run(*hold, "--on", "2026-06-20")
    assert second.exit_code == 1
    assert "next eligible 2026-09-01" in second.stderr
    earlier = run(*hold, "--on", "2026-06-05")
    assert "takes the place of 64405 on 2026-06-10" in earlier.stderr
    assert "holds H-1: 64405 on 2026-06-10, until 2026-07-10" in run("hold").stdout
    assert run("hold", "--release", "H-1").exit_code == 0
    assert run("hold", "--release", "H-1").exit_code == 1
    assert run(*hold, "--on", "2026-06-20", "--name", "H-2").exit_code == 0
    billed = run("check", run.file("billed.json", sent("C", "2026-06-20")), "--commit")
    assert "recorded in the ledger: 1" in billed.stderr, billed.output
    assert run("hold").stdout == ""


def test_remittances(run: Runner) -> None:
    run("import", run.file("claims.json", [sent("A", "2025-09-01"), sent("B", "2025-11-03")]))
    paid = "CLP*A*1*100*60**MB*ICN-1~SVC*HC:64405*100*60**1~DTM*472*20250901~"
    denied = "CLP*B*4*100*0**MB*ICN-2~SVC*HC:64405*100*0**1~DTM*472*20251103~CAS*CO*151*100~"
    file = run.file("one.835", remittance(paid, denied))
    assert "2 remittances recorded" in run("import", file).output
    assert "2 remittances known" in run("import", file).output
    status = json.loads(run("status", "--format", "json").stdout)
    assert status["lines"] == {"paid": 1, "denied": 1}
    corrected = sent("C", "2025-09-02", replaces="ICN-1", frequency="7")
    run("import", run.file("corrected.json", corrected))
    rows = [json.loads(line) for line in run("export").stdout.splitlines()]
    assert sorted((r["claim_id"], r["status"]) for r in rows) == [
        ("B", "denied"),
        ("C", "submitted"),
    ]


def test_what_is_complete_for_everybody(run: Runner) -> None:
    span = ("--complete-from", "2020-01-01", "--providers", "all", "--every-patient")
    assert run("import", *span).exit_code == 0
    checked = run("check", run.file("a.json", sent("A", "2026-03-02")), "--commit")
    assert checked.exit_code == 0, checked.output
    assert "still kept for every provider" in run("status", "MBI-SECRET").stdout


def test_check_without_a_ledger_cannot_commit() -> None:
    result = CliRunner().invoke(main, ["check", "x.json", "--commit"])
    assert result.exit_code == 2
    assert "--ledger" in result.output


def test_the_ledger_and_a_history_file_say_the_same(run: Runner) -> None:
    examples = Path(__file__).parents[2] / "examples"
    claims, history, stated = (
        str(examples / name)
        for name in ("wednesday.837", "wednesday-history.json", "wednesday-documentation.json")
    )
    run("import", history, claims, "--documentation", stated, shipped=True)
    checked = ("check", claims, "--documentation", stated, "--format", "json")
    by_file = CliRunner().invoke(main, [*checked, "--history", history])
    by_ledger = run(*checked, "--alone", shipped=True)
    assert json.loads(by_ledger.stdout) == json.loads(by_file.stdout)
    assert by_ledger.exit_code == by_file.exit_code
