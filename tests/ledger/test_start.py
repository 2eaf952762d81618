"""The ledger costs nobody anything who does not use it, and says so where it is not installed."""

from __future__ import annotations

import subprocess
import sys

import pytest


def run(code: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)


def test_check_imports_no_database() -> None:
    code = (
        "import sys; from engine.cli import check, ledger, main;"
        "sys.exit(any(n in sys.modules for n in ('sqlalchemy', 'alembic', 'psycopg')))"
    )
    assert run(code).returncode == 0


@pytest.mark.parametrize("command", ["['ledger', 'status']", "['check', 'x.json']"])
def test_a_missing_library_is_one_clear_line(command: str) -> None:
    code = (
        "import sys; sys.modules['sqlalchemy'] = None; from engine.cli.main import main;"
        f"main([*{command}, '--ledger', 'nowhere.db'])"
    )
    done = run(code)
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
    assert "pip install" in done.stderr


def test_a_missing_driver_is_one_clear_line() -> None:
    code = (
        "import sys; sys.modules['psycopg'] = None; from engine.cli.main import main;"
        "main(['ledger', 'status', '--ledger', 'postgresql://server/pain'])"
    )
    done = run(code)
    assert done.returncode == 2
    assert "the driver of PostgreSQL is not installed" in done.stderr
