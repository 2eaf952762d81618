"""Writes a document anew from its nodes: two blanks a level, one item a line, comments in place."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import TypeAlias

from yaml.nodes import CollectionNode, MappingNode, Node, ScalarNode, SequenceNode

from engine.analysis.format.comments import Comment
from engine.analysis.format.scalars import quoted, written

WIDTH = 120
"""A list or mapping in one line that would be longer is written on several."""
ROW = 140
"""An item of a list may be longer: earlier services, one a line, read like a table."""
APART = frozenset({"rules", "cases", "changes", "drops"})
"""Lists whose items stand apart from each other."""
BLOCKS = frozenset({"members"})
"""Lists that have one item a line however short they are: the codes of a set."""

Item: TypeAlias = tuple[Node | None, Node]
"""A key with its value; of a list, no key."""


class Emitter:
    """Collects the lines of one document."""

    def __init__(self, text: str, comments: Sequence[Comment]) -> None:
        self._text = text
        self._comments = list(comments)
        self._lines: list[str] = []
        self._done = 0
        """The source line behind everything that was written so far."""

    def document(self, root: Node | None) -> str:
        """The whole document, which ends with one line end."""
        if isinstance(root, CollectionNode) and root.value and not self._fits(root, 0, ""):
            self._items(root, 0, "", "", len(self._text))
        elif root is not None:
            self._before(root, 0)
            self._line(self._inline(root), root)
        self._rest(len(self._text), 0, 0)
        return "\n".join(self._lines).strip("\n") + "\n"

    def _items(self, node: CollectionNode, depth: int, name: str, lead: str, limit: int) -> None:
        """The items of a block; `lead` is what already stands on the line of the first one, and
        `limit` where the next thing behind the block begins."""
        items: list[Item] = _items_of(node)
        for n, (key, value) in enumerate(items):
            first = key or value
            after = items[n + 1] if n + 1 < len(items) else None
            end = (after[0] or after[1]).start_mark.index if after else limit
            if not (n == 0 and lead):
                apart = n > 0 and name in APART and isinstance(value, MappingNode)
                self._before(first, depth, apart=apart)
            indent = lead if n == 0 and lead else " " * depth
            self._item(key, value, depth, indent, end)
        if items:
            column = (items[0][0] or items[0][1]).start_mark.column
            self._rest(limit, depth, column)

    def _item(self, key: Node | None, value: Node, depth: int, indent: str, limit: int) -> None:
        head = f"{indent}{self._inline(key)}:" if key is not None else f"{indent}-"
        name = str(key.value) if isinstance(key, ScalarNode) else ""
        width = WIDTH if key is not None else ROW
        if isinstance(value, ScalarNode) or self._fits(value, len(head) + 1, name, width):
            text = self._inline(value, depth=depth)
            self._line(f"{head} {text}" if text else head, value, key)
        elif key is None:
            self._pass(value)
            self._items(_collection(value), depth + 2, "", f"{head} ", limit)
        else:
            self._line(head, key)
            self._items(_collection(value), depth + 2, name, "", limit)

    def _pass(self, node: Node) -> None:
        """Comments between a dash or bracket and the first item stand before the item's line."""
        first = _first(node)
        if first is not None:
            for comment in self._take(lambda c: c.index < first.start_mark.index):
                place = len(self._lines[-1]) - len(self._lines[-1].lstrip()) if self._lines else 0
                self._lines.append(" " * place + comment.text)

    def _before(self, node: Node, depth: int, *, apart: bool = False) -> None:
        """Blank lines and comments above an item."""
        mark = node.start_mark
        above = list(self._take(lambda c: c.index < mark.index))
        if apart:
            self._blank()
        for comment in above:
            if self._empty_between(comment.line):
                self._blank()
            self._lines.append(" " * depth + comment.text)
            self._done = comment.line
        if self._empty_between(mark.line):
            self._blank()

    def _empty_between(self, line: int) -> bool:
        """Whether the author left a line empty between what is written and a source line."""
        if not self._lines:
            return False
        between = self._text.split("\n")[self._done + 1 : line] if line > self._done + 1 else []
        return any(not part.strip() for part in between)

    def _blank(self) -> None:
        if self._lines and self._lines[-1]:
            self._lines.append("")

    def _line(self, text: str, node: Node, key: Node | None = None) -> None:
        """One or more lines for a value, with the comments that stand behind it."""
        begin = (key or node).start_mark.line
        end = _last_line(node)
        behind = self._take(lambda c: not c.alone and begin <= c.line <= end)
        found = [comment.text for comment in behind]
        first, *more = text.split("\n")
        if found:
            first += "  " + " ".join(found)
        self._lines += [first, *more]
        self._done = max(self._done, end)

    def _rest(self, limit: int, depth: int, column: int) -> None:
        """Comments that still belong to a block because they are indented as deep as it."""
        for comment in self._take(lambda c: c.index < limit and c.column >= column and c.alone):
            if self._empty_between(comment.line):
                self._blank()
            self._lines.append(" " * depth + comment.text)
            self._done = comment.line

    def _take(self, wanted: object) -> Iterator[Comment]:
        """The next comments for as long as they are wanted."""
        assert callable(wanted)
        while self._comments and wanted(self._comments[0]):
            yield self._comments.pop(0)

    def _fits(self, node: Node, column: int, name: str, width: int = WIDTH) -> bool:
        """Whether a collection stays on one line, as its author wrote it."""
        if not isinstance(node, CollectionNode) or not node.value:
            return True
        if not node.flow_style or _has_block(node, name):
            return False
        begin, end = node.start_mark.index, node.end_mark.index
        if any(begin < comment.index < end for comment in self._comments):
            return False
        return column + len(self._inline(node)) <= width

    def _inline(self, node: Node, *, in_flow: bool = False, depth: int = 0) -> str:
        if isinstance(node, ScalarNode):
            return self._scalar(node, in_flow=in_flow, depth=depth)
        if isinstance(node, SequenceNode):
            return "[" + ", ".join(self._inline(v, in_flow=True) for v in node.value) + "]"
        assert isinstance(node, MappingNode)
        pairs = (
            f"{self._inline(k, in_flow=True)}: {self._inline(v, in_flow=True)}"
            for k, v in node.value
        )
        return "{" + ", ".join(pairs) + "}"

    def _scalar(self, node: ScalarNode, *, in_flow: bool, depth: int) -> str:
        if node.style in ("|", ">") and not in_flow:
            return self._block(node, depth)
        return written(node.value, plain=not node.style, in_flow=in_flow)

    def _block(self, node: ScalarNode, depth: int) -> str:
        """A text of several lines keeps its lines, moved to its depth."""
        raw = self._text[node.start_mark.index : node.end_mark.index]
        header, _, body = raw.partition("\n")
        header = header.split("#")[0].strip()
        lines = body.split("\n")
        full = [line for line in lines if line.strip()]
        indent = min((len(line) - len(line.lstrip(" ")) for line in full), default=0)
        if re.search(r"\d", header) or not full or full[0][indent:].startswith(" "):
            return quoted(node.value)
        if "+" not in header:
            while lines and not lines[-1].strip():
                lines.pop()
        else:
            lines = lines[:-1] if lines and not lines[-1].strip() else lines
        kept = [" " * (depth + 2) + line[indent:] if line.strip() else "" for line in lines]
        return "\n".join([header, *kept])


def _has_block(node: Node, name: str) -> bool:
    """Whether a list that has one item a line stands here or within."""
    if isinstance(node, SequenceNode):
        within = any(_has_block(value, "") for value in node.value)
        return within or (name in BLOCKS and bool(node.value))
    if isinstance(node, MappingNode):
        return any(
            _has_block(v, k.value if isinstance(k, ScalarNode) else "") for k, v in node.value
        )
    return False


def _items_of(node: CollectionNode) -> list[Item]:
    if isinstance(node, MappingNode):
        return list(node.value)
    return [(None, value) for value in node.value]


def _collection(node: Node) -> CollectionNode:
    assert isinstance(node, CollectionNode)
    return node


def _first(node: Node) -> Node | None:
    """The first key or item within a collection."""
    if isinstance(node, MappingNode) and node.value:
        found: Node = node.value[0][0]
        return found
    return node.value[0] if isinstance(node, SequenceNode) and node.value else None


def _last_line(node: Node) -> int:
    """The last source line of a value; the mark of a block text stands behind its line end."""
    end = node.end_mark
    behind = isinstance(node, ScalarNode) and node.style in ("|", ">") and end.column == 0
    return max(end.line - behind, node.start_mark.line)
