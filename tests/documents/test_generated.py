"""What is generated from the schemas is what is committed."""

from __future__ import annotations

import json
from fnmatch import fnmatch
from pathlib import Path

import pytest

from engine.compiler.schema import COMMITTED, schema_text
from engine.documents import reference
from engine.documents.load import kind_of

TOP = Path(__file__).parents[2]


def test_the_policy_schema_is_what_its_parts_make() -> None:
    assert COMMITTED.read_text(encoding="utf-8") == schema_text(), (
        "run python -m engine.compiler.schema"
    )


def test_the_reference_page_is_what_the_schemas_say() -> None:
    assert reference.PAGE.read_text(encoding="utf-8") == reference.page(), (
        "run python -m engine.documents.reference"
    )


@pytest.mark.parametrize(
    "path",
    [
        "policies/medicare/national/epidurals/policy.yaml",
        "policies/medicare/payer.yaml",
        "policies/coding/codes.yaml",
        "policies/medicare/sources.yaml",
        "policies/coding/ncci_pairs.table.yaml",
        "policies/vocabulary/facet-joints.yaml",
        "policies/medicare/national/epidurals/cases/limits.yaml",
    ],
)
def test_editors_take_the_schema_of_the_kind(path: str) -> None:
    settings = json.loads((TOP / ".vscode" / "settings.json").read_text(encoding="utf-8"))
    chosen = [schema for schema, glob in settings["yaml.schemas"].items() if fnmatch(path, glob)]
    assert chosen == [f"./schemas/{kind_of(path.removeprefix('policies/'))}.schema.json"]
    assert all((TOP / schema).is_file() for schema in settings["yaml.schemas"])
