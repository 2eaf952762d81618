"""What the README shows is what the command prints."""

from __future__ import annotations

import re
from pathlib import Path

from tests.cli.run import run

ROOT = Path(__file__).parents[2]


def test_the_wednesday_of_the_readme_is_real() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    shown = re.findall(r"```\n(WED-001.*?)```", page, re.DOTALL)
    printed = run("check", "examples/wednesday.837")
    assert shown == [printed.stdout]


def test_every_page_that_the_readme_names_exists() -> None:
    page = (ROOT / "README.md").read_text(encoding="utf-8")
    for path in re.findall(r"\]\(([^)#]+)\)", page):
        assert (ROOT / path).exists(), path
