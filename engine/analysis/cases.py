"""Runs the cases of the policies: whole claims with history, and the outcomes expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any, TypeAlias

from engine.analysis.examples import Check, described, word_on
from engine.chain.bound import BoundBook
from engine.chain.ruling import prove_rule
from engine.chain.stratified import Decided, decide
from engine.claims.documentation import check_claim, check_facts
from engine.claims.history import history_from
from engine.claims.record import claim_from
from engine.claims.where import Where
from engine.compiler.book import compile_book
from engine.compiler.directory import directory
from engine.compiler.library import Library, day
from engine.documents.document import Document
from engine.model.claim import Claim, History
from engine.model.problem import Location
from engine.report.explanation import explained
from engine.report.result import Result, result

BookKey: TypeAlias = "tuple[str, str | None, str | None, date | None]"


@dataclass(frozen=True)
class Case:
    """A case ready to be judged, with the key of its book: payer, contractor, plan, known on.

    `faults` are what is wrong with the case itself; without a claim it cannot be judged.
    """

    policy: str
    name: str
    location: Location
    expect: Mapping[str, Any]
    key: BookKey | None = None
    claim: Claim | None = None
    history: History = field(default_factory=History)
    faults: tuple[str, ...] = ()


class Cases:
    """Runs cases against the books of a library, each book compiled once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.directory = directory(library)
        self._books: dict[BookKey, BoundBook] = {}

    def run(self, document: Document) -> Iterator[Check]:
        """Every case of a document."""
        for case in self.read(document):
            yield self._run(case)

    def read(self, document: Document) -> Iterator[Case]:
        """Every case of a document, ready to be judged."""
        for n, data in enumerate(document.data.get("cases") or ()):
            line, column = document.marks.value(("cases", n))
            where = Location(document.file, line, column)
            yield self._read(data, document, where)

    def _read(self, data: Mapping[str, Any], document: Document, where: Location) -> Case:
        policy = document.folder.removesuffix("/cases")
        name, expect = str(data.get("case")), data.get("expect") or {}
        claim, faults = self._claim(data, document.file)
        if claim is None:
            return Case(policy, name, where, expect, faults=tuple(faults))
        history, more = self._history(data, document.file, claim)
        payer = claim.payer
        key = (payer.id or "", payer.contractor, payer.plan, day(data.get("known_on")))
        return Case(policy, name, where, expect, key, claim, history, (*faults, *more))

    def _run(self, case: Case) -> Check:
        name = f"{case.policy}/cases: {case.name}"
        if case.claim is None or case.key is None:
            return Check(name, case.location, case.faults, policy=case.policy)
        decided = decide(self.book(case.key), case.claim, case.history)
        shown = result(decided, case.history)
        faults = (*case.faults, *differences(case.expect, shown, decided))
        proof = tuple(_proofs(decided)) if faults else ()
        about = described(case.claim, case.history)
        return Check(name, case.location, faults, proof, about, case.policy)

    def _claim(self, case: Mapping[str, Any], file: str) -> tuple[Claim | None, list[str]]:
        from dataclasses import replace

        claim, problems = claim_from(case.get("claim"), Where(file))
        if claim is None:
            return None, [str(p) for p in problems]
        claim, wrong = check_claim(claim, self.library.facts, file)
        problems += wrong
        folder = self.directory.payer(claim.payer)
        if folder is None:
            return None, [f"no policies for the payer `{claim.payer.id}`"]
        contractor = self.directory.contractor(folder, claim.payer, claim.lines[0].service_date)
        claim = replace(claim, payer=replace(claim.payer, id=folder, contractor=contractor))
        return claim, [str(p) for p in problems if p.severity == "error"]

    def _history(
        self, case: Mapping[str, Any], file: str, claim: Claim
    ) -> tuple[History, list[str]]:
        from dataclasses import replace

        if "history" not in case:
            return History(), []
        history, problems = history_from(case["history"], Where(file))
        services = []
        for service in history.services:
            facts, wrong = check_facts(
                service.line.documentation, self.library.facts, Location(file, place="history")
            )
            problems += wrong
            services.append(replace(service, line=replace(service.line, documentation=facts)))
        kept = History(tuple(services), history.coverage).of(claim.patient.id)
        return kept, [str(p) for p in problems if p.severity == "error"]

    def book(self, key: BookKey) -> BoundBook:
        """The book of a payer, contractor and plan, as it could be known on a day."""
        if key not in self._books:
            book, _ = compile_book(self.library, *key)
            self._books[key] = BoundBook(book)
        return self._books[key]


def differences(expect: Mapping[str, Any], shown: Result, decided: Decided) -> Iterator[str]:
    """What a case expected otherwise, in words."""
    verdict = expect.get("verdict")
    if verdict is not None and verdict != shown["verdict"]:
        yield f"expected the verdict {verdict}, came out {shown['verdict']}"
    if "findings" in expect:
        yield from _compared(
            "finding", map(_finding, expect["findings"]), map(_finding, shown["findings"])
        )
    if "undecided" in expect:
        yield from _compared(
            "question", map(_need, expect["undecided"]), map(_need, shown["needs"])
        )
    for spot in expect.get("outcomes") or ():
        numbers = [line.number for line in decided.around.claim.lines]
        if spot["line"] not in numbers:
            yield f"the claim has no line {spot['line']}"
            continue
        word = word_on(decided, spot["rule"], numbers.index(spot["line"]))
        if word != spot["is"]:
            yield f"{spot['rule']} on line {spot['line']}: expected {spot['is']}, came out {word}"


def _finding(data: Mapping[str, Any]) -> str:
    return f"{data['finding']} {data['rule']} on lines {_numbers(data)}"


def _need(data: Mapping[str, Any]) -> str:
    facts = [f if isinstance(f, str) else f["fact"] for f in data.get("facts") or ()]
    return f"{data['rule']} on lines {_numbers(data)} asking {', '.join(facts) or 'nothing'}"


def _numbers(data: Mapping[str, Any]) -> str:
    return ", ".join(map(str, sorted(data.get("lines") or ()))) or "all"


def _compared(kind: str, expected: Iterator[str], found: Iterator[str]) -> Iterator[str]:
    wanted, got = sorted(expected), sorted(found)
    for item in wanted:
        if item not in got:
            yield f"expected {kind} is missing: {item}"
    for item in got:
        if item not in wanted:
            yield f"unexpected {kind}: {item}"


def _proofs(decided: Decided) -> Iterator[str]:
    """The proof of everything that did not pass."""
    book = decided.around.bound.book
    for n in decided.no_policy:
        line = decided.around.claim.lines[n]
        whose = book.contractor or book.payer
        yield f"no policy of {whose} speaks of line {line.number} ({line.procedure})"
    for x, bound, word, _ in decided.outcomes:
        if word in ("violated", "undecided"):
            yield from explained(prove_rule(decided.around.bound, bound.rule, x), x)
