"""Where documents come from: a folder, or a folder as a git revision has it."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from engine.model.problem import Location, Problem

ENDINGS = (".yaml", ".yml", ".json", ".csv")


@dataclass(frozen=True)
class Source:
    """Files by their path below the root (with slashes), and the root as the user knows it."""

    files: Mapping[str, bytes]
    shown: str = "policies"

    def show(self, path: str) -> str:
        """The path of a file as a problem prints it."""
        return f"{self.shown}/{path}" if self.shown not in ("", ".") else path


class _Folder(Mapping[str, bytes]):
    """The documents of a folder, each read when it is asked for."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._paths = sorted(_walk(root, ""))

    def __getitem__(self, path: str) -> bytes:
        return (self._root / path).read_bytes()

    def where(self, path: str) -> Path:
        """Where a file lies on disk."""
        return self._root / path

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def from_folder(root: Path) -> Source:
    """The documents below a folder; names that begin with a dot are passed over."""
    return Source(_Folder(root), _shown(root))


def from_git(
    rev: str, repo: Path = Path(), folder: str = "policies"
) -> tuple[Source, list[Problem]]:
    """The documents of `folder` (relative to `repo`) as the revision `rev` has them."""
    shown = f"{rev}:{folder}"
    commit = _git(repo, "rev-parse", "--verify", "--quiet", "--end-of-options", f"{rev}^{{commit}}")
    if commit is None:
        return Source({}, shown), [
            Problem(Location(str(repo)), "unknown-revision", f"git knows no revision `{rev}` here")
        ]
    listing = _git(
        repo, "ls-tree", "-r", "-z", "--full-tree", f"{commit.decode().strip()}:./{folder}"
    )
    if listing is None:
        message = f"the revision `{rev}` has no folder `{folder}`"
        return Source({}, shown), [Problem(Location(str(repo)), "no-such-folder", message)]
    blobs = dict(_entries(listing.decode("utf-8", "replace")))
    return Source(_blobs(repo, blobs), shown), []


def revisions(repo: Path = Path(), folder: str = "policies", most: int = 500) -> list[str]:
    """The commits that touched `folder`, latest first; none without git."""
    found = _git(repo, "log", f"--max-count={most}", "--format=%H", "--", folder)
    return (found or b"").decode().split()


def _walk(root: Path, below: str) -> Iterator[str]:
    with os.scandir(root / below) as entries:
        for entry in entries:
            path = f"{below}/{entry.name}" if below else entry.name
            if entry.name.startswith("."):
                continue
            if entry.is_dir():
                yield from _walk(root, path)
            elif entry.name.endswith(ENDINGS):
                yield path


def _shown(root: Path) -> str:
    try:
        return root.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return root.as_posix()


def _entries(listing: str) -> Iterator[tuple[str, str]]:
    """Path and object name of each document in the output of ``git ls-tree -r -z``."""
    for entry in listing.split("\0"):
        about, _, path = entry.partition("\t")
        hidden = any(part.startswith(".") for part in path.split("/"))
        if path.endswith(ENDINGS) and not hidden and " blob " in about:
            yield path, about.split(" ")[2]


def _blobs(repo: Path, names: dict[str, str]) -> dict[str, bytes]:
    """The bytes of each object, unconverted."""
    wanted = "".join(f"{name}\n" for name in names.values()).encode()
    answer = _git(repo, "cat-file", "--batch", given=wanted) or b""
    files, position = {}, 0
    for path in names:
        end = answer.index(b"\n", position)
        size = int(answer[position:end].rsplit(b" ", 1)[1])
        files[path] = answer[end + 1 : end + 1 + size]
        position = end + 1 + size + 1
    return files


def _git(repo: Path, *words: str, given: bytes | None = None) -> bytes | None:
    """What git prints, or None where it fails or is not installed."""
    import subprocess  # only a revision needs it, and every start would pay for it

    try:
        done = subprocess.run(
            ["git", "-C", str(repo), *words], input=given, capture_output=True, check=False
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
