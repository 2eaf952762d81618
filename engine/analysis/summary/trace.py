"""From what a report was made: enough to make it again and to find every result behind it."""

from __future__ import annotations

from collections.abc import Iterator

from engine import __version__
from engine.analysis.markup import Content, Markup, listed, tag
from engine.analysis.summary.folder import Folder
from engine.analysis.summary.numbers import Summary
from engine.analysis.summary.words import counted


def made_of(folder: Folder, found: Summary) -> str:
    """The claims in one line: how many, of which days, judged when."""
    if folder.told:
        inputs = counted(len(folder.run.get("inputs") or []), "file")
        read = f"{counted(folder.claims('read'), 'claim')} from {inputs}"
    else:
        read = f"{counted(found.claims.judged, 'claim')} judged so far"
    days = ""
    if found.days:
        begin, end = found.days
        days = f", services of {begin}" if begin == end else f", services from {begin} to {end}"
    ended = str(folder.run.get("ended") or folder.run.get("began") or "")[:10]
    return f"{read}{days}{f', judged on {ended}' if ended else ''}."


def trace_lines(folder: Folder) -> Iterator[tuple[str, str]]:
    """What is named at the foot: a label and its value."""
    run = folder.run
    made = str(run.get("cleanclaim") or "not stated")
    yield "Judged by", f"cleanclaim {made}"
    yield "Report by", f"cleanclaim {__version__}"
    yield "Policies", str(run.get("policies") or "not stated")
    if run.get("began"):
        yield "Run", f"{run['began']} to {run.get('ended') or 'no end'}"
    for digest, book in sorted((run.get("books") or {}).items()):
        yield "Rule book", f"{digest} {_book(book)}".strip()
    for file in run.get("inputs") or []:
        yield "Input", _input(file)
    options = run.get("options") or {}
    given = {n: "as run.json has it" if n == "mapping" else v for n, v in options.items() if v}
    said = ", ".join(f"{name} {value}" for name, value in sorted(given.items()))
    if said:
        yield "Options", said


def _book(book: object) -> str:
    if not isinstance(book, dict):
        return ""
    whose = " / ".join(str(book[k]) for k in ("payer", "contractor", "plan") if book.get(k))
    return f"{whose} ({book['title']})" if book.get("title") else whose


def _input(file: dict[str, object]) -> str:
    parts = [f"{file[name]:,} {name}" for name in ("claims", "lines") if _count(file.get(name))]
    return f"{file.get('file', '')}: {', '.join(parts)}" if parts else str(file.get("file", ""))


def _count(value: object) -> bool:
    return isinstance(value, int)


def trace(folder: Folder) -> Markup:
    """The foot of the page."""
    lines: list[Content] = [
        [tag("strong", label), " ", tag("code", value)] for label, value in trace_lines(folder)
    ]
    return tag(
        "section",
        tag("h2", "Where this comes from"),
        tag(
            "p",
            "Enough to make the report again: `cleanclaim batch` with these inputs and "
            "policies, then `cleanclaim report`.",
            class_="lead",
        ),
        listed(lines, class_="history"),
        id="trace",
    )
