"""Notes what is read of a line: fields, codes that come and go, and definitions of the book."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING, Any

from engine.chain.reads import MADE_OF, OF_CODES, UNLIKE, Reads
from engine.model.book import Span
from engine.model.term import Codes, Term

if TYPE_CHECKING:
    from engine.chain.bound import BoundBook


class Notes:
    """What was found by now; `other` is set where terms are about another line. Without a code only
    fields are noted: no days, and no codes that are looked for."""

    def __init__(self, bound: BoundBook, code: str | None) -> None:
        # Whether a field is asked for in the words of a fact hangs on all facts.
        self.found = Reads(rests_on={("facts", "")})
        self._bound = bound
        self._code = code
        self._other = False
        self._seen: set[tuple[str, bool]] = set()

    def _field(self, name: str) -> None:
        names = MADE_OF.get(name, (name,))
        self.found.fields.update(names)
        if self._other:
            self.found.beside.update(names)
            self.found.untold = self.found.untold or name in UNLIKE

    def _leaf(self, name: str, term: Term) -> None:
        leaves = self.found.leaves_beside if self._other else self.found.leaves
        if name in MADE_OF or (self._other and name not in OF_CODES):
            self._field(name)
        elif (name, term) not in leaves:
            leaves.append((name, term))

    def _of_code(self, owner: str) -> None:
        if self._other and owner in ("procedure", "attributes"):
            self.found.code_beside = True

    def _possible(self, codes: Codes | None) -> frozenset[str] | None:
        if codes is None or codes.any or self._code is None:
            return None
        fixed, dated = self._bound.members(codes)
        return fixed.union(dated, (self._code,) if codes.same else ())

    def _codes(self, codes: Codes | None, *, own: bool = False, beside: bool = False) -> None:
        """The days on which codes come and go; with `own` those of the line's own code. Where
        only some come and go, it matters which one another line has."""
        if codes is None or codes.any or self._code is None:
            return
        for name in codes.sets:
            self._rests("set", name)
        for column in codes.columns:
            self._rests("table", column.table)
        _, dated = self._bound.members(codes)
        if own:
            self._spans(dated.get(self._code, ()))
            return
        if dated and beside:
            self.found.code_beside = True
        stored = [self._bound.book.tables[column.table].stored for column in codes.columns]
        for table in stored:
            self._days(beside).update(table.days() if table else ())
        if not any(stored):
            for spans in dated.values():
                self._spans(spans, beside=beside)

    def _parameter(self, name: str) -> None:
        self._rests("parameter", name)
        self._spans(self._bound.book.parameters.get(name, ()))

    def _rests(self, kind: str, name: str) -> None:
        self.found.rests_on.add((kind, name))

    def _spans(self, spans: Iterable[Span[Any]], *, beside: bool = False) -> None:
        for span in spans:
            self._days(beside).update(d for d in (span.begin, span.end) if d is not None)

    def _days(self, beside: bool) -> set[date]:
        return self.found.days_beside if beside or self._other else self.found.days
