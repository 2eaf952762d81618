"""One element of a FHIR resource under reading: every mistake in it becomes a problem."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from engine.claims import codes
from engine.claims.fhir.faults import Faults
from engine.claims.fhir.resources import Resource, Resources
from engine.claims.where import shown, writable


class Element:
    """An object of a resource. What is absent, null or wrong reads as None, or as no members.

    Only what a claim needs is looked at, so that a fault elsewhere in a resource stops nothing.
    """

    # A plain class: a claim makes some fifty, and a frozen one takes three times as long to make.
    __slots__ = ("data", "faults", "home", "near", "path")

    def __init__(
        self, data: dict[str, Any], path: str, home: Resource, near: Resources, faults: Faults
    ) -> None:
        self.data, self.path = data, path
        self.home, self.near, self.faults = home, near, faults

    def error(self, name: str, fault: str, message: str, hint: str | None = None) -> None:
        """An error of the element `name` below here; of this element itself if that is empty."""
        self.faults.error(f"{self.path}.{name}" if name else self.path, fault, message, hint)

    def warn(self, name: str, fault: str, message: str, hint: str | None = None) -> None:
        """A warning of the element `name` below here."""
        self.faults.warn(f"{self.path}.{name}" if name else self.path, fault, message, hint)

    def has(self, name: str) -> bool:
        """Whether anything is given."""
        return self.data.get(name) not in (None, [], {})

    def below(self, name: str) -> Element | None:
        """The object in `name`."""
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, dict):
            self.error(name, "wrong-type", f"`{name}` must be an object")
            return None
        return self._at(f"{self.path}.{name}", value)

    def all(self, name: str) -> list[Element]:
        """The objects in the list `name`; a single object stands for a list of one."""
        value = self.data.get(name)
        if value is None:
            return []
        if isinstance(value, dict):
            return [self._at(f"{self.path}.{name}", value)]
        if not isinstance(value, list):
            self.error(name, "wrong-type", f"`{name}` must be a list of objects")
            return []
        found = []
        for position, member in enumerate(value):
            if isinstance(member, dict):
                found.append(self._at(f"{self.path}.{name}[{position}]", member))
            elif member is not None:
                at = f"{name}[{position}]"
                self.error(at, "wrong-type", f"a member of `{name}` must be an object")
        return found

    def text(self, name: str) -> str | None:
        """A text that is not empty, without the space around it."""
        value = self.data.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            self.error(name, "wrong-type", f"`{name}` must be a text")
        elif not writable(value):
            self.error(name, "bad-text", f"`{name}` holds half of a character pair")
        else:
            return value.strip() or None
        return None

    def texts(self, name: str) -> list[str]:
        """The texts of a list that are not empty; a single text stands for a list of one."""
        value = self.data.get(name)
        members = value if isinstance(value, list) else [value]
        fit = [m for m in members if isinstance(m, str) and writable(m)]
        if len(fit) < sum(m is not None for m in members):
            self.error(name, "wrong-type", f"`{name}` must be a list of texts")
        return [text.strip() for text in fit if text.strip()]

    def number(self, name: str) -> Decimal | None:
        """A number, written without quotes."""
        value = self.data.get(name)
        if value is None:
            return None
        if isinstance(value, bool) or not isinstance(value, (int, Decimal)):
            self.error(name, "wrong-type", f"`{name}` must be a number, without quotes")
            return None
        return Decimal(value)

    def count(self, name: str) -> int | None:
        """A whole number from 1."""
        value = self.data.get(name)
        if value is None:
            return None
        if not _counts(value):
            self.error(name, "wrong-type", f"`{name}` must be a whole number from 1")
            return None
        return int(value)

    def counts(self, *names: str) -> list[int]:
        """The whole numbers in the first of the lists `names` that is given."""
        name = next((name for name in names if self.has(name)), names[0])
        value = self.data.get(name)
        members = value if isinstance(value, list) else [] if value is None else [value]
        fit = [member for member in members if _counts(member)]
        if len(fit) < len(members):
            self.error(name, "wrong-type", f"`{name}` must be a list of whole numbers from 1")
        return fit

    def day(self, name: str) -> date | None:
        """The calendar day of a date or of a time; a year or a month alone is no day."""
        value = self.data.get(name)
        if value is None:
            return None
        given = value.strip() if isinstance(value, str) else ""
        found = codes.iso_day(given[:10]) if given[10:11] in ("", "T") else None
        if found is None:
            self.error(name, "bad-date", f"{shown(value)} is not a date", _DAY)
        return found

    def _at(self, path: str, data: dict[str, Any]) -> Element:
        return Element(data, path, self.home, self.near, self.faults)


_DAY = "write a calendar day as 2026-03-04"


def _counts(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 < value < 10**9


def element_of(resource: Resource, near: Resources, faults: Faults) -> Element:
    """A whole resource as an element."""
    return Element(resource.data, resource.path, resource, near, faults)


def refuse_changed(element: Element) -> None:
    """An error where something that is not known here changes what the element means.

    By the standard nobody may read on over a modifier extension or implicit rules unheeded.
    """
    if element.has("modifierExtension"):
        message = "a modifier extension changes what this means, and is not known here"
        element.error("modifierExtension", "modifier-extension", message)
    if element.has("implicitRules"):
        message = "the resource follows rules of its own, which are not known here"
        element.error("implicitRules", "implicit-rules", message)
