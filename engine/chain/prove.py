"""The second reading of a term: why it came out so, and which facts would settle it.

A proof is made from the term that decided, with the same counting, relations and comparisons;
tests hold the two readings together.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from itertools import product
from typing import Any

from engine.chain.bind import Binding, passes
from engine.chain.counting import Counter, Tally, nearest, tally
from engine.chain.facts import MISSING, UNDEFINED, LineFacts
from engine.chain.matching import (
    compare,
    compare_range,
    disjunction,
    key_value,
    negation,
    same_test,
)
from engine.chain.needs import (
    ask_attribute,
    ask_fact,
    ask_field,
    ask_history,
    ask_person,
    ask_where,
    depend,
    fewest,
    union,
)
from engine.chain.reading import reader
from engine.chain.relations import Relation, summed
from engine.chain.selection import NotJudged, active, selected
from engine.chain.windows import first_day, next_eligible
from engine.model.length import Length
from engine.model.outcome import Need, Proof
from engine.model.term import (
    Active,
    All,
    Attribute,
    Bears,
    CountOf,
    Fixed,
    Not,
    OutcomeOf,
    Points,
    Related,
    Selects,
    Sessions,
    Some,
    Spacing,
    Stated,
    Term,
    Units,
    Window,
)

Needs = tuple[Need, ...]


def prove(binding: Binding, term: Term, x: LineFacts) -> Proof:
    """The proof of a term about a line."""
    proof: Proof = _PROVERS[type(term)](binding, term, x)
    return proof


def leaf(
    value: bool | None,
    words: str,
    reading: str,
    if_true: Needs | None = (),
    if_false: Needs | None = (),
    **more: Any,
) -> Proof:
    """A proof without parts; the needs matter only if the value is unknown."""
    if value is not None:
        if_true = () if value else None
        if_false = None if value else ()
    return Proof(value, words, reading, if_true=if_true, if_false=if_false, **more)


def _fixed(_: Binding, term: Fixed, x: LineFacts) -> Proof:
    if term.value is not None:
        return leaf(term.value, term.words, "")
    asked = (ask_person(x, term.question),)
    return leaf(None, term.words, "a person decides", asked, asked)


def _attribute(b: Binding, term: Attribute, x: LineFacts) -> Proof:
    value = reader(term.path)(x)
    result = passes(b, term.test)(value, x)
    if term.path == "procedure" and term.test.codes is not None and term.test.codes.same:
        result = True
    asked = ask_attribute(b, term.path, x) if result is None else ()
    return leaf(result, term.words, _shown(value), asked, asked)


def _shown(value: Any) -> str:
    if value is None or value is MISSING:
        return "not known"
    if value is UNDEFINED:
        return "the code has none"
    if value is True or value is False:
        return "yes" if value else "no"
    if isinstance(value, tuple | list | frozenset):
        return ", ".join(map(_shown, sorted(value, key=str))) or "none"
    return str(value)


def _bears(b: Binding, term: Bears, x: LineFacts) -> Proof:
    value = b.bind(term)
    result = value(x) if callable(value) else value
    return leaf(result, term.words, f"modifiers {_shown(x.modifiers)}")


def _points(b: Binding, term: Points, x: LineFacts) -> Proof:
    value = b.bind(term)
    result = value(x) if callable(value) else value
    return leaf(result, term.words, f"diagnoses {', '.join(x.diagnoses) or 'none'}")


def _units(b: Binding, term: Units, x: LineFacts) -> Proof:
    limit = b.number(term.value)(x)
    asked = ask_where(term.value, x) if limit is None else ()
    if not term.keys:
        result = compare(x.units, term.comparison, limit)
        report = {"billed": x.units, "limit": limit}
        needs = (*asked, *([ask_field("units", x)] if x.units is None else []))
        reading = f"{_shown(x.units)} billed, {_shown(limit)} to compare with"
        return leaf(result, term.words, reading, needs, needs, report=report, label=term.label)
    found = summed(b, term)(x)
    result = compare_range(found.low, found.high, term.comparison, limit)
    lines = [y for y in (*found.lines, *found.maybe) if y.units is None]
    needs = (*asked, *(ask_field("units", y) for y in lines))
    needs += tuple(_key_need(b, term.keys, x, y) for y in found.maybe)
    reading = f"{found.low} billed on {len(found.lines)} lines, {_shown(limit)} to compare with"
    report = {"billed": found.low, "limit": limit}
    return leaf(result, term.words, reading, needs, needs, report=report, label=term.label)


def _key_need(b: Binding, keys: Any, x: LineFacts, y: LineFacts) -> Need:
    for key in keys:
        if same_test(key)(x, y) is None:
            mine = _unknown_key(x, key)
            return ask_field(key.name or key.kind, x if mine else y)
    return ask_field("payer", y)


def _unknown_key(x: LineFacts, key: Any) -> bool:
    return key_value(x, key) is None


def _stated(b: Binding, term: Stated, x: LineFacts) -> Proof:
    value = x.measured(term.fact)
    if value is MISSING:
        result: bool | None = None
    elif value is None:
        result = x.around.null
    else:
        result = True if term.test is None else passes(b, term.test)(value, x)
    reading = "looked for, and not in the record" if value is None else _shown(value)
    asked = (ask_fact(x, term.fact),)
    return leaf(result, term.words, reading, asked, asked)


def _related(b: Binding, term: Related, x: LineFacts) -> Proof:
    relation = Relation(b, term)
    found = relation.candidates(x)
    result = disjunction(*(value for _, value in found))
    shown = next((y for y, v in found if v is True), None) or next((y for y, _ in found), None)
    report = {
        "other.procedure": shown.procedure if shown else None,
        "other.line": shown.line.number if shown else None,
    }
    reading = ", ".join(f"{_name(y)}: {_answer(v)}" for y, v in found) or "no line of these codes"
    ways = [_settle(b, term, x, y) for y, v in found if v is None]
    if_true = fewest([w for w in ways if w is not None])
    if_false = union(ways) if all(w is not None for w in ways) else None
    return leaf(result, term.words, reading, if_true, if_false, report=report, label=term.label)


def _settle(b: Binding, term: Related, x: LineFacts, y: LineFacts) -> Needs | None:
    """What is open about one other line."""
    needs: list[Need] = []
    for key in (*term.same, *term.different):
        needs += _open_key(b, key, x, y)
    if term.where is not None:
        proof = prove(b.elsewhere(), term.where, y)
        if proof.value is None:
            needs += least(proof, True) or ()
    if term.payable and x.around.payable(y) is None:
        needs.append(depend(y))
    return tuple(dict.fromkeys(needs)) or (ask_field("payer", y),)


def _open_key(b: Binding, key: Any, x: LineFacts, y: LineFacts) -> list[Need]:
    if key.kind in ("claim", "date", "procedure"):
        return []
    found: list[Need] = []
    for line in (x, y):
        if key_value(line, key) is None:
            if key.kind == "attribute":
                found += ask_attribute(b, f"attributes.{key.name}", line)
            elif key.kind == "fact":
                found.append(ask_fact(line, key.name))
            else:
                found.append(ask_field(key.kind, line))
    return found


def _name(y: LineFacts) -> str:
    if y.past is None:
        return f"line {y.line.number} ({y.procedure})"
    return f"{y.procedure} on {y.date}"


def _answer(value: bool | None) -> str:
    return {True: "yes", False: "no", None: "not known"}[value]


def _sessions(b: Binding, term: Sessions, x: LineFacts) -> Proof:
    counter = Counter(term.counted, b)
    found, limit = tally(counter, term, x), b.number(term.value)(x)
    result = compare_range(found.low, found.high, term.comparison, limit)
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
    if_true, if_false = _session_needs(b, term, counter, found, limit, x)
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
    return ", ".join([*parts, f"{_shown(limit)} to compare with"])


def _session_needs(
    b: Binding, term: Sessions, counter: Counter, found: Tally, limit: Any, x: LineFacts
) -> tuple[Needs | None, Needs | None]:
    """What would make the comparison true, and what would make it false."""
    if not isinstance(limit, int):
        asked = ask_where(term.value, x)
        return asked, asked
    fewer = _fewer(b, counter, found, limit, x, term)
    more = _more(b, counter, found, limit, x, term)
    if term.comparison == "at_most":
        return fewer, more
    if term.comparison == "at_least":
        return more, _fewer(b, counter, found, limit - 1, x, term)
    return union([n for n in (fewer, more) if n is not None]), more or fewer


def _fewer(
    b: Binding, counter: Counter, found: Tally, most: int, x: LineFacts, term: Sessions
) -> Needs | None:
    """What must turn out to be absent so that no more than `most` are there."""
    if found.low > most:
        return None
    needs: list[Need] = []
    if not found.covered:
        needs.append(ask_history(x, found.begin))
    needs += [ask_field("units", y) for y in (*found.sure, *found.maybe) if _no_units(term, y)]
    known = {y.date for y in found.sure}
    doubtful = [y for y in found.maybe if term.count != "dates" or y.date not in known]
    surplus = len({y.date for y in doubtful}) - (most - int(found.low))
    for y in doubtful[: max(surplus, 0)]:
        needs += _doubt(b, counter, x, y, wanted=False)
    return tuple(dict.fromkeys(needs)) or None


def _more(
    b: Binding, counter: Counter, found: Tally, least_: int, x: LineFacts, term: Sessions
) -> Needs | None:
    """What must turn out to be there so that there are at least so many (or, at_most: more)."""
    needs: list[Need] = []
    lacking = least_ - int(found.low)
    for y in found.maybe[: max(lacking, 1)]:
        needs += _doubt(b, counter, x, y, wanted=True)
    if len(found.maybe) < lacking and not found.covered:
        needs.append(ask_history(x, found.begin))
    return tuple(dict.fromkeys(needs)) or (
        (ask_history(x, found.begin),) if not found.covered else None
    )


def _no_units(term: Sessions, y: LineFacts) -> bool:
    return term.count == "units" and y.units is None


def _doubt(b: Binding, counter: Counter, x: LineFacts, y: LineFacts, *, wanted: bool) -> list[Need]:
    """What is open about one service that may count."""
    counted, needs = counter.counted, list[Need]()
    if counted.where is not None:
        proof = prove(b.elsewhere(), counted.where, y)
        if proof.value is None:
            needs += least(proof, wanted) or ()
    for key in (*counted.same, *counted.different):
        needs += _open_key(b, key, x, y) if y is not x else []
    if not needs and y.past is not None:
        needs.append(ask_field("status" if y.past.status is None else "payer", y))
    return needs


def _spacing(b: Binding, term: Spacing, x: LineFacts) -> Proof:
    counter, length = Counter(term.counted, b), b.number(term.length)(x)
    if not isinstance(length, Length):
        asked = ask_where(term.length, x)
        return leaf(None, term.words, "the length is not known", asked, asked, label=term.label)
    value, _near, doubtful, covered = nearest(counter, length, x)
    earlier = [y for y in counter.find(x)[0] if y.date < x.date]
    last = max((y.date for y in earlier), default=None)
    needs = [n for y in doubtful for n in _doubt(b, counter, x, y, wanted=False)]
    if not covered:
        needs.append(ask_history(x, _from(length, x.date)))
    report = {"last": last, "next_eligible": length.after(last) if last else x.date}
    reading = f"the last was on {last}" if last else "no earlier one is known"
    asked = tuple(dict.fromkeys(needs))
    return leaf(value, term.words, reading, asked, asked, report=report, label=term.label)


def _from(length: Length, day: date) -> date:
    return first_day(day, Window("", "rolling", False, length))


def _outcome(b: Binding, term: OutcomeOf, x: LineFacts) -> Proof:
    positions = b.bound.positions(term.rule)
    word = b.bound.word_on(x, positions)
    result = None if word == "undecided" else (word == "violated") is term.violated
    name = term.rule.split("#")[-1]
    if result is not None:
        return leaf(result, term.words, f"{name} is {word.replace('_', ' ')}")
    asked = b.bound.needs_of(x, positions)
    return leaf(None, term.words, f"{name} is undecided", asked, asked)


def _selects(b: Binding, term: Selects, x: LineFacts) -> Proof:
    decision = b.bound.book.decisions[term.decision]
    rows = [(r.code, [(f, passes(b, test)) for f, test in r.tests]) for r in decision.rows]
    found = selected(decision, rows, x)
    codes = " or ".join(found.codes) or "no code"
    asked = tuple(ask_fact(x, fact) for fact in found.open_facts)
    return leaf(
        found.value,
        term.words,
        f"the record supports {codes}",
        asked,
        asked,
        report={"codes": codes, "only": found.codes[0] if len(found.codes) == 1 else None},
        label=term.label,
    )


def _active(b: Binding, term: Active, x: LineFacts) -> Proof:
    try:
        return leaf(active(b.bound, term, x), term.words, str(x.date))
    except NotJudged:
        return leaf(None, term.words, "the table does not say")


def _all(b: Binding, term: All, x: LineFacts) -> Proof:
    parts = tuple(prove(b, t, x) for t in term.terms)
    value = False if any(p.value is False for p in parts) else _open(parts, True)
    return Proof(value, term.words, how="all", parts=parts)


def _some(b: Binding, term: Some, x: LineFacts) -> Proof:
    parts = tuple(prove(b, t, x) for t in term.terms)
    value = True if any(p.value is True for p in parts) else _open(parts, False)
    return Proof(value, term.words, how="some", parts=parts)


def _open(parts: tuple[Proof, ...], otherwise: bool) -> bool | None:
    return None if any(p.value is None for p in parts) else otherwise


def _not(b: Binding, term: Not, x: LineFacts) -> Proof:
    part = prove(b, term.term, x)
    return Proof(
        negation(part.value),
        term.words,
        part.reading,
        how="not",
        parts=(part,),
        report=part.report,
        label=part.label,
    )


def _count(b: Binding, term: CountOf, x: LineFacts) -> Proof:
    parts = tuple(prove(b, t, x) for t in term.terms)
    low = sum(p.value is True for p in parts)
    high = low + sum(p.value is None for p in parts)
    limit = b.number(term.value)(x)
    value = compare_range(low, high, term.comparison, limit)
    report = {"how": term.comparison, "limit": limit}
    return Proof(value, term.words, f"{low} hold", how="count", parts=parts, report=report)


def least(proof: Proof, wanted: bool) -> Needs | None:
    """The smallest set of facts whose answers could make the proof come out as wanted; among
    sets of one size the one that stands first. None if nothing can."""
    if proof.value is not None:
        return () if proof.value is wanted else None
    if proof.how == "leaf":
        return proof.if_true if wanted else proof.if_false
    if proof.how == "not":
        return least(proof.parts[0], not wanted)
    if proof.how == "count":
        return _least_count(proof, wanted)
    ways = [least(part, wanted) for part in proof.parts]
    if (proof.how == "all") is wanted:
        return None if any(w is None for w in ways) else union(ways)
    return fewest([w for w in ways if w is not None])


def _least_count(proof: Proof, wanted: bool) -> Needs | None:
    """Answer as few parts as possible; the rest may stay open."""
    limit, how = proof.report["limit"], proof.report["how"]
    best: Needs | None = None
    for choice in product(*(_answers(part) for part in proof.parts)):
        low = sum(value is True for value, _ in choice)
        high = low + sum(value is None for value, _ in choice)
        if compare_range(low, high, how, limit) is wanted:  # type: ignore[arg-type]
            needs = union([n for _, n in choice])
            if best is None or len(needs) < len(best):
                best = needs
    return best


def _answers(part: Proof) -> list[tuple[bool | None, Needs]]:
    if part.value is not None:
        return [(part.value, ())]
    ways: list[tuple[bool | None, Needs]] = [(None, ())]
    for value in (True, False):
        needs = least(part, value)
        if needs is not None:
            ways.append((value, needs))
    return ways


_PROVERS: dict[type, Callable[[Binding, Any, LineFacts], Proof]] = {
    Fixed: _fixed,
    Attribute: _attribute,
    Bears: _bears,
    Points: _points,
    Units: _units,
    Stated: _stated,
    Related: _related,
    Sessions: _sessions,
    Spacing: _spacing,
    OutcomeOf: _outcome,
    Selects: _selects,
    Active: _active,
    All: _all,
    Some: _some,
    Not: _not,
    CountOf: _count,
}
