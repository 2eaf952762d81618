"""The JSON Schemas of ``schemas/`` as validators, with the few keywords that we add."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from functools import cache
from typing import Any

from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend
from referencing import Registry
from referencing.jsonschema import DRAFT202012

from engine.documents.schema_folder import SCHEMAS

_FORMATS = FormatChecker(formats=())


@_FORMATS.checks("date", raises=ValueError)
def _is_date(value: object) -> bool:
    """Whether a text in the form of a date names a day; the form itself is a pattern."""
    if isinstance(value, str) and re.fullmatch(r"[0-9]{4}-[0-9]{2}-[0-9]{2}", value):
        date.fromisoformat(value)
    return True


def _exactly_one(_: Any, names: list[str], instance: object, __: Any) -> Iterator[ValidationError]:
    """``x-exactly-one``: a mapping holds one of these keys."""
    if isinstance(instance, dict) and sum(name in instance for name in names) != 1:
        yield ValidationError(f"exactly one of {names}")


def _exactly_one_with(
    _: Any, names: dict[str, list[str]], instance: object, __: Any
) -> Iterator[ValidationError]:
    """``x-exactly-one-with``: where the first key stands, one of the others does."""
    for key, others in names.items():
        given = isinstance(instance, dict) and key in instance
        if given and sum(other in instance for other in others) != 1:  # type: ignore[operator]
            yield ValidationError(f"exactly one of {others}", validator_value=others)


def _keys(_: Any, rule: dict[str, str], instance: object, __: Any) -> Iterator[ValidationError]:
    """``x-keys``: every key of an open mapping matches a pattern; the fault is at the key."""
    for key in instance if isinstance(instance, dict) else ():
        if not re.search(rule["pattern"], key):
            yield ValidationError(f"bad key {key}", path=(key,))


_Validator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {"x-exactly-one": _exactly_one, "x-exactly-one-with": _exactly_one_with, "x-keys": _keys},
)


@cache
def schema(file: str) -> dict[str, Any]:
    """One schema file as data, without `$schema`, which would drop our keywords on the way."""
    loaded: dict[str, Any] = json.loads((SCHEMAS / file).read_text(encoding="utf-8"))
    loaded.pop("$schema")
    return loaded


@cache
def _registry() -> Registry[Any]:
    files = sorted(path.name for path in SCHEMAS.glob("*.schema.json"))
    return Registry().with_resources((f, DRAFT202012.create_resource(schema(f))) for f in files)


@cache
def validator(kind: str) -> Any:
    """The validator of a kind of document, or of a public contract such as ``claim``."""
    return _Validator(
        {"$ref": f"{kind}.schema.json"}, registry=_registry(), format_checker=_FORMATS
    )


def chain(part: dict[str, Any], file: str) -> Iterator[tuple[dict[str, Any], str]]:
    """A schema, then what its `$ref` leads to and so on, each with the file it stands in."""
    yield part, file
    while "$ref" in part:
        target, _, pointer = part["$ref"].partition("#")
        file = target or file
        found: Any = schema(file)
        for step in filter(None, pointer.split("/")):
            found = found.get(step, {})
        part = found
        yield part, file


def resolved(part: dict[str, Any], file: str) -> tuple[dict[str, Any], str]:
    """What a schema's references lead to in the end, and the file in which it stands."""
    *_, last = chain(part, file)
    return last
