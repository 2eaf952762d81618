"""`cleanclaim sample`: a synthetic corpus of claims, histories and records, with known defects."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import IO, Any

import click

from engine.analysis.sample import NOWHERE, Made, focus_of, generate
from engine.cli.sides import side_of

_FILES = {
    "claims": "claims.jsonl",
    "history": "claims-history.jsonl",
    "documentation": "claims-documentation.jsonl",
    "planted": "planted.jsonl",
}


@click.command("sample")
@click.option(
    "--claims", type=click.IntRange(1), default=1000, show_default=True, help="How many claims."
)
@click.option("--seed", default=1, show_default=True, help="Equal seeds give equal files.")
@click.option(
    "--defects",
    type=click.FloatRange(0, 1),
    default=0.4,
    show_default=True,
    help="The share of claims with a planted defect.",
)
@click.option("--topic", default="", metavar="WORD", help="Only topics whose name holds WORD.")
@click.option(
    "--changed",
    metavar="DIR|GIT-REV",
    help="Half of the claims of what differs from these policies, around the day of the change.",
)
@click.option("--to", "folder", required=True, metavar="DIR", help="The folder to write to.")
@click.option("--policies", "policies_", metavar="DIR|GIT-REV", help="Other policies.")
def command(
    claims: int,
    seed: int,
    defects: float,
    topic: str,
    changed: str | None,
    folder: str,
    policies_: str | None,
) -> None:
    """Invent claims of every payer and setting for which the policies have clean cases.

    Writes claims.jsonl, the patients' history and the record beside it, and planted.jsonl: each
    defect with the rule that must see it.

    \b
    cleanclaim sample --claims 2000 --seed 7 --to corpus
    cleanclaim check corpus/claims.jsonl
    cleanclaim sample --policies main --changed policies --to corpus
    """
    own = side_of(policies_, beside=changed)
    focus = focus_of(own, side_of(changed, beside=policies_)) if changed else NOWHERE
    root = Path(folder)
    try:
        root.mkdir(parents=True, exist_ok=True)
        made = generate(own.library, claims, seed, defects, topic, focus)
        counts = _write(root, made)
    except OSError as fault:
        raise click.UsageError(f"cannot write to `{folder}`: {fault.strerror}") from None
    if not counts:
        named = f" that has `{topic}` in its name" if topic else ""
        raise click.UsageError(f"there is no topic{named} with a clean case to make claims of")
    click.echo(_summary(counts, folder))


def _write(root: Path, corpus: Iterator[Made]) -> Counter[str]:
    counts: Counter[str] = Counter()
    out = {name: (root / file).open("w", encoding="utf-8") for name, file in _FILES.items()}
    try:
        for made in corpus:
            _put(out, made)
            counts["claims"] += 1
            counts["planted"] += made.planted is not None
    finally:
        for file in out.values():
            file.close()
    return counts


def _put(out: Mapping[str, IO[str]], made: Made) -> None:
    claim = dict(made.claim)
    record = claim.pop("documentation", None)
    _line(out["claims"], claim)
    if record:
        _line(out["documentation"], {"claim_id": claim["claim_id"], "documentation": record})
    for part in (*made.history.get("coverage", ()), *made.history.get("services", ())):
        _line(out["history"], part)
    if made.planted is not None:
        planted = made.planted
        _line(
            out["planted"],
            {
                "claim_id": claim["claim_id"],
                "rule": planted.rule,
                "line": planted.line,
                "expect": planted.expect,
                "defect": planted.defect,
            },
        )


def _line(out: IO[str], data: Any) -> None:
    out.write(json.dumps(data, ensure_ascii=False, default=str) + "\n")


def _summary(counts: Counter[str], folder: str) -> str:
    clean = counts["claims"] - counts["planted"]
    return (
        f"{counts['claims']:,} claims in {folder}/{_FILES['claims']}: "
        f"{counts['planted']:,} with a planted defect, {clean:,} without"
    )
