"""The example Bundle holds the very claims of the example 837."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from engine.claims.read import read_claims
from engine.model.claim import Claim

EXAMPLES = Path(__file__).parents[3] / "examples"


def test_the_wednesday_as_fhir_is_the_wednesday_as_837() -> None:
    found = list(read_claims(EXAMPLES / "wednesday.fhir.json"))
    expected = [
        # An 837 says that a claim is an original; a Claim resource only says what it replaces.
        replace(claim, frequency=None)
        for claim in read_claims(EXAMPLES / "wednesday.837")
        if isinstance(claim, Claim)
    ]
    assert len(expected) == 8
    assert found == expected
