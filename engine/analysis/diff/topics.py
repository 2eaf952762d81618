"""The rules of one topic on both sides, compared over time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from engine.analysis.diff.change import Change, Clause, kind_of
from engine.analysis.diff.resolve import Resolver, names_used
from engine.analysis.diff.rules import Text, clauses
from engine.analysis.diff.side import Side
from engine.model.book import Rule, RuleBook

ALWAYS = date.min


@dataclass(frozen=True)
class Both:
    """A rule's texts on both sides."""

    base: RuleBook | None
    head: RuleBook | None
    before: tuple[Rule, ...]
    after: tuple[Rule, ...]
    one_tree: bool = False


def rule_changes(base: Side, head: Side, policy: str) -> Iterator[Change]:
    """Every stretch of days in which a rule of the policy differs, as the policy leaves it."""
    old = base.book(policy) if policy in base.library.policies else None
    new = head.book(policy) if policy in head.library.policies else None
    title = (head if new else base).title(policy)
    before, after = _by_id(old), _by_id(new)
    for id in sorted({*before, *after}):
        both = Both(old, new, before.get(id, ()), after.get(id, ()), bool(base.on and head.on))
        found = _on_days(both, base.on, head.on) if base.on or head.on else _over_time(both)
        for change in found:
            yield replace(change, topic=policy, title=title, name=id.split("#")[1], rule=id)


def _by_id(book: RuleBook | None) -> dict[str, tuple[Rule, ...]]:
    found: dict[str, tuple[Rule, ...]] = {}
    for rule in book.rules if book else ():
        found[rule.id] = (*found.get(rule.id, ()), rule)
    return found


def _on_days(both: Both, first: date | None, second: date | None) -> Iterator[Change]:
    change = _at(both, first or ALWAYS, second or first or ALWAYS)
    if change is not None:
        yield change


def _over_time(both: Both) -> Iterator[Change]:
    """Neighbouring days with the same difference are one change."""
    if _equal(both):
        return
    found: list[tuple[date, Change | None]] = [(d, _at(both, d, d)) for d in _days(both)]
    open_: Change | None = None
    for day, change in found:
        if open_ is not None and (change is None or not _same(open_, change)):
            yield replace(open_, end=day)
            open_ = None
        if change is not None and open_ is None:
            open_ = replace(change, begin=day)
    if open_ is not None:
        yield open_


def _same(a: Change, b: Change) -> bool:
    return (a.kind, a.clauses) == (b.kind, b.clauses)


def _equal(both: Both) -> bool:
    """Whether the texts and all that they lean on are equal: the quick way out."""
    if both.before != both.after or both.base is None or both.head is None:
        return False
    for rule in both.before:
        for kind, names in names_used(rule).items():
            old, new = getattr(both.base, kind), getattr(both.head, kind)
            if any(old.get(name) != new.get(name) for name in names):
                return False
    return True


def _days(both: Both) -> list[date]:
    """The days on which a text, or something that it leans on and that differs, begins or ends."""
    days = {d for r in (*both.before, *both.after) for d in (r.begin, r.end)}
    for book, rules in ((both.base, both.before), (both.head, both.after)):
        for rule in rules if book else ():
            days |= {d for d in _leaned_on(both, book, rule) if d and d >= rule.begin}
    return sorted(d for d in days if d is not None)


def _leaned_on(both: Both, book: RuleBook | None, rule: Rule) -> Iterator[date | None]:
    used = names_used(rule)
    for kind, names in used.items():
        for name in names:
            mine, other = (
                getattr(b, kind).get(name) if b else None for b in (both.base, both.head)
            )
            if mine == other:
                continue
            for found in (mine, other):
                yield from _edges(kind, found)


def _edges(kind: str, found: Any) -> Iterator[date | None]:
    """The days on which a definition changes."""
    if found is None or kind == "decisions":
        return
    if kind == "tables":
        yield from (d for span in found.spans for d in span)
        return
    members = found.members if kind == "sets" else found
    groups = members.values() if kind in ("sets", "attributes") else [members]
    yield from (d for group in groups for span in group for d in (span.begin, span.end))


def _at(both: Both, first: date, second: date) -> Change | None:
    old, new = _text(both.base, both.before, first), _text(both.head, both.after, second)
    if old is None and new is None:
        return None
    if old is None or new is None:
        return _begun_or_gone(both, old, new)
    found = clauses(old, new)
    if not found:
        return None
    codes = _codes(old, new)
    return _change(new, kind_of(found), found, codes)


def _codes(old: Text, new: Text) -> set[str]:
    """The codes that joined or left, where that is all; else those that the rule judges."""
    moved = old.codes() ^ new.codes()
    return moved or old.judged() | new.judged()


def _begun_or_gone(both: Both, old: Text | None, new: Text | None) -> Change:
    """A rule without a counterpart on these days: new or ended, or in force for other days."""
    text = new or old
    assert text is not None
    known = both.before and both.after and not both.one_tree
    if not known:
        return _change(text, "new" if new else "ended", (), text.judged())
    said = ("not in force", "in force") if new else ("in force", "no longer in force")
    clause = Clause("the rule is", *said, "tightens" if new else "loosens")
    return _change(text, "tightened" if new else "loosened", (clause,), text.judged())


def _change(text: Text, kind: str, found: tuple[Clause, ...], codes: set[str]) -> Change:
    rule = text.rule
    cites = tuple(f"{c.source}/{c.locator} ({c.evidence})" for c in rule.cites)
    return Change(
        topic="",
        title="",
        what="rule",
        name=rule.name,
        kind=kind,  # type: ignore[arg-type]  # one of the literals
        says=text.says(),
        clauses=found,
        codes=tuple(sorted(codes)),
        cites=cites,
        place=rule.location,
    )


def _text(book: RuleBook | None, rules: tuple[Rule, ...], day: date) -> Text | None:
    for rule in rules if book else ():
        if rule.begin <= day and (rule.end is None or day < rule.end):
            return Text(rule, Resolver(book, day)) if book else None
    return None
