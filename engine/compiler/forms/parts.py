"""Parts that several forms share: attribute tests, comparisons and counted services."""

from __future__ import annotations

from collections.abc import Collection
from typing import Any, cast

from engine.compiler import known, values
from engine.compiler.forms.form import Lowering
from engine.compiler.here import Here
from engine.compiler.words import comparison, listed, plain
from engine.model.term import All, Attribute, Codes, Comparison, Constant, Counted, Term, Value

COMPARISONS: tuple[Comparison, ...] = ("at_most", "at_least", "equals")


def attributes(here: Here, prefix: str, coded: Collection[str], words: str) -> Term:
    """Every named attribute passes its test."""
    owner = "line" if prefix == "attributes" else prefix
    terms = tuple(
        Attribute(
            f"{prefix}.{here.sight.derives.get(name, name) if prefix == 'attributes' else name}",
            values.test(place, coded=name in coded),
            f"the {owner}'s {plain(name)} is {listed(place.data)}",
        )
        for name, place in here.items()
    )
    return terms[0] if len(terms) == 1 else All(terms, words)


def attributes_sentence(owner: str, data: Any) -> str:
    """``the claim's form is professional and state is NC``."""
    if not isinstance(data, dict):
        return f"the {owner} attributes"
    return f"the {owner} " + " and ".join(f"{plain(k)} is {listed(v)}" for k, v in data.items())


def compared(here: Here) -> tuple[Comparison, Value]:
    """The comparison that stands in a form, and what with."""
    for key in COMPARISONS:
        place = here.get(key)
        if place is not None:
            known.check_number(place)
            return key, values.value(place)
    here.problem("no-comparison", "a comparison is missing", "add at_most, at_least or equals")
    return "at_most", Constant(0)


def counted(here: Here, lowering: Lowering) -> Counted:
    """Which services the form looks at."""
    where = here.get("where")
    return Counted(
        of=values.codes(here.at("of")) if here.get("of") else Codes(),
        where=lowering.pattern(where) if where else None,
        same=values.keys(here.get("same")),
        different=values.keys(here.get("different")),
        counting=cast(Any, lowering.counting(here, "counting")),
        by=cast(Any, lowering.counting(here, "by")),
    )


def where_sentence(data: dict[str, Any]) -> str:
    """`` with modifier KX, line's purpose diagnostic`` for a `where`."""
    where = data.get("where")
    if not where:
        return ""
    parts = []
    for key, value in where.items():
        if key == "documented":
            parts.append(f"{plain(value.get('fact', 'the facts'))} {comparison(value)}")
        elif isinstance(value, dict):
            parts += [f"{plain(name)} {listed(test)}" for name, test in value.items()]
        else:
            parts.append(f"{plain(key)} {listed(value)}")
    return f" with {', '.join(parts)}"
