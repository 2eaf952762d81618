"""One typo, one located problem; good documents have none."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from engine.documents.document import KINDS, Kind
from engine.documents.load import load_text
from engine.documents.marks import Marks
from engine.documents.reference import CONTRACTS, said
from engine.documents.schema import validate
from engine.documents.schema_folder import SCHEMAS
from engine.documents.validator import resolved, schema

GOOD = Path(__file__).parent / "good"
FILES = sorted(path.name for path in SCHEMAS.glob("*.schema.json"))


@pytest.mark.parametrize("file", sorted(GOOD.glob("*.yaml")), ids=lambda file: file.stem)
def test_good_documents_have_no_problems(file: Path) -> None:
    kind: Kind = file.stem.rpartition(".")[2]  # type: ignore[assignment]
    _, problems = load_text(kind, file.read_text(encoding="utf-8"), file.name)
    assert problems == []


@pytest.mark.parametrize("file", FILES)
def test_schemas_are_schemas(file: str) -> None:
    Draft202012Validator.check_schema(json.loads((SCHEMAS / file).read_text(encoding="utf-8")))


def test_there_is_a_schema_for_every_kind_and_contract() -> None:
    assert set(FILES) == {f"{name}.schema.json" for name in (*KINDS, *CONTRACTS, "common")}


@pytest.mark.parametrize("file", FILES)
def test_every_property_says_what_it_is(file: str) -> None:
    silent = [
        where
        for where, part in _properties(schema(file), "")
        if not (said((part, file), "description") and said((part, file), "examples"))
    ]
    assert silent == []


@pytest.mark.parametrize("file", FILES)
def test_examples_of_properties_are_valid(file: str) -> None:
    for where, part in _properties(schema(file), ""):
        target, at = resolved(part, file)
        for example in said((part, file), "examples"):
            problems = _against(target, at, example)
            assert problems == [], f"{where}: {example}"


def _against(part: dict[str, Any], file: str, value: object) -> list[str]:
    """What our validator says of a value held against a piece of a schema."""
    from engine.documents import validator

    whole = {**schema(file), **part, "$defs": schema(file).get("$defs", {})}
    for keyword in set(schema(file)) - set(part) - {"$defs"}:
        whole.pop(keyword)
    made = validator._Validator(
        whole, registry=validator._registry(), format_checker=validator._FORMATS
    )
    return [str(error.message) for error in made.iter_errors(value)]


def _properties(part: Any, where: str) -> list[tuple[str, dict[str, Any]]]:
    """Every property of every mapping in a schema, with the way to it."""
    found = []
    if isinstance(part, dict):
        for key, below in part.items():
            if key == "properties":
                found += [(f"{where}/{name}", p) for name, p in below.items()]
            if key != "examples":
                found += _properties(below, f"{where}/{key}")
    elif isinstance(part, list):
        for below in part:
            found += _properties(below, where)
    return found


def test_places_with_problems_are_known() -> None:
    text = "policy: a\ntitle: t\nfrom: 2024/01/01\nrules:\n  - {rule: a, ends: true, form: 1}\n"
    document, problems = load_text("policy", text, "f")
    assert document.problems_at == {("from",), ("rules", 0, "form")}
    assert document.faulty(("rules", 0, "form", "below"))
    assert not document.faulty(("rules", 0, "rule"))
    assert len(problems) == 2


@pytest.mark.parametrize("kind", [*KINDS, *CONTRACTS])
def test_other_shapes_are_refused(kind: str) -> None:
    others: list[object] = [[], "text", 1, None, {"nonsense": 1}]
    for data in others:
        problems, paths = validate(kind, data, Marks("f"))
        assert problems
        assert paths


def test_the_claim_of_the_contract_is_valid() -> None:
    claim = {
        "claim_id": "PM-2026-0001",
        "form": "professional",
        "stage": "billed",
        "replaces": None,
        "frequency": "1",
        "type_of_bill": None,
        "payer": {"id": "medicare", "contractor": "palmetto", "plan": None, "state": "NC"},
        "patient": {"id": "MBI-1", "birth_date": "1955-03-01", "sex": "F"},
        "billing_provider": {"npi": "1234567893", "group": "carolina-pain"},
        "facility_type": "office",
        "diagnoses": ["M47.816", "M79.18"],
        "prior_authorization": None,
        "note": None,
        "lines": [
            {
                "number": 1,
                "procedure": "64493",
                "modifiers": ["RT", "KX"],
                "units": 1,
                "service_date": "2026-03-04",
                "place_of_service": "11",
                "diagnosis_pointers": [1],
                "charge": "410.00",
                "rendering_provider": {"npi": "1245319599", "specialty": "72"},
                "revenue_code": None,
                "ndc": None,
                "prior_authorization": None,
                "note": None,
            }
        ],
        "documentation": {"claim": {}, "lines": {"1": {"imaging": "fluoroscopy"}}},
    }
    assert validate("claim", claim, Marks("f")) == ([], frozenset())


# Below these stand names that authors invent: the compiler checks them, the schema cannot.
_OPEN = {"sets", "windows", "parameters", "contractors", "columns", "facts", "sources"}
_OPEN |= {"interpretations", "sentences", "complete_for"}


@pytest.mark.parametrize("file", sorted(GOOD.glob("plain.*.yaml")), ids=lambda file: file.stem)
def test_every_misspelt_key_is_one_problem_at_its_place(file: Path) -> None:
    kind: Kind = file.stem.rpartition(".")[2]  # type: ignore[assignment]
    text = file.read_text(encoding="utf-8")
    document, _ = load_text(kind, text, "f")
    for path, (line, column) in document.marks.keys.items():
        key = str(path[-1])
        lines = text.splitlines(keepends=True)
        rest = lines[line - 1][column - 1 :]
        invented = len(path) > 1 and path[-2] in _OPEN
        if len(key) < 4 or invented or not rest.startswith(key):
            continue
        swapped = key[:2] + key[3] + key[2] + key[4:] if key[2] != key[3] else key[:-1]
        lines[line - 1] = lines[line - 1][: column - 1] + swapped + rest[len(key) :]
        _, problems = load_text(kind, "".join(lines), "f")
        assert problems or "members" in path or "documentation" in path, path
        if not problems:
            continue
        places = [(p.location.line, p.location.column) for p in problems]
        assert places == [(line, column)], path
        assert problems[0].help == f"did you mean `{key}`?", path


_plain = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8) | st.decimals(allow_nan=False),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(
                ["policy", "rules", "rule", "requires", "units", "sets", "cases", "x y"]
            )
            | st.text(max_size=6),
            inner,
            max_size=4,
        )
    ),
    max_leaves=20,
)


@given(st.sampled_from([*KINDS, *CONTRACTS]), _plain)
@settings(max_examples=120, deadline=None)
def test_any_data_gives_problems_and_never_raises(kind: str, data: object) -> None:
    problems, paths = validate(kind, data, Marks("f"))
    assert bool(problems) == bool(paths)


_GOOD_LINES = (GOOD / "plain.policy.yaml").read_text(encoding="utf-8").splitlines(keepends=True)


@given(st.integers(0, len(_GOOD_LINES) - 1), st.integers(0, 60), st.sampled_from(" :-{}[],'\"#x\n"))
@settings(max_examples=120, deadline=None)
def test_one_stray_character_never_raises(line: int, column: int, character: str) -> None:
    lines = list(_GOOD_LINES)
    lines[line] = lines[line][:column] + character + lines[line][column:]
    load_text("policy", "".join(lines), "f")
