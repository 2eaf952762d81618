"""The first text of a rule, a topic and a payer, with what the author fills in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from engine.analysis.format.scalars import written
from engine.compiler.lint_unfilled import FILL


def text(value: str) -> str:
    """A text as the canonical form has it."""
    return written(value, plain=False, in_flow=False)


def rule(
    name: str,
    says: str,
    cites: str,
    procedure: str,
    requires: str,
    finding: str,
    code: str,
    carc: str | None = None,
) -> list[str]:
    """The lines of a rule; `procedure` is a set's name or a code, `code` one for the examples."""
    shown = written(code, plain=False, in_flow=True)
    reason = f", carc: {written(carc, plain=False, in_flow=True)}" if carc else ""
    lines = [
        f"rule: {name}",
        f"says: {text(says)}",
        f"cites: {text(cites)}",
        "applies_to:",
        f"  procedure: {text(procedure)}",
        f"requires: {requires}",
        f"otherwise: {{finding: {finding}{reason}}}",
        "examples:",
    ]
    for edge, expect in (("just inside", "met"), ("just outside", "violated")):
        lines += [
            f"  - name: {FILL}, {edge}",
            f"    line: {{procedure: {shown}}}",
            f"    expect: {expect}",
        ]
    return lines


def topic(name: str, title: str, begin: date, codes: Sequence[str], today: date) -> dict[str, str]:
    """The files of a topic's folder by their names; they load, and their rule only warns."""
    members = "\n".join(f"      - {written(code, plain=False, in_flow=False)}" for code in codes)
    codes_name = name.replace("-", "_") + "_codes"
    stub = rule(
        "first-rule",
        f"{FILL.capitalize()} what the source states, in one sentence.",
        "source/first",
        codes_name,
        "{units: {at_most: 1}}",
        "warn",
        codes[0],
    )
    body = "\n".join(["  - " + stub[0], *("    " + line for line in stub[1:])])
    policy = f"""policy: {name}
title: {text(title)}
from: {begin}
sources: sources.yaml
scope:
  procedure: {codes_name}

sets:
  {codes_name}:
    says: {FILL.capitalize()} which codes these are.
    members:
{members}

rules:
{body}
"""
    sources = f"""sources:
  source:
    title: {FILL.capitalize()} the title of the document.
    publisher: {FILL}
    document: {FILL}
    read: {today}
    evidence: unverified
    sentences:
      first: {{says: "{FILL.capitalize()} what it states, in your own words."}}
"""
    return {"policy.yaml": policy, "sources.yaml": sources}


def payer(name: str, title: str, names: Sequence[str]) -> Mapping[str, str]:
    """The file of a payer's folder."""
    known = "".join(f"\n  - {text(n)}" for n in names) if names else " []"
    return {
        "payer.yaml": f"""payer: {name}
title: {text(title)}
names:{known}
ids: []
outside_scope: undecided

layers:
  - from: 2000-01-01
    coding: [coding]
    payer: [{name}]
"""
    }
