"""The pages of codes, facts and sources, each entry with the rules that lean on it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from engine.analysis.catalogue.page import Page, rule_link
from engine.analysis.catalogue.shelves import Shelves
from engine.analysis.markup import Content, Markup, badge, join, listed, table, tag
from engine.model.vocabulary import Fact

MOST = 12
"""So many rules are listed at once; the rest are folded in."""


def codes(shelves: Shelves) -> Page:
    """Every code set with its members, and every table with its size."""
    body: list[Content] = [tag("h1", "Codes"), tag("p", "Code sets and tables.", class_="lead")]
    folder = None
    for where, name, data in sorted(shelves.sets(), key=lambda s: (s[0], s[1])):
        if where != folder:
            body.append(tag("h2", where))
            folder = where
        body.append(_set(shelves, where, name, data))
    tables = shelves.of_kind("table")
    body.append(tag("h2", "Tables"))
    body += [_table(document.folder, document.data, document.table) for document in tables]
    return Page("codes.html", "Codes", join(body), "Code sets and tables of the policies")


def _set(shelves: Shelves, folder: str, name: str, data: dict[str, Any]) -> Markup:
    users = shelves.users.get(("set", f"{folder}:{name}"), [])
    members = [{"code": m} if isinstance(m, str) else m for m in data.get("members") or ()]
    kind = str(data.get("of", "procedure")).replace("_", " ")
    return tag(
        "div",
        tag("h3", tag("code", name)),
        tag("p", str(data.get("says", "")), class_="meta"),
        tag("p", f"{len(members)} {kind} codes", class_="meta"),
        _members(members),
        _used(users, "codes.html"),
        class_="entry",
        id=f"{folder}-{name}",
    )


def _members(members: list[dict[str, Any]]) -> Markup:
    columns = list(dict.fromkeys(key for m in members for key in m if key != "code"))
    if not columns:
        return tag("ul", [tag("li", m["code"]) for m in members], class_="codes")
    rows = [
        [tag("code", m["code"]), *(_plain(m.get(column)) for column in columns)] for m in members
    ]
    return table(("code", *(c.replace("_", " ") for c in columns)), rows)


def _plain(value: object) -> str:
    if value is True:
        return "yes"
    return "" if value is None else str(value).replace("_", " ")


def _table(folder: str, data: dict[str, Any], rows: Any) -> Markup:
    columns = data.get("columns") or {}
    return tag(
        "div",
        tag("h3", tag("code", str(data.get("table")))),
        tag("p", str(data.get("says", "")), class_="meta"),
        tag("p", f"{len(rows.rows) if rows else 0} rows · {folder}", class_="meta"),
        listed(
            join([tag("code", name), ": ", str(about.get("says", ""))])
            for name, about in columns.items()
        ),
        class_="entry",
        id=f"{folder}-{data.get('table')}",
    )


def _used(ids: list[str], here: str) -> Markup | None:
    """The rules that name something; a long list is folded."""
    if not ids:
        return tag("p", "No rule names it by itself.", class_="meta")
    links = listed((rule_link(here, id) for id in ids), class_="history")
    label = f"{len(ids)} rule{'s' * (len(ids) != 1)}"
    return tag("details", tag("summary", label), links, open=len(ids) <= 3)


def facts(shelves: Shelves) -> Page:
    """Every fact that a record may state, with the question that it answers."""
    body: list[Content] = [
        tag("h1", "Facts"),
        tag("p", "What a medical record may state, and who asks for it.", class_="lead"),
    ]
    for document in sorted(shelves.of_kind("vocabulary"), key=lambda d: d.file):
        body.append(tag("h2", str(document.data.get("vocabulary", document.name))))
        body.append(tag("p", str(document.data.get("says", "")), class_="meta"))
        named = [n for n in document.data.get("facts") or {} if n in shelves.library.facts]
        body += [_fact(shelves, shelves.library.facts[name]) for name in named]
    return Page("facts.html", "Facts", join(body), "Facts that the record may state")


def _fact(shelves: Shelves, fact: Fact) -> Markup:
    values = [tag("li", value.replace("_", " ")) for value in fact.values]
    unit = f", in {fact.unit}" if fact.unit else ""
    several = ", a list" if fact.list else ""
    about = f"{fact.type.replace('_', ' ')}{unit}{several} · about the {fact.about}"
    return tag(
        "div",
        tag("h3", tag("code", fact.name)),
        tag("p", fact.question),
        tag("p", f"{fact.says} · {about} · stated {fact.stated.replace('_', ' ')}", class_="meta"),
        tag("ul", values, class_="codes") if values else None,
        _used(shelves.users.get(("fact", fact.name), []), "facts.html"),
        class_="entry",
        id=fact.name,
    )


def sources(shelves: Shelves) -> Page:
    """Every source with its sentences, and every reading that no source states."""
    body: list[Content] = [
        tag("h1", "Sources"),
        tag("p", "What the rules rest on, sentence by sentence.", class_="lead"),
    ]
    for document in sorted(shelves.of_kind("sources"), key=lambda d: d.file):
        body.append(tag("h2", document.folder or "all"))
        for id, data in (document.data.get("sources") or {}).items():
            body.append(_source(shelves, id, data))
        for name, data in (document.data.get("interpretations") or {}).items():
            body.append(_reading(shelves, name, data))
    return Page("sources.html", "Sources", join(body), "Sources of the policies")


def _source(shelves: Shelves, id: str, data: dict[str, Any]) -> Markup:
    about = [data.get("publisher"), data.get("document"), data.get("revision")]
    dates = [f"{k} {data[k]}" for k in ("from", "published", "read") if data.get(k)]
    address = data.get("address")
    return tag(
        "div",
        tag("h3", id, " ", badge(str(data.get("evidence", "")))),
        tag("p", str(data.get("title", ""))),
        tag("p", " · ".join(str(a) for a in (*about, *dates) if a), class_="meta"),
        tag("p", tag("code", str(address)), class_="meta") if address else None,
        listed(_sentences(shelves, id, data.get("sentences") or {}), class_="history"),
        class_="entry",
        id=id,
    )


def _sentences(shelves: Shelves, id: str, sentences: dict[str, Any]) -> Iterator[Content]:
    for name, sentence in sentences.items():
        own = sentence.get("evidence")
        yield tag(
            "div",
            tag("strong", name),
            ": ",
            str(sentence.get("says", "")),
            [" ", badge(own)] if own else None,
            _used(shelves.cited.get(f"{id}/{name}", []), "sources.html"),
            id=f"{id}-{name}",
        )


def _reading(shelves: Shelves, name: str, data: dict[str, Any]) -> Markup:
    about = f"{data.get('owner')}, {data.get('date')}: {data.get('reason')}"
    return tag(
        "div",
        tag("h3", f"interpretation/{name} ", badge("interpretation")),
        tag("p", str(data.get("says", ""))),
        tag("p", about, class_="meta"),
        _used(shelves.cited.get(f"interpretation/{name}", []), "sources.html"),
        class_="entry",
        id=f"interpretation-{name}",
    )
