"""Defects to plant: for a rule that a clean claim meets, an edit that breaks it by construction."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from random import Random
from typing import Any

from engine.analysis.diff.resolve import Resolver
from engine.chain.facts import LineFacts
from engine.chain.ruling import Ruling
from engine.model.book import RuleBook
from engine.model.length import Length
from engine.model.term import (
    All,
    Attribute,
    Bears,
    Constant,
    CountOf,
    Points,
    Sessions,
    Spacing,
    Stated,
    Term,
    Units,
)


@dataclass
class Site:
    """A line of a raw claim that is about to be spoilt."""

    claim: dict[str, Any]
    line: dict[str, Any]
    history: dict[str, Any]
    x: LineFacts
    ruling: Ruling
    book: RuleBook
    random: Random

    @property
    def facts(self) -> dict[str, Any]:
        """The record of the claim, made where there is none."""
        record: dict[str, Any] = self.claim.setdefault("documentation", {})
        return record

    def holder(self, fact: str) -> dict[str, Any]:
        """Where the record states a fact: of the line, else of the claim."""
        own = (self.facts.get("lines") or {}).get(str(self.line["number"])) or {}
        return own if fact in own else self.facts.setdefault("claim", {})


def spoil(site: Site, term: Term, *, hide: bool) -> str | None:
    """Break a requirement, or with `hide` take away what the record says of it.

    What was done, in words; None where this kind of requirement cannot be broken so.
    """
    parts = list(_breakable(term))
    site.random.shuffle(parts)
    for part in parts:
        done = _hidden(site, part) if hide else _PLANTS[type(part)](site, part)
        if done:
            return done
    return None


def _breakable(term: Term) -> Iterator[Any]:
    """Each of them alone breaks the term."""
    if isinstance(term, All):
        for part in term.terms:
            yield from _breakable(part)
    elif type(term) in _PLANTS and not isinstance(term, CountOf):
        yield term


def _hidden(site: Site, term: Any) -> str | None:
    if not isinstance(term, Stated):
        return None
    holder = site.holder(term.fact)
    return f"{term.fact} is not recorded" if holder.pop(term.fact, None) is not None else None


def _units(site: Site, term: Units) -> str | None:
    limit = site.ruling.reports().get(f"{term.label}.limit")
    if term.comparison != "at_most" or not isinstance(limit, int):
        return None
    before = site.line.get("units")
    site.line["units"] = limit + site.random.choice((1, 1, 2, 3))
    return f"units raised from {before} to {site.line['units']}"


def _bears(site: Site, term: Bears) -> str | None:
    codes = sorted(Resolver(site.book, site.x.date).codes(term.codes).literal)
    carried = list(site.line.get("modifiers") or ())
    if term.how == "has_none" and codes:
        code = site.random.choice(codes)
        site.line["modifiers"] = [*carried, code]
        return f"modifier {code} added"
    gone = [m for m in carried if m in codes]
    if term.how == "has_none" or not gone:
        return None
    site.line["modifiers"] = [m for m in carried if m not in codes]
    return f"modifier {' '.join(gone)} taken off"


def _points(site: Site, term: Points) -> str | None:
    listed = Resolver(site.book, site.x.date).codes(term.codes).literal
    other = next((c for c in ("M54.50", "R52", "Z00.00") if c not in listed), None)
    if other is None:
        return None
    diagnoses = [*site.claim.get("diagnoses", ()), other]
    site.claim["diagnoses"] = diagnoses
    site.line["diagnosis_pointers"] = [len(diagnoses)]
    site.line.pop("diagnoses", None)
    return f"the line points to {other} only"


def _sessions(site: Site, term: Sessions) -> str | None:
    limit = site.ruling.reports().get(f"{term.label}.limit")
    if term.comparison != "at_most" or not isinstance(limit, int) or term.count != "dates":
        return None
    more = limit + site.random.choice((0, 0, 0, 1))
    step = _before(site, more)
    return f"{more} earlier sessions, {step} days apart, where {limit} in all are allowed"


def reach_limit(site: Site, term: Sessions) -> bool:
    """So many earlier sessions that one more is just allowed; False where none is earlier."""
    limit = site.ruling.reports().get(f"{term.label}.limit")
    if term.comparison != "at_most" or not isinstance(limit, int) or limit < 2:
        return False
    _before(site, limit - 1)
    return True


def _before(site: Site, count: int) -> int:
    """Earlier sessions at even distances within eleven months; the distance in days."""
    step = max(7, min(70, 330 // max(count, 1)))
    for n in range(count):
        _earlier(site, site.x.date - timedelta(days=step * (n + 1)))
    return step


def _spacing(site: Site, term: Spacing) -> str | None:
    length = term.length.value if isinstance(term.length, Constant) else None
    if not isinstance(length, Length):
        return None
    days = max(1, length.days()[0] // 2)
    _earlier(site, site.x.date - timedelta(days=days))
    return f"the same service {days} days before, where {length} are asked"


def _earlier(site: Site, day: date) -> None:
    """The same service on an earlier day, paid."""
    record = (site.facts.get("lines") or {}).get(str(site.line["number"])) or {}
    provider = site.line.get("rendering_provider") or site.claim.get("billing_provider") or {}
    services = site.history.setdefault("services", [])
    service = {
        "patient_id": site.claim["patient"]["id"],
        "service_date": day.isoformat(),
        "procedure": site.line["procedure"],
        "modifiers": list(site.line.get("modifiers") or ()),
        "units": site.line.get("units", 1),
        "place_of_service": site.line.get("place_of_service"),
        "rendering_npi": provider.get("npi"),
        "group": (site.claim.get("billing_provider") or {}).get("group"),
        "payer": site.claim["payer"].get("id"),
        "claim_id": f"{site.claim['claim_id']}-E{len(services) + 1}",
        "line": 1,
        "status": "paid",
    }
    if record:
        service["documentation"] = dict(record)
    services.append({key: value for key, value in service.items() if value is not None})


def _stated(site: Site, term: Stated) -> str | None:
    """The record says something that does not do."""
    holder, test = site.holder(term.fact), term.test
    if term.fact not in holder or test is None:
        return None
    low = Resolver(site.book, site.x.date).term(test.at_least) if test.at_least else None
    value = _below(low.value) if isinstance(low, Constant) else _other(site, term)
    if value is None:
        return None
    holder[term.fact] = value
    return f"the record says {value} for {term.fact}"


def _below(bound: Any) -> Any:
    if isinstance(bound, Length):
        return str(Length(bound.count - 1, bound.unit)) if bound.count > 1 else None
    return bound - 1 if isinstance(bound, int) and bound > 0 else None


def _other(site: Site, term: Stated) -> Any:
    """Another answer of the vocabulary."""
    fact = site.book.facts.get(term.fact)
    among = [v.value for v in term.test.among if isinstance(v, Constant)] if term.test else []
    if fact is None or fact.list or not among:
        return None
    answers = (True, False) if fact.type == "yes_no" else fact.values
    left = [answer for answer in answers if answer not in among]
    return site.random.choice(left) if left else None


def _attribute(site: Site, term: Attribute) -> str | None:
    if term.path != "place_of_service" or term.test.codes is None:
        return None
    allowed = Resolver(site.book, site.x.date).codes(term.test.codes).literal
    other = next((p for p in ("12", "11", "22", "24") if p not in allowed), None)
    if other is None:
        return None
    site.line["place_of_service"] = other
    return f"place of service {other}"


_PLANTS: dict[type, Callable[[Site, Any], str | None]] = {
    Units: _units,
    Bears: _bears,
    Points: _points,
    Sessions: _sessions,
    Spacing: _spacing,
    Stated: _stated,
    Attribute: _attribute,
}
