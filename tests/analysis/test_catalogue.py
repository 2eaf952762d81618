"""The catalogue: everything is in it, every link leads somewhere, and a browser can use it."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Mapping
from html.parser import HTMLParser
from pathlib import Path

import pytest

from engine.analysis.catalogue.site import site, write
from engine.analysis.markup import Markup, join, listed, tag
from tests.analysis.browser import dom, probed, probed_all
from tests.analysis.trees import folder, run
from tests.compiler.trees import EPIDURALS, edited, library
from tests.policies.shipped import linted

EPIDURAL_PAGE = "policies/medicare/national/epidurals.html"
BLOCKS_PAGE = "policies/medicare/national/blocks.html"


class Links(HTMLParser):
    """The addresses and anchors of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.links: list[str] = []
        self.anchors: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, name: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        self.links += [v for k in ("href", "src") if (v := given.get(k))]
        self.anchors |= {v for k in ("id",) if (v := given.get(k))}
        if name not in ("meta", "link", "input", "br", "img"):
            self.open.append(name)

    def handle_endtag(self, name: str) -> None:
        assert self.open.pop() == name


def read(text: str) -> Links:
    page = Links()
    page.feed(text)
    assert page.open == []
    return page


def check_links(files: Mapping[str, str]) -> None:
    """Every link of every page leads to a file of the site, and to an anchor that it has."""
    pages = {path: read(text) for path, text in files.items() if path.endswith(".html")}
    for path, page in pages.items():
        for link in page.links:
            if link == "data:,":
                continue
            target, _, anchor = link.partition("#")
            to = (
                posixpath.normpath(posixpath.join(posixpath.dirname(path), target))
                if target
                else path
            )
            assert to in files, f"{path} links to {link}"
            assert not anchor or anchor in pages[to].anchors, f"{path} links to {link}"


@pytest.fixture(scope="module")
def files() -> Mapping[str, str]:
    return site(library())


def test_markup_escapes() -> None:
    assert tag("p", "a < b & c", title='"x"') == '<p title="&quot;x&quot;">a &lt; b &amp; c</p>'
    assert tag("p", Markup("<b>x</b>"), None, 3, hidden=True) == "<p hidden><b>x</b>3</p>"
    assert tag("input", type="search", disabled=False) == '<input type="search">'
    assert listed([]) == ""
    assert join(["a", "b"], ", ") == "a, b"


def test_every_link_leads_somewhere(files: Mapping[str, str]) -> None:
    check_links(files)


@pytest.mark.unmeasured
def test_the_shipped_policies() -> None:
    found = linted()[0]
    pages = site(found)
    check_links(pages)
    for id in found.policies:
        assert f"policies/{id}.html" in pages


def test_everything_is_in_it(files: Mapping[str, str]) -> None:
    rule = files[EPIDURAL_PAGE].split('id="care-first"')[1].split("</section>")[0]
    assert "Six weeks of care come first." in rule
    assert "services from 2021-01-01" in rule
    assert "<li>62321</li><li>62323</li>" in rule
    assert "secondary source" in rule
    assert "the record states care weeks at least 6 weeks" in rule
    assert "<summary>Examples (2)</summary>" in rule
    assert "five weeks" in rule
    assert "care before is 6 weeks (article, care)" in rule
    changed = files[BLOCKS_PAGE].split('id="one-unit"')[1].split("</section>")[0]
    assert "changes it: Palmetto pays two levels on one line." in changed
    assert 'id="coding-blocks"' in files["codes.html"]
    assert 'id="care_weeks"' in files["facts.html"]
    assert "How many weeks of conservative care failed?" in files["facts.html"]
    assert 'id="article-care"' in files["sources.html"]
    assert 'id="interpretation-rolling-year"' in files["sources.html"]


def test_texts_are_escaped() -> None:
    says = "Six weeks of care come first."
    odd = site(library(edited([(EPIDURALS, f"says: {says}", "says: Care <b>first</b> & last.")])))
    assert "Care &lt;b&gt;first&lt;/b&gt; &amp; last." in odd[EPIDURAL_PAGE]


def test_no_network_and_the_same_bytes(files: Mapping[str, str]) -> None:
    assert site(library()) == files
    for path, text in files.items():
        assert not re.search(r"(href|src)=\"(https?:)?//", text), path
        assert "@import" not in text
        assert "fetch(" not in text


def test_the_command(tmp_path: Path) -> None:
    tree, out = str(folder(tmp_path / "policies")), tmp_path / "site"
    code, shown = run("policy", "docs", "--policies", tree, "-o", str(out))
    assert code == 0
    assert (out / "index.html").is_file()
    assert shown.endswith(f"open {out / 'index.html'}\n")


@pytest.fixture(scope="module")
def written(files: Mapping[str, str], tmp_path_factory: pytest.TempPathFactory) -> Path:
    root = tmp_path_factory.mktemp("site")
    write(files, root)
    return root


@pytest.mark.browser
def test_the_search_in_a_browser(written: Path, tmp_path: Path) -> None:
    text = dom(written / EPIDURAL_PAGE, tmp_path, query="?q=weeks+care")
    results = text.split('<ol id="results"')[1].split("</ol>")[0]
    assert re.search(r'href="[^"]*policies/medicare/national/epidurals.html#care-first"', results)
    assert 'class="title">care_weeks<' in results
    nothing = dom(written / "index.html", tmp_path, query="?q=xyzzy")
    assert "Nothing has all of these words." in nothing


@pytest.mark.browser
def test_pages_fit_the_screen(written: Path, tmp_path: Path) -> None:
    pages = [written / path for path in ("index.html", BLOCKS_PAGE, "codes.html")]
    asked = [(page, width) for page in pages for width in (390, 1280)]
    for (page, width), found in zip(asked, probed_all(asked, tmp_path), strict=True):
        (inner, whole), (*_, outside) = found
        assert (inner, outside) == (width, "nothing"), page
        assert whole <= inner, page


@pytest.mark.browser
def test_light_and_dark(written: Path, tmp_path: Path) -> None:
    _, (light, *_) = probed(written / "index.html", tmp_path, 1280)
    _, (dark, *_) = probed(written / "index.html", tmp_path, 1280, dark=True)
    assert light == "rgb(255, 255, 255)"
    assert dark == "rgb(18, 23, 30)"
