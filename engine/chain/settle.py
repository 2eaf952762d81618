"""Which facts would settle a proof: the smallest set whose answers can bring it about."""

from __future__ import annotations

from itertools import product

from engine.chain.matching import compare_range
from engine.chain.needs import Needs, fewest, union
from engine.model.outcome import Proof


def least(proof: Proof, wanted: bool) -> Needs | None:
    """The smallest set of facts whose answers could make the proof come out as wanted; among
    sets of one size the one that stands first. None if nothing can."""
    if proof.value is not None:
        return () if proof.value is wanted else None
    if proof.how == "leaf":
        return proof.if_true if wanted else proof.if_false
    if proof.how == "not":
        return least(proof.parts[0], not wanted)
    if proof.how == "count":
        return _least_count(proof, wanted)
    ways = [least(part, wanted) for part in proof.parts]
    if (proof.how == "all") is wanted:
        return None if any(w is None for w in ways) else union(ways)
    return fewest([w for w in ways if w is not None])


def _least_count(proof: Proof, wanted: bool) -> Needs | None:
    """Answer as few parts as possible, the first of them; the rest may stay open."""
    limit, how = proof.report["limit"], proof.report["how"]
    best: Needs | None = None
    for choice in product(*(_answers(part) for part in proof.parts)):
        low = sum(value is True for value, _ in choice)
        high = low + sum(value is None for value, _ in choice)
        if compare_range(low, high, how, limit) is wanted:  # type: ignore[arg-type]
            needs = union([n for _, n in choice])
            if best is None or len(needs) < len(best):
                best = needs
    return best


def _answers(part: Proof) -> list[tuple[bool | None, Needs]]:
    if part.value is not None:
        return [(part.value, ())]
    ways: list[tuple[bool | None, Needs]] = []
    for value in (True, False):
        needs = least(part, value)
        if needs is not None:
            ways.append((value, needs))
    return [*ways, (None, ())]
