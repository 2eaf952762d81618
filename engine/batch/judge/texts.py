"""Reads texts that many claims share once: each is tried in a claim that is plain but for it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from engine.batch.judge.claims_of import claim_in
from engine.batch.schemas import CLAIM_LEVEL, LINE_LEVEL, LISTS
from engine.claims.addressed import addressed
from engine.ledger.kinds import event_of, frequency
from engine.model.claim import Claim, Line, Patient
from engine.model.directory import Directory

ODD: Final = object()
"""Stands for a text of which a reader would say anything at all."""
MOST: Final = 65_536
"""Texts of a field that are remembered; a year of days and every charge of a practice fit."""

_CLAIM: Final = {
    **dict.fromkeys((*CLAIM_LEVEL, "diagnoses")),
    "claim_id": "1",
    "payer": "1",
    "patient": "1",
    "stage": "billed",
}
_LINE: Final = {
    **dict.fromkeys((*LINE_LEVEL, "modifiers", "pointers")),
    "number": "1",
    "procedure": "99999",
    "service_date": "2000-01-01",
}
Wanted = Callable[[Claim], Any]


def tried(table: bool, texts: Mapping[str, Any]) -> Claim | None:
    """The claim of one line that has these texts; None if anything is said of it.

    What one text is read as does not hang on the others, but for those that `Texts` reads
    together.
    """
    given = {name: _listed(text) if name in LISTS else text for name, text in texts.items()}
    claim = {name: given.get(name, value) for name, value in _CLAIM.items()}
    line = {name: given.get(name, value) for name, value in _LINE.items()}
    try:
        found, problems = claim_in(claim, [line], "", table=table)
    except Exception:  # a claim that cannot be read is told where claims are read one by one
        return None
    return None if problems else found


def _listed(text: str | None) -> Any:
    return None if text is None else json.loads(text)


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
    """Readers by what they read. Each gives a value or `ODD` for a table's mark (whether nobody
    has checked the texts) and the texts of `fields`; lists are texts in JSON. Diagnoses,
    modifiers, providers and payers that are equal are one object."""

    def __init__(self, directory: Directory, as_payer: str | None) -> None:
        self._directory = directory
        self._as_payer = as_payer
        self._same: dict[Any, Any] = {}
        one = self._one
        wanted: dict[str, tuple[tuple[str, ...], Wanted]] = {
            "head": (HEAD, _head),
            "birth_date": (("birth_date",), lambda c: c.patient.birth_date),
            "sex": (("sex",), lambda c: c.patient.sex),
            "billing_provider": (_BILLING, lambda c: one(c.billing_provider)),
            "prior_authorization": (("prior_authorization",), lambda c: c.prior_authorization),
            "note": (("note",), lambda c: c.note),
            "diagnoses": (
                ("diagnoses", "pointers"),
                lambda c: (one(c.diagnoses), one(c.lines[0].diagnoses)),
            ),
            "modifiers": (("modifiers",), lambda c: one(c.lines[0].modifiers)),
            "rendering_provider": (_RENDERING, lambda c: one(c.lines[0].rendering_provider)),
            "line_prior_authorization": (
                ("line_prior_authorization",),
                lambda c: c.lines[0].prior_authorization,
            ),
            "line_note": (("line_note",), lambda c: c.lines[0].note),
            **{name: ((name,), _of_line(name)) for name in _ALONE},
        }
        self.fields = {what: names for what, (names, _) in wanted.items()}
        self.readers = {what: Once(_reader(*how)) for what, how in wanted.items()}
        self.fields["payer"] = (*_PAYER, "service_date")
        self.readers["payer"] = Once(self._addressed)
        self._payers = Once(_reader(_PAYER, lambda c: c.payer))

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
_NOBODY: Final = Patient("")


def _reader(names: tuple[str, ...], wanted: Wanted) -> Callable[..., Any]:
    def read(table: bool, *texts: str | None) -> Any:
        claim = tried(table, dict(zip(names, texts, strict=True)))
        return ODD if claim is None else wanted(claim)

    return read


def _of_line(name: str) -> Wanted:
    return lambda claim: getattr(claim.lines[0], name)


def _head(claim: Claim) -> Any:
    """What is said of the whole claim; only of one that is billed for the first time."""
    if event_of(claim) != "claim" or frequency(claim) not in (None, "1"):
        return ODD
    return tuple(getattr(claim, name) for name in HEAD)
