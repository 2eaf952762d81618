"""Reads a published file as rows of text: tab-separated text, CSV or a spreadsheet."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

Row = list[str]


class Unreadable(Exception):  # noqa: N818  # its text is the message for the user
    """The file cannot be read; the text says why and how to mend it."""


def rows_of(path: Path) -> Iterator[Row]:
    """Every row of a file, its cells as text without blanks around them."""
    ending = path.suffix.lower()
    if ending in (".xlsx", ".xlsm"):
        yield from _sheet(path)
    elif ending == ".zip":
        raise Unreadable(f"`{path}` is an archive; unpack it and name the file in it")
    elif ending == ".xls":
        raise Unreadable(f"`{path}` is an old spreadsheet; save it as .xlsx or .csv")
    else:
        yield from _separated(text_of(path))


def text_of(path: Path) -> str:
    """The text of a file; published files are UTF-8 or, the older ones, Windows-1252."""
    try:
        data = path.read_bytes()
    except OSError as fault:
        raise Unreadable(f"`{path}` cannot be read: {fault.strerror}") from None
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("cp1252", "replace")


def _separated(text: str) -> Iterator[Row]:
    mark = "\t" if "\t" in text[:20_000] else ","
    if '"' in text:
        rows: Iterable[Row] = csv.reader(io.StringIO(text, newline=""), delimiter=mark)
    else:
        rows = (line.split(mark) for line in text.splitlines())
    try:
        for row in rows:
            yield [cell.strip() for cell in row]
    except csv.Error as fault:
        raise Unreadable(f"this cannot be read as a table: {fault}") from None


def _sheet(path: Path) -> Iterator[Row]:
    try:
        import openpyxl
    except ImportError:
        message = "reading a spreadsheet needs openpyxl: pip install 'cleanclaim[spreadsheets]'"
        raise Unreadable(f"{message}; or save `{path.name}` as .csv") from None
    try:
        book = openpyxl.load_workbook(path, read_only=True, data_only=True)
    except Exception as fault:  # whatever a damaged file brings up
        raise Unreadable(f"`{path}` cannot be read as a spreadsheet: {fault}") from None
    for row in book.worksheets[0].iter_rows(values_only=True):
        yield [_text(cell) for cell in row]
    book.close()


def _text(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, datetime | date):
        return cell.strftime("%Y%m%d")
    if isinstance(cell, float) and cell.is_integer():
        return str(int(cell))
    return str(cell).strip()


def after_titles(
    rows: Iterable[Row], wanted: dict[str, tuple[str, ...]], below: int = 0
) -> tuple[Row, dict[str, int], Iterator[Row]]:
    """The row of titles, where each wanted column stands in it, and the rows that follow.

    `wanted` maps a name of ours to the words with which its title may begin. Files begin with
    notices of several lines; the titles are the first row that has all wanted columns.
    """
    iterator = iter(rows)
    for number, row in enumerate(iterator):
        titles = [" ".join(cell.lower().replace("\n", " ").split()) for cell in row]
        places = {name: _place(titles, words) for name, words in wanted.items()}
        if all(place is not None for place in places.values()):
            return titles, {n: p for n, p in places.items() if p is not None}, iterator
        if number > 60:
            break
    missing = " and ".join(f"`{words[0]}`" for words in wanted.values())
    raise Unreadable(f"no row of titles with {missing} was found; is this the right kind of file?")


def _place(titles: Row, words: tuple[str, ...]) -> int | None:
    for word in words:
        for n, title in enumerate(titles):
            if title.startswith(word) or (word.startswith("*") and word[1:] in title):
                return n
    return None


def day(text: str) -> str | None:
    """A published date as 2024-07-01: 20240701, day of the year 2024183, 07/01/2024; else None."""
    text = text.strip()
    for length, pattern in ((8, "%Y%m%d"), (7, "%Y%j"), (10, "%m/%d/%Y"), (10, "%Y-%m-%d")):
        if len(text) == length:
            try:
                return datetime.strptime(text, pattern).date().isoformat()  # noqa: DTZ007  # a day
            except ValueError:
                continue
    return None
