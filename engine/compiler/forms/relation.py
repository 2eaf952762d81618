"""What `companion` and `not_with` share: another line that is related to this one (A7, A8)."""

from __future__ import annotations

from typing import Any

from engine.compiler import values
from engine.compiler.forms.form import Lowering
from engine.compiler.forms.fragments import AS, DIFFERENT, ROWS, SAME, WHERE, Schema, ref
from engine.compiler.forms.parts import where_sentence
from engine.compiler.here import Here
from engine.compiler.words import agreeing, listed, plain
from engine.model.term import Join, Related

COMPANION: Schema = {
    "procedure": ref("codes", "Codes of the other line.", "facet_injections"),
    "table": ref("name", "A table that says which codes belong together.", "ncci_pairs"),
    "line": ref("name", "The column that holds this line's code.", "column_2"),
    "other": ref("name", "The column that holds the other line's code.", "column_1"),
    "rows": ROWS,
    "same": SAME,
    "different": DIFFERENT,
    "where": WHERE,
    "as": AS,
}
COMPANION_RULES: Schema = {
    "required": ["same"],
    "x-exactly-one": ["procedure", "table"],
    "dependentRequired": {
        "table": ["line", "other"],
        "line": ["table"],
        "other": ["table"],
        "rows": ["table"],
    },
    "x-hints": {
        "unless_modifier": "a modifier on this line is an exception, one on the other in `where`",
        "within": "only `sessions` looks back through a window; this form looks at one day",
    },
}

REPORTS = ("other.procedure", "other.line")


def related(here: Here, lowering: Lowering, name: str, words: str) -> Related:
    """Lower the relation; its keys must name the claim or the date."""
    same = values.keys(here.get("same"))
    if not any(key.kind in ("claim", "date") for key in same):
        (here.get("same") or here).problem(
            "no-day", "`same` must name `claim` or `date`", "add `date` to `same`"
        )
    where, procedure = here.get("where"), here.get("procedure")
    return Related(
        values.codes(procedure) if procedure else None,
        None if procedure else _join(here),
        same,
        values.keys(here.get("different")),
        lowering.pattern(where) if where else None,
        here.text("outcome") == "payable",
        here.text("as") or name,
        words,
    )


def _join(here: Here) -> Join | None:
    table = values.table_name(here)
    if table is None:
        return None
    for key in ("line", "other"):
        values.check_column(here, key)
    return Join(table, here.text("line") or "", here.text("other") or "", values.rows(here))


def relation_sentence(data: Any) -> str:
    """The related line in words."""
    other = (
        listed(data["procedure"])
        if data.get("procedure")
        else f"its {plain(data.get('other'))} in {plain(data.get('table'))}"
    )
    payable = "payable " if data.get("outcome") else ""
    return f"a {payable}line of {other}{where_sentence(data)}{agreeing(data)}"
