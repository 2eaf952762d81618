"""What may stand in a place: facts, values of attributes and of choices, numbers or lengths."""

from __future__ import annotations

from engine.compiler.here import Here
from engine.compiler.sight import Sight
from engine.model.length import parse_length


def attribute_values(sight: Sight, name: str) -> set[str]:
    """Every value that code sets or a derivation in sight give an attribute."""
    if name in sight.derives:
        return _derived_values(sight, sight.places[("derives", sight.derives[name])])
    return given_values(sight, name)


def _derived_values(sight: Sight, place: Here) -> set[str]:
    """The values that a derived fact declares, else all that its entries can give."""
    name = place.text("fact")
    entries = [e for e in place.document.data.get("derives") or () if e.get("fact") == name]
    declared = {str(v) for e in entries for v in e.get("values") or ()}
    if declared:
        return declared
    given = [case.get("is") for e in entries for case in e.get("cases") or ()]
    found = {str(v) for v in given}
    for last in (e.get("otherwise") for e in entries):
        if isinstance(last, dict):
            found |= given_values(sight, str(last.get("attribute")))
        elif last is not None:
            found.add(str(last))
    return found


def given_values(sight: Sight, name: str) -> set[str]:
    """Every value that code sets in sight give an attribute."""
    found: set[str] = set()
    for full in sight.sets.values():
        data = sight.places[("sets", full)].data
        if name in (data.get("attributes") or ()):
            members = (m for m in data.get("members") or () if isinstance(m, dict))
            found.update(str(m[name]) for m in members if name in m)
    return found


def words_of(here: Here) -> list[Here]:
    """The places of the words that a test compares with."""
    if not isinstance(here.data, dict):
        return here.each()
    chosen = here.get("in") or here.get("is")
    return chosen.each() if chosen else []


def check_fact(here: Here) -> bool:
    """Whether the vocabulary declares the fact named here; a problem if not."""
    known = here.sight.facts
    if str(here.data) in known:
        return True
    here.unknown("fact", str(here.data), known)
    return False


_KINDS: dict[str, tuple[type, str]] = {
    "yes_no": (bool, "true or false"),
    "integer": (int, "a whole number"),
    "percent": (int, "a whole number from 0 to 100"),
}


def check_choice(here: Here, name: str) -> None:
    """Report values that a fact of its type cannot have."""
    fact = here.sight.facts[name]
    if fact.type in _KINDS:
        _check_kind(here, name, *_KINDS[fact.type])
    if fact.type != "choice" or not fact.values:
        return
    for key in ("is", "in", "includes"):
        place = here.get(key)
        for part in place.each() if place else ():
            if part.data not in fact.values:
                part.unknown(f"value of {name}", str(part.data), map(str, fact.values))


def _check_kind(here: Here, name: str, kind: type, words: str) -> None:
    for key in ("is", "in", "includes"):
        place = here.get(key)
        for part in place.each() if place else ():
            if type(part.data) is not kind:
                message = f"the fact `{name}` is {words}, never `{part.data}`"
                part.problem("wrong-value", message)


def check_measure(here: Here, name: str) -> None:
    """Report bounds of a fact that are of another kind than the fact."""
    kind = here.sight.facts[name].type
    for key in ("at_least", "at_most"):
        place = here.get(key)
        if place is not None and kind == "duration":
            check_length(place)
        elif place is not None and kind in ("integer", "percent"):
            check_number(place)


def check_number(here: Here) -> None:
    """Report a length of time where a number is compared."""
    if _is_length(here):
        here.problem(
            "length-for-a-number",
            f"`{here.data}` is a length of time, and a number is compared here",
            "name a parameter that holds a number",
        )


def check_length(here: Here) -> None:
    """Report a number where a length of time is compared."""
    if _is_length(here) is False:
        here.problem(
            "number-for-a-length",
            f"`{here.data}` is a number, and a length of time is compared here",
            "write the value as a length, like `14 days`",
        )


def _is_length(here: Here) -> bool | None:
    """Whether a value, or the parameter that it names, is a length; None: not known."""
    if isinstance(here.data, int):
        return False
    if not isinstance(here.data, str):
        return None
    if parse_length(here.data) is not None:
        return True
    place = here.sight.places.get(("parameters", here.sight.parameters.get(here.data, "")))
    entries = place.data.get("values") or () if place is not None else ()
    given = [e.get("value") for e in entries if isinstance(e, dict) and "value" in e]
    return isinstance(given[-1], str) if given else None
