"""Where the JSON Schemas lie."""

from __future__ import annotations

from pathlib import Path

_HERE = Path(__file__).parents[1]
# Installed, the schemas stand inside the package; in a checkout, beside it.
SCHEMAS = next(d for d in (_HERE / "schemas", _HERE.parent / "schemas") if d.is_dir())
