"""`cleanclaim policy`: the analyst's commands, each imported when it is called."""

from __future__ import annotations

import click

from engine.cli.lazy import LazyGroup

_COMMANDS = {
    "lint": ("engine.cli.policy_lint", "Find mistakes in policy documents."),
    "test": ("engine.cli.policy_test", "Run the examples and cases of the policies."),
    "list": ("engine.cli.policy_list", "List payers, policies and rules."),
    "show": ("engine.cli.policy_show", "Show a policy or a rule in words."),
    "diff": ("engine.cli.policy_diff", "Say in words what differs between two states."),
    "impact": ("engine.cli.policy_impact", "Say which claims of a corpus a change flips."),
    "confirm": ("engine.cli.policy_confirm", "Confirm changes against their base rules."),
}


class PolicyGroup(LazyGroup):
    """See `_COMMANDS`."""

    commands_of = _COMMANDS


@click.command("policy", cls=PolicyGroup)
def command() -> None:
    """Work on policy documents: lint, test, list, show, confirm."""
