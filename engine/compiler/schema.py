"""Puts the policy schema together: a hand-written base and one fragment for every form."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from engine.compiler.forms import FORMS, PATTERN_KEYS

BASE = Path(__file__).with_name("policy.base.json")
COMMITTED = Path(__file__).parents[2] / "schemas" / "policy.schema.json"

COMBINATORS = ("all_of", "any_of", "none_of", "count_of")


def policy_schema() -> dict[str, Any]:
    """The JSON Schema of ``policy.yaml``."""
    schema: dict[str, Any] = json.loads(BASE.read_text(encoding="utf-8"))
    definitions = schema["$defs"]
    for name, form in FORMS.items():
        definitions[f"form_{name}"] = dict(form.schema)
    definitions["form"]["properties"] = _references(FORMS)
    plain = [name for name in FORMS if name not in COMBINATORS]
    definitions["plain_form"]["properties"] = _references(plain)
    definitions["line_pattern"]["properties"] = _references(
        k for k in PATTERN_KEYS if k != "documented"
    )
    definitions["where"]["properties"] = _references(PATTERN_KEYS)
    return schema


def schema_text() -> str:
    """The schema as the committed file holds it."""
    return json.dumps(policy_schema(), indent=2, ensure_ascii=False) + "\n"


def _references(names: Any) -> dict[str, Any]:
    return {name: {"$ref": f"#/$defs/form_{name}"} for name in names}


def main() -> None:
    """Writes the committed schema anew."""
    COMMITTED.write_text(schema_text(), encoding="utf-8")


if __name__ == "__main__":
    main()
