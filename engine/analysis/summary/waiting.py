"""What undecided claims wait for, and the few facts that would decide most of them.

A question of a rule that only warns holds no claim back, and is left out.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import replace
from decimal import Decimal
from itertools import combinations
from typing import TypeAlias

from engine.analysis.summary.numbers import ZERO, Best, Fact, Waiting
from engine.analysis.summary.tables import Tables

BEYOND = frozenset({"policy", "manual_review"})
"""What no record answers: that no policy speaks of a code, and what a person must judge."""
FEW = 3
"""So many facts are named together."""
WIDE = 60
"""So many facts, those that most claims ask for, are tried for the best few."""
Open: TypeAlias = Mapping[frozenset[str], tuple[int, Decimal]]
"""The claims that ask for exactly these facts, and their charges."""


def waiting(db: Tables, *, with_ids: bool) -> Waiting:
    """The facts, those that decide most on their own first."""
    open_, silent = _open(db)
    questions = _questions(db, with_ids)
    names = {name for asked in open_ for name in asked}
    asked = [_fact(name, questions.get(name, ""), open_) for name in sorted(names)]
    ranked = sorted(asked, key=lambda f: (f.name in BEYOND, -f.alone, -f.charge, -f.claims))
    beyond = sum(count for asked, (count, _) in open_.items() if asked & BEYOND)
    return Waiting(tuple(_running(ranked, open_)), best(open_), beyond, silent)


def _open(db: Tables) -> tuple[Open, int]:
    """Undecided claims by what they ask, and how many of them name no fact."""
    rows = db.execute(
        """SELECT facts, count(*), coalesce(sum(charge), 0) FROM (
            SELECT claim_id, any_value(c.charge) AS charge, list_sort(
                list(DISTINCT fact) FILTER (fact <> '')) AS facts
            FROM claims c LEFT JOIN (FROM needs WHERE weighs) n USING (claim_id)
            WHERE verdict = 'undecided' GROUP BY claim_id)
        GROUP BY facts"""
    ).fetchall()
    found = {frozenset(facts): (count, charge) for facts, count, charge in rows if facts}
    return found, sum(count for facts, count, _ in rows if not facts)


def _questions(db: Tables, with_ids: bool) -> dict[str, str]:
    """How each fact is asked most often; dates of services only where ids are wanted."""
    # What a ledger has of one patient says nothing of the others.
    shown = "regexp_replace(question, ' In the ledger: .*$', '')"
    if not with_ids:
        shown = rf"regexp_replace({shown}, '\d{{4}}-\d\d-\d\d', '(a date)', 'g')"
    rows = db.execute(
        f"""SELECT fact, {shown} AS asked, sum(count) AS times FROM (
            SELECT fact, question, count(*) AS count FROM needs
            WHERE fact <> '' AND weighs GROUP BY fact, question)
        GROUP BY ALL ORDER BY times, asked DESC"""
    ).fetchall()
    return {fact: asked for fact, asked, _ in rows if asked}


def _fact(name: str, question: str, open_: Open) -> Fact:
    alone, charge = open_.get(frozenset({name}), (0, ZERO))
    claims = sum(count for asked, (count, _) in open_.items() if name in asked)
    return Fact(name, question, claims, alone, charge, 0)


def _running(facts: Iterable[Fact], open_: Open) -> Iterable[Fact]:
    """Each with the claims that are decided once it and all before it are known."""
    lacking = {asked: len(asked) for asked in open_}
    decided = 0
    for fact in facts:
        for asked in lacking:
            if fact.name in asked:
                lacking[asked] -= 1
                decided += open_[asked][0] if lacking[asked] == 0 else 0
        yield replace(fact, so_far=decided)


def best(open_: Open) -> Best:
    """The few facts that together decide the most undecided claims, tried among those that most
    claims ask for; of equal ones those with more money, then with fewer facts."""
    asking: Counter[str] = Counter()
    for asked, (count, _) in open_.items():
        if not asked & BEYOND and len(asked) <= FEW:
            asking.update(dict.fromkeys(asked, count))
    tried = sorted(sorted(asking), key=lambda name: -asking[name])[:WIDE]
    found = Best()
    for size in range(1, FEW + 1):
        for chosen in combinations(sorted(tried), size):
            decided = _decides(chosen, open_)
            if decided > (found.claims, found.charge):
                found = Best(chosen, *decided)
    return found


def _parts(facts: tuple[str, ...]) -> Iterator[frozenset[str]]:
    for size in range(1, len(facts) + 1):
        yield from map(frozenset, combinations(facts, size))


def _decides(facts: tuple[str, ...], open_: Open) -> tuple[int, Decimal]:
    """The claims that ask for nothing but these facts, and their charges."""
    inside = [open_[part] for part in _parts(facts) if part in open_]
    return sum(count for count, _ in inside), sum((charge for _, charge in inside), ZERO)
