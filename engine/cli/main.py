"""`cleanclaim`: commands are imported only when they are called, so that a start is quick."""

from __future__ import annotations

from typing import Any

import click

from engine import __version__
from engine.chain.garbage import look_seldom
from engine.cli.guard import guarded
from engine.cli.lazy import LazyGroup

_COMMANDS = {
    "check": ("engine.cli.check", "Evaluate claims against the payers' policies."),
    "explain": ("engine.cli.explain", "Show why a rule came out so on a claim."),
    "compare": ("engine.cli.compare", "Decide a claim by every payer, and say what differs."),
    "checklist": ("engine.cli.checklist", "Say before the visit what the note must state."),
    "code": ("engine.cli.code", "Say what a code is, when it is valid and what touches it."),
    "ledger": ("engine.cli.ledger", "Keep the record of sessions that limits are checked against."),
    "replay": ("engine.cli.replay", "Evaluate stored results again, byte for byte."),
    "batch": ("engine.cli.batch", "Judge claims by the million, on all cores or on Spark."),
    "report": ("engine.cli.report", "Summarise a batch of claims for who manages the practice."),
    "sample": ("engine.cli.sample", "Invent a corpus of claims with known defects."),
    "policy": ("engine.cli.policy", "Work on policy documents: lint, test, diff, import and more."),
}


class MainGroup(LazyGroup):
    """See `_COMMANDS`."""

    commands_of = _COMMANDS

    def invoke(self, ctx: click.Context) -> Any:
        """Run a command; whatever ends it early ends it quietly."""
        look_seldom()
        with guarded():
            return super().invoke(ctx)


@click.command(cls=MainGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cleanclaim")
def main() -> None:
    """Medical coverage policy as data: check claims, explain results, change policies.

    Exit codes: 0 clean, 1 findings that weigh, 2 bad document or bad input, 3 undecided only.
    """


if __name__ == "__main__":
    main(prog_name="cleanclaim")
