"""Who bills, who renders and who pays, as a FHIR claim names them."""

from __future__ import annotations

from collections.abc import Iterator

from engine.claims import codes
from engine.claims.fhir.coded import TAXONOMY, first_in, plain, words_in
from engine.claims.fhir.element import Element
from engine.claims.fhir.referred import Referred, follow, refer
from engine.claims.npi import is_npi
from engine.claims.where import shown
from engine.model.claim import Payer, Provider

PROVIDERS = ("Practitioner", "PractitionerRole", "Organization")
_NPI = ("hl7.org/fhir/sid/us-npi", "urn:oid:2.16.840.1.113883.4.6")
# Where NUCC codes stand in each kind of resource.
_TAXONOMIES = {"Practitioner": "qualification", "PractitionerRole": "specialty"}
_PERSONS = ("Patient", "RelatedPerson")
# A payer's identifiers, the best first: national payer, North American insurer, then any other.
_PAYER_TYPES = ("niip", "payerid", "naic")


class Party:
    """A provider with what belongs to it: a role leads to a practitioner and an organization."""

    def __init__(self, referred: Referred, *, bills: bool) -> None:
        self._chain = [referred]
        resource = referred.resource
        if resource is not None and referred.type == "PractitionerRole":
            parts = [
                refer(resource, "practitioner", "Practitioner"),
                refer(resource, "organization", "Organization"),
            ]
            known = [part for part in parts if part is not None]
            # An organization bills, a practitioner renders.
            self._chain = [*(reversed(known) if bills else known[:1]), referred]

    def npi(self) -> str | None:
        """The NPI; a wrong check digit is a warning, and the NPI is kept as it is."""
        for referred in self._chain:
            for identifier in referred.identifiers():
                system = plain(identifier.text("system") or "")
                if system in _NPI or "npi" in words_in(identifier.below("type")):
                    found = identifier.text("value")
                    if found and not is_npi(found):
                        message = f"{shown(found[:12])} is not an NPI: its check digit is wrong"
                        identifier.warn("value", "npi-check-digit", message)
                    return found
        return None

    def taxonomy(self) -> str | None:
        """The NUCC taxonomy: of the role, the practitioner's qualification, the organization."""
        for referred in reversed(self._chain):
            if referred.resource is None:
                continue
            found = next(_taxonomies(referred.resource, referred.type), None)
            if found:
                return found
        return None

    def state(self) -> str | None:
        """The state of the address."""
        for referred in self._chain:
            if referred.resource is not None and (found := state_of(referred.resource)):
                return found
        return None


def _taxonomies(resource: Element, kind: str) -> Iterator[str]:
    for concept in resource.all(_TAXONOMIES.get(kind, "type")):
        coded = concept.below("code") if kind == "Practitioner" else concept
        found = first_in(coded, TAXONOMY)
        if found:
            yield found


def state_of(resource: Element) -> str | None:
    """The state of a resource's first address that has one."""
    for address in resource.all("address"):
        found = codes.state(address.text("state") or "")
        if found:
            return found
    return None


def biller(claim: Element) -> tuple[Provider | None, str | None]:
    """The billing provider with its NPI as its group, so that groups compare, and its state."""
    referred = refer(claim, "provider", *PROVIDERS)
    if referred is None:
        if not claim.has("provider"):
            claim.error("provider", "no-biller", "the claim names no provider who bills it")
        return None, None
    party = Party(referred, bills=True)
    npi, taxonomy = party.npi(), party.taxonomy()
    provider = Provider(npi=npi, taxonomy=taxonomy, group=npi) if npi or taxonomy else None
    return provider, party.state()


def payer(claim: Element, coverage: Referred | None, state: str | None) -> Payer:
    """The payer by name and identifier: the insurer, else who pays by the coverage."""
    insurer = refer(claim, "insurer", "Organization")
    named = [insurer] if insurer is not None else []
    plan = None
    if coverage is not None and coverage.resource is not None:
        plan = _plan(coverage.resource)
        for reference in coverage.resource.all("payor"):
            found = follow(reference, "payor", "Organization", *_PERSONS)
            named += [found] if found is not None and found.type not in _PERSONS else []
    for referred in named:
        name, identifier = _named(referred)
        if name or identifier:
            return Payer(name=name, identifier=identifier, state=state, plan=plan)
    if coverage is not None and coverage.resource is None and coverage.display:
        return Payer(name=coverage.display, state=state)
    if not named and coverage is None:
        claim.error("insurer", "no-payer", "the claim names neither insurer nor insurance")
    else:
        claim.faults.once(
            claim.path, "unknown-payer", "nothing here names the payer: it stays unknown"
        )
    return Payer(state=state, plan=plan)


def _named(referred: Referred) -> tuple[str | None, str | None]:
    resource = referred.resource
    name = resource.text("name") if resource is not None else None
    found: list[tuple[int, str]] = []
    for identifier in referred.identifiers():
        value = identifier.text("value")
        system = plain(identifier.text("system") or "")
        words = words_in(identifier.below("type"))
        rank = next((n for n, word in enumerate(_PAYER_TYPES) if word in words), 3)
        if value:
            found.append((4 if system in _NPI else rank, value))
    return name or referred.display, min(found, key=lambda pair: pair[0])[1] if found else None


def _plan(coverage: Element) -> str | None:
    """The plan that the coverage names among its classes."""
    for entry in coverage.all("class"):
        if "plan" in words_in(entry.below("type")):
            return entry.text("value") or entry.text("name")
    return None
