"""How much rests on what: every rule with its grade, and when its sources were last read."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from engine.compiler.here import Here
from engine.compiler.library import Library, day
from engine.compiler.placing import heads
from engine.compiler.review import due_on
from engine.model.book import GRADES
from engine.model.problem import Problem

MANUAL = "manual_review"


@dataclass(frozen=True)
class Ground:
    """One rule: the weakest grade among its sources, when the oldest was read, and is due."""

    rule: str
    payer: str
    says: str
    finding: str
    grade: str
    cites: tuple[str, ...]
    read: date | None
    due: date | None
    manual: str | None = None
    who: str | None = None


@dataclass
class Grounds:
    """All rules, and the interpretations with the number of places that rest on them."""

    rules: list[Ground] = field(default_factory=list)
    interpretations: list[dict[str, Any]] = field(default_factory=list)

    def by_payer(self) -> dict[str, Counter[str]]:
        """Counts of rules by payer and grade."""
        found: dict[str, Counter[str]] = {}
        for rule in self.rules:
            found.setdefault(rule.payer, Counter())[rule.grade] += 1
        return dict(sorted(found.items()))


def grounds(library: Library, prefix: str = "") -> Grounds:
    """The ground of every rule whose policy's id begins with `prefix`."""
    found = Grounds()
    used: Counter[str] = Counter()
    for id, document in sorted(library.policies.items()):
        if id.startswith(prefix):
            problems: list[Problem] = []
            head = heads(library, document, problems)
            used.update(_readings(document.data))
            for key in ("rules", "changes"):
                places = head.get(key)
                found.rules += [_ground(library, id, h) for h in (places.each() if places else ())]
    for payer in library.payers.values():
        used.update(_readings(payer.data))
    found.interpretations = list(_interpretations(library, used))
    return found


def _ground(library: Library, id: str, here: Here) -> Ground:
    places = here.get("cites")
    named = [str(place.data) for place in (places.each() if places else ())]
    found = [library.cite(place) for place in (places.each() if places else ())]
    grades = [c.evidence for c in found if c is not None and c.evidence in GRADES]
    sources = [_source(library, here, name) for name in named]
    reads = [d for s in sources if (d := day(s.get("read"))) is not None]
    dues = [d for s in sources if (d := due_on(s)) is not None]
    review = _manual(here.data)
    otherwise = here.data.get("otherwise") or {}
    return Ground(
        rule=f"{id}#{here.data.get('rule')}",
        payer=id.split("/")[0],
        says=str(here.data.get("says") or here.data.get("why") or ""),
        finding=str(otherwise.get("finding", "review")),
        grade=max(grades, key=GRADES.index, default="interpretation"),
        cites=tuple(named),
        read=min(reads, default=None),
        due=min(dues, default=None),
        manual=str(review.get("question")) if review else None,
        who=str(review.get("who")) if review else None,
    )


def _source(library: Library, here: Here, cite: str) -> Mapping[str, Any]:
    """The entry of the source that a citation names."""
    import posixpath

    names = here.document.data.get("sources") or ()
    for name in [names] if isinstance(names, str) else names:
        file = library.sources.get(posixpath.normpath(f"{here.document.folder}/{name}"))
        entry = (file.data.get("sources") or {}).get(cite.partition("/")[0]) if file else None
        if isinstance(entry, dict):
            return entry
    return {}


def _manual(data: Any) -> Mapping[str, Any] | None:
    if isinstance(data, Mapping):
        found = data.get(MANUAL)
        if isinstance(found, Mapping):
            return found
        data = list(data.values())
    parts = (_manual(part) for part in data) if isinstance(data, list) else iter(())
    return next((part for part in parts if part is not None), None)


def _readings(data: Any) -> Iterator[str]:
    """Every interpretation that a document cites."""
    if isinstance(data, str):
        if data.startswith("interpretation/"):
            yield data.partition("/")[2]
    elif isinstance(data, Mapping | list):
        for part in data.values() if isinstance(data, Mapping) else data:
            yield from _readings(part)


def _interpretations(library: Library, used: Counter[str]) -> Iterator[dict[str, Any]]:
    for path, file in sorted(library.sources.items()):
        for name, data in (file.data.get("interpretations") or {}).items():
            about = {key: str(data.get(key, "")) for key in ("says", "owner", "date", "reason")}
            yield {"name": name, "file": path, **about, "cited": used[name]}
