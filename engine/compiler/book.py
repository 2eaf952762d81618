"""Compiles a rule book: the one way from documents to what the chain evaluates."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from datetime import date
from functools import partial
from typing import Any

from engine.compiler.breakpoints import breakpoints
from engine.compiler.checks import check_keys
from engine.compiler.gather import Gathered, gather
from engine.compiler.here import Here
from engine.compiler.layers import combine
from engine.compiler.library import Library
from engine.compiler.lowering import PolicyLowering
from engine.compiler.marks import digest_of, marks
from engine.compiler.placing import Placed, Rules, heads, place
from engine.compiler.rules import asks_code, lower_rule
from engine.compiler.scopes import scopes
from engine.compiler.strata import Strata, asks_outcome
from engine.documents.load import Document
from engine.model.book import Rule, RuleBook
from engine.model.problem import Problem
from engine.model.term import Codes


def compile_book(
    library: Library,
    payer: str,
    contractor: str | None = None,
    plan: str | None = None,
    known_on: date | None = None,
) -> tuple[RuleBook, list[Problem]]:
    """The book of one payer, contractor and plan, and the problems of the documents it read.

    Raises KeyError if there is no such payer folder.
    """
    names = (payer, contractor, plan)
    make = partial(_compile_book, library, names, known_on)
    book, problems = library.once(("book", names, known_on), make)
    return book, [*problems]


def _compile_book(
    library: Library, names: tuple[str, str | None, str | None], known_on: date | None
) -> tuple[RuleBook, list[Problem]]:
    problems: list[Problem] = []
    payer, contractor, plan = names
    document = library.payers[payer]
    placed = place(library, document, contractor, plan, problems, known_on)
    book = _assemble(library, document, placed, names, known_on, problems)
    return book, problems


def compile_policy(
    library: Library, policy: str, known_on: date | None = None
) -> tuple[RuleBook, list[Problem]]:
    """The book of one policy alone, in which its own examples are judged (clause A28)."""
    make = partial(_compile_policy, library, policy, known_on)
    book, problems = library.once(("policy", policy, known_on), make)
    return book, [*problems]


def _compile_policy(
    library: Library, policy: str, known_on: date | None
) -> tuple[RuleBook, list[Problem]]:
    problems: list[Problem] = []
    document = library.policies[policy]
    head = heads(library, document, problems)
    payer = library.payer_above(policy)
    placed = [Placed(1, head, None, None)]
    name = policy.split("/", 1)[0]
    names = (name, None, None)
    book = _assemble(library, payer, placed, names, known_on, problems, alone=True)
    return book, problems


def _assemble(
    library: Library,
    payer: Document | None,
    placed: list[Placed],
    names: tuple[str, str | None, str | None],
    known_on: date | None,
    problems: list[Problem],
    *,
    alone: bool = False,
) -> RuleBook:
    bodies = combine(library, placed, known_on, alone=alone)
    lowerings = _lowerings(library, placed, bodies, problems)
    sights = [item.head.sight for item in placed] + [
        part.sight for spans in bodies.values() for s in spans for part in s.value.parts.values()
    ]
    unique = {id(sight): sight for sight in sights}
    found = gather(library, unique.values(), placed, lowerings, known_on)
    rules = _rules(library, bodies, lowerings)
    check_keys(rules, found, bodies, lambda codes: _codes(codes, found))
    by_table = _by_table(rules, found)
    index, unindexed = _index(rules, found, frozenset(by_table))
    strata = Strata(rules, index, unindexed, lambda c: _codes(c, found), found.tables)
    heights = strata.compute()
    if strata.cycle:
        _report_cycle(strata, rules, problems)
    data: dict[str, Any] = payer.data if payer else {}
    seen = marks(library, placed)
    outside = data.get("outside_scope") == "covered"
    title = str(data.get("title", names[0]))
    return RuleBook(
        payer=names[0],
        contractor=names[1],
        plan=names[2],
        known_on=known_on,
        title=title,
        policies=seen,
        rules=rules,
        index=index,
        unindexed=unindexed,
        strata=heights,
        breakpoints=breakpoints(rules, found),
        sets=found.sets,
        attributes=found.attributes,
        parameters=found.parameters,
        tables=found.tables,
        decisions=found.decisions,
        derivations=found.derivations,
        facts=library.facts,
        scopes=scopes(library, placed, lowerings, known_on),
        outside_covered=outside,
        by_contractor=bool(data.get("contractors")),
        digest=digest_of([names, str(known_on), [(m.id, m.digest) for m in seen], outside]),
        by_table=by_table,
    )


def _lowerings(
    library: Library, placed: list[Placed], bodies: Rules, problems: list[Problem]
) -> dict[str, PolicyLowering]:
    """One lowering for each policy that writes a rule or a derivation."""
    found: dict[str, Here] = {item.id: item.head for item in placed}
    for spans in bodies.values():
        for span in spans:
            found.setdefault(span.value.head.document.folder, span.value.head)
    result = {}
    for folder, head in found.items():
        families = {folder, *(base.folder for base in library.bases(head.document))}
        own = {id.split("#")[1]: id for id in bodies if id.split("#")[0] in families}
        names = {**own, **{id: id for id in bodies}}
        result[folder] = PolicyLowering(_counting_head(library, head), names)
    return result


def _counting_head(library: Library, head: Here) -> Here:
    """The head that says how services are counted: a policy's own, else that of its base."""
    for document in (head.document, *library.bases(head.document)):
        if document.data.get("history") is not None:
            return Here(document, (), document.data, head.problems, head.sight)
    return head


