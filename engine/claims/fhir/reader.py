"""Reads FHIR resources: a Claim, a Bundle that holds claims, or lists and lines of these."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.claims.fhir.claim import claim_of
from engine.claims.fhir.element import element_of
from engine.claims.fhir.faults import Faults
from engine.claims.fhir.resources import Resource, Resources
from engine.claims.rows import Row
from engine.claims.where import shown
from engine.model.claim import Claim
from engine.model.problem import Location, Problem, Severity

_NOT_CLAIMS = {
    "ExplanationOfBenefit": "what a payer decided of a claim, not the claim",
    "ClaimResponse": "what a payer decided of a claim, not the claim",
}
# What looks like a claim in a Bundle and is told; all else is there to be referred to.
_UNREAD = {"Bundle", *_NOT_CLAIMS}
_SEND = "send Claim resources, or a Bundle that holds them"


class FhirReader:
    """Reads the resources of one file in their order, one row at a time.

    Only one row is held: resources that claims refer to must stand in the same Bundle, or in the
    claim itself. Warnings about what did not come along are given once for a file of lines.
    """

    def __init__(self, file: str) -> None:
        self.file = file
        self._told: set[str] = set()
        self._unread: set[str] = set()

    def read(self, row: Row) -> Iterator[Claim | Problem]:
        """The claims of one resource and what is wrong with it."""
        kind = row.data.get("resourceType")
        line = None if row.alone else row.where.line
        if row.where.marks is not None:
            hint = "send the resource as FHIR JSON"
            yield self._problem(line, None, "unread-format", "FHIR is not read from YAML", hint)
        elif kind == "Claim":
            yield from self._claim(Resource(row.data, "Claim"), Resources(), line, self._told)
        elif kind == "Bundle":
            yield from self._bundle(row.data, line)
        elif str(kind) not in self._unread:
            # Said once: a bulk export holds a million of a kind.
            self._unread.add(str(kind))
            yield self._problem(line, None, "unread-resource", _refusal(kind), _SEND)

    def _bundle(self, data: dict[str, Any], line: int | None) -> Iterator[Claim | Problem]:
        entries = data.get("entry")
        if entries is not None and not isinstance(entries, list):
            message = "`entry` must be a list of objects"
            yield self._problem(line, "Bundle.entry", "wrong-type", message)
            return
        near = Resources()
        claims: list[tuple[Resource, Any]] = []
        unread: set[str] = set()
        for position, entry in enumerate(entries or ()):
            path = f"Bundle.entry[{position}]"
            resource = entry.get("resource", {}) if isinstance(entry, dict) else None
            if not isinstance(resource, dict):
                message = "an entry must be an object with a resource"
                yield self._problem(line, path, "wrong-type", message)
                continue
            found = Resource(resource, f"{path}, {_word(resource.get('resourceType'))}")
            near.add(found, entry.get("fullUrl"))
            unread |= {found.type} & _UNREAD
            if found.type == "Claim":
                claims.append((found, entry.get("fullUrl")))
        yield from self._rest(sorted(unread), bool(claims), line)
        for claim, full_url in claims:
            yield from self._claim(claim, near, line, set(), _last_part(full_url))

    def _rest(self, kinds: list[str], claims: bool, line: int | None) -> Iterator[Problem]:
        """What is said of entries that look like claims and are not read as such."""
        for kind in kinds:
            severity: Severity = "warning" if claims and kind in _NOT_CLAIMS else "error"
            what = _NOT_CLAIMS.get(kind)
            message = f"a {kind} in a Bundle is not read" + (f": it is {what}" if what else "")
            yield self._problem(line, "Bundle.entry", "unread-resource", message, None, severity)
        if not claims and not kinds:
            yield self._problem(line, "Bundle", "no-claims", "the Bundle holds no Claim", _SEND)

    def _claim(
        self,
        resource: Resource,
        near: Resources,
        line: int | None,
        told: set[str],
        url_id: str | None = None,
    ) -> Iterator[Claim | Problem]:
        faults = Faults(self.file, line, told)
        found = claim_of(element_of(resource, near, faults), url_id)
        yield from faults.problems
        if found is not None:
            yield found

    def _problem(
        self,
        line: int | None,
        place: str | None,
        fault: str,
        message: str,
        hint: str | None = None,
        severity: Severity = "error",
    ) -> Problem:
        return Problem(Location(self.file, line, place=place), fault, message, hint, severity)


def _refusal(kind: Any) -> str:
    what = _NOT_CLAIMS.get(kind) if isinstance(kind, str) else None
    named = f"this is a FHIR resource {shown(_word(kind))}"
    return f"{named}, {what}" if what else f"{named}, which holds no claim"


def _word(kind: Any) -> str:
    """A resourceType as it may stand in a place."""
    fits = isinstance(kind, str) and kind.isascii() and kind.isalpha() and len(kind) < 40
    return kind if fits else "Resource"


def _last_part(full_url: Any) -> str | None:
    """The id in a fullUrl: ``urn:uuid:...`` or ``https://server/Claim/7``."""
    if not isinstance(full_url, str) or not full_url.isascii():
        return None
    return full_url.replace(":", "/").rstrip("/").rsplit("/", 1)[-1] or None
