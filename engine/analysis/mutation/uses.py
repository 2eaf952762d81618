"""Which rules lean on a definition, through derived facts and outcomes as well."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator

from engine.analysis.mutation.records import inside
from engine.model.book import RuleBook
from engine.model.record import Record
from engine.model.term import Attribute, Codes, Key, OutcomeOf, Parameter, Selects, Window

Node = tuple[str, str]


def users(books: Iterable[RuleBook]) -> dict[Node, frozenset[str]]:
    """For each definition, as (kind, full name), the ids of the rules that lean on it."""
    leans: dict[Node, set[Node]] = defaultdict(set)
    for book in books:
        for rule in book.rules:
            leans["rule", rule.id] |= set(_named(rule, book))
        for name, spans in book.derivations.items():
            leans["derivations", name] |= set(_named(spans, book))
    found: dict[Node, set[str]] = defaultdict(set)
    for kind, id in list(leans):
        if kind == "rule":
            for node in _reached(leans, (kind, id)):
                found[node].add(id)
    return {node: frozenset(ids) for node, ids in found.items()}


def _reached(leans: dict[Node, set[Node]], start: Node) -> set[Node]:
    found, waiting = {start}, [start]
    while waiting:
        for node in leans.get(waiting.pop(), ()):
            if node not in found:
                found.add(node)
                waiting.append(node)
    return found


def _named(value: object, book: RuleBook) -> Iterator[Node]:
    for record in inside(value):
        yield from _of(record, book)


def _of(record: Record, book: RuleBook) -> Iterator[Node]:
    if isinstance(record, Codes):
        yield from (("sets", name) for name in record.sets)
    elif isinstance(record, Parameter):
        yield "parameters", record.name
    elif isinstance(record, Selects):
        yield "decisions", record.decision
    elif isinstance(record, OutcomeOf):
        yield "rule", record.rule
    elif isinstance(record, Window):
        yield "windows", record.name
    elif isinstance(record, Attribute | Key):
        name = record.name if isinstance(record, Key) else record.path.partition(".")[2]
        yield ("derivations" if name in book.derivations else "attributes"), name
