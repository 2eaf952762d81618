"""`units`: this line's units, or their sum over the lines that agree in some keys (A12)."""

from __future__ import annotations

from typing import Any

from engine.compiler import values
from engine.compiler.forms.form import Form, Lowering
from engine.compiler.forms.fragments import AS, AT_LEAST, AT_MOST, EQUALS, OF, form, mapping, ref
from engine.compiler.forms.parts import compared
from engine.compiler.here import Here
from engine.compiler.words import comparison, listed
from engine.model.term import Term, Units


def _lower(here: Here, _: Lowering) -> Term:
    how, wanted = compared(here)
    of, keys = here.get("of"), values.keys(here.get("summed_over"))
    if keys and of is None and all(key.kind != "procedure" for key in keys):
        here.at("summed_over").problem(
            "sum-without-codes",
            "a sum over other procedures needs to know which",
            "add `procedure` to `summed_over`, or name the codes under `of`",
        )
    return Units(
        how,
        wanted,
        keys,
        values.codes(of) if of else None,
        here.text("as") or "units",
        _sentence(here.data),
    )


def _sentence(data: Any) -> str:
    noun = f"units of {listed(data['of'])}" if data.get("of") else "units"
    keys = data.get("summed_over")
    over = f" over lines with the same {listed(keys, 'and')}" if keys else ""
    return f"{comparison(data)} {noun}{over}"


SCHEMA = form(
    "a form about units",
    "The units of this line, or with `summed_over` of all lines that agree with it.",
    [{"at_most": 1}],
    **mapping(
        {
            "at_most": AT_MOST,
            "at_least": AT_LEAST,
            "equals": EQUALS,
            "summed_over": ref(
                "keys",
                "Sum over the lines that agree with this one in all of these.",
                ["date", "procedure", "provider"],
            ),
            "of": OF,
            "as": AS,
        },
        **{"x-exactly-one": ["at_most", "at_least", "equals"]},
    ),
)

FORM = Form("units", SCHEMA, _lower, _sentence, ("billed", "limit"))
