"""Holds data against its kind's schema and reports each typo once, in an author's words."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from engine.documents.faults import Fault, Raw
from engine.documents.faults_of_keys import key_faults
from engine.documents.faults_of_values import value_fault
from engine.documents.marks import Marks, Path
from engine.model.problem import Problem

# Faults of a mapping's keys: they are looked at together, because one typo makes several.
_OF_KEYS = {
    "additionalProperties",
    "required",
    "dependentRequired",
    "maxProperties",
    "minProperties",
    "x-exactly-one",
    "x-exactly-one-with",
}
# Of several faults of one value the first of these speaks.
_RANK = {"type": 0, "enum": 1, "const": 1, "pattern": 2, "format": 3}


def validate(kind: str, data: object, marks: Marks) -> tuple[list[Problem], frozenset[Path]]:
    """The problems of plain data, and the paths at which they stand.

    `kind` is a kind of document or a public contract (claim, history, documentation, result).
    """
    from engine.documents.validator import validator  # slow to import, and often not needed

    faults = _faults([_raw(error) for error in validator(kind).iter_errors(data)])
    seen: dict[Path, Fault] = {}
    for fault in faults:
        seen.setdefault(fault.path, fault)
    found = [fault.problem(marks) for fault in seen.values()]
    return sorted(found), frozenset(seen)


def _faults(errors: list[Raw]) -> list[Fault]:
    of_keys: defaultdict[Path, list[Raw]] = defaultdict(list)
    of_values: list[Raw] = []
    for error in errors:
        if error.keyword in _OF_KEYS:
            of_keys[error.path].append(error)
        else:
            of_values.append(error)
    faults: list[Fault] = []
    explained: set[Path] = set()
    for path, together in of_keys.items():
        found, others = key_faults(path, together)
        faults += found
        explained |= others
    of_values.sort(key=lambda error: _RANK.get(error.keyword, 9))
    faults += [value_fault(error) for error in of_values if error.path not in explained]
    return faults


def _raw(error: Any) -> Raw:
    """A jsonschema error without its machinery."""
    path = tuple(error.absolute_path)
    return Raw(path, error.validator, error.validator_value, error.instance, error.schema)
