"""Line patterns: a mapping of keys that must all hold of one line (clause A2)."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from engine.model.claim import Provider
from engine.model.facility import claim_kind, facility_type
from tests.naive.codes import among
from tests.naive.comparing import known_value, passes, within
from tests.naive.facts import NOT_RECORDED, UNKNOWN, documented, whole_years
from tests.naive.keys import group_of, payer_of
from tests.naive.three import Tri, all_hold
from tests.naive.world import Here


def matches(here: Here, pattern: Mapping[str, Any], own_code: str | None = None) -> Tri:
    """Whether the line is as the pattern wants; `own_code` is what ``same_code`` stands for."""
    return all_hold(PATTERNS[key](here, wanted, own_code) for key, wanted in pattern.items())


def procedure(here: Here, wanted: Any, own_code: str | None = None) -> Tri:
    """The code is one of these."""
    return among(here, here.item.line.procedure, wanted, own_code)


def modifier(here: Here, wanted: Any, own_code: str | None = None) -> Tri:
    """The line bears any, all or none of these; what is not on the claim is not borne."""
    borne = here.item.line.modifiers
    parts: list[Tri] = []
    for word, codes in wanted.items():
        found = [among(here, one, codes) for one in borne]
        if word == "has_any":
            parts.append(any(found))
        elif word == "has_none":
            parts.append(not any(found))
        else:
            parts.append(_bears_all(here, codes))
    return all_hold(parts)


def diagnosis(here: Here, wanted: Any, own_code: str | None = None) -> Tri:
    """A diagnosis to which the line points is one of these, or with `primary` the first is."""
    codes, primary = wanted, False
    if isinstance(wanted, dict) and "of" in wanted:
        codes, primary = wanted["of"], wanted.get("primary", False)
    if here.item.diagnosis is not None:
        return among(here, here.item.diagnosis, codes)
    pointed = _pointed(here)
    return any(among(here, one, codes) for one in (pointed[:1] if primary else pointed))


def place_of_service(here: Here, wanted: Any, own_code: str | None = None) -> Tri:
    """The place of service is one of these."""
    place = here.item.line.place_of_service
    return None if place is None else among(here, place, wanted)


def provider(here: Here, wanted: Any, own_code: str | None = None) -> Tri:
    """Who rendered the service is one of these."""
    who = here.item.line.rendering_provider or Provider()
    parts: list[Tri] = []
    for name, codes in wanted.items():
        found = group_of(here.world, here.item) if name == "group" else getattr(who, name)
        if found is None:
            parts.append(None)
        else:
            parts.append(_text(found, codes) if name == "group" else among(here, found, codes))
    return all_hold(parts)


def patient(here: Here, wanted: Any, own_code: str | None = None) -> Tri:
    """Age on the day of service, sex, or day of birth."""
    who = here.world.claim.patient
    parts: list[Tri] = []
    if "sex" in wanted:
        parts.append(None if who.sex is None else _text(who.sex, wanted["sex"]))
    if who.birth_date is None:
        return all_hold([*parts, *(None for name in wanted if name != "sex")])
    age = whole_years(who.birth_date, here.item.day)
    ages = wanted.get("age", {}).items()
    days = wanted.get("birth_date", {}).items()
    parts += [within(age, age, {word: limit}, here) for word, limit in ages]
    parts += [_born(who.birth_date, word, date.fromisoformat(limit)) for word, limit in days]
    return all_hold(parts)


def claim(here: Here, wanted: Any, own_code: str | None = None) -> Tri:
    """What the claim as a whole says of itself; of an earlier one only the payer is known."""
    parts: list[Tri] = []
    for name, words in wanted.items():
        found = _of_claim(here, name)
        parts.append(None if found is None else _text(found, words))
    return all_hold(parts)


def attributes(here: Here, wanted: Any, own_code: str | None = None) -> Tri:
    """What the code's sets or derived facts say of the line."""
    return all_hold(passes(here, name, test) for name, test in wanted.items())


def record(here: Here, wanted: Any, own_code: str | None = None) -> Tri:
    """The record states one fact so, or states each of several."""
    if "facts" in wanted:
        return all_hold(_stated(here, name) for name in wanted["facts"])
    test = {word: limit for word, limit in wanted.items() if word != "fact"}
    return known_value(here, wanted["fact"], test)


def _stated(here: Here, name: str) -> Tri:
    found = documented(here, name)
    return None if found is UNKNOWN else found is not NOT_RECORDED


def _of_claim(here: Here, name: str) -> str | None:
    claim = here.world.claim
    if name == "payer":
        return payer_of(here.world, here.item)
    if here.item.service is not None:
        return None
    if name == "facility_type":
        return facility_type(claim, here.item.line)[0]
    if name == "kind":
        return claim_kind(claim)[0]
    if name == "contractor":
        return claim.payer.contractor or here.world.contractor
    if name == "plan":
        return claim.payer.plan or here.world.plan
    found: str | None = getattr(claim.payer if name == "state" else claim, name)
    return found


def _pointed(here: Here) -> tuple[str, ...]:
    line = here.item.line
    if line.diagnoses or here.item.service is not None:
        return line.diagnoses
    return here.world.claim.diagnoses


def _bears_all(here: Here, codes: Any) -> bool:
    from tests.naive.sight import sets

    borne = here.item.line.modifiers
    wanted = codes if isinstance(codes, list) else [codes]
    for one in wanted:
        if one in sets(here.sight):
            for entry in sets(here.sight)[one]["members"]:
                code = entry if isinstance(entry, str) else entry["code"]
                if among(here, code, one) and code not in borne:
                    return False
        elif one not in borne:
            return False
    return True


def _text(found: str, wanted: Any) -> bool:
    return found in (wanted if isinstance(wanted, list) else [wanted])


def _born(birth: date, word: str, limit: date) -> bool:
    return birth >= limit if word == "at_least" else birth <= limit


PATTERNS: dict[str, Callable[[Here, Any, str | None], Tri]] = {
    "procedure": procedure,
    "modifier": modifier,
    "diagnosis": diagnosis,
    "place_of_service": place_of_service,
    "provider": provider,
    "patient": patient,
    "claim": claim,
    "attributes": attributes,
    "documented": record,
}
