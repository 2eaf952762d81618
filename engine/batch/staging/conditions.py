"""The SQL conditions by which a database picks the claim lines that matter."""

from __future__ import annotations

from pathlib import Path

from engine.batch.inputs.tables import quoted
from engine.batch.staging.trigger import Past, Trigger


def matters(trigger: Trigger, records: Path) -> str:
    """A condition on claim lines: something could be said of this one. `records` is the file of
    what is documented apart from the claims, where there is one."""
    if trigger.any_line:
        return "true"
    parts = ["false"]
    if trigger.recorded:
        parts += _recorded(records)
    if trigger.procedures:
        parts.append(f"upper(procedure) IN ({_codes(trigger.procedures)})")
    if trigger.modifiers:
        parts.append(_among("modifiers", _codes(trigger.modifiers), "upper(x)"))
    if trigger.diagnoses:
        bare = {code.replace(".", "") for code in trigger.diagnoses}
        parts.append(_among("diagnoses", _codes(bare), "upper(replace(x, '.', ''))"))
    return "(" + " OR ".join(parts) + ")"


def _among(column: str, codes: str, text: str) -> str:
    """A code of the list is among some; a cell may hold several, and then it is looked into."""
    single = f"list_has_any(list_transform({column}, lambda x: {text}), [{codes}])"
    several = f"regexp_matches(array_to_string({column}, '/'), '[ ,;|]')"
    split = f"string_split_regex(array_to_string({column}, ' '), '[ ,;|]+')"
    parts = f"list_has_any(list_transform({split}, lambda x: {text}), [{codes}])"
    return f"({single} OR ({several} AND {parts}))"


def counts(past: Past, records: Path) -> str:
    """A condition on claim lines: this one may count beside one that matters. The table `matter`
    holds the patients and days of those."""
    parts = [f"upper(procedure) IN ({_codes(past.codes)})" if past.codes else "false"]
    if past.any_line:
        parts.append("patient IN (SELECT patient FROM matter)")
    if past.same_day:
        parts.append("(patient, service_date) IN (SELECT patient, service_date FROM matter)")
    if past.recorded:
        parts += _recorded(records)
    return "(" + " OR ".join(parts) + ")"


def from_ledger(told: Path, condition: str) -> str:
    """What a ledger told, as entries of a history; of its services only those that may count."""
    rows = (
        "SELECT *, facts AS line_documentation, NULL::VARCHAR AS documentation, "
        f"NULL::VARCHAR AS claim_id FROM read_parquet({quoted(str(told))})"
    )
    return (
        "SELECT 'the ledger' AS file, key, 1::TINYINT AS kind, patient, procedure, "
        f"entry AS documentation FROM (SELECT patient, key, procedure, entry FROM ({rows}) "
        f"WHERE procedure IS NULL OR {condition})"
    )


def _recorded(records: Path) -> list[str]:
    parts = ["documentation IS NOT NULL", "line_documentation IS NOT NULL"]
    if records.exists():
        parts.append(f"claim_id IN (SELECT claim_id FROM read_parquet({quoted(str(records))}))")
    return parts


def _codes(codes: frozenset[str] | set[str]) -> str:
    return ", ".join(quoted(code) for code in sorted(codes))
