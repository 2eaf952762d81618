"""Opens an input, looks at how it begins and tells which kind of content it holds."""

from __future__ import annotations

import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO, Literal, TypeAlias

from engine.model.problem import Location, Problem

Kind: TypeAlias = Literal["json", "json-lines", "yaml", "x12"]

HEAD = 1 << 16
_BOM = b"\xef\xbb\xbf"
_INTERCHANGE = re.compile(rb"(?:^|[\s~])ISA[^A-Za-z0-9\s]")
_ORPHAN_SEGMENT = re.compile(rb"(?:GS|ST|BHT|HL|CLM|NM1)[*|^~]")
_YAML_START = re.compile(rb"(?:---|-[ \t]|[A-Za-z_][A-Za-z0-9_]*:(?:[ \t\r]|$)|#|\"[^\"\n]*\":)")
_FOREIGN = (
    (b"PAR1", "a Parquet file", "convert the rows to JSON lines"),
    (b"PK\x03\x04", "a ZIP archive", "unpack it first"),
    (b"\x1f\x8b", "a gzip archive", "unpack it first"),
    (b"%PDF", "a PDF document", None),
    (b"SQLite format 3", "a SQLite database", None),
    (b"\xff\xfe", "text in UTF-16", "save it as UTF-8"),
    (b"\xfe\xff", "text in UTF-16", "save it as UTF-8"),
    (b"UNA", "an EDIFACT interchange", "only X12 837 is read"),
    (b"UNB+", "an EDIFACT interchange", "only X12 837 is read"),
    (b"MSH|", "an HL7 version 2 message", "send the claim as an 837 or as JSON"),
    (b"<", "XML or HTML", "send the claim as JSON, YAML or an 837"),
)


class Source:
    """An input with its name, from which the first bytes can be seen without using them up."""

    def __init__(self, path: str | Path, stream: BinaryIO | None = None) -> None:
        self.standard = stream is None and str(path) == "-"
        self.file = "standard input" if str(path) == "-" else str(path)
        self._given = stream is not None or self.standard
        if self.standard:
            import sys

            stream = sys.stdin.buffer
        self._stream: BinaryIO = stream if stream is not None else Path(path).open("rb")  # noqa: SIM115 - close() does it
        self._head = self._read(HEAD)
        if self._head.startswith(_BOM):
            self._head = self._head[len(_BOM) :]
        self.head = self._head

    def close(self) -> None:
        """Close what was opened here; a stream that was given stays open."""
        if not self._given:
            self._stream.close()

    def chunks(self, size: int = 1 << 17) -> Iterator[bytes]:
        """The content in pieces, first the part already seen."""
        if self._head:
            yield self._head
        while chunk := self._stream.read(size):
            yield chunk

    def lines(self) -> Iterator[bytes]:
        """The content by lines, without their ends."""
        rest = b""
        for chunk in self.chunks():
            if b"\n" not in chunk:
                rest += chunk
                continue
            pieces = (rest + chunk).split(b"\n")
            rest = pieces.pop()
            yield from pieces
        if rest:
            yield rest

    def text(self) -> str | Problem:
        """The whole content as text; a problem if it is not UTF-8."""
        return decoded(b"".join(self.chunks()), self.file)

    def problem(self, fault: str, message: str, hint: str | None = None) -> Problem:
        """A problem of the file as a whole."""
        return Problem(Location(self.file), fault, message, hint)

    def _read(self, size: int) -> bytes:
        head = io.BytesIO()
        while head.tell() < size and (chunk := self._stream.read(size - head.tell())):
            head.write(chunk)
        return head.getvalue()


def opened(path: str | Path, stream: BinaryIO | None = None) -> Source | Problem:
    """The input at `path`, in `stream`, or on standard input for ``-``."""
    try:
        return Source(path, stream)
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        message = f"the file cannot be read: {reason[:1].lower()}{reason[1:]}"
        return Problem(Location(str(path)), "unreadable-file", message)


def decoded(data: bytes, file: str, line: int = 1) -> str | Problem:
    """UTF-8 bytes as text."""
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        line += data.count(b"\n", 0, error.start)
        column = error.start - (data.rfind(b"\n", 0, error.start) + 1) + 1
        message = "a byte here is not UTF-8 text"
        return Problem(Location(file, line, column), "not-utf8", message, "save it as UTF-8")


def kind_of(source: Source) -> Kind | Problem:
    """Which kind of content the source holds, told by how it begins."""
    head = source.head
    start = head.lstrip(b" \t\r\n")
    if not start:
        return source.problem("empty-file", "the file is empty")
    if start[:1] == b"<" and b"http://hl7.org/fhir" in head:
        what = "a FHIR resource in XML, which is not read"
        return source.problem("unread-format", f"this is {what}", "send it as FHIR JSON")
    for mark, what, hint in _FOREIGN:
        if start.startswith(mark) or head.startswith(mark):
            return source.problem("unread-format", f"this is {what}, which is not read", hint)
    if start[:1] == b"{":
        return _object_or_lines(start, source.file)
    if start[:1] == b"[":
        return "json"
    if start.startswith(b"ISA") and not start[3:4].isalnum():
        return "x12"
    return _other_text(start, source)


def _other_text(start: bytes, source: Source) -> Kind | Problem:
    if _INTERCHANGE.search(start):
        return "x12"
    if _ORPHAN_SEGMENT.match(start):
        return source.problem(
            "x12-no-interchange",
            "this looks like X12 without its ISA segment, which names the delimiters",
            "send the whole interchange, from ISA to IEA",
        )
    if b"\0" in start:
        return source.problem("unread-format", "this is not text, and no format known here")
    first = start.split(b"\n", 1)[0]
    if _YAML_START.match(first):
        return "yaml"
    if first.count(b",") > 2 or first.count(b"\t") > 2:
        hint = "`cleanclaim batch` reads tables; here, send the claims as JSON lines"
        return source.problem("unread-format", "this looks like a table, which is not read", hint)
    return source.problem(
        "unknown-format",
        "this is no kind of claim file known here",
        "claims are read from JSON, JSON lines, YAML, FHIR R4 in JSON and X12 837",
    )


def _object_or_lines(start: bytes, file: str) -> Kind:
    """JSON lines or one JSON object: lines hold a whole object each."""
    first, _, rest = start.partition(b"\n")
    first = first.rstrip()
    second = rest.lstrip()[:1]
    if second != b"{":
        return "json-lines" if _is_lines_name(file) else "json"
    return "json" if first[-1:] in b"{[,:" else "json-lines"


def _is_lines_name(file: str) -> bool:
    return file.endswith((".jsonl", ".ndjson"))
