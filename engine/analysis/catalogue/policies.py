"""The first page, and one page for each policy."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.catalogue.page import Page, link, policy_path
from engine.analysis.catalogue.rules import section
from engine.analysis.catalogue.shelves import Shelves
from engine.analysis.markup import Content, Markup, join, listed, tag


def home(shelves: Shelves, title: str) -> Page:
    """Every payer with its policies."""
    library = shelves.library
    rules = sum(len(shelves.rules(id)) for id in library.policies)
    examples = sum(map(len, shelves.examples.values()))
    payers = {id: str(d.data.get("title", id)) for id, d in sorted(library.payers.items())}
    groups = {"coding": "Coding, shared by all payers", **payers}
    lead = (
        f"{len(library.policies)} policies, {rules} rules, {examples} examples. "
        "Every rule cites the sentence on which it rests."
    )
    body = [tag("h1", title), tag("p", lead, class_="lead")]
    for folder, name in groups.items():
        ids = [id for id in sorted(library.policies) if id == folder or id.startswith(f"{folder}/")]
        if ids:
            cards = [_card(shelves, id) for id in ids]
            body += [tag("h2", name, id=folder), listed(cards, class_="cards")]
    return Page("index.html", "Policies", join(body), lead)


def _card(shelves: Shelves, id: str) -> Markup:
    data = shelves.library.policies[id].data
    count = len(shelves.rules(id))
    base = data.get("extends")
    written = f"{count} rule{'s' * (count != 1)}"
    about = (
        f"changes {written} of {base}" if base and count else f"adopts {base}" if base else written
    )
    return join(
        [
            link("index.html", policy_path(id), str(data.get("title", id))),
            tag("p", f"from {data.get('from')} · {about}"),
        ]
    )


def pages(shelves: Shelves) -> Iterator[Page]:
    """One page for each policy."""
    for id in sorted(shelves.library.policies):
        yield _page(shelves, id)


def _page(shelves: Shelves, id: str) -> Page:
    data, here = shelves.library.policies[id].data, policy_path(id)
    title = str(data.get("title", id))
    rules = shelves.rules(id)
    sections = [section(shelves, here, id, entries) for entries in rules.values()]
    contents = listed(tag("a", name, href=f"#{name}") for name in rules)
    aside = tag(
        "aside",
        tag("details", tag("summary", f"{len(rules)} rules"), contents, open=True),
        class_="contents",
    )
    main = tag("div", _head(shelves, here, id), sections or tag("p", "No rule of its own."))
    body = [
        tag("p", link(here, "index.html", "Policies"), f" / {id}", class_="crumbs"),
        tag("h1", title),
        tag("div", aside, main, class_="columns"),
    ]
    return Page(here, title, join(body), f"{title}: {len(rules)} rules from {data.get('from')}")


def _head(shelves: Shelves, here: str, id: str) -> Markup:
    data = shelves.library.policies[id].data
    facts: list[Content] = [f"For services from {data.get('from')}."]
    base = data.get("extends")
    if base in shelves.library.policies:
        taken = len(shelves.rules(str(base)))
        words = f" ({taken} rules); what stands below differs from it."
        facts.append(join(["Takes over ", link(here, policy_path(str(base)), str(base)), words]))
    if data.get("applies") == "where_adopted":
        facts.append("Holds only where a contractor or plan has adopted it.")
    layers = [
        link(here, policy_path(layer), layer.rpartition("/")[0])
        for layer in shelves.layers.get(id, ())
    ]
    if layers:
        facts.append(join(["Taken over by ", join(layers, ", "), "."]))
    drops = [str(d.get("rule")) for d in data.get("drops") or ()]
    if drops:
        facts.append(f"Drops {', '.join(drops)}.")
    return listed(facts, class_="history meta")
