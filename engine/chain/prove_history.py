"""Proofs about the history: counted sessions and distances in time."""

from __future__ import annotations

from datetime import date
from typing import Any

from engine.chain.binding import Binding
from engine.chain.counter import Counter
from engine.chain.counting import Tally, nearest, tally
from engine.chain.facts import LineFacts
from engine.chain.leaf import Prove, leaf, shown
from engine.chain.matching import compare_range
from engine.chain.needs import Needs, ask_field, ask_history, ask_where, union
from engine.chain.prove_lines import open_key
from engine.chain.settle import least
from engine.chain.windows import first_day, next_eligible
from engine.model.length import Length
from engine.model.outcome import Need, Proof
from engine.model.term import Sessions, Spacing, Window


def prove_sessions(b: Binding, term: Sessions, x: LineFacts, prove: Prove) -> Proof:
    """The number of sessions in a window, and what is not known of it."""
    counter = b.counter(term.counted)
    found, limit = tally(counter, term, x), b.number(term.value)(x)
    result = compare_range(found.low, found.high, term.comparison, limit)
    result = False if found.lacking else result
    earlier = [d for d in found.days if d != x.date]
    opening = None
    if term.comparison == "at_most" and isinstance(limit, int) and term.count == "dates":
        opening = next_eligible(earlier, x.date, term.window, limit)
    report = {
        "count": found.low,
        "limit": limit,
        "window": term.window.says or term.window.name,
        "dates": ", ".join(map(str, found.days)),
        "next_eligible": opening,
    }
    if_true, if_false = Questions(b, counter, found, x, prove).settle(term, limit)
    return leaf(
        result,
        term.words,
        _session_reading(found, limit),
        if_true,
        if_false,
        report=report,
        label=term.label,
    )


def _session_reading(found: Tally, limit: Any) -> str:
    parts = [f"counted {found.low} ({', '.join(map(str, found.days)) or 'none'})"]
    if found.maybe:
        parts.append(f"maybe {len(found.maybe)} more")
    if not found.covered:
        since = f" back to {found.begin}" if found.begin else " back to the first service"
        parts.append(f"the history is not complete{since}")
    if found.later:
        parts.append(f"{found.later} later not counted")
    return ", ".join([*parts, f"{shown(limit)} to compare with"])


class Questions:
    """What is open about a count, and which of it would bring the count up or down."""

    def __init__(
        self, b: Binding, counter: Counter, found: Tally, x: LineFacts, prove: Prove
    ) -> None:
        self._b = b
        self._counter = counter
        self._found = found
        self._x = x
        self._prove = prove

    def settle(self, term: Sessions, limit: Any) -> tuple[Needs | None, Needs | None]:
        """What would make the comparison true, and what would make it false."""
        if not isinstance(limit, int):
            asked = ask_where(term.value, self._x)
            return asked, asked
        if term.comparison == "at_most":
            return self._at_most(term, limit), self._at_least(limit + 1)
        if term.comparison == "at_least":
            return self._at_least(limit), self._at_most(term, limit - 1)
        up, down = self._at_least(limit), self._at_most(term, limit)
        return union([n for n in (down, up) if n is not None]), self._at_least(limit + 1) or down

    def _at_most(self, term: Sessions, most: int) -> Needs | None:
        """What must turn out to be absent so that no more than `most` are there."""
        found = self._found
        if found.low > most:
            return None
        needs: list[Need] = (
            [] if found.covered else [ask_history(self._x, self._counter.counted, found.begin)]
        )
        if term.count == "units":
            needs += [ask_field("units", y) for y in (*found.sure, *found.maybe) if y.units is None]
        counted = {y.date for y in found.sure} if term.count == "dates" else set[date]()
        doubtful = [y for y in found.maybe if y.date not in counted]
        surplus = len({y.date for y in doubtful}) - (most - int(found.low))
        for y in doubtful[: max(surplus, 0)]:
            needs += self.doubt(y, wanted=False)
        return tuple(dict.fromkeys(needs)) or None

    def _at_least(self, least_: int) -> Needs | None:
        """What must turn out to be there so that there are at least so many."""
        found, needs = self._found, list[Need]()
        lacking = least_ - int(found.low)
        for y in found.maybe[: max(lacking, 1)]:
            needs += self.doubt(y, wanted=True)
        if len(found.maybe) < lacking:
            if found.covered:
                return None
            needs.append(ask_history(self._x, self._counter.counted, found.begin))
        return tuple(dict.fromkeys(needs)) or None

    def doubt(self, y: LineFacts, *, wanted: bool) -> list[Need]:
        """What is open about one service that may count."""
        counted, needs = self._counter.counted, list[Need]()
        if counted.where is not None:
            proof = self._prove(self._b.elsewhere(), counted.where, y)
            if proof.value is None:
                needs += least(proof, wanted) or ()
        for key in (*counted.same, *counted.different):
            needs += open_key(self._b, key, self._x, y) if y is not self._x else []
        if not needs and y.past is not None:
            needs.append(ask_field("status" if y.past.status is None else "payer", y))
        return needs


def prove_spacing(b: Binding, term: Spacing, x: LineFacts, prove: Prove) -> Proof:
    """The distance to every earlier such service."""
    counter, length = b.counter(term.counted), b.number(term.length)(x)
    if not isinstance(length, Length):
        asked = ask_where(term.length, x)
        return leaf(None, term.words, "the length is not known", asked, asked, label=term.label)
    value, _near, doubtful, covered = nearest(counter, length, x)
    earlier = [y for y in counter.find(x)[0] if y.date < x.date]
    last = max((y.date for y in earlier), default=None)
    questions = Questions(b, counter, Tally(), x, prove)
    needs = [n for y in doubtful for n in questions.doubt(y, wanted=False)]
    if not covered:
        needs.append(ask_history(x, term.counted, _from(length, x.date)))
    report = {"last": last, "next_eligible": length.after(last) if last else x.date}
    reading = f"the last was on {last}" if last else "no earlier one is known"
    asked = tuple(dict.fromkeys(needs))
    return leaf(value, term.words, reading, asked, asked, report=report, label=term.label)


def _from(length: Length, day: date) -> date:
    return first_day(day, Window("", "rolling", False, length))
