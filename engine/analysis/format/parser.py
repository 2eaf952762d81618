"""The nodes of a text, by the C parser where it can read the text, else by the one in Python."""

from __future__ import annotations

from typing import Any

import yaml


def parsed(text: str) -> tuple[yaml.Node | None, Any]:
    """The root and the loader class. Raises yaml.MarkedYAMLError if neither can read the text."""
    fast = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    try:
        return yaml.compose(text, Loader=fast), fast
    except yaml.MarkedYAMLError:
        return yaml.compose(text, Loader=yaml.SafeLoader), yaml.SafeLoader
