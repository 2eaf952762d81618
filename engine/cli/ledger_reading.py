"""Reads files for the ledger: payers resolved, the record checked, problems counted and told."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator
from dataclasses import replace

import click

from engine.claims.documentation import (
    Documentation,
    attach,
    check_claim,
    check_facts,
    read_documentation,
)
from engine.claims.entries import read_entries
from engine.compiler.shelf import Shelf
from engine.ledger.intake import Item
from engine.model.claim import Claim, Service
from engine.model.problem import Location, Problem

_CLAIM = re.compile(r",? *claim .*$")


class Reading:
    """What files say, fit for a ledger. `bad` tells that something was not taken in; `patients`
    are those that were read of. With `hide` no problem names a claim."""

    def __init__(self, shelf: Shelf, payer: str | None = None, *, hide: bool = False) -> None:
        self.directory = shelf.directory
        self.payer = payer
        self.hide = hide
        self.bad = False
        self.patients: set[str] = set()
        self._documentation: Documentation = {}

    def load_documentation(self, paths: tuple[str, ...]) -> None:
        """Read the record of claims."""
        for path in paths:
            found, problems = read_documentation(path)
            self._documentation = {**self._documentation, **found}
            for problem in problems:
                self.tell(problem)

    def items(self, path: str) -> Iterator[Item]:
        """Everything in a file; standard input for ``-``."""
        stream = sys.stdin.buffer if path == "-" else None
        for entry in read_entries(path, stream):
            if isinstance(entry, Problem):
                self.tell(entry)
            elif isinstance(entry, Claim):
                yield self._claim(entry, path)
            elif isinstance(entry, Service):
                yield self._service(entry, path)
            else:
                yield entry

    def tell(self, problem: Problem) -> None:
        """Say a problem on standard error."""
        self.bad = self.bad or problem.severity == "error"
        if self.hide and problem.location.place:
            place = _CLAIM.sub("", problem.location.place) or None
            problem = replace(problem, location=replace(problem.location, place=place))
        click.echo(str(problem), err=True)

    def _claim(self, claim: Claim, path: str) -> Claim:
        payer = claim.payer if self.payer is None else replace(claim.payer, id=self.payer)
        folder = self.directory.payer(payer)
        claim = replace(claim, payer=replace(payer, id=folder or payer.id))
        claim, problems = attach(claim, self._documentation)
        claim, more = check_claim(claim, self.directory.facts, path)
        for problem in (*problems, *more):
            self.tell(problem)
        self.patients.add(claim.patient.id)
        return claim

    def _service(self, service: Service, path: str) -> Service:
        self.patients.add(service.patient_id)
        line = service.line
        if not line.documentation:
            return service
        place = Location(path, place=f"claim {service.claim_id}, line {line.number}")
        facts, problems = check_facts(line.documentation, self.directory.facts, place)
        for problem in problems:
            self.tell(problem)
        return replace(service, line=replace(line, documentation=facts))
