"""`active_code`: the code is valid on the service date (clause A22)."""

from __future__ import annotations

from typing import Any

from engine.compiler import values
from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import ROWS, form, mapping, ref
from engine.compiler.here import Here
from engine.compiler.words import plain
from engine.model.term import Active, Fixed, Term


def _lower(here: Here, _: Lowering) -> Term:
    table = values.table_name(here)
    if table is None:
        return Fixed(None, _sentence(here.data))
    place = here.sight.places[("tables", table)]
    key = (place.data.get("key") or [""])[0]
    return Active(table, str(key), values.rows(here), words=_sentence(here.data))


def _sentence(data: Any) -> str:
    return f"the code is valid on the service date ({plain(data.get('table'))})"


SCHEMA = form(
    "a form about the validity of the code",
    "The line's code has a row in this table that is in force on the service date.",
    [{"table": "code_validity"}],
    **mapping(
        {
            "table": ref("name", "The table of valid codes.", "code_validity"),
            "rows": ROWS,
        },
        required=["table"],
    ),
)

FORM = Form("active_code", SCHEMA, _lower, _sentence)
