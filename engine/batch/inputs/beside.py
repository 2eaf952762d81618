"""Turns what lies beside the claims into rows: entries of histories, and what records state."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pyarrow as pa
from pyarrow import parquet

from engine.batch.inputs.reading import Refused, Writer, dumped, refused_of
from engine.batch.schemas import HISTORY
from engine.claims.documentation import read_documentation
from engine.model.claim import Coverage, Service
from engine.model.problem import Problem


def history_into(writer: Writer, paths: tuple[str, ...]) -> Iterator[Refused]:
    """The entries of history files, written as rows; what could not be read of them."""
    from engine.claims.entries import read_entries

    for source, path in enumerate(paths):
        for ordinal, item in enumerate(read_entries(path)):
            if isinstance(item, Problem):
                yield refused_of(item, Path(path).name)
            elif isinstance(item, Service | Coverage):
                entry = _service(item) if isinstance(item, Service) else _coverage(item)
                row = {"key": f"h{source:04d}-{ordinal:012d}", "kind": HISTORY}
                procedure = item.line.procedure if isinstance(item, Service) else None
                row |= {"file": Path(path).name, "patient": item.patient_id}
                writer.add(row | {"procedure": procedure, "documentation": dumped(entry)})


def _service(service: Service) -> dict[str, Any]:
    """A service in the shape of the contract, so that reading it again gives the same."""
    line = service.line
    return {
        "patient_id": service.patient_id,
        "service_date": line.service_date,
        "procedure": line.procedure,
        "modifiers": list(line.modifiers),
        "units": line.units,
        "place_of_service": line.place_of_service,
        "diagnoses": list(line.diagnoses),
        "rendering_npi": line.rendering_provider and line.rendering_provider.npi,
        "group": service.group,
        "payer": service.payer,
        "claim_id": service.claim_id,
        "line": line.number or None,
        "status": service.status,
        "documentation": dict(line.documentation) or None,
    }


def _coverage(coverage: Coverage) -> dict[str, Any]:
    everyone = None if coverage.own_group else "all"
    providers = everyone if coverage.providers is None else list(coverage.providers)
    procedures = "all" if coverage.procedures is None else list(coverage.procedures)
    return {
        "patient_id": coverage.patient_id,
        "complete_from": coverage.complete_from,
        "complete_to": coverage.complete_to,
        "providers": providers,
        "procedures": procedures,
    }


RECORDS = pa.schema([("claim_id", pa.string()), ("record", pa.string())])


def records_into(path: Path, paths: tuple[str, ...]) -> Iterator[Refused]:
    """What documentation files state, written by claim; what could not be read of them."""
    rows: dict[str, list[str]] = {"claim_id": [], "record": []}
    for file in paths:
        found, problems = read_documentation(file)
        yield from (refused_of(problem, Path(file).name) for problem in problems)
        for claim_id, entry in found.items():
            facts = {str(n): dict(about) for n, about in entry.lines.items()}
            where = {"file": Path(entry.where.file).name, "line": entry.where.line}
            record = {"at": where, "claim": dict(entry.claim), "lines": facts}
            rows["claim_id"].append(claim_id)
            rows["record"].append(dumped(record))
    parquet.write_table(pa.table(rows, schema=RECORDS), path)
