"""The SQL by which the database reads tables of claim lines, whatever their columns are called."""

from __future__ import annotations

from collections.abc import Sequence

from engine.batch.inputs import Input
from engine.batch.schemas import DAYS, FIELDS, LISTS


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def named(column: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + column.replace('"', '""') + '"'


def scan(inputs: Sequence[Input]) -> str:
    """The table function that reads files of one layout."""
    files = ", ".join(quoted(str(given.path)) for given in inputs)
    first = inputs[0]
    if first.kind == "parquet":
        return f"read_parquet([{files}], filename = true)"
    types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in first.columns)
    return (
        f"read_csv([{files}], filename = true, auto_detect = false, header = true, "
        f"delim = {quoted(first.delimiter)}, "
        f"columns = {{{types}}}, quote = '\"', escape = '\"', strict_mode = true, "
        "null_padding = true, store_rejects = true, rejects_limit = 0)"
    )


def select(inputs: Sequence[Input]) -> str:
    """Claim lines as texts under the names of their fields, from files of one layout."""
    first = inputs[0]
    claim_id = _field(first, "claim_id")
    columns = ", ".join(f"{_field(first, name)} AS {named(name)}" for name in FIELDS)
    number = _field(first, "number")
    return (
        f"SELECT ':' || {claim_id} AS key, 0::TINYINT AS kind, "
        f"{name_of('filename', inputs)} AS file, TRY_CAST({number} AS INTEGER) AS ord, {columns} "
        f"FROM {scan(inputs)}"
    )


def name_of(path: str, inputs: Sequence[Input]) -> str:
    """The name of the input whose path a column holds."""
    cases = "".join(
        f"WHEN {quoted(str(given.path))} THEN {quoted(given.name)} "
        for given in inputs
        if given.name != given.path.name
    )
    plain = f"parse_filename({path})"
    return f"CASE {path} {cases}ELSE {plain} END" if cases else plain


def _field(given: Input, name: str) -> str:
    layout = given.layout
    if name in layout.constants:
        return quoted(layout.constants[name]) + "::VARCHAR"
    columns = layout.fields.get(name, [])
    if name in LISTS:
        if len(columns) == 1 and given.columns[columns[0]].startswith(("list<", "large_list<")):
            return f"CAST({named(columns[0])} AS VARCHAR[])"
        return "[" + ", ".join(map(_text, columns)) + "]" if columns else "NULL::VARCHAR[]"
    if not columns:
        return "NULL::VARCHAR"
    text = _day if name in DAYS else _text
    found = ", ".join(map(text, columns))
    return found if len(columns) == 1 else f"coalesce({found})"


def _text(column: str) -> str:
    return f"nullif(trim(CAST({named(column)} AS VARCHAR)), '')"


def _day(column: str) -> str:
    """A day as 2026-03-05, so that equal days are equal texts: tables also give it with the time
    of midnight, or as 20260305. What is written otherwise stays, and is refused with its claim."""
    text = _text(column)
    return (
        f"CASE WHEN regexp_full_match({text}, '[0-9-]{{10}}[ T]00:00:00.*') THEN {text}[:10] "
        f"WHEN regexp_full_match({text}, '(19|20)[0-9]{{6}}') "
        f"THEN {text}[:4] || '-' || {text}[5:6] || '-' || {text}[7:8] ELSE {text} END"
    )
