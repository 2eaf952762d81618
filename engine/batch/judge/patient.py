"""One patient's records: the claims to judge, and for each of them what else is known."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from engine.batch.judge.recorded import Recorded, is_recorded
from engine.batch.judge.repeated import earlier, repeated_claim
from engine.batch.schemas import HISTORY
from engine.batch.settings import Settings
from engine.claims import json_text
from engine.claims.documentation import check_facts
from engine.claims.history import STATUSES, HistoryReader
from engine.claims.where import Where
from engine.ledger.kinds import status_of
from engine.model.claim import Claim, Coverage, History, Service, Status
from engine.model.problem import Location, Problem
from engine.model.vocabulary import Fact

Record = Mapping[str, Any]
Read = Callable[[dict[str, Any]], tuple[Claim | None, list[Problem]]]


@dataclass
class Person:
    """The claims of one patient by key, their services, and what the history covers."""

    claims: dict[str, tuple[Claim | None, list[Problem]]] = field(default_factory=dict)
    told: list[Service] = field(default_factory=list)
    billed: dict[str, list[Service]] = field(default_factory=dict)
    coverage: list[Coverage] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    recorded: Recorded = field(default_factory=Recorded)

    def history(self, key: str) -> History:
        """All services but those of one claim: what a ledger and files tell, then other claims."""
        others = [s for k, services in self.billed.items() if k != key for s in services]
        return History((*self.told, *others), tuple(self.coverage))


def person_of(
    records: list[dict[str, Any]], read: Read, settings: Settings, facts: Mapping[str, Fact]
) -> Person:
    """The patient of some records, which are all that there are of this patient."""
    person = Person()
    for record in records:
        if record["kind"] == HISTORY:
            _tell(person, record, facts)
        else:
            try:
                person.claims[record["key"]] = read(record)
            except Exception as error:  # one claim's fault must not become its patient's
                person.claims[record["key"]] = (None, [_fault(record, error)])
    claims = [claim for claim, _ in person.claims.values() if claim is not None]
    covered = settings.coverage(records[0]["patient"])
    if covered and len(claims) == len(person.claims):  # what could not be read may be what counts
        person.coverage.append(covered)
    _bill(person, records)
    if person.recorded != Recorded():
        _with_ledger(person)
    return person


def _bill(person: Person, records: list[dict[str, Any]]) -> None:
    """What each claim bills; one that another replaces, or stands for under its id, nothing."""
    claims = {key: claim for key, (claim, _) in person.claims.items() if claim is not None}
    replaced = {claim.replaces for claim in claims.values() if claim.stage != "planned"}
    stood_for = earlier(claims) if len({c.claim_id for c in claims.values()}) < len(claims) else {}
    for record in records:
        claim = claims.get(record["key"])
        if claim is not None:
            gone = claim.claim_id in replaced or record["key"] in stood_for
            person.billed[record["key"]] = services_of(claim, record["status"], gone=gone)
            if record["key"] in stood_for:
                person.problems.append(repeated_claim(record))


def _with_ledger(person: Person) -> None:
    """What the ledger tells, put together with what files and other claims tell."""
    recorded = person.recorded
    claims = {key: claim for key, (claim, _) in person.claims.items() if claim is not None}
    person.coverage[:0] = [complete.coverage for complete in recorded.complete]
    person.told, person.billed = recorded.merged(claims, person.told, person.billed)


def _tell(person: Person, record: Record, facts: Mapping[str, Fact]) -> None:
    """An entry of a ledger or of a history file, read again from its text."""
    text = json.loads(record["about"])["documentation"]
    if is_recorded(text):
        person.recorded.add(text, record["patient"])
        return
    data, _ = json_text.whole(text, record["file"])
    reader = HistoryReader()
    where = Where(record["file"])
    if "complete_to" in data:
        reader.covered(data, where)
    else:
        reader.service(data, where)
    person.coverage += reader.coverage
    for service in reader.services:
        person.told.append(_checked(person, service, record["file"], facts))


def _checked(person: Person, service: Service, path: str, facts: Mapping[str, Fact]) -> Service:
    line = service.line
    if not line.documentation:
        return service
    place = Location(path, place=f"claim {service.claim_id}, line {line.number}")
    kept, problems = check_facts(line.documentation, facts, place)
    person.problems += problems
    return replace(service, line=replace(line, documentation=kept))


def services_of(claim: Claim, statuses: list[str | None], *, gone: bool) -> list[Service]:
    """A claim's lines as services of the history: submitted, unless its table knows better.

    A claim that another replaced, or that voids, counts nowhere.
    """
    usual = "void" if gone else status_of(claim)
    billing = claim.billing_provider
    return [
        Service(
            claim.patient.id,
            line,
            claim.claim_id,
            claim.payer.id,
            billing.group if billing else None,
            _status(statuses[n], usual),
        )
        for n, line in enumerate(claim.lines)
    ]


def _status(given: str | None, usual: str) -> Status:
    word = (given or "").strip().casefold()
    chosen: Status = word if word in STATUSES and usual == "submitted" else usual  # type: ignore[assignment]
    return chosen


def _fault(record: Record, error: Exception) -> Problem:
    message = f"the claim could not be read: {type(error).__name__}: {str(error)[:200]}"
    return Problem(Location(record["file"]), "fault", message)
