"""Proofs about other lines of the day: related lines and sums of units."""

from __future__ import annotations

from typing import Any

from engine.chain.binding import Binding
from engine.chain.facts import LineFacts
from engine.chain.leaf import Prove, leaf, shown
from engine.chain.matching import compare, compare_range, disjunction, key_value, same_test
from engine.chain.needs import (
    Needs,
    ask_attribute,
    ask_fact,
    ask_field,
    ask_where,
    depend,
    fewest,
    union,
)
from engine.chain.relations import Relation, summed
from engine.chain.settle import least
from engine.model.outcome import Need, Proof
from engine.model.term import Related, Units


def prove_units(b: Binding, term: Units, x: LineFacts, _: Prove) -> Proof:
    """This line's units, or their sum."""
    limit = b.number(term.value)(x)
    asked = ask_where(term.value, x) if limit is None else ()
    if not term.keys:
        result = compare(x.units, term.comparison, limit)
        report = {"billed": x.units, "limit": limit}
        needs = (*asked, *([ask_field("units", x)] if x.units is None else []))
        reading = f"{shown(x.units)} billed, {shown(limit)} to compare with"
        return leaf(result, term.words, reading, needs, needs, report=report, label=term.label)
    found = summed(b, term)(x)
    result = compare_range(found.low, found.high, term.comparison, limit)
    lines = [y for y in (*found.lines, *found.maybe) if y.units is None]
    needs = (*asked, *(ask_field("units", y) for y in lines))
    needs += tuple(_key_need(b, term.keys, x, y) for y in found.maybe)
    reading = f"{found.low} billed on {len(found.lines)} lines, {shown(limit)} to compare with"
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


def prove_related(b: Binding, term: Related, x: LineFacts, prove: Prove) -> Proof:
    """Whether such a line exists."""
    relation = Relation(b, term)
    found = relation.candidates(x)
    result = disjunction(*(value for _, value in found))
    shown = next((y for y, v in found if v is True), None) or next((y for y, _ in found), None)
    report = {
        "other.procedure": shown.procedure if shown else None,
        "other.line": shown.line.number if shown else None,
    }
    reading = ", ".join(f"{_name(y)}: {_answer(v)}" for y, v in found) or "no line of these codes"
    ways = [_settle(b, term, x, y, prove) for y, v in found if v is None]
    if_true = fewest([w for w in ways if w is not None])
    if_false = union(ways) if all(w is not None for w in ways) else None
    return leaf(result, term.words, reading, if_true, if_false, report=report, label=term.label)


def _settle(b: Binding, term: Related, x: LineFacts, y: LineFacts, prove: Prove) -> Needs | None:
    """What is open about one other line."""
    needs: list[Need] = []
    for key in (*term.same, *term.different):
        needs += open_key(b, key, x, y)
    if term.where is not None:
        proof = prove(b.elsewhere(), term.where, y)
        if proof.value is None:
            needs += least(proof, True) or ()
    if term.payable and x.around.payable(y) is None:
        needs.append(depend(y))
    return tuple(dict.fromkeys(needs)) or (ask_field("payer", y),)


def open_key(b: Binding, key: Any, x: LineFacts, y: LineFacts) -> list[Need]:
    """What is open about a key on either of two lines."""
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
