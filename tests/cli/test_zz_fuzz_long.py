"""Whatever stands in a file, a command ends with a code and without a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.cli.run import TREE, claim, plant, run, write
from tests.compiler.trees import tree

FEW = settings(
    max_examples=500,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=False,
)
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers(-3, 10**12) | st.floats() | st.text(max_size=6),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3)
    ),
    max_leaves=6,
)
WORDS = (
    "",
    "64490",
    "62323",
    "2025-03-04",
    "2025-13-04",
    "RT",
    "medicare",
    "NC",
    "{",
    "}{",
    "1",
    "-1",
)
VALUES = JUNK | st.sampled_from(WORDS)


def paths(data: Any, here: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Every place in some data."""
    found = [here] if here else []
    if isinstance(data, dict | list):
        for key, value in data.items() if isinstance(data, dict) else enumerate(data):
            found += paths(value, (*here, key))
    return found


def put(data: Any, path: tuple[Any, ...], value: Any) -> Any:
    made = json.loads(json.dumps(data))
    inner = made
    for key in path[:-1]:
        inner = inner[key]
    inner[path[-1]] = value
    return made


FULL = claim(
    stage="billed",
    replaces=None,
    billing_provider={"npi": "1234567893", "group": "g"},
    documentation={"claim": {"care_weeks": 8}, "lines": {"1": {"imaging": "ct"}}},
)
FULL["lines"][0].update(
    modifiers=["RT"], place_of_service="11", diagnosis_pointers=[1], charge="1.00",
    rendering_provider={"npi": "1245319599", "specialty": "72"},
)  # fmt: skip
HISTORY = {
    "coverage": [
        {
            "patient_id": "P-1", "complete_from": "2020-01-01", "complete_to": "2025-03-03",
            "providers": "all",
        }
    ],
    "services": [
        {
            "patient_id": "P-1", "service_date": "2024-12-01", "procedure": "64490", "units": 1,
            "payer": "medicare", "claim_id": "E", "line": 1, "status": "paid", "modifiers": ["LT"],
            "documentation": {"imaging": "ct"},
        }
    ],
}  # fmt: skip


@FEW
@given(st.sampled_from(paths(FULL)), VALUES)
def test_any_value_in_a_claim(tmp_path: Path, path: tuple[Any, ...], value: Any) -> None:
    file = write(tmp_path / "claim.json", put(FULL, path, value))
    done = run("check", file, "--policies", TREE, "--format", "json")
    assert done.exit_code in (0, 1, 2, 3)
    assert "fault of the program" not in done.stderr
    json.loads(done.stdout)


@FEW
@given(st.sampled_from(paths(HISTORY)), VALUES)
def test_any_value_in_a_history(tmp_path: Path, path: tuple[Any, ...], value: Any) -> None:
    past = write(tmp_path / "past.json", put(HISTORY, path, value))
    file = write(tmp_path / "claim.json", FULL)
    done = run("check", file, "--history", past, "--policies", TREE, "--format", "json")
    assert "fault of the program" not in done.stderr
    json.loads(done.stdout)


@FEW
@given(st.binary(max_size=60) | st.text(max_size=60).map(str.encode))
def test_any_bytes_for_a_claim(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "claim").write_bytes(data)
    done = run("check", str(tmp_path / "claim"), "--policies", TREE)
    assert done.exit_code == 2
    assert "fault of the program" not in done.stderr


LINES = [
    (path, number)
    for path, data in tree().items()
    for number in range(len(data.splitlines()))
    if path.endswith((".yaml", ".csv"))
]
MISCHIEF = ("delete", "double", "cut", "indent", "dedent", "swap colon", "junk")


def spoilt(text: str, number: int, how: str) -> str:
    lines = text.splitlines()
    line = lines[number]
    if how == "delete":
        del lines[number]
    elif how == "double":
        lines.insert(number, line)
    else:
        lines[number] = {
            "cut": line[: len(line) // 2],
            "indent": f"   {line}",
            "dedent": line[2:],
            "swap colon": line.replace(":", " ", 1),
            "junk": f"{line} }}[ &*",
        }[how]
    return "\n".join(lines) + "\n"


@settings(FEW, max_examples=250)
@given(st.sampled_from(LINES), st.sampled_from(MISCHIEF))
def test_any_spoilt_line_in_a_document(
    tmp_path_factory: pytest.TempPathFactory, where: tuple[str, int], how: str
) -> None:
    files = tree()
    path, number = where
    files[path] = spoilt(files[path].decode(), number, how).encode()
    folder = tmp_path_factory.mktemp("policies")
    policies = plant(folder, files)
    file = write(folder / "claim.json", claim())
    for words in (
        ("policy", "lint", policies),
        ("policy", "test", "--policies", policies),
        ("policy", "list", "--rules", "--policies", policies),
        ("policy", "show", "medicare/national/blocks", "--policies", policies),
        ("check", file, "--policies", policies),
    ):
        done = run(*words)
        assert done.exit_code in (0, 1, 2, 3), words
        assert "fault of the program" not in done.stderr, words
