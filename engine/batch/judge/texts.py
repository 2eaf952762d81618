"""Reads texts that many claims share once, by the readers that read claims one by one."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from operator import attrgetter
from typing import Any, Final

from engine.batch.judge.checked import read_claim, read_diagnoses, read_line, read_patient
from engine.batch.judge.taken import taken_claim, taken_diagnoses, taken_line, taken_patient
from engine.batch.schemas import CLAIM_LEVEL, LINE_LEVEL, LISTS
from engine.claims.addressed import addressed
from engine.ledger.kinds import event_of, frequency
from engine.model.claim import Claim, Line, Patient
from engine.model.directory import Directory
from engine.model.problem import Problem

ODD: Final = object()
"""Stands for a text of which a reader would say anything at all."""
MOST: Final = 65_536
"""Texts of a field that are remembered; a year of days and every charge of a practice fit."""

HEAD: Final = ("form", "stage", "frequency", "type_of_bill", "facility_type")
_PAYER: Final = ("payer", "payer_name", "payer_identifier", "contractor", "plan", "state")
_BILLING: Final = ("billing_npi", "billing_specialty", "billing_taxonomy", "group")
_RENDERING: Final = (
    "rendering_npi", "rendering_specialty", "rendering_taxonomy", "rendering_group",
)  # fmt: skip
_ALONE: Final = (
    "number", "procedure", "units", "service_date", "place_of_service", "charge", "revenue_code",
    "ndc",
)  # fmt: skip
# A claim and a line of which there is nothing to say; texts are tried in their places.
_CLAIM: Final = dict.fromkeys((*CLAIM_LEVEL, "diagnoses")) | {
    "claim_id": "1", "payer": "1", "patient": "1", "stage": "billed",
}  # fmt: skip
_LINE: Final = dict.fromkeys((*LINE_LEVEL, "modifiers", "pointers")) | {
    "number": "1", "procedure": "99999", "service_date": "2000-01-01",
}  # fmt: skip
_NOBODY: Final = Patient("")
Given = dict[str, Any]
Try = Callable[[bool, Given, list[Problem]], Any]


class Once(dict[Any, Any]):
    """Reads every tuple of texts once, as long as it is remembered."""

    def __init__(self, reader: Callable[..., Any]) -> None:
        self._reader = reader

    def __missing__(self, given: tuple[Any, ...]) -> Any:
        if len(self) > MOST:
            self.clear()
        found = self[given] = self._reader(*given)
        return found

    def __call__(self, distinct: Sequence[tuple[Any, ...]]) -> list[Any]:
        """What the reader makes of each tuple of its arguments."""
        return list(map(self.__getitem__, distinct))


class Texts:
    """Readers by what they read, and the `fields` of whose texts each makes a value. A reader
    takes whether the texts are a table's, which nobody has checked, and the texts, lists as JSON;
    it gives the value or `ODD`. Diagnoses, modifiers, providers and payers that are equal are one
    object.

    What is read together hangs together: no other text has a bearing on how one is read.
    """

    def __init__(self, directory: Directory, as_payer: str | None) -> None:
        self._directory = directory
        self._as_payer = as_payer
        self._same: dict[Any, Any] = {}
        self._payers = Once(_reader(_PAYER, _claim, attrgetter("payer")))
        self.fields = {"head": HEAD, "payer": (*_PAYER, "service_date")}
        self.readers = {
            "head": Once(_reader(HEAD, _claim, _head)),
            "payer": Once(self._addressed),
        }
        one, provider = self._one, attrgetter("rendering_provider")
        for name in ("birth_date", "sex"):
            self._add(name, (name,), _patient, attrgetter(name))
        for name in _ALONE:
            self._add(name, (name,), _line, attrgetter(name))
        self._add("modifiers", ("modifiers",), _line, lambda line: one(line.modifiers))
        self._add("diagnoses", ("diagnoses", "pointers"), _diagnoses, lambda d: tuple(map(one, d)))
        # Claims and lines have these in common, and they are read alike.
        self._add("rendering_provider", _RENDERING, _line, lambda line: one(provider(line)))
        self._again("billing_provider", _BILLING, "rendering_provider")
        for name in ("prior_authorization", "note"):
            self._add(f"line_{name}", (f"line_{name}",), _line, attrgetter(name))
            self._again(name, (name,), f"line_{name}")

    def _add(self, what: str, names: tuple[str, ...], tried: Try, wanted: Any) -> None:
        self.fields[what] = names
        self.readers[what] = Once(_reader(names, tried, wanted))

    def _again(self, what: str, names: tuple[str, ...], alike: str) -> None:
        self.fields[what] = names
        self.readers[what] = self.readers[alike]

    def _addressed(self, table: bool, *texts: str | None) -> Any:
        """The payer as a folder of the policies, on the day of a claim's first line."""
        payer = self._payers[table, *texts[:-1]]
        day = self.readers["service_date"][table, texts[-1]]
        if payer is ODD or day is ODD:
            return ODD
        asked = Claim("", payer, _NOBODY, (Line(1, "", day),))
        found, problems = addressed(asked, self._directory, "", self._as_payer)
        return ODD if problems else self._one(found.payer)

    def _one(self, value: Any) -> Any:
        """The object that stands for all that are equal to it."""
        if len(self._same) > 4 * MOST:
            self._same.clear()
        return self._same.setdefault(value, value)


def _reader(names: tuple[str, ...], tried: Try, wanted: Callable[[Any], Any]) -> Callable[..., Any]:
    def read(table: bool, *texts: str | None) -> Any:
        problems: list[Problem] = []
        try:
            given = dict(zip(names, map(_plain, names, texts), strict=True))
            found = tried(table, given, problems)
        except Exception:  # what cannot be read is told where claims are read one by one
            return ODD
        return ODD if problems else wanted(found)

    return read


def _plain(name: str, text: str | None) -> Any:
    return json.loads(text) if name in LISTS and text is not None else text


def _claim(table: bool, given: Given, problems: list[Problem]) -> Any:
    claim = _CLAIM | given
    if not table:
        return taken_claim(claim, [_LINE], "")
    found, wrong = read_claim(claim, [_LINE], "")
    problems += wrong
    return found


def _patient(table: bool, given: Given, problems: list[Problem]) -> Any:
    claim = _CLAIM | given
    return read_patient(claim, problems) if table else taken_patient(claim)


def _line(table: bool, given: Given, problems: list[Problem]) -> Any:
    line = _LINE | given
    return read_line(line, (), problems) if table else taken_line(line, {})


def _diagnoses(table: bool, given: Given, problems: list[Problem]) -> Any:
    """The diagnoses of a claim and those of a line that points to some of them."""
    claim, line = _CLAIM | given, _LINE | given
    if not table:
        return taken_diagnoses(claim), taken_line(line, {}).diagnoses
    diagnoses = read_diagnoses(claim, problems)
    pointing = read_line(line, diagnoses, problems)
    return diagnoses, pointing.diagnoses if pointing else ()


def _head(claim: Claim) -> Any:
    """What is said of the whole claim; only of one that is billed for the first time."""
    if event_of(claim) != "claim" or frequency(claim) not in (None, "1"):
        return ODD
    return tuple(getattr(claim, name) for name in HEAD)
