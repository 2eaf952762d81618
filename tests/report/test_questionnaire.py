"""The checklist of every shipped procedure is a Questionnaire as release 4 of FHIR wants it."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

import pytest

from tests.cli.run import run

TYPES = {
    *("group", "display", "boolean", "decimal", "integer", "date", "dateTime", "time"),
    *("string", "text", "url", "choice", "open-choice", "attachment", "reference", "quantity"),
}
ITEM = {"linkId", "text", "type", "required", "repeats", "answerOption", "extension", "item"}
PLANNED = [
    ("64493", "medicare", "palmetto"),
    ("62323", "medicare", "cgs"),
    ("20552", "medicare", "ngs"),
    ("64635", "medicare", "novitas"),
    ("20552", "aetna", None),
]


@pytest.mark.parametrize(("code", "payer", "contractor"), PLANNED)
def test_a_valid_questionnaire(code: str, payer: str, contractor: str | None) -> None:
    by = ("--contractor", contractor) if contractor else ()
    words = ("checklist", code, "--payer", payer, *by, "--on", "2026-03-04", "--format", "fhir")
    done = run(*words)
    assert done.exit_code == 0, done.stderr
    found = json.loads(done.stdout)
    assert found["resourceType"] == "Questionnaire"
    assert found["status"] in ("draft", "active", "retired", "unknown")
    assert re.fullmatch(r"[A-Z]([A-Za-z0-9_]){0,254}", found["name"])
    items = list(_items(found["item"]))
    links = [item["linkId"] for item in items]
    assert len(links) == len(set(links))
    for item in items:
        _check(item)
    assert any(item.get("required") for item in items)


def _items(items: list[dict[str, Any]]) -> Iterator[dict[str, Any]]:
    for item in items:
        yield item
        yield from _items(item.get("item", []))


def _check(item: dict[str, Any]) -> None:
    """The rules of the resource: que-1, que-3 to que-6 and the closed list of types."""
    assert set(item) <= ITEM
    assert item["type"] in TYPES
    assert item["text"]
    assert item["type"] != "group" or item["item"]
    if item["type"] == "display":
        assert not {"item", "required", "repeats"} & set(item)
    assert ("answerOption" in item) == (item["type"] == "choice")
    for option in item.get("answerOption", []):
        assert option["valueCoding"]["code"]
    for extension in item.get("extension", []):
        assert extension["url"].startswith("http://hl7.org/fhir/StructureDefinition/")
