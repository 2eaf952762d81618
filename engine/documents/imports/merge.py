"""Lays the rows of a published file over those of the table in place.

A row in place is never rewritten: it gets an end, or another row follows it. Only a begin that was
not known when an earlier file was read, and a value that a file corrects for the same first day,
take the place of what stood there.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

from engine.documents.imports.layout import About, Cells, Layout
from engine.documents.storing import without_collecting

WORDS = ("added", "ended", "changed", "begins_earlier", "not_in_the_file")


@dataclass
class Change:
    """What a file changes: for each word the number of rows, and the codes that they name."""

    rows: Counter[str] = field(default_factory=Counter)
    codes: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    same: int = 0

    def note(self, word: str, codes: Iterable[str]) -> None:
        """Count one row."""
        self.rows[word] += 1
        counts = self.codes[word]
        for code in codes:
            counts[code] += 1


class Merge:
    """One file, or several of one release, over one table."""

    def __init__(self, layout: Layout, about: About, published: str | None) -> None:
        self._layout, self._begins, self._published = layout, about.begins or "", published or ""
        self._keys, self._first = len(layout.key), len(layout.key) + len(layout.values)
        self._codes = [list(layout.columns).index(name) for name in layout.codes]
        self.change = Change()

    def merged(self, old: Iterable[Cells], new: Iterable[Cells]) -> list[Cells]:
        """All rows in order, and in `change` what differs from the old ones."""
        with without_collecting():
            return self._merged(self._by_key(old), self._by_key(new))

    def _merged(
        self, before: dict[Cells, list[Cells]], after: dict[Cells, list[Cells]]
    ) -> list[Cells]:
        part = self._part
        parts = {key[part] for key in after} if part is not None else None
        rows: list[Cells] = []
        for key in sorted({*before, *after}):
            mine, theirs = before.get(key), after.get(key)
            if mine is None and theirs is not None and len(theirs) == 1:
                rows.append(self._added(theirs[0]))
                continue
            mine, theirs = mine or [], theirs or []
            if not theirs and part is not None and key[part] not in (parts or ()):
                rows += mine
            elif self._layout.states_all:
                rows += self._stated(mine, theirs)
            else:
                rows += self._listed(mine, theirs)
        return rows

    @property
    def _part(self) -> int | None:
        """Which part of the key tells files of one kind apart: whose edits, which addendum."""
        names = list(self._layout.key)
        return next((names.index(n) for n in ("file", "addendum") if n in names), None)

    def _by_key(self, rows: Iterable[Cells]) -> dict[Cells, list[Cells]]:
        found: defaultdict[Cells, list[Cells]] = defaultdict(list)
        for row in rows:
            found[row[: self._keys]].append(row)
        return found

    def _stated(self, old: list[Cells], new: list[Cells]) -> list[Cells]:
        """A file without dates: what it lacks has ended, what differs follows."""
        row = new[-1] if new else None
        current = next((o for o in old if not self._end(o)), None)
        rest = [o for o in old if o is not current]
        if current is None:
            return [*rest, *([self._added(row)] if row else [])]
        if row is not None and self._values(row) == self._values(current):
            self.change.same += 1
            return old
        self._note("changed" if row else "ended", current)
        if row is not None and self._begin(current) >= self._begins:
            return [*rest, row]
        ended = self._with_end(current, _day_before(self._begins))
        return [*rest, ended, *([self._published_row(row)] if row else [])]

    def _listed(self, old: list[Cells], new: list[Cells]) -> list[Cells]:
        """A file that lists every row with its own dates."""
        left, rows = list(old), []
        for row in sorted(set(new), key=self._begin):
            match = self._match(row, left)
            if match is None:
                rows.append(self._added(row))
                continue
            left.remove(match)
            rows.append(self._renewed(match, row))
        for row in left:
            self._note("not_in_the_file", row)
        return sorted([*rows, *left], key=self._begin)

    def _match(self, row: Cells, old: list[Cells]) -> Cells | None:
        """The row in place that a row of the file continues."""
        same_day = [o for o in old if self._begin(o) == self._begin(row)]
        if same_day:
            return same_day[0]
        end = self._end(row) or "9999-12-31"
        inside = [o for o in old if self._begin(row) <= (self._begin(o) or "0000") <= end]
        undated = [o for o in old if not self._begin(o)]
        return next(iter([*inside, *undated]), None)

    def _renewed(self, old: Cells, row: Cells) -> Cells:
        kept = old[self._first + 2]
        if self._values(old) != self._values(row):
            self._note("changed", row)
        elif self._end(row) != self._end(old):
            self._note("ended" if self._end(row) else "changed", row)
            return self._dated(row, kept, self._published)
        elif self._begin(row) != self._begin(old):
            self._note("begins_earlier", row)
        else:
            self.change.same += 1
            return old
        return self._dated(row, kept, old[self._first + 3])

    def _added(self, row: Cells) -> Cells:
        self._note("added", row)
        return self._published_row(row)

    def _published_row(self, row: Cells) -> Cells:
        return self._dated(row, self._published, self._published if self._end(row) else "")

    def _dated(self, row: Cells, published: str, ended_published: str) -> Cells:
        return (*row[: self._first + 2], published, ended_published)

    def _with_end(self, row: Cells, end: str) -> Cells:
        published = row[self._first + 2]
        return (*row[: self._first + 1], end, published, self._published)

    def _note(self, word: str, row: Cells) -> None:
        self.change.note(word, {row[n] for n in self._codes})

    def _begin(self, row: Cells) -> str:
        return row[self._first]

    def _end(self, row: Cells) -> str:
        return row[self._first + 1]

    def _values(self, row: Cells) -> Cells:
        return row[self._keys : self._first]


def _day_before(day: str) -> str:
    return (date.fromisoformat(day) - timedelta(days=1)).isoformat()
