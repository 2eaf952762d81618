"""Which chain decides: the stratified one, durable_rules, or both side by side."""

from __future__ import annotations

import click

from engine.chain.bound import BoundBook
from engine.chain.stratified import Decided, decide
from engine.cli import exits
from engine.cli.evaluation import Chain
from engine.model.claim import Claim, History

ENGINES = ("stratified", "durable", "both")


def chain_of(name: str) -> Chain:
    """The chain of a name; ends the command if durable_rules is wanted and not installed."""
    if name == "stratified":
        return decide
    try:
        from engine.chain.durable import decide_durable
    except ImportError:
        click.echo(
            "durable_rules is not installed here; it needs a C compiler and Python's headers: "
            "pip install durable-rules==2.0.28",
            err=True,
        )
        raise SystemExit(exits.BAD_INPUT) from None
    durable: Chain = decide_durable
    if name == "durable":
        return durable

    def both(bound: BoundBook, claim: Claim, history: History) -> Decided:
        one, two = decide(bound, claim, history), durable(bound, claim, history)
        if _words(one) != _words(two):
            differ = sorted(set(_words(one)) ^ set(_words(two)))
            click.echo(f"claim {claim.claim_id}: the two engines differ: {differ}", err=True)
            raise SystemExit(exits.BAD_INPUT)
        return one

    return both


def _words(decided: Decided) -> list[tuple[str, tuple[int, ...], str]]:
    return sorted((b.rule.id, lines, word) for _, b, word, lines in decided.outcomes)
