"""Strategies for small rule books: a coding policy, a national one, and layers over it."""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

from tests.properties.forms import (
    codes,
    companions_that_are_payable,
    forms,
    patterns,
    table_forms,
)
from tests.properties.ground import NEEDLING, WINDOWS, dated, file, shared_files
from tests.properties.numbers_and_facts import DECISIONS, dates, derives, parameter, parameters

_FINDINGS = st.sampled_from(["deny", "deny", "reject", "recode", "review", "warn", "info"])
_HISTORY = {"counting": "paid", "by": "any_provider", "cites": "interpretation/reading"}


@cache
def _otherwise() -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {"finding": _FINDINGS}, optional={"falls_on": st.sampled_from(["line", "claim"])}
    )


@cache
def _exceptions() -> st.SearchStrategy[list[dict[str, Any]]]:
    one = st.builds(
        lambda when: {"exception": "other-way", "cites": "firm/one", "when": when}, forms()
    )
    return st.lists(one, min_size=1, max_size=1)


@cache
@st.composite
def _rule(draw: st.DrawFn, name: str) -> dict[str, Any]:
    pattern = draw(st.fixed_dictionaries({}, optional=patterns())) if draw(_rarely()) else {}
    otherwise = draw(_otherwise())
    rule: dict[str, Any] = {
        "rule": name,
        "says": "A rule.",
        "cites": "weak/one" if otherwise["finding"] == "warn" else "firm/one",
        "applies_to": {"procedure": draw(codes()), **pattern},
        "requires": draw(forms()),
        "otherwise": otherwise,
    }
    if draw(_rarely()):
        rule["when"] = draw(forms())
    if draw(_rarely()):
        rule["when_stated"] = {"documented": {"fact": "biologic", "is": True}}
    if draw(_rarely()):
        rule["unless"] = draw(_exceptions())
    elif draw(_rarely()):
        rule["requires"] = draw(table_forms())
    return rule


@cache
def _rarely() -> st.SearchStrategy[bool]:
    return st.sampled_from([False, False, True])


@cache
@st.composite
def _entries(draw: st.DrawFn, name: str) -> list[dict[str, Any]]:
    """One rule, sometimes in a later entry too, which may end it."""
    found = [draw(_rule(name))]
    if draw(_rarely()):
        later = {**draw(_rule(name)), **draw(dates())}
        if draw(_rarely()):
            later = {"rule": name, **draw(dates()), "ends": True}
        found.append(later)
    return dated(found)


@cache
@st.composite
def _waiting(draw: st.DrawFn, names: tuple[str, ...]) -> dict[str, Any]:
    """A rule that waits for the outcome of another line, or of another rule."""
    rule = draw(_rule("waiting"))
    form: dict[str, Any] = draw(companions_that_are_payable())
    if draw(st.booleans()):
        is_ = draw(st.sampled_from(["violated", "passed"]))
        form = {"outcome": {"rule": draw(st.sampled_from(names)), "is": is_}}
    part = draw(st.sampled_from(["requires", "when"]))
    # Falling on the claim, it would fall on the line whose outcome it waits for.
    otherwise = {"finding": rule["otherwise"]["finding"]}
    applies_to = {"procedure": list(NEEDLING)}
    return {**rule, "applies_to": applies_to, "otherwise": otherwise, part: form}


@cache
@st.composite
def _for_diagnosis(draw: st.DrawFn) -> dict[str, Any]:
    kept = {name: patterns()[name] for name in ("diagnosis", "patient")}
    pattern = draw(st.fixed_dictionaries({}, optional=kept))
    asked = draw(st.sampled_from(["patient", "claim", "diagnosis"]))
    wanted = draw(patterns()[asked])
    if asked == "claim" and ("facility_type" in wanted or "kind" in wanted):
        wanted = {"form": "professional"}
    return {
        "rule": "each-diagnosis",
        "for_each": "diagnosis",
        "says": "A rule.",
        "cites": "firm/one",
        "applies_to": pattern,
        "requires": {asked: wanted},
        "otherwise": draw(_otherwise()),
    }


