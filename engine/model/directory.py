"""Who a claim is addressed to: payers by name and identifier, contractors by state and day."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from engine.model.book import Span, in_force
from engine.model.claim import Payer
from engine.model.record import Record
from engine.model.vocabulary import Fact


class PayerEntry(Record):
    """One payer's names, identifiers and contractors; `by_plan` says that plans have layers."""

    title: str
    names: tuple[str, ...]
    ids: tuple[str, ...]
    contractors: Mapping[str, tuple[str, ...]]
    states: Mapping[str, tuple[Span[str], ...]]
    by_plan: bool = False


class Directory(Record):
    """All payers of a policies folder, and the vocabulary that claims are checked against."""

    payers: Mapping[str, PayerEntry]
    facts: Mapping[str, Fact]

    def payer(self, payer: Payer) -> str | None:
        """The payer's folder, by id, else by name or identifier; None if nobody answers."""
        if payer.id in self.payers:
            return payer.id
        given = {_plain(v) for v in (payer.id, payer.name) if v}
        for folder, entry in self.payers.items():
            names = {_plain(n) for n in (folder, entry.title, *entry.names)}
            if given & names or (payer.identifier and payer.identifier in entry.ids):
                return folder
        return None

    def contractor(self, folder: str, payer: Payer, on: date) -> str | None:
        """The contractor that the claim names, or that decides in the state on a day."""
        entry = self.payers[folder]
        if payer.contractor:
            for name, ids in entry.contractors.items():
                if payer.contractor == name or payer.contractor in ids:
                    return name
            return None
        for name, ids in entry.contractors.items():
            if payer.identifier and payer.identifier in ids:
                return name
        return in_force(entry.states.get((payer.state or "").upper(), ()), on)


def _plain(name: str) -> str:
    return "".join(c for c in name.casefold() if c.isalnum())
