"""The SQL conditions by which a database picks the claim lines that matter."""

from __future__ import annotations

from collections.abc import Callable, Collection
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from engine.batch.inputs.tables import Lines, quoted
from engine.batch.schemas import FIELDS
from engine.batch.staging.trigger import Past, Trigger

Test = Callable[[str], str]


@dataclass
class Conditions:
    """Conditions on the lines that a database sees. `records` is the file of what is documented
    apart from the claims, where there is one.

    A column of codes holds few different cells: each is looked into once, and not each line.
    """

    database: Any
    records: Path
    _spelled: dict[tuple[str, str], str] = field(default_factory=dict)

    def matters(self, trigger: Trigger, lines: Lines) -> list[str]:
        """Something could be said of a line for which one of these holds."""
        if trigger.any_line:
            return ["true"]
        found = self._recorded(lines) if trigger.recorded else []
        if trigger.procedures:
            found += self._coded(lines, "procedure", _is_one(trigger.procedures))
        if trigger.modifiers:
            found += self._coded(lines, "modifiers", _holds_one(trigger.modifiers))
        if trigger.diagnoses:
            bare = {code.replace(".", "") for code in trigger.diagnoses}
            found += self._coded(lines, "diagnoses", _holds_one(bare, "replace(x, '.', '')"))
        return found

    def counts(self, past: Past, lines: Lines) -> str:
        """This line may count beside one that matters. The table `matter` holds the patients and
        days of those."""
        found = self._coded(lines, "procedure", _is_one(past.codes)) if past.codes else []
        patient, day = _patient(lines), lines.texts["service_date"]
        if past.any_line:
            found.append(f"{patient} IN (SELECT patient FROM matter)")
        if past.same_day:
            found.append(f"({patient}, {day}) IN (SELECT patient, service_date FROM matter)")
        if past.recorded:
            found += self._recorded(lines)
        return f"({' OR '.join(found)})" if found else "false"

    def _coded(self, lines: Lines, name: str, test: Test) -> list[str]:
        """The field holds a code for which the test is true."""
        if name not in lines.cells:
            text = lines.texts[name]
            return [test(text if name == "procedure" else f"array_to_string({text}, ' ')")]
        return [self._cell(lines, cell, test) for cell in lines.cells[name]]

    def _cell(self, lines: Lines, cell: str, test: Test) -> str:
        place = (lines.relation, cell)
        if place not in self._spelled:
            self._spelled[place] = name = f"spelled_{len(self._spelled)}"
            self.database.execute(
                f"CREATE TEMP TABLE {name} AS SELECT DISTINCT {cell} AS cell FROM {lines.relation}"
            )
        return f"{cell} IN (SELECT cell FROM {self._spelled[place]} WHERE {test('trim(cell)')})"

    def _recorded(self, lines: Lines) -> list[str]:
        texts = [lines.texts[name] for name in ("documentation", "line_documentation")]
        parts = [f"{text} IS NOT NULL" for text in texts]
        if self.records.exists():
            known = f"SELECT claim_id FROM read_parquet({quoted(str(self.records))})"
            parts.append(f"{lines.texts['claim_id']} IN ({known})")
        return parts


def _patient(lines: Lines) -> str:
    """The patient. A text of blanks may stay one: it is nobody's in the table `matter`, and to make
    nothing of it the database would trim each cell twice."""
    cells = lines.cells.get("patient")
    return f"trim({cells[0]})" if cells else lines.texts["patient"]


def _is_one(codes: Collection[str]) -> Test:
    """A text is one of the codes."""
    return lambda text: f"upper({text}) IN ({_listed(codes)})"


def _holds_one(codes: Collection[str], part: str = "x") -> Test:
    """A text holds one of the codes; it may hold several."""

    def test(text: str) -> str:
        parts = f"list_transform(string_split_regex({text}, '[ ,;|]+'), lambda x: upper({part}))"
        return f"list_has_any({parts}, [{_listed(codes)}])"

    return test


def _listed(codes: Collection[str]) -> str:
    return ", ".join(quoted(code) for code in sorted(codes))


def told_by_ledger(path: Path) -> Lines:
    """What a ledger told, as lines; only those of services have a procedure."""
    empty = dict.fromkeys(FIELDS, "NULL::VARCHAR")
    own = {name: name for name in ("patient", "procedure", "service_date")}
    texts = {**empty, **own, "line_documentation": "facts"}
    return Lines(f"read_parquet({quoted(str(path))})", "key", texts)


def from_ledger(lines: Lines, condition: str) -> str:
    """The same as entries of a history; of services only those that may count."""
    return (
        "SELECT key, 1::TINYINT AS kind, 'the ledger' AS file, patient, procedure, "
        f"entry AS documentation FROM {lines.relation} WHERE procedure IS NULL OR {condition}"
    )
