"""What is not measured for coverage is really left alone, in every process of a run."""

from __future__ import annotations

import sys

import pytest
from hypothesis import given
from hypothesis import strategies as st


def traced() -> bool:
    """Whether coverage looks at every line."""
    return type(sys.gettrace()).__module__.startswith("coverage")


@pytest.fixture(scope="module")
def shared() -> bool:
    return traced()


@pytest.mark.unmeasured
def test_what_is_marked() -> None:
    assert not traced()


def test_what_several_tests_share(shared: bool) -> None:
    assert not shared


@given(st.integers())
def test_random_examples(number: int) -> None:
    assert not traced(), number
