"""Revisions of policies: a new dated value, member or rule entry; what is in force is not touched.

Every function takes the text of a document and gives the text with the addition. What cannot be
placed raises UnplacedError with a message for the author.
"""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.analysis.revise.entries import revised_entry
from engine.analysis.revise.places import UnplacedError, append, node_at, one_line
from engine.documents.yaml_reader import read_yaml

__all__ = ["UnplacedError", "add_member", "add_rule", "add_value", "end_rule", "revise_rule"]


def add_value(
    text: str, name: str, value: object, begin: date, cites: str, published: date | None = None
) -> str:
    """A parameter's value from a date on; None ends the parameter."""
    data: dict[str, Any] = {"from": begin.isoformat()}
    if published is not None:
        data["published"] = published.isoformat()
    data.update({"ends": True} if value is None else {"value": value, "cites": cites})
    path = ("parameters", name, "values")
    _refuse_twice(text, path, data, "value")
    return append(text, path, [one_line(data)])


def add_member(
    text: str,
    name: str,
    code: str,
    begin: date,
    *,
    ends: bool = False,
    cites: str | None = None,
    more: dict[str, Any] | None = None,
) -> str:
    """A code that joins a set from a date on, or with `ends` leaves it."""
    data: dict[str, Any] = {"code": code, **(more or {}), "from": begin.isoformat()}
    if ends:
        data["ends"] = True
    elif cites:
        data["cites"] = cites
    path = ("sets", name, "members")
    _refuse_twice(text, path, data, "member")
    return append(text, path, [one_line(data)])


def add_rule(text: str, lines: list[str]) -> str:
    """A rule at the end of the rules."""
    return append(text, ("rules",), lines)


def revise_rule(
    text: str, name: str, begin: date, published: date | None, keys: dict[str, str]
) -> str:
    """A further entry of a rule: its latest text with other `keys` (YAML) from a date on.

    Examples that bear dates are moved by whole years into the days of the new entry.
    """
    position, latest = _latest(text, name)
    _later(latest, begin, f"the rule `{name}`")
    lines = revised_entry(text, ("rules", position), begin, published, keys)
    return append(text, ("rules",), lines)


def end_rule(text: str, name: str, begin: date) -> str:
    """An entry from which on the rule no longer exists."""
    _, latest = _latest(text, name)
    _later(latest, begin, f"the rule `{name}`")
    return append(text, ("rules",), [f"rule: {name}", f"from: {begin}", "ends: true"])


def _latest(text: str, name: str) -> tuple[int, dict[str, Any]]:
    data = _data(text)
    rules = [(n, r) for n, r in enumerate(data.get("rules") or ()) if r.get("rule") == name]
    if not rules:
        raise UnplacedError(f"the document has no rule `{name}`")
    head = str(data.get("from", ""))
    written = [(n, r) for n, r in rules if not r.get("ends")]
    n, latest = max(written or rules, key=lambda item: str(item[1].get("from") or head))
    return n, {"from": head, **latest}


def _later(latest: dict[str, Any], begin: date, what: str) -> None:
    if begin.isoformat() <= str(latest["from"]):
        raise UnplacedError(
            f"{what} has an entry from {latest['from']}; the new one must begin later"
        )


def _refuse_twice(text: str, path: tuple[str, ...], data: dict[str, Any], what: str) -> None:
    node_at(text, path)
    found: Any = _data(text)
    for key in path:
        found = found[key]
    for entry in found:
        if isinstance(entry, dict) and all(
            str(entry.get(k)) == str(data.get(k)) for k in ("code", "from", "published")
        ):
            since = data["from"]
            raise UnplacedError(f"there is an entry of this {what} from {since} already")


def _data(text: str) -> dict[str, Any]:
    data, _, problems = read_yaml(text, "document")
    if problems or not isinstance(data, dict):
        raise UnplacedError("the document cannot be read; see `cleanclaim policy lint`")
    return data
