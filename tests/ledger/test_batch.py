"""A batch that asks the ledger says of each claim what `check --ledger` says of it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from engine.batch import staging
from engine.batch.staging import ledgered
from engine.batch.work import worker
from engine.cli import batch as batch_command
from engine.cli.main import main
from tests.batch.corpus import expected, outcomes, told
from tests.ledger.deciding import OWN
from tests.ledger.making import TODAY
from tests.ledger.running import COMPLETE, Runner, remittance, sent

PATIENTS = 12
Json = dict[str, Any]


@pytest.fixture(autouse=True)
def _small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(batch_command, "today", lambda: TODAY)
    monkeypatch.setattr(ledgered, "CHUNK", 5)
    monkeypatch.setattr(staging, "ROWS_A_PART", 12)


@pytest.fixture(params=["plain", "hashed"])
def desk(request: pytest.FixtureRequest, run: Runner) -> Runner:
    """Commands on a ledger that stores identifiers as they are, and on one that hashes them."""
    if request.param == "hashed":
        if "://" in run.url:
            run.url += ("&" if "?" in run.url else "?") + f"key={run.folder / 'ledger.key'}"
        begun = run("import", run.file("begin.json", sent("BEGIN", "2019-01-01")), "--pseudonymize")
        assert begun.exit_code == 0, begun.output
    return run


def batched(desk: Runner, given: str, out: str, *more: str, code: int | None = None) -> str:
    """A batch on the ledger of a test; what it prints."""
    words = ("batch", given, "-o", str(desk.folder / out), "--policies", str(OWN), "--workers", "1")
    done = CliRunner().invoke(main, [*words, "--ledger", desk.url, *more])
    wanted = (0, 1, 3) if code is None else (code,)
    assert done.exit_code in wanted, (done.output, done.exception)
    return done.output


def checked(desk: Runner, given: str) -> Json:
    """What `check --ledger` says, in the shape of `outcomes`."""
    done = desk("check", given, "--format", "jsonl", "--alone")
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    return expected({r["claim_id"]: r for r in lines})


def of(patient: int, claim_id: str, on: str, **more: Any) -> Json:
    """A claim of one of some patients."""
    return sent(f"{claim_id}-{patient}", on, patient={"id": f"P-{patient}"}, **more)


def claims_of(patient: int) -> list[Json]:
    """Claims of a patient, in number and days as that patient has them."""
    days = ("2025-07-01", "2025-09-01", "2025-11-03", "2026-01-12", "2026-03-02")
    found = [of(patient, f"C{n}", day) for n, day in enumerate(days[: 1 + patient % 5])]
    if patient % 3 == 0:
        found.append(of(patient, "R", "2025-07-08", replaces=f"C0-{patient}", frequency="7"))
    if patient % 4 == 0:
        found.append(of(patient, "V", "2025-07-01", replaces=f"C0-{patient}", frequency="8"))
    return found


def history_of(patient: int) -> Json:
    """What others did before, and what it covers."""
    services = [
        {"patient_id": f"P-{patient}", "service_date": f"2025-0{6 + n}-15", "procedure": "64405",
         "payer": "plan", "status": status, "units": 1,
         "documentation": {"body_site": "neck"}}
        for n, status in enumerate(("paid", "denied", "submitted", "void")[: patient % 5])
    ]  # fmt: skip
    spans = [COMPLETE | {"patient_id": f"P-{patient}"}] if patient % 2 else []
    return {"services": services, "coverage": spans}


def fill(desk: Runner) -> str:
    """A ledger with histories, claims, remittances and holds; the file of its claims."""
    claims = [claim for patient in range(PATIENTS) for claim in claims_of(patient)]
    given = desk.file("claims.jsonl", "\n".join(map(json.dumps, claims)))
    histories = [history_of(patient) for patient in range(PATIENTS)]
    entries = [e for one in histories for kind in ("services", "coverage") for e in one[kind]]
    paid = [f"CLP*C1-{n}*{1 if n % 2 else 4}*100*60**MB*ICN-{n}~" for n in range(1, PATIENTS, 3)]
    files = [desk.file("history.jsonl", "\n".join(map(json.dumps, entries))), given]
    done = desk("import", *files, desk.file("one.835", remittance(*paid)))
    assert done.exit_code == 0, done.output
    for patient in (1, 6):
        hold = ("hold", f"P-{patient}", "64405", "--payer", "plan", "--on", "2026-06-20")
        desk(*hold, "--name", f"H-{patient}")
    return given


def test_what_the_ledger_holds_counts_once(desk: Runner) -> None:
    given = fill(desk)
    wanted = checked(desk, given)
    assert len({said[0] for said in wanted.values()}) == 3
    assert any("Session 4 of 3" in f[6] for said in wanted.values() for f in said[3])
    assert any("In the ledger: " in str(said[4]) for said in wanted.values())
    shown = batched(desk, given, "out")
    assert outcomes(desk.folder / "out") == wanted
    assert "from the ledger: " in shown
    report = CliRunner().invoke(main, ["report", str(desk.folder / "out"), "--format", "text"])
    assert "did the patient have" in report.output
    assert "In the ledger" not in report.output
    known = told(desk.folder / "out")["ledger"]
    assert (known["day"], known["patients"]) == (TODAY.isoformat(), PATIENTS)


def test_claims_that_the_ledger_lacks_count_as_if_it_had_them(desk: Runner) -> None:
    new = [of(n, "N", "2026-04-02") for n in range(PATIENTS)]
    new += [of(n, "X", "2025-11-04", replaces=f"ICN-{n}", frequency="7") for n in (1, 4)]
    new += [of(n, "B", "2026-06-20") for n in (1, 6)]  # what a hold keeps a place for
    new += [of(n, "C2", "2025-11-03", frequency="8") for n in (2, 7)]  # voids its own id
    given = fill(desk)
    more = desk.file("new.jsonl", "\n".join(map(json.dumps, new)))
    lines = Path(given).read_text("utf-8").splitlines()
    own = {claim["claim_id"] for claim in new}
    kept = [line for line in lines if json.loads(line)["claim_id"] not in own]
    both = desk.file("both.jsonl", "\n".join([*kept, *map(json.dumps, new)]))
    batched(desk, both, "out")
    assert desk("import", more).exit_code == 0
    assert outcomes(desk.folder / "out") == checked(desk, both)


def test_another_batch_goes_on_with_what_it_read(
    desk: Runner, monkeypatch: pytest.MonkeyPatch
) -> None:
    given = fill(desk)
    wanted, write, count = checked(desk, given), worker.write, iter(range(100))

    def failing(file: Any, table: Any) -> None:
        if next(count) > 5:
            raise KeyboardInterrupt
        write(file, table)

    with monkeypatch.context() as patch:
        patch.setattr(worker, "write", failing)
        assert "--resume goes on" in batched(desk, given, "out", code=130)
    said = told(desk.folder / "out")
    assert (said["state"], said["complete"]) == ("interrupted", False)
    assert 0 < said["claims"]["judged"] < said["claims"]["read"]
    late = desk.file("late.json", [of(n, "L", "2026-02-02") for n in range(PATIENTS)])
    assert desk("import", late).exit_code == 0
    batched(desk, given, "out", "--resume")
    assert outcomes(desk.folder / "out") == wanted
    batched(desk, given, "again")
    assert outcomes(desk.folder / "again") != wanted


def test_one_query_for_many_patients(desk: Runner, monkeypatch: pytest.MonkeyPatch) -> None:
    given, asked = fill(desk), list[str]()

    def note(_conn: Any, _cursor: Any, statement: str, *_more: Any) -> None:
        asked.append(statement)

    sa.event.listen(sa.Engine, "before_cursor_execute", note)
    try:
        batched(desk, given, "out")
    finally:
        sa.event.remove(sa.Engine, "before_cursor_execute", note)
    chunks = -(-PATIENTS // ledgered.CHUNK)
    assert len([s for s in asked if "claim_version" in s and "service" not in s]) == chunks
    assert len([s for s in asked if "FROM service" in s]) == chunks


def test_what_a_file_and_the_ledger_tell_counts_once(desk: Runner) -> None:
    given = fill(desk)
    entries = [
        {"patient_id": f"P-{n}", "service_date": "2025-09-01", "procedure": "64405", "units": 1,
         "payer": "plan", "status": "paid", "claim_id": f"C1-{n}", "line": 1,
         "documentation": {"body_site": "neck"}}
        for n in range(PATIENTS)
    ]  # fmt: skip
    history = desk.file("told.jsonl", "\n".join(map(json.dumps, entries)))
    done = desk("check", given, "--format", "jsonl", "--history", history)
    lines = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    batched(desk, given, "out", "--history", history)
    assert outcomes(desk.folder / "out") == expected({r["claim_id"]: r for r in lines})


def test_a_ledger_that_is_not_there(run: Runner) -> None:
    given = run.file("c.json", sent("A", "2025-09-01"))
    run.url = str(run.folder / "none.db")
    assert "there is no ledger" in batched(run, given, "out", code=2)
    assert not (run.folder / "out").exists()
