"""The documents of a policies folder, found by what they are."""

from __future__ import annotations

import posixpath
from collections.abc import Callable, Hashable, Iterable
from datetime import date
from functools import cached_property
from typing import Any, TypeVar

from engine.compiler.here import Here
from engine.compiler.vocabulary import asked, declared
from engine.documents.load import Document
from engine.documents.suggest import did_you_mean
from engine.model.book import Cite
from engine.model.problem import Location, Problem

CODING = "coding"
T = TypeVar("T")


class Library:
    """An index of documents; makes no rule book itself."""

    def __init__(self, documents: Iterable[Document], problems: list[Problem]) -> None:
        # Whatever order they come in, a book made of them is the same, byte for byte.
        self.documents = tuple(sorted(documents, key=lambda d: (d.folder, d.name)))
        self.problems = problems
        self.policies = {d.folder: d for d in self._of("policy")}
        self.payers = {d.folder: d for d in self._of("payer")}
        self.sources = {posixpath.normpath(f"{d.folder}/{d.name}"): d for d in self._of("sources")}
        self.cases = self._of("cases")
        self.facts = declared(self._of("vocabulary"), problems)
        self.asked = asked(self.policies)
        self._made: dict[Hashable, Any] = {}
        self._circular = self._find_circles()
        self._check_names()

    def once(self, key: Hashable, make: Callable[[], T]) -> T:
        """What was made of these documents under this key, made when first asked for."""
        if key not in self._made:
            self._made[key] = make()
        found: T = self._made[key]
        return found

    @cached_property
    def rules(self) -> frozenset[str]:
        """The ids of all rules."""
        return frozenset(
            f"{folder}#{rule.get('rule')}"
            for folder, document in self.policies.items()
            for rule in document.data.get("rules") or ()
            if isinstance(rule, dict)
        )

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder below which there are policies, code sets or tables, itself included."""
        shared = (d.folder for d in (*self._of("codes"), *self._of("table")))
        parts = [folder.split("/") for folder in (*self.policies, *shared)]
        return frozenset("/".join(p[:n]) for p in parts for n in range(1, len(p) + 1))

    def _of(self, kind: str) -> list[Document]:
        return [d for d in self.documents if d.kind == kind and isinstance(d.data, dict)]

    def shared_by(self, folder: str) -> list[Document]:
        """Codes and tables of the coding layer, then those of the folder and all above it."""
        above = set(_above(folder))
        shared = [*self._of("codes"), *self._of("table")]
        return [d for d in shared if d.folder in above or _within(d.folder, CODING)]

    def base(self, document: Document) -> Document | None:
        """The policy that a policy extends; None if it names none that there is, or itself."""
        if document.folder in self._circular:
            return None
        return self.policies.get(str(document.data.get("extends")))

    def bases(self, document: Document) -> list[Document]:
        """All policies on which a policy leans, the nearest first."""
        found: list[Document] = []
        base = self.base(document)
        while base is not None:
            found.append(base)
            base = self.base(base)
        return found

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
            here.unknown("source", source, known, self._looked_in(here))
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
            Here(document, (), document.data, here.problems, here.sight).problem(
                "no-sources",
                "this document cites a source and names no sources file",
                "add `sources: sources.yaml` at its head",
            )
            return None
        found: dict[str, dict[str, Any]] = {}
        for place in (
            Here(document, (), document.data, here.problems, here.sight).at("sources").each()
        ):
            file = self.sources.get(posixpath.normpath(f"{document.folder}/{place.data}"))
            if file is None:
                self._no_such_file(place)
                return None
            found.update(file.data.get("sources") or {})
            readings = file.data.get("interpretations") or {}
            found["interpretation"] = {**found.get("interpretation", {}), **readings}
        return found

    def _looked_in(self, here: Here) -> str:
        """The files in which a document's sources stand, for the author."""
        named = here.document.data.get("sources")
        files = [named] if isinstance(named, str) else named
        return f"(looked in {' and '.join(f'`{file}`' for file in files)}, which `sources` names)"

    def _no_such_file(self, here: Here) -> None:
        start = here.document.folder or "."
        known = {posixpath.relpath(path, start) for path in self.sources}
        here.problem(
            "no-such-file",
            f"the sources file `{here.data}` does not exist",
            did_you_mean(str(here.data), known),
        )

    def _find_circles(self) -> frozenset[str]:
        """Policies that lean on themselves, each circle reported once."""
        found: set[str] = set()
        for folder in sorted(self.policies):
            path = [folder]
            while (base := str(self.policies[path[-1]].data.get("extends"))) in self.policies:
                if base in path:
                    break
                path.append(base)
            else:
                continue
            if base == folder and folder not in found:
                found |= set(path)
                self._report(
                    self.policies[folder],
                    ("extends",),
                    "extends-itself",
                    f"this policy extends itself: {' -> '.join([*path, folder])}",
                    "a base stands on its own; name another one",
                )
        return frozenset(found)

    def _report(
        self, document: Document, path: tuple[str, ...], id: str, message: str, help: str
    ) -> None:
        line, column = document.marks.value(path)
        where = Location(document.file, line, column)
        self.problems.append(Problem(where, id, message, help))

    def _check_names(self) -> None:
        for key, documents in (("policy", self.policies), ("payer", self.payers)):
            for folder, document in documents.items():
                name = document.data.get(key)
                last = folder.rsplit("/", 1)[-1]
                if isinstance(name, str) and name != last and (key,) not in document.problems_at:
                    self._report(
                        document,
                        (key,),
                        "name-is-not-folder",
                        f"the {key} is called `{name}`, its folder `{last}`",
                        "give both the same name",
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
