"""What a ledger and the claims of a batch tell of one patient is put together, each line once."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from engine.batch.judge.recorded import Recorded, known_text, service_text, span_text
from engine.ledger.entries import Complete, Entry
from engine.model.claim import Claim, Coverage, Line, Patient, Payer, Provider, Service, Status

DAY = date(2026, 3, 4)


def entry(claim_id: str, status: Status = "paid", number: int = 1, control: str = "") -> Entry:
    line = Line(
        number, "20552", DAY, ("RT", "59"), 2, "11", ("M79.18",),
        rendering_provider=Provider(npi="1234567893", group="ours"),
        documentation={"body_site": "neck", "relief": None, "names": ("a", "b")},
    )  # fmt: skip
    service = Service("P", line, claim_id, "medicare", "ours", status)
    return Entry(service, claim_id, status, control or None, None)


def recorded(*entries: Entry, known: Sequence[str] = ()) -> Recorded:
    found = Recorded()
    for one in entries:
        found.add(service_text(one, {}), "P")
    for claim_id in known:
        found.add(known_text(claim_id, corrected=False), "P")
    return found


def claim(claim_id: str, day: date = DAY, **more: object) -> Claim:
    lines = (Line(1, "20552", day), Line(2, "20553", day))
    whole = Claim(claim_id, Payer("medicare"), Patient("P"), lines)
    return replace(whole, **more)  # type: ignore[arg-type]


def merged(found: Recorded, *claims: Claim) -> tuple[list[str | None], list[tuple[str, int]]]:
    """The claims of the ledger's services that count, and the lines of the batch's that do."""
    by_key = {str(n): one for n, one in enumerate(claims)}
    billed = {
        key: [Service("P", line, one.claim_id) for line in one.lines] for key, one in by_key.items()
    }
    told, rest = found.merged(by_key, [], billed)
    lines = [(str(s.claim_id), s.line.number) for own in rest.values() for s in own]
    return [s.claim_id for s in told], lines


def test_values_come_through_as_they_were() -> None:
    span = Complete(Coverage("P", None, DAY, ("ours",), True, ("20552",)), "a file")
    found = recorded(entry("A", control="ICN"), entry("?12", "void", 0))
    found.add(span_text(span), "P")
    none = entry("?12", "void", 0)
    nameless = replace(none, service=replace(none.service, claim_id=None))
    assert found == Recorded([entry("A", control="ICN"), nameless], [span])


def test_a_line_that_both_tell_counts_once() -> None:
    assert merged(recorded(entry("A")), claim("A")) == (["A"], [("A", 2)])
    assert merged(recorded(entry("A", number=0)), claim("A")) == (["A"], [("A", 2)])
    assert merged(recorded(entry("A"), known=["A"]), claim("A")) == (["A"], [])
    assert merged(recorded(known=["A"]), claim("A"), claim("B"))[1] == [("B", 1), ("B", 2)]


def test_what_a_claim_takes_the_place_of_counts_no_more() -> None:
    both = [("B", 1), ("B", 2)]
    hold = entry("H", "planned")
    assert merged(recorded(hold), claim("B")) == ([], both)
    assert merged(recorded(hold), claim("B", date(2026, 3, 5))) == (["H"], both)
    assert merged(recorded(entry("A", control="ICN")), claim("B", replaces="ICN")) == ([], both)
    assert merged(recorded(entry("B"), known=["B"]), claim("B", frequency="8")) == ([], both)
    planned = claim("B", stage="planned", replaces="ICN")
    assert merged(recorded(entry("A", control="ICN")), planned)[0] == ["ICN"]
