"""Reads the fields of one object of the contract strictly: every mistake becomes a problem."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date
from decimal import Decimal
from typing import Any

from engine.claims import codes
from engine.claims.npi import is_npi
from engine.claims.where import Where, shown, unknown, writable
from engine.model.claim import Amount
from engine.model.problem import Problem, Severity

HOMES = {
    "payer": ("contractor", "plan", "state"),
    "patient": ("birth_date", "sex"),
    "a provider": ("npi", "specialty", "taxonomy"),
    "the claim": ("diagnoses", "claim_id", "form", "stage", "facility_type"),
    "a line": (
        "procedure", "modifiers", "units", "service_date", "place_of_service",
        "diagnosis_pointers", "charge",
    ),
}  # fmt: skip
"""Fields that stand in one object only and are often written into another."""
_EXAMPLES = {
    "payer": 'such as {"id": "medicare", "state": "NC"}',
    "patient": 'such as {"id": "P-1"}',
}


def unlike(texts: Sequence[str]) -> set[str]:
    """Those of some required texts that are not read as they stand: `Fields.text` changes or
    refuses them."""
    if all(texts) and list(map(str.strip, texts)) == texts and writable("".join(texts)):
        return set()
    return {text for text in texts if not text or text != text.strip() or not writable(text)}


def _home(name: str, known: tuple[str, ...]) -> str | None:
    """Help for a field that stands in the wrong object."""
    if known == ("claim", "lines"):
        return "facts stand below `claim`, or below `lines` and the number of their line"
    if name == "planned":
        return "write `stage`: `planned`"
    owner = next((owner for owner, names in HOMES.items() if name in names), None)
    return f"it is a field of {owner}" if owner else None


class Fields:
    """One object under reading. A field that is absent, null or wrong reads as None.

    Problems are added to the list that is shared by the whole claim. `private` fields are of the
    patient: their values never stand in a message.
    """

    def __init__(
        self, data: dict[Any, Any], known: tuple[str, ...], where: Where, problems: list[Problem]
    ) -> None:
        self.data = data
        self.where = where
        self.problems = problems
        for name in data:
            if name not in known:
                self.report(
                    shown(name).strip("`"),
                    "unknown-field",
                    f"{shown(name)} is not a field here",
                    _home(str(name), known) or unknown(str(name), known),
                )

    def report(
        self,
        name: str,
        fault: str,
        message: str,
        hint: str | None = None,
        severity: Severity = "error",
    ) -> None:
        """Add a problem of the field `name`."""
        problem = self.where.problem(fault, message, hint, severity, at=(name,), place=name)
        self.problems.append(problem)

    def get(self, name: str, required: bool = False) -> Any:
        """The raw value; a problem if it is required and missing."""
        value = self.data.get(name)
        if value is None and required:
            self.report(name, "missing-field", f"`{name}` is required and missing")
        return value

    def text(self, name: str, required: bool = False) -> str | None:
        """A text that is not empty, without the space around it."""
        value = self.get(name, required)
        if value is None:
            return None
        if not isinstance(value, str):
            self.not_text(name, value)
            return None
        value = value.strip()
        if not writable(value):
            self.report(name, "bad-text", f"`{name}` holds half of a character pair")
            return None
        if not value and required:
            self.report(name, "missing-field", f"`{name}` is required and empty")
        return value or None

    def not_text(self, name: str, value: Any) -> None:
        """Report a value that should be a text; a bare number most often lost its quotes."""
        if isinstance(value, (int, Decimal)) and not isinstance(value, bool):
            self.report(
                name,
                "needs-quotes",
                f"`{name}` is a number and needs quotes",
                f"write the {name.replace('_', ' ')} as a text, so that no digit of it is lost",
            )
        else:
            self.report(name, "wrong-type", f"`{name}` must be a text")

    def code(
        self, name: str, reader: Callable[[str], str | None], noun: str, required: bool = False
    ) -> str | None:
        """A code in the spelling that `reader` gives it."""
        value = self.text(name, required)
        if value is None:
            return None
        found = reader(value)
        if found is None:
            self.report(name, "bad-code", f"{shown(value)} is not {noun}")
        return found

    def choice(self, name: str, choices: tuple[str, ...]) -> str | None:
        """One of a few words."""
        value = self.text(name)
        if value is None or value in choices:
            return value
        listed = ", ".join(choices)
        self.report(
            name,
            "unknown-word",
            f"{shown(value)} is not one of {listed}",
            unknown(value, choices),
        )
        return None

    def day(self, name: str, required: bool = False, private: bool = False) -> date | None:
        """A calendar day written 2026-03-04."""
        value = self.get(name, required)
        if value is None:
            return None
        found = codes.iso_day(value.strip()) if isinstance(value, str) else None
        if found is None:
            what = f"`{name}`" if private else shown(value)
            self.report(
                name, "bad-date", f"{what} is not a date", "write a calendar day as 2026-03-04"
            )
        return found

    def whole(self, name: str, required: bool = False) -> int | None:
        """A whole number from 1."""
        value = self.get(name, required)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, int) or not 0 < value < 10**9:
            self.report(name, "wrong-type", f"`{name}` must be a whole number from 1")
            return None
        return value

    def amount(self, name: str) -> Amount | None:
        """A number of units, not negative; whole where it can be."""
        value = self.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            self.report(name, "wrong-type", f"`{name}` must be a number, without quotes")
            return None
        if value < 0:
            self.report(name, "negative-units", f"`{name}` is {shown(value)}, less than nothing")
            return None
        found = codes.quantity(Decimal(value))
        if found is None:
            self.report(name, "bad-number", f"`{name}` is too large or too fine a number")
        return found

    def money(self, name: str) -> Decimal | None:
        """An amount of money, written as a text such as 410.00."""
        value = self.text(name)
        if value is None:
            return None
        found = codes.money(value)
        if found is None or found < 0:
            self.report(
                name,
                "bad-money",
                f"{shown(value)} is not an amount of money",
                'write dollars and cents as a text, such as "410.00"',
            )
            return None
        return found

    def npi(self, name: str) -> str | None:
        """An NPI; a wrong check digit is a warning, and the NPI is kept as it is."""
        value = self.text(name)
        if value is not None and not is_npi(value):
            self.report(
                name,
                "npi-check-digit",
                f"{shown(value)} is not an NPI: its check digit is wrong",
                severity="warning",
            )
        return value

    def items(self, name: str) -> Iterator[tuple[int, Any]]:
        """The members of a list with their positions from 0; absent means none."""
        value = self.get(name)
        if value is None:
            return
        if not isinstance(value, list):
            self.report(name, "wrong-type", f"`{name}` must be a list")
            return
        yield from enumerate(value)

    def codes(
        self, name: str, reader: Callable[[str], str | None], noun: str, fault: str = "bad-code"
    ) -> tuple[str, ...]:
        """A list of codes, each in the spelling that `reader` gives it."""
        found = []
        for _, item in self.items(name):
            if not isinstance(item, str):
                self.not_text(name, item)
                continue
            code = reader(item)
            if code is None:
                self.report(name, fault, f"{shown(item)} is not {noun}")
            else:
                found.append(code)
        return tuple(found)

    def below(self, name: str, known: tuple[str, ...], required: bool = False) -> Fields | None:
        """The fields of an object that stands in this field."""
        value = self.get(name, required)
        if value is None:
            return None
        if not isinstance(value, dict):
            hint = _EXAMPLES.get(name)
            self.report(name, "wrong-type", f"`{name}` must be an object with fields", hint)
            return None
        return Fields(value, known, self.where.inside(name, place=name), self.problems)
