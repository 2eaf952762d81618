"""Lowers one rule, as its layers have left it, to the terms that decide it."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Any

from engine.compiler.consequences import consequence
from engine.compiler.here import Here
from engine.compiler.library import Library
from engine.compiler.lowering import PolicyLowering
from engine.compiler.of_diagnoses import check_diagnosis_rule
from engine.compiler.placing import Body
from engine.compiler.sentences import PLACEHOLDER, check_sentence
from engine.model.book import GRADES, Cite, Exemption, Rule, Span
from engine.model.term import All, Attribute, Stated, Term

_MEASURES = ("at_most", "at_least", "equals", "units")


def lower_rule(
    library: Library, id: str, span: Span[Body], lowering: PolicyLowering
) -> Rule | None:
    """The rule that stands in one span; None where its document is too broken to say."""
    body = span.value
    parts = body.parts
    if "applies_to" not in parts or "requires" not in parts or "cites" not in parts:
        return None
    whole = Here(
        body.head.document,
        parts["rule"].path[:-1],
        {key: part.data for key, part in parts.items()},
        body.head.problems,
        parts["requires"].sight,
    )
    cites, readings = _cites(library, body)
    rule = Rule(
        id=id,
        policy=id.split("#")[0],
        name=id.split("#")[1],
        begin=span.begin or date.min,
        end=span.end,
        says=str(parts["says"].data) if "says" in parts else "",
        cites=cites,
        applies_to=_applies(parts, lowering),
        requires=lowering.form(parts["requires"]),
        consequence=consequence(parts.get("otherwise"), lowering),
        when=lowering.form(parts["when"]) if "when" in parts else None,
        when_stated=lowering.form(parts["when_stated"]) if "when_stated" in parts else None,
        exemptions=_exemptions(library, body, lowering),
        for_diagnosis="for_each" in parts and parts["for_each"].data == "diagnosis",
        interpretations=(*readings, *_window_readings(whole)),
        names=_names(whole),
        location=parts["rule"].location(),
        adopted=library.cite(body.adopted_by) if body.adopted_by else None,
    )
    if rule.for_diagnosis:
        check_diagnosis_rule(parts)
    _check(library, rule, parts, whole)
    return rule


def _applies(parts: dict[str, Here], lowering: PolicyLowering) -> Term:
    here = parts["applies_to"]
    diagnosis = "for_each" in parts and parts["for_each"].data == "diagnosis"
    if isinstance(here.data, dict) and "procedure" not in here.data and not diagnosis:
        here.problem(
            "no-procedure",
            "`applies_to` must name `procedure`",
            "write `procedure: any` if the rule speaks of every code",
            key=True,
        )
    return lowering.pattern(here)


def _cites(library: Library, body: Body) -> tuple[tuple[Cite, ...], tuple[str, ...]]:
    places = [body.adopted_by] if body.adopted_by else []
    places += [*reversed(body.changed_cites), *body.parts["cites"].each()]
    # A change may cite the sentence of the base again.
    found = list(dict.fromkeys(cite for place in places if (cite := library.cite(place))))
    firm = tuple(c for c in found if c.source != "interpretation")
    readings = tuple(f"{c.source}/{c.locator}" for c in found if c.source == "interpretation")
    return firm or tuple(found), readings


def _window_readings(whole: Here) -> tuple[str, ...]:
    found = {
        str(whole.sight.windows[name].data.get("cites"))
        for name in _within(whole.data)
        if name in whole.sight.windows
    }
    head = whole.document.data.get("history") or {}
    if found and head.get("cites"):
        found.add(str(head["cites"]))
    return tuple(sorted(c for c in found if c.startswith("interpretation/")))


def _within(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for item in data:
            yield from _within(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == "within" and isinstance(value, str):
                yield value
            elif key != "examples":
                yield from _within(value)


def _exemptions(library: Library, body: Body, lowering: PolicyLowering) -> tuple[Exemption, ...]:
    places = [*(body.parts["unless"].each() if "unless" in body.parts else ()), *body.more_unless]
    found = []
    for place in places:
        when, cites = place.get("when"), place.get("cites")
        cite = library.cite(cites) if cites else None
        if when is not None and cite is not None:
            found.append(Exemption(str(place.text("exception")), lowering.form(when), cite))
    return tuple(found)


def _names(whole: Here) -> dict[str, str]:
    """The parameters that a rule names, as a value to compare with or in braces."""
    used = set(_words(whole.data))
    return {name: full for name, full in whole.sight.parameters.items() if name in used}


def _words(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield from PLACEHOLDER.findall(data)
    elif isinstance(data, list):
        for item in data:
            yield from _words(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key in _MEASURES and isinstance(value, str):
                yield value
            elif key != "examples":
                yield from _words(value)


def _check(library: Library, rule: Rule, parts: dict[str, Here], whole: Here) -> None:
    for place in (
        parts.get("says"),
        parts["otherwise"].get("message") if "otherwise" in parts else None,
    ):
        if place is not None:
            check_sentence(place, whole)
    weakest = max((GRADES.index(c.evidence) for c in rule.cites if c.evidence in GRADES), default=0)
    finding = parts["otherwise"].get("finding") if "otherwise" in parts else None
    if GRADES[weakest] == "unverified" and finding and finding.data not in ("warn", "info"):
        finding.problem(
            "unverified-ground",
            f"a rule on an unverified source can only warn, not `{finding.data}`",
            "write `finding: warn`, or cite a source that was read",
        )
    for fact in _facts(rule.when_stated) if rule.when_stated else ():
        rare = fact not in whole.sight.facts or whole.sight.facts[fact].rare
        if not rare and not library.asked.get(fact, set()) - {rule.id}:
            parts["when_stated"].problem(
                "never-asked",
                f"no rule asks for the fact `{fact}`, so silence would pass this rule for ever",
                "mark the fact `rare: true` in the vocabulary, or ask for it with `when`",
            )


def _facts(term: Term) -> Iterator[str]:
    if isinstance(term, Stated):
        yield term.fact
    for part in getattr(term, "terms", ()):
        yield from _facts(part)
    if hasattr(term, "term"):
        yield from _facts(term.term)


def asks_code(term: Term) -> Attribute | None:
    """The procedure test of a line pattern, if it has one."""
    parts = term.terms if isinstance(term, All) else (term,)
    return next((p for p in parts if isinstance(p, Attribute) and p.path == "procedure"), None)
