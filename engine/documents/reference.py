"""Writes the reference page of the language from the descriptions in the schemas."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any, TypeAlias

from engine.documents.document import KINDS
from engine.documents.faults import listing, types_of, wanted
from engine.documents.scalars import plain_value
from engine.documents.validator import chain, resolved, schema

PAGE = Path(__file__).parents[2] / "docs" / "language" / "reference.md"
CONTRACTS = ("claim", "history", "documentation", "result", "mapping")

Part: TypeAlias = "tuple[dict[str, Any], str]"
"""A piece of a schema, and the file in which it stands."""

_OPENING = """# Reference

Every key of every kind of document. This page is generated from the schemas by
`python -m engine.documents.reference`.
"""


def page() -> str:
    """The page as the committed file holds it."""
    written: dict[str, dict[str, Any]] = {}
    pieces = [_OPENING]
    for kind in (*KINDS, *CONTRACTS):
        file = f"{kind}.schema.json"
        pieces.append(f"## {kind}\n\n{schema(file)['description']}\n")
        pieces += _sections((schema(file), file), written)
    return "\n".join(pieces)


def _sections(top: Part, written: dict[str, dict[str, Any]]) -> Iterator[str]:
    """The mapping itself, then each mapping that it mentions and that was not written yet."""
    waiting = deque([top])
    while waiting:
        part, file = waiting.popleft()
        name = _name((part, file))
        if name in written or (part is schema(file) and part is not top[0]):
            assert written.get(name, part)["properties"] == part["properties"], name
            continue
        written[name] = part
        if part is not top[0]:
            yield f"### {name}\n"
        required = {*part.get("required", ()), *part.get("else", {}).get("required", ())}
        for key, below in part["properties"].items():
            yield _entry(key, (below, file), key in required)
            waiting += _mappings((below, file))
        yield ""
        waiting += [m for below in _open(part) for m in _mappings((below, file))]


def _entry(key: str, part: Part, required: bool) -> str:
    target, file = resolved(*part)
    shown = ", ".join(f"`{flow(example)}`" for example in said(part, "examples") or ())
    names = dict.fromkeys(_link(mapping) for mapping in _mappings(part))
    links = f" See {', '.join(names)}." if names else ""
    must = "required; " if required else ""
    what, described = _in_words(target, file), said(part, "description")
    return f"- **`{key}`** ({must}{what}). {described} For example: {shown}.{links}"


def said(part: Part, word: str) -> Any:
    """A schema's `description` or `examples`: its own, or those of what it refers to."""
    return next((step[word] for step, _ in chain(*part) if word in step), None)


def _in_words(target: dict[str, Any], file: str) -> str:
    if "enum" in target:
        return listing(flow(word) for word in target["enum"])
    if "x-words" in target:
        return f"{listing(target['x-words'])}, or a list of these"
    if types_of(target) == ["array"] and "title" not in target and "items" in target:
        item, _ = resolved(target["items"], file)
        return f"a list, each item {wanted(item)}"
    return wanted(target)


def _mappings(part: Part) -> list[Part]:
    """The mappings with named keys that a value of this shape can be or hold."""
    target, file = resolved(*part)
    if target.get("maxProperties") == 1 or target is schema(file):
        return [(target, file)]
    found = [(target, file)] if target.get("properties") and "title" in target else []
    below = [*_open(target), *([target["items"]] if "items" in target else [])]
    return found + [m for inner in below for m in _mappings((inner, file))]


def _open(part: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """The shape of the values of keys that the author invents."""
    if isinstance(part.get("additionalProperties"), dict):
        yield part["additionalProperties"]
    yield from part.get("patternProperties", {}).values()


def _name(part: Part) -> str:
    """The heading of a mapping: the beginning of its title, or the kind of document it is."""
    mapping, file = part
    if mapping is schema(file):
        return file.removesuffix(".schema.json")
    return re.split("[:,]", str(mapping.get("title", "mapping")), maxsplit=1)[0]


def _link(part: Part) -> str:
    name = _name(part)
    anchor = re.sub(r"[^a-z0-9 -]", "", name.lower()).replace(" ", "-")
    return f"[{name}](#{anchor})"


def flow(value: object) -> str:
    """A value in one line of YAML, quoted as our reader wants it."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{flow(k)}: {flow(v)}" for k, v in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(flow(item) for item in value) + "]"
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    text = str(value)
    if not isinstance(value, str):
        return text
    code = re.fullmatch(r"[0-9A-Z.]*[0-9][0-9A-Z.]*", text)
    plain = re.fullmatch(r"[A-Za-z0-9_/.#-][^:,{}\[\]\"'`]*", text)
    return text if plain and not code and plain_value(text) == text else f'"{text}"'


def main() -> None:
    """Writes the page anew."""
    PAGE.parent.mkdir(parents=True, exist_ok=True)
    PAGE.write_text(page(), encoding="utf-8")


if __name__ == "__main__":
    main()
