"""What an evaluation looks at: the claim, what was done before, and one line seen from a rule."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date

from engine.documents.load import Documents
from engine.model.claim import Claim, History, Line, Service
from tests.naive.sight import Sight
from tests.naive.three import Tri


@dataclass(frozen=True)
class World:
    """One claim, the patient's history, the documents, and the day of knowledge.

    `missing_row` is what a row counts that an incomplete table lacks, and `ask_nulls` whether a
    fact that is not in the record counts as never asked: judging tries both. `given` says which
    lines are payable where an example says so.
    """

    documents: Documents
    payer: str
    contractor: str | None
    plan: str | None
    claim: Claim
    history: History
    known_on: date | None
    missing_row: Tri = None
    ask_nulls: bool = False
    given: Mapping[int, bool] | None = field(default=None)


@dataclass(frozen=True)
class Item:
    """A line of the claim, or with `service` a line of the history; `place` tells them apart.

    `diagnosis` is set where a rule judges a diagnosis.
    """

    line: Line
    place: int
    service: Service | None = None
    diagnosis: str | None = None

    @property
    def day(self) -> date:
        return self.line.service_date


@dataclass(frozen=True)
class Here:
    """Where a form is read: the line it speaks of, and the day and sight of its rule."""

    world: World
    sight: Sight
    item: Item
    rule_day: date

    def at(self, item: Item) -> Here:
        """The same rule, speaking of another line."""
        return replace(self, item=item)


def claim_items(claim: Claim) -> list[Item]:
    """The lines of the claim."""
    return [Item(line, place) for place, line in enumerate(claim.lines)]


def history_items(world: World) -> list[Item]:
    """The patient's services that can count at all: neither planned, void, replaced nor this claim.

    What this claim replaces is gone, and so is what the history holds of this claim itself.
    """
    gone = {world.claim.claim_id, world.claim.replaces} - {None}
    return [
        Item(service.line, -1 - place, service)
        for place, service in enumerate(world.history.services)
        if service.patient_id == world.claim.patient.id
        and service.status not in ("planned", "void")
        and service.claim_id not in gone
    ]
