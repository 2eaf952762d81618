"""What the outcome of a claim can hang on, told from the lowered terms of its rules.

Two claims that agree in all of this come out alike, apart from the dates that are shown. Whatever
this cannot vouch for makes rules `unsafe`: claims that they can decide are then judged one by one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import date
from functools import cached_property
from typing import Any

from engine.chain.bound import BoundBook
from engine.chain.matching import code_test
from engine.model.book import Rule
from engine.model.length import Length
from engine.model.record import Record
from engine.model.term import (
    Active,
    Attribute,
    Bears,
    Codes,
    Constant,
    Counted,
    Key,
    LineValue,
    Not,
    Parameter,
    Points,
    Related,
    Sessions,
    Spacing,
    Term,
    Units,
    Window,
)

ISO = re.compile(r"\d{4}-\d{2}-\d{2}")
_SAFE = frozenset(
    ("procedure", "units", "place_of_service", "prior_authorization", "patient.sex", "claim.form",
     "claim.stage", "claim.frequency", "claim.type_of_bill", "claim.facility_type", "claim.kind",
     "claim.payer", "claim.contractor", "claim.plan", "claim.state", "provider.specialty",
     "provider.taxonomy", "patient.age", "patient.birth_date")
)  # fmt: skip
_SHOWN_ALONE = re.compile(
    r"\{(claim\.(?!form|facility_type|payer|contractor|state)|line\.(charge|note|prior|rend|docum)"
    r"|line\.diagnoses|patient\.)"
)


_OTHERS: dict[type, str] = {Bears: "modifiers", Points: "diagnoses", Units: "units"}


class Reads:
    """The windows and lengths of some rules of a book, the codes that they tell apart, and whether
    claims that only these rules can decide may be decided once for all that agree."""

    def __init__(self, bound: BoundBook, rules: Sequence[Rule]) -> None:
        self.bound, self.rules = bound, rules
        self._terms = list(_walk(bound.book.scopes))
        self._terms += [term for rule in rules for term in _walk(rule)]
        self._derived = self._derivations()
        self._terms += _walk(self._derived)
        records = [t for t in self._terms if isinstance(t, Record)]
        self.paths = {t.path for t in records if isinstance(t, Attribute)}
        self.paths |= {t.attribute for t in records if isinstance(t, LineValue)}
        self.windows = list(dict.fromkeys(t for t in records if isinstance(t, Window)))
        self._spacings = [t for t in records if isinstance(t, Spacing)]
        self._points = list(dict.fromkeys(t.codes for t in records if isinstance(t, Points)))
        self.dates = {m for t in self._terms if isinstance(t, str) for m in ISO.findall(t)}
        self.dates |= {str(t) for t in self._terms if isinstance(t, date)}
        self._signs: dict[tuple[str, int], Any] = {}

    def _derivations(self) -> list[Any]:
        """The derived facts that the rules read, and those that these read."""
        book, found, names = self.bound.book, list[Any](), set[str]()
        terms = list(self._terms)
        while terms:
            named = {str(_attribute_of(term)) for term in terms}
            read = named & book.derivations.keys() - names
            names |= read
            new = [book.derivations[name] for name in sorted(read)]
            found += new
            terms = list(_walk(new))
        return found

    @cached_property
    def of_others(self) -> frozenset[str] | None:
        """What is read of other lines beside code, day, status and payer; None: anything."""
        if self._derived:
            return None
        found: set[str] = set()
        for term in self._terms:
            if isinstance(term, Related | Counted):
                found |= {_OTHERS.get(type(t), "") for t in _walk(term.where)}
                found |= {t.path for t in _walk(term.where) if isinstance(t, Attribute)}
                found |= {key.kind for key in (*term.same, *term.different)}
                by_all = not isinstance(term, Counted) or term.by == "any_provider"
                found |= set() if by_all else {"provider", "group"}
            elif isinstance(term, Units) and term.keys:
                found |= {"units", *(key.kind for key in term.keys)}
            elif isinstance(term, Sessions) and term.count == "units":
                found.add("units")
        return frozenset(found)

    @cached_property
    def unsafe(self) -> bool:
        """Whether something is read or shown that this module does not know of."""
        strange = any(p not in _SAFE and not p.startswith("attributes.") for p in self.paths)
        shown = any(isinstance(t, str) and _SHOWN_ALONE.search(t) for t in self._terms)
        since = any(w.kind == "since" for w in self.windows)
        return strange or shown or since or self._nested

    @property
    def _nested(self) -> bool:
        """Whether other lines are looked for from elsewhere than the line that is judged."""
        book = self.bound.book
        places: list[Any] = [book.scopes, self._derived]
        places += [t.where for t in self._terms if isinstance(t, Related | Counted)]
        return any(isinstance(t, Related | Counted) for t in _walk(places)) or any(
            t.keys for t in _walk(places) if isinstance(t, Units)
        )

    def _bare(self) -> Iterator[Term]:
        """The requirements of rules without a message, whose findings say what was read."""
        for rule in self.rules:
            if not rule.consequence.message:
                yield rule.requires.term if isinstance(rule.requires, Not) else rule.requires

    @cached_property
    def shows_later(self) -> bool:
        """Whether a finding says how many services came later, which never count."""
        return any(isinstance(t, Sessions | Spacing) for t in self._bare())

    @cached_property
    def shows_diagnoses(self) -> bool:
        """Whether a finding names the diagnoses of its line."""
        return any(isinstance(t, Points) for t in self._bare())

    @cached_property
    def reads_age(self) -> bool:
        """Whether the patient's age is read."""
        return bool({"patient.age", "patient.birth_date"} & self.paths)

    @cached_property
    def reads_state(self) -> bool:
        """Whether the state is read beyond the contractor that follows from it."""
        return "claim.state" in self.paths

    @cached_property
    def reads_specialty(self) -> bool:
        """Whether the specialty is read beyond a surgery centre's."""
        return "provider.specialty" in self.paths

    @cached_property
    def gaps(self) -> list[Length]:
        """Lengths that are laid between two services of a history, or from one to the next."""
        found = [w.length for w in self.windows if w.length and w.kind != "calendar"]
        for term in self._spacings:
            found += self._lengths(term.length)
        return list(dict.fromkeys(found))

    def _lengths(self, value: Any) -> list[Length]:
        if isinstance(value, Constant):
            return [value.value] if isinstance(value.value, Length) else []
        if isinstance(value, Parameter):
            spans = self.bound.book.parameters.get(value.name, ())
            return [s.value.value for s in spans if isinstance(s.value.value, Length)]
        return []

    def sign(self, code: str, day: date) -> Any:
        """What of a diagnosis can matter on a day: the sets that it is in. A code that rules
        about single diagnoses know of stands for itself."""
        mark = (code, self.bound.stretch(day))
        if self.shows_diagnoses:
            return code
        found = self._signs.get(mark)
        if found is None:
            found = code if code in self._single else self._in_sets(code, day)
            self._signs[mark] = found
        return found

    def _in_sets(self, code: str, day: date) -> tuple[bool, ...]:
        return tuple(code_test(self.bound, codes)(code, day) for codes in self._points)

    @cached_property
    def _single(self) -> frozenset[str]:
        found: set[str] = set()
        for rule in self.rules:
            if rule.for_diagnosis:
                for term in _walk(rule):
                    if isinstance(term, Points):
                        found |= self._codes(term.codes)
                    elif isinstance(term, Active):
                        found |= set(self.bound.validity(term))
        for table in self.bound.book.tables.values():
            found |= table.complete_for[1] if table.complete_for else frozenset()
        return frozenset(found)

    def _codes(self, codes: Codes) -> frozenset[str]:
        return self.bound.possible_codes(codes) or frozenset()


def _attribute_of(term: Any) -> str | None:
    """The attribute that a term or a key reads."""
    if isinstance(term, Attribute) and term.path.startswith("attributes."):
        return term.path.removeprefix("attributes.")
    return term.name if isinstance(term, Key) and term.kind == "attribute" else None


def _walk(value: Any) -> Iterator[Any]:
    """Records, texts and days inside a value; where a thing stands in a file is left out."""
    if isinstance(value, Record):
        yield value
        for name in value._fields:
            if name not in ("location", "cites", "cite", "begin", "end", "adopted"):
                yield from _walk(getattr(value, name))
    elif isinstance(value, tuple | list):
        for part in value:
            yield from _walk(part)
    elif hasattr(value, "items"):
        for part in value.values():
            yield from _walk(part)
    elif isinstance(value, str | date):
        yield value
