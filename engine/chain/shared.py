"""What is kept for several books together: books of one payer have most of their rules in common.

Facets of two books share what they said if their rules are equal and everything that these name
is equal in both; what has a name is compared once for each book.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Sequence
from typing import Any

from engine.chain.bound import BoundBook
from engine.chain.calendar import Calendar, Covers, mark_of
from engine.model.book import RuleBook
from engine.model.term import Window

Name = tuple[str, str]
"""A kind of definition of a book, and the name of one."""


class Shared:
    """Answers, calendars, and the tokens by which equal definitions are known."""

    def __init__(self, covers: Covers) -> None:
        self._covers = covers
        self._answers: dict[Hashable, dict[Any, Any]] = {}
        self._calendars: dict[Hashable, Calendar] = {}
        self._distinct: dict[Hashable, list[Any]] = {}
        self._known: dict[tuple[int, Name, int], int] = {}
        self._books: dict[int, RuleBook] = {}

    @property
    def size(self) -> int:
        """How many answers are kept."""
        return sum(map(len, self._answers.values()))

    def answers(self, *mark: Hashable) -> dict[Any, Any]:
        """What is kept under a mark."""
        return self._answers.setdefault(mark, {})

    def calendar(self, windows: Sequence[Window], *, chained: bool) -> Calendar:
        """The calendar of some windows."""
        mark = (chained, *map(mark_of, windows))
        found = self._calendars.get(mark)
        if found is None:
            found = self._calendars[mark] = Calendar(windows, self._covers, chained=chained)
        return found

    def token(self, bound: BoundBook, positions: Iterable[int], names: Iterable[Name]) -> Hashable:
        """Equal for rules of two books that say the same there."""
        book = bound.book
        rules = [(("rule", book.rules[n].id), book.rules[n], n) for n in positions]
        named = [(name, _KINDS[name[0]](book, name[1]), -1) for name in sorted(names)]
        return tuple(self._one(book, *entry) for entry in (*rules, *named))

    def _one(self, book: RuleBook, name: Name, value: Any, position: int) -> Hashable:
        mark = (id(book), name, position)
        found = self._known.get(mark)
        if found is None:
            distinct = self._distinct.setdefault(name, [])
            if value not in distinct:
                distinct.append(value)
            found = self._known[mark] = distinct.index(value)
            self._books[id(book)] = book
        return name, found


_KINDS: dict[str, Callable[[RuleBook, str], Any]] = {
    "set": lambda book, name: book.sets.get(name),
    "parameter": lambda book, name: book.parameters.get(name),
    "table": lambda book, name: book.tables.get(name),
    "derivation": lambda book, name: book.derivations.get(name),
    "decision": lambda book, name: book.decisions.get(name),
    "attribute": lambda book, name: book.attributes.get(name),
    "outcome": lambda book, name: [rule for rule in book.rules if rule.id == name],
    "facts": lambda book, _: book.facts,
}
