"""One claim before every payer and contractor: how each decides, and the clauses that differ."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from engine.chain.facts import LineFacts
from engine.chain.ruling import prove_rule
from engine.chain.stratified import NO_POLICY, Decided
from engine.model.book import WEIGHTY, Rule
from engine.model.claim import Claim, History
from engine.model.directory import Directory
from engine.report.cited import cited
from engine.report.result import Result, result
from engine.report.sentence import filled

Decide: TypeAlias = "Callable[[Claim], tuple[Decided, History]]"
_WORST = ("violated", "undecided", "met")


@dataclass(frozen=True)
class Standing:
    """How one payer, by one contractor, decides a claim."""

    payer: str
    contractor: str | None
    decided: Decided
    result: Result

    @property
    def name(self) -> str:
        """Payer and contractor."""
        return f"{self.payer} / {self.contractor}" if self.contractor else self.payer


def stacks(directory: Directory) -> Iterator[tuple[str, str | None]]:
    """Every payer with each of its contractors; a payer without any stands alone."""
    for payer, entry in sorted(directory.payers.items()):
        contractors: list[str | None] = [*sorted(entry.contractors)]
        yield from ((payer, contractor) for contractor in contractors or [None])


def compare(claim: Claim, directory: Directory, decide: Decide) -> list[Standing]:
    """The claim as each payer and contractor decides it."""
    found = []
    for payer, contractor in stacks(directory):
        addressed = replace(claim.payer, id=payer, contractor=contractor, plan=None)
        decided, history = decide(replace(claim, payer=addressed))
        found.append(Standing(payer, contractor, decided, result(decided, history)))
    return found


def differences(standings: list[Standing]) -> list[dict[str, Any]]:
    """The rules that weigh with one payer and not with all, and what each says of them.

    A rule is described once for all payers with whom it came out the same by the same sentence.
    """
    deciding = [_deciding(s) for s in standings]
    names = sorted({name for found in deciding for name in found})
    shown = []
    for name in names:
        sides = [_side(s, name) for s in standings]
        if len({(side["outcome"], side["says"]) for side in sides}) > 1:
            shown.append({"rule": name, "sides": _grouped(sides)})
    return shown


def _deciding(standing: Standing) -> set[str]:
    """What brought the verdict about: findings that weigh, or else the open questions."""
    violated = {f["rule"] for f in standing.result["findings"] if f["finding"] in WEIGHTY}
    return violated or {need["rule"] for need in standing.result["needs"]}


def _side(standing: Standing, name: str) -> dict[str, Any]:
    """How one rule came out before one payer."""
    decided = standing.decided
    if name == NO_POLICY:
        silent = bool(decided.no_policy or decided.scope_open)
        says = f"No policy of {standing.payer} here speaks of the service." if silent else ""
        return _said(standing, "undecided" if silent else "not_applicable", says)
    found = [(word, x, b.rule) for x, b, word, _ in decided.outcomes if b.rule.id == name]
    if found:
        word, x, rule = min(found, key=lambda item: _WORST.index(item[0]))
        return _said(standing, word, _sentence(standing, rule, x), rule)
    days = [x.date for x in decided.around.lines]
    standing_rules = [r for r in decided.around.bound.book.rules if r.id == name]
    held = any(r.begin <= d and (r.end is None or d < r.end) for r in standing_rules for d in days)
    return _said(standing, "not_applicable" if held else "no_such_rule", "")


def _said(standing: Standing, outcome: str, says: str, rule: Rule | None = None) -> dict[str, Any]:
    cites = [{"payer": standing.name, **cite} for cite in cited(rule)] if rule else []
    return {"payers": [standing.name], "outcome": outcome, "says": says, "cites": cites}


def _sentence(standing: Standing, rule: Rule, x: LineFacts) -> str:
    ruling = prove_rule(standing.decided.around.bound, rule, x)
    return filled(rule.says, rule, x, ruling.reports())


def _grouped(sides: list[dict[str, Any]]) -> list[dict[str, Any]]:
    groups: dict[tuple[Any, ...], dict[str, Any]] = {}
    for side in sides:
        key = (side["outcome"], side["says"])
        if key in groups:
            groups[key]["payers"] += side["payers"]
            groups[key]["cites"] += side["cites"]
        else:
            groups[key] = side
    return list(groups.values())
