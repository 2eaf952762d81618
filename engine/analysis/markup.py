"""Writes HTML from Python values: every text is escaped unless it is markup already."""

from __future__ import annotations

import html
from collections.abc import Iterable
from typing import TypeAlias


class Markup(str):
    """Text that is HTML."""

    __slots__ = ()


Content: TypeAlias = "str | int | Iterable[Content] | None"
"""What may stand in an element: text, numbers, markup, nothing, or several of these."""

_VOID = frozenset({"br", "hr", "img", "input", "link", "meta"})


def tag(name: str, /, *content: Content, **attributes: str | int | bool | None) -> Markup:
    """An element. `class_` is `class`; an underline in a name becomes a dash; False and None
    leave an attribute out, True writes its name alone."""
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Markup(f"<{name}{written}>")
    return Markup(f"<{name}{written}>{join(content)}</{name}>")


def _attribute(key: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{html.escape(str(value))}"'


def join(content: Content, between: str = "") -> Markup:
    """Several contents one after another."""
    if content is None:
        return Markup("")
    if isinstance(content, Markup):
        return content
    if isinstance(content, str | int):
        return Markup(html.escape(str(content), quote=False))
    return Markup(between.join(join(part) for part in content))


def listed(items: Iterable[Content], class_: str | None = None) -> Markup:
    """A list; nothing where there are no items."""
    found = [tag("li", item) for item in items]
    return tag("ul", found, class_=class_) if found else Markup("")


def table(head: Iterable[Content], rows: Iterable[Iterable[Content]], **attributes: str) -> Markup:
    """A table that scrolls by itself where the screen is narrow."""
    body = [tag("tr", [tag("td", cell) for cell in row]) for row in rows]
    top = tag("tr", [tag("th", cell, scope="col") for cell in head])
    whole = tag("table", tag("thead", top), tag("tbody", body), **attributes)
    return tag("div", whole, class_="wide")


def badge(word: str, kind: str = "") -> Markup:
    """A word in a small coloured frame."""
    return tag("span", word.replace("_", " "), class_=f"badge {kind or word}")
