"""Reads what was done before: services and what the history is known to cover."""

from __future__ import annotations

from pathlib import Path
from typing import Any, BinaryIO, cast

from engine.claims import codes
from engine.claims.facts import facts_of
from engine.claims.fields import Fields
from engine.claims.rows import Row, is_resource, rows
from engine.claims.source import Source, kind_of, opened
from engine.claims.where import Where
from engine.model.claim import NOTHING, Coverage, History, Line, Provider, Service, Status
from engine.model.problem import Problem

SERVICE_FIELDS = (
    "patient_id", "service_date", "procedure", "modifiers", "units", "place_of_service",
    "diagnoses", "rendering_npi", "group", "payer", "claim_id", "line", "status", "documentation",
)  # fmt: skip
COVERAGE_FIELDS = ("patient_id", "complete_from", "complete_to", "providers", "procedures")
STATUSES = ("paid", "denied", "submitted", "planned", "void")


def read_history(path: str | Path, stream: BinaryIO | None = None) -> tuple[History, list[Problem]]:
    """The history in a file and what is wrong with it; a wrong entry is left out.

    The content is one JSON or YAML object ``{"coverage": [...], "services": [...]}``, or a list
    or JSON lines of both kinds of entry. ``-`` is standard input.
    """
    source = opened(path, stream)
    if isinstance(source, Problem):
        return History(), [source]
    try:
        return _read(source)
    except OSError as error:
        message = f"reading stopped: {error.strerror or 'no reason'}"
        return History(), [source.problem("unreadable-file", message)]
    finally:
        source.close()


def history_from(data: Any, where: Where) -> tuple[History, list[Problem]]:
    """The history in an object ``{"coverage": [...], "services": [...]}`` already parsed."""
    reader = HistoryReader()
    reader.whole(data, where)
    return reader.history(), reader.problems


def _read(source: Source) -> tuple[History, list[Problem]]:
    kind = kind_of(source)
    if isinstance(kind, Problem):
        return History(), [kind]
    if kind == "x12":
        hint = "read the claims of the 837 as history through the ledger"
        return History(), [source.problem("unread-format", "a history is not read from X12", hint)]
    reader = HistoryReader()
    for row in rows(source, kind):
        if isinstance(row, Problem):
            reader.problems.append(row)
        elif is_resource(row):
            hint = "read the claims of the resource as history through the ledger"
            message = "a history is not read from FHIR"
            return History(), [source.problem("unread-format", message, hint)]
        else:
            reader.row(row)
    return reader.history(), reader.problems


class HistoryReader:
    """Collects the entries of one history and their problems."""

    def __init__(self) -> None:
        self.services: list[Service] = []
        self.coverage: list[Coverage] = []
        self.problems: list[Problem] = []

    def history(self) -> History:
        return History(tuple(self.services), tuple(self.coverage))

    def row(self, row: Row) -> None:
        keys = set(row.data) if isinstance(row.data, dict) else set()
        if row.alone and not keys & {"patient_id", "service_date", "complete_to"}:
            self.whole(row.data, row.where)
        elif keys & {"complete_from", "complete_to", "providers", "procedures"}:
            self.covered(row.data, row.where.named(f"coverage, entry {row.ordinal}"))
        else:
            self.service(row.data, row.where.named(f"service, entry {row.ordinal}"))

    def whole(self, data: Any, where: Where) -> None:
        if not isinstance(data, dict):
            message = "a history must be an object with `coverage` and `services`"
            self.problems.append(where.problem("not-a-history", message))
            return
        fields = Fields(data, ("coverage", "services"), where, self.problems)
        for position, entry in fields.items("coverage"):
            place = f"coverage, entry {position + 1}"
            self.covered(entry, where.inside("coverage", position, place=place))
        for position, entry in fields.items("services"):
            place = f"service, entry {position + 1}"
            self.service(entry, where.inside("services", position, place=place))

    def service(self, data: Any, where: Where) -> None:
        fields = self._fields(data, SERVICE_FIELDS, where)
        if fields is None:
            return
        before = len(self.problems)
        service = _service(fields)
        if service is not None and not _errors(self.problems[before:]):
            self.services.append(service)

    def covered(self, data: Any, where: Where) -> None:
        fields = self._fields(data, COVERAGE_FIELDS, where)
        if fields is None:
            return
        before = len(self.problems)
        coverage = _coverage(fields)
        if not _errors(self.problems[before:]):
            self.coverage.append(coverage)

    def _fields(self, data: Any, known: tuple[str, ...], where: Where) -> Fields | None:
        if not isinstance(data, dict):
            message = "an entry of a history must be an object with fields"
            self.problems.append(where.problem("wrong-type", message))
            return None
        before = len(self.problems)
        fields = Fields(data, known, where, self.problems)
        return None if len(self.problems) > before else fields


def _service(fields: Fields) -> Service | None:
    patient = fields.text("patient_id", required=True)
    day = fields.day("service_date", required=True)
    procedure = fields.code("procedure", codes.procedure, "a procedure code", required=True)
    npi = fields.npi("rendering_npi")
    group = fields.text("group")
    facts = fields.get("documentation")
    where = fields.where.inside("documentation", place="documentation")
    rest: dict[str, Any] = {
        # A history need not number its lines; 0 is the number of none.
        "number": fields.whole("line") or 0,
        "modifiers": fields.codes(
            "modifiers", codes.modifier, "a modifier of two characters", "bad-modifier"
        ),
        "units": fields.amount("units"),
        "place_of_service": fields.code(
            "place_of_service", codes.place_of_service, "a place of service of two digits"
        ),
        "diagnoses": fields.codes("diagnoses", codes.diagnosis, "an ICD-10-CM code"),
        "rendering_provider": Provider(npi=npi, group=group) if npi else None,
        "documentation": NOTHING if facts is None else facts_of(facts, where, fields.problems),
    }
    claim_id, payer = fields.text("claim_id"), fields.text("payer")
    status = cast("Status | None", fields.choice("status", STATUSES))
    if patient is None or day is None or procedure is None:
        return None
    line = Line(procedure=procedure, service_date=day, **rest)
    return Service(patient, line, claim_id, payer, group, status)


def _coverage(fields: Fields) -> Coverage:
    first, last = fields.day("complete_from"), fields.day("complete_to")
    if first is not None and last is not None and first > last:
        message = "`complete_to` is a day before `complete_from`"
        fields.report("complete_to", "bad-period", message)
    return Coverage(
        patient_id=fields.text("patient_id", required=True) or "",
        complete_from=first,
        complete_to=last,
        providers=_all_or_some(fields, "providers"),
        own_group=fields.get("providers") is None,
        procedures=_all_or_some(fields, "procedures"),
    )


def _all_or_some(fields: Fields, name: str) -> tuple[str, ...] | None:
    given = fields.get(name)
    if given is None or given == "all":
        return None
    if not isinstance(given, list) or not all(isinstance(item, str) for item in given):
        fields.report(name, "wrong-type", f"`{name}` must be `all` or a list of texts")
        return None
    return tuple(item.strip() for item in given)


def _errors(problems: list[Problem]) -> bool:
    return any(problem.severity == "error" for problem in problems)
