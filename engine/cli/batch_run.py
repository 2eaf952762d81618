"""Runs a batch from the command line: whether it may begin, what ends it, and what is said then."""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any

import click

from engine.cli import exits
from engine.cli.batch_inputs import refuse
from engine.cli.progress import Meter

if TYPE_CHECKING:
    from engine.batch.run import Batch

_AGAIN = "the same command with --resume goes on"
_OWN = frozenset({".work", "claims", "findings", "needs", "run.json"})
"""What a batch makes first; a folder with only these in it may be one that was hardly begun."""


def may_begin(batch: Batch, *, resume: bool) -> None:
    """End the command where the folder holds something that it must not touch."""
    from engine.batch.lock import is_held

    out = batch.out
    if out.exists() and not out.is_dir():
        refuse(f"`{out}` is a file; name a folder to write to")
    if is_held(out):
        refuse(f"another process is working on `{out}`")
    if batch.complete():
        shutil.rmtree(batch.work, ignore_errors=True)
        then = "there is nothing to go on with" if resume else "name another folder"
        refuse(f"the batch in `{out}` is complete; {then}")
    inside = {path.name for path in out.iterdir()} if out.exists() else set()
    if batch.begun():
        if not resume:
            refuse(f"`{out}` holds a batch that was interrupted: --resume goes on with it")
        changed = batch.changed()
        if changed:
            refuse(f"{changed}, so that `{out}` cannot be gone on with; name another folder")
    elif inside - (_OWN if resume else frozenset()):
        refuse(f"`{out}` is not empty; name another folder, or take this one away")


def run(batch: Batch) -> int:
    """Run it and say what came of it; the exit code."""
    with Meter() as meter:
        batch.note = meter.at
        try:
            told = batch.run()
        except KeyboardInterrupt as stop:
            click.echo(f"\ninterrupted; what `{batch.out}` holds is whole; {_AGAIN}", err=True)
            number = getattr(stop, "number", None)
            return exits.INTERRUPTED if number is None else exits.SIGNAL + number
        except Exception as error:
            refuse(_in_words(error, batch))
    _say(told, batch)
    return _exit(told)


def _in_words(error: Exception, batch: Batch) -> str:
    """What stopped a batch, and how to go on; raises what is no business of a batch."""
    from engine.batch.account import CountsError
    from engine.batch.database import BadTableError
    from engine.batch.lock import HeldError
    from engine.batch.told import NoRoomError
    from engine.batch.work.pool import WorkerError

    out = f"`{batch.out}`"
    if isinstance(error, NoRoomError):
        return f"the disk is full; what {out} holds is whole; free some room: {_AGAIN}"
    if isinstance(error, BadTableError):
        return f"a table cannot be read: {error}; mend the file or leave it out"
    if isinstance(error, WorkerError):
        return f"a worker could not go on: {error}; {_AGAIN}"
    if isinstance(error, CountsError):
        return f"the counts do not agree: {error}; do not use {out}; please report"
    if isinstance(error, HeldError):
        return f"another process is working on {out}"
    raise error


def _say(told: dict[str, Any], batch: Batch) -> None:
    claims, seconds = told["claims"], max(told["seconds"], 0.001)
    click.echo(
        f"{claims['read']:,} claims read = {claims['untouched']:,} of which no policy speaks"
        f" + {claims['judged']:,} judged + {claims['quarantined']:,} in quarantine"
    )
    verdicts = told["verdicts"]
    listed = (("clean", "clean"), ("not_clean", "not clean"), ("undecided", "undecided"))
    parts = ", ".join(f"{verdicts.get(name, 0):,} {shown}" for name, shown in listed)
    click.echo(f"{parts}; findings: {told['findings']:,}, facts needed: {told['needs']:,}")
    known = told["ledger"]
    if known:
        click.echo(
            f"from the ledger: {known['services']:,} services and {known['spans']:,} spans of "
            f"{known['patients']:,} patients"
        )
    click.echo(f"{seconds:,.1f} seconds, {claims['read'] / seconds:,.0f} claims a second")
    if claims["quarantined"]:
        reasons = ", ".join(f"{n:,} {code}" for code, n in batch.account.reasons.most_common(5))
        where = batch.out / "quarantine.jsonl"
        click.echo(f"not judged ({reasons}), with reasons: {where}", err=True)
    if told["remarks"]:
        noun = "remark" if told["remarks"] == 1 else "remarks"
        click.echo(f"{told['remarks']:,} {noun}: {batch.out / 'remarks.jsonl'}", err=True)
    click.echo(f"wrote {batch.out}; `cleanclaim report {batch.out}` sums it up", err=True)


def _exit(told: dict[str, Any]) -> int:
    verdicts = told["verdicts"]
    if told["claims"]["quarantined"] or not told["claims"]["read"]:
        return exits.BAD_INPUT
    if verdicts.get("not_clean"):
        return exits.FINDINGS
    return exits.UNDECIDED if verdicts.get("undecided") else exits.CLEAN
