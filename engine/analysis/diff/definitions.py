"""Definitions that differ: policies that come or go, parameters, code sets, tables and the rest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.analysis.diff.change import Change, Clause, Kind
from engine.analysis.diff.side import Side
from engine.documents.document import Document
from engine.model.problem import Location

_PARTS = {
    "policy": ("windows", "decisions", "derives", "scope", "history", "from", "extends", "as_of"),
    "payer": ("layers", "contractors", "windows", "outside_scope", "names", "ids"),
    "sources": ("sources", "interpretations"),
    "vocabulary": ("facts",),
}
_COMMON = ("says", "of", "unit", "cites", "why", "corrects")


def definition_changes(base: Side, head: Side) -> Iterator[Change]:
    """Everything but rules that a document of one side says otherwise than that of the other."""
    before = {(d.folder, d.name): d for d in base.library.documents}
    after = {(d.folder, d.name): d for d in head.library.documents}
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old is not None and new is not None and base.marks[key] == head.marks[key]:
            continue
        yield from _document(old, new)


def _document(old: Document | None, new: Document | None) -> Iterator[Change]:
    document = new or old
    assert document is not None
    if document.kind == "cases":
        return
    if document.kind in ("policy", "payer") and (old is None or new is None):
        title = str(_data(document).get("title", document.folder))
        kind: Kind = "new" if new else "ended"
        yield _change(document, "policy", document.folder, kind, title, ())
        return
    if document.kind == "table":
        yield from _table(old, new)
    yield from _named(document, old, new, "parameters", "parameter")
    yield from _named(document, old, new, "sets", "set")
    if old is not None and new is not None:
        for part in _PARTS.get(document.kind, ()):
            yield from _part(old, new, part)


def _data(document: Document | None) -> Mapping[str, Any]:
    return document.data if document is not None and isinstance(document.data, dict) else {}


def _named(
    document: Document, old: Document | None, new: Document | None, key: str, what: str
) -> Iterator[Change]:
    before, after = _data(old).get(key) or {}, _data(new).get(key) or {}
    for name in dict.fromkeys([*before, *after]):
        a, b = before.get(name), after.get(name)
        if a == b:
            continue
        kind: Kind = "new" if a is None else "ended" if b is None else "changed"
        says = _says(a, b)
        place = document.marks.at_key((key, name))
        found = tuple(_values(a, b) if what == "parameter" else _members(a, b))
        codes = tuple(sorted({c.part.split()[-1] for c in found if c.part.startswith("code ")}))
        yield _change(document, what, name, kind, says, found, codes, place)


def _says(a: Any, b: Any) -> str:
    data = a if b is None else b
    return str(data.get("says", "")) if isinstance(data, dict) else ""


def _values(a: Any, b: Any) -> Iterator[Clause]:
    """Dated values that came, went or read otherwise."""
    before, after = (_entries(x, "values", ("from", "published")) for x in (a, b))
    unit = str((a if b is None else b).get("unit", ""))
    for key in sorted({*before, *after}):
        old, new = (_value(x.get(key), unit) for x in (before, after))
        if old != new:
            known = f", known from {key[1]}" if key[1] else ""
            yield Clause(f"value from {key[0]}{known}", old, new, "changes")


def _value(entry: Any, unit: str) -> str | None:
    if entry is None:
        return None
    said = "none" if entry.get("ends") else f"{entry.get('value')}"
    return said if not unit or unit in said or said == "none" else f"{said} {unit}"


def _members(a: Any, b: Any) -> Iterator[Clause]:
    """Codes that join, leave or get other attributes; what else differs is named."""
    before, after = (_entries(x, "members", ("code", "from", "published")) for x in (a, b))
    for key in sorted({*before, *after}):
        old, new = before.get(key), after.get(key)
        if old == new:
            continue
        since = f" from {key[1]}" if key[1] else ""
        said = [_member(x, since) for x in (old, new)]
        yield Clause(f"code {key[0]}", said[0], said[1], "changes")
    for name in _COMMON if a is not None and b is not None else ():
        old, new = a.get(name), b.get(name)
        if old != new:
            yield Clause(name, _text(old), _text(new), "neutral")


def _member(entry: Any, since: str) -> str | None:
    if entry is None:
        return None
    if entry.get("ends"):
        return f"no member{since}"
    more = [f"{k} {v}" for k, v in entry.items() if k not in ("code", "from", "published")]
    return ", ".join([f"member{since}", *more])


def _entries(data: Any, key: str, by: tuple[str, ...]) -> dict[tuple[str, ...], Any]:
    entries = data.get(key) or () if isinstance(data, dict) else ()
    plain = [{"code": e} if isinstance(e, str) else e for e in entries]
    return {tuple(str(e.get(k) or "") for k in by): e for e in plain if isinstance(e, dict)}


def _table(old: Document | None, new: Document | None) -> Iterator[Change]:
    document = new or old
    assert document is not None
    name = str(_data(document).get("table"))
    before, after = (set(d.table.rows) if d and d.table else set() for d in (old, new))
    gone, come = len(before - after), len(after - before)
    kind: Kind = "new" if old is None else "ended" if new is None else "changed"
    clauses = [Clause("rows that went", str(gone), None, "changes")] if gone else []
    clauses += [Clause("rows that came", None, str(come), "changes")] if come else []
    keys = {str(row[0]) for row in before ^ after if row}
    says = str(_data(document).get("says", ""))
    yield _change(document, "table", name, kind, says, tuple(clauses), tuple(sorted(keys)))


def _part(old: Document, new: Document, part: str) -> Iterator[Change]:
    """A key of a head; of a mapping of names, each name by itself."""
    before, after = _data(old).get(part), _data(new).get(part)
    if before == after:
        return
    if part == "derives":
        before, after = _by_fact(before), _by_fact(after)
    if not isinstance(before or after, dict) or part in ("scope", "history"):
        clause = Clause(part, _text(before), _text(after), "changes")
        yield _change(new, "definition", part, "changed", "", (clause,))
        return
    for name in dict.fromkeys([*(before or {}), *(after or {})]):
        a, b = (before or {}).get(name), (after or {}).get(name)
        if a != b:
            kind: Kind = "new" if a is None else "ended" if b is None else "changed"
            says = _says(a, b)
            yield _change(new, "definition", f"{part}: {name}", kind, says, tuple(_keys(a, b)))


def _by_fact(entries: Any) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for entry in entries or ():
        found.setdefault(f"{entry.get('fact')}", {})[str(entry.get("from") or "always")] = entry
    return found


def _keys(a: Any, b: Any) -> Iterator[Clause]:
    if not isinstance(a, dict) or not isinstance(b, dict):
        return
    for key in dict.fromkeys([*a, *b]):
        if a.get(key) != b.get(key):
            yield Clause(str(key), _text(a.get(key)), _text(b.get(key)), "changes")


def _text(value: Any) -> str | None:
    if value is None:
        return None
    if isinstance(value, dict):
        return ", ".join(f"{k}: {_text(v)}" for k, v in value.items())
    return ", ".join(str(_text(v)) for v in value) if isinstance(value, list) else str(value)


def _change(
    document: Document,
    what: str,
    name: str,
    kind: Kind,
    says: str,
    clauses: tuple[Clause, ...],
    codes: tuple[str, ...] = (),
    place: Location | None = None,
) -> Change:
    return Change(
        topic=document.folder,
        title=str(_data(document).get("title", document.folder)),
        what=what,  # type: ignore[arg-type]  # one of the literals
        name=name,
        kind=kind,
        says=says,
        clauses=clauses,
        codes=codes,
        place=place or Location(document.file, 1, 1),
    )
