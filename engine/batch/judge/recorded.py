"""What a ledger knows of a patient, on its way to the worker that judges the patient's claims.

Each service, each span and each claim that the ledger knows is one text among the records of the
patient. Claim ids are spelled as the claims spell them, also where the ledger stores hashes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any

from engine.chain.needs import HISTORY
from engine.ledger.complete import asked_of
from engine.ledger.entries import Complete, Entry, Lines
from engine.ledger.kinds import REPLACES, VOIDS, frequency
from engine.ledger.rows import read_facts, read_units, written_facts
from engine.model.claim import Claim, Coverage, Line, Provider, Service
from engine.model.outcome import Need
from engine.report.questions import Question
from engine.report.result import Summary

MARK = '{"ledger": '
"""With this begins the text of an entry of the ledger, and no other entry of a history."""


@dataclass
class Recorded:
    """What a ledger knows of one patient. `known` are claims that it has read itself or that
    another one superseded there, and whether it has a correction of them."""

    entries: list[Entry] = field(default_factory=list)
    complete: list[Complete] = field(default_factory=list)
    known: dict[str, bool] = field(default_factory=dict)

    def add(self, text: str, patient: str) -> None:
        """Take up one text."""
        kind, *said = json.loads(text)["ledger"]
        if kind == "service":
            self.entries.append(_entry(patient, *said))
        elif kind == "span":
            self.complete.append(_complete(patient, *said))
        else:
            self.known[said[0]] = said[1]

    def merged(
        self, claims: Mapping[str, Claim], told: list[Service], billed: dict[str, list[Service]]
    ) -> tuple[list[Service], dict[str, list[Service]]]:
        """The ledger's services before those that history files tell, and those of the batch's
        claims by key: what the ledger tells counts once, as it tells it, and without what a
        claim of the batch corrects, replaces or bills in the place of a hold."""
        given = list(claims.values())
        standing = [e for e in self.entries if not self._gone(e, given)]
        known = Lines(e.service for e in standing)
        planned = {c.replaces for c in given if c.stage == "planned"} - {None}
        own = [
            # A planned replacement hides what it replaces from itself alone, by its claim id.
            replace(e.counted, claim_id=e.payer_control)
            if e.payer_control in planned
            else e.counted
            for e in standing
        ]
        told = [*own, *(s for s in told if not known.hold(s, s.claim_id))]
        return told, {k: self._unknown(known, claims[k], s) for k, s in billed.items()}

    def _gone(self, entry: Entry, given: list[Claim]) -> bool:
        """Whether claims of the batch take the place of an entry."""
        ids = {entry.claim_id, entry.payer_control}
        return any(
            (c.replaces in ids and c.replaces and c.stage != "planned")
            or (c.claim_id == entry.claim_id and self._corrects(c))
            or entry.billed_by(c)
            for c in given
        )

    def _unknown(self, known: Lines, claim: Claim, services: list[Service]) -> list[Service]:
        """The services of a claim of the batch that the ledger does not tell itself."""
        if claim.claim_id in self.known and not self._corrects(claim):
            return []
        return [s for s in services if not known.hold(s, s.claim_id)]

    def _corrects(self, claim: Claim) -> bool:
        """Whether a claim voids or corrects what the ledger has under its own id."""
        return frequency(claim) in (REPLACES, VOIDS) and not self.known.get(claim.claim_id)


def asked_in(shown: Summary, recorded: Recorded, today: date) -> Summary:
    """A summary whose questions about the history say what the ledger has, and who has more."""
    return replace(shown, asked=[_asked(question, recorded, today) for question in shown.asked])


def _asked(question: Question, recorded: Recorded, today: date) -> Question:
    if all(need.fact != HISTORY for need in question.now):
        return question
    now = []
    for need in question.now:
        if need.fact == HISTORY:
            text = asked_of(need.question, need.service_date or today, recorded.complete)
            need = Need(**{**vars(need), "question": text})
        now.append(need)
    return replace(question, now=tuple(now))


def is_recorded(text: str) -> bool:
    """Whether an entry of a history is the ledger's."""
    return text.startswith(MARK)


def service_text(entry: Entry, ids: Mapping[str, str]) -> str:
    """A service of the ledger; `ids` are claim ids as given by those stored."""
    service, line = entry.service, entry.service.line
    provider = line.rendering_provider
    claim_id, control = entry.claim_id, entry.payer_control
    said = [
        "service", ids.get(claim_id, claim_id), control and ids.get(control, control),
        entry.status, line.number, line.procedure, line.service_date, line.modifiers,
        None if line.units is None else str(line.units), line.place_of_service, line.diagnoses,
        provider and provider.npi, service.group, service.payer, facts_text(entry),
    ]  # fmt: skip
    return _text(said)


def facts_text(entry: Entry) -> str | None:
    """What the record states of a service, as the ledger writes it."""
    facts = entry.service.line.documentation
    return written_facts(facts) if facts else None


def span_text(complete: Complete) -> str:
    """A span that the ledger is complete for."""
    c = complete.coverage
    first, last = c.complete_from, c.complete_to
    return _text(["span", complete.source, first, last, c.providers, c.own_group, c.procedures])


def known_text(claim_id: str, *, corrected: bool) -> str:
    """A claim that the ledger knows."""
    return _text(["known", claim_id, corrected])


def _text(said: list[Any]) -> str:
    return f"{MARK}{_ENCODED(said)}}}"


_ENCODED = json.JSONEncoder(ensure_ascii=False, default=str).encode
"""Made once: `json.dumps` would make one for each text."""


def _entry(patient: str, claim_id: str, control: str | None, status: Any, *said: Any) -> Entry:
    (number, procedure, day, modifiers, units, place, diagnoses, npi, group, payer, facts) = said
    line = Line(
        number,
        procedure,
        date.fromisoformat(day),
        tuple(modifiers),
        read_units(units),
        place,
        tuple(diagnoses),
        rendering_provider=Provider(npi=npi, group=group) if npi else None,
        documentation=read_facts(facts),
    )
    known = None if claim_id.startswith("?") else claim_id
    return Entry(
        Service(patient, line, known, payer, group, status), claim_id, status, control, None
    )


def _complete(
    patient: str, source: str, first: str | None, last: str | None, providers: Any, own: bool,
    procedures: Any,
) -> Complete:  # fmt: skip
    days = [date.fromisoformat(day) if day else None for day in (first, last)]
    listed = [names if names is None else tuple(names) for names in (providers, procedures)]
    return Complete(Coverage(patient, days[0], days[1], listed[0], own, listed[1]), source)
