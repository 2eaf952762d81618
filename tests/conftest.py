"""What all tests share: golden files, one cache of compiled books, what is not measured."""

from __future__ import annotations

import importlib
import os
import pkgutil
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

import engine

_RESTS = pytest.StashKey[bool]()


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--rewrite", action="store_true", help="write golden files anew")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionstart(session: pytest.Session) -> None:
    """In a process of pytest-xdist, pytest-cov measures twice, one upon the other: pausing the
    upper one would only wake the lower one, whose data nobody reads. The lower one ends here."""
    plugin = session.config.pluginmanager.getplugin("_cov")
    lower = getattr(plugin, "cov_controller", None)
    if lower is not None and hasattr(session.config, "workerinput"):
        lower.cov.stop()


def pytest_collection_finish(session: pytest.Session) -> None:
    """Much is imported when it is first used: where coverage is measured all at once, so that
    its lines do not hang on which test comes first."""
    if session.config.pluginmanager.hasplugin("_cov"):
        for found in pkgutil.walk_packages(engine.__path__, "engine."):
            if not found.name.startswith("engine.ledger.migrations."):
                with suppress(ImportError):  # what an extra needs that is not installed
                    importlib.import_module(found.name)


@contextmanager
def _unmeasured(config: pytest.Config) -> Iterator[None]:
    """Coverage rests; it slows what it measures down to a third."""
    measures = getattr(config.pluginmanager.getplugin("_cov"), "cov_controller", None)
    if measures is None or config.stash.get(_RESTS, False):
        yield
        return
    config.stash[_RESTS] = True
    measures.pause()
    try:
        yield
    finally:
        measures.resume()
        config.stash[_RESTS] = False


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    """Leaves what is marked `unmeasured` out of the coverage, its fixtures too, and random
    examples: they go over the same lines hundreds of times."""
    random = getattr(getattr(item, "obj", None), "is_hypothesis_test", False)
    if not random and item.get_closest_marker("unmeasured") is None:
        return (yield)
    with _unmeasured(item.config):
        return (yield)


@pytest.hookimpl(wrapper=True)
def pytest_fixture_setup(
    fixturedef: pytest.FixtureDef[object], request: pytest.FixtureRequest
) -> Generator[None, object, object]:
    """Leaves out what several tests share, whichever of them comes first."""
    if fixturedef.scope == "function":
        return (yield)
    with _unmeasured(request.config):
        return (yield)


@pytest.fixture(scope="session")
def books_folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Where compiled books are kept, one folder for all processes of a run."""
    base = tmp_path_factory.getbasetemp()
    return (base.parent if "PYTEST_XDIST_WORKER" in os.environ else base) / "books"


@pytest.fixture(scope="session", autouse=True)
def _books_are_kept(books_folder: Path) -> Iterator[None]:
    """No test compiles a book that another one has compiled, none writes into the user's cache."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("CLEANCLAIM_CACHE", str(books_folder))
        yield


@pytest.fixture
def golden(request: pytest.FixtureRequest) -> Callable[[Path, str], None]:
    """Compares a text with the file that holds what was expected, or writes that file."""

    def compare(file: Path, text: str) -> None:
        if request.config.getoption("--rewrite"):
            file.write_text(text, encoding="utf-8")
        assert file.is_file(), f"{file} is missing; run pytest with --rewrite and review the diff"
        assert text == file.read_text(encoding="utf-8")

    return compare
