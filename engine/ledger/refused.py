"""What a ledger refuses, said in one line that names no patient."""

from __future__ import annotations


class RefusedError(Exception):
    """A ledger cannot do what was asked. `message` and `hint` are fit to be shown and logged."""

    def __init__(self, message: str, hint: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint

    def __str__(self) -> str:
        return f"{self.message}; {self.hint}" if self.hint else self.message
