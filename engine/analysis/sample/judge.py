"""Reads a synthetic claim as `check` would, and decides it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.chain.bound import BoundBook
from engine.chain.stratified import Decided, decide
from engine.claims.documentation import check_claim, check_facts
from engine.claims.history import history_from
from engine.claims.record import claim_from
from engine.claims.where import Where
from engine.compiler.book import compile_book
from engine.compiler.directory import directory
from engine.compiler.library import Library
from engine.model.claim import Claim, History
from engine.model.problem import Location
from engine.report.result import Result, result


@dataclass(frozen=True)
class Judged:
    """A claim with its history and what became of it."""

    decided: Decided
    history: History

    def shown(self) -> Result:
        """The result as `check` prints it."""
        return result(self.decided, self.history)


class Judge:
    """Decides raw claims by the books of one library."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._directory = directory(library)
        self._books: dict[tuple[str, str | None, str | None], BoundBook] = {}

    def judge(self, claim: Mapping[str, Any], history: Mapping[str, Any]) -> Judged | None:
        """The claim decided; None if it cannot be read or its payer is not known."""
        made, _ = claim_from(claim, Where("sample"))
        if made is None:
            return None
        made, _ = check_claim(made, self._library.facts, "sample")
        folder = self._directory.payer(made.payer)
        if folder is None:
            return None
        contractor = self._directory.contractor(folder, made.payer, made.lines[0].service_date)
        made = replace(made, payer=replace(made.payer, id=folder, contractor=contractor))
        past = self._history(history)
        return Judged(decide(self._book(made), made, past), past)

    def _history(self, data: Mapping[str, Any]) -> History:
        past, _ = history_from(data, Where("sample"))
        services = []
        for service in past.services:
            place = Location("sample", place="history")
            facts, _ = check_facts(service.line.documentation, self._library.facts, place)
            services.append(replace(service, line=replace(service.line, documentation=facts)))
        return History(tuple(services), past.coverage)

    def _book(self, claim: Claim) -> BoundBook:
        payer = claim.payer
        key = (payer.id or "", payer.contractor, payer.plan)
        if key not in self._books:
            self._books[key] = BoundBook(compile_book(self._library, *key)[0])
        return self._books[key]
