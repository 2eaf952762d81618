"""The diagnoses of a FHIR claim: by sequence for pointers, and in the order of the claim."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from engine.claims import codes
from engine.claims.fhir.coded import (
    ICD_9,
    ICD_10,
    codings,
    first_in,
    unknown_system,
    words_in,
)
from engine.claims.fhir.element import Element
from engine.claims.fhir.referred import refer
from engine.claims.where import shown

_NOUN = "an ICD-10-CM code"
# An 837 carries these apart from the diagnoses that lines point to.
_APART = frozenset(("admitting", "externalcauseofinjury", "patientreasonforvisit"))


@dataclass(frozen=True, slots=True)
class Diagnoses:
    """The codes by their sequence (None: not read), and those that stand for the claim."""

    by_sequence: Mapping[int, str | None]
    every: tuple[str, ...]


def diagnoses(claim: Element) -> Diagnoses:
    """The diagnoses, the principal one first, then by sequence.

    An admitting diagnosis, an external cause or a reason for the visit belongs to the claim only
    if an item points to it. A code of another system is not read, with a warning.
    """
    by_sequence: dict[int, str | None] = {}
    ranked: list[tuple[bool, int]] = []
    pointed = {
        n for item in claim.all("item") for n in item.counts("diagnosisSequence", "diagnosisLinkId")
    }
    for position, entry in enumerate(claim.all("diagnosis"), 1):
        sequence = entry.count("sequence") or position
        if sequence in by_sequence:
            message = f"two diagnoses have the sequence {sequence}"
            entry.error("sequence", "duplicate-sequence", message)
            continue
        kinds = {word for kind in entry.all("type") for word in words_in(kind)}
        by_sequence[sequence] = _code(entry)
        if sequence in pointed or not kinds or kinds - _APART:
            ranked.append(("principal" not in kinds, sequence))
    found = (by_sequence[sequence] for _, sequence in sorted(ranked))
    return Diagnoses(by_sequence, tuple(code for code in found if code is not None))


def pointed_to(item: Element, known: Diagnoses) -> tuple[str, ...]:
    """The diagnoses that an item points to; all of the claim where it points to none."""
    pointers = item.counts("diagnosisSequence", "diagnosisLinkId")
    if not pointers:
        return known.every
    found = []
    for sequence in pointers:
        code = known.by_sequence.get(sequence)
        if code is not None:
            found.append(code)
            continue
        why = "has no code that is read" if sequence in known.by_sequence else "does not exist"
        message = f"the item points to diagnosis {sequence}, which {why}"
        item.error("diagnosisSequence", "bad-pointer", message)
    return tuple(found)


def _code(entry: Element) -> str | None:
    concept = entry.below("diagnosisCodeableConcept")
    if concept is None and (referred := refer(entry, "diagnosisReference", "Condition")):
        concept = referred.resource.below("code") if referred.resource is not None else None
    if concept is None:
        entry.warn("", "no-code", "the diagnosis has no code here and is not used")
        return None
    given = first_in(concept, ICD_10)
    if given is not None:
        found = codes.diagnosis(given)
        if found is None:
            concept.error("", "bad-code", f"{shown(given[:12])} is not {_NOUN}")
        return found
    return _other(concept)


def _other(concept: Element) -> str | None:
    """A diagnosis that is not said to be ICD-10-CM."""
    old = first_in(concept, ICD_9)
    if old is not None:
        # Kept as it was sent: without a dot it equals no ICD-10-CM code.
        concept.warn("", "icd-9", f"{shown(old[:12])} is sent as an ICD-9-CM code")
        return old.strip().upper().replace(".", "") or None
    bare = [code for system, code in codings(concept) if not system]
    found = codes.diagnosis(bare[0]) if len(bare) == 1 else None
    if found is not None:
        concept.warn("", "no-code-system", f"no system is named; it is taken as {_NOUN}")
        return found
    why = unknown_system(codings(concept), _NOUN)
    concept.warn("", "unknown-system", f"{why}; the diagnosis is not used")
    return None
