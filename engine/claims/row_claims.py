"""Turns the rows of a file into claims: objects of the contract, or FHIR resources."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from engine.claims.record import claim_from
from engine.claims.rows import Row, is_resource
from engine.model.claim import Claim
from engine.model.problem import Problem

if TYPE_CHECKING:
    from engine.claims.fhir.reader import FhirReader


class RowClaims:
    """Reads the rows of one file, one after the other."""

    def __init__(self, file: str) -> None:
        self.file = file
        self._fhir: FhirReader | None = None

    def read(self, row: Row) -> Iterator[Claim | Problem]:
        """The claims in a row and what is wrong with it."""
        if not is_resource(row):
            claim, problems = claim_from(row.data, row.where, row.ordinal)
            yield from problems
            if claim is not None:
                yield claim
            return
        if self._fhir is None:
            # Imported here: files of other kinds need not load it.
            from engine.claims.fhir.reader import FhirReader

            self._fhir = FhirReader(self.file)
        yield from self._fhir.read(row)
