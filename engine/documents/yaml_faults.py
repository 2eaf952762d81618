"""Says in an author's words what a YAML parser stumbled over."""

from __future__ import annotations

import contextlib
import re

import yaml

from engine.model.problem import Location, Problem

# A piece of the Python parser's message, the problem's id, message and help.
# `{char}` is the character at the place.
_FAULTS = (
    (
        "block sequence entries are not allowed",
        "list-on-key-line",
        "a list cannot begin on the line of its key",
        "begin it on the next line, or write `[a, b]`",
    ),
    (
        "sequence entries are not allowed",
        "list-on-key-line",
        "a list cannot begin on the line of its key",
        "begin it on the next line, or write `[a, b]`",
    ),
    (
        "while scanning a quoted scalar",
        "unclosed-quote",
        "a quoted text that begins here is not read to its end",
        "close the quote; write `\\\\` for a backslash between double quotes",
    ),
    (
        "while scanning a double-quoted scalar",
        "bad-escape",
        "a backslash between double quotes begins an escape that does not exist",
        "write `\\\\`, or use single quotes",
    ),
    (
        "could not find expected ':'",
        "missing-colon",
        "this line is no `key: value`",
        "put a colon and a blank after the key, or indent the text below its key",
    ),
    (
        "while parsing a flow mapping",
        "unclosed-bracket",
        "a `{` that begins here is not closed, or a comma is missing in it",
        "quote texts that hold `,`, `:`, `{` or `}`",
    ),
    (
        "while parsing a flow sequence",
        "unclosed-bracket",
        "a `[` that begins here is not closed, or a comma is missing in it",
        "quote texts that hold `,`, `:`, `[` or `]`",
    ),
    (
        "cannot start any token",
        "needs-quotes",
        "a text may not begin with `{char}`",
        "put the text in quotes",
    ),
    (
        "while scanning a directive",
        "needs-quotes",
        "a text may not begin with `%`",
        "put the text in quotes",
    ),
    (
        "while scanning an a",  # an alias, an anchor
        "needs-quotes",
        "a text may not begin with `{char}`",
        "put the text in quotes",
    ),
    (
        "while scanning a tag",
        "needs-quotes",
        "a text may not begin with `{char}`",
        "put the text in quotes",
    ),
    (
        "while scanning a block scalar",
        "bad-block",
        "the text after `|` or `>` begins on the next line, indented",
        "put it there, or quote it",
    ),
    (
        "while parsing a block",
        "indentation",
        "this line does not line up with those above it",
        "check its indentation, and whether a dash is missing",
    ),
    (
        "expected '<document start>'",
        "indentation",
        "this line does not line up with those above it",
        "check its indentation, and whether a bracket is closed too early",
    ),
)
# Faults that are best shown where the unfinished thing begins.
_AT_BEGINNING = {"unclosed-quote", "unclosed-bracket", "needs-quotes"}


def syntax_problem(fault: yaml.MarkedYAMLError, text: str, file: str) -> Problem:
    """One problem for a parser's fault, at the place where the author should look."""
    mark = fault.problem_mark or fault.context_mark
    said = f"{fault.context or ''} {fault.problem or ''}"
    if "mapping values are not allowed" in said and mark is not None:
        return _stray_colon(mark, text, file)
    if (opened := _quote_over_lines(mark, text)) is not None:
        where = _location(opened, file)
        message = f"the quote that begins here is closed only on line {_location(mark, file).line}"
        return Problem(where, "unclosed-quote", message, "close it where the text ends")
    for piece, id_, message, mend in _FAULTS:
        if piece in said:
            begins = fault.context_mark if id_ in _AT_BEGINNING else None
            at = begins or mark
            return Problem(
                _location(at, file), id_, message.replace("{char}", _char(at, text)), mend
            )
    return Problem(_location(mark, file), "not-yaml", f"this cannot be read: {said.strip()}")


def _stray_colon(mark: yaml.Mark, text: str, file: str) -> Problem:
    """A colon in prose, or a mapping below a key that already has a text."""
    before = re.split("\r\n|\r|\n", text)[mark.line][: mark.column]
    prose = re.match(r"[\s-]*(?:[^\s:]+|\"[^\"]*\"|'[^']*'):\s+(?=\S)", before)
    if prose:
        return Problem(
            Location(file, mark.line + 1, prose.end() + 1),
            "colon-in-text",
            "quote this sentence: a colon and a blank end a plain text",
            'write `"..."` around the whole text',
        )
    indent = len(before) - len(before.lstrip())
    return Problem(
        Location(file, mark.line + 1, indent + 1),
        "indentation",
        f"`{before.strip()}` is indented below a line that already holds a text",
        "indent it like the line above, or move that text",
    )


def _quote_over_lines(mark: yaml.Mark | None, text: str) -> yaml.Mark | None:
    """Where a quoted text begins that ends just before the fault, some lines further down."""
    last = None
    if mark is None:
        return None
    with contextlib.suppress(yaml.YAMLError):
        for token in yaml.scan(text, Loader=yaml.SafeLoader):
            if isinstance(token, yaml.ScalarToken) and token.end_mark.index <= mark.index:
                last = token
    if last is None or last.style not in ("'", '"'):
        return None
    begins, ends = last.start_mark, last.end_mark
    adjacent = ends.line == mark.line and begins.line < ends.line
    return begins if adjacent and not text[ends.index : mark.index].strip() else None


def _char(mark: yaml.Mark | None, text: str) -> str:
    return text[mark.index : mark.index + 1] if mark else ""


def _location(mark: yaml.Mark | None, file: str) -> Location:
    return Location(file, mark.line + 1, mark.column + 1) if mark else Location(file, 1, 1)
