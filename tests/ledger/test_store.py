"""The store itself: made private, brought up to date, and refusing what it must refuse."""

from __future__ import annotations

from pathlib import Path

import pytest
import sqlalchemy as sa
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory

from engine.ledger.address import address
from engine.ledger.disk import network_disk
from engine.ledger.faults import ClashError
from engine.ledger.migrate import LATEST, config
from engine.ledger.refused import RefusedError
from engine.ledger.schema import METADATA, PROPERTY, SERVICE
from engine.ledger.store import Ledger, open_ledger
from tests.ledger.making import claim, lines, take

MOUNTS = """\
27 1 254:0 / / rw,relatime - ext4 /dev/vda rw
40 27 0:30 / /srv/share rw,relatime shared:5 - nfs4 server:/export rw
41 40 0:31 / /srv/share/local rw - ext4 /dev/vdb rw
42 27 0:32 / /mnt/with\\040space rw - cifs //server/pain rw
43 27 0:33 / /home/rosa/cloud rw - fuse.sshfs rosa@server:/ rw
"""


def test_the_migrations_make_the_schema(ledger: Ledger) -> None:
    with ledger.reading() as connection:
        context = MigrationContext.configure(connection)
        assert compare_metadata(context, METADATA) == []


def test_the_last_step_is_the_one_that_the_program_expects(ledger: Ledger) -> None:
    with ledger.reading() as connection:
        scripts = ScriptDirectory.from_config(config(connection))
    assert scripts.get_current_head() == LATEST


def test_down_and_up_again(ledger: Ledger) -> None:
    with ledger.writing(()) as connection:
        command.downgrade(config(connection), "base")
        assert "service" not in sa.inspect(connection).get_table_names()
        command.upgrade(config(connection), "head")
        assert "service" in sa.inspect(connection).get_table_names()


def test_a_later_ledger_is_refused(ledger: Ledger, url: str) -> None:
    with ledger.writing(()) as connection:
        connection.execute(sa.text("UPDATE alembic_version SET version_num = '9999'"))
    try:
        with pytest.raises(RefusedError, match="a later version of cleanclaim"):
            open_ledger(url)
    finally:
        with ledger.writing(()) as connection:
            connection.execute(sa.text(f"UPDATE alembic_version SET version_num = '{LATEST}'"))


def test_opening_again_keeps_what_is_there(ledger: Ledger, url: str) -> None:
    take(ledger, claim("A", "2026-01-05"))
    again = open_ledger(url, make=True)
    assert lines(again) == [("2026-01-05", "20552", "submitted")]
    again.close()


def test_sqlite_is_private_and_waits(tmp_path: Path) -> None:
    ledger = open_ledger(str(tmp_path / "l.db"), make=True)
    with ledger.reading() as connection:
        asked = ("journal_mode", "synchronous", "busy_timeout", "secure_delete")
        found = [connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in asked]
        assert found == ["wal", 1, 60_000, 1]
        files = list(tmp_path.glob("l.db*"))
        assert {f: f.stat().st_mode & 0o777 for f in files} == dict.fromkeys(files, 0o600)
    ledger.close()


def test_full_durability(tmp_path: Path) -> None:
    ledger = open_ledger(f"sqlite:///{tmp_path}/l.db?durability=full", make=True)
    with ledger.reading() as connection:
        assert connection.exec_driver_sql("PRAGMA synchronous").scalar() == 2
    ledger.close()


def test_a_writer_locks_from_its_first_moment(tmp_path: Path) -> None:
    ledger = open_ledger(str(tmp_path / "l.db"), make=True)
    other = open_ledger(str(tmp_path / "l.db"))
    with ledger.writing(["P"]), other.engine.connect() as connection:
        driver = connection.connection.driver_connection
        assert driver is not None
        driver.execute("PRAGMA busy_timeout=0")
        driver.rollback()
        with pytest.raises(Exception, match="locked"):
            driver.execute("BEGIN IMMEDIATE")
    ledger.close()
    other.close()


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/srv/share/ledger.db", "nfs4"),
        ("/srv/share/local/ledger.db", None),
        ("/mnt/with space/a/ledger.db", "cifs"),
        ("/home/rosa/cloud/l.db", "fuse.sshfs"),
        ("/home/rosa/ledger.db", None),
    ],
)
def test_network_disks(path: str, kind: str | None) -> None:
    assert network_disk(Path(path), MOUNTS) == kind


def test_a_network_disk_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("engine.ledger.address.network_disk", lambda _path: "nfs4")
    with pytest.raises(RefusedError, match=r"network disk \(nfs4\).*postgresql://"):
        address("ledger.db")


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "no ledger is named"),
        ("mysql://host/name", "`mysql` is no kind of ledger"),
        ("sqlite://ledger.db", "three slashes"),
        ("ledger.db?cache=shared", "`cache` is no setting"),
        ("ledger.db?durability=some", "can only be `full`"),
        ("/nowhere/at/all/ledger.db", "there is no ledger"),
    ],
)
def test_wrong_addresses(text: str, message: str) -> None:
    with pytest.raises(RefusedError, match=message):
        open_ledger(text)


def test_a_password_is_never_shown() -> None:
    found = address("postgresql://rosa:secret@server/pain")
    assert "secret" not in found.shown
    with pytest.raises(RefusedError) as refusal:
        open_ledger("postgresql://rosa:secret@127.0.0.1:1/pain")
    assert "secret" not in str(refusal.value)


def test_faults_quote_no_value(ledger: Ledger) -> None:
    row = {"name": "MBI-SECRET", "value": "x"}
    with pytest.raises(ClashError) as clash, ledger.writing(()) as connection:
        connection.execute(sa.insert(PROPERTY), [row, row])
    assert "SECRET" not in str(clash.value)
    wrong = sa.text("SELECT CAST('MBI-SECRET' AS date), no_such_column")
    with pytest.raises(RefusedError) as refusal, ledger.writing(()) as connection:
        connection.execute(wrong)
    assert "SECRET" not in str(refusal.value)
    with ledger.reading() as connection:
        assert connection.execute(sa.select(SERVICE)).all() == []
