"""`cleanclaim policy revise`: add a dated value, code or rule entry to a policy."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import click

from engine.analysis.revise import (
    UnplacedError,
    add_member,
    add_value,
    end_rule,
    revise_rule,
)
from engine.cli.options import Day
from engine.cli.writing import asked, put, root_of
from engine.compiler.library import day
from engine.documents.scalars import plain_value


@click.command("revise")
@click.argument("policy", metavar="POLICY[#RULE]")
@click.option("--parameter", metavar="NAME", help="Give this parameter another value.")
@click.option("--value", metavar="N", help="The parameter's new value: 4, or `6 weeks`.")
@click.option("--set", "set_", metavar="NAME", help="Let codes join or leave this code set.")
@click.option("--add", multiple=True, metavar="CODE", help="A code that joins the set.")
@click.option("--remove", multiple=True, metavar="CODE", help="A code that leaves the set.")
@click.option("--from", "begin", metavar="DATE", help="The first service date of the new text.")
@click.option("--published", type=Day(), metavar="DATE", help="When it could be known.")
@click.option("--cites", metavar="SOURCE/SENTENCE", help="The sentence that states it.")
@click.option(
    "--key", "keys", multiple=True, metavar="KEY=YAML", help="A key of the rule and its new text."
)
@click.option("--ends", is_flag=True, help="End the rule or parameter instead.")
@click.option("--policies", "policies_", metavar="DIR", help="A folder of policies.")
def command(
    policy: str,
    parameter: str | None,
    value: str | None,
    set_: str | None,
    add: tuple[str, ...],
    remove: tuple[str, ...],
    begin: str | None,
    published: date | None,
    cites: str | None,
    keys: tuple[str, ...],
    ends: bool,
    policies_: str | None,
) -> None:
    """Add an entry that holds from a date on; what is in force stays as it is.

    POLICY is a policy's id, or for codes a folder with a codes.yaml.

    \b
    cleanclaim policy revise ID --parameter sessions_a_year --value 4 --from 2026-01-01 --cites L1/a
    cleanclaim policy revise ID --set injections --add 20560 --from 2026-01-01
    cleanclaim policy revise ID#RULE --from 2026-01-01 --key "says=At most two." --key "cites=L1/a"
    """
    root = root_of(policies_)
    folder, _, rule = policy.partition("#")
    if sum(bool(x) for x in (parameter, set_, rule)) != 1:
        raise click.UsageError("name one of: a rule (POLICY#RULE), --parameter, --set")
    since = _day(asked(begin, "--from", "First service date of the new text"))
    file = _file(root, folder, set_)
    before = file.read_text(encoding="utf-8")
    try:
        if parameter:
            after = _value(before, parameter, value, since, cites, published, ends=ends)
        elif set_:
            after = _codes(before, set_, add, remove, since, cites)
        elif ends:
            after = end_rule(before, rule, since)
        else:
            after = revise_rule(before, rule, since, published, _keys(keys))
    except UnplacedError as fault:
        raise click.UsageError(f"{file}: {fault}") from None
    put(root, {file.relative_to(root).as_posix(): after})
    click.echo("now read its examples, and run `cleanclaim policy test` and `policy diff`")


def _day(text: str) -> date:
    found = day(text)
    if found is None:
        raise click.UsageError(f"`{text}` is no date; write it as 2026-03-04")
    return found


def _file(root: Path, folder: str, set_: str | None) -> Path:
    """The document: the policy, or for a set the file that defines it."""
    names = ("policy.yaml", "codes.yaml") if set_ else ("policy.yaml",)
    found = [root / folder / name for name in names if (root / folder / name).is_file()]
    if set_:
        found = [f for f in found if f"\n  {set_}:" in f.read_text(encoding="utf-8")]
    if not found:
        what = f"set `{set_}` in `{folder}`" if set_ else f"policy `{folder}`"
        raise click.UsageError(f"there is no {what}; see `cleanclaim policy list`")
    return found[0]


def _value(
    text: str,
    name: str,
    value: str | None,
    since: date,
    cites: str | None,
    published: date | None,
    *,
    ends: bool,
) -> str:
    if ends:
        return add_value(text, name, None, since, "", published)
    wanted = asked(value, "--value", "New value")
    sentence = asked(cites, "--cites", "Sentence that states it, as source/sentence")
    return add_value(text, name, plain_value(wanted), since, sentence, published)


def _codes(
    text: str,
    name: str,
    add: tuple[str, ...],
    remove: tuple[str, ...],
    since: date,
    cites: str | None,
) -> str:
    if not add and not remove:
        raise click.UsageError("say which codes: --add CODE, --remove CODE")
    for code in add:
        text = add_member(text, name, code, since, cites=cites)
    for code in remove:
        text = add_member(text, name, code, since, ends=True)
    return text


def _keys(keys: tuple[str, ...]) -> dict[str, str]:
    found = {}
    for item in keys:
        name, sign, value = item.partition("=")
        if not sign:
            raise click.UsageError(f"`{item}` is no key with its text; write KEY=YAML")
        found[name.strip()] = value.strip()
    return found
