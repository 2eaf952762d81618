"""Tables that a reader can sort and filter, and that become cards on a narrow screen."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import TypeAlias

from engine.analysis.html.sheet import shared
from engine.analysis.markup import Content, Markup, tag


@dataclass(frozen=True)
class Number:
    """A cell that sorts by its value, whatever is shown."""

    value: float
    shown: str


Cell: TypeAlias = "Number | Content"


def script() -> str:
    """What makes them sort and filter; without it they are plain tables."""
    return shared("tables.js")


def sortable(
    name: str, head: Sequence[str], rows: Iterable[Sequence[Cell]], *, more: int = 0
) -> Markup:
    """A table with a name; `more` rows of it are not shown."""
    listed = list(rows)
    body = [
        tag("tr", [_cell(label, cell) for label, cell in zip(head, row, strict=True)])
        for row in listed
    ]
    numbers = {n for row in listed[:1] for n, cell in enumerate(row) if isinstance(cell, Number)}
    top = [
        tag("th", label, scope="col", class_="num" if n in numbers else None)
        for n, label in enumerate(head)
    ]
    whole = tag(
        "table",
        tag("caption", name, class_="hidden"),
        tag("thead", tag("tr", top)),
        tag("tbody", body),
        class_="sortable",
    )
    left = tag("p", f"And {more:,} more.", class_="meta") if more > 0 else None
    return tag("div", whole, left, class_="listing", data_name=name)


def _cell(label: str, cell: Cell) -> Markup:
    if isinstance(cell, Number):
        return tag("td", cell.shown, class_="num", data_v=repr(cell.value), data_label=label)
    return tag("td", cell, data_label=label)
