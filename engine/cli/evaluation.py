"""Reads claims with their history and documentation, and evaluates them one by one."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from engine.chain.bound import BoundBook
from engine.chain.stratified import Decided, decide
from engine.claims.addressed import BookKey, addressed, book_key
from engine.claims.read import read_claims
from engine.cli import exits
from engine.cli.options import complain
from engine.compiler.shelf import Shelf
from engine.model.book import empty_book
from engine.model.claim import Claim, Coverage, History, Service
from engine.model.problem import Location, Problem

if TYPE_CHECKING:
    from engine.claims.documentation import Documentation
    from engine.cli.ledger_desk import LedgerDesk

Chain = Callable[[BoundBook, Claim, History], Decided]


@dataclass
class Desk:
    """Where claims are laid open: books, histories, records and the problems met on the way."""

    shelf: Shelf
    payer: str | None = None
    chain: Chain = decide
    documentation: Documentation = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)
    ledger: LedgerDesk | None = None

    def __post_init__(self) -> None:
        self._books: dict[BookKey, BoundBook] = {}
        self._services: dict[str, list[Service]] = {}
        self._coverage: dict[str, list[Coverage]] = {}
        self._seen: set[str] = set()

    def load_history(self, paths: tuple[str, ...]) -> None:
        """Read history files; what they document is checked against the vocabulary."""
        from engine.claims.history import read_history  # a claim alone does not need it

        for path in paths:
            history, problems = read_history(path)
            self.problems += problems
            for service in history.services:
                checked = self._checked(service, path)
                self._services.setdefault(service.patient_id, []).append(checked)
            for coverage in history.coverage:
                self._coverage.setdefault(coverage.patient_id, []).append(coverage)

    def _checked(self, service: Service, path: str) -> Service:
        line = service.line
        if not line.documentation:
            return service
        from engine.claims.documentation import check_facts

        place = Location(path, place=f"claim {service.claim_id}, line {line.number}")
        facts, problems = check_facts(line.documentation, self.shelf.directory.facts, place)
        self.problems += problems
        return replace(service, line=replace(line, documentation=facts))

    def load_documentation(self, paths: tuple[str, ...]) -> None:
        """Read the record of claims."""
        from engine.claims.documentation import read_documentation

        for path in paths:
            found, problems = read_documentation(path)
            self.documentation = {**self.documentation, **found}
            self.problems += problems

    def evaluate(self, path: str) -> Iterator[tuple[Decided, History] | Problem]:
        """Every claim of a file decided, and every problem of the file, in order."""
        directory = self.shelf.directory
        items = read_claims(path)
        for item in items if self.ledger is None else self.ledger.ahead(items):
            if isinstance(item, Problem):
                yield item
                continue
            claim, problems = self._documented(item, path)
            yield from problems
            claim, wrong = addressed(claim, directory, path, self.payer)
            yield from wrong
            yield self.decided(claim)

    def documented(self, path: str) -> Iterator[Claim | Problem]:
        """Every claim of a file with its record, and every problem, before a payer is asked."""
        for item in read_claims(path):
            if isinstance(item, Problem):
                yield item
                continue
            claim, problems = self._documented(item, path)
            yield from problems
            yield claim

    def decided(self, claim: Claim) -> tuple[Decided, History]:
        """A claim decided by the book of its payer, with what is known of its patient."""
        book, history = self._book(claim), self.history(claim.patient.id)
        if self.ledger is not None:
            return self.ledger.decided(claim, book, history, self.chain)
        return self.chain(book, claim, history), history

    def addressed(self, claim: Claim) -> tuple[Claim, BoundBook, list[Problem]]:
        """A claim that was made up here, with its payer resolved, and that payer's book."""
        claim, problems = addressed(claim, self.shelf.directory, "the command line", self.payer)
        return claim, self._book(claim), problems

    def _documented(self, claim: Claim, path: str) -> tuple[Claim, list[Problem]]:
        """The claim with its record, as far as that fits the vocabulary."""
        self._seen.add(claim.claim_id)
        stated = claim.documentation or any(line.documentation for line in claim.lines)
        if not stated and claim.claim_id not in self.documentation:
            return claim, []
        from engine.claims.documentation import attach, check_claim

        claim, problems = attach(claim, self.documentation)
        claim, more = check_claim(claim, self.shelf.directory.facts, path)
        return claim, [*problems, *more]

    def history(self, patient: str) -> History:
        """What is known of a patient."""
        services = tuple(self._services.get(patient, ()))
        return History(services, tuple(self._coverage.get(patient, ())))

    def left_over(self) -> list[Problem]:
        """Documentation of claims that were never read."""
        if not self.documentation:
            return []
        from engine.claims.documentation import unused

        return unused(self.documentation, self._seen)

    def _book(self, claim: Claim) -> BoundBook:
        key = book_key(claim, self.shelf.directory)
        if key not in self._books:
            book = self.shelf.book(*key) if key[0] else empty_book()
            stop_if_broken(self.shelf)
            self._books[key] = BoundBook(book)
        return self._books[key]


def stop_if_broken(shelf: Shelf) -> None:
    """End the command where a policy document is wrong: nothing decided by it can be relied on."""
    if any(p.severity == "error" for p in shelf.problems):
        complain(shelf.problems)
        raise SystemExit(exits.BAD_INPUT)