def _rules(
    library: Library, bodies: Rules, lowerings: Mapping[str, PolicyLowering]
) -> tuple[Rule, ...]:
    found = []
    for id in sorted(bodies):
        for span in bodies[id]:
            lowering = lowerings[span.value.head.document.folder]
            rule = lower_rule(library, id, span, lowering)
            if rule is not None:
                found.append(rule)
    return tuple(found)


def _codes(codes: Codes, found: Gathered) -> frozenset[str] | None:
    """Every code that may be meant on any day; None for all codes there are."""
    if codes.any or codes.same:
        return None
    result = set(codes.literal)
    for name in codes.sets:
        result.update(found.sets[name].members)
    for column in codes.columns:
        table = found.tables[column.table]
        if table.stored is not None:
            result |= table.stored.values(column.column, column.rows)
        elif column.column in table.columns:
            wanted = [(table.columns.index(c), v) for c, v in column.rows if c in table.columns]
            at = table.columns.index(column.column)
            result.update(str(r[at]) for r in table.rows if all(str(r[n]) in v for n, v in wanted))
    return frozenset(result)


def _by_table(rules: tuple[Rule, ...], found: Gathered) -> tuple[int, ...]:
    """Rules whose codes a large table knows. Those that ask for outcomes are indexed by code all
    the same, because their strata are."""
    return tuple(
        n
        for n, rule in enumerate(rules)
        if not rule.for_diagnosis
        and not asks_outcome(rule)
        and (asked := asks_code(rule.applies_to)) is not None
        and asked.test.codes is not None
        and any(found.tables[c.table].stored is not None for c in asked.test.codes.columns)
    )


def _index(
    rules: tuple[Rule, ...], found: Gathered, by_table: frozenset[int]
) -> tuple[dict[str, tuple[int, ...]], tuple[int, ...]]:
    index: dict[str, list[int]] = defaultdict(list)
    unindexed = []
    for n, rule in enumerate(rules):
        if n in by_table:
            continue
        asked = asks_code(rule.applies_to)
        codes = _codes(asked.test.codes, found) if asked and asked.test.codes else None
        if codes is None or rule.for_diagnosis:
            unindexed.append(n)
        else:
            for code in codes:
                index[code].append(n)
    return {code: tuple(index[code]) for code in sorted(index)}, tuple(unindexed)


def _report_cycle(strata: Strata, rules: tuple[Rule, ...], problems: list[Problem]) -> None:
    path = " -> ".join(f"{rules[n].name} on {code}" for n, code in strata.cycle)
    where = rules[strata.cycle[0][0]].location
    if where is not None:
        problems.append(
            Problem(
                where,
                "cycle",
                f"these rules wait for each other's outcomes: {path}",
                "an outcome may not depend on itself; ask for it in one direction only",
            )
        )
