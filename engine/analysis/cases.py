"""Runs the cases of the policies: whole claims with history, and the outcomes expected."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.analysis.examples import Check, word_on
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


class Cases:
    """Runs cases against the books of a library, each book compiled once."""

    def __init__(self, library: Library) -> None:
        self.library = library
        self.directory = directory(library)
        self._books: dict[Any, BoundBook] = {}

    def run(self, document: Document) -> Iterator[Check]:
        """Every case of a document."""
        for n, case in enumerate(document.data.get("cases") or ()):
            line, column = document.marks.value(("cases", n))
            yield self._run(case, document, Location(document.file, line, column))

    def _run(self, case: Mapping[str, Any], document: Document, where: Location) -> Check:
        name = f"{document.folder}: {case.get('case')}"
        claim, faults = self._claim(case, document.file)
        if claim is None:
            return Check(name, where, tuple(faults))
        history, more = self._history(case, document.file, claim)
        faults += more
        decided = decide(self._book(claim, case), claim, history)
        shown = result(decided, history)
        faults += list(_differences(case.get("expect") or {}, shown, decided))
        proof = tuple(_proofs(decided)) if faults else ()
        return Check(name, where, tuple(faults), proof)

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

    def _book(self, claim: Claim, case: Mapping[str, Any]) -> BoundBook:
        known_on = day(case.get("known_on"))
        payer = claim.payer
        key = (payer.id, payer.contractor, payer.plan, known_on)
        if key not in self._books:
            book, _ = compile_book(
                self.library, payer.id or "", payer.contractor, payer.plan, known_on
            )
            self._books[key] = BoundBook(book)
        return self._books[key]


def _differences(expect: Mapping[str, Any], shown: Result, decided: Decided) -> Iterator[str]:
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
    for x, bound, word, _ in decided.outcomes:
        if word in ("violated", "undecided"):
            yield from explained(prove_rule(decided.around.bound, bound.rule, x), x)
