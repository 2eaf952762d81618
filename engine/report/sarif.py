"""Problems of documents as SARIF 2.1.0, which code hosts show beside the lines of a change."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from engine import __version__
from engine.model.problem import Problem

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
_NUMBERS = re.compile(r":\d+(:\d+)?|\bline \d+")
"""Places within messages move whenever something above them does."""


def sarif(problems: Iterable[Problem], root: Path) -> dict[str, Any]:
    """One run with a result for each problem; paths are relative to `root`, the repository."""
    found = list(problems)
    seen: Counter[str] = Counter()
    return {
        "$schema": _SCHEMA,
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "cleanclaim",
                        "version": __version__,
                        "rules": [{"id": id} for id in sorted({p.id for p in found})],
                    }
                },
                "originalUriBaseIds": {"SRCROOT": {"description": {"text": "the repository"}}},
                "results": [_result(problem, root, seen) for problem in found],
            }
        ],
    }


def _result(problem: Problem, root: Path, seen: Counter[str]) -> dict[str, Any]:
    path = relative(problem.location.file, root)
    mend = f" ({problem.help})" if problem.help else ""
    place: dict[str, Any] = {"artifactLocation": {"uri": path, "uriBaseId": "SRCROOT"}}
    if problem.location.line is not None:
        region = {"startLine": problem.location.line}
        if problem.location.column is not None:
            region["startColumn"] = problem.location.column
        place["region"] = region
    return {
        "ruleId": problem.id,
        "level": problem.severity,
        "message": {"text": f"{problem.message}{mend}"},
        "locations": [{"physicalLocation": place}],
        "partialFingerprints": {"problem/v1": _fingerprint(problem, path, seen)},
    }


def relative(file: str, root: Path) -> str:
    """A path from the repository's root, with slashes; of a revision, the path in it."""
    named = Path(file)
    if not named.is_absolute() and ":" in file and not named.exists():
        return file.split(":", 1)[1]
    try:
        return named.resolve().relative_to(root.resolve()).as_posix()
    except ValueError:
        return named.as_posix()


def _fingerprint(problem: Problem, path: str, seen: Counter[str]) -> str:
    """The same as long as the same mistake stands in the same file, wherever it moves there."""
    text = "\n".join((problem.id, path, _NUMBERS.sub("", problem.message)))
    count = seen[text]
    seen[text] += 1
    return hashlib.sha256(f"{text}\n{count}".encode()).hexdigest()[:32]
