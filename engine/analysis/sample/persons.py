"""Invented persons: patients, providers and groups, and everything of a seed that names one."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from random import Random
from typing import Any

from engine.claims.npi import is_npi

_DAY = re.compile(r"\d{4}-\d{2}-\d{2}")
_TOWNS = ("harbor", "prairie", "summit", "lakeside", "juniper", "granite", "meadow", "riverbend")
_TRADES = ("pain", "spine", "orthopedics", "anesthesia", "rehabilitation")
PROVIDERS = 24


def npi(number: int) -> str:
    """An identifier with a valid check digit; the range is not one that anybody looked up."""
    for digit in range(10):
        found = f"1{90_000_000 + number:08d}{digit}"
        if is_npi(found):
            return found
    raise AssertionError("one of ten digits is the check digit")


def group(number: int) -> str:
    """The name of a practice."""
    return f"{_TOWNS[number % len(_TOWNS)]}-{_TRADES[number // len(_TOWNS) % len(_TRADES)]}"


class Disguise:
    """Replaces the names of one seed: equal names become equal names, days move together."""

    def __init__(self, random: Random, claim_id: str, patient: str, days: int) -> None:
        self._claim_id, self._patient, self._days = claim_id, patient, days
        self._providers = random.sample(range(PROVIDERS), PROVIDERS)
        self._groups = random.sample(range(len(_TOWNS) * len(_TRADES)), 12)
        self._known: dict[tuple[str, str], str] = {}

    def claim(self, data: Any) -> Any:
        """A claim under its new id."""
        made = self._walk(data, "")
        made["claim_id"] = self._claim_id
        made["patient"] = {**made.get("patient", {}), "id": self._patient}
        return made

    def history(self, data: Any) -> Any:
        """A history of the new patient."""
        made = self._walk(data, "")
        for part in (*made.get("services", ()), *made.get("coverage", ())):
            part["patient_id"] = self._patient
        return made

    def _walk(self, data: Any, key: str) -> Any:
        if isinstance(data, dict):
            return {k: self._walk(v, k) for k, v in data.items()}
        if isinstance(data, list):
            return [self._walk(item, key) for item in data]
        if not isinstance(data, str):
            return data
        if _DAY.fullmatch(data):
            return (date.fromisoformat(data) + timedelta(days=self._days)).isoformat()
        return self._name(data, key)

    def _name(self, text: str, key: str) -> str:
        makers: dict[str, tuple[str, Callable[[int], str]]] = {
            "npi": ("provider", lambda n: npi(self._providers[n % PROVIDERS])),
            "rendering_npi": ("provider", lambda n: npi(self._providers[n % PROVIDERS])),
            "group": ("group", lambda n: group(self._groups[n % len(self._groups)])),
            "claim_id": ("claim", lambda n: f"{self._claim_id}-{n + 1}"),
            "replaces": ("claim", lambda n: f"{self._claim_id}-{n + 1}"),
        }
        if key == "providers" and text != "all":
            key = "group"
        if key not in makers:
            return text
        kind, make = makers[key]
        if (kind, text) not in self._known:
            count = sum(1 for k, _ in self._known if k == kind)
            self._known[kind, text] = make(count)
        return self._known[kind, text]
