"""Where in the text of a document a new item goes, found by its nodes; nothing else is touched."""

from __future__ import annotations

import re
from typing import Any

import yaml
from yaml.nodes import MappingNode, Node, SequenceNode

from engine.analysis.format.parser import parsed
from engine.documents.marks import Path
from engine.documents.suggest import did_you_mean


class UnplacedError(Exception):
    """The document has no such place; the message says what is missing, for the author."""


def node_at(text: str, path: Path) -> Node:
    """The node that stands at a path. Raises UnplacedError."""
    try:
        node, _ = parsed(text)
    except yaml.MarkedYAMLError:
        raise UnplacedError("the document cannot be read; see `cleanclaim policy lint`") from None
    for at, key in enumerate(path):
        around, node = node, _below(node, key)
        if node is None:
            raise UnplacedError(_missing(path[: at + 1], around))
    assert node is not None
    return node


def _missing(path: Path, around: Node | None) -> str:
    """What the document lacks, and what stands there instead."""
    message = f"the document has no `{'.'.join(str(part) for part in path)}`"
    if not isinstance(around, MappingNode) or len(path) < 2:
        return message
    names = [str(name.value) for name, _ in around.value]
    hint = did_you_mean(str(path[-1]), names) or f"it has {', '.join(names)}"
    return f"{message}; {hint}"


def _below(node: Node | None, key: str | int) -> Node | None:
    if isinstance(node, MappingNode):
        return next((value for name, value in node.value if name.value == key), None)
    if isinstance(node, SequenceNode) and isinstance(key, int) and key < len(node.value):
        found: Node = node.value[key]
        return found
    return None


def append(text: str, path: Path, lines: list[str]) -> str:
    """The text with one more item at the end of the list at a path.

    `lines` are the item without its dash and indentation; in a list that is written in brackets
    they are one line.
    """
    node = node_at(text, path)
    if not isinstance(node, SequenceNode):
        raise UnplacedError(f"`{path[-1]}` is no list")
    if node.flow_style:
        end = node.end_mark.index - 1
        joined = ", " if node.value else ""
        return text[:end] + joined + " ".join(lines) + text[end:]
    column = node.start_mark.column
    item = [f"{' ' * column}- {lines[0]}", *(f"{' ' * (column + 2)}{x}" for x in lines[1:])]
    block = "\n".join(line.rstrip() for line in item) + "\n"
    at = _end_of(text, node)
    apart = "\n" if _apart(text, node) else ""
    return text[:at] + apart + block + text[at:]


def _end_of(text: str, node: SequenceNode) -> int:
    """Behind the last line of a block's last item; comments that follow it stay behind."""
    last = node.value[-1].end_mark.index
    while text[:last].endswith(("\n", " ")):
        last -= 1
    kept = text[:last].rstrip("\n ")
    end = text.find("\n", len(kept))
    return len(text) if end < 0 else end + 1


def _apart(text: str, node: SequenceNode) -> bool:
    """Whether the items of a list stand apart, with an empty line between them."""
    if len(node.value) < 2:
        return isinstance(node.value[-1], MappingNode) and len(node.value[-1].value) > 4
    begin = node.value[-2].start_mark.index
    return re.search(r"\n[ ]*\n[ ]*- ", text[begin : node.value[-1].start_mark.index]) is not None


def raw_item(text: str, path: Path) -> list[str]:
    """The lines of a mapping in a list, without dash and indentation."""
    node = node_at(text, path)
    column = node.start_mark.column
    raw = " " * column + text[node.start_mark.index : node.end_mark.index].rstrip()
    lines = [line[column:] if not line[:column].strip() else line for line in raw.split("\n")]
    while lines and (not lines[-1].strip() or lines[-1].lstrip().startswith("#")):
        lines.pop()
    return lines


def one_line(data: dict[str, Any]) -> str:
    """A mapping in braces, with quotes where the canonical form has them."""
    from engine.analysis.format.scalars import written

    parts = []
    for key, value in data.items():
        plain = not isinstance(value, str)
        said = {True: "true", False: "false"}.get(value) if isinstance(value, bool) else str(value)
        parts.append(f"{key}: {written(str(said), plain=plain, in_flow=True)}")
    return "{" + ", ".join(parts) + "}"
