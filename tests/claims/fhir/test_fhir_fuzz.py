"""Broken resources: never an exception, and every Claim is a claim or an error."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

import pytest

from engine.model.claim import Claim
from engine.model.problem import Problem
from tests.claims.fhir.build import CARIN, Json, bundle, claim, coded, item, read, resources

STRANGE: list[Any] = [
    None, True, 0, -1, 7, 10**30, 1.5, 1e300, "", " ", "x", "#p", "#", "Patient/p", "\ud800", "\0",
    "2026-13-01", [], {}, [[]], [None], [{}], {"coding": [{}]}, {"reference": "#"}, {"value": {}},
]  # fmt: skip
Path = tuple[str | int, ...]


def rich() -> Json:
    """A Bundle in which most elements that are read are given."""
    found = resources()
    found[-1]["supportingInfo"] = [
        {"sequence": 1, "category": coded(CARIN + "x", "info"), "valueString": "a note"}
    ]
    found[-1]["related"] = [
        {"relationship": coded("urn:x", "prior"), "claim": {"identifier": {"value": "PM-6"}}}
    ]
    found[-1]["insurance"][0]["preAuthRef"] = ["AUTH1"]
    found[-1]["item"].append(item(sequence=2, informationSequence=[1]))
    found[-1]["total"] = {"value": 820, "currency": "USD"}
    return bundle([*found, claim(id="c2", identifier=[{"value": "PM-8"}])])


def paths(value: Any, at: Path = ()) -> Iterator[Path]:
    members = enumerate(value) if isinstance(value, list) else ()
    for key, below in value.items() if isinstance(value, dict) else members:
        yield (*at, key)
        yield from paths(below, (*at, key))


def around(whole: Any, path: Path) -> Any:
    for key in path[:-1]:
        whole = whole[key]
    return whole


def mutated(whole: Json, chance: random.Random) -> Json:
    """The Bundle with one to four of its elements removed, replaced, doubled or exchanged."""
    found = copy.deepcopy(whole)
    for _ in range(chance.randint(1, 4)):
        every = list(paths(found))
        if not every:
            break
        path, other = chance.choice(every), chance.choice(every)
        holder, key = around(found, path), path[-1]
        kind = chance.choice(("remove", "strange", "double", "exchange"))
        if kind == "remove":
            del holder[key]
        elif kind == "double" and isinstance(holder, list):
            holder.append(copy.deepcopy(holder[int(key)]))
        elif kind == "exchange":
            holder[key] = copy.deepcopy(around(found, other)[other[-1]])
        else:
            holder[key] = chance.choice(STRANGE)
    return found


def present(whole: Json) -> int:
    """How many Claim resources stand where a Bundle holds its resources."""
    entries = whole.get("entry")
    found = [e.get("resource") for e in entries or () if isinstance(e, dict)]
    return sum(isinstance(r, dict) and r.get("resourceType") == "Claim" for r in found)


def errors(problems: list[Problem]) -> list[Problem]:
    return [problem for problem in problems if problem.severity == "error"]


@pytest.mark.parametrize("seed", range(40))
def test_every_claim_is_a_claim_or_an_error(seed: int) -> None:
    chance, whole = random.Random(seed), rich()
    for _ in range(25):
        found = mutated(whole, chance)
        claims, problems = read(json.dumps(found))
        str(problems).encode()
        str(claims).encode()
        if found.get("resourceType") == "Bundle" and isinstance(found.get("entry"), list):
            assert len(claims) <= present(found) <= len(claims) + len(errors(problems))
        else:
            assert claims or problems


def test_bytes_that_are_cut_or_changed() -> None:
    chance, content = random.Random(7), json.dumps(rich()).encode()
    for _ in range(150):
        at = chance.randrange(len(content))
        claims, problems = read(content[:at])
        assert claims == []
        assert problems
        new = bytes(chance.randrange(256) for _ in range(chance.randint(0, 3)))
        claims, problems = read(content[:at] + new + content[at + len(new) :])
        assert claims or problems


def says_no_more(whole: Claim, found: Claim) -> bool:
    """Whether a claim says nothing that the whole one does not."""
    own = {(x.number, x.procedure, x.service_date, x.charge) for x in whole.lines}
    unpriced = {(*rest, None) for *rest, _ in own}
    lines = {(x.number, x.procedure, x.service_date, x.charge) for x in found.lines}
    return (
        lines <= own | unpriced
        and {m for x in found.lines for m in x.modifiers} <= {"KX"}
        and set(found.diagnoses) <= set(whole.diagnoses)
        and found.payer.name in (whole.payer.name, None)
        and found.patient.birth_date in (whole.patient.birth_date, None)
        and (found.billing_provider is None or found.billing_provider.npi in ("1234567893", None))
        and found.claim_id in ("PM-7", "c1")
        and found.patient.id in ("M1", "R77", "p")
    )


def test_nothing_that_is_missing_gives_a_claim_something_else() -> None:
    base = bundle(resources())
    whole = read(base)[0][0]
    seen = 0
    for path in list(paths(base)):
        if path[:1] != ("entry",):
            continue
        found = copy.deepcopy(base)
        del around(found, path)[path[-1]]
        claims, problems = read(found)
        assert claims or errors(problems), path
        for each in claims:
            seen += 1
            assert says_no_more(whole, each), (path, each)
    assert seen > 100
