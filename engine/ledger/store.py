"""Opens a ledger and gives out its transactions: one writer at a time for each patient."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Iterable, Iterator
from hashlib import blake2b
from pathlib import Path
from typing import Any

import sqlalchemy as sa

from engine.ledger.address import Address, address
from engine.ledger.faults import ClashError, without_values
from engine.ledger.migrate import LATEST, bring_up, revision
from engine.ledger.names import PLAIN, Names, make_key, read_key
from engine.ledger.refused import RefusedError
from engine.ledger.schema import PROPERTY

BUSY_MILLISECONDS = 60_000
_READS = "ledger_reads"
_LOCKS = "ledger_locks"
_ALONE = "ledger_alone"


class Ledger:
    """An open ledger. Everything raised out of a transaction is a `RefusedError`."""

    def __init__(self, place: Address, engine: sa.Engine, names: Names) -> None:
        self.place = place
        self.engine = engine
        self.names = names
        self.postgresql = engine.dialect.name == "postgresql"

    @contextlib.contextmanager
    def reading(self) -> Iterator[sa.Connection]:
        """A transaction that only reads, waits for nobody, and sees one state of the ledger."""
        with without_values(), self.engine.connect() as connection:
            reads = connection.execution_options(**{_READS: True})
            with reads.begin():
                yield reads

    @contextlib.contextmanager
    def writing(self, patients: Iterable[str]) -> Iterator[sa.Connection]:
        """A transaction that nobody else can come between for these patients (stored names).

        SQLite has one writer at a time. PostgreSQL locks the patients, in sorted order.
        """
        with without_values(), self.engine.connect() as connection:
            locking = connection.execution_options(**{_LOCKS: frozenset(patients)})
            with locking.begin():
                yield locking

    @contextlib.contextmanager
    def alone(self) -> Iterator[sa.Connection]:
        """A connection outside of any transaction, for what a database does in none."""
        with without_values(), self.engine.connect() as connection:
            yield connection.execution_options(**{_ALONE: True})

    def close(self) -> None:
        """Let go of the database."""
        self.engine.dispose()


def open_ledger(text: str, *, make: bool = False, pseudonymize: bool = False) -> Ledger:
    """The ledger at an address; with `make` a new one where there is none.

    `pseudonymize` begins a ledger that stores keyed hashes, or insists that this is one.
    """
    place = address(text)
    if place.path is not None:
        _prepare(place.path, make=make)
    engine = _engine(place)
    try:
        with without_values():
            _check_tables(engine, make=make)
            mark = _mark(engine)
        if mark is None:
            mark = _settle_mark(engine, _names(place, None, pseudonymize=pseudonymize))
        return Ledger(place, engine, _names(place, mark, pseudonymize=pseudonymize))
    except BaseException:
        engine.dispose()
        raise


def _prepare(path: Path, *, make: bool) -> None:
    """Make the file before SQLite does, so that nobody else may ever read it."""
    if path.exists():
        return
    if not make:
        raise RefusedError(
            f"there is no ledger at `{path}`", "`cleanclaim ledger import` begins one"
        )
    try:
        os.close(os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        return
    except OSError as error:
        raise RefusedError(f"`{path}` cannot be written: {error.strerror}") from None


def _engine(place: Address) -> sa.Engine:
    # Every transaction is ended where it began, so the pool need not roll back once more.
    options: dict[str, Any] = {"hide_parameters": True, "pool_reset_on_return": None}
    if place.path is None:
        try:
            engine = sa.create_engine(place.url, isolation_level="AUTOCOMMIT", **options)
        except ImportError:
            raise RefusedError(
                "the driver of PostgreSQL is not installed here",
                "pip install -r requirements-postgres.txt, or the extra `postgres`",
            ) from None
        sa.event.listen(engine, "begin", _begin_locked)
        return engine
    engine = sa.create_engine(place.url, **options)
    sa.event.listen(engine, "connect", _settle(full=place.full))
    sa.event.listen(engine, "begin", _begin)
    return engine


def _settle(*, full: bool) -> Any:
    def settle(connection: Any, _record: Any) -> None:
        # The driver's own transactions begin too late; `_begin` begins them.
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout={BUSY_MILLISECONDS}")
        cursor.execute("PRAGMA journal_mode=WAL")
        cursor.execute(f"PRAGMA synchronous={'FULL' if full else 'NORMAL'}")
        cursor.execute("PRAGMA foreign_keys=ON")
        cursor.execute("PRAGMA secure_delete=ON")
        cursor.close()

    return settle


def _begin(connection: sa.Connection) -> None:
    options = connection.get_execution_options()
    if not options.get(_ALONE):
        connection.exec_driver_sql("BEGIN" if options.get(_READS) else "BEGIN IMMEDIATE")


def _begin_locked(connection: sa.Connection) -> None:
    """Begin and lock in one message: each one costs a desk a tenth of its time."""
    options = connection.get_execution_options()
    if options.get(_ALONE):
        return
    # Sorted by what is locked, so that two writers never wait for each other in a circle.
    locks = sorted({_lock_of(name) for name in options.get(_LOCKS, ())})
    calls = "".join(f"; SELECT pg_advisory_xact_lock({number})" for number in locks)
    how = " ISOLATION LEVEL REPEATABLE READ, READ ONLY" if options.get(_READS) else ""
    connection.exec_driver_sql(f"BEGIN{how}{calls}")


def _lock_of(name: str) -> int:
    """The number of a patient's lock, of 64 bits as PostgreSQL wants it."""
    return int.from_bytes(blake2b(name.encode(), digest_size=8).digest(), signed=True)


def _check_tables(engine: sa.Engine, *, make: bool) -> None:
    with engine.connect() as connection:
        now = revision(connection)
    if now == LATEST:
        return
    if now is None and not make:
        raise RefusedError("there is no ledger in this database", "`ledger import` begins one")
    with engine.connect() as connection:
        locking = connection.execution_options(**{_LOCKS: {"the tables"}})
        with locking.begin():
            bring_up(locking)


def _mark(engine: sa.Engine) -> str | None:
    with engine.connect() as connection:
        query = sa.select(PROPERTY.c.value).where(PROPERTY.c.name == "identifiers")
        found = connection.execute(query).scalar()
    return str(found) if found is not None else None


def _settle_mark(engine: sa.Engine, names: Names) -> str:
    """Note how identifiers are stored; whoever came first has settled it."""
    with contextlib.suppress(ClashError), without_values(), engine.begin() as connection:
        said = {"name": "identifiers", "value": names.mark}
        connection.execute(sa.insert(PROPERTY), said)
    with without_values():
        return _mark(engine) or PLAIN


def _names(place: Address, mark: str | None, *, pseudonymize: bool) -> Names:
    if mark is None and not pseudonymize:
        return Names()
    if mark == PLAIN:
        if pseudonymize:
            raise RefusedError(
                "this ledger was begun with plain identifiers",
                "begin a new one with --pseudonymize and import into it",
            )
        return Names()
    if place.key is None:
        raise RefusedError("identifiers here are hashed with a key", "add ?key=FILE to the address")
    names = Names(make_key(place.key) if mark is None else read_key(place.key))
    if mark not in (None, names.mark):
        raise RefusedError(f"`{place.key}` is not the key of this ledger")
    return names
