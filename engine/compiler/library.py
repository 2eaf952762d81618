"""The documents of a policies folder, found by what they are."""

from __future__ import annotations

import posixpath
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from engine.compiler.here import Here
from engine.documents.load import Document
from engine.model.book import Cite
from engine.model.problem import Location, Problem
from engine.model.vocabulary import Fact

CODING = "coding"


class Library:
    """An index of documents; makes no rule book itself."""

    def __init__(self, documents: Iterable[Document], problems: list[Problem]) -> None:
        self.documents = tuple(documents)
        self.problems = problems
        self.policies = {d.folder: d for d in self._of("policy")}
        self.payers = {d.folder: d for d in self._of("payer")}
        self.sources = {posixpath.normpath(f"{d.folder}/{d.name}"): d for d in self._of("sources")}
        self.cases = self._of("cases")
        self.facts = self._vocabulary()
        self.asked = self._asked()
        self._check_names()

    def _of(self, kind: str) -> list[Document]:
        return [d for d in self.documents if d.kind == kind and isinstance(d.data, dict)]

    def shared_by(self, folder: str) -> list[Document]:
        """Codes and tables of the coding layer, then those of the folder and all above it."""
        above = set(_above(folder))
        shared = [*self._of("codes"), *self._of("table")]
        return [d for d in shared if d.folder in above or _within(d.folder, CODING)]

    def payer_above(self, folder: str) -> Document | None:
        """The payer to whose folder a policy belongs; None in the coding layer."""
        return self.payers.get(folder.split("/", 1)[0])

    def cite(self, here: Here) -> Cite | None:
        """The sentence that ``source/sentence`` names; a wrong name is a problem at `here`."""
        text = str(here.data)
        source, _, locator = text.partition("/")
        known = self._sources_of(here)
        if known is None:
            return None
        entry = known.get(source)
        if entry is None:
            here.unknown("source", source, known)
            return None
        sentences: dict[str, Any] = (
            entry if source == "interpretation" else entry.get("sentences") or {}
        )
        sentence = sentences.get(locator)
        if sentence is None:
            here.unknown("sentence", locator, sentences)
            return None
        if source == "interpretation":
            return Cite(source, locator, "interpretation", sentence.get("says", ""))
        grade = sentence.get("evidence") or entry.get("evidence", "unverified")
        return Cite(source, locator, grade, sentence.get("says", ""))

    def _sources_of(self, here: Here) -> dict[str, dict[str, Any]] | None:
        document = here.document
        names = document.data.get("sources") if isinstance(document.data, dict) else None
        if not names:
            here.problem(
                "no-sources",
                "this document cites a source and names no sources file",
                "add `sources: sources.yaml` at its head",
            )
            return None
        found: dict[str, dict[str, Any]] = {}
        for name in [names] if isinstance(names, str) else names:
            file = self.sources.get(posixpath.normpath(f"{document.folder}/{name}"))
            if file is None:
                here.problem("no-such-file", f"the sources file `{name}` does not exist")
                return None
            found.update(file.data.get("sources") or {})
            readings = file.data.get("interpretations") or {}
            found["interpretation"] = {**found.get("interpretation", {}), **readings}
        return found

    def _vocabulary(self) -> dict[str, Fact]:
        facts: dict[str, Fact] = {}
        for document in self._of("vocabulary"):
            for name, data in (document.data.get("facts") or {}).items():
                if name in facts:
                    line, column = document.marks.key(("facts", name))
                    self.problems.append(
                        Problem(
                            Location(document.file, line, column),
                            "fact-declared-twice",
                            f"the fact `{name}` is declared in another vocabulary already",
                        )
                    )
                elif isinstance(data, dict):
                    facts[name] = _fact(name, data)
        return facts

    def _asked(self) -> dict[str, set[str]]:
        """Each fact with the rules and decision tables that ask for it."""
        asked: dict[str, set[str]] = {}
        for id, document in self.policies.items():
            for rule in document.data.get("rules") or ():
                if isinstance(rule, dict):
                    parts = [rule.get(key) for key in ("when", "requires", "unless")]
                    for fact in _documented(parts):
                        asked.setdefault(fact, set()).add(f"{id}#{rule.get('rule')}")
            for name, decision in (document.data.get("decisions") or {}).items():
                for row in decision.get("rows") or () if isinstance(decision, dict) else ():
                    for fact in row if isinstance(row, dict) else ():
                        asked.setdefault(str(fact), set()).add(f"{id}:{name}")
        return asked

    def _check_names(self) -> None:
        for key, documents in (("policy", self.policies), ("payer", self.payers)):
            for folder, document in documents.items():
                name = document.data.get(key)
                last = folder.rsplit("/", 1)[-1]
                if isinstance(name, str) and name != last and (key,) not in document.problems_at:
                    line, column = document.marks.value((key,))
                    self.problems.append(
                        Problem(
                            Location(document.file, line, column),
                            "name-is-not-folder",
                            f"the {key} is called `{name}`, its folder `{last}`",
                            "give both the same name",
                        )
                    )


def day(value: object) -> date | None:
    """A date as documents write it, or None."""
    try:
        return date.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        return None


def _above(folder: str) -> list[str]:
    parts = folder.split("/")
    return ["/".join(parts[:n]) for n in range(len(parts) + 1)] + ["."]


def _within(folder: str, root: str) -> bool:
    return folder == root or folder.startswith(root + "/")


def _fact(name: str, data: dict[str, Any]) -> Fact:
    return Fact(
        name=name,
        says=str(data.get("says", "")),
        type=data.get("type", "text"),
        unit=data.get("unit"),
        list=bool(data.get("list", False)),
        values=tuple(data.get("values") or ()),
        about=data.get("about", "claim"),
        stated=data.get("stated", "at_service"),
        question=str(data.get("question", "")),
        changed_by=data.get("changed_by"),
        rare=bool(data.get("rare", False)),
    )


def _documented(data: Any) -> Iterator[str]:
    if isinstance(data, list):
        for item in data:
            yield from _documented(item)
    elif isinstance(data, dict):
        for key, value in data.items():
            if key == "documented" and isinstance(value, dict):
                yield from [str(value.get("fact"))] if "fact" in value else value.get("facts", ())
            else:
                yield from _documented(value)
