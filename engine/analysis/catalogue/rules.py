"""One rule as a section of its policy's page."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from engine.analysis.catalogue.clauses import clauses, code_list, filled
from engine.analysis.catalogue.page import link, policy_path
from engine.analysis.catalogue.shelves import Shelves, grade
from engine.analysis.examples import Example, described
from engine.analysis.markup import Content, Markup, badge, join, listed, table, tag
from engine.model.book import Cite, Rule
from engine.model.claim import Claim, History


def section(shelves: Shelves, here: str, policy: str, entries: list[Rule]) -> Markup:
    """A rule with all of its entries; the one that begins last is shown in full."""
    rule, book = entries[-1], shelves.book(policy)
    effect = rule.consequence
    remittance = " ".join(p for p in (effect.group, effect.carc, effect.rarc) if p)
    return tag(
        "section",
        _top(rule),
        tag("p", filled(rule.says, rule, book), class_="says"),
        tag("p", _dates(rule), f" · {remittance}" if remittance else "", class_="meta"),
        code_list(shelves.codes(policy, rule)),
        tag(
            "details",
            tag("summary", "What it asks, and why"),
            clauses(rule, book),
            _message(rule),
            tag("h4", "sources"),
            listed(_cites(rule, here), class_="history"),
        ),
        _history(shelves, here, policy, entries),
        _examples(shelves.examples.get(rule.id, []) if rule.policy == policy else []),
        class_="rule",
        id=rule.name,
    )


def _top(rule: Rule) -> Markup:
    """The name of a rule, its finding and its ground."""
    badges = [badge(rule.consequence.finding), badge(_source(rule), grade(rule))]
    if rule.consequence.on_claim:
        badges.append(badge("whole claim", "info"))
    name = tag("h3", tag("a", rule.name, href=f"#{rule.name}"))
    return tag("div", name, tag("div", badges, class_="badges"), class_="top")


def _source(rule: Rule) -> str:
    """The weakest ground that a rule stands on."""
    word = grade(rule)
    return word if word == "interpretation" else f"{word} source"


def _dates(rule: Rule) -> str:
    until = f" until before {rule.end}" if rule.end else ""
    return f"services from {rule.begin}{until}"


def _message(rule: Rule) -> Markup | None:
    message = rule.consequence.message
    return join([tag("h4", "message"), tag("p", message)]) if message else None


def _cites(rule: Rule, here: str) -> Iterator[Content]:
    for cite in dict.fromkeys((*rule.cites, *(e.cite for e in rule.exemptions))):
        yield _cite(cite, here)
    for reading in rule.interpretations:
        name = reading.partition("/")[2]
        text = link(here, "sources.html", reading, anchor=f"interpretation-{name}")
        yield join([text, " (a reading that no source states)"])


def _cite(cite: Cite, here: str) -> Markup:
    anchor = f"{cite.source}-{cite.locator}"
    text = link(here, "sources.html", f"{cite.source}, {cite.locator}", anchor=anchor)
    return join([text, " ", badge(cite.evidence), " ", cite.says])


def _history(shelves: Shelves, here: str, policy: str, entries: list[Rule]) -> Markup | None:
    """Every day on which the rule, a number in it or its text in a layer came to read so."""
    found = sorted(
        {
            (day, str(words)): words for day, words in _changes(shelves, here, policy, entries)
        }.items(),
        key=lambda item: item[0],
    )
    items = [join([tag("time", day), ": ", words]) for (day, _), words in found]
    if not items:
        return None
    summary = tag("summary", f"History ({len(items)})")
    return tag("details", summary, listed(items, class_="history"))


def _changes(
    shelves: Shelves, here: str, policy: str, entries: list[Rule]
) -> Iterator[tuple[str, Markup]]:
    for n, rule in enumerate(entries):
        words = "first text" if n == 0 else "reads: "
        said = None if n == 0 else filled(rule.says, rule, shelves.book(policy))
        yield str(rule.begin), join([words, said])
    for name, full in (entries[-1].names or {}).items():
        spans = shelves.book(policy).parameters.get(full, ())
        for span in spans:
            plain = name.replace("_", " ")
            cite = span.value.cite
            words = f"{plain} is {span.value.value} ({cite.source}, {cite.locator})"
            yield str(span.begin or date.min), join(words)
    for layer in shelves.layers.get(policy, ()):
        for change in _of_layer(shelves, layer, entries[-1].name):
            drops = "replaces" not in change and "adds" not in change
            anchor = "" if drops else entries[-1].name
            text = link(here, policy_path(layer), layer, anchor=anchor)
            begin = change.get("from") or shelves.library.policies[layer].data.get("from")
            verb = " drops it: " if drops else " changes it: "
            yield str(begin), join([text, verb, str(change.get("why") or "")])


def _of_layer(shelves: Shelves, layer: str, name: str) -> Iterator[dict[str, object]]:
    data = shelves.library.policies[layer].data
    for key in ("changes", "drops"):
        yield from (c for c in data.get(key) or () if c.get("rule") == name)


def _examples(examples: list[Example]) -> Markup | None:
    if not examples:
        return None
    rows = [[e.name, _claim(e), badge(e.expect)] for e in examples]
    summary = tag("summary", f"Examples ({len(rows)})")
    whole = table(("Example", "Claim", "Outcome"), rows, class_="stacked")
    return tag("details", summary, whole)


def _claim(example: Example) -> Markup:
    parts: list[Content] = [tag("code", described(example.claim, History()))]
    stated = ", ".join(_stated(example.claim))
    if stated:
        parts.append(f" The record states {stated}.")
    earlier = [f"{s.line.procedure} on {s.line.service_date}" for s in example.history.services[:4]]
    if earlier:
        more = len(example.history.services) - len(earlier)
        tail = f" and {more} more" if more else ""
        parts.append(f" Before: {', '.join(earlier)}{tail}.")
    return join(parts)


def _stated(claim: Claim) -> Iterator[str]:
    for facts in (claim.documentation, *(line.documentation for line in claim.lines)):
        for name, value in facts.items():
            said = "not in the record" if value is None else _plain(value)
            yield f"{name.replace('_', ' ')}: {said}"


def _plain(value: object) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, tuple):
        return ", ".join(map(_plain, value))
    return str(value).replace("_", " ")
