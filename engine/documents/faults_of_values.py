"""Says what is wrong with one value: of another type, no such word, no such form."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from engine.documents.faults import Fault, Raw, in_words, listing, types_of, wanted
from engine.documents.marks import Path
from engine.documents.suggest import did_you_mean


def value_fault(raw: Raw) -> Fault:
    """One fault for one raw error about a value."""
    path, schema, value = raw.path, raw.schema, raw.value
    match raw.keyword:
        case "type":
            return _type(path, schema, value)
        case "enum":
            return _word(path, value, raw.wanted)
        case "pattern" if "x-words" in schema:
            return _word(path, value, schema["x-words"])
        case "pattern":
            return Fault(path, "wrong-form", f"`{value}` is not {wanted(schema)}")
        case "format":
            return Fault(path, "impossible-date", f"`{value}` is no day of the calendar")
        case "minItems" | "minLength":
            what = "list" if raw.keyword == "minItems" else "text"
            return Fault(path, "empty", f"this {what} is empty")
        case "x-keys":
            message = f"`{path[-1]}` is not {raw.wanted['title']}"
            return Fault(path, "wrong-form", message, at_key=True)
        case "minimum":
            return Fault(path, "out-of-range", f"`{value}` is less than {raw.wanted}")
        case _:
            return Fault(path, "wrong-value", f"{wanted(schema)} is wanted here")


def _type(path: Path, schema: Mapping[str, Any], value: object) -> Fault:
    types = types_of(schema)
    if value is None:
        return Fault(
            path, "missing-value", f"nothing stands here; {wanted(schema)} is wanted", at_key=True
        )
    if isinstance(value, bool | int | Decimal) and "string" in types and "enum" not in schema:
        return _unquoted(path, value)
    if isinstance(value, bool | int | Decimal | str) and "enum" in schema:
        return _word(path, _written(value), schema["enum"])
    if types == ["array"]:
        return _no_list(path, schema, value)
    if types == ["object"]:
        return _no_mapping(path, schema, value)
    mend = None
    if isinstance(value, str) and not {"integer", "number", "boolean"}.isdisjoint(types):
        mend = "remove the quotes" if value.isdecimal() or value in ("true", "false") else None
    message = f"{wanted(schema)} is wanted here, not {in_words(value)}"
    return Fault(path, "wrong-type", message, mend)


def _unquoted(path: Path, value: object) -> Fault:
    written = _written(value)
    message = f"`{written}` needs quotes: a text is wanted here"
    return Fault(path, "needs-quotes", message, f'write "{written}"')


def _written(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _no_list(path: Path, schema: Mapping[str, Any], value: object) -> Fault:
    message = f"a list is wanted here, not {in_words(value)}"
    if isinstance(value, dict):
        return Fault(path, "list-wanted", message, "begin every item with a dash")
    item = schema.get("items", {}).get("type")
    shown = f'"{value}"' if item != "integer" and not isinstance(value, str) else f"{value}"
    return Fault(path, "list-wanted", message, f"write `[{shown}]`")


def _no_mapping(path: Path, schema: Mapping[str, Any], value: object) -> Fault:
    is_form = schema.get("maxProperties") == 1
    if is_form and isinstance(value, list):
        message = "one form is wanted here, not a list"
        return Fault(path, "form-wanted", message, "put the list under `all_of` or `any_of`")
    return Fault(path, "mapping-wanted", f"{wanted(schema)} is wanted here, not {in_words(value)}")


def _word(path: Path, value: object, known: list[str]) -> Fault:
    words = [str(word) for word in known]
    message = f"`{_written(value)}` is not {listing(words)}"
    if isinstance(value, list | dict):
        return Fault(path, "wrong-type", f"one of {listing(words)} is wanted here")
    return Fault(path, "unknown-word", message, did_you_mean(str(value), words))
