"""Whether a term holds on more lines or on fewer than another one, as far as that can be seen."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.analysis.diff.bounds import Order, code_order, flipped, joined, numbers, test_order
from engine.model.record import Record
from engine.model.term import (
    All,
    Attribute,
    Bears,
    Constant,
    Counted,
    CountOf,
    Fixed,
    Not,
    Points,
    Related,
    Sessions,
    Some,
    Spacing,
    Stated,
    Units,
    Window,
)


def compare(old: Any, new: Any) -> Order:
    """Compare two resolved terms."""
    if old == new:
        return "same"
    if isinstance(old, All | Some) or isinstance(new, All | Some):
        return _groups(old, new)
    if isinstance(old, Fixed) or isinstance(new, Fixed):
        return _fixed(old, new)
    if type(old) is not type(new):
        return "other"
    how = _BY_TYPE.get(type(old))
    return how(old, new) if how else "other"


def _fixed(old: Any, new: Any) -> Order:
    if getattr(old, "value", None) is False and isinstance(old, Fixed):
        return "weaker"
    if getattr(new, "value", None) is False and isinstance(new, Fixed):
        return "stronger"
    return "other"


def _groups(old: Any, new: Any) -> Order:
    """A group against a group of the same kind, or against a single term."""
    kind = All if isinstance(old, All) or isinstance(new, All) else Some
    if isinstance(old, All | Some) and isinstance(new, All | Some) and type(old) is not type(new):
        return _member(old, new)
    before = list(old.terms) if isinstance(old, kind) else [old]
    after = list(new.terms) if isinstance(new, kind) else [new]
    gone = [t for t in before if t not in after]
    come = [t for t in after if t not in before]
    if len(gone) == 1 and len(come) == 1:
        return compare(gone[0], come[0])
    if gone and come:
        return _pairs(gone, come)
    order: Order = "stronger" if come else "weaker" if gone else "same"
    return order if kind is All else flipped(order)


def _member(old: Any, new: Any) -> Order:
    """`a and b` is stronger than `a or c`: one term of both stands alone in each reading."""
    if isinstance(old, All) and set(old.terms) & set(new.terms):
        return "weaker"
    return "stronger" if isinstance(new, All) and set(old.terms) & set(new.terms) else "other"


def _pairs(gone: list[Any], come: list[Any]) -> Order:
    """Several members differ: each must go the same way as the one in its place."""
    if len(gone) != len(come):
        return "other"
    return joined(*(compare(a, b) for a, b in zip(gone, come, strict=True)))


def _compared(old: Any, new: Any, value: str = "value") -> Order:
    """A number compared with a bound."""
    way = numbers(getattr(old, value), getattr(new, value))
    if old.comparison != new.comparison or way is None:
        return "other"
    if way == 0:
        return "same"
    if old.comparison == "equals":
        return "other"
    raised = way > 0
    return "weaker" if raised == (old.comparison == "at_most") else "stronger"


def _rest(old: Record, new: Record, *named: str) -> bool:
    """Whether all fields but the named ones are equal."""
    return all(getattr(old, f) == getattr(new, f) for f in old._fields if f not in named)


def _units(old: Units, new: Units) -> Order:
    if not _rest(old, new, "comparison", "value", "of"):
        return "other"
    more = _more(old.comparison, code_order(old.of, new.of))
    return joined(_compared(old, new), more)


def _more(comparison: str, order: Order) -> Order:
    """Counting more things makes an upper bound stronger and a lower bound weaker."""
    if order == "same" or comparison == "at_least":
        return order
    return flipped(order) if comparison == "at_most" else "other"


def _sessions(old: Sessions, new: Sessions) -> Order:
    if not _rest(old, new, "comparison", "value", "counted", "window"):
        return "other"
    counted = joined(_counted(old.counted, new.counted), _window(old.window, new.window))
    return joined(_compared(old, new), _more(old.comparison, counted))


def _spacing(old: Spacing, new: Spacing) -> Order:
    way = numbers(old.length, new.length)
    if way is None:
        return "other"
    length: Order = "same" if way == 0 else "stronger" if way > 0 else "weaker"
    return joined(length, flipped(_counted(old.counted, new.counted)))


def _counted(old: Counted, new: Counted) -> Order:
    if not _rest(old, new, "of", "where", "same", "different"):
        return "other"
    return joined(
        code_order(old.of, new.of),
        _optional(old.where, new.where),
        _keys(old.same, new.same),
        _keys(old.different, new.different),
    )


def _window(old: Window, new: Window) -> Order:
    if old == new:
        return "same"
    if not _rest(old, new, "length") or old.kind not in ("rolling", "periods_from_first"):
        return "other"
    way = numbers(Constant(old.length or 0), Constant(new.length or 0))
    return "other" if way is None else "weaker" if way > 0 else "stronger"


def _optional(old: Any, new: Any) -> Order:
    """A further condition that may not be there."""
    if old is None or new is None:
        return "same" if old == new else "stronger" if old is None else "weaker"
    return compare(old, new)


def _keys(old: tuple[Any, ...], new: tuple[Any, ...]) -> Order:
    if set(old) == set(new):
        return "same"
    if set(old) < set(new):
        return "stronger"
    return "weaker" if set(new) < set(old) else "other"


def _related(old: Related, new: Related) -> Order:
    if not _rest(old, new, "codes", "where", "same", "different", "payable"):
        return "other"
    payable: Order = "same"
    if old.payable != new.payable:
        payable = "stronger" if new.payable else "weaker"
    return joined(
        code_order(old.codes, new.codes) if old.codes != new.codes else "same",
        _optional(old.where, new.where),
        _keys(old.same, new.same),
        _keys(old.different, new.different),
        payable,
    )


def _stated(old: Stated, new: Stated) -> Order:
    return test_order(old.test, new.test) if old.fact == new.fact else "other"


def _attribute(old: Attribute, new: Attribute) -> Order:
    return test_order(old.test, new.test) if old.path == new.path else "other"


def _bears(old: Bears, new: Bears) -> Order:
    if old.how != new.how:
        return "other"
    order = code_order(old.codes, new.codes)
    return order if old.how == "has_any" else flipped(order)


def _points(old: Points, new: Points) -> Order:
    order = code_order(old.codes, new.codes)
    if old.primary == new.primary:
        return order
    return joined(order, "stronger" if new.primary else "weaker")


def _not(old: Not, new: Not) -> Order:
    return flipped(compare(old.term, new.term))


def _count_of(old: CountOf, new: CountOf) -> Order:
    if old.terms == new.terms:
        return _compared(old, new)
    if not _rest(old, new, "terms"):
        return "other"
    before, after = set(old.terms), set(new.terms)
    if before < after:
        return _more(old.comparison, "weaker")
    return _more(old.comparison, "stronger") if after < before else "other"


_BY_TYPE: dict[type, Callable[[Any, Any], Order]] = {
    Units: _units,
    Sessions: _sessions,
    Spacing: _spacing,
    Related: _related,
    Stated: _stated,
    Attribute: _attribute,
    Bears: _bears,
    Points: _points,
    Not: _not,
    CountOf: _count_of,
}
