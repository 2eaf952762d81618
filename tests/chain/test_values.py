"""Values that are equal have one hash, however they were made."""

from __future__ import annotations

from datetime import date

from engine.model.outcome import Need


def test_equal_values_are_found_again() -> None:
    day = date(2026, 3, 4)
    made = [
        Need("site", "Where?", "C", None, day),
        Need("site", "Where?", "C", None, day, True, None),
        Need(service_date=day, line=None, claim_id="C", question="Where?", fact="site"),
    ]
    assert len(set(made)) == 1
    assert len({hash(one) for one in made}) == 1
