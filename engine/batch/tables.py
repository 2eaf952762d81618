"""The SQL by which the database reads tables of claim lines, whatever their columns are called."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from engine.batch.inputs import Input
from engine.batch.schemas import DAYS, FIELDS, LISTS
from engine.batch.trigger import Past, Trigger


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


def matters(trigger: Trigger, records: Path) -> str:
    """A condition on claim lines: something could be said of this one. `records` is the file of
    what is documented apart from the claims, where there is one."""
    if trigger.any_line:
        return "true"
    parts = ["false"]
    if trigger.recorded:
        parts += _recorded(records)
    if trigger.procedures:
        parts.append(f"upper(procedure) IN ({_codes(trigger.procedures)})")
    if trigger.modifiers:
        parts.append(_among("modifiers", _codes(trigger.modifiers), "upper(x)"))
    if trigger.diagnoses:
        bare = {code.replace(".", "") for code in trigger.diagnoses}
        parts.append(_among("diagnoses", _codes(bare), "upper(replace(x, '.', ''))"))
    return "(" + " OR ".join(parts) + ")"


def _among(column: str, codes: str, text: str) -> str:
    """A code of the list is among some; a cell may hold several, and then it is looked into."""
    single = f"list_has_any(list_transform({column}, lambda x: {text}), [{codes}])"
    several = f"regexp_matches(array_to_string({column}, '/'), '[ ,;|]')"
    split = f"string_split_regex(array_to_string({column}, ' '), '[ ,;|]+')"
    parts = f"list_has_any(list_transform({split}, lambda x: {text}), [{codes}])"
    return f"({single} OR ({several} AND {parts}))"


def counts(past: Past, records: Path) -> str:
    """A condition on claim lines: this one may count beside one that matters. The table `matter`
    holds the patients and days of those."""
    parts = [f"upper(procedure) IN ({_codes(past.codes)})" if past.codes else "false"]
    if past.any_line:
        parts.append("patient IN (SELECT patient FROM matter)")
    if past.same_day:
        parts.append("(patient, service_date) IN (SELECT patient, service_date FROM matter)")
    if past.recorded:
        parts += _recorded(records)
    return "(" + " OR ".join(parts) + ")"


def from_ledger(told: Path, condition: str) -> str:
    """What a ledger told, as entries of a history; of its services only those that may count."""
    rows = (
        "SELECT *, facts AS line_documentation, NULL::VARCHAR AS documentation, "
        f"NULL::VARCHAR AS claim_id FROM read_parquet({quoted(str(told))})"
    )
    return (
        "SELECT 'the ledger' AS file, key, 1::TINYINT AS kind, patient, procedure, "
        f"entry AS documentation FROM (SELECT patient, key, procedure, entry FROM ({rows}) "
        f"WHERE procedure IS NULL OR {condition})"
    )


def _recorded(records: Path) -> list[str]:
    parts = ["documentation IS NOT NULL", "line_documentation IS NOT NULL"]
    if records.exists():
        parts.append(f"claim_id IN (SELECT claim_id FROM read_parquet({quoted(str(records))}))")
    return parts


def _codes(codes: frozenset[str] | set[str]) -> str:
    return ", ".join(quoted(code) for code in sorted(codes))
