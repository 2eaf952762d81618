"""Says which column of a table is which field of a claim line: known layouts and mapping files."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from engine.batch.schemas import FIELDS, LISTS
from engine.claims.where import nearest
from engine.model.problem import Location, Problem

# The column names of the Tuva medical_claim table, and those of the claim contract.
_ALIASES: Final = {
    "claim_line_number": "number", "line": "number", "line_number": "number",
    "claim_type": "form", "bill_type_code": "type_of_bill",
    "person_id": "patient", "patient_id": "patient", "member_id": "patient",
    "payer_id": "payer", "hcpcs_code": "procedure", "service_unit_quantity": "units",
    "claim_line_start_date": "service_date", "place_of_service_code": "place_of_service",
    "charge_amount": "charge", "revenue_center_code": "revenue_code", "ndc_code": "ndc",
    "rendering_id": "rendering_npi", "billing_id": "billing_npi", "group_name": "group",
    "specialty": "rendering_specialty", "provider_specialty": "rendering_specialty",
    "billing_group": "group", "gender": "sex", "diagnosis_pointers": "pointers",
}  # fmt: skip
_NUMBERED: Final = (
    (re.compile(r"diagnosis_code_(\d+)"), "diagnoses"),
    (re.compile(r"(?:hcpcs_)?modifier_(\d+)"), "modifiers"),
)
_SECOND: Final = {"service_date": "claim_start_date", "patient": "member_id"}
"""Columns that stand in where the better one is not there."""
NEEDED: Final = ("claim_id", "procedure", "patient", "service_date")

PAYER: Final = ("payer", "payer_name", "payer_identifier")
"""One of these must tell who is asked to pay."""


@dataclass
class Mapping_:  # noqa: N801 - `Mapping` is the abstract one
    """What a mapping file says: fields by column, and fields that have one value throughout."""

    columns: dict[str, str] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)


@dataclass
class Layout:
    """Which columns make up each field, in order; `unused` are not understood or not wanted."""

    fields: dict[str, list[str]] = field(default_factory=dict)
    constants: dict[str, str] = field(default_factory=dict)
    unused: list[str] = field(default_factory=list)

    @property
    def missing(self) -> list[str]:
        """Fields without which no claim can be told or judged."""
        given = self.fields.keys() | self.constants.keys()
        payer = [] if given & set(PAYER) else ["payer"]
        return [f for f in NEEDED if f not in given] + payer


def layout_of(columns: Iterable[str], mapping: Mapping_ | None = None) -> Layout:
    """The layout of a table with these columns; the mapping's word goes before the names'."""
    mapping = mapping or Mapping_()
    found = Layout(constants=dict(mapping.constants))
    named = list(columns)
    for column in named:
        wanted = mapping.columns.get(column)
        if wanted is not None:
            found.fields.setdefault(wanted, []).append(column)
    taken = set(found.fields) | set(found.constants)
    numbered: dict[str, list[tuple[int, str]]] = {}
    for column in named:
        if column not in mapping.columns:
            _place(found, column, taken, numbered)
    for name, members in numbered.items():
        found.fields[name] = [column for _, column in sorted(members)]
    for name, second in _SECOND.items():
        spare = next((c for c in found.unused if c.casefold() == second), None)
        if name not in found.fields and name not in taken and spare:
            found.fields[name] = [spare]
            found.unused.remove(spare)
    return found


def _place(
    found: Layout, column: str, taken: set[str], numbered: dict[str, list[tuple[int, str]]]
) -> None:
    name = column.strip().casefold()
    for pattern, wanted in _NUMBERED:
        match = pattern.fullmatch(name)
        if match and wanted not in taken:
            numbered.setdefault(wanted, []).append((int(match[1]), column))
            return
    wanted = _ALIASES.get(name, name)
    if wanted in FIELDS and wanted not in taken and wanted not in found.fields:
        found.fields[wanted] = [column]
    else:
        found.unused.append(column)


def read_mapping(path: str) -> tuple[Mapping_, list[Problem]]:
    """The mapping in a YAML or JSON file, and what is wrong with it."""
    from engine.documents.yaml_reader import read_yaml

    try:
        text = Path(path).read_text("utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = getattr(error, "strerror", None) or "it is not UTF-8 text"
        message = f"the mapping cannot be read: {reason}"
        return Mapping_(), [Problem(Location(path), "unreadable-file", message)]
    data, _, problems = read_yaml(text, path)
    if problems:
        return Mapping_(), problems
    if not isinstance(data, dict) or set(data) - {"columns", "constants"}:
        message = "a mapping has the keys `columns` and `constants`, no others"
        return Mapping_(), [Problem(Location(path), "bad-mapping", message)]
    columns, constants = data.get("columns") or {}, data.get("constants") or {}
    problems = [*_faults(path, columns, columns=True), *_faults(path, constants, columns=False)]
    if problems:
        return Mapping_(), problems
    return Mapping_(dict(columns), {name: str(v) for name, v in constants.items()}), []


def _faults(path: str, part: Any, *, columns: bool) -> Iterable[Problem]:
    where = "columns" if columns else "constants"
    if not isinstance(part, dict) or not all(isinstance(k, str) for k in part):
        wanted = "columns with their fields" if columns else "fields with their values"
        yield Problem(Location(path, place=where), "bad-mapping", f"`{where}` must be {wanted}")
        return
    for key, value in part.items():
        name = value if columns else key
        if name not in FIELDS:
            near = nearest(str(name), FIELDS)
            hint = f"did you mean `{near}`?" if near else "see schemas/mapping.schema.json"
            message = f"`{name}` is no field of a claim line"
            yield Problem(Location(path, place=where), "unknown-field", message, hint)
        elif not columns and (not isinstance(value, str | int) or name in LISTS):
            message = f"`{name}` must have a text as its value"
            yield Problem(Location(path, place=where), "bad-mapping", message)


def described(layout: Layout) -> list[str]:
    """What was understood, a line a column, then what was not used and what is missing."""
    shown = []
    for name, columns in layout.fields.items():
        listed = ", ".join(columns) if len(columns) < 3 else f"{columns[0]} to {columns[-1]}"
        shown.append(f"  {listed}: {name}")
    shown += [f"  always `{value}`: {name}" for name, value in layout.constants.items()]
    if layout.unused:
        shown.append(f"  not used: {', '.join(layout.unused)}")
    absent = [f for f in FIELDS if f not in layout.fields and f not in layout.constants]
    shown.append(f"  not in the table: {', '.join(absent)}")
    if layout.missing:
        shown.append(f"  needed and missing: {', '.join(layout.missing)}")
    return shown


def contract_fields(mapping: Mapping[str, Any]) -> bool:
    """Whether columns hold whole claims of the contract, with their lines inside."""
    return "lines" in mapping and "claim_id" in mapping
