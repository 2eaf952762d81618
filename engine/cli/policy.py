"""`cleanclaim policy`: the analyst's commands, each imported when it is called."""

from __future__ import annotations

import click

from engine.cli.lazy import LazyGroup

_COMMANDS = {
    "lint": ("engine.cli.policy_lint", "Find mistakes in policy documents."),
    "test": ("engine.cli.policy_test", "Run the examples and cases of the policies."),
    "coverage": ("engine.cli.policy_coverage", "Say what examples and cases reach, and what not."),
    "mutate": ("engine.cli.policy_mutate", "Change the policies here and there; do tests notice?"),
    "list": ("engine.cli.policy_list", "List payers, policies and rules."),
    "show": ("engine.cli.policy_show", "Show a policy or a rule in words."),
    "new": ("engine.cli.policy_new", "Begin a rule, a topic or a payer."),
    "revise": ("engine.cli.policy_revise", "Add a dated value, code or rule entry."),
    "format": ("engine.cli.policy_format", "Bring documents into their canonical form."),
    "diff": ("engine.cli.policy_diff", "Say in words what differs between two states."),
    "impact": ("engine.cli.policy_impact", "Say which claims of a corpus a change flips."),
    "review": ("engine.cli.policy_review", "Report on a change: words, claims, tests, grounds."),
    "docs": ("engine.cli.policy_docs", "Write a catalogue of all policies as pages."),
    "import": ("engine.cli.policy_import", "Take a quarterly public file into a table."),
    "confirm": ("engine.cli.policy_confirm", "Confirm changes against their base rules."),
}


class PolicyGroup(LazyGroup):
    """See `_COMMANDS`."""

    commands_of = _COMMANDS


@click.command("policy", cls=PolicyGroup)
def command() -> None:
    """Work on policy documents: write, check, compare and change them."""
