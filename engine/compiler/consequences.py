"""What a violation is called and what would mend it (clause A27)."""

from __future__ import annotations

from engine.compiler.forms import FORMS
from engine.compiler.here import Here
from engine.compiler.known import check_fact
from engine.compiler.lowering import PolicyLowering
from engine.compiler.values import value
from engine.model.book import Consequence, Remedy
from engine.model.term import Constant, Stated, Term, Test

_REMEDIES = ("set", "add_modifier", "remove_modifiers", "split_line", "remove_line", "ask")


def consequence(here: Here | None, lowering: PolicyLowering) -> Consequence:
    """The `otherwise` of a rule; a rule without one asks for a review."""
    if here is None:
        return Consequence("review")
    carc = here.text("carc")
    return Consequence(
        finding=here.data.get("finding", "review"),
        on_claim=here.text("falls_on") == "claim",
        group=here.text("group") or ("CO" if carc else None),
        carc=carc,
        rarc=here.text("rarc"),
        message=here.text("message"),
        remedy=_remedy(here.get("remedy"), lowering),
    )


def _remedy(here: Here | None, lowering: PolicyLowering) -> Remedy | None:
    kind = next((k for k in _REMEDIES if here is not None and k in here.data), None)
    if here is None or kind is None:
        return None
    support = here.get("when_fact")
    given = here.data[kind]
    if kind == "ask":
        _check_asked(here.at(kind))
    _check_edit(here.at(kind), supported=support is not None)
    return Remedy(
        kind,  # type: ignore[arg-type]  # one of the literals
        tuple(given) if isinstance(given, list) else given,
        _support(support, lowering) if support else None,
        (support.text("fact") or str(support.data)) if support else None,
    )


def _check_edit(here: Here, *, supported: bool) -> None:
    """An edit that adds a modifier or a diagnosis names the fact that supports it (A27)."""
    fields = here.data if isinstance(here.data, dict) else {}
    adds = here.path[-1] == "add_modifier" or fields.get("modifiers") or fields.get("diagnoses")
    if adds and not supported:
        here.problem(
            "no-support",
            "an edit that adds to a line names the recorded fact that supports it",
            "add `when_fact:` beside it",
            key=True,
        )
    units = here.get("units")
    if units is not None and isinstance(units.data, str):
        value(units)


def _support(here: Here, lowering: PolicyLowering) -> Term:
    """A bare fact supports an edit when it is yes, or is stated at all."""
    if isinstance(here.data, dict):
        return FORMS["documented"].lower(here, lowering)
    name = str(here.data)
    check_fact(here)
    declared = here.sight.facts.get(name)
    yes = Test(among=(Constant(True),)) if declared and declared.type == "yes_no" else None
    return Stated(name, yes)


def _check_asked(here: Here) -> None:
    fields = (
        "prior_authorization",
        "place_of_service",
        "units",
        "ndc",
        "note",
        "diagnoses",
        "side",
    )
    known = {*here.sight.facts, *fields}
    if str(here.data) not in known:
        here.unknown("fact", str(here.data), known)
