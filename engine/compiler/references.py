"""What documents say of one another, checked without a rule book: sources, layers, facts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from engine.compiler.changes import base_of, rule_digest
from engine.compiler.definitions import check_entries
from engine.compiler.here import Here
from engine.compiler.library import CODING, Library
from engine.compiler.placing import RANKS
from engine.compiler.sight import Sight, sight_of
from engine.documents.document import Document
from engine.model.problem import Problem

NO_POLICY = "no-policy"


@dataclass(frozen=True)
class References:
    """Checks one document after another; problems go to the list that it is given."""

    library: Library
    problems: list[Problem]

    def check(self, document: Document) -> None:
        """Everything that a document says of others."""
        root = self._root(document)
        if document.kind in ("policy", "payer", "codes", "table"):
            for place in _cites(root):
                self.library.cite(place)
        if document.kind == "policy":
            self._policy(root)
        elif document.kind == "payer":
            self._payer(root)
        elif document.kind == "cases":
            self._cases(root)

    def check_bases(self, document: Document) -> None:
        """Changes whose base text moved since they were confirmed, or that never were."""
        root = self._root(document)
        for key in ("changes", "drops"):
            place = root.get(key)
            for part in place.each() if place else ():
                name = part.text("rule") or ""
                base, said = base_of(self.library, document, name), part.get("base")
                if base is None or part.data.get("ends") is True:
                    continue
                if said is None:
                    part.warn(
                        "not-confirmed",
                        f"nobody has confirmed this {key[:-1]} against the base rule `{name}`",
                        "read the base rule, then run `cleanclaim policy confirm`",
                    )
                elif str(said.data) != rule_digest(base, name):
                    said.warn(
                        "base-moved",
                        f"the base rule `{name}` is not the text that this {key[:-1]} was "
                        "confirmed on",
                        "read the base rule, then run `cleanclaim policy confirm`",
                    )

    def _root(self, document: Document) -> Here:
        sight = Sight(document.folder, self.library.facts)
        return Here(document, (), document.data, self.problems, sight)

    def _policy(self, root: Here) -> None:
        self._scope(root)
        self._overrides(root)
        place = root.get("rules")
        for rule in place.each() if place else ():
            examples = rule.get("examples")
            for example in examples.each() if examples else ():
                self._facts(_records(example))

    def _scope(self, root: Here) -> None:
        folder = root.document.folder
        scope = root.get("scope")
        if folder == CODING or folder.startswith(f"{CODING}/"):
            if scope is not None:
                scope.problem(
                    "scope-of-coding",
                    "a coding policy has no `scope`: what a code means holds for every payer",
                    "take it out, or move the policy to the payer's folder",
                    key=True,
                )
        elif scope is None and root.get("extends") is None:
            root.at("policy").problem(
                "no-scope",
                "nothing says of which lines this coverage policy speaks",
                "add `scope:` at its head, like `scope: {procedure: epidurals}`",
                key=True,
            )

    def _overrides(self, root: Here) -> None:
        """A reason without anything to override is a misspelt name of the base's."""
        base = sight_of(self.library, root.document, []).base
        for kind in ("parameters", "sets", "decisions"):
            names = base.named(kind) if base is not None else {}
            place = root.get(kind)
            for name, part in place.items() if place else ():
                if part.text("why") is not None and name not in names:
                    part.unknown(f"{kind[:-1]} of the base", name, names, key=True)

    def _payer(self, root: Here) -> None:
        layers = root.get("layers")
        if layers is not None:
            check_entries(layers, lambda _: "layers", "list of layers")
        for layer in layers.each() if layers else ():
            for rank in RANKS:
                folders = layer.get(rank)
                for folder in folders.each() if folders else ():
                    self._folder(folder)
        self._states(root)

    def _folder(self, here: Here) -> None:
        """A folder of a layer holds policies; one for a contractor or a plan may be lacking."""
        name, known = str(here.data), self.library.folders
        if "{" not in name and name not in known:
            here.unknown("folder", name, known)

    def _states(self, root: Here) -> None:
        seen: dict[tuple[str | None, ...], str] = {}
        contractors = root.get("contractors")
        for name, contractor in contractors.items() if contractors else ():
            states = contractor.get("states")
            for part in states.each() if states else ():
                begin = part.text("from")
                mark = (part.text("state"), begin, part.text("published") or begin)
                other = seen.setdefault(mark, name)
                if other != name or seen.get((*mark, "again")):
                    part.problem(
                        "same-dates",
                        f"`{mark[0]}` belongs to `{other}` from the same day on",
                        "a state has one contractor: give the later entry its own `from`",
                    )

    def _cases(self, root: Here) -> None:
        place = root.get("cases")
        for case in place.each() if place else ():
            claim, history, expect = (case.get(k) for k in ("claim", "history", "expect"))
            if claim is not None:
                self._addressed(claim)
                self._facts(_records(claim))
            if history is not None:
                self._facts(_records(history))
            for entry in _expected(expect) if expect else ():
                known = {*self.library.rules, NO_POLICY}
                if entry.text("rule") not in known:
                    entry.at("rule").unknown("rule", str(entry.data.get("rule")), known)

    def _addressed(self, claim: Here) -> None:
        payer = claim.get("payer")
        folder = payer.text("id") if payer else None
        document = self.library.payers.get(folder or "")
        if payer is None or document is None:
            return
        known = document.data.get("contractors") or {}
        ids = {str(id) for c in known.values() for id in c.get("ids") or ()}
        name = payer.text("contractor")
        if name is not None and name not in {*known, *ids}:
            payer.at("contractor").unknown("contractor", name, known)

    def _facts(self, records: Iterable[Here]) -> None:
        facts = self.library.facts
        for record in records:
            for name in record.data:
                if name not in facts:
                    Here(
                        record.document,
                        (*record.path, name),
                        None,
                        self.problems,
                        record.sight,
                    ).unknown("fact", name, facts, key=True)


def _cites(here: Here) -> Iterator[Here]:
    """Every citation of a document, its examples left out."""
    if isinstance(here.data, dict):
        for key in here.data:
            if key in ("cites", "adopted_by"):
                yield from here.at(key).each()
            elif key != "examples":
                yield from _cites(here.at(key))
    elif isinstance(here.data, list):
        for part in here.each():
            yield from _cites(part)


def _records(here: Here) -> Iterator[Here]:
    """Every mapping of facts below; that of a claim has one for itself and one for each line."""
    if isinstance(here.data, list):
        for part in here.each():
            yield from _records(part)
    for key in here.data if isinstance(here.data, dict) else ():
        part = here.at(key)
        if key != "documentation":
            yield from _records(part)
        elif isinstance(part.data, dict):
            yield from _split(part)


def _split(record: Here) -> Iterator[Here]:
    data: dict[str, Any] = record.data
    if not data.keys() <= {"claim", "lines"}:
        yield record
        return
    claim, lines = record.get("claim"), record.get("lines")
    if claim is not None and isinstance(claim.data, dict):
        yield claim
    for _, line in lines.items() if lines is not None and isinstance(lines.data, dict) else ():
        if isinstance(line.data, dict):
            yield line


def _expected(expect: Here) -> Iterator[Here]:
    for key in ("findings", "undecided", "outcomes"):
        place = expect.get(key)
        yield from place.each() if place else ()
