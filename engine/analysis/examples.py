"""Runs the examples that stand beside the rules, each rule judged alone (clause A28)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from engine.chain.bound import BoundBook
from engine.chain.facts import LineFacts
from engine.chain.ruling import prove_rule
from engine.chain.stratified import Decided, decide
from engine.claims.documentation import check_facts
from engine.compiler.book import compile_policy
from engine.compiler.library import Library, day
from engine.model.book import Rule
from engine.model.claim import (
    Amount,
    Claim,
    Coverage,
    FactValue,
    History,
    Line,
    Patient,
    Payer,
    Provider,
    Service,
)
from engine.model.problem import Location
from engine.model.vocabulary import Fact
from engine.report.explanation import explained

NPI, GROUP, PATIENT = "1234567893", "example-group", "example-patient"
_OUTCOMES = {"payable": True, "denied": False, "undecided": None}


@dataclass(frozen=True)
class Check:
    """One example or case that was run: what it is, and what differs (nothing: it holds)."""

    name: str
    location: Location
    faults: tuple[str, ...]
    proof: tuple[str, ...] = ()


def run_examples(library: Library, policy: str, rule: str | None = None) -> Iterator[Check]:
    """Run every example of a policy, or those of one rule."""
    document = library.policies[policy]
    books: dict[date | None, BoundBook] = {}
    for n, entry in enumerate(document.data.get("rules") or ()):
        if rule is not None and entry.get("rule") != rule:
            continue
        for m, example in enumerate(entry.get("examples") or ()):
            known_on = day(example.get("known_on"))
            if known_on not in books:
                books[known_on] = BoundBook(compile_policy(library, policy, known_on)[0])
            line, column = document.marks.value(("rules", n, "examples", m))
            where = Location(document.file, line, column)
            begin = entry.get("from") or document.data.get("from")
            id = f"{policy}#{entry.get('rule')}"
            yield _run(books[known_on], id, example, day(begin), library.facts, where)


def _run(
    bound: BoundBook,
    id: str,
    example: Mapping[str, Any],
    begin: date | None,
    facts: Mapping[str, Fact],
    where: Location,
) -> Check:
    name = f"{id}: {example.get('name')}"
    faults: list[str] = []
    claim, given = _claim(bound, example, begin, facts, where, faults)
    history = _history(example, claim, facts, where, faults)
    decided = decide(bound, claim, history, given=given)
    word = word_on(decided, id, 0)
    if word != example.get("expect"):
        faults.append(f"expected {example.get('expect')}, came out {word}")
    proof = tuple(_proof(bound, id, decided.around.lines[0])) if faults else ()
    return Check(name, where, tuple(faults), proof)


def word_on(decided: Decided, rule: str, index: int) -> str:
    """How a rule came out on a line; over several diagnoses the worst word."""
    words = [w for _, b, w, lines in decided.outcomes if b.rule.id == rule and index in lines]
    order = ("violated", "undecided", "met")
    return next((word for word in order if word in words), "not_applicable")


def _proof(bound: BoundBook, id: str, x: LineFacts) -> Iterator[str]:
    for rule in _entries(bound, id, x.date):
        yield from explained(prove_rule(bound, rule, x), x)


def _entries(bound: BoundBook, id: str, on: date) -> list[Rule]:
    return [
        r for r in bound.book.rules if r.id == id and r.begin <= on and (not r.end or on < r.end)
    ]


def _claim(
    bound: BoundBook,
    example: Mapping[str, Any],
    begin: date | None,
    facts: Mapping[str, Fact],
    where: Location,
    faults: list[str],
) -> tuple[Claim, dict[int, Any]]:
    about, patient = example.get("claim") or {}, example.get("patient") or {}
    raw = [example.get("line") or {}, *(example.get("lines") or ())]
    on = day(raw[0].get("service_date")) or begin or date.today()  # noqa: DTZ011  # never reached: a policy has a `from`
    lines = [_line(data, n + 1, on, facts, where, faults) for n, data in enumerate(raw)]
    given = {
        line.number: _OUTCOMES[data["outcome"]]
        for line, data in zip(lines, raw, strict=True)
        if "outcome" in data
    }
    claim = Claim(
        claim_id="example",
        form=about.get("form", "professional"),
        stage=about.get("stage", "billed"),
        frequency=about.get("frequency"),
        type_of_bill=about.get("type_of_bill"),
        payer=Payer(
            bound.book.payer, about.get("contractor"), about.get("plan"), about.get("state")
        ),
        patient=Patient(PATIENT, day(patient.get("birth_date")), patient.get("sex")),
        billing_provider=Provider(npi=NPI, group=GROUP),
        facility_type=about.get("facility_type"),
        diagnoses=tuple(dict.fromkeys(d for line in lines for d in line.diagnoses)),
        prior_authorization=about.get("prior_authorization"),
        lines=tuple(lines),
        documentation=_facts(example.get("documentation"), facts, where, faults),
    )
    return claim, given


def _line(
    data: Mapping[str, Any],
    number: int,
    on: date,
    facts: Mapping[str, Fact],
    where: Location,
    faults: list[str],
) -> Line:
    provider = data.get("rendering_provider") or {}
    charge = data.get("charge")
    return Line(
        number=data.get("number", number),
        procedure=str(data.get("procedure")),
        service_date=day(data.get("service_date")) or on,
        modifiers=tuple(data.get("modifiers") or ()),
        units=_units(data),
        place_of_service=data.get("place_of_service"),
        diagnoses=tuple(data.get("diagnoses") or ()),
        charge=Decimal(str(charge)) if charge is not None else None,
        rendering_provider=Provider(**{"npi": NPI, "group": data.get("group", GROUP), **provider}),
        revenue_code=data.get("revenue_code"),
        ndc=data.get("ndc"),
        prior_authorization=data.get("prior_authorization"),
        note=data.get("note"),
        documentation=_facts(data.get("documentation"), facts, where, faults),
    )


def _units(data: Mapping[str, Any]) -> Amount | None:
    """One unit unless the example says otherwise, or says that it is not known."""
    units: Amount | None = data.get("units", 1)
    return units


def _facts(
    data: Mapping[str, Any] | None, facts: Mapping[str, Fact], where: Location, faults: list[str]
) -> Mapping[str, FactValue]:
    given = {k: tuple(v) if isinstance(v, list) else v for k, v in (data or {}).items()}
    found, problems = check_facts(given, facts, where)
    faults += [p.message for p in problems]
    return found


def _history(
    example: Mapping[str, Any],
    claim: Claim,
    facts: Mapping[str, Fact],
    where: Location,
    faults: list[str],
) -> History:
    services = tuple(
        Service(
            patient_id=PATIENT,
            line=_line(data, 1, claim.lines[0].service_date, facts, where, faults),
            claim_id=data.get("claim_id", f"earlier-{n + 1}"),
            payer=data.get("payer", claim.payer.id),
            group=data.get("group", GROUP),
            status=data.get("status", "paid"),
        )
        for n, data in enumerate(example.get("history") or ())
    )
    providers = example.get("providers")
    coverage = Coverage(
        PATIENT,
        day(example.get("complete_from")),
        day(example.get("complete_to")),
        tuple(providers) if isinstance(providers, list) else None,
    )
    return History(services, (coverage,))
