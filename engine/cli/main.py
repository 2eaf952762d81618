"""`cleanclaim`: commands are imported only when they are called, so that a start is quick."""

from __future__ import annotations

import click

from engine import __version__
from engine.cli.lazy import LazyGroup

_COMMANDS = {
    "check": ("engine.cli.check", "Evaluate claims against the payers' policies."),
    "explain": ("engine.cli.explain", "Show why a rule came out so on a claim."),
    "ledger": ("engine.cli.ledger", "Keep the record of sessions that limits are checked against."),
    "sample": ("engine.cli.sample", "Invent a corpus of claims with known defects."),
    "policy": ("engine.cli.policy", "Work on policy documents: lint, test, list, show, confirm."),
}


class MainGroup(LazyGroup):
    """See `_COMMANDS`."""

    commands_of = _COMMANDS


@click.command(cls=MainGroup, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="cleanclaim")
def main() -> None:
    """Medical coverage policy as data: check claims, explain results, change policies.

    Exit codes: 0 clean, 1 findings that weigh, 2 bad document or bad input, 3 undecided only.
    """


if __name__ == "__main__":
    main(prog_name="cleanclaim")
