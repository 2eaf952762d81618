"""The frame of every page, and the paths and links between them."""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from importlib.resources import files
from string import Template

from engine.analysis.markup import Content, Markup, join, tag

TOP = (
    ("index.html", "Policies"),
    ("codes.html", "Codes"),
    ("facts.html", "Facts"),
    ("sources.html", "Sources"),
)


@dataclass(frozen=True)
class Page:
    """A page by its path below the site; `link` makes relative links from it."""

    path: str
    title: str
    body: Markup
    about: str = ""

    def written(self, site: str) -> str:
        """The whole text of the file."""
        here = posixpath.dirname(self.path)
        root = posixpath.relpath(".", here or ".")
        nav = [
            tag(
                "a",
                label,
                href=f"{root}/{path}",
                aria_current="page" if path == self.path else None,
            )
            for path, label in TOP
        ]
        return Template(asset("page.html")).substitute(
            title=join(f"{self.title} · {site}"),
            site=join(site),
            root=root,
            nav=join(nav),
            body=self.body,
            about=tag("meta", name="description", content=self.about) if self.about else "",
        )


def asset(name: str) -> str:
    """The text of a file that lies beside this module."""
    folder = files("engine.analysis.catalogue") / "assets"
    return (folder / name).read_text(encoding="utf-8")


def policy_path(policy: str) -> str:
    """Where the page of a policy lies."""
    return f"policies/{policy}.html"


def link(
    here: str, path: str, *text: Content, anchor: str = "", class_: str | None = None
) -> Markup:
    """A relative link from the page at `here`."""
    start = posixpath.dirname(here) or "."
    href = posixpath.relpath(path, start) + (f"#{anchor}" if anchor else "")
    return tag("a", *text, href=href, class_=class_)


def rule_link(here: str, id: str) -> Markup:
    """A link to a rule by its full id."""
    policy, _, name = id.partition("#")
    return link(here, policy_path(policy), id, anchor=name)
