"""Claims of the contract: every kind of file, every mistake told, and the next claim goes on."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engine.claims.read import read_claims
from engine.model.claim import Claim, Payer, Provider
from engine.model.problem import Problem

SAMPLES = Path(__file__).parent / "samples"
FUZZ = settings(derandomize=True, deadline=None)


def read(content: str | bytes, name: str = "-") -> tuple[list[Claim], list[Problem]]:
    data = content.encode() if isinstance(content, str) else content
    items = list(read_claims(name, io.BytesIO(data)))
    return (
        [item for item in items if isinstance(item, Claim)],
        [item for item in items if isinstance(item, Problem)],
    )


def claim(**changes: Any) -> dict[str, Any]:
    line = {"number": 1, "procedure": "99213", "service_date": "2026-03-04"}
    return {
        "claim_id": "PM-7",
        "payer": {"id": "medicare"},
        "patient": {"id": "MBI-1"},
        "diagnoses": ["M47.816"],
        "lines": [line],
    } | changes


def line(**changes: Any) -> dict[str, Any]:
    return claim(lines=[claim()["lines"][0] | changes])


def faults(data: Any) -> list[tuple[str, str | None]]:
    found, problems = read(json.dumps(data))
    errors = [problem for problem in problems if problem.severity == "error"]
    assert bool(found) is not bool(errors)
    return [(problem.id, problem.location.place) for problem in problems]


def test_a_full_claim() -> None:
    claims, problems = read((SAMPLES / "claims.json").read_bytes())
    assert problems == []
    first = claims[0]
    assert first.payer == Payer("medicare", "palmetto", None, "NC")
    assert first.patient.birth_date == date(1955, 3, 1)
    assert first.diagnoses == ("M47.816", "M79.18")
    assert first.documentation == {"relief_percent": 80, "pain_scale": None}
    one, two = first.lines
    assert (one.procedure, one.modifiers, one.units) == ("J3301", ("RT", "KX"), Decimal("1.5"))
    assert (one.charge, one.ndc, one.revenue_code) == (Decimal("410.00"), "00009028003", "0360")
    assert one.diagnoses == ("M79.18", "M47.816")
    assert one.rendering_provider == Provider("1245319599", "72")
    assert one.documentation == {"imaging": "fluoroscopy", "levels": ("L4-L5", "L5-S1")}
    assert (two.procedure, two.units, two.diagnoses) == ("00100", None, ("M47.816", "M79.18"))
    assert claims[1].claim_id == "PM-8"


def test_yaml_corrupts_no_code() -> None:
    claims, problems = read((SAMPLES / "claim.yaml").read_bytes())
    assert problems == []
    found = claims[0]
    assert found.payer.state == "NO"
    assert [line.procedure for line in found.lines] == ["00100", "64493"]
    assert found.lines[0].revenue_code == "0360"
    assert found.documentation == {"start": "12:30", "batch": "8E0"}
    assert found.lines[0].documentation == {"imaging": "ct"}


def test_yaml_gives_line_and_column() -> None:
    content = (SAMPLES / "claim.yaml").read_text().replace("00100", "64493")
    _, problems = read(content.replace("units: 2", "unitz: 2"), "a.yaml")
    assert [str(problem.location) for problem in problems] == [
        "a.yaml:6:81 (claim PM-9, line 1, unitz)",
        "a.yaml:6:17 (claim PM-9, line 1, procedure)",
    ]
    assert {problem.id for problem in problems} == {"needs-quotes", "unknown-field"}


def test_an_object_lines_and_a_list_are_the_same() -> None:
    one = read(json.dumps(claim(), indent=1))[0]
    assert len(one) == 1
    assert read(json.dumps([claim()]))[0] == one
    assert read(json.dumps([claim(), claim()], indent=2))[0] == one * 2
    assert read(f"{json.dumps(claim())}\n\n{json.dumps(claim())}\n")[0] == one * 2
    assert read(b"\xef\xbb\xbf" + json.dumps(claim()).encode())[0] == one


def test_a_bad_line_of_json_lines_stops_nothing() -> None:
    good = json.dumps(claim())
    claims, problems = read(f"{good}\n{{broken\n{good}\n\xff{good}\n[1]\n{good}", "a.jsonl")
    assert len(claims) == 3
    assert [(p.id, p.location.line) for p in problems] == [
        ("json-syntax", 2), ("json-syntax", 4), ("not-a-claim", 5),
    ]  # fmt: skip


def test_a_bad_first_line_of_json_lines() -> None:
    good = json.dumps(claim())
    claims, problems = read(f'{{"claim_id": "PM-1", "pay\n{good}\n{good}')
    assert len(claims) == 2
    assert [(p.id, p.location.line) for p in problems] == [("json-syntax", 1)]


def test_a_bad_claim_of_a_list_stops_nothing() -> None:
    content = json.dumps([claim(), line(units=-1), claim()], indent=1)
    claims, problems = read(content, "a.json")
    assert len(claims) == 2
    expected = "claim PM-7, line 1, units"
    assert [(p.id, p.location.place) for p in problems] == [("negative-units", expected)]
    assert problems[0].location.line == content.split("\n").index(" {", 5) + 1


def test_a_syntax_error_has_line_and_column() -> None:
    _, problems = read('{\n  "claim_id": "PM-7",\n  "payer": nothing\n}', "a.json")
    assert [(p.id, p.location.line, p.location.column) for p in problems] == [
        ("json-syntax", 3, 12)
    ]


@pytest.mark.parametrize(
    ("data", "expected"),
    [
        (claim(unit=1), [("unknown-field", "claim PM-7, unit")]),
        (claim(claim_id=None), [("missing-field", "claim number 1, claim_id")]),
        (claim(payer=None), [("missing-field", "claim PM-7, payer")]),
        (claim(payer={}), [("missing-field", "claim PM-7, payer, id")]),
        (claim(patient={"id": " "}), [("missing-field", "claim PM-7, patient, id")]),
        (claim(patient="MBI-1"), [("wrong-type", "claim PM-7, patient")]),
        (claim(claim_id=7), [("needs-quotes", "claim number 1, claim_id")]),
        (claim(form="paper"), [("unknown-word", "claim PM-7, form")]),
        (claim(stage="sent"), [("unknown-word", "claim PM-7, stage")]),
        (claim(facility_type="clinic"), [("unknown-word", "claim PM-7, facility_type")]),
        (claim(type_of_bill="13"), [("bad-code", "claim PM-7, type_of_bill")]),
        (claim(diagnoses=["47.816"]), [("bad-code", "claim PM-7, diagnoses")]),
        (claim(diagnoses="M47.816"), [("wrong-type", "claim PM-7, diagnoses")]),
        (claim(diagnoses=[1]), [("needs-quotes", "claim PM-7, diagnoses")]),
        (claim(lines={}), [("wrong-type", "claim PM-7, lines")]),
        (claim(lines=[1]), [("wrong-type", "claim PM-7, line 1")]),
        (claim(lines=[]), [("no-lines", "claim PM-7, lines")]),
        (claim(lines=claim()["lines"] * 2), [("duplicate-line", "claim PM-7, lines")]),
        (line(number=None), [("missing-field", "claim PM-7, line 1, number")]),
        (line(number=0), [("wrong-type", "claim PM-7, line 0, number")]),
        (line(procedure=64493), [("needs-quotes", "claim PM-7, line 1, procedure")]),
        (line(procedure="6449"), [("bad-code", "claim PM-7, line 1, procedure")]),
        (line(procedure=True), [("wrong-type", "claim PM-7, line 1, procedure")]),
        (line(service_date="2027-13-01"), [("bad-date", "claim PM-7, line 1, service_date")]),
        (line(service_date="20260304"), [("bad-date", "claim PM-7, line 1, service_date")]),
        (line(modifiers=["RTX"]), [("bad-modifier", "claim PM-7, line 1, modifiers")]),
        (line(modifiers=[59]), [("needs-quotes", "claim PM-7, line 1, modifiers")]),
        (line(units="1"), [("wrong-type", "claim PM-7, line 1, units")]),
        (line(units=True), [("wrong-type", "claim PM-7, line 1, units")]),
        (line(units=10**12), [("bad-number", "claim PM-7, line 1, units")]),
        (line(charge=410.0), [("needs-quotes", "claim PM-7, line 1, charge")]),
        (line(charge="$410"), [("bad-money", "claim PM-7, line 1, charge")]),
        (line(charge="-1.00"), [("bad-money", "claim PM-7, line 1, charge")]),
        (line(place_of_service="1"), [("bad-code", "claim PM-7, line 1, place_of_service")]),
        (line(diagnosis_pointers=[2]), [("bad-pointer", "claim PM-7, line 1, diagnosis_pointers")]),
        (
            line(diagnosis_pointers=["A"]),
            [("bad-pointer", "claim PM-7, line 1, diagnosis_pointers")],
        ),
        (line(ndc="12-34"), [("bad-code", "claim PM-7, line 1, ndc")]),
        (line(note="\ud800"), [("bad-text", "claim PM-7, line 1, note")]),
        (
            line(rendering_provider={"npi": "1234567890"}),
            [("npi-check-digit", "claim PM-7, line 1, rendering_provider, npi")],
        ),
        (
            claim(documentation={"lines": {"2": {"imaging": "ct"}}}),
            [("unknown-line", "claim PM-7, documentation")],
        ),
        (
            claim(documentation={"claim": {"imaging": {"a": 1}}}),
            [("wrong-type", "claim PM-7, documentation, claim, imaging")],
        ),
        (claim(documentation={"line": {}}), [("unknown-field", "claim PM-7, documentation, line")]),
    ],
)
def test_each_mistake_is_one_problem(data: Any, expected: list[tuple[str, str]]) -> None:
    assert faults(data) == expected


@pytest.mark.parametrize("letter", "ABCDEFG")
def test_placeholders_of_conduction_studies_are_no_codes(letter: str) -> None:
    """One guide prints 9590AX to 9590GX where 95907 to 95913 are meant."""
    assert faults(line(procedure=f"9590{letter}X")) == [
        ("bad-code", "claim PM-7, line 1, procedure")
    ]


def test_help_names_the_near_field_and_the_quotes() -> None:
    _, problems = read(json.dumps(line(modifers=["RT"], procedure=64493)))
    assert [problem.help for problem in problems] == [
        "did you mean `modifiers`?",
        "write the procedure as a text, so that no digit of it is lost",
    ]


def test_a_warning_does_not_hold_the_claim_back() -> None:
    claims, problems = read(json.dumps(claim(billing_provider={"npi": "1234567890"})))
    assert [problem.severity for problem in problems] == ["warning"]
    assert claims[0].billing_provider == Provider("1234567890")


def test_messages_hold_nothing_of_the_patient() -> None:
    patient = {"id": 4711, "birth_date": "1955-13-01", "sex": "female", "name": "Jane Doe"}
    _, problems = read(json.dumps(claim(patient=patient)))
    assert len(problems) == 4
    told = " ".join(map(str, problems))
    for secret in ("4711", "1955", "female", "Doe"):
        assert secret not in told


def test_a_key_that_stands_twice() -> None:
    content = json.dumps(claim()).replace('"payer"', '"claim_id": "PM-8", "payer"')
    claims, problems = read(content)
    assert claims == []
    assert [problem.id for problem in problems] == ["repeated-key"]


@pytest.mark.parametrize(
    "number", ["NaN", "Infinity", "1e999999999999999999999", "9" * 5000, "1e400000"]
)
def test_odd_numbers(number: str) -> None:
    claims, problems = read(json.dumps(line(units=7)).replace(": 7", f": {number}"))
    assert claims == []
    assert len(problems) == 1


@pytest.mark.parametrize(
    ("content", "fault", "words"),
    [
        (b"", "empty-file", "empty"),
        (b" \n", "empty-file", "empty"),
        (b"PAR1\x15\x04", "unread-format", "Parquet"),
        (b"PK\x03\x04", "unread-format", "ZIP"),
        (b"\x1f\x8b\x08", "unread-format", "gzip"),
        (b"%PDF-1.7", "unread-format", "PDF"),
        (b"<Bundle/>", "unread-format", "XML"),
        (b"\xff\xfe{\0", "unread-format", "UTF-16"),
        (b"MSH|^~\\&|", "unread-format", "HL7"),
        (b"UNB+UNOA:1", "unread-format", "EDIFACT"),
        (b"claim_id,line,code,date\n", "unread-format", "table"),
        (b"\x01\x02\0\x03", "unread-format", "not text"),
        (b"hello world", "unknown-format", "no kind of claim file"),
        (b'<Claim xmlns="http://hl7.org/fhir"/>', "unread-format", "FHIR resource in XML"),
        (b'{"resourceType": "Patient"}', "unread-resource", "FHIR resource `Patient`"),
        (b"resourceType: Claim\n", "unread-format", "FHIR is not read from YAML"),
        (b'{"coverage": [], "services": []}', "unread-format", "a history"),
        (b"cases:\n  - case: a\n", "unread-format", "cases"),
        (b"- 1\n", "not-a-claim", "an object"),
        (b"[]", "no-claims", "no claims"),
        (b"[" * 100_000, "json-syntax", "too deep"),
        (b'["\xff"]', "not-utf8", "UTF-8"),
    ],
)
def test_foreign_content_is_one_problem(content: bytes, fault: str, words: str) -> None:
    claims, problems = read(content)
    assert claims == []
    assert [problem.id for problem in problems] == [fault]
    assert words in problems[0].message


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    for path in (tmp_path / "none.json", tmp_path, "a\0b"):
        problems = list(read_claims(path))
        assert [p.id for p in problems if isinstance(p, Problem)] == ["unreadable-file"]


def test_a_file_by_its_path_and_standard_input() -> None:
    path = SAMPLES / "claims.json"
    expected = list(read_claims(path))
    assert len(expected) == 2
    program = "from engine.claims.read import read_claims; print(len(list(read_claims('-'))))"
    with path.open("rb") as stream:
        done = subprocess.run(
            [sys.executable, "-c", program], stdin=stream, capture_output=True, check=True
        )
    assert done.stdout.strip() == b"2"


def test_json_and_x12_never_load_the_yaml_parser() -> None:
    program = (
        "import sys; from engine.claims.read import read_claims\n"
        f"for f in {[str(SAMPLES / n) for n in ('claims.json', 'professional.837')]!r}:\n"
        "    list(read_claims(f))\n"
        "assert 'yaml' not in sys.modules\n"
        "assert 'engine.claims.fhir' not in sys.modules"
    )
    subprocess.run([sys.executable, "-c", program], check=True)


JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=8,
)


@FUZZ
@given(
    st.sampled_from([*claim(), "documentation", "billing_provider", "note", "units"]), JSON_VALUES
)
def test_any_value_in_any_field(name: str, value: Any) -> None:
    for data in (claim(**{name: value}), line(**{name: value})):
        claims, problems = read(json.dumps(data))
        assert claims or problems
        str(problems).encode()
        str(claims).encode()


@FUZZ
@given(st.sampled_from(["claims.json", "claim.yaml"]), st.integers(0, 1500), st.binary(max_size=4))
def test_changed_bytes_never_raise(name: str, at: int, new: bytes) -> None:
    content = (SAMPLES / name).read_bytes()
    claims, problems = read(content[:at] + new + content[at + len(new) :])
    assert claims or problems
    claims, problems = read(content[:at])
    assert claims or problems
