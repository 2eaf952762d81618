"""Claims as a careful coder bills them, written short, and what comes out of them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from engine.analysis.cases import Cases
from engine.chain.decided import NO_POLICY
from engine.chain.stratified import decide
from engine.documents.document import Document
from engine.documents.load import load_text
from engine.model.book import WEIGHTY
from engine.report.result import result
from tests.policies.shipped import linted

FOLDER = Path(__file__).parent / "careful"
DAY = "2026-03-10"
NPI = {"npi": "1245319599", "specialty": "72"}
COVERED = {"patient_id": "P-1", "complete_from": None, "complete_to": "2026-03-09"}


@dataclass(frozen=True)
class Careful:
    """One claim with one payer; `open` are the lines of which no policy speaks, `person` the rules
    that a person decides, `soft` those that warn by a soft word of the payer."""

    name: str
    data: dict[str, Any]
    open: tuple[int, ...] = ()
    person: tuple[str, ...] = ()
    soft: tuple[str, ...] = ()


def careful() -> list[Careful]:
    """Every written claim with each of its payers."""
    return [
        _careful(family, dict(entry), payer)
        for path in sorted(FOLDER.glob("*.yaml"))
        for family, entries in _read(path).items()
        for entry in entries
        for payer in entry["payers"]
    ]


def _read(path: Path) -> Mapping[str, Any]:
    read: Mapping[str, Any] = yaml.safe_load(path.read_text("utf-8"))
    return read


def _careful(family: str, entry: dict[str, Any], payer: dict[str, str]) -> Careful:
    shown = " ".join(payer.values())
    return Careful(
        f"{family}: {entry['claim']} ({shown})",
        {"case": "careful", "claim": _claim(entry, payer), "history": _history(entry, payer)},
        tuple(entry.get("no_policy") or ()),
        tuple(entry.get("a_person_decides") or ()),
        tuple(entry.get("warned_softly_by") or ()),
    )


def _claim(entry: Mapping[str, Any], payer: dict[str, str]) -> dict[str, Any]:
    """A whole claim in the form of the contract."""
    more = {key: entry[key] for key in ("type_of_bill", "prior_authorization") if key in entry}
    lines = [_line(entry, n, dict(line)) for n, line in enumerate(entry["lines"], 1)]
    record = {
        "claim": entry.get("record") or {},
        "lines": {str(n): line.get("record") or {} for n, line in enumerate(entry["lines"], 1)},
    }
    return {
        "claim_id": "C-1",
        "form": "institutional" if "type_of_bill" in entry else "professional",
        "payer": payer,
        "patient": {"id": "P-1", "birth_date": "1958-04-02", "sex": "F"},
        "billing_provider": {"npi": "1234567893", "group": "carolina-pain"},
        "diagnoses": entry["diagnoses"],
        "lines": lines,
        "documentation": record,
        **more,
    }


def _line(entry: Mapping[str, Any], n: int, line: dict[str, Any]) -> dict[str, Any]:
    line.pop("record", None)
    place = str(entry.get("place", "11"))
    base = {"number": n, "units": 1, "service_date": DAY, "place_of_service": place}
    return {**base, "rendering_provider": {**NPI, **entry.get("provider", {})}, **line}


def _history(entry: Mapping[str, Any], payer: dict[str, str]) -> dict[str, Any]:
    services = [
        {"patient_id": "P-1", "units": 1, "payer": payer["id"], "status": "paid", **service}
        for service in entry.get("before") or ()
    ]
    return {"coverage": [{**COVERED, "providers": "all"}], "services": services}


def without_record(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same case without a word of the record, of earlier services too."""
    claim = {key: value for key, value in data["claim"].items() if key != "documentation"}
    claim["lines"] = [_bare(line) for line in claim["lines"]]
    history = dict(data.get("history") or {})
    if "services" in history:
        history["services"] = [_bare(service) for service in history["services"]]
    return {**data, "claim": claim, **({"history": history} if history else {})}


def _bare(line: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in line.items() if key != "documentation"}


@lru_cache(maxsize=1)
def _cases() -> Cases:
    return Cases(linted()[0])


def judged(data: Mapping[str, Any], of: Document | None = None) -> dict[str, Any]:
    """The result of a case."""
    (case,) = _cases().read(replace(of or _document(), data={"cases": [data]}))
    assert case.faults == ()
    assert case.claim is not None
    assert case.key is not None
    return result(decide(_cases().book(case.key), case.claim, case.history), case.history)


@lru_cache(maxsize=1)
def _document() -> Document:
    text = "cases:\n  - case: none\n    claim: {}\n    expect: {verdict: clean}\n"
    document, _ = load_text("cases", text, "careful.yaml", "careful/cases")
    return document


def faults(shown: Mapping[str, Any]) -> list[str]:
    """The findings that weigh, as text."""
    return [_shown(found) for found in shown["findings"] if found["finding"] in WEIGHTY]


def alarms(shown: Mapping[str, Any], claim: Careful) -> list[str]:
    """Every finding but plain information, and the soft warnings that the claim expects."""
    return [
        _shown(found)
        for found in shown["findings"]
        if found["finding"] != "info"
        and not (found["finding"] == "warn" and found["rule"] in claim.soft)
    ]


def _shown(found: Mapping[str, Any]) -> str:
    return f"{found['finding']} {found['rule']} on {found['lines']}"


def asked(shown: Mapping[str, Any], claim: Careful) -> Iterator[str]:
    """The open questions that a full record leaves, but for those that nobody's record answers."""
    for need in shown["needs"]:
        if need["rule"] == NO_POLICY and set(need["lines"]) <= set(claim.open):
            continue
        if need["rule"] not in claim.person:
            yield f"{need['rule']} on {need['lines']}: {[f['fact'] for f in need['facts']]}"
