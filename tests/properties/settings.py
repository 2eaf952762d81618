"""How hard the properties look: the same examples in every run, within a fixed time."""

from __future__ import annotations

import os
from collections.abc import Callable
from typing import Any, TypeVar

from hypothesis import HealthCheck, Phase, settings

T = TypeVar("T", bound=Callable[..., Any])

QUIET = [HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.data_too_large]


def thorough(examples: int) -> Callable[[T], T]:
    """So many examples, always the same ones, and no deadline.

    A failing example is a whole rule book, and making it smaller takes minutes: set SHRINK=1 to
    have that done.
    """
    phases = [Phase.generate, Phase.shrink] if os.environ.get("SHRINK") else [Phase.generate]
    return settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        phases=phases,
        suppress_health_check=QUIET,
    )