@cache
@st.composite
def _national(draw: st.DrawFn) -> dict[str, Any]:
    rules = [entry for name in ("first", "second") for entry in draw(_entries(name))]
    rules.append(draw(_waiting(("first", "second"))))
    if draw(st.booleans()):
        rules.append(draw(_for_diagnosis()))
    return {
        "policy": "needles",
        "title": "Needles",
        "from": "2024-01-01",
        "sources": "../../sources.yaml",
        "applies": draw(st.sampled_from(["everywhere", "where_adopted"])),
        "scope": draw(st.sampled_from([{"procedure": "needling"}, {"procedure": "everything"}])),
        "history": _HISTORY,
        "parameters": draw(parameters()),
        "sets": {"chosen": draw(_chosen())},
        "decisions": DECISIONS,
        "derives": draw(derives()),
        "rules": rules,
    }


@cache
def _chosen() -> st.SearchStrategy[dict[str, Any]]:
    """A set that a policy declares for itself, and a layer in another way."""
    members = st.lists(st.sampled_from(["20552", "64490", "99213"]), min_size=1, unique=True)
    return st.builds(lambda codes: {"says": "Chosen.", "members": codes}, members)


@cache
@st.composite
def _layer(draw: st.DrawFn, rank: str) -> dict[str, Any]:
    found: dict[str, Any] = {
        "policy": "needles",
        "title": "Needles here",
        "extends": "medicare/national/needles",
        "sources": "../../../sources.yaml",
        "from": draw(st.sampled_from(["2020-01-01", "2024-06-30"])),
    }
    if draw(st.booleans()):
        found["adopted_by"] = "firm/one"
    if draw(_rarely()):
        limit = draw(parameter((0, 1, 2, 3)))
        found["parameters"] = {"limit": {"why": "It differs.", **limit}}
    if draw(_rarely()):
        found["sets"] = {"chosen": {"why": "It differs.", **draw(_chosen())}}
    if draw(st.booleans()):
        found["changes"] = _spans(draw, draw(_change()))
    elif draw(_rarely()):
        found["drops"] = _spans(draw, {"rule": "second", "why": "It does not hold."})
    if draw(_rarely()):
        found["rules"] = draw(_entries(f"{rank}-own"))
    return found


@cache
@st.composite
def _change(draw: st.DrawFn) -> dict[str, Any]:
    change: dict[str, Any] = {"rule": "first", "why": "It differs.", "cites": "firm/one"}
    kinds = draw(st.sampled_from(["replaces", "adds", "both"]))
    if kinds != "adds":
        keys = {"requires": forms(), "otherwise": _otherwise()}
        change["replaces"] = draw(st.fixed_dictionaries({}, optional=keys).filter(bool))
    if kinds != "replaces":
        change["adds"] = {"unless": _renamed(draw(_exceptions()))}
    return change


def _renamed(exceptions: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return [{**one, "exception": "added-way"} for one in exceptions]


def _spans(draw: st.DrawFn, entry: dict[str, Any]) -> list[dict[str, Any]]:
    if draw(st.booleans()):
        return [entry]
    found = [{**entry, **draw(dates())}]
    if draw(st.booleans()):
        found.append({"rule": entry["rule"], **draw(dates()), "ends": True})
    return dated(found)


@cache
@st.composite
def _coding(draw: st.DrawFn) -> dict[str, Any]:
    return {
        "policy": "coding",
        "title": "Coding",
        "windows": WINDOWS,
        "from": "2020-01-01",
        "sources": "sources.yaml",
        "history": _HISTORY,
        "parameters": draw(parameters()),
        "sets": {"chosen": draw(_chosen())},
        "decisions": DECISIONS,
        "derives": draw(derives()),
        "rules": draw(_entries("shared")),
    }


@cache
@st.composite
def trees(draw: st.DrawFn) -> dict[str, bytes]:
    """A whole policies folder, as files."""
    files = shared_files()
    files["medicare/national/needles/policy.yaml"] = file(draw(_national()))
    if draw(st.booleans()):
        files["coding/policy.yaml"] = file(draw(_coding()))
    if draw(st.booleans()):
        files["medicare/contractors/cgs/needles/policy.yaml"] = file(draw(_layer("contractor")))
    return files
