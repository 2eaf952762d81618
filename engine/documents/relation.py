"""A reference relation: the rows that a table document and its CSV file state."""

from __future__ import annotations

from dataclasses import dataclass

from engine.documents.cells import Cell
from engine.model.stored import Stored


@dataclass(frozen=True)
class Table:
    """A reference relation: `rows` hold their cells in the order of `columns`, empty ones None.

    `lines` has for each row its line in `file`. Codes are upper case; `types` as in the header.
    The rows of a large table are in `stored` instead.
    """

    name: str
    file: str
    columns: tuple[str, ...]
    types: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    lines: tuple[int, ...]
    stored: Stored | None = None
