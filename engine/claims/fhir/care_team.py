"""Who performed the services: the care team of a claim, and what each item says of it."""

from __future__ import annotations

from dataclasses import dataclass

from engine.claims.fhir.coded import TAXONOMY, first_in, words_in
from engine.claims.fhir.element import Element
from engine.claims.fhir.parties import PROVIDERS, Party
from engine.claims.fhir.referred import refer
from engine.model.claim import Form, Provider

# Roles by which somebody performs, the best first; an operating or attending practitioner
# stands in for a missing rendering one on an institutional claim, as in the 837.
_PROFESSIONAL = ("rendering", "performing", "primary")
_INSTITUTIONAL = ("rendering", "performing", "operating", "attending", "primary")


@dataclass(frozen=True, slots=True)
class Member:
    """A member of the care team; `rank` 0 is the best role, None a role that performs nothing."""

    provider: Provider
    rank: int | None


class CareTeam:
    """The care team, and who performed what names nobody: `otherwise`."""

    def __init__(self, claim: Element, form: Form | None, biller: Provider | None) -> None:
        self._members: dict[int, Member] = {}
        roles = _INSTITUTIONAL if form == "institutional" else _PROFESSIONAL
        for position, entry in enumerate(claim.all("careTeam"), 1):
            sequence = entry.count("sequence") or position
            if sequence in self._members:
                message = f"two members of the care team have the sequence {sequence}"
                entry.error("sequence", "duplicate-sequence", message)
            self._members[sequence] = _member(entry, roles)
        team = list(self._members.values())
        self.otherwise = self._best(team, claim, "careTeam")
        if form != "institutional" and not any(member.rank is not None for member in team):
            # A professional claim names who rendered only where that is not the biller.
            self.otherwise = biller

    def performer(self, item: Element) -> Provider | None:
        """Who performed an item: its own members of the team, else those of the claim."""
        sequences = item.counts("careTeamSequence", "careTeamLinkId")
        if not sequences:
            return self.otherwise
        for sequence in sequences:
            if sequence not in self._members:
                message = f"the item names member {sequence} of the care team, which has none"
                item.error("careTeamSequence", "bad-pointer", message)
        own = [self._members[n] for n in sequences if n in self._members]
        if not any(member.rank is not None for member in own):
            return self.otherwise
        return self._best(own, item, "careTeamSequence")

    def _best(self, members: list[Member], element: Element, name: str) -> Provider | None:
        ranks = [member.rank for member in members if member.rank is not None]
        if not ranks:
            return None
        best = {member.provider for member in members if member.rank == min(ranks)}
        if len(best) > 1:
            if name != "careTeam":
                message = "several members of the care team have the same role here"
                element.warn(name, "two-performers", message, "who performed stays unknown")
            return None
        found = best.pop()
        return found if found.npi or found.taxonomy else None


def _member(entry: Element, roles: tuple[str, ...]) -> Member:
    given = words_in(entry.below("role"))
    ranks = [n for n, role in enumerate(roles) if role in given]
    # Without a role a single named person can only be the one who performed.
    rank = min(ranks) if ranks else len(roles) if not given else None
    referred = refer(entry, "provider", *PROVIDERS)
    if referred is None:
        return Member(Provider(), rank)
    party = Party(referred, bills=False)
    npi, taxonomy = party.npi(), first_in(entry.below("qualification"), TAXONOMY)
    return Member(Provider(npi=npi, taxonomy=taxonomy or party.taxonomy()), rank)
