"""Puts the catalogue together: its pages, its style, and the index that its search reads."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

from engine.analysis.catalogue import policies, reference
from engine.analysis.catalogue.clauses import filled
from engine.analysis.catalogue.page import Page, asset, policy_path
from engine.analysis.catalogue.shelves import Shelves
from engine.analysis.html.sheet import shared
from engine.compiler.library import Library

Entry = tuple[str, str, str, str, str]
"""What it is, its name, what it says, its address below the site, and where it belongs."""


def site(library: Library, title: str = "Coverage policies") -> Mapping[str, str]:
    """Every file of the catalogue by its path; the same documents give the same bytes."""
    shelves = Shelves(library)
    pages: list[Page] = [
        policies.home(shelves, title),
        *policies.pages(shelves),
        reference.codes(shelves),
        reference.facts(shelves),
        reference.sources(shelves),
    ]
    files = {page.path: page.written(title) for page in pages}
    index = json.dumps(list(_entries(shelves)), ensure_ascii=False, separators=(",", ":"))
    files["search-index.js"] = f"window.CATALOGUE = {index};\n"
    files["search.js"] = asset("search.js")
    files["style.css"] = shared("base.css") + asset("style.css")
    return files


def write(files: Mapping[str, str], folder: Path) -> None:
    """Write the files below a folder; others that lie there are left alone. Raises OSError."""
    for path, text in files.items():
        target = folder / path
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_text(text, encoding="utf-8")


def _entries(shelves: Shelves) -> Iterator[Entry]:
    for id, document in sorted(shelves.library.policies.items()):
        title = str(document.data.get("title", id))
        yield "policy", title, id, policy_path(id), ""
        for name, entries in shelves.rules(id).items():
            rule = entries[-1]
            codes = " ".join(shelves.codes(id, rule) or ())
            says = str(filled(rule.says, rule, shelves.book(id)))
            yield "rule", name, f"{says} {codes}".strip(), f"{policy_path(id)}#{name}", title
    for folder, name, data in shelves.sets():
        members = (m if isinstance(m, str) else m.get("code") for m in data.get("members") or ())
        text = f"{data.get('says', '')} {' '.join(map(str, members))}"
        yield "codes", name, text, f"codes.html#{folder}-{name}", folder
    for name, fact in sorted(shelves.library.facts.items()):
        yield "fact", name, f"{fact.says} {fact.question}", f"facts.html#{name}", ""
    for document in shelves.of_kind("sources"):
        for id, data in (document.data.get("sources") or {}).items():
            yield "source", id, str(data.get("title", "")), f"sources.html#{id}", document.folder
