"""Checks one documented value against the type that the vocabulary declares for its fact."""

from __future__ import annotations

from collections.abc import Callable

from engine.claims.codes import iso_day
from engine.claims.where import shown
from engine.model.claim import FactValue
from engine.model.length import parse_length
from engine.model.vocabulary import Fact


class Unfit(Exception):  # noqa: N818 - carries a sentence to the one caller, never leaves the room
    """The value is not of the declared type; the text says what it should be."""


def fitted(fact: Fact, value: FactValue) -> FactValue:
    """The value in its canonical form; raises Unfit with what was wanted instead.

    Null is always allowed: it was looked for and is not in the record. A duration becomes a text
    such as ``6 weeks``, a date a day, the words of a list a tuple.
    """
    if value is None:
        return None
    reader = _READERS.get(fact.type, _text)
    if not fact.list:
        return reader(fact, value)
    if not isinstance(value, tuple):
        raise Unfit("wants a list")
    return tuple(reader(fact, member) for member in value)


def _yes_no(fact: Fact, value: FactValue) -> FactValue:
    if isinstance(value, bool):
        return value
    raise Unfit("wants true or false, without quotes")


def _integer(fact: Fact, value: FactValue) -> FactValue:
    if isinstance(value, int) and not isinstance(value, bool):
        return value
    raise Unfit("wants a whole number, without quotes")


def _percent(fact: Fact, value: FactValue) -> FactValue:
    if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= 100:
        return value
    raise Unfit("wants a whole number from 0 to 100, without quotes")


def _duration(fact: Fact, value: FactValue) -> FactValue:
    example = f"wants a length of time such as `6 {_plural(fact.unit or 'weeks')}`"
    if isinstance(value, int) and not isinstance(value, bool):
        if not fact.unit:
            raise Unfit(f"{example}, with its unit")
        value = str(value)
    if not isinstance(value, str):
        raise Unfit(example)
    if fact.unit and fact.unit.removesuffix("s") in ("minute", "hour"):
        return _clock_length(value, fact.unit, example)
    length = parse_length(value, fact.unit)
    if length is None:
        raise Unfit(example)
    return str(length)


def _clock_length(value: str, unit: str, example: str) -> str:
    # Minutes of sedation are counted, never added to a calendar: the calendar's lengths lack them.
    count, _, word = value.strip().partition(" ")
    fits = count.isascii() and count.isdigit() and word.removesuffix("s") in ("", _one(unit))
    if not fits:
        raise Unfit(example)
    return f"{int(count)} {_one(unit) if int(count) == 1 else _plural(unit)}"


def _day(fact: Fact, value: FactValue) -> FactValue:
    found = iso_day(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise Unfit("wants a day written as 2026-03-04")
    return found


def _choice(fact: Fact, value: FactValue) -> FactValue:
    if isinstance(value, str) and value.strip() in fact.values:
        return value.strip()
    raise Unfit(f"wants one of {', '.join(fact.values)}")


def _words(fact: Fact, value: FactValue) -> FactValue:
    members = value if isinstance(value, tuple) else (value,)
    words = tuple(member.strip() for member in members if isinstance(member, str))
    if len(words) != len(members) or not all(words):
        raise Unfit("wants a list of texts")
    strange = [word for word in words if fact.values and word not in fact.values]
    if strange:
        raise Unfit(f"holds {shown(strange[0])} and wants words of {', '.join(fact.values)}")
    return words


def _text(fact: Fact, value: FactValue) -> FactValue:
    if isinstance(value, str) and value.strip():
        return value.strip()
    raise Unfit("wants a text")


def _one(unit: str) -> str:
    return unit.removesuffix("s")


def _plural(unit: str) -> str:
    return _one(unit) + "s"


_READERS: dict[str, Callable[[Fact, FactValue], FactValue]] = {
    "yes_no": _yes_no,
    "integer": _integer,
    "percent": _percent,
    "duration": _duration,
    "date": _day,
    "choice": _choice,
    "words": _words,
    "text": _text,
}
