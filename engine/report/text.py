"""Results as text that a biller reads at a glance; colours only at a terminal."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any, TextIO

from engine.chain.stratified import Decided

Piece = tuple[str, str]
_VERDICTS = {
    "clean": ("CLEAN", "bold green"),
    "not_clean": ("NOT CLEAN", "bold red"),
    "undecided": ("UNDECIDED", "bold yellow"),
}
_STYLES = {"reject": "red", "deny": "red", "recode": "red", "review": "yellow"}
WIDTH = 100


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
    """The block of one claim."""
    payer = decided.around.claim.payer
    word, style = _VERDICTS[result["verdict"]]
    addressed = " / ".join(part for part in (payer.id or payer.name, payer.contractor) if part)
    yield [(result["claim_id"], "bold"), ("  ", ""), (word, style), (f"  {addressed}", "dim")]
    codes = {line.number: line.procedure for line in decided.around.claim.lines}
    for finding in result["findings"]:
        yield from _finding(finding, codes)
    for need in result["needs"]:
        yield from _need(need, codes)
    silent = result.get("without_record")
    if silent:
        yield [(f"  {silent} questions about the record left out", "dim")]
    yield [("", "")]


def _finding(finding: Mapping[str, Any], codes: Mapping[int, str]) -> Iterator[list[Piece]]:
    reason = "-".join(p for p in (finding["group"], finding["carc"]) if p)
    reason = " ".join(p for p in (reason, finding["rarc"]) if p)
    kind = finding["finding"]
    yield [
        (f"  {_lines(finding['lines'], codes)}  ", ""),
        (kind.upper(), _STYLES.get(kind, "cyan")),
        (f"  {reason}" if reason else "", "dim"),
    ]
    yield from _wrapped(finding["message"], "")
    cites = finding["cites"]
    rule = finding["rule"].split("#")[-1]
    yield from _wrapped(
        f"{rule}: {cites['source']}, {cites['locator']} ({cites['evidence']})", "dim"
    )
    remedy = finding["remedy"]
    if remedy:
        yield from _wrapped(_remedy(remedy), "green" if remedy["verified"] else "yellow")


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


def _need(need: Mapping[str, Any], codes: Mapping[int, str]) -> Iterator[list[Piece]]:
    rule = need["rule"].split("#")[-1]
    yield [(f"  {_lines(need['lines'], codes)}  ", ""), ("?", "yellow"), (f"  {rule}", "dim")]
    if need["depends_on"] is not None:
        yield from _wrapped(f"waits for line {need['depends_on']}", "")
    for fact in need["facts"]:
        yield from _wrapped(f"{fact['question']} [{fact['fact']}]", "")


def _lines(numbers: list[int], codes: Mapping[int, str]) -> str:
    if not numbers:
        return "whole claim"
    word = "line " if len(numbers) == 1 else "lines "
    return word + ", ".join(f"{n} ({codes.get(n, '?')})" for n in numbers)


def _wrapped(text: str, style: str) -> Iterator[list[Piece]]:
    for line in textwrap.wrap(text, WIDTH - 6) or [""]:
        yield [("      " + line, style)]
