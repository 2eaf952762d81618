"""`cleanclaim policy new`: begin a rule, a topic or a payer."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import click

from engine.analysis.revise import UnplacedError, add_rule, templates
from engine.cli.options import Day
from engine.cli.writing import asked, put, root_of
from engine.compiler.library import Library
from engine.documents.load import load_tree
from engine.documents.source import from_folder

_NAME = re.compile(r"[a-z0-9][a-z0-9-]*")


@click.group("new")
def command() -> None:
    """Begin a rule, a topic or a payer: documents that load, with what is to fill in."""


@command.command("rule")
@click.argument("policy")
@click.argument("name")
@click.option("--says", metavar="TEXT", help="The rule in one sentence.")
@click.option("--cites", metavar="SOURCE/SENTENCE", help="The sentence that states it.")
@click.option("--procedure", metavar="SET|CODE", help="The codes it judges.")
@click.option("--requires", metavar="YAML", help="What it requires: `{units: {at_most: 1}}`.")
@click.option("--finding", default="review", show_default=True, help="What a violation is called.")
@click.option("--carc", metavar="CODE", help="Its claim adjustment reason code.")
@click.option("--policies", "policies_", metavar="DIR", help="A folder of policies.")
def rule(
    policy: str,
    name: str,
    says: str | None,
    cites: str | None,
    procedure: str | None,
    requires: str | None,
    finding: str,
    carc: str | None,
    policies_: str | None,
) -> None:
    """Add the rule NAME to POLICY, with one example on either side of its edge to fill in."""
    root = root_of(policies_)
    file = root / policy / "policy.yaml"
    if not file.is_file():
        raise click.UsageError(f"there is no policy `{policy}`; see `cleanclaim policy list`")
    _named(name)
    says = asked(says, "--says", "The rule in one sentence")
    cites = asked(cites, "--cites", "Sentence that states it, as source/sentence")
    procedure = asked(procedure, "--procedure", "Code set or code that it judges")
    requires = asked(requires, "--requires", "What it requires, as {form: {...}}")
    code = _code(root, procedure)
    lines = templates.rule(name, says, cites, procedure, requires, finding, code, carc)
    try:
        text = add_rule(file.read_text(encoding="utf-8"), lines)
    except UnplacedError as fault:
        raise click.UsageError(f"{file}: {fault}") from None
    put(root, {file.relative_to(root).as_posix(): text})
    click.echo(f"now fill in its examples, and run `cleanclaim policy test {policy}#{name}`")


@command.command("topic")
@click.argument("policy")
@click.option("--title", metavar="TEXT", help="What people call it.")
@click.option("--from", "begin", type=Day(), metavar="DATE", help="Its first service date.")
@click.option("--code", "codes", multiple=True, metavar="CODE", help="A code of which it speaks.")
@click.option("--policies", "policies_", metavar="DIR", help="A folder of policies.")
def topic(
    policy: str,
    title: str | None,
    begin: date | None,
    codes: tuple[str, ...],
    policies_: str | None,
) -> None:
    """Begin the policy with the id POLICY, like medicare/national/nerve-blocks."""
    root = root_of(policies_)
    folder = root / policy
    if (folder / "policy.yaml").exists():
        raise click.UsageError(f"there is a policy `{policy}` already")
    if not (root / policy.split("/")[0] / "payer.yaml").is_file():
        payer = policy.split("/")[0]
        raise click.UsageError(f"there is no payer `{payer}`; `cleanclaim policy new payer` first")
    _named(policy.split("/")[-1])
    title = asked(title, "--title", "Title of the policy")
    put(root, _topic(policy, title, begin, codes))
    click.echo(f"now fill in {folder}, and run `cleanclaim policy lint` and `policy test`")


@command.command("payer")
@click.argument("name")
@click.option("--title", metavar="TEXT", help="The payer as people know it.")
@click.option("--known-as", multiple=True, metavar="NAME", help="A name that claims carry.")
@click.option("--topic", "first", metavar="NAME", help="The name of its first topic.")
@click.option("--from", "begin", type=Day(), metavar="DATE", help="First service date of that.")
@click.option("--code", "codes", multiple=True, metavar="CODE", help="A code of that topic.")
@click.option("--policies", "policies_", metavar="DIR", help="A folder of policies.")
def payer(
    name: str,
    title: str | None,
    known_as: tuple[str, ...],
    first: str | None,
    begin: date | None,
    codes: tuple[str, ...],
    policies_: str | None,
) -> None:
    """Begin the folder of the payer NAME, with its first topic."""
    root = root_of(policies_)
    if (root / _named(name) / "payer.yaml").exists():
        raise click.UsageError(f"there is a payer `{name}` already")
    title = asked(title, "--title", "The payer as people know it")
    topic_name = _named(asked(first, "--topic", "Name of the first topic"))
    files = {
        f"{name}/{file}": text for file, text in templates.payer(name, title, known_as).items()
    }
    files |= _topic(
        f"{name}/{topic_name}", f"{title}, {topic_name.replace('-', ' ')}", begin, codes
    )
    put(root, files)
    click.echo(f"now fill in {root / name}, and run `cleanclaim policy lint` and `policy test`")


def _topic(policy: str, title: str, begin: date | None, codes: tuple[str, ...]) -> dict[str, str]:
    """The files of a topic by their paths."""
    if not codes:
        codes = tuple(asked(None, "--code", "Codes of which it speaks").split())
    today = date.today()  # noqa: DTZ011  # the day at the author's desk
    files = templates.topic(policy.split("/")[-1], title, begin or today, codes, today)
    return {f"{policy}/{file}": text for file, text in files.items()}


def _named(name: str) -> str:
    if not _NAME.fullmatch(name):
        raise click.UsageError(f"`{name}` is no name; write it in lower case with dashes")
    return name


def _code(root: Path, procedure: str) -> str:
    """A code for the examples: the one named, or the first of a set."""
    if not re.fullmatch(r"[a-z][a-z0-9_]*", procedure):
        return procedure
    documents, problems = load_tree(from_folder(root))
    for document in Library(documents, problems).documents:
        data = document.data if document.kind in ("codes", "policy") else {}
        for member in ((data.get("sets") or {}).get(procedure) or {}).get("members") or ():
            return str(member["code"] if isinstance(member, dict) else member)
    return "99213"
