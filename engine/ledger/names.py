"""How a ledger writes down patients and claims: as they are, or as hashes under a secret key."""

from __future__ import annotations

import hashlib
import hmac
import os
import secrets
from functools import lru_cache
from pathlib import Path

from engine.ledger.refused import RefusedError

PLAIN = "plain"
_BYTES = 32
_HEX = 40
_HASH = "h~"


class Names:
    """Identifiers as the ledger stores them; without a key they are stored as they are.

    A hash is HMAC-SHA256, cut to 160 bits. Account numbers identify people, so claims are hashed
    like patients. The same key always gives the same hash: that is how records are found again.
    """

    def __init__(self, key: bytes | None = None) -> None:
        self._key = key
        self.patient = lru_cache(maxsize=1 << 16)(self._patient)
        self.claim = lru_cache(maxsize=1 << 16)(self._claim)

    @property
    def hashed(self) -> bool:
        """Whether identifiers are hashed."""
        return self._key is not None

    @property
    def mark(self) -> str:
        """What the ledger notes of the key, so that another one is noticed."""
        return PLAIN if self._key is None else self._hash("mark", "")

    def _patient(self, identifier: str) -> str:
        return self._named("patient", identifier.strip())

    def _claim(self, identifier: str) -> str:
        return self._named("claim", identifier.strip())

    def _named(self, kind: str, identifier: str) -> str:
        return identifier if self._key is None else _HASH + self._hash(kind, identifier)

    def _hash(self, kind: str, identifier: str) -> str:
        said = f"{kind}\0{identifier}".encode()
        return hmac.digest(self._key or b"", said, hashlib.sha256).hex()[:_HEX]


def read_key(path: Path) -> bytes:
    """The key in a file; raises `RefusedError` if there is none, or if others may read it."""
    try:
        text = path.read_text(encoding="ascii").strip()
        key = bytes.fromhex(text)
        mode = path.stat().st_mode
    except (OSError, ValueError):
        hint = "give the key file that was made with it: ...?key=FILE"
        raise RefusedError(f"the key of this ledger cannot be read from `{path}`", hint) from None
    if len(key) != _BYTES:
        raise RefusedError(f"`{path}` is no key of a ledger")
    if os.name == "posix" and mode & 0o077:
        raise RefusedError(f"others may read the key `{path}`", f"chmod 600 {path}")
    return key


def make_key(path: Path) -> bytes:
    """A new key in a file that only its owner may read; an existing one is read instead."""
    try:
        handle = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
    except FileExistsError:
        return read_key(path)
    except OSError as error:
        raise RefusedError(f"the key file `{path}` cannot be written: {error.strerror}") from None
    key = secrets.token_bytes(_BYTES)
    with os.fdopen(handle, "w", encoding="ascii") as file:
        file.write(f"{key.hex()}\n")
    return key
