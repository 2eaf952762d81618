"""Says what of a patient's record is complete, and who could say the rest."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, timedelta

from engine.ledger.entries import Complete
from engine.model.claim import Coverage

DAY = timedelta(days=1)
_SINCE = re.compile(r"\bfrom ([0-9]{4}-[0-9]{2}-[0-9]{2})\b")
EVERYBODY = "the payer, or the patient and the practices that treated before, could say"


def spans_in_words(complete: Sequence[Complete]) -> list[str]:
    """Each span that is known to be complete, with its source, the earliest first."""
    ordered = sorted(complete, key=lambda c: (c.coverage.complete_from or date.min, c.source))
    return [f"{_span(c.coverage)}, says {c.source}" for c in ordered]


def who_could_say(complete: Sequence[Complete], begin: date | None, until: date) -> str:
    """Which services are lacking for a window from `begin` (None: ever) until the day before
    `until`, and who could say them."""
    since = f"from {begin}" if begin else "from the first service"
    if not complete:
        return f"nothing is known to be complete {since} until {until}; {EVERYBODY}"
    everyone = [c for c in complete if c.coverage.providers is None and not c.coverage.own_group]
    held = "; ".join(spans_in_words(complete))
    if not everyone:
        return f"the ledger holds some practices only ({held}); {EVERYBODY}"
    named = ", ".join(sorted({c.source for c in everyone}))
    spans = [c.coverage for c in everyone]
    first = min(span.complete_from or date.min for span in spans)
    last = max(span.complete_to or date.max for span in spans)
    gaps = []
    if first > (begin or date.min):
        gaps.append(f"{since} until {first}")
    if last < until - DAY:
        gaps.append(f"after {last} until {until}")
    lacking = " and ".join(gaps) or f"{since} until {until}"
    return f"{held}; {named} or the payer could say what was {lacking}"


def asked_of(question: str, until: date, complete: Sequence[Complete]) -> str:
    """A question about the history, with who could say what it asks for."""
    since = _SINCE.search(question)
    begin = date.fromisoformat(since[1]) if since else None
    return f"{question} In the ledger: {who_could_say(complete, begin, until)}."


def taken_as_empty(complete: Sequence[Complete], until: date) -> str | None:
    """For a service that is only planned: from when on nothing is known until its day."""
    lasts = [c.coverage.complete_to for c in complete]
    known = [last for last in lasts if last is not None]
    if len(known) < len(lasts) or not known or max(known) >= until - DAY:
        return None
    return f"nothing is known after {max(known)}; the time until {until} is taken as empty"


def _span(span: Coverage) -> str:
    first = f"from {span.complete_from}" if span.complete_from else "from the first service"
    last = f"to {span.complete_to}" if span.complete_to else "and still kept"
    if span.own_group:
        whose = "the ledger's own group"
    else:
        whose = "every provider" if span.providers is None else ", ".join(span.providers)
    what = "" if span.procedures is None else f" of {', '.join(span.procedures)}"
    return f"complete {first} {last} for {whose}{what}"
