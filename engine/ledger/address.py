"""Where a ledger is: a file, a SQLite address or a PostgreSQL address, with its settings.

``ledger.db``, ``sqlite:///ledger.db`` and ``postgresql://host/name`` are addresses. Settings
follow a question mark: ``key`` (the key file of hashed identifiers) and ``durability=full`` (SQLite
waits for the disk after every claim, so that a power cut takes nothing either).
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qsl, urlencode

from engine.ledger.disk import network_disk
from engine.ledger.refused import RefusedError

_SETTINGS = ("key", "durability")
POSTGRESQL = "postgresql+psycopg"


@dataclass(frozen=True, slots=True)
class Address:
    """A ledger's place. `path` is None for PostgreSQL; `shown` has no password."""

    url: str
    shown: str
    path: Path | None
    key: Path | None
    full: bool = False


def address(text: str) -> Address:
    """Read an address; raises `RefusedError` where it cannot be one."""
    base, _, query = text.strip().partition("?")
    settings, rest = _settings(query)
    scheme, mark, place = base.partition("://")
    if not mark:
        scheme, place = "sqlite", f"/{base}"
    if not base or not place.strip("/"):
        raise RefusedError("no ledger is named", "name a file, or a database by its address")
    if scheme in ("sqlite", "sqlite+pysqlite"):
        return _file(place, settings, rest)
    if scheme in ("postgresql", "postgres", POSTGRESQL):
        url = f"{POSTGRESQL}://{place}" + (f"?{urlencode(rest)}" if rest else "")
        return Address(url, f"postgresql://{place.rpartition('@')[2]}", None, _key(settings))
    raise RefusedError(
        f"`{scheme}` is no kind of ledger", "use a file, sqlite:///FILE or postgresql://HOST/NAME"
    )


def _settings(query: str) -> tuple[dict[str, str], list[tuple[str, str]]]:
    pairs = parse_qsl(query, keep_blank_values=True)
    own = {name: value for name, value in pairs if name in _SETTINGS}
    if own.get("durability", "full") != "full":
        raise RefusedError("`durability` can only be `full`", "leave it out for the usual way")
    return own, [pair for pair in pairs if pair[0] not in _SETTINGS]


def _key(settings: dict[str, str]) -> Path | None:
    return Path(settings["key"]) if "key" in settings else None


def _file(place: str, settings: dict[str, str], rest: list[tuple[str, str]]) -> Address:
    if rest:
        raise RefusedError(f"`{rest[0][0]}` is no setting of a SQLite ledger")
    if not place.startswith("/"):
        raise RefusedError("a SQLite address has three slashes", "write sqlite:///FILE")
    path = Path(place[1:]).expanduser()
    if path.is_dir():
        raise RefusedError(f"`{path}` is a folder", "name the file of the ledger")
    kind = network_disk(path)
    if kind:
        raise RefusedError(
            f"`{path}` lies on a network disk ({kind}), where the locks of SQLite do not hold",
            "keep the file on a local disk, or let several desks share a PostgreSQL database: "
            "--ledger postgresql://HOST/NAME",
        )
    key = _key(settings) or path.with_name(path.name + ".key")
    full = settings.get("durability") == "full"
    return Address(f"sqlite:///{path}", str(path), path, key, full)
