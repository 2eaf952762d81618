"""`cleanclaim batch`: claims by the million, on the cores of this machine or on Spark."""

from __future__ import annotations

import os
from datetime import date
from pathlib import Path
from typing import Any

import click

from engine.cli import exits
from engine.cli.batch_inputs import describe as describe_
from engine.cli.batch_inputs import inputs_of, refuse
from engine.cli.batch_run import may_begin, run
from engine.cli.beside import beside
from engine.cli.ledger_options import ledger_option, opened, today, told
from engine.cli.options import Day, policies, source_of
from engine.compiler.shelf import Shelf


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
@ledger_option(required=False)
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
    ledger_: str | None,
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
    quarantine.jsonl, and the counts to run.json. With --ledger the patients' history comes
    from the session ledger, too; nothing is recorded in it.

    \b
    cleanclaim batch claims/ -o out --complete-from 2024-01-01
    cleanclaim batch claims.parquet --mapping ours.yaml --describe
    """
    _need_extras(spark)
    from engine.batch.run import Batch
    from engine.batch.settings import Settings

    given, bad = inputs_of(files, mapping, out, payer)
    if describe:
        describe_(given)
        raise SystemExit(exits.BAD_INPUT if bad else exits.CLEAN)
    if bad or not given or out is None:
        refuse("" if bad else "say with -o which folder to write to" if given else "no files")
    if complete_to is not None and complete_from is None:
        refuse("--complete-to needs --complete-from, the day from which on the files hold all")
    settings = Settings(
        source_of(policies_), known_on, _known_payer(policies_, known_on, payer),
        complete_from, complete_to, today() if ledger_ else None,
    )  # fmt: skip
    named = tuple(str(i.path) for i in given if not i.table)
    with told(ledger_):
        batch = Batch(
            out=Path(os.path.normpath(out)),
            inputs=given,
            settings=settings,
            options=_options(mapping, payer, known_on, complete_from, complete_to, ledger_),
            history=history if alone else beside(named, history, "history"),
            documentation=documentation if alone else beside(named, documentation, "documentation"),
            workers=workers or os.cpu_count() or 1,
            spark=spark,
            json_lines=json_lines,
        )
        may_begin(batch, resume=resume)
        if ledger_ is not None and not batch.read():
            batch.ledger = opened(ledger_)
        raise SystemExit(run(batch))


def _options(
    mapping: str | None, payer: str | None, known_on: date | None, first: date | None,
    last: date | None, ledger: str | None,
) -> dict[str, Any]:  # fmt: skip
    """What of the command line has a bearing on the outcome."""
    words = Path(mapping).read_text("utf-8") if mapping else None
    days = {"known_on": known_on, "complete_from": first, "complete_to": last}
    said = {"payer": payer, "mapping": words, **{k: v and v.isoformat() for k, v in days.items()}}
    if ledger is None:
        return said
    from engine.ledger.address import address

    return {**said, "ledger": address(ledger).shown}  # without a password


def _need_extras(spark: str | None) -> None:
    wanted = {"duckdb": "duckdb", "pyarrow": "pyarrow"} | ({"pyspark": "pyspark"} if spark else {})
    for module in wanted:
        try:
            __import__(module)
        except ImportError:
            extra = "spark" if module == "pyspark" else "batch"
            refuse(f"{module} is not installed here: pip install 'cleanclaim[{extra}]'")


def _known_payer(where: str | None, known_on: date | None, payer: str | None) -> str | None:
    if payer is not None:
        shelf = Shelf(source_of(where), known_on)
        known = shelf.directory.payers
        if payer not in known:
            refuse(f"there is no payer `{payer}`; payers here: {', '.join(known) or 'none'}")
    return payer
