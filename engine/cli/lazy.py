"""A group of commands whose modules are imported only when they are called."""

from __future__ import annotations

from collections.abc import Mapping
from importlib import import_module

import click

from engine.documents.suggest import did_you_mean


class LazyGroup(click.Group):
    """`commands_of` maps a command's name to its module and its line of help."""

    commands_of: Mapping[str, tuple[str, str]] = {}

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names in the order of the mapping."""
        return list(self.commands_of)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        """Import the command's module; None if there is no such command."""
        if name not in self.commands_of:
            return None
        found: click.Command = import_module(self.commands_of[name][0]).command
        return found

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        """Find the command; a name that is nearly one gets a hint."""
        name = args[0] if args else ""
        if name and not name.startswith("-") and name not in self.commands_of:
            hint = did_you_mean(name, self.commands_of) or f"see `{ctx.command_path} --help`"
            raise click.UsageError(f"there is no command `{name}`; {hint}", ctx)
        return super().resolve_command(ctx, args)

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """List the commands without importing any."""
        with formatter.section("Commands"):
            formatter.write_dl([(name, about) for name, (_, about) in self.commands_of.items()])
