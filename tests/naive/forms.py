"""The forms of requirements (section 3 of the language): each one's truth for a line."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from tests.naive.codes import among
from tests.naive.comparing import lacks_row, within
from tests.naive.counting import sessions, spacing, total_units
from tests.naive.decisions import code_for
from tests.naive.keys import same
from tests.naive.others import alike, of_the_day
from tests.naive.patterns import PATTERNS
from tests.naive.tables import all_rows, key_column, rows_in_force, silent, the_table
from tests.naive.three import Tri, all_hold, any_holds, opposite
from tests.naive.world import Here, Item


def holds(here: Here, form: Mapping[str, Any]) -> Tri:
    """Whether a form, a mapping with one key, is true of the line."""
    ((name, content),) = form.items()
    if name in PATTERNS:
        return PATTERNS[name](here, content, here.item.line.procedure)
    return FORMS[name](here, content)


def _units(here: Here, form: Any) -> Tri:
    limit = next(form[word] for word in ("at_most", "at_least", "equals") if word in form)
    if lacks_row(here, limit):
        return here.world.missing_row
    if "summed_over" not in form:
        return within(*total_units([here.item]), form, here)
    sure, perhaps = [], []
    for other, there in [(here.item, True), *of_the_day(here)]:
        value = all_hold([there, _summed(here, other, form)])
        if value is not False:
            perhaps.append(other)
        if value:
            sure.append(other)
    return within(total_units(sure)[0], total_units(perhaps)[1], form, here)


def _summed(here: Here, other: Item, form: Any) -> Tri:
    code, own = other.line.procedure, here.item.line.procedure
    of = "of" not in form or among(here.at(other), code, form["of"], own)
    return all_hold([of, same(here, other, form["summed_over"])])


def _companion(here: Here, form: Any) -> Tri:
    if _table_is_silent(here, form):
        return here.world.missing_row
    return any_holds(_is_partner(here, other, there, form) for other, there in of_the_day(here))


def _not_with(here: Here, form: Any) -> Tri:
    if _table_is_silent(here, form):
        return here.world.missing_row
    return opposite(
        any_holds(_is_partner(here, other, there, form) for other, there in of_the_day(here))
    )


def _is_partner(here: Here, other: Item, there: Tri, form: Any) -> Tri:
    found = all_hold([there, _paired(here, other, form), alike(here, other, form)])
    if found is False or "outcome" not in form:
        return found
    return all_hold([found, _payable(here, other)])


def _table_is_silent(here: Here, form: Any) -> bool:
    if "table" not in form or _pairs(here, form):
        return False
    return silent(the_table(here, form["table"]), {form["line"]: here.item.line.procedure})


def _pairs(here: Here, form: Any) -> set[str]:
    """The codes that the table pairs with this line's."""
    return {
        str(row[form["other"]])
        for row in rows_in_force(here, the_table(here, form["table"]), form.get("rows"))
        if row[form["line"]] == here.item.line.procedure
    }


def _paired(here: Here, other: Item, form: Any) -> bool:
    if "table" in form:
        return other.line.procedure in _pairs(here, form)
    own = here.item.line.procedure
    return among(here.at(other), other.line.procedure, form["procedure"], own)


def _payable(here: Here, other: Item) -> Tri:
    from tests.naive.outcomes import payable

    return payable(here.world, other)


def _outcome(here: Here, form: Any) -> Tri:
    from tests.naive.outcomes import came_out

    return came_out(here, form["rule"], form["is"])


def _active_code(here: Here, form: Any) -> Tri:
    header = the_table(here, form["table"])
    column, code = key_column(header), here.item.line.procedure
    rows = rows_in_force(here, header, form.get("rows"))
    if any(row[column] == code for row in rows):
        return True
    if any(row[column] == code for row in all_rows(header)):
        return False
    return here.world.missing_row if silent(header, {column: code}) else False


def _prior_authorization(here: Here, wanted: Any) -> Tri:
    numbers = [here.item.line.prior_authorization]
    if here.item.service is None:
        numbers.append(here.world.claim.prior_authorization)
    return any(numbers) is wanted


def _count_of(here: Here, form: Any) -> Tri:
    values = [holds(here, part) for part in form["of"]]
    return within(values.count(True), len(values) - values.count(False), form, here)


FORMS: dict[str, Callable[[Here, Any], Tri]] = {
    "units": _units,
    "companion": _companion,
    "not_with": _not_with,
    "sessions": sessions,
    "spacing": spacing,
    "outcome": _outcome,
    "code_for": code_for,
    "active_code": _active_code,
    "never": lambda here, content: False,
    "manual_review": lambda here, content: None,
    "prior_authorization": _prior_authorization,
    "all_of": lambda here, parts: all_hold(holds(here, part) for part in parts),
    "any_of": lambda here, parts: any_holds(holds(here, part) for part in parts),
    "none_of": lambda here, parts: opposite(any_holds(holds(here, part) for part in parts)),
    "count_of": _count_of,
}
