"""Numbers, codes and tests against each other: which of two holds on more lines."""

from __future__ import annotations

from decimal import Decimal
from typing import Any, Literal, TypeAlias

from engine.model.length import Length
from engine.model.term import Codes, Constant, Test

Order: TypeAlias = Literal["same", "weaker", "stronger", "other"]
"""The second term, seen from the first: weaker holds wherever the first one does, and more."""

_FLIP: dict[Order, Order] = {"weaker": "stronger", "stronger": "weaker"}


def flipped(order: Order) -> Order:
    """The order of the opposites."""
    return _FLIP.get(order, order)


def joined(*orders: Order) -> Order:
    """The order of things that must all hold."""
    found = set(orders) - {"same"}
    if not found:
        return "same"
    return found.pop() if len(found) == 1 else "other"


def numbers(old: Any, new: Any) -> int | None:
    """-1, 0 or 1 as the second constant is lower, equal or higher; None if nobody can say."""
    if old == new:
        return 0
    if not (isinstance(old, Constant) and isinstance(new, Constant)):
        return None
    a, b = old.value, new.value
    if isinstance(a, Length) and isinstance(b, Length):
        more, less = b.at_least(a), a.at_least(b)
        return 1 if more and not less else -1 if less and not more else 0 if more else None
    if isinstance(a, int | Decimal) and isinstance(b, int | Decimal) and type(a) is not bool:
        return (b > a) - (b < a)
    return None


def code_order(old: Codes | None, new: Codes | None) -> Order:
    """More codes are weaker: more lines bear one of them."""
    if old == new:
        return "same"
    if old is None or new is None or old.same != new.same:
        return "other"
    if old.any or new.any:
        return "weaker" if new.any else "stronger"
    if old.literal <= new.literal:
        return "weaker"
    return "stronger" if old.literal >= new.literal else "other"


def test_order(old: Test | None, new: Test | None) -> Order:
    """A test against another; none at all is the weakest."""
    if old is None or new is None:
        return "same" if old == new else "stronger" if old is None else "weaker"
    among: Order = "same"
    if set(old.among) != set(new.among):
        wider, narrower = set(old.among) < set(new.among), set(new.among) < set(old.among)
        among = "weaker" if wider else "stronger" if narrower else "other"
    low, high = _bound(old.at_least, new.at_least), _bound(old.at_most, new.at_most)
    held: Order = "same" if old.includes == new.includes else "other"
    return joined(code_order(old.codes, new.codes), among, low, flipped(high), held)


test_order.__test__ = False  # type: ignore[attr-defined]  # its name begins as a test's does


def _bound(old: Any, new: Any) -> Order:
    """A lower bound that rises is stronger; the caller flips it for an upper one."""
    if old == new:
        return "same"
    if old is None or new is None:
        return "other"
    way = numbers(old, new)
    return "other" if way is None else "same" if way == 0 else "stronger" if way > 0 else "weaker"
