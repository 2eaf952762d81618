"""The folder of a batch: its account of the run, and its parts as they lie on disk."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engine.analysis.summary.shapes import TABLES
from engine.batch.lock import is_held
from engine.model.problem import Location, Problem

QUARANTINE = "quarantine.jsonl"
UNTOLD: Mapping[str, Any] = {
    "complete": False,
    "claims": {"read": 0, "untouched": 0, "judged": 0, "quarantined": 0},
    "findings": 0,
    "needs": 0,
}
"""The account of a run that was cut off before it wrote one: its parts are all that is known."""


@dataclass(frozen=True)
class Folder:
    """A batch folder; `parts` are the Parquet files of each table in the order of their names."""

    path: Path
    run: Mapping[str, Any]
    parts: Mapping[str, tuple[Path, ...]]

    @property
    def complete(self) -> bool:
        """Whether the run came to its end."""
        return bool(self.run["complete"])

    @property
    def going(self) -> bool:
        """Whether a process of this machine is working on it."""
        return not self.complete and is_held(self.path)

    @property
    def told(self) -> bool:
        """Whether the run left an account; if not, its counts are not known."""
        return self.run is not UNTOLD

    def claims(self, kind: str) -> int:
        """How many claims were `read`, `untouched`, `judged` or `quarantined`."""
        return int(self.run["claims"][kind])

    def rows(self, table: str) -> int:
        """How many rows a table has by the account of the run."""
        return self.claims("judged") if table == "claims" else int(self.run[table])


def opened(path: Path) -> Folder | Problem:
    """The folder, or what is wrong with it."""
    file = path / "run.json"
    if not path.is_dir():
        return _problem(path, "no-folder", f"there is no folder `{path}`", "name the folder that")
    parts = {name: tuple(sorted((path / name).glob("part-*.parquet"))) for name in TABLES}
    if not file.is_file():
        if parts["claims"]:
            return Folder(path, UNTOLD, parts)
        message = "holds no run.json and no claims: no run of `cleanclaim batch` came so far"
        return _problem(path, "no-batch", message, "name the folder that")
    try:
        run = json.loads(file.read_text(encoding="utf-8"))
    except (ValueError, OSError) as fault:
        return _problem(file, "run-damaged", f"cannot be read: {fault}", "run again into")
    faults = list(_faults(run))
    if faults:
        message = f"is not the account of a batch that this version knows: {faults[0]}"
        return _problem(file, "run-shape", message, "run again into")
    return _whole(Folder(path, run, parts))


def _problem(path: Path, id: str, message: str, then: str) -> Problem:
    hint = f"{then} `cleanclaim batch ... -o FOLDER`"
    if then.startswith("name"):
        hint = (
            "name the folder that `cleanclaim batch ... -o FOLDER` wrote; a run that was "
            "interrupted goes on with --resume"
        )
    return Problem(Location(str(path)), id, message, hint)


def _faults(run: Any) -> Iterator[str]:
    """What the report needs of the account and does not find there."""
    if not isinstance(run, dict):
        yield "no mapping of names"
        return
    if not isinstance(run.get("complete"), bool):
        yield "`complete` is neither true nor false"
    claims = run.get("claims")
    for name in ("read", "untouched", "judged", "quarantined"):
        if not isinstance(claims, dict) or not _count(claims.get(name)):
            yield f"`claims` does not count the {name}"
    for name in ("findings", "needs"):
        if not _count(run.get(name)):
            yield f"`{name}` is no count"
    for name in ("books", "untouched", "options"):
        if not isinstance(run.get(name) or {}, dict):
            yield f"`{name}` is no mapping"
    inputs = run.get("inputs") or []
    if not isinstance(inputs, list) or not all(isinstance(i, dict) for i in inputs):
        yield "`inputs` is no list of files"


def _count(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def _whole(folder: Folder) -> Folder | Problem:
    """The folder if no table lacks all of its parts."""
    for name, files in folder.parts.items():
        if folder.rows(name) and not files:
            message = f"is missing or empty, yet run.json counts {folder.rows(name):,} {name}"
            where = Location(str(folder.path / name))
            return Problem(where, "part-missing", message, _AGAIN)
    return folder


_AGAIN = "run `cleanclaim batch ... -o FOLDER --resume`, or anew into an empty folder"


def miscounted(folder: Folder, table: str, rows: int) -> Problem | None:
    """A table with other rows than the run counted; one that did not end may well have them."""
    wanted = folder.rows(table)
    if rows == wanted or not folder.complete:
        return None
    what = "a part is missing" if rows < wanted else "a part of another run lies among them"
    message = f"holds {rows:,} rows where run.json counts {wanted:,}: {what}"
    return Problem(Location(str(folder.path / table)), "part-missing", message, _AGAIN)
