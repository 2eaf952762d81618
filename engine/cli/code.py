"""`cleanclaim code`: placeholder replaced below."""

import click


@click.command("code")
def command() -> None:
    """Say what a code is."""
