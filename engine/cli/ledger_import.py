"""`cleanclaim ledger import`: take in claims, remittances and histories."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

import click

from engine.cli import exits
from engine.cli.ledger_options import ledger_option, opened, told
from engine.cli.options import Day, policies, source_of
from engine.compiler.shelf import Shelf
from engine.model.claim import Coverage

if TYPE_CHECKING:
    from engine.cli.ledger_reading import Reading
    from engine.ledger.intake import Intake
    from engine.ledger.store import Ledger


@click.command("import")
@click.argument("files", nargs=-1, metavar="[FILES]...")
@ledger_option()
@click.option("--payer", metavar="ID", help="The payer of every claim that is read.")
@click.option("--documentation", multiple=True, metavar="FILE", help="What the record states.")
@click.option("--pseudonymize", is_flag=True, help="Store patients and claims as keyed hashes.")
@click.option("--complete-from", type=Day(), metavar="DATE", help="The files are complete from ...")
@click.option("--complete-to", type=Day(), metavar="DATE", help="... until this day.")
@click.option(
    "--providers",
    metavar="all|GROUPS",
    help="Whose services are complete: all, or groups with commas. Default: the own group's.",
)
@click.option("--procedures", metavar="CODES", help="Code sets or codes that are complete.")
@click.option("--every-patient", is_flag=True, help="What is complete holds for every patient.")
@policies
def command(
    files: tuple[str, ...],
    ledger_: str,
    payer: str | None,
    documentation: tuple[str, ...],
    pseudonymize: bool,
    complete_from: date | None,
    complete_to: date | None,
    providers: str | None,
    procedures: str | None,
    every_patient: bool,
    policies_: str | None,
    known_on: date | None,
) -> None:
    """Record what FILES say: claims (JSON, FHIR, 837), remittances (835), histories (JSON lines,
    CSV, Parquet). What was read before changes nothing. Claims are recorded whether they are clean
    or not: the ledger holds what was done.

    \b
    cleanclaim ledger import june.837 remittance.835 --ledger ledger.db
    cleanclaim ledger import --complete-from 2024-01-01 --every-patient --ledger ledger.db
    """
    span = _span(complete_from, complete_to, providers, procedures)
    if not files and not (span and every_patient):
        raise click.UsageError("name files, or say what is complete with --every-patient")
    with told(ledger_):
        from engine.cli.ledger_reading import Reading

        ledger = opened(ledger_, make=True, pseudonymize=pseudonymize)
        reading = Reading(Shelf(source_of(policies_), known_on), payer, hide=ledger.names.hashed)
        reading.load_documentation(documentation)
        for path in files or ("the command line",):
            _take(ledger, reading, path, span, everyone=every_patient, read=bool(files))
    raise SystemExit(exits.BAD_INPUT if reading.bad else exits.CLEAN)


def _take(
    ledger: Ledger,
    reading: Reading,
    path: str,
    span: Coverage | None,
    *,
    everyone: bool,
    read: bool,
) -> None:
    """Record one file and what it is complete for, and say what became of it."""
    from engine.ledger.events import source_id
    from engine.ledger.intake import Intake

    intake = Intake(ledger, source_id(ledger, path))
    reading.patients.clear()
    if read:
        intake.take(reading.items(path))
    if span is not None:
        patients = {""} if everyone else reading.patients
        spans = [replace(span, patient_id=patient) for patient in sorted(patients)]
        intake.complete(spans, everyone=everyone)
    click.echo(f"{path}: {_summary(intake)}")
    for one in intake.refused:
        named = "a claim" if ledger.names.hashed else f"claim {one.claim_id}"
        click.echo(f"not recorded: {named}: {one.why}", err=True)
        reading.bad = True


def _summary(intake: Intake) -> str:
    found = [f"{n} {what}" for what, n in sorted(intake.counts.items()) if n]
    return ", ".join(found) or "nothing new"


def _span(
    first: date | None, last: date | None, providers: str | None, procedures: str | None
) -> Coverage | None:
    if first is None and last is None and providers is None and procedures is None:
        return None
    groups = None if providers in (None, "all") else _listed(providers)
    return Coverage("", first, last, groups, providers is None, _listed(procedures))


def _listed(text: str | None) -> tuple[str, ...] | None:
    return None if text is None else tuple(part.strip() for part in text.split(","))
