"""A rule book and a claim to judge by it, drawn together."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import date
from functools import cache
from typing import Any

from hypothesis import assume
from hypothesis import strategies as st

from engine.chain.bound import BoundBook
from engine.documents.load import Documents, load_tree
from engine.model.claim import Claim, History
from tests.naive.beside import book_of
from tests.properties.books import trees
from tests.properties.claims import claims, histories
from tests.properties.ground import shared_files


@dataclass(frozen=True, repr=False)
class Scene:
    """Documents, the book of one payer made of them, a claim and its history."""

    files: dict[str, bytes]
    documents: Documents
    bound: BoundBook
    claim: Claim
    history: History
    contractor: str | None
    known_on: date | None

    def __repr__(self) -> str:
        """What differs between scenes, short enough to be read."""
        known, _ = _shared()
        own = {path: json.loads(data) for path, data in self.files.items() if path not in known}
        for policy in own.values():
            for common in ("windows", "decisions"):
                policy.pop(common, None)
        said = [f"{path}: {json.dumps(data)}" for path, data in own.items()]
        asked = f"contractor {self.contractor}, known on {self.known_on}"
        return "\n".join([*said, asked, str(self.claim), str(self.history)])

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:
        printer.text(repr(self))

    def with_claim(self, claim: Claim, history: History | None = None) -> Scene:
        """The same book for another claim."""
        return replace(self, claim=claim, history=history or self.history)


@st.composite
def scenes(draw: st.DrawFn) -> Scene:
    """A random book without errors, and a random claim."""
    files = draw(trees())
    documents = loaded(files)
    contractor = draw(st.sampled_from([None, "cgs", "cgs"]))
    known_on = draw(st.sampled_from([None, None, date(2024, 9, 15)]))
    bound, problems = book_of(documents, "medicare", contractor, known_on=known_on)
    assume(not [problem for problem in problems if problem.severity == "error"])
    claim = draw(claims())
    claim = replace(claim, payer=replace(claim.payer, contractor=contractor))
    return Scene(files, documents, bound, claim, draw(histories()), contractor, known_on)


def loaded(files: dict[str, bytes]) -> Documents:
    """All documents; those that every tree shares are read once."""
    known, common = _shared()
    own, problems = load_tree({path: data for path, data in files.items() if path not in known})
    assert not problems
    return Documents((*common, *own))


@cache
def _shared() -> tuple[frozenset[str], Documents]:
    files = shared_files()
    documents, problems = load_tree(files)
    assert not problems
    return frozenset(files), documents
