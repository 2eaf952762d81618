"""The parser that can read a text: the C one, else the one in Python."""

from __future__ import annotations

from typing import Any

import yaml


def loader_of(text: str) -> Any:
    """The loader class. Raises yaml.MarkedYAMLError where neither can read the text."""
    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        yaml.compose(text, Loader=fast)
    except yaml.MarkedYAMLError:
        yaml.compose(text, Loader=yaml.SafeLoader)
        return yaml.SafeLoader
    return fast
