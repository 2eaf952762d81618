"""Whether a batch that was begun can be gone on with: inputs, options, program and policies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from engine import __version__
from engine.batch.inputs import Input

Marks = Mapping[str, Any]


def marks_of(policies: str, options: Mapping[str, Any], files: Sequence[Input]) -> dict[str, Any]:
    """What tells whether a later start would give the same."""
    return {
        "engine": __version__,
        "policies": policies,
        "options": dict(options),
        "files": [given.mark() for given in files],
    }


def difference(then: Marks, now: Marks) -> str | None:
    """In what a batch differs from the one that was begun; None: in nothing."""
    for name, what in (("engine", "the program"), ("policies", "the policies")):
        if then[name] != now[name]:
            return f"{what} changed since"
    for name in {**then["options"], **now["options"]}:
        was, is_ = then["options"].get(name), now["options"].get(name)
        if was != is_:
            return _option(name, was, is_)
    was = {mark["file"]: mark for mark in then["files"]}
    for mark in now["files"]:
        known = was.pop(mark["file"], None)
        if known is None:
            return f"`{mark['file']}` was not read then"
        if known != mark:
            return f"`{mark['file']}` changed since"
    return f"`{next(iter(was))}` was read then" if was else None


def _option(name: str, was: Any, is_: Any) -> str:
    """An option that is not the same."""
    shown = f"--{name.replace('_', '-')}"
    if name == "mapping":
        return f"the file of {shown} is not the same"
    if was is None or is_ is None:
        return f"{shown} was {'not ' if was is None else ''}given then"
    return f"{shown} was `{was}` then"
