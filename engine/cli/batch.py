"""`cleanclaim batch`: claims by the million, on the cores of this machine or on Spark."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from engine.cli import exits
from engine.cli.beside import beside
from engine.cli.options import Day, complain, policies, source_of
from engine.cli.progress import Meter
from engine.compiler.shelf import Shelf
from engine.model.problem import Problem

if TYPE_CHECKING:
    from engine.batch.inputs import Input
    from engine.batch.layout import Mapping_
    from engine.batch.run import Batch


@click.command("batch")
@click.argument("files", nargs=-1, required=True, metavar="FILES...")
@click.option("-o", "--out", metavar="OUT", help="The folder to write to.")
@click.option("--payer", metavar="ID", help="Judge every claim by this payer's policies.")
@click.option(
    "--history", multiple=True, metavar="FILE", help="Earlier services, and what they cover."
)
@click.option(
    "--documentation", multiple=True, metavar="FILE", help="What the record states, by claim."
)
@click.option("--alone", is_flag=True, help="Do not read such files that lie beside the claims.")
@click.option(
    "--complete-from",
    type=Day(),
    metavar="DATE",
    help="The files hold every service of their patients from this day on; without it, "
    "what only that would tell stays undecided.",
)
@click.option(
    "--complete-to", type=Day(), metavar="DATE", help="... until this day. Default: to the end."
)
@click.option("--mapping", metavar="FILE", help="Which column is which field, for other tables.")
@click.option("--describe", is_flag=True, help="Say what was understood of the files, and stop.")
@click.option("--workers", type=click.IntRange(1, 256), help="Processes. Default: the cores.")
@click.option("--resume", is_flag=True, help="Go on with what was interrupted in OUT.")
@click.option("--spark", metavar="URL", help="Judge on Spark, such as local[2]; an extra.")
@click.option("--json-lines", is_flag=True, help="Write the rows as JSON lines, too.")
@policies
def command(
    files: tuple[str, ...],
    out: str | None,
    payer: str | None,
    history: tuple[str, ...],
    documentation: tuple[str, ...],
    alone: bool,
    complete_from: date | None,
    complete_to: date | None,
    mapping: str | None,
    describe: bool,
    workers: int | None,
    resume: bool,
    spark: str | None,
    json_lines: bool,
    policies_: str | None,
    known_on: date | None,
) -> None:
    """Judge claims by the million: Parquet, CSV, JSON lines and 837 files, and folders of them.

    Writes claims, findings and needs as Parquet files, what could not be judged to
    quarantine.jsonl, and the counts to run.json.

    \b
    cleanclaim batch claims/ -o out --complete-from 2024-01-01
    cleanclaim batch claims.parquet --mapping ours.yaml --describe
    """
    _need_extras(spark)
    from engine.batch.run import Batch
    from engine.batch.settings import Settings

    given, bad = _inputs(files, _mapping(mapping))
    if describe:
        _describe(given)
        raise SystemExit(exits.BAD_INPUT if bad else exits.CLEAN)
    if bad or not given or out is None:
        _refuse("" if bad else "say with -o which folder to write to" if given else "no files")
    if complete_to is not None and complete_from is None:
        _refuse("--complete-to needs --complete-from, the day from which on the files hold all")
    settings = Settings(
        source_of(policies_), known_on, _known_payer(policies_, known_on, payer),
        complete_from, complete_to,
    )  # fmt: skip
    named = tuple(str(i.path) for i in given if not i.table)
    batch = Batch(
        out=Path(out),
        inputs=given,
        settings=settings,
        options=_options(mapping, payer, known_on, complete_from, complete_to),
        history=history if alone else beside(named, history, "history"),
        documentation=documentation if alone else beside(named, documentation, "documentation"),
        workers=workers or os.cpu_count() or 1,
        spark=spark,
        json_lines=json_lines,
    )
    _may_begin(batch, resume=resume)
    raise SystemExit(_run(batch))


def _options(
    mapping: str | None, payer: str | None, known_on: date | None, first: date | None,
    last: date | None,
) -> dict[str, Any]:  # fmt: skip
    """What of the command line has a bearing on the outcome."""
    words = Path(mapping).read_text("utf-8") if mapping else None
    days = {"known_on": known_on, "complete_from": first, "complete_to": last}
    return {"payer": payer, "mapping": words, **{k: v and v.isoformat() for k, v in days.items()}}


def _need_extras(spark: str | None) -> None:
    wanted = {"duckdb": "duckdb", "pyarrow": "pyarrow"} | ({"pyspark": "pyspark"} if spark else {})
    for module in wanted:
        try:
            __import__(module)
        except ImportError:
            extra = "spark" if module == "pyspark" else "batch"
            _refuse(f"{module} is not installed here: pip install 'cleanclaim[{extra}]'")


def _mapping(path: str | None) -> Mapping_ | None:
    from engine.batch.layout import read_mapping

    if path is None:
        return None
    found, problems = read_mapping(path)
    if complain(problems):
        raise SystemExit(exits.BAD_INPUT)
    return found


def _inputs(files: tuple[str, ...], mapping: Mapping_ | None) -> tuple[list[Input], bool]:
    """The inputs, and whether something is wrong with one of them."""
    from engine.batch.inputs import found, opened, unusable

    given: dict[Path, Input] = {}
    problems: list[Problem] = []
    for path in found(files):
        one = path if isinstance(path, Problem) else opened(path, mapping)
        if isinstance(one, Problem):
            problems.append(one)
        else:
            given.setdefault(one.path.resolve(), one)
    problems += [fault for one in given.values() if (fault := unusable(one))]
    return list(given.values()), complain(problems)


def _known_payer(where: str | None, known_on: date | None, payer: str | None) -> str | None:
    if payer is not None:
        shelf = Shelf(source_of(where), known_on)
        known = shelf.directory.payers
        if payer not in known:
            _refuse(f"there is no payer `{payer}`; payers here: {', '.join(known) or 'none'}")
    return payer


def _describe(inputs: list[Input]) -> None:
    from engine.batch.layout import described

    for given in inputs:
        kind = {"parquet": "Parquet", "csv": "CSV"}.get(given.kind)
        if kind is None:
            click.echo(f"{given.path}: claims, read as `cleanclaim check` reads them")
            continue
        click.echo(f"{given.path}: a table of claim lines ({kind})")
        for line in described(given.layout):
            click.echo(line)


def _may_begin(batch: Batch, *, resume: bool) -> None:
    """End the command where the folder holds something that it must not touch."""
    state, told = batch.interrupted(), batch.out / "run.json"
    if not resume:
        if state:
            _refuse(f"`{batch.out}` holds a batch that was interrupted: --resume goes on with it")
        if batch.out.exists() and (not batch.out.is_dir() or any(batch.out.iterdir())):
            _refuse(f"`{batch.out}` is not empty; name another folder, or take this one away")
    elif state:
        changed = batch.changed()
        if changed:
            _refuse(f"{changed}, so that `{batch.out}` cannot be gone on with; name another folder")
    elif told.exists() and json.loads(told.read_text("utf-8")).get("complete"):
        _refuse(f"the batch in `{batch.out}` is complete; there is nothing to go on with")


def _run(batch: Batch) -> int:
    from engine.batch.pool import WorkerError
    from engine.batch.run import CountsError
    from engine.batch.staging import BadTableError
    from engine.batch.worker import NoRoomError

    again = "the same command with --resume goes on"
    with Meter() as meter:
        batch.note = meter.at
        try:
            told = batch.run()
        except NoRoomError:
            _refuse(f"the disk is full; what `{batch.out}` holds is whole; free some room: {again}")
        except BadTableError as error:
            _refuse(f"a table cannot be read: {error}; mend the file or leave it out")
        except WorkerError as error:
            _refuse(f"a worker could not go on: {error}; {again}")
        except CountsError as error:
            _refuse(f"the counts do not agree: {error}; do not use `{batch.out}`; please report")
        except KeyboardInterrupt:
            click.echo(f"\ninterrupted; what `{batch.out}` holds is whole; {again}", err=True)
            return exits.INTERRUPTED
    _say(told, batch)
    return _exit(told)


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
    click.echo(f"{seconds:,.1f} seconds, {claims['read'] / seconds:,.0f} claims a second")
    if claims["quarantined"]:
        click.echo(f"not judged, with reasons: {batch.out / 'quarantine.jsonl'}", err=True)
    if told["remarks"]:
        click.echo(f"{told['remarks']:,} remarks: {batch.out / 'remarks.jsonl'}", err=True)


def _exit(told: dict[str, Any]) -> int:
    verdicts = told["verdicts"]
    if told["claims"]["quarantined"] or not told["claims"]["read"]:
        return exits.BAD_INPUT
    if verdicts.get("not_clean"):
        return exits.FINDINGS
    return exits.UNDECIDED if verdicts.get("undecided") else exits.CLEAN


def _refuse(message: str) -> NoReturn:
    if message:
        click.echo(message, err=True)
    raise SystemExit(exits.BAD_INPUT)
