"""The SQL by which the database reads tables of claim lines, whatever their columns are called."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import Path

from engine.batch.inputs import Input
from engine.batch.schemas import DAYS, FIELDS, LISTS

SOUGHT = ("procedure", "modifiers", "diagnoses", "patient")


def quoted(text: str) -> str:
    """A text as SQL writes it."""
    return "'" + text.replace("'", "''") + "'"


def named(column: str) -> str:
    """A column's name as SQL writes it."""
    return '"' + column.replace('"', '""') + '"'


@dataclass(frozen=True)
class Lines:
    """Claim lines that the database sees, as SQL: the relation, and what is read from its columns.

    `id` tells the claims of the relation apart. `texts` are the fields, put straight; `cells` are
    the columns behind a field that is looked for, as they stand, where each tells by itself.
    `paths` and `columns` are those of Parquet files that were given.
    """

    relation: str
    id: str
    texts: Mapping[str, str]
    key: str = "key"
    kind: str = "kind"
    file: str = "file"
    ord: str = "ord"
    cells: Mapping[str, Sequence[str]] = field(default_factory=dict)
    paths: Sequence[Path] = ()
    columns: Mapping[str, Sequence[str]] = field(default_factory=dict)

    @property
    def table(self) -> bool:
        """Whether its claims are told by their claim id, in whichever table they stand."""
        return self.key != "key"

    @property
    def of_claim(self) -> str:
        """A condition: the line is one of a claim, and no entry of a history."""
        return "true" if self.table else "kind = 0"

    @property
    def of_named(self) -> str:
        """A condition: the line is one of a claim, and it is known of which."""
        return f"{self.id} IS NOT NULL" if self.table else "kind = 0 AND claim_id IS NOT NULL"

    @property
    def of_nameless(self) -> str:
        """A condition: the line is one of a claim, and nobody knows of which."""
        return f"{self.id} IS NULL" if self.table else "kind = 0 AND claim_id IS NULL"

    def strict(self) -> Lines:
        """The same where blanks around claim ids, and claim ids of blanks alone, do not count."""
        return replace(self, id=_trimmed(self.id), key=f"':' || {_trimmed(self.id)}")

    def select(self, *fields: str) -> str:
        """Lines, with all fields or some."""
        columns = ", ".join(f"{self.texts[n]} AS {named(n)}" for n in fields or FIELDS)
        return (
            f"SELECT {self.key} AS key, {self.kind} AS kind, {self.file} AS file, "
            f"{self.ord} AS ord, {columns} FROM {self.relation}"
        )


def rows_of(path: Path) -> Lines:
    """Lines that were read here, one claim after the other."""
    texts = {name: named(name) for name in FIELDS}
    return Lines(f"read_parquet({quoted(str(path))})", "key", texts)


def lines_of(inputs: Sequence[Input]) -> Lines:
    """The lines of Parquet tables of one layout."""
    files = ", ".join(quoted(str(given.path)) for given in inputs)
    found = _lines(f"read_parquet([{files}], filename = true)", inputs, inputs[0])
    paths = [given.path for given in inputs]
    return replace(found, paths=paths, columns=inputs[0].layout.fields)


def parsed(inputs: Sequence[Input], path: Path) -> tuple[str, Lines]:
    """The SQL that parses CSV files of one layout into a Parquet file, and the lines there."""
    first = inputs[0]
    used = dict.fromkeys(c for columns in first.layout.fields.values() for c in columns)
    names = {column: f"c{n}" for n, column in enumerate(used)}
    shown = ", ".join(f"{named(column)} AS {name}" for column, name in names.items())
    sql = f"COPY (SELECT filename, {shown} FROM {_csv(inputs)}) TO {quoted(str(path))}"
    fields = {n: [names[c] for c in columns] for n, columns in first.layout.fields.items()}
    there = replace(
        first,
        layout=replace(first.layout, fields=fields),
        columns={name: first.columns[column] for column, name in names.items()},
    )
    relation = f"read_parquet({quoted(str(path))})"
    return f"{sql} (FORMAT parquet)", _lines(relation, inputs, there)


def _csv(inputs: Sequence[Input]) -> str:
    files = ", ".join(quoted(str(given.path)) for given in inputs)
    first = inputs[0]
    types = ", ".join(f"{quoted(name)}: 'VARCHAR'" for name in first.columns)
    return (
        f"read_csv([{files}], filename = true, auto_detect = false, header = true, "
        f"delim = {quoted(first.delimiter)}, "
        f"columns = {{{types}}}, quote = '\"', escape = '\"', strict_mode = true, "
        "null_padding = true, store_rejects = true, rejects_limit = 0)"
    )


def _lines(relation: str, inputs: Sequence[Input], one: Input) -> Lines:
    texts = {name: _field(one, name) for name in FIELDS}
    (claim_id,) = _cells(one, "claim_id") or [texts["claim_id"]]
    return Lines(
        relation,
        claim_id,
        texts,
        key=f"':' || {claim_id}",
        kind="0::TINYINT",
        file=name_of("filename", inputs),
        ord=f"TRY_CAST({texts['number']} AS INTEGER)",
        cells={n: cells for n in SOUGHT if (cells := _cells(one, n)) is not None},
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


def _cells(given: Input, name: str) -> list[str] | None:
    """The columns of a field as they stand; None if they tell nothing by themselves."""
    columns = given.layout.fields.get(name, [])
    if name in given.layout.constants or (name not in LISTS and len(columns) > 1):
        return None
    if any(given.columns[column].startswith(_LISTS) for column in columns):
        return None
    return [f"CAST({named(column)} AS VARCHAR)" for column in columns]


def _field(given: Input, name: str) -> str:
    layout = given.layout
    if name in layout.constants:
        return quoted(layout.constants[name]) + "::VARCHAR"
    columns = layout.fields.get(name, [])
    text = _day if name in DAYS else _text
    texts = [text(column, given.columns[column]) for column in columns]
    if name in LISTS:
        if len(columns) == 1 and given.columns[columns[0]].startswith(_LISTS):
            return f"CAST({named(columns[0])} AS VARCHAR[])"
        return f"[{', '.join(texts)}]" if texts else "NULL::VARCHAR[]"
    if not texts:
        return "NULL::VARCHAR"
    return texts[0] if len(texts) == 1 else f"coalesce({', '.join(texts)})"


_LISTS = ("list<", "large_list<")
_BARE = ("int", "uint", "float", "double", "decimal", "bool", "date32")
"""Types of Arrow whose values have no blanks around them when they are written as texts."""


def _text(column: str, kind: str) -> str:
    text = f"CAST({named(column)} AS VARCHAR)"
    return text if kind.startswith(_BARE) else _trimmed(text)


def _trimmed(text: str) -> str:
    return f"nullif(trim({text}), '')"


def _day(column: str, kind: str) -> str:
    """A day as 2026-03-05, so that equal days are equal texts: tables also give it with the time
    of midnight, or as 20260305. What is written otherwise stays, and is refused with its claim."""
    text = _text(column, kind)
    if kind.startswith("date32"):
        return text
    return (
        f"CASE WHEN strlen({text}) = 10 THEN {text} "  # the most of them: no pattern is tried
        f"WHEN regexp_full_match({text}, '[0-9-]{{10}}[ T]00:00:00.*') THEN {text}[:10] "
        f"WHEN regexp_full_match({text}, '(19|20)[0-9]{{6}}') "
        f"THEN {text}[:4] || '-' || {text}[5:6] || '-' || {text}[7:8] ELSE {text} END"
    )
