"""`cleanclaim checklist`: before the visit, what the note must state and what limits it."""

from __future__ import annotations

import json
from datetime import date

import click

from engine.analysis.checklist import checklist, plain
from engine.chain.bound import BoundBook
from engine.chain.stratified import decide
from engine.cli import exits
from engine.cli.options import Day, complain, policies, source_of
from engine.compiler.shelf import Shelf
from engine.model.claim import Claim, History, Line, Patient, Payer
from engine.model.directory import Directory
from engine.report.checklist_text import checklist_lines
from engine.report.questionnaire import questionnaire


@click.command("checklist")
@click.argument("procedure", metavar="PROCEDURE")
@click.option("--payer", required=True, metavar="ID", help="Whose policies.")
@click.option("--contractor", metavar="NAME", help="The payer's contractor.")
@click.option("--state", metavar="XX", help="The state; the contractor follows from it.")
@click.option("--plan", metavar="NAME", help="The plan, where the payer has any.")
@click.option("--on", type=Day(), metavar="DATE", help="Day of the service; default: today.")
@click.option("--modifier", multiple=True, metavar="CODE", help="A modifier that it will bear.")
@click.option("--diagnosis", multiple=True, metavar="CODE", help="A diagnosis it will point to.")
@click.option("--place", metavar="CODE", help="Place of service, such as 11.")
@click.option(
    "--format",
    "format_",
    type=click.Choice(["text", "json", "fhir"]),
    default="text",
    show_default=True,
    help="fhir: a Questionnaire of release 4.",
)
@policies
def command(
    procedure: str,
    payer: str,
    contractor: str | None,
    state: str | None,
    plan: str | None,
    on: date | None,
    modifier: tuple[str, ...],
    diagnosis: tuple[str, ...],
    place: str | None,
    format_: str,
    policies_: str | None,
    known_on: date | None,
) -> None:
    """Say what the note must state for PROCEDURE, computed from the rules that will judge it.

    \b
    cleanclaim checklist 64493 --payer medicare --state NC
    cleanclaim checklist 64493 --payer medicare --contractor ngs --modifier KX --format fhir
    """
    shelf = Shelf(source_of(policies_), known_on)
    addressed = _addressed(shelf.directory, payer, contractor, state, plan, on or _today())
    if complain([p for p in shelf.problems if p.severity == "error"]):
        raise SystemExit(exits.BAD_INPUT)
    line = Line(
        1,
        procedure.upper(),
        on or _today(),
        modifiers=tuple(m.upper() for m in modifier),
        place_of_service=place,
        diagnoses=tuple(d.upper() for d in diagnosis),
    )
    claim = Claim("planned", addressed, Patient("planned"), (line,), stage="planned")
    book = shelf.book(addressed.id or "", addressed.contractor, addressed.plan)
    complain([p for p in shelf.problems if p.severity == "error"])
    shown = plain(checklist(decide(BoundBook(book), claim, History())))
    _print(shown, shelf.directory, claim, format_)


def _today() -> date:
    return date.today()  # noqa: DTZ011  # the user's own day


def _addressed(
    directory: Directory,
    payer: str,
    contractor: str | None,
    state: str | None,
    plan: str | None,
    on: date,
) -> Payer:
    given = Payer(id=payer, contractor=contractor, plan=plan, state=state)
    folder = directory.payer(given)
    if folder is None:
        known = ", ".join(directory.payers) or "none"
        raise click.UsageError(f"no policies for the payer `{payer}`; payers here: {known}")
    found = directory.contractor(folder, given, on)
    known = ", ".join(directory.payers[folder].contractors)
    if contractor and found is None:
        raise click.UsageError(f"{folder} has no contractor `{contractor}`; contractors: {known}")
    if known and found is None:
        where = f"no contractor decides in `{state}` on {on}" if state else "which contractor?"
        raise click.UsageError(f"{where}; say --state or --contractor, one of {known}")
    return Payer(id=folder, contractor=found, plan=plan, state=state)


def _print(shown: dict[str, object], directory: Directory, claim: Claim, format_: str) -> None:
    line, payer = claim.lines[0], claim.payer
    who = " / ".join(part for part in (payer.id, payer.contractor, payer.plan) if part)
    title = f"{line.procedure} for {who} on {line.service_date}"
    if format_ == "text":
        for text in checklist_lines(shown, title):
            click.echo(text)
        return
    if format_ == "fhir":
        name = f"{line.procedure} {who}"
        day = line.service_date.isoformat()
        found = questionnaire(shown, directory.facts, name, f"Checklist: {title}", day)
        click.echo(json.dumps(found, indent=2, ensure_ascii=False))
        return
    about = {"procedure": line.procedure, "payer": payer.id, "contractor": payer.contractor}
    about |= {"plan": payer.plan, "on": line.service_date.isoformat()}
    click.echo(json.dumps({**about, **shown}, indent=2, ensure_ascii=False, default=str))
