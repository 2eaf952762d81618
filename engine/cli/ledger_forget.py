"""`cleanclaim ledger forget`: delete a patient, and prove it."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from engine.cli import exits
from engine.cli.ledger_options import ledger_option, opened, told


@click.command("forget")
@click.argument("patient", metavar="PATIENT")
@ledger_option()
def command(patient: str, ledger_: str) -> None:
    """Delete every row of PATIENT, then search the whole ledger for the patient and the patient's
    claims. The receipt on standard output names neither; `found` 0 is the proof.

    Exit code 1: something is still found, in another patient's rows or on the disk.
    """
    with told(ledger_):
        from engine.ledger.forget import forget

        ledger = opened(ledger_)
        receipt = forget(ledger, patient)
    click.echo(json.dumps(asdict(receipt), indent=2))
    raise SystemExit(exits.FINDINGS if receipt.found else exits.CLEAN)
