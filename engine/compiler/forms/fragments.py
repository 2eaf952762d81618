"""Parts of schema fragments that several forms share; `#/$defs` are in `policy.base.json`."""

from __future__ import annotations

from typing import Any, TypeAlias

Schema: TypeAlias = dict[str, Any]


def ref(name: str, description: str = "", *examples: object) -> Schema:
    """A property whose shape is a definition of the base schema."""
    schema: Schema = {"$ref": f"#/$defs/{name}"}
    if description:
        schema["description"] = description
    if examples:
        schema["examples"] = list(examples)
    return schema


def form(title: str, description: str, examples: list[object], **schema: Any) -> Schema:
    """A fragment with its hover text."""
    return {"title": title, "description": description, "examples": examples, **schema}


def mapping(properties: Schema, **schema: Any) -> Schema:
    """A mapping that holds these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "additionalProperties": False,
        **schema,
    }


def words(description: str, *choices: str) -> Schema:
    """One of a few words."""
    return {
        "description": description,
        "type": "string",
        "enum": list(choices),
        "examples": [choices[0]],
    }


def word_or_words(description: str, *choices: str) -> Schema:
    """One of a few words, or a list of them."""
    return {
        "description": description,
        "type": ["string", "array"],
        "pattern": f"^({'|'.join(choices)})$",
        "x-words": list(choices),
        "items": {"type": "string", "enum": list(choices)},
        "minItems": 1,
        "examples": [choices[0]],
    }


AT_MOST = ref("value", "The largest number that is still allowed.", 3, "sessions_a_year")
AT_LEAST = ref("value", "The smallest number that is enough.", 2)
EQUALS = ref("value", "The one number that is right.", 1)
AS = ref(
    "name",
    "A name for what this form reports, needed when the form stands twice in one rule.",
    "first_block",
)
SAME = ref(
    "keys",
    "What the two lines must have in common.",
    ["date", "provider"],
)
DIFFERENT = ref("keys", "What must differ between the two lines.", ["region"])
WHERE = ref(
    "where",
    "What must be true of the other line.",
    {"modifier": {"has_none": "ncci_bypass_modifiers"}},
)
OF = ref("codes", "Which services count: a code set, codes, or a column of a table.", "epidurals")
COUNTING = words(
    "`paid` counts what this payer paid or has before it; `performed` counts all that was done.",
    "paid",
    "performed",
)
BY = words(
    "Whose services count: anyone's, those of the billing group, or of the rendering provider.",
    "any_provider",
    "group",
    "rendering_provider",
)
ROWS = ref(
    "rows",
    "Which rows of the table count: for each column the values that are wanted.",
    {"modifier_indicator": ["0"]},
)
