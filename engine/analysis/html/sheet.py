"""One HTML file that needs nothing else: style, charts and script are inside."""

from __future__ import annotations

import base64
import hashlib
from importlib.resources import files
from string import Template

from engine.analysis.markup import Content, join


def shared(name: str) -> str:
    """The text of a file that lies beside this module."""
    folder = files("engine.analysis.html") / "assets"
    return (folder / name).read_text(encoding="utf-8")


def sheet(title: str, *body: Content, style: str = "", script: str = "") -> str:
    """The whole file; `style` comes after the shared one, and `script` is the only one to run.

    A browser that opens it is told to load nothing, so a text that slipped through as markup
    could neither run nor call anybody.
    """
    return Template(shared("sheet.html")).substitute(
        title=join(title),
        policy=_policy(script),
        style=shared("base.css") + shared("sheet.css") + style,
        body=join(body),
        script=f"<script>{script}</script>" if script else "",
    )


def _policy(script: str) -> str:
    """What the browser may load (a Content-Security-Policy)."""
    digest = base64.b64encode(hashlib.sha256(script.encode()).digest()).decode()
    allowed = f"'sha256-{digest}'" if script else "'none'"
    return f"default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src {allowed}"
