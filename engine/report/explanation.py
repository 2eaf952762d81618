"""The proof of a rule on a line, as text: what was asked, what was read, what came of it."""

from __future__ import annotations

from collections.abc import Iterator

from engine.chain.facts import LineFacts
from engine.chain.ruling import Ruling
from engine.model.outcome import Need, Proof
from engine.report.findings import evidence
from engine.report.sentence import filled

_MARKS = {True: "yes", False: "no", None: "?"}
_WORDS = {
    "met": "is met",
    "violated": "is violated",
    "undecided": "is undecided",
    "not_applicable": "does not apply",
}


def explained(ruling: Ruling, x: LineFacts) -> Iterator[str]:
    """The lines of an explanation, most important first."""
    rule = ruling.rule
    subject = f"line {x.line.number} ({x.procedure}, {x.date})"
    yield f"{rule.id} {_WORDS[ruling.word]} on {subject}"
    yield f"  says: {filled(rule.says, rule, x, ruling.reports())}"
    end = f" until before {rule.end}" if rule.end else ""
    yield f"  in force from {rule.begin}{end}"
    for cite in rule.cites:
        yield f"  cites: {cite.source}, {cite.locator} ({cite.evidence}): {cite.says}"
    yield f"  grade of evidence: {evidence(rule, x)}"
    for reading in rule.interpretations:
        yield f"  reading that no source states: {reading}"
    yield from _part("applies", ruling.applies, ruling, x)
    if ruling.stated is not None:
        yield from _part("when stated", ruling.stated, ruling, x)
    yield from _part("requires", ruling.requires, ruling, x)
    for label, proof in ruling.exemptions:
        yield from _part(f"unless {label}", proof, ruling, x)
    if ruling.exception:
        yield f"  met only through the exception {ruling.exception}"
    if ruling.word == "undecided":
        yield from _asked("would settle it", ruling.needs)


def _part(title: str, proof: Proof, ruling: Ruling, x: LineFacts) -> Iterator[str]:
    yield f"  {title}: {_MARKS[proof.value]}"
    yield from _tree(proof, ruling, x, 2)


def _tree(proof: Proof, ruling: Ruling, x: LineFacts, depth: int) -> Iterator[str]:
    words = filled(proof.words, ruling.rule, x, ruling.reports())
    reading = f" [{proof.reading}]" if proof.reading and proof.how in ("leaf", "not") else ""
    if words not in ("applies", "all of") or proof.how == "leaf":
        yield f"{'  ' * depth}{_MARKS[proof.value]:>3}  {words}{reading}"
        depth += 1
    if proof.how != "not":
        for part in proof.parts:
            yield from _tree(part, ruling, x, depth)
    elif proof.parts[0].how in ("all", "some", "count"):
        yield from _tree(proof.parts[0], ruling, x, depth)


def _asked(title: str, needs: tuple[Need, ...]) -> Iterator[str]:
    yield f"  {title}:"
    for need in needs:
        if need.depends_on is not None:
            yield f"    the outcome of line {need.depends_on}"
        else:
            of = f"line {need.line} on {need.service_date}" if need.line else "the claim"
            yield f"    {need.fact} of {of}: {need.question}"
