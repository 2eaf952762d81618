"""What is known of a code, as text."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

WIDTH = 100
FEW = 12


def code_lines(shown: Mapping[str, Any]) -> Iterator[str]:
    """The lines about one code on a day."""
    yield f"{shown['code']} on {shown['on']}"
    yield from _sets(shown)
    yield from _valid(shown)
    yield from _tables(shown["tables"])
    if shown["policies"]:
        yield ""
        yield "Policies that speak of it"
    for policy in shown["policies"]:
        counts = sorted(set(policy["rules"].values()))
        rules = _counted(counts[-1], "rule")
        if len(counts) > 1:
            rules = f"{counts[0]} to {rules}"
        yield from _wrapped(f"{policy['policy']}: {rules}. {policy['title']}", 2, 6)
        whole = len(policy["rules"]) == len(shown["payers"])
        yield from _wrapped("every payer" if whole else ", ".join(policy["rules"]), 6)


def _sets(shown: Mapping[str, Any]) -> Iterator[str]:
    if shown["sets"]:
        yield ""
        yield "What it is"
    for one in shown["sets"]:
        ended = "" if one["holds"] else " (not on this day)"
        name = one["set"].rsplit(":", 1)[-1]
        yield from _wrapped(f"{name}{ended}: {one['says']}", 2, 6)
    if shown["attributes"]:
        named = ", ".join(f"{k} {v}" for k, v in shown["attributes"].items())
        yield from _wrapped(f"attributes: {named}", 2, 6)


def _valid(shown: Mapping[str, Any]) -> Iterator[str]:
    if shown["valid"] or shown["replaced_by"]:
        yield ""
        yield "When it is valid"
    for row in shown["valid"]:
        more = "".join(f", {k} {v}" for k, v in _more(row).items())
        yield f"  {_days(row)}{more}  [{_cite(row)}]"
    for row in shown["replaced_by"]:
        note = row["row"].get("note")
        yield f"  replaced by {row['code']}{f' ({note})' if note else ''}  [{_cite(row)}]"


def _more(row: Mapping[str, Any]) -> dict[str, Any]:
    """What a row says beside its dates."""
    dates = {str(row["from"]), str(row["to"])}
    return {k: v for k, v in row["row"].items() if str(v) not in dates}


def _days(row: Mapping[str, Any]) -> str:
    if row["from"] and row["to"]:
        return f"from {row['from']} to {row['to']}"
    if row["from"]:
        return f"from {row['from']}"
    return f"to {row['to']}" if row["to"] else "no dates given"


def _tables(rows: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Rows in force by table and column, the first few of many."""
    groups: dict[tuple[str, str], list[Mapping[str, Any]]] = {}
    for row in rows:
        if row["holds"]:
            groups.setdefault((row["table"], row["column"]), []).append(row)
    if groups:
        yield ""
        yield "What touches it"
    for (table, column), found in groups.items():
        where = f"{table}, as {column}".replace("_", " ")
        yield f"  {where}: {_counted(len(found), 'row')}"
        for row in found[:FEW]:
            named = ", ".join(f"{k.replace('_', ' ')} {v}" for k, v in _more(row).items())
            yield from _wrapped(named, 6)
        if len(found) > FEW:
            yield f"      and {len(found) - FEW} more"
        yield f"      [{_cite(found[0])}]"


def _counted(count: int, what: str) -> str:
    return f"{count} {what}{'' if count == 1 else 's'}"


def _cite(row: Mapping[str, Any]) -> str:
    cite = row["cites"]
    return f"{cite['source']}, {cite['locator']} ({cite['evidence']})"


def _wrapped(text: str, indent: int, below: int | None = None) -> Iterator[str]:
    more = " " * (indent if below is None else below)
    yield from textwrap.wrap(text, WIDTH, initial_indent=" " * indent, subsequent_indent=more)
