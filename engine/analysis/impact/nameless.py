"""A claim without the ids of persons and claims, so that its proof can be shown to anyone."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from engine.model.claim import Claim, Coverage, History, Line, Provider, Service

Namer = Callable[[str | None, str], str | None]


def nameless(claim: Claim, history: History, number: int) -> tuple[Claim, History]:
    """The same claim and history with invented ids; equal ids stay equal."""
    name = _namer(claim, number)
    lines = tuple(_line(line, name) for line in claim.lines)
    bare = replace(
        claim,
        claim_id=f"claim {number}",
        replaces=name(claim.replaces, "claim"),
        patient=replace(claim.patient, id="patient"),
        billing_provider=_provider(claim.billing_provider, name),
        prior_authorization="authorization" if claim.prior_authorization else None,
        note=None,
        lines=lines,
    )
    services = tuple(_service(service, name) for service in history.services)
    coverage = tuple(_coverage(part, name) for part in history.coverage)
    return bare, History(services, coverage)


def _namer(claim: Claim, number: int) -> Namer:
    known: dict[tuple[str, str], str] = {("claim", claim.claim_id): f"claim {number}"}

    def name(id: str | None, kind: str) -> str | None:
        if id is None:
            return None
        count = sum(1 for k, _ in known if k == kind)
        return known.setdefault((kind, id), f"{kind} {chr(65 + count % 26)}{count // 26 or ''}")

    return name


def _provider(provider: Provider | None, name: Namer) -> Provider | None:
    if provider is None:
        return None
    npi, group = name(provider.npi, "provider"), name(provider.group, "group")
    return replace(provider, npi=npi, group=group)


def _line(line: Line, name: Namer) -> Line:
    return replace(
        line,
        rendering_provider=_provider(line.rendering_provider, name),
        prior_authorization="authorization" if line.prior_authorization else None,
        note=None,
    )


def _service(service: Service, name: Namer) -> Service:
    return replace(
        service,
        patient_id="patient",
        line=_line(service.line, name),
        claim_id=name(service.claim_id, "claim"),
        group=name(service.group, "group"),
    )


def _coverage(part: Coverage, name: Namer) -> Coverage:
    groups = part.providers
    named = None if groups is None else tuple(str(name(group, "group")) for group in groups)
    return replace(part, patient_id="patient", providers=named)
