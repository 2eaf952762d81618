"""Rule books to measure with: generated as documents and compiled, or a part of a shipped one.

The generated rules use only what every engine of the comparison can express: codes in a set,
units, modifiers, diagnoses, place of service, and other lines of the same claim and day.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any, Final

from engine.compiler.book import compile_book
from engine.compiler.library import Library
from engine.documents.load import load_tree
from engine.model.book import Rule, RuleBook

RULES_A_FAMILY: Final = 12
FIRST_DAY: Final = "2024-01-01"
DAY: Final = date(2026, 3, 4)
"""The service date of every claim that all engines judge."""

Documents = dict[str, bytes]


def generated(rules: int) -> RuleBook:
    """A book of so many rules, twelve a policy document, from documents made for it."""
    library_documents, problems = load_tree(_documents(rules))
    library = Library(library_documents, problems)
    book, more = compile_book(library, "bench")
    if problems or more:
        raise ValueError(f"the generated documents have problems: {[*problems, *more][:3]}")
    return book


def _documents(rules: int) -> Documents:
    cited = {"made": {"says": "Made for a measurement.", "evidence": "primary"}}
    source = {
        "title": "Made up",
        "publisher": "nobody",
        "document": "B1",
        "address": "none",
        "from": FIRST_DAY,
        "read": FIRST_DAY,
        "evidence": "primary",
        "sentences": cited,
    }
    payer = {
        "payer": "bench",
        "title": "Bench",
        "names": [],
        "ids": [],
        "layers": [{"from": FIRST_DAY, "coding": [], "payer": ["bench/policies"]}],
    }
    documents = {
        "bench/payer.yaml": payer,
        "bench/sources.yaml": {"sources": {"bench": source}},
    }
    for family, first in enumerate(range(0, rules, RULES_A_FAMILY)):
        policy = _policy(family, min(RULES_A_FAMILY, rules - first))
        documents[f"bench/policies/family-{family}/policy.yaml"] = policy
    return {path: json.dumps(data).encode() for path, data in documents.items()}


def codes_of(family: int) -> tuple[list[str], list[str], list[str]]:
    """Three kinds of procedure codes of one policy document."""
    first = 10000 + 10 * family
    numbers = [str(first + n) for n in range(9)]
    return numbers[:3], numbers[3:6], numbers[6:]


def diagnoses_of(family: int) -> tuple[list[str], list[str]]:
    """The diagnoses that the first and the second kind of codes want."""
    stem = f"{'ABCDEFGHJK'[family % 10]}{family // 10 % 90 + 10}"
    return [f"{stem}.{n}" for n in range(6)], [f"{stem}.{n}" for n in range(4, 9)]


def _policy(family: int, count: int) -> dict[str, Any]:
    first, second, third = codes_of(family)
    wanted, other = diagnoses_of(family)
    sets = {
        f"first_{family}": _set("procedure", first),
        f"second_{family}": _set("procedure", second),
        f"third_{family}": _set("procedure", third),
        f"wanted_{family}": _set("diagnosis", wanted),
        f"other_{family}": _set("diagnosis", other),
    }
    return {
        "policy": f"family-{family}",
        "title": f"Family {family}",
        "from": FIRST_DAY,
        "sources": "../../sources.yaml",
        "scope": {"procedure": [f"first_{family}", f"second_{family}", f"third_{family}"]},
        "sets": sets,
        "rules": _rules(family, first[0], third[2])[:count],
    }


def _set(of: str, members: list[str]) -> dict[str, Any]:
    return {"says": "Codes made up.", "of": of, "members": members}


def _rules(family: int, one: str, last: str) -> list[dict[str, Any]]:
    first, second, third = (f"{name}_{family}" for name in ("first", "second", "third"))
    beside = {"procedure": first, "same": ["claim", "date"]}
    distinct = {"modifier": {"has_any": ["59", "XS"]}}
    never: dict[str, Any] = {"never": "covered"}
    return [
        _rule("units", first, {"units": {"at_most": 2}}),
        _rule("side", first, {"modifier": {"has_any": ["RT", "LT", "50"]}}, finding="review"),
        _rule("diagnosis", first, {"diagnosis": f"wanted_{family}"}),
        _rule("not-both-sides", second, {"modifier": {"has_none": ["50"]}}, finding="review"),
        _rule("not-beside", second, {"not_with": beside}, unless=distinct),
        _rule("place", second, {"place_of_service": ["11", "22", "24"]}, finding="review"),
        _rule("needs-first", third, {"companion": beside}),
        _rule("kx", third, {"units": {"at_most": 1}}, when={"modifier": {"has_any": ["KX"]}}),
        _rule("inpatient-only", last, never, unless={"place_of_service": ["21"]}),
        _rule("one-unit", one, {"units": {"at_most": 1}}, finding="review"),
        _rule(
            "other-diagnosis",
            second,
            {"diagnosis": f"other_{family}"},
            unless={"modifier": {"has_any": ["GA"]}},
        ),
        _rule(
            "repeat",
            first,
            {"any_of": [{"modifier": {"has_any": ["76"]}}, {"units": {"at_most": 3}}]},
            finding="review",
        ),
    ]


def _rule(
    name: str,
    codes: str,
    requires: Mapping[str, Any],
    *,
    when: Mapping[str, Any] | None = None,
    unless: Mapping[str, Any] | None = None,
    finding: str = "deny",
) -> dict[str, Any]:
    rule: dict[str, Any] = {
        "rule": name,
        "says": "A rule made for a measurement.",
        "cites": "bench/made",
        "applies_to": {"procedure": [codes]},
        "requires": requires,
        "otherwise": {"finding": finding},
    }
    if when is not None:
        rule["when"] = when
    if unless is not None:
        rule["unless"] = [{"exception": "made", "when": unless, "cites": "bench/made"}]
    return rule


def part_of(book: RuleBook, kept: tuple[Rule, ...]) -> RuleBook:
    """A book with some of its rules only; none of them may ask for another one's outcome."""
    new = {id(rule): n for n, rule in enumerate(kept)}
    index = {
        code: tuple(new[id(book.rules[n])] for n in positions if id(book.rules[n]) in new)
        for code, positions in book.index.items()
    }
    unindexed = tuple(new[id(book.rules[n])] for n in book.unindexed if id(book.rules[n]) in new)
    changed = {"rules": kept, "index": index, "unindexed": unindexed, "strata": {}}
    return RuleBook(**{**vars(book), **changed})
