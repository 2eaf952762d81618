"""Who bills, who is insured and who is treated: what the HL levels say above the claims."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from engine.claims.x12 import elements
from engine.model.claim import Patient, Provider


@dataclass(slots=True)
class Biller:
    """Loops 2000A and 2010AA: the billing provider and the state of its address."""

    npi: str | None = None
    taxonomy: str | None = None
    state: str | None = None
    named: bool = False

    def provider(self) -> Provider | None:
        """The billing provider; its NPI is its group, so that groups compare."""
        if self.npi is None and self.taxonomy is None:
            return None
        return elements.provider(self.npi, self.taxonomy, self.npi)


@dataclass(slots=True)
class Person:
    """The subscriber (2010BA) or a dependent (2010CA), as far as policies ask for."""

    member_id: str | None = None
    relationship: str | None = None
    birth_date: date | None = None
    sex: str | None = None


@dataclass(slots=True)
class Subscriber:
    """Loop 2000B: the insured person and the payer that the claims are addressed to."""

    person: Person
    payer_name: str | None = None
    payer_identifier: str | None = None


def treated(subscriber: Subscriber, dependent: Person | None) -> Patient | str:
    """The patient, or what is missing to tell who it is.

    A dependent has no member id of its own: relationship and birth date follow the subscriber's,
    ``MBR1/19/2010-03-04``. The name is never used.
    """
    member_id = subscriber.person.member_id
    if not member_id:
        return "the subscriber has no member id (NM109 of loop 2010BA)"
    if dependent is None:
        person = subscriber.person
        return elements.patient(member_id, person.birth_date, person.sex)
    if dependent.birth_date is None:
        return "the patient has no birth date, which tells the subscriber's dependents apart"
    name = f"{member_id}/{dependent.relationship or '-'}/{dependent.birth_date}"
    return elements.patient(name, dependent.birth_date, dependent.sex)
