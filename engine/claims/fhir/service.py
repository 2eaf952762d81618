"""What one service of a FHIR claim says: its code, modifiers, day, units, charge and drug."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

from engine.claims import codes
from engine.claims.fhir.coded import (
    ABSENT,
    BILLABLE,
    DRUGS,
    REVENUE,
    code_in,
    codings,
    first_in,
)
from engine.claims.fhir.element import Element
from engine.claims.where import shown
from engine.model.claim import Amount

_CENT = Decimal("0.01")
_MINUTES = frozenset(("min", "mj", "minute", "minutes"))


def concept_of(service: Element) -> Element | None:
    """The product or service; release 3 calls it `service`."""
    return service.below("productOrService" if service.has("productOrService") else "service")


def is_billable(service: Element) -> bool:
    """Whether the service bears a CPT or HCPCS code, or one that can only be taken for such."""
    return any(
        system in BILLABLE or (not system and codes.procedure(code))
        for system, code in codings(concept_of(service))
    )


def procedure(service: Element, revenue: str | None) -> str | None:
    """The procedure; empty where a room or a supply is billed by its revenue code alone."""
    concept = concept_of(service)
    absent = concept is None or first_in(concept, ABSENT) is not None
    if absent and revenue is not None and not is_billable(service):
        return ""
    if concept is None:
        service.error("productOrService", "missing-field", "the service has no code")
        return None
    return code_in(concept, BILLABLE, codes.procedure, "a CPT or HCPCS procedure code")


def modifiers(service: Element) -> tuple[str, ...]:
    """The modifiers in their order."""
    found = [
        code_in(concept, BILLABLE, codes.modifier, "a modifier of two characters", "bad-modifier")
        for concept in service.all("modifier")
    ]
    return tuple(code for code in found if code is not None)


def revenue_code(service: Element) -> str | None:
    """The revenue code."""
    concept = service.below("revenue")
    if concept is None:
        return None
    return code_in(concept, REVENUE, codes.revenue_code, "a revenue code")


def day(item: Element, claim: Element, institutional: bool) -> date | None:
    """The service date; the first day where a period is given.

    Without one the claim's billable period stands, if it is a single day or, on an institutional
    claim, by its first day: both with a warning, as the statement dates of an 837.
    """
    if item.has("servicedDate"):
        return item.day("servicedDate")
    period = item.below("servicedPeriod")
    if period is not None:
        return _first_day(period)
    billed = claim.below("billablePeriod")
    first = billed.day("start") if billed is not None and billed.has("start") else None
    last = billed.day("end") if billed is not None and billed.has("end") else None
    if first is not None and (institutional or first == last):
        message = "the item has no service date; the first day of the billable period is used"
        item.warn("", "no-service-date", message)
        return first
    item.error("", "no-service-date", "the item has no service date", _DATED)
    return None


_DATED = "give servicedDate or servicedPeriod"


def _first_day(period: Element) -> date | None:
    if not period.has("start"):
        period.error("start", "no-service-date", "the period has no first day", _DATED)
        return None
    first = period.day("start")
    last = period.day("end") if period.has("end") else first
    if first is not None and last is not None and first > last:
        period.error("", "bad-date", f"the period ends {last}, before it begins {first}")
    elif first is not None and last is not None and first != last:
        message = f"the line spans {first} to {last}; the first day is used"
        period.warn("", "date-range", message)
    return first


def units(service: Element) -> Amount | None:
    """The units; unknown where the quantity counts minutes, which are not units."""
    quantity = service.below("quantity")
    if quantity is None:
        return None
    unit = (quantity.text("code") or quantity.text("unit") or "").lower()
    if unit in _MINUTES:
        message = "the quantity counts minutes; the units are unknown, for minutes are not units"
        quantity.warn("unit", "minutes", message)
        return None
    value = quantity.number("value")
    if value is None:
        return None
    if value < 0:
        quantity.error("value", "negative-units", f"{shown(value)} units are less than nothing")
        return None
    found = codes.quantity(value)
    if found is None:
        quantity.error("value", "bad-number", "the number of units is too large or too fine")
    return found


def charge(service: Element) -> Decimal | None:
    """The charge in dollars: net, else the price of one unit times the quantity and factor."""
    if service.has("net"):
        return money(service, "net")
    price = money(service, "unitPrice")
    quantity = service.below("quantity")
    count = quantity.number("value") if quantity is not None else None
    if price is None or count is None:
        return None
    factor = service.number("factor")
    try:
        total = price * count * (Decimal(1) if factor is None else factor)
        total = total.quantize(_CENT)
    except ArithmeticError:
        total = Decimal(-1)
    return _amount(service, "unitPrice", total)


def money(element: Element, name: str) -> Decimal | None:
    """An amount of dollars; another currency leaves it unknown, with a warning."""
    given = element.below(name)
    if given is None:
        return None
    currency = given.text("currency") or given.text("code") or "USD"
    if currency != "USD":
        message = f"the amount is in {shown(currency[:3])}, not in dollars, and not used"
        given.warn("currency", "currency", message)
        return None
    value = given.number("value")
    return None if value is None else _amount(given, "value", value)


def _amount(element: Element, name: str, value: Decimal) -> Decimal | None:
    try:
        cents = value.quantize(_CENT)
    except ArithmeticError:
        cents = None
    if cents is None or cents != value or codes.money(str(cents)) is None or value < 0:
        element.error(name, "bad-money", "this is not an amount of money in dollars and cents")
        return None
    return cents


def drug(service: Element) -> str | None:
    """The national drug code: beside the procedure, or of the first detail that has one."""
    found: list[str] = []
    for part in (service, *service.all("detail")):
        given = first_in(concept_of(part), DRUGS)
        if given is None:
            continue
        code = codes.ndc(given)
        if code is None:
            part.warn("productOrService", "bad-code", f"{shown(given[:20])} is no drug code")
        else:
            found.append(code)
    if len(set(found)) > 1:
        service.warn("detail", "repeated-drug", "a second drug code of the item is not used")
    return found[0] if found else None
