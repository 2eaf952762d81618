"""Looks up what the acceptance matrix names, and says how each example and case comes out."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache, lru_cache
from typing import Any

from engine.analysis.cases import Case, Cases, differences
from engine.analysis.examples import examples_of, judged, word_on
from engine.chain.bound import BoundBook
from engine.chain.stratified import Decided, decide
from engine.compiler.book import compile_policy
from engine.compiler.library import Library
from engine.documents.document import Document
from engine.documents.load import load_text, load_tree
from engine.documents.source import from_folder
from engine.model.book import WEIGHTY
from engine.report.result import result
from tests.cli.run import ROOT
from tests.policies.acceptance import Proof, Row
from tests.policies.shipped import asks_the_record, linted, never

HERE = ROOT / "tests" / "policies" / "worked"
"""Whole claims of the worked examples, as cases."""

LABELLED = HERE / "policies"
"""Documents of payers that do not exist: a contested reading, and rules of unnamed plans."""


@lru_cache(maxsize=1)
def library() -> Library:
    """The shipped policies, the labelled payers beside them, and the worked examples."""
    variant, problems = load_tree(from_folder(LABELLED))
    assert problems == []
    return Library([*linted()[0].documents, *variant, *_worked()], [])


def _worked() -> Iterator[Document]:
    for path in sorted(HERE.glob("*.yaml")):
        shown = path.relative_to(ROOT).as_posix()
        document, problems = load_text("cases", path.read_text("utf-8"), shown, "worked/cases")
        assert problems == []
        yield document


@lru_cache(maxsize=1)
def rules() -> dict[str, list[dict[str, Any]]]:
    """Every rule id with its entries."""
    found: dict[str, list[dict[str, Any]]] = {}
    for policy, document in library().policies.items():
        for rule in document.data.get("rules") or ():
            found.setdefault(f"{policy}#{rule['rule']}", []).append(rule)
    return found


@lru_cache(maxsize=1)
def cases() -> dict[tuple[str, str], tuple[Document, dict[str, Any]]]:
    """Every case by policy and name, with its document."""
    return {
        (document.folder.removesuffix("/cases"), str(case["case"])): (document, case)
        for document in library().cases
        for case in document.data.get("cases") or ()
    }


@cache
def examples(rule: str) -> dict[str, tuple[str, str]]:
    """The examples of a rule by name: what is expected, what comes out."""
    policy, _, name = rule.partition("#")
    bound = _bound(policy)
    return {
        example.name: (example.expect, word_on(judged(bound, example), rule, 0))
        for example in examples_of(library(), policy, name)
        if example.known_on is None
    }


@cache
def _bound(policy: str) -> BoundBook:
    return BoundBook(compile_policy(library(), policy)[0])


@lru_cache(maxsize=1)
def _cases() -> Cases:
    return Cases(library())


@cache
def _read(file: str) -> dict[str, Case]:
    (document,) = [d for d in library().cases if d.file == file]
    return {case.name: case for case in _cases().read(document)}


def fault(proof: Proof) -> str | None:
    """Why a rule, example, case or test proves nothing; None if it does."""
    if proof.kind == "rule" and proof.of not in rules():
        return f"no rule `{proof.of}`"
    if proof.kind == "example":
        return _example_fault(proof)
    if proof.kind == "case":
        return _case_fault(proof)
    if proof.kind == "test":
        path = ROOT / proof.of
        if not path.is_file() or f"def {proof.name}(" not in path.read_text("utf-8"):
            return f"no test `{proof.of}::{proof.name}`"
    return None


def _example_fault(proof: Proof) -> str | None:
    if proof.of not in rules() or proof.name not in examples(proof.of):
        return f"no example `{proof.of}: {proof.name}`"
    expect, word = examples(proof.of)[proof.name]
    return None if expect == word else f"`{proof.of}: {proof.name}` comes out {word}"


def _case_fault(proof: Proof) -> str | None:
    if (proof.of, proof.name) not in cases():
        return f"no case `{proof.of}: {proof.name}`"
    case = _read(cases()[proof.of, proof.name][0].file)[proof.name]
    decided = _decided(proof.of, proof.name)
    faults = list(case.faults)
    if decided is not None:
        faults += differences(case.expect, result(decided, case.history), decided)
    return f"`{proof.of}: {proof.name}`: {faults[0]}" if faults else None


def on_both_sides(row: Row, rule: str) -> bool:
    """Whether what a row names shows a rule kept and broken; a record may be silent instead.

    Without an example or case of the rule among its proofs, all examples of the rule speak.
    """
    if rule not in rules():
        return False
    named = [p.name for p in row.of("example") if p.of == rule]
    words = {examples(rule)[name][0] for name in named or examples(rule) if name in examples(rule)}
    words |= {word for proof in row.of("case") for word in _words(proof.of, proof.name, rule)}
    entry = rules()[rule][0]
    wrong = {"violated", "undecided"} if asks_the_record(entry["requires"]) else {"violated"}
    right = {"met", "not_applicable"} if never(entry) else {"met"}
    return bool(words & wrong) and bool(words & right)


def shows_no_fault(row: Row) -> bool:
    """Whether an example or case of a row is not found at fault."""
    words = {examples(p.of)[p.name][0] for p in row.of("example") if not fault(p)}
    clean = any(_faultless(case["expect"]) for case in _named_cases(row))
    return bool(words & {"met", "not_applicable"}) or clean


def _faultless(expect: dict[str, Any]) -> bool:
    return not any(finding["finding"] in WEIGHTY for finding in expect.get("findings") or ())


def _named_cases(row: Row) -> list[dict[str, Any]]:
    keys = [(proof.of, proof.name) for proof in row.of("case")]
    return [cases()[key][1] for key in keys if key in cases()]


@cache
def _decided(policy: str, name: str) -> Decided | None:
    """What the chain says of a case; None if there is none, or nothing to decide."""
    if (policy, name) not in cases():
        return None
    case = _read(cases()[policy, name][0].file)[name]
    if case.key is None or case.claim is None:
        return None
    return decide(_cases().book(case.key), case.claim, case.history)


def _words(policy: str, name: str, rule: str) -> Iterator[str]:
    """How a rule comes out on the lines of a case."""
    decided = _decided(policy, name)
    if decided is not None:
        for index in range(len(decided.around.claim.lines)):
            yield word_on(decided, rule, index)
