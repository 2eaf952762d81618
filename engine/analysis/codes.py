"""What is known of one code on a day: its sets, its validity, what touches it, who names it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from engine.analysis.compare import stacks
from engine.chain.bound import BoundBook
from engine.compiler.shelf import Shelf
from engine.model.book import RuleBook, Table, in_force
from engine.model.term import Active, Term

REPLACED, INSTEAD = "code_replacements", "instead"
"""The table that names successors, and its column of them."""


@dataclass
class About:
    """Everything found of one code; `policies` by payer (and contractor), with counts of rules."""

    code: str
    on: date
    payers: list[str] = field(default_factory=list)
    sets: list[dict[str, Any]] = field(default_factory=list)
    attributes: dict[str, str] = field(default_factory=dict)
    valid: list[dict[str, Any]] = field(default_factory=list)
    replaced_by: list[dict[str, Any]] = field(default_factory=list)
    tables: list[dict[str, Any]] = field(default_factory=list)
    policies: list[dict[str, Any]] = field(default_factory=list)

    @property
    def known(self) -> bool:
        """Whether anything here names the code."""
        return bool(self.sets or self.valid or self.replaced_by or self.tables or self.policies)


def about_code(shelf: Shelf, code: str, on: date) -> About:
    """What the books of all payers know of a code."""
    found = About(code, on)
    seen_sets: set[str] = set()
    seen_tables: set[str] = set()
    for payer, contractor in stacks(shelf.directory):
        found.payers.append(_name(payer, contractor))
        book = shelf.book(payer, contractor, None)
        _sets(found, book, seen_sets)
        validity = {term.table for rule in book.rules for term in _active(rule.requires)}
        for full, table in sorted(book.tables.items()):
            if full not in seen_tables:
                seen_tables.add(full)
                _table(found, table, is_validity=full in validity)
        _policies(found, book, payer, contractor)
    return found


def _sets(found: About, book: RuleBook, seen: set[str]) -> None:
    for full, one in sorted(book.sets.items()):
        spans = one.members.get(found.code)
        if spans and full not in seen:
            seen.add(full)
            holds = in_force(spans, found.on) is not None
            about = {"set": full, "says": one.says, "of": one.of, "holds": holds}
            found.sets.append(about)
    for name, codes in sorted(book.attributes.items()):
        value = in_force(codes.get(found.code, ()), found.on)
        if value is not None:
            found.attributes[name] = value


def _active(term: Term) -> Iterator[Active]:
    if isinstance(term, Active):
        yield term
    for part in getattr(term, "terms", ()):
        yield from _active(part)
    if hasattr(term, "term"):
        yield from _active(term.term)


def _table(found: About, table: Table, *, is_validity: bool) -> None:
    """Sort the rows of a table that name the code."""
    for column in _code_columns(table):
        for row, (begin, end) in _rows(table, column, found.code):
            holds = (begin is None or begin <= found.on) and (end is None or found.on < end)
            last = end - timedelta(days=1) if end else None
            own = {
                "table": table.name,
                "column": column,
                "row": {k: v for k, v in row.items() if v is not None and v != found.code},
                "from": begin.isoformat() if begin else None,
                "to": last.isoformat() if last else None,
                "holds": holds,
                "cites": {
                    "source": table.cite.source,
                    "locator": table.cite.locator,
                    "evidence": table.cite.evidence,
                },
            }
            if table.name == REPLACED:
                if column == table.key[0]:
                    found.replaced_by.append({**own, "code": row[INSTEAD]})
            elif is_validity and column == table.key[0]:
                found.valid.append(own)
            else:
                found.tables.append(own)


def _code_columns(table: Table) -> tuple[str, ...]:
    """The columns in which a code may stand."""
    return tuple(dict.fromkeys((*table.key, *table.columns)))


def _rows(
    table: Table, column: str, code: str
) -> Iterator[tuple[Mapping[str, Any], tuple[date | None, date | None]]]:
    if table.stored is not None:
        if column in table.key:
            yield from table.stored.find(((column, code),))
        return
    at = table.columns.index(column)
    for row, days in zip(table.rows, table.spans, strict=True):
        if row[at] == code:
            yield dict(zip(table.columns, row, strict=True)), days


def _policies(found: About, book: RuleBook, payer: str, contractor: str | None) -> None:
    plan = BoundBook(book).plan(found.code, found.on)
    counts: dict[str, int] = {}
    rules = [bound.rule for stratum in plan.strata for bound in stratum]
    for rule in rules:
        counts[rule.policy] = counts.get(rule.policy, 0) + 1
    titles = {mark.id: mark.title for mark in book.policies}
    for policy, count in sorted(counts.items()):
        known = next((p for p in found.policies if p["policy"] == policy), None)
        if known is None:
            known = {"policy": policy, "title": titles.get(policy, ""), "rules": {}}
            found.policies.append(known)
        known["rules"][_name(payer, contractor)] = count


def _name(payer: str, contractor: str | None) -> str:
    return f"{payer} / {contractor}" if contractor else payer
