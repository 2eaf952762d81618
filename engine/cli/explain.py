"""`cleanclaim explain`: the proof of a rule on a claim."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import click

from engine.chain.facts import LineFacts
from engine.chain.ruling import Ruling, prove_rule
from engine.chain.stratified import Decided
from engine.claims.where import shown, unknown
from engine.cli import exits
from engine.cli.beside import beside
from engine.cli.evaluation import Desk, stop_if_broken
from engine.cli.options import complain, policies, source_of
from engine.compiler.shelf import Shelf
from engine.model.problem import Problem
from engine.report.explanation import explained

FEW = 5
"""How many lines are explained where a rule applies to none, and how many names are listed."""


@click.command("explain")
@click.argument("file", metavar="FILE")
@click.option("--rule", required=True, metavar="ID", help="A rule's id, or its name alone.")
@click.option("--claim", "claim_id", metavar="ID", help="One claim of the file; default: all.")
@click.option("--line", type=int, metavar="N", help="One line of the claim; default: all.")
@click.option("--payer", metavar="ID", help="Judge by this payer's policies.")
@click.option("--history", multiple=True, metavar="FILE", help="Earlier services.")
@click.option("--documentation", multiple=True, metavar="FILE", help="What the record states.")
@policies
def command(
    file: str,
    rule: str,
    claim_id: str | None,
    line: int | None,
    payer: str | None,
    history: tuple[str, ...],
    documentation: tuple[str, ...],
    policies_: str | None,
    known_on: date | None,
) -> None:
    """Show facts, clauses and outcome of one rule, line by line: why, and why not."""
    desk = Desk(Shelf(source_of(policies_), known_on), payer)
    _ = desk.shelf.directory
    stop_if_broken(desk.shelf)
    desk.load_history(beside((file,), history, "history"))
    desk.load_documentation(beside((file,), documentation, "documentation"))
    bad = complain([*desk.shelf.problems, *desk.problems])
    proofs = _Shown(rule, line)
    claims: dict[str, list[int]] = {}
    for item in desk.evaluate(file):
        if isinstance(item, Problem):
            bad = complain([item]) or bad
            continue
        claim = item[0].around.claim
        claims[claim.claim_id] = [each.number for each in claim.lines]
        if claim_id is None or claim.claim_id == claim_id:
            proofs.add(item[0])
    proofs.end()
    if not proofs.count:
        click.echo(
            _absent(claims, claim_id, line) or _nothing(desk, rule, claim_id, line), err=True
        )
    raise SystemExit(exits.BAD_INPUT if bad or not proofs.count else exits.CLEAN)


class _Shown:
    """Explains a rule line by line; lines on which it does not apply are shown only where a line
    was asked for, or where it applies to none."""

    def __init__(self, rule: str, line: int | None) -> None:
        self.count = 0
        self._rule, self._line, self._others = rule, line, 0
        self._passed_over: list[tuple[Decided, Ruling, LineFacts]] = []

    def add(self, decided: Decided) -> None:
        """The lines of one more claim."""
        for ruling, x in _rulings(decided, self._rule):
            if self._line not in (None, x.line.number):
                continue
            if self._line is None and ruling.word == "not_applicable":
                self._others += 1
                if len(self._passed_over) < FEW:
                    self._passed_over.append((decided, ruling, x))
            else:
                self._show(decided, ruling, x)

    def end(self) -> None:
        """What is to be said of the lines that were passed over."""
        applied = self.count
        for decided, ruling, x in () if applied else self._passed_over:
            self._show(decided, ruling, x)
        more = self._others if applied else self._others - len(self._passed_over)
        if more:
            lines = "line" if more == 1 else "lines"
            other = "other " if applied else "more "
            click.echo(f"on {more} {other}{lines} it does not apply; --line N shows why")

    def _show(self, decided: Decided, ruling: Ruling, x: LineFacts) -> None:
        self.count += 1
        click.echo(f"claim {decided.around.claim.claim_id}")
        for text in explained(ruling, x):
            click.echo(text)
        click.echo("")


def _rulings(decided: Decided, rule: str) -> Iterator[tuple[Ruling, LineFacts]]:
    """The rule on every line whose date it is in force on; on each diagnosis if it asks so."""
    bound = decided.around.bound
    for entry in bound.book.rules:
        if rule not in (entry.id, entry.name):
            continue
        judged = [x for x, b, _, _ in decided.outcomes if b.rule is entry]
        for x in judged if entry.for_diagnosis else decided.around.lines:
            if entry.begin <= x.date and (entry.end is None or x.date < entry.end):
                yield prove_rule(bound, entry, x), x


def _absent(claims: dict[str, list[int]], claim_id: str | None, line: int | None) -> str | None:
    """What the command asked for and the file does not hold, if that is why nothing is shown."""
    if not claims:
        return "no claim of the file could be read, so that there is nothing to explain"
    if claim_id is not None and claim_id not in claims:
        hint = unknown(claim_id, tuple(claims)) or f"it holds {_few(sorted(claims))}"
        return f"there is no claim {shown(claim_id)} in the file; {hint}"
    numbers = {n for id, held in claims.items() if claim_id in (None, id) for n in held}
    if line is not None and line not in numbers:
        where = f"claim {claim_id}" if claim_id else "any claim of the file"
        return f"there is no line {line} in {where}; it has {_few(sorted(map(str, numbers)))}"
    return None


def _few(names: list[str]) -> str:
    more = f" and {len(names) - FEW} more" if len(names) > FEW else ""
    return ", ".join(names[:FEW]) + more


def _nothing(desk: Desk, rule: str, claim_id: str | None, line: int | None) -> str:
    """Why a rule of this name has nothing to show of the claims that were asked for."""
    import difflib

    names = sorted(
        {
            f"{id}#{r.get('rule')}"
            for id, d in desk.shelf.library.policies.items()
            for r in d.data.get("rules") or ()
            if isinstance(r, dict)
        }
    )
    known = rule in names or any(n.endswith(f"#{rule}") for n in names)
    if known:
        where = f"claim {claim_id}" if claim_id else "any claim of the file"
        where = f"line {line} of {where}" if line is not None else where
        return f"the rule `{rule}` is not in force on {where}"
    near = difflib.get_close_matches(rule, [*names, *(n.split("#")[1] for n in names)], n=1)
    hint = f"; did you mean `{near[0]}`?" if near else "; see `cleanclaim policy list`"
    return f"there is no rule `{rule}`{hint}"
