"""Runs the examples that stand beside the rules, each rule judged alone (clause A28)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from engine.analysis.example_claims import claim_of, history_of
from engine.chain.bound import BoundBook
from engine.chain.facts import LineFacts
from engine.chain.ruling import prove_rule
from engine.chain.stratified import Decided, decide
from engine.compiler.book import compile_policy
from engine.compiler.library import Library, day
from engine.model.book import Rule
from engine.model.claim import Claim, History
from engine.model.problem import Location
from engine.report.explanation import explained


@dataclass(frozen=True)
class Check:
    """One example or case that was run: what it is, and what differs (nothing: it holds).

    `claim` says in one line what was judged; `policy` is the folder in which it stands.
    """

    name: str
    location: Location
    faults: tuple[str, ...]
    proof: tuple[str, ...] = ()
    claim: str = ""
    policy: str = ""


@dataclass(frozen=True)
class Example:
    """An example ready to be judged: `rule` is the full id, `expect` the word that must come out.

    `faults` are what is wrong with the example itself.
    """

    policy: str
    rule: str
    name: str
    location: Location
    known_on: date | None
    claim: Claim
    given: Mapping[int, bool | None]
    history: History
    expect: str
    faults: tuple[str, ...] = ()


def examples_of(library: Library, policy: str, rule: str | None = None) -> Iterator[Example]:
    """Every example of a policy, or those of one rule."""
    document = library.policies[policy]
    payer = policy.split("/", 1)[0]
    for n, entry in enumerate(document.data.get("rules") or ()):
        if rule is not None and entry.get("rule") != rule:
            continue
        begin = day(entry.get("from") or document.data.get("from"))
        for m, example in enumerate(entry.get("examples") or ()):
            line, column = document.marks.value(("rules", n, "examples", m))
            where = Location(document.file, line, column)
            faults: list[str] = []
            claim, given = claim_of(payer, example, begin, library.facts, where, faults)
            history = history_of(example, claim, library.facts, where, faults)
            yield Example(
                policy,
                f"{policy}#{entry.get('rule')}",
                str(example.get("name")),
                where,
                day(example.get("known_on")),
                claim,
                given,
                history,
                str(example.get("expect")),
                tuple(faults),
            )


def run_examples(library: Library, policy: str, rule: str | None = None) -> Iterator[Check]:
    """Run every example of a policy, or those of one rule."""
    books: dict[date | None, BoundBook] = {}
    for example in examples_of(library, policy, rule):
        if example.known_on not in books:
            book = compile_policy(library, policy, example.known_on)[0]
            books[example.known_on] = BoundBook(book)
        yield _run(books[example.known_on], example)


def judged(bound: BoundBook, example: Example) -> Decided:
    """What the chain says of an example."""
    return decide(bound, example.claim, example.history, given=example.given)  # type: ignore[arg-type]  # an open outcome is None


def _run(bound: BoundBook, example: Example) -> Check:
    decided = judged(bound, example)
    word = word_on(decided, example.rule, 0)
    faults = list(example.faults)
    if word != example.expect:
        faults.append(f"expected {example.expect}, came out {word}")
    proof = tuple(_proof(bound, example.rule, decided.around.lines[0])) if faults else ()
    name = f"{example.rule}: {example.name}"
    shown = described(example.claim, example.history)
    return Check(name, example.location, tuple(faults), proof, shown, example.policy)


def described(claim: Claim, history: History) -> str:
    """A claim in one line: what is billed when, and how much was done before."""
    lines = [
        f"{x.procedure}{''.join(f'-{m}' for m in x.modifiers)}"
        + (f" x {x.units}" if x.units not in (None, 1) else "")
        + f" on {x.service_date}"
        for x in claim.lines
    ]
    past = len(history.services)
    return "; ".join(lines) + (f"; {past} earlier service{'s' * (past != 1)}" if past else "")


def word_on(decided: Decided, rule: str, index: int) -> str:
    """How a rule came out on a line; over several diagnoses the worst word."""
    words = [w for _, b, w, lines in decided.outcomes if b.rule.id == rule and index in lines]
    order = ("violated", "undecided", "met")
    return next((word for word in order if word in words), "not_applicable")


def _proof(bound: BoundBook, id: str, x: LineFacts) -> Iterator[str]:
    for rule in _entries(bound, id, x.date):
        yield from explained(prove_rule(bound, rule, x), x)


def _entries(bound: BoundBook, id: str, on: date) -> list[Rule]:
    return [
        r for r in bound.book.rules if r.id == id and r.begin <= on and (not r.end or on < r.end)
    ]
