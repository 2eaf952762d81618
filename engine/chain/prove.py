"""The second reading of a term: why it came out so, and which facts would settle it.

A proof is made from the term that decided, with the same counting, relations and comparisons;
tests hold the two readings together.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.chain.binding import Binding
from engine.chain.facts import MISSING, LineFacts
from engine.chain.leaf import Prove, leaf, shown
from engine.chain.matching import compare_range, negation
from engine.chain.needs import ask_attribute, ask_fact, ask_person
from engine.chain.prove_history import prove_sessions, prove_spacing
from engine.chain.prove_lines import prove_related, prove_units
from engine.chain.reading import reader
from engine.chain.selection import NotJudged, active, selected
from engine.chain.values import passes
from engine.model.outcome import Proof
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
)


def prove(binding: Binding, term: Term, x: LineFacts) -> Proof:
    """The proof of a term about a line."""
    proof: Proof = _PROVERS[type(term)](binding, term, x, prove)
    return proof


def _fixed(_: Binding, term: Fixed, x: LineFacts, _p: Prove) -> Proof:
    if term.value is not None:
        return leaf(term.value, term.words, "")
    asked = (ask_person(x, term.question),)
    return leaf(None, term.words, "a person decides", asked, asked)


def _attribute(b: Binding, term: Attribute, x: LineFacts, _p: Prove) -> Proof:
    value = reader(term.path)(x)
    result = passes(b, term.test)(value, x)
    if term.path == "procedure" and term.test.codes is not None and term.test.codes.same:
        result = True
    asked = ask_attribute(b, term.path, x) if result is None else ()
    return leaf(result, term.words, shown(value), asked, asked)


def _bears(b: Binding, term: Bears, x: LineFacts, _p: Prove) -> Proof:
    value = b.bind(term)
    result = value(x) if callable(value) else value
    return leaf(result, term.words, f"modifiers {shown(x.modifiers)}")


def _points(b: Binding, term: Points, x: LineFacts, _p: Prove) -> Proof:
    value = b.bind(term)
    result = value(x) if callable(value) else value
    return leaf(result, term.words, f"diagnoses {', '.join(x.diagnoses) or 'none'}")


def _stated(b: Binding, term: Stated, x: LineFacts, _p: Prove) -> Proof:
    value = x.measured(term.fact)
    if value is MISSING:
        result: bool | None = None
    elif value is None:
        result = x.around.null
    else:
        result = True if term.test is None else passes(b, term.test)(value, x)
    reading = "looked for, and not in the record" if value is None else shown(value)
    asked = (ask_fact(x, term.fact),)
    return leaf(result, term.words, reading, asked, asked)


def _outcome(b: Binding, term: OutcomeOf, x: LineFacts, _p: Prove) -> Proof:
    positions = b.bound.positions(term.rule)
    word = b.bound.word_on(x, positions)
    result = None if word == "undecided" else (word == "violated") is term.violated
    name = term.rule.split("#")[-1]
    if result is not None:
        return leaf(result, term.words, f"{name} is {word.replace('_', ' ')}")
    asked = b.bound.needs_of(x, positions)
    return leaf(None, term.words, f"{name} is undecided", asked, asked)


def _selects(b: Binding, term: Selects, x: LineFacts, _p: Prove) -> Proof:
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


def _active(b: Binding, term: Active, x: LineFacts, _p: Prove) -> Proof:
    try:
        return leaf(active(b.bound, term, x), term.words, str(x.date))
    except NotJudged:
        return leaf(None, term.words, "the table does not say")


def _all(b: Binding, term: All, x: LineFacts, prove: Prove) -> Proof:
    parts = tuple(prove(b, t, x) for t in term.terms)
    value = False if any(p.value is False for p in parts) else _open(parts, True)
    return Proof(value, term.words, how="all", parts=parts)


def _some(b: Binding, term: Some, x: LineFacts, prove: Prove) -> Proof:
    parts = tuple(prove(b, t, x) for t in term.terms)
    value = True if any(p.value is True for p in parts) else _open(parts, False)
    return Proof(value, term.words, how="some", parts=parts)


def _open(parts: tuple[Proof, ...], otherwise: bool) -> bool | None:
    return None if any(p.value is None for p in parts) else otherwise


def _not(b: Binding, term: Not, x: LineFacts, prove: Prove) -> Proof:
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


def _count(b: Binding, term: CountOf, x: LineFacts, prove: Prove) -> Proof:
    parts = tuple(prove(b, t, x) for t in term.terms)
    low = sum(p.value is True for p in parts)
    high = low + sum(p.value is None for p in parts)
    limit = b.number(term.value)(x)
    value = compare_range(low, high, term.comparison, limit)
    report = {"how": term.comparison, "limit": limit}
    return Proof(value, term.words, f"{low} hold", how="count", parts=parts, report=report)


_PROVERS: dict[type, Callable[[Binding, Any, LineFacts, Prove], Proof]] = {
    Fixed: _fixed,
    Attribute: _attribute,
    Bears: _bears,
    Points: _points,
    Units: prove_units,
    Stated: _stated,
    Related: prove_related,
    Sessions: prove_sessions,
    Spacing: prove_spacing,
    OutcomeOf: _outcome,
    Selects: _selects,
    Active: _active,
    All: _all,
    Some: _some,
    Not: _not,
    CountOf: _count,
}
