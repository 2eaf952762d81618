"""The ledger beside a desk of `check`: histories for whole batches, and recording what passes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import islice
from typing import TYPE_CHECKING, Any

from engine.analysis.displaced import Displaced, displaced
from engine.chain.bound import BoundBook
from engine.chain.decided import Decided
from engine.chain.needs import HISTORY
from engine.ledger.commit import decide_and_record
from engine.ledger.complete import asked_of
from engine.ledger.entries import Record, joined
from engine.ledger.events import source_id
from engine.ledger.history import records
from engine.ledger.kinds import VOIDS, frequency
from engine.ledger.store import Ledger
from engine.model.book import WEIGHTY
from engine.model.claim import Claim, History
from engine.model.problem import Problem

if TYPE_CHECKING:
    from engine.report.result import Result

Chain = Callable[[BoundBook, Claim, History], Decided]
AHEAD = 500


@dataclass
class LedgerDesk:
    """Reads histories from a ledger. With `commit` claims that pass are recorded as they are
    decided: clean ones, and with `undecided` those, too, on which nothing weighs as yet."""

    ledger: Ledger
    today: date
    commit: bool = False
    undecided: bool = False
    judge: Callable[[Decided, History], Result] | None = None
    recorded: int = 0
    refused: set[str] = field(default_factory=set)
    _records: dict[str, Record] = field(default_factory=dict)
    _said: dict[str, dict[str, Any]] = field(default_factory=dict)
    _source: int = 0

    def ahead(self, items: Iterable[Claim | Problem]) -> Iterator[Claim | Problem]:
        """The same items, read some hundred at a time with one query for all their patients."""
        waiting = iter(items)
        while batch := list(islice(waiting, AHEAD)):
            self._records = {}
            if not self.commit:
                patients = {item.patient.id for item in batch if isinstance(item, Claim)}
                with self.ledger.reading() as connection:
                    self._records = records(connection, self.ledger.names, patients)
            yield from batch

    def decided(
        self, claim: Claim, bound: BoundBook, files: History, chain: Chain
    ) -> tuple[Decided, History]:
        """The claim decided on the ledger's history and that of the files given beside it."""

        def decide(record: Record) -> tuple[tuple[Decided, History], bool]:
            self._records[claim.patient.id] = record
            own = record.history(self.today, claim, self.ledger.names)
            history = joined(own, files, self.ledger.names)
            found = chain(bound, claim, history)
            return (found, history), self._wanted(found, history)

        if not self.commit:
            return decide(self._records[claim.patient.id])[0]
        if not self._source:
            self._source = source_id(self.ledger, "check --commit")
        answer, told = decide_and_record(self.ledger, self._source, claim, decide)
        if told is not None:
            self._say(claim, told.what == "recorded", told.why or told.what)
        self.recorded += told is not None and told.what == "recorded"
        if told is not None and told.what == "refused":
            self.refused.add(claim.claim_id)
        return answer

    def _wanted(self, found: Decided, history: History) -> bool:
        """Whether a claim is to be recorded; called while its patient is locked."""
        claim = found.around.claim
        if not self.commit:
            return False
        if frequency(claim) == VOIDS:
            return True
        weighing = [
            word for _, b, word, _ in found.outcomes if b.rule.consequence.finding in WEIGHTY
        ]
        if "violated" in weighing:
            self._say(claim, False, "the claim is not clean")
            return False
        if not self.undecided and not self._clean(found, history, weighing):
            self._say(claim, False, "the claim is undecided; --commit-undecided records it, too")
            return False
        lost = displaced(found.around.bound, claim, history)
        if lost:
            self.refused.add(claim.claim_id)
            self._say(claim, False, _in_words(lost))
        return not lost

    def _clean(self, found: Decided, history: History, weighing: Sequence[str]) -> bool:
        if "undecided" not in weighing and not found.no_policy and not found.scope_open:
            return True
        return self.judge is not None and self.judge(found, history)["verdict"] == "clean"

    def _say(self, claim: Claim, recorded: bool, why: str) -> None:
        self._said[claim.claim_id] = {"recorded": recorded, "why": why}

    def annotate(self, shown: Result, decided: Decided) -> None:
        """Add to a result who could complete the record, and whether the claim was recorded."""
        claim = decided.around.claim
        record = self._records.get(claim.patient.id)
        complete = record.complete if record else ()
        for need in shown["needs"]:
            for fact in need["facts"]:
                if fact["fact"] == HISTORY:
                    day = fact["of"]["service_date"]
                    until = date.fromisoformat(day) if day else self.today
                    fact["question"] = asked_of(fact["question"], until, complete)
        if self.commit and claim.claim_id in self._said:
            shown["ledger"] = self._said[claim.claim_id]

    def not_recorded(self) -> Iterator[tuple[str, str]]:
        """Claims that were not recorded, with the reason."""
        for claim_id, said in self._said.items():
            if not said["recorded"]:
                yield claim_id, str(said["why"])


def _in_words(lost: list[Displaced]) -> str:
    first = lost[0]
    return (
        f"it would take the place of the session on {first.service_date} ({first.procedure}) that "
        f"is recorded already: {first.rule}"
    )
