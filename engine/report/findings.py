"""Findings of violated rules: grouped, graded, worded and cited."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass
from functools import partial
from typing import Any

from engine.chain.bound_rule import BoundRule
from engine.chain.facts import LineFacts
from engine.chain.matching import key_value
from engine.chain.ruling import Ruling, prove_rule
from engine.chain.stratified import Decided, decide
from engine.model.book import GRADES, Cite, Rule, in_force
from engine.model.claim import History
from engine.model.term import (
    Active,
    All,
    Attribute,
    Codes,
    CountOf,
    Fixed,
    Key,
    Lookup,
    Not,
    Points,
    Related,
    Sessions,
    Some,
    Spacing,
    Term,
    Units,
)
from engine.report.remedy import Mends, mended, remedy_of
from engine.report.sentence import filled

AT_MOST_REVIEW = ("reject", "deny", "recode")


@dataclass(frozen=True)
class Violation:
    """One rule that lines of one group of key values violate together (clause A1).

    `x` is the line with the lowest number, whatever the order of the lines.
    """

    bound: BoundRule
    x: LineFacts
    lines: tuple[int, ...]

    def joined(self, other: Violation) -> Violation:
        """The two together."""
        x = min(self.x, other.x, key=lambda x: x.line.number)
        return Violation(self.bound, x, tuple(sorted({*self.lines, *other.lines})))

    @property
    def marks(self) -> set[Mark]:
        """The outcomes that make it up."""
        return {_mark(self.bound, self.x, (n,)) for n in self.lines}


def findings(decided: Decided, history: History) -> list[dict[str, Any]]:
    """All findings of a claim in the order of lines and rules, as a result shows them."""
    groups = _groups(decided)
    if not groups:
        return []
    soft, mends = _resting_on_silence(decided, history), partial(mended, history, decided)
    found: list[dict[str, Any]] = []
    for violation in groups:
        finding = finding_of(decided, violation, soft, mends)
        if finding not in found:  # two lines may let the same fall on the whole claim
            found.append(finding)
    return sorted(found, key=lambda f: (f["lines"] or [0], f["rule"], f["message"]))


def _groups(decided: Decided) -> list[Violation]:
    groups: dict[object, Violation] = {}
    for x, bound, word, lines in decided.outcomes:
        if word != "violated":
            continue
        mark = (bound.position, group_of(bound.rule, x, lines))
        found = Violation(bound, x, lines)
        known = groups.get(mark)
        groups[mark] = found if known is None else known.joined(found)
    return list(groups.values())


def group_of(rule: Rule, x: LineFacts, lines: tuple[int, ...]) -> Hashable:
    """Lines that violate a rule in the same group violate it together (clause A1)."""
    if rule.for_diagnosis:
        return x.diagnoses, x.date
    keys = _keys(rule.requires)
    return tuple(_hashable(key_value(x, key)) for key in keys) if keys else lines


def _hashable(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else value


def _keys(term: Term) -> tuple[Key, ...]:
    """The keys by which lines that violate a requirement belong together."""
    date = Key("date")
    if isinstance(term, Sessions | Spacing):
        return (date, *term.counted.same)
    if isinstance(term, Units):
        return term.keys
    if isinstance(term, Not) and isinstance(term.term, Related):
        return term.term.same
    return ()


Mark = tuple[int, tuple[str, ...], int]
"""One violated outcome: position of the rule, the diagnosis that it judged, index of the line."""


def _mark(bound: BoundRule, x: LineFacts, lines: tuple[int, ...]) -> Mark:
    return bound.position, x.diagnoses if bound.rule.for_diagnosis else (), lines[0]


def _violated(decided: Decided) -> set[Mark]:
    return {
        _mark(bound, x, (n,))
        for x, bound, word, lines in decided.outcomes
        if word == "violated"
        for n in lines
    }


def _resting_on_silence(decided: Decided, history: History) -> set[Mark]:
    """Violations that stand only because a fact was looked for and is not in the record."""
    around = decided.around
    records = [
        around.claim.documentation,
        *(y.line.documentation for y in (*around.lines, *around.past)),
    ]
    if not any(value is None for record in records for value in record.values()):
        return set()
    again = decide(around.bound, around.claim, history, null=None, given=around.given)
    return _violated(decided) - _violated(again)


def finding_of(
    decided: Decided, violation: Violation, soft: set[Mark], mends: Mends
) -> dict[str, Any]:
    """The finding of a violated rule; `soft` are violations that rest on the record's silence."""
    bound, x, rule = decided.around.bound, violation.x, violation.bound.rule
    ruling = prove_rule(bound, rule, x)
    grade = evidence(rule, x)
    silent = violation.marks <= soft
    cite, effect = rule.cites[0], rule.consequence
    numbers = sorted(decided.around.claim.lines[n].number for n in violation.lines)
    return {
        "rule": rule.id,
        "lines": [] if effect.on_claim else numbers,
        "finding": _softened(effect.finding, grade, silent),
        "group": effect.group,
        "carc": effect.carc,
        "rarc": effect.rarc,
        "message": message(ruling, x),
        "cites": {"source": cite.source, "locator": cite.locator, "evidence": grade},
        "interpretations": list(rule.interpretations),
        "exception": None,
        "remedy": remedy_of(ruling, x, violation.lines, mends),
    }


def _softened(finding: str, grade: str, silent: bool) -> str:
    if grade == "unverified" and finding not in ("warn", "info"):
        return "warn"
    return "review" if silent and finding in AT_MOST_REVIEW else finding


def message(ruling: Ruling, x: LineFacts) -> str:
    """The rule's message, else its sentence with what was found."""
    rule, reports = ruling.rule, ruling.reports()
    if rule.consequence.message:
        return filled(rule.consequence.message, rule, x, reports)
    said = filled(rule.says, rule, x, reports)
    if isinstance(rule.requires, Fixed):  # the sentence "this is not covered" is the finding
        return said
    reading = ruling.requires.reading
    said = f"not so: {said.rstrip('.')}"
    return f"{said} ({reading})" if reading else said


def evidence(rule: Rule, x: LineFacts) -> str:
    """The weakest grade among the rule, its parameters' values and its tables (clause A31)."""
    book = x.around.bound.book
    cites: list[Cite] = [c for c in rule.cites if c.source != "interpretation"]
    for full in (rule.names or {}).values():
        dated = in_force(book.parameters.get(full, ()), x.date)
        cites += [dated.cite] if dated else []
    terms = [rule.applies_to, rule.requires, *([rule.when] if rule.when else [])]
    for name in dict.fromkeys(name for term in terms for name in _tables(term)):
        cites.append(book.tables[name].cite)
    return max(
        (c.evidence for c in cites if c.evidence in GRADES),
        key=GRADES.index,
        default="interpretation",
    )


def _tables(term: Term) -> list[str]:
    """The tables by which a term is decided."""
    if isinstance(term, All | Some | CountOf):
        return [name for part in term.terms for name in _tables(part)]
    if isinstance(term, Not):
        return _tables(term.term)
    if isinstance(term, Related):
        return [term.join.table] if term.join else _columns(term.codes)
    if isinstance(term, Units) and isinstance(term.value, Lookup):
        return [term.value.column.table]
    if isinstance(term, Attribute):
        return _columns(term.test.codes)
    if isinstance(term, Points):
        return _columns(term.codes)
    return [term.table] if isinstance(term, Active) else []


def _columns(codes: Codes | None) -> list[str]:
    return [column.table for column in codes.columns] if codes else []
