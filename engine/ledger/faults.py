"""Turns faults of a database into one line without any value of a row."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from sqlalchemy.exc import DBAPIError, IntegrityError, SQLAlchemyError

from engine.ledger.refused import RefusedError

# A deadlock, and transactions that could not be put in a row: PostgreSQL gave one of them up.
_AGAIN = ("40P01", "40001")


class ClashError(RefusedError):
    """Two writers recorded one claim at the same time; the transaction can be tried again."""


@contextlib.contextmanager
def without_values() -> Iterator[None]:
    """Raise `RefusedError` for whatever the database raises; its texts may quote a record."""
    try:
        yield
    except IntegrityError:
        raise ClashError("another desk recorded the same claim at this moment") from None
    except SQLAlchemyError as error:
        if _state(error) in _AGAIN:
            raise ClashError("another desk was writing at the same time") from None
        raise RefusedError(f"the ledger did not answer: {_reason(error)}") from None


def _state(error: SQLAlchemyError) -> str | None:
    original: Any = error.orig if isinstance(error, DBAPIError) else None
    return getattr(original, "sqlstate", None)


def _reason(error: SQLAlchemyError) -> str:
    original: Any = error.orig if isinstance(error, DBAPIError) else None
    if original is None:
        return type(error).__name__
    state = _state(error)
    if state:
        return f"SQLSTATE {state}"
    if type(original).__module__.startswith("sqlite3"):
        # SQLite names tables and columns, never values.
        return str(original)
    return str(original).split("\n", 1)[0]
