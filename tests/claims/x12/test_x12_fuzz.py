"""Broken interchanges: never an exception, and every CLM is a claim, a problem or counted."""

from __future__ import annotations

import re

from hypothesis import given, settings
from hypothesis import strategies as st

from engine.model.problem import Problem
from tests.claims.x12.build import edited, read, segments, text

FUZZ = settings(derandomize=True, deadline=None, max_examples=300)
BOTH = segments("professional.837") + segments("institutional.837")
EDITS = st.lists(
    st.tuples(
        st.sampled_from(["delete", "repeat", "swap", "cut", "element"]),
        st.integers(0, len(BOTH) - 1),
        st.integers(0, 12),
    ),
    max_size=6,
)


def mutated(edits: list[tuple[str, int, int]]) -> list[str]:
    found = list(BOTH)
    for kind, at, more in edits:
        at %= len(found)
        if kind == "delete" and len(found) > 1:
            del found[at]
        elif kind == "repeat":
            found.insert(at, found[at])
        elif kind == "swap":
            other = (at + more) % len(found)
            found[at], found[other] = found[other], found[at]
        elif kind == "cut":
            found[at] = found[at][: 4 + more]
        else:
            parts = found[at].split("*")
            parts[1 + more % max(1, len(parts) - 1) :][:1] = ["9"]
            found[at] = "*".join([*parts[: 1 + more % len(parts)], "", *parts[2:]])
    return found


def told(problems: list[Problem]) -> int:
    """How many CLM segments the errors account for."""
    errors = [problem for problem in problems if problem.severity == "error"]
    places = (re.search(r"at segment (\d+)$", problem.location.place or "") for problem in errors)
    counts = (re.search(r"(\d+) claims are not read", problem.message) for problem in errors)
    return len({p[1] for p in places if p}) + sum(int(c[1]) for c in counts if c)


@FUZZ
@given(EDITS)
def test_every_clm_is_a_claim_or_told_of(edits: list[tuple[str, int, int]]) -> None:
    found = mutated(edits)
    if not found[0].startswith("ISA"):
        found.insert(0, BOTH[0])
    claims, problems = read(text(found))
    present = sum(segment.split("*")[0] == "CLM" for segment in found)
    if any(problem.id in ("bad-interchange", "stray-text") for problem in problems):
        assert len(claims) + told(problems) <= present
    else:
        assert len(claims) + told(problems) == present


@FUZZ
@given(
    st.lists(st.tuples(st.integers(0, 2600), st.integers(0, 40), st.binary(max_size=6))),
    st.sampled_from(["~\n", "~", "\r\n"]),
)
def test_bytes_never_raise(edits: list[tuple[int, int, bytes]], terminator: str) -> None:
    content = edited(terminator=terminator).encode()
    for at, length, new in edits:
        content = content[:at] + new + content[at + length :]
    claims, problems = read(content)
    assert claims or problems


@FUZZ
@given(st.integers(0, 2600))
def test_a_cut_file_is_told_of(at: int) -> None:
    whole, _ = read(edited())
    content = edited()[:at]
    claims, problems = read(content)
    assert claims == whole[: len(claims)]
    assert len(claims) == 3 or problems


@FUZZ
@given(st.binary(max_size=200))
def test_no_bytes_raise(content: bytes) -> None:
    assert read(content)[1]
    read(b"ISA*" + content)
    read(edited().encode()[:107] + content)


def test_no_lost_segments_give_a_claim_to_another_patient_payer_or_biller() -> None:
    found = segments("professional.837") + segments("institutional.837")
    whole = {claim.claim_id: claim for claim in read(text(list(found)))[0]}
    for first in range(len(found)):
        for second in range(first, min(first + 12, len(found))):
            kept = [s for at, s in enumerate(found) if at not in (first, second)]
            for claim in read(text(kept))[0]:
                right = whole[claim.claim_id]
                # A dependent's suffix may lose its relationship, never the member id.
                assert claim.patient.id.split("/")[0] == right.patient.id.split("/")[0]
                assert claim.patient.id.split("/")[2:] == right.patient.id.split("/")[2:]
                assert claim.payer.name == right.payer.name
                assert claim.billing_provider is not None
                assert right.billing_provider is not None
                assert claim.billing_provider.npi == right.billing_provider.npi
                procedures = {line.procedure for line in right.lines}
                assert {line.procedure for line in claim.lines} <= procedures
