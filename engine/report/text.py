"""Results as text that a biller reads at a glance; colours only at a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from engine.chain.stratified import Decided
from engine.model.book import Rule
from engine.report.layout import Codes, Piece, lines_named, wrapped
from engine.report.questions_text import question_lines

_VERDICTS = {
    "clean": ("CLEAN", "bold green"),
    "not_clean": ("NOT CLEAN", "bold red"),
    "undecided": ("UNDECIDED", "bold yellow"),
}
_STYLES = {"reject": "red", "deny": "red", "recode": "red", "review": "yellow"}


class TextWriter:
    """One block a claim, and a line of counts at the end."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._console: Any = None
        if out.isatty():
            from rich.console import Console  # only a terminal needs it

            self._console = Console(file=out, highlight=False, soft_wrap=True)

    def write(self, result: Mapping[str, Any], decided: Decided) -> None:
        """Add one claim."""
        for line in claim_lines(result, decided):
            self._print(line)

    def close(self, verdicts: Mapping[str, int]) -> None:
        """The line of counts."""
        total = sum(verdicts.values())
        parts = [
            f"{verdicts[v]} {name.lower()}" for v, (name, _) in _VERDICTS.items() if verdicts.get(v)
        ]
        claims = "claim" if total == 1 else "claims"
        self._print([(f"{total} {claims}: {', '.join(parts) or 'none read'}", "bold")])

    def _print(self, line: list[Piece]) -> None:
        if self._console is None:
            self._out.write("".join(text for text, _ in line) + "\n")
            return
        from rich.text import Text

        self._console.print(Text.assemble(*line))


def claim_lines(result: Mapping[str, Any], decided: Decided) -> Iterator[list[Piece]]:
    """The block of one claim: findings first, then what is asked."""
    payer = decided.around.claim.payer
    word, style = _VERDICTS[result["verdict"]]
    addressed = " / ".join(part for part in (payer.id or payer.name, payer.contractor) if part)
    yield [(result["claim_id"], "bold"), ("  ", ""), (word, style), (f"  {addressed}", "dim")]
    codes = {line.number: line.procedure for line in decided.around.claim.lines}
    for finding in result["findings"]:
        yield from _finding(finding, decided, codes)
    yield from question_lines(result, decided)
    silent = result.get("without_record")
    if silent:
        rules = "rule" if silent == 1 else "rules"
        yield [(f"  left out: {silent} {rules} that only the record could decide", "dim")]
    yield [("", "")]


def _finding(finding: Mapping[str, Any], decided: Decided, codes: Codes) -> Iterator[list[Piece]]:
    reason = "-".join(p for p in (finding["group"], finding["carc"]) if p)
    reason = " ".join(p for p in (reason, finding["rarc"]) if p)
    kind = finding["finding"]
    yield [
        (f"  {lines_named(finding['lines'], codes)}  ", ""),
        (kind.upper(), _STYLES.get(kind, "cyan")),
        (f"  {reason}" if reason else "", "dim"),
    ]
    yield from wrapped(finding["message"])
    yield from wrapped(_source(finding, decided), style="dim")
    remedy = finding["remedy"]
    if remedy:
        yield from wrapped(_remedy(remedy), style="green" if remedy["verified"] else "yellow")


def _source(finding: Mapping[str, Any], decided: Decided) -> str:
    """The rule with its sentence, and the adoption by which it holds here."""
    cites = finding["cites"]
    name = finding["rule"].split("#")[-1]
    said = f"{cites['source']} {cites['locator']}"
    rule = _rule(finding, decided)
    if rule is not None and rule.adopted is not None and len(rule.cites) > 1:
        own = rule.cites[1]
        said = f"{own.source} {own.locator}, adopted by {rule.adopted.source}"
    return f"{name}: {said} ({cites['evidence']})"


def _rule(finding: Mapping[str, Any], decided: Decided) -> Rule | None:
    found = (b.rule for _, b, word, _ in decided.outcomes if word == "violated")
    return next((rule for rule in found if rule.id == finding["rule"]), None)


def _remedy(remedy: Mapping[str, Any]) -> str:
    if remedy["class"] == "needs_fact":
        return f"to mend it: {remedy['question']}"
    words = {
        "set": "set",
        "add_modifier": "add modifier",
        "remove_modifiers": "remove modifier",
        "split_line": "split the line",
        "remove_line": "remove the line",
    }
    kind = next(k for k in words if k in remedy)
    value = remedy[kind]
    if isinstance(value, dict):
        value = ", ".join(f"{name.replace('_', ' ')} to {v}" for name, v in value.items())
    said = words[kind] if value is True else f"{words[kind]} {_listed(value)}"
    return f"to mend it: {said}" + (" (checked: that settles it)" if remedy["verified"] else "")


def _listed(value: Any) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)
