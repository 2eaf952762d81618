"""Who was treated: the member of the plan, else the person by the id that the claim gives."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.claims.codes import iso_day
from engine.claims.fhir.coded import plain, words_in
from engine.claims.fhir.element import Element
from engine.claims.fhir.referred import Referred, refer
from engine.model.claim import Patient

# Member number, Medicare number, medical record number: types of HL7 table 0203.
_MEMBER, _MEDICARE, _RECORD = "mb", "mc", "mr"
_MEDICARE_SYSTEMS = ("hl7.org/fhir/sid/us-mbi", "hl7.org/fhir/sid/us-medicare")
_RELATED = ("RelatedPerson",)
_SEX = {"female": "F", "male": "M"}
# The subscriber's relationships as an 837 numbers them, so that one person has one name here.
_RELATIONSHIPS = {"spouse": "01", "child": "19", "common": "53", "other": "G8"}


def treated(claim: Element, coverage: Referred | None) -> Patient | None:
    """The patient; None if nothing tells who it is, which is an error of the claim.

    The member number comes first, as in an 837: of the coverage, then of the patient. A dependent
    who shares the subscriber's number is told apart by relationship and birth date. Without a
    member number the medical record number, the reference's identifier or the server's id stand.
    """
    referred = refer(claim, "patient", "Patient")
    if referred is None:
        if not claim.has("patient"):
            claim.error("patient", "no-patient", "the claim names no patient")
        return None
    birth_date, sex = _about(referred.resource)
    covered = _covered(referred, coverage)
    number = _member_number(covered, birth_date) or _number_of(referred, _MEMBER, _MEDICARE)
    number = number or _number_of(referred, _RECORD) or _of_reference(referred)
    if number is None and (number := referred.logical_id):
        message = "no member number is given: the patient is known by the server's id alone"
        hint = "a history must name the patient by the same id"
        claim.faults.once(f"{claim.path}.patient", "patient-by-id", message, hint)
    if number is None:
        claim.error("patient", "no-patient", "neither a number nor an id tells the patient")
        return None
    return Patient(number, birth_date, sex)


def _about(patient: Element | None) -> tuple[date | None, str | None]:
    """Birth date and sex. The date is the patient's and stands in no message."""
    if patient is None:
        return None, None
    given = patient.data.get("birthDate")
    found = iso_day(given.strip()) if isinstance(given, str) else None
    if given is not None and found is None:
        patient.warn("birthDate", "bad-date", "the birth date is not a calendar day")
    return found, _SEX.get((patient.text("gender") or "").lower())


@dataclass(frozen=True, slots=True)
class _Covered:
    """A coverage and how the patient stands to its subscriber, None if that is the patient."""

    referred: Referred
    resource: Element
    relationship: str | None


def _covered(patient: Referred, coverage: Referred | None) -> _Covered | None:
    """The coverage as the patient's own; another person's coverage is an error."""
    resource = coverage.resource if coverage is not None else None
    if coverage is None or resource is None:
        return None
    if _another(patient, refer(resource, "beneficiary", "Patient")):
        message = "the coverage is not the patient's: its beneficiary is another"
        resource.error("beneficiary", "wrong-beneficiary", message)
    said = next(iter(sorted(words_in(resource.below("relationship")))), None)
    if said == "self":
        return _Covered(coverage, resource, None)
    if said is None and _another(patient, refer(resource, "subscriber", "Patient", *_RELATED)):
        said = "-"
    return _Covered(coverage, resource, said and _RELATIONSHIPS.get(said, said))


def _another(patient: Referred, other: Referred | None) -> bool:
    """Whether two references lead to two persons, as far as both came along."""
    if other is None or other.resource is None or patient.resource is None:
        return False
    return other.resource.data != patient.resource.data


def _member_number(covered: _Covered | None, birth_date: date | None) -> str | None:
    """The number by which the coverage knows the patient."""
    if covered is None:
        return None
    resource = covered.resource
    own = _number_of(covered.referred, _MEMBER)
    subscriber = resource.text("subscriberId")
    if own and own != subscriber:
        return own
    shared = own or subscriber
    if shared is None or covered.relationship is None:
        return shared
    if birth_date is None:
        resource.warn(
            "relationship",
            "no-birth-date",
            "the patient shares the subscriber's number and has no birth date to be told by",
            "another number or id of the patient is used",
        )
        return None
    return f"{shared}/{covered.relationship}/{birth_date}"


def _number_of(referred: Referred, *types: str) -> str | None:
    """The first identifier of one of the types."""
    for identifier in referred.identifiers():
        words = words_in(identifier.below("type"))
        medicare = plain(identifier.text("system") or "") in _MEDICARE_SYSTEMS
        if words & set(types) or (medicare and _MEDICARE in types):
            found = identifier.text("value")
            if found:
                return found
    return None


def _of_reference(referred: Referred) -> str | None:
    """The identifier in the reference, unless that is a social security number."""
    identifier = referred.reference.below("identifier")
    if identifier is None or "ss" in words_in(identifier.below("type")):
        return None
    if plain(identifier.text("system") or "").endswith("us-ssn"):
        return None
    return identifier.text("value")
