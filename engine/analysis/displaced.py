"""Finds sessions that would lose their place: later ones that a new service pushes over a limit.

A policy counts backwards from each service, so a service that is entered later and lies earlier
is never itself over the limit. Of two desks that race for the last session, the second one's day
decides nothing here: whoever recorded first keeps the place.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from engine.analysis.frequency import counting_rules, words
from engine.chain.bound import BoundBook
from engine.model.claim import Claim, History, Patient, Provider, Service


@dataclass(frozen=True, slots=True)
class Displaced:
    """A later service that would break a rule because of the new one."""

    rule: str
    service_date: date
    procedure: str


def displaced(bound: BoundBook, claim: Claim, history: History) -> list[Displaced]:
    """The services after the claim's that would break a rule of this payer because of it."""
    first = min((line.service_date for line in claim.lines), default=None)
    if first is None:
        return []
    later = [
        s
        for s in history.services
        if s.line.service_date > first
        and s.payer == claim.payer.id
        and s.status in ("submitted", "paid")
        and counting_rules(bound, s.line.procedure, s.line.service_date)
    ]
    return [found for one in _claims(claim, later) for found in _broken(bound, claim, one, history)]


def _claims(claim: Claim, later: Sequence[Service]) -> Iterator[tuple[Claim, list[Service]]]:
    """The later services as the claims that they were; each day of one on its own."""
    groups: dict[tuple[str | None, date], list[Service]] = {}
    for service in later:
        groups.setdefault((service.claim_id, service.line.service_date), []).append(service)
    for (claim_id, _), services in groups.items():
        group = services[0].group
        provider = Provider(group=group) if group else None
        patient = Patient(claim.patient.id)
        lines = tuple(replace(s.line, number=n) for n, s in enumerate(services, 1))
        yield (
            Claim(claim_id or "", claim.payer, patient, lines, billing_provider=provider),
            services,
        )


def _broken(
    bound: BoundBook, claim: Claim, later: tuple[Claim, list[Service]], history: History
) -> Iterator[Displaced]:
    judged, own = later
    mine = {id(service) for service in own}
    others = tuple(s for s in history.services if id(s) not in mine)
    added = (*others, *as_services(claim))
    broken = _violated(bound, judged, History(added, history.coverage))
    if not broken:
        return
    # What was broken without the new service is not its doing.
    before = _violated(bound, judged, History(others, history.coverage))
    for rule, number in sorted(broken - before):
        line = next(line for line in judged.lines if line.number == number)
        yield Displaced(rule, line.service_date, line.procedure)


def _violated(bound: BoundBook, claim: Claim, history: History) -> set[tuple[str, int]]:
    return {mark for mark, word in words(bound, claim, history).items() if word == "violated"}


def as_services(claim: Claim) -> Iterator[Service]:
    """The lines of a claim as a history shows them once the claim was sent."""
    group = claim.billing_provider.group if claim.billing_provider else None
    for line in claim.lines:
        yield Service(claim.patient.id, line, claim.claim_id, claim.payer.id, group, "submitted")
