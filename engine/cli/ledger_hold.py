"""`cleanclaim ledger hold`: reserve a planned service's place, release it, or list what is held."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import click

from engine.chain.stratified import decide
from engine.cli import exits
from engine.cli.evaluation import Desk
from engine.cli.ledger_options import ledger_option, opened, today, told
from engine.cli.options import Day, complain, policies, source_of
from engine.compiler.shelf import Shelf
from engine.model.claim import Claim, Line, Patient, Payer, Provider

if TYPE_CHECKING:
    from engine.ledger.store import Ledger


@click.command("hold")
@click.argument("patient", required=False, metavar="[PATIENT]")
@click.argument("procedure", required=False, metavar="[PROCEDURE]")
@ledger_option()
@click.option("--on", type=Day(), metavar="DATE", help="The day of the planned service.")
@click.option(
    "--until", type=Day(), metavar="DATE", help="When the hold ends. Default: 30 days after."
)
@click.option("--payer", metavar="ID", help="Who will be billed.")
@click.option("--contractor", metavar="NAME", help="The payer's contractor.")
@click.option("--state", metavar="XX", help="The state of service, which tells the contractor.")
@click.option("--modifier", multiple=True, metavar="XX", help="A modifier of the service: KX, RT.")
@click.option("--group", metavar="NAME", help="The group that will render it.")
@click.option("--name", metavar="ID", help="The hold's id, to release it by. Default: made up.")
@click.option("--release", metavar="ID", help="End a hold.")
@policies
def command(
    patient: str | None,
    procedure: str | None,
    ledger_: str,
    on: date | None,
    until: date | None,
    payer: str | None,
    contractor: str | None,
    state: str | None,
    modifier: tuple[str, ...],
    group: str | None,
    name: str | None,
    release: str | None,
    policies_: str | None,
    known_on: date | None,
) -> None:
    """Reserve a place for PROCEDURE of PATIENT, if no limit forbids it; without PROCEDURE list
    the holds, of PATIENT or of all.

    \b
    cleanclaim ledger hold P-1 20552 --on 2026-05-04 --payer medicare --state NC
    cleanclaim ledger hold --release HOLD-1
    """
    with told(ledger_):
        ledger = opened(ledger_, make=procedure is not None)
        if release is not None:
            held = _release(ledger, release)
        elif patient is None or procedure is None:
            held = _list(ledger, patient)
        else:
            if on is None or payer is None:
                raise click.UsageError("say when and for whom: --on DATE --payer ID")
            line = Line(1, procedure.upper(), on, tuple(m.upper() for m in modifier), 1)
            provider = Provider(group=group) if group else None
            addressed = Payer(id=payer, contractor=contractor, state=state)
            hold = name or _made_up()
            claim = Claim(
                hold,
                addressed,
                Patient(patient),
                (line,),
                stage="planned",
                billing_provider=provider,
            )
            held = _hold(ledger, Shelf(source_of(policies_), known_on), claim, until)
    raise SystemExit(exits.CLEAN if held else exits.FINDINGS)


def _made_up() -> str:
    import secrets

    return f"HOLD-{secrets.token_hex(4).upper()}"


def _release(ledger: Ledger, hold: str) -> bool:
    from engine.ledger.events import source_id
    from engine.ledger.holds import release

    done = release(ledger, source_id(ledger, "ledger hold"), hold)
    click.echo("released" if done else "there is no such hold", err=not done)
    return done


def _list(ledger: Ledger, patient: str | None) -> bool:
    from engine.ledger.holds import holds

    now = today()
    for row in holds(ledger, patient):
        ended = row["expires_on"] is not None and row["expires_on"] < now
        word = "ended" if ended else "holds"
        code = " ".join(part for part in (row["procedure"], row["modifiers"]) if part)
        click.echo(
            f"{word} {row['claim_id']}: {code} on {row['service_date']}, until {row['expires_on']}"
        )
    return True


def _hold(ledger: Ledger, shelf: Shelf, claim: Claim, until: date | None) -> bool:
    """Decide and reserve in one transaction; a limit that is passed is said."""
    from engine.analysis.next_date import next_date
    from engine.ledger.commit import decide_and_record
    from engine.ledger.entries import Record
    from engine.ledger.events import source_id
    from engine.ledger.kinds import ends_on

    desk = Desk(shelf, claim.payer.id, decide)
    claim, bound, problems = desk.addressed(claim)
    if complain(problems):
        raise SystemExit(exits.BAD_INPUT)
    day = claim.lines[0].service_date

    def judge(record: Record) -> tuple[list[str], bool]:
        found = next_date(bound, claim, record, today())
        broken = [o for o in found.obstacles if o.day == day]
        said = [f"{o.rule}: {o.why}" for o in broken]
        if broken:
            said.append(f"next eligible {found.day or 'not within ten years'}")
        return said or [f"open: {text}" for text in found.open], not broken

    last = ends_on(claim, until)
    if last is None or last < today():
        raise click.UsageError(f"the hold would have ended on {last}")
    source = source_id(ledger, "ledger hold")
    said, recorded = decide_and_record(ledger, source, claim, judge, last)
    for text in said:
        click.echo(text, err=True)
    if recorded is None or recorded.what == "refused":
        click.echo(f"not held{f': {recorded.why}' if recorded else ''}", err=True)
        return False
    click.echo(f"{claim.claim_id} holds {claim.lines[0].procedure} on {day}, until {last}")
    return True
