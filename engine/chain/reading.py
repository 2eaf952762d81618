"""Reads the attributes of a line that patterns and tests name."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

from engine.chain.facts import LineFacts
from engine.model.claim import Provider
from engine.model.facility import claim_kind, facility_type

Reader = Callable[[LineFacts], Any]


def reader(path: str) -> Reader:
    """A function that reads ``place_of_service``, ``patient.age`` or ``attributes.region``."""
    owner, _, name = path.partition(".")
    if owner == "attributes":
        return lambda x: x.attribute(name)
    if owner == "provider":
        return lambda x: _provider(x, name)
    if owner == "claim":
        return _CLAIM.get(name, lambda x: getattr(x.around.claim.payer, name, None))
    return _PLAIN[path]


def _provider(x: LineFacts, name: str) -> Any:
    if name == "group":
        return x.group
    provider: Provider | None = x.line.rendering_provider
    return getattr(provider, name) if provider is not None else None


def _age(x: LineFacts) -> int | None:
    born = x.around.claim.patient.birth_date
    if born is None:
        return None
    day: date = x.date
    return day.year - born.year - ((day.month, day.day) < (born.month, born.day))


def _authorized(x: LineFacts) -> bool:
    own = bool(x.line.prior_authorization)
    return own or (x.past is None and bool(x.around.claim.prior_authorization))


def _of_claim(read: Callable[[LineFacts], Any]) -> Reader:
    """A line of the history tells nothing of its claim."""
    return lambda x: None if x.past is not None else read(x)


_PLAIN: dict[str, Reader] = {
    "procedure": lambda x: x.procedure,
    "units": lambda x: x.units,
    "charge": lambda x: x.line.charge,
    "service_date": lambda x: x.date,
    "place_of_service": lambda x: x.line.place_of_service,
    "prior_authorization": _authorized,
    "patient.age": _age,
    "patient.sex": lambda x: x.around.claim.patient.sex,
    "patient.birth_date": lambda x: x.around.claim.patient.birth_date,
}
_CLAIM: dict[str, Reader] = {
    "form": _of_claim(lambda x: x.around.claim.form),
    "stage": _of_claim(lambda x: x.around.claim.stage),
    "frequency": _of_claim(lambda x: x.around.claim.frequency),
    "type_of_bill": _of_claim(lambda x: x.around.claim.type_of_bill),
    "facility_type": _of_claim(lambda x: facility_type(x.around.claim, x.line)[0]),
    "kind": _of_claim(lambda x: claim_kind(x.around.claim)[0]),
    "payer": lambda x: x.past.payer if x.past is not None else x.around.claim.payer.id,
    "state": _of_claim(lambda x: x.around.claim.payer.state),
    "contractor": _of_claim(lambda x: x.around.claim.payer.contractor),
    "plan": _of_claim(lambda x: x.around.claim.payer.plan),
}
QUESTIONS: dict[str, str] = {
    "units": "How many units does the line bill?",
    "place_of_service": "Where was the service rendered (place of service)?",
    "patient.age": "What is the patient's birth date?",
    "patient.sex": "What is the patient's sex?",
    "patient.birth_date": "What is the patient's birth date?",
    "claim.form": "Is the claim on the professional or the institutional form?",
    "claim.kind": "Does the practitioner or the facility bill?",
    "claim.facility_type": "In what kind of facility was the service?",
    "claim.state": "In which state was the service?",
    "claim.contractor": "Which contractor decides the claim?",
    "claim.plan": "Which plan covers the patient?",
    "provider": "Who rendered the service?",
    "provider.npi": "Who rendered the service?",
    "provider.specialty": "What is the rendering provider's specialty?",
    "provider.taxonomy": "What is the rendering provider's taxonomy?",
    "group": "For which group was the service rendered?",
    "provider.group": "For which group was the service rendered?",
    "side": "Which side was treated?",
    "status": "Was the service paid, denied or only planned?",
    "payer": "Which payer was billed for the service?",
}
"""What to ask when a field of the contract is open (clause A24)."""
