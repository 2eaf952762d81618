"""Writes docs/acceptance.md: every row of the matrix, what proves it, and the ruling on it.

`python -m tests.policies.acceptance_page` writes the page anew.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from itertools import groupby

from tests.cli.run import ROOT
from tests.policies.acceptance import WORKED, Proof, Row, families, matrix, rulings
from tests.policies.acceptance_proofs import LABELLED, cases, library, rules
from tests.policies.shipped import SHIPPED

PAGE = ROOT / "docs" / "acceptance.md"
STATUSES = {
    "A": "stated, and no conflict found",
    "P": "true with a named payer only",
    "X": "wrong or superseded: the correction holds",
    "C": "contested: the ruling holds",
    "I": "workflow or context",
}
HEAD = """\
# The acceptance matrix

Five public articles on the billing of pain procedures (A: a chapter of coding training, B: trigger
points for coders, C: a billing guide, D: a list of codes, E: a guide to 20552) state 337 checkable
things. An article is a source of questions and never of authority: what is wrong or contested has
a ruling, and the tests fail if the wrong version is enforced. Each row below says one of them in
our own words and names what proves it: rules, their examples, whole claims (cases), tests,
commands. Written from `tests/acceptance.csv` by `python -m tests.policies.acceptance_page`;
`tests/policies/test_acceptance.py` fails if a row loses its proof.

A rule stands with its examples on both sides of its edge: violated (or, where only the record can
say, undecided) and met. Rows of one payer are proved by rules in that payer's own folder. Where
the articles name no payer, a labelled plan that no payer is (`tests/policies/worked/policies`)
shows that its document could hold the rule; no claim of a real payer meets it.
"""


def page() -> str:
    """The whole page."""
    rows = matrix()
    parts = [HEAD, "\n".join(_counts(rows)), "\n".join(_rulings())]
    for family, members in groupby(sorted(rows, key=lambda r: r.family), lambda r: r.family):
        parts.append("\n".join(_family(family, list(members))))
    parts.append("\n".join(_worked()))
    return "\n".join(part.strip("\n") + "\n" for part in parts)


def _counts(rows: list[Row]) -> Iterator[str]:
    by_status = Counter(row.status for row in rows)
    proved = Counter(row.status for row in rows if row.proofs)
    yield "| status | means | rows | proved |"
    yield "|---|---|---|---|"
    for status, means in STATUSES.items():
        yield f"| {status} | {means} | {by_status[status]} | {proved[status]} |"
    yield f"| | all | {len(rows)} | {proved.total()} |"


def _rulings() -> Iterator[str]:
    yield "## Rulings"
    yield ""
    yield "| | matter | what holds |"
    yield "|---|---|---|"
    for ruling, matter, holds in rulings():
        yield f"| {ruling} | {matter} | {holds} |"


def _family(family: str, rows: list[Row]) -> Iterator[str]:
    counts = Counter(row.status for row in rows)
    yield f"## {family} {families()[family]}"
    yield ""
    yield f"{len(rows)} rows: {', '.join(f'{n} {s}' for s, n in sorted(counts.items()))}."
    yield ""
    for row in rows:
        yield from _row(row)


def _worked() -> Iterator[str]:
    rows = matrix(WORKED)
    yield "## The worked examples"
    yield ""
    yield f"{len(rows)} examples of the articles, as whole claims with the coding that is right."
    yield "Where an article codes otherwise, its claim stands beside them with the finding."
    yield ""
    for row in rows:
        yield from _row(row)


def _row(row: Row) -> Iterator[str]:
    status = f" ({row.status})" if row.status else ""
    ruling = f" *Ruling: {row.ruling.rstrip('.')}.*" if row.ruling else ""
    yield f"- **{row.id}**{status} {row.says}{ruling}"
    for proof in row.proofs:
        yield f"  - {_shown(proof)}"
    if not row.proofs:
        yield "  - still to be proved"


def _shown(proof: Proof) -> str:
    if proof.kind == "rule":
        return f"rule {_link(proof.of, _file(proof.policy))}: {_says(proof.of)}"
    if proof.kind == "example":
        rule = proof.of.partition("#")[2]
        return f"example of {_link(rule, _file(proof.policy))}: {proof.name}"
    if proof.kind == "case":
        file = cases()[proof.of, proof.name][0].file
        return f"case {_link(proof.of, file)}: {proof.name}"
    if proof.kind == "test":
        return f"test {_link(proof.name, proof.of)}"
    if proof.kind == "command":
        return f"command `cleanclaim {proof.of}`, which ends with {proof.exit}"
    return proof.of


def _file(policy: str) -> str:
    folder = SHIPPED if (SHIPPED / policy).is_dir() else LABELLED
    return (folder / policy / "policy.yaml").relative_to(ROOT).as_posix()


def _says(rule: str) -> str:
    """The sentence of a rule, each parameter with the value that holds last."""
    values = library().policies[rule.partition("#")[0]].data.get("parameters") or {}
    last = {name: str(data["values"][-1].get("value", name)) for name, data in values.items()}
    says = str(rules()[rule][-1]["says"])
    return re.sub(r"{(\w+)}", lambda name: last.get(name[1], name[1].replace("_", " ")), says)


def _link(name: str, path: str) -> str:
    return f"[{name}](../{path})"


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
