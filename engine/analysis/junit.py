"""The outcome of examples and cases as a JUnit report, which most build servers can read."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import groupby
from xml.etree import ElementTree

from engine.analysis.examples import Check


def junit_report(checks: Iterable[Check]) -> str:
    """One suite for each policy, one test case for each example or case."""
    listed = sorted(checks, key=lambda check: check.policy)
    failures = sum(bool(check.faults) for check in listed)
    root = ElementTree.Element(
        "testsuites", name="policies", tests=str(len(listed)), failures=str(failures)
    )
    for policy, group in groupby(listed, key=lambda check: check.policy):
        _suite(root, policy, list(group))
    ElementTree.indent(root)
    text = ElementTree.tostring(root, encoding="unicode")
    return f'<?xml version="1.0" encoding="utf-8"?>\n{text}\n'


def _suite(root: ElementTree.Element, policy: str, checks: list[Check]) -> None:
    failures = sum(bool(check.faults) for check in checks)
    suite = ElementTree.SubElement(
        root, "testsuite", name=policy, tests=str(len(checks)), failures=str(failures)
    )
    for check in checks:
        subject, _, name = check.name.partition(": ")
        case = ElementTree.SubElement(
            suite,
            "testcase",
            classname=subject,
            name=name,
            file=check.location.file,
            line=str(check.location.line or 1),
        )
        if check.faults:
            failure = ElementTree.SubElement(case, "failure", message=_plain(check.faults[0]))
            lines = (str(check.location), check.claim, *check.faults, *check.proof)
            failure.text = "\n".join(_plain(line) for line in lines if line)


def _plain(text: str) -> str:
    """Without the control characters that XML cannot hold."""
    return "".join(c for c in text if c in "\t\n" or c >= " ")
