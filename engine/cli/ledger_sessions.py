"""`cleanclaim ledger sessions`: which sessions of a patient count, and which do not, and why."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

import click

from engine.cli.ledger_books import payers
from engine.cli.ledger_options import format_option, ledger_option, on_option, opened, today, told
from engine.cli.options import policies, source_of
from engine.compiler.shelf import Shelf

if TYPE_CHECKING:
    from engine.analysis.sessions import Account
    from engine.ledger.entries import Entry
    from engine.model.claim import Payer


@click.command("sessions")
@click.argument("patient", metavar="PATIENT")
@ledger_option()
@click.option(
    "--payer", multiple=True, metavar="ID", help="Count as this payer does. Default: all."
)
@click.option("--contractor", metavar="NAME", help="The payer's contractor.")
@click.option("--state", metavar="XX", help="The state of service, which tells the contractor.")
@on_option
@format_option
@policies
def command(
    patient: str,
    ledger_: str,
    payer: tuple[str, ...],
    contractor: str | None,
    state: str | None,
    on: date | None,
    format_: str,
    policies_: str | None,
    known_on: date | None,
) -> None:
    """Count the sessions of PATIENT by the policies' own definitions, as of a day.

    For each rule that limits how often or how soon: the sessions that count, those that do not
    with the reason, the window, and the first day with room for one more.
    """
    day = on or today()
    shelf = Shelf(source_of(policies_), known_on)
    with told(ledger_):
        from engine.analysis.sessions import Accountant
        from engine.ledger.history import records
        from engine.ledger.summary import superseded

        ledger = opened(ledger_)
        with ledger.reading() as connection:
            record = records(connection, ledger.names, [patient])[patient]
        ended = list(superseded(ledger, patient))
        found = [
            (who, account)
            for who, bound in payers(shelf, payer, contractor, state, day)
            for account in Accountant(bound, who, today()).accounts(record, day)
        ]
    passed_over, found = len(found), [each for each in found if _concerned(each[1])]
    passed_over -= len(found)
    if format_ == "json":
        click.echo(json.dumps([_plain(who, a) for who, a in found], indent=2, default=str))
        return
    for who, account in found:
        for line in _lines(who, account):
            click.echo(line)
    if not found:
        click.echo("no service in the record that a policy here counts")
    elif passed_over:
        click.echo(f"limits that look at none of these services: {passed_over}")
    for row, why in ended:
        claim = row.claim_id if row.line > 0 else "without a number"
        click.echo(f"no longer stands: {row.service_date} {row.procedure}, claim {claim}: {why}")


def _concerned(account: Account) -> bool:
    """Whether a limit looks at any service of the record."""
    return bool(account.counted or account.open or account.left_out)


def _lines(payer: Payer, account: Account) -> Iterator[str]:
    addressed = " / ".join(part for part in (payer.id, payer.contractor) if part)
    about = f" ({account.of})" if account.of else ""
    yield f"{addressed}  {account.rule}{about}"
    yield f"  {account.says}"
    since = f", from {account.first}" if account.first else ""
    yield f"  window: {account.window.rstrip('.')}{since}"
    if isinstance(account.limit, int):
        yield f"  counted before {account.day}: {account.used}; the limit is {account.limit}"
    for entry in account.counted:
        yield f"    counts   {_entry(entry)}"
    for entry in account.open:
        yield f"    may      {_entry(entry)}"
    for left in account.left_out:
        yield f"    does not {_entry(left.entry)}: {left.why}"
    if account.applies is None:
        yield "  whether the rule applies depends on the record"
    if account.lacking:
        yield f"  {'not decided' if account.next == account.day else 'open'}: {account.lacking}"
    elif account.assumed:
        yield f"  {account.assumed}"
    yield f"  next eligible: {account.next or 'not by the passing of time alone'}"
    yield ""


def _entry(entry: Entry) -> str:
    line = entry.service.line
    parts = [str(line.service_date), line.procedure, *line.modifiers]
    held = f"held until {entry.expires_on}" if entry.expires_on else "held"
    parts.append(held if entry.status == "planned" else entry.status or "status not known")
    if entry.service.group:
        parts.append(entry.service.group)
    if entry.service.claim_id:
        parts.append(f"claim {entry.service.claim_id}")
    return " ".join(parts)


def _plain(payer: Payer, account: Account) -> dict[str, Any]:
    return {
        "payer": payer.id,
        "contractor": payer.contractor,
        "rule": account.rule,
        "says": account.says,
        "of": account.of,
        "day": account.day,
        "window": account.window,
        "first": account.first,
        "limit": account.limit,
        "used": account.used,
        "counted": [_facts(e) for e in account.counted],
        "open": [_facts(e) for e in account.open],
        "left_out": [{**_facts(left.entry), "why": left.why} for left in account.left_out],
        "next_eligible": account.next,
        "lacking": account.lacking,
        "assumed": account.assumed,
        "applies": account.applies,
    }


def _facts(entry: Entry) -> dict[str, Any]:
    line = entry.service.line
    return {
        "service_date": line.service_date,
        "procedure": line.procedure,
        "modifiers": list(line.modifiers),
        "status": entry.status,
        "group": entry.service.group,
        "claim_id": entry.service.claim_id,
        "line": line.number or None,
        "held_until": entry.expires_on,
    }
