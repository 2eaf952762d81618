"""Splits composite elements, and finds the separator that is really used where ISA16 is wrong."""

from __future__ import annotations

from typing import Protocol

from engine.claims.x12.delimiters import COMPONENTS


class Reporter(Protocol):
    """Who is told of a wrong separator."""

    def warn(self, fault: str, message: str, hint: str | None = None) -> None: ...


class Composites:
    """The component separator of one transaction."""

    def __init__(self, declared: str, element: str) -> None:
        self.separator = declared
        self._others = [mark for mark in COMPONENTS if mark not in (declared, element)]

    def split(self, composite: str) -> list[str]:
        """The components of a composite element."""
        return composite.split(self.separator)

    def split_facility(self, composite: str, reporter: Reporter) -> list[str]:
        """The components of CLM05, the first composite of a claim.

        Where it does not split as declared but does with another common separator, that one
        holds from here to the end of the transaction.
        """
        parts = composite.split(self.separator)
        if len(parts) > 1 or not composite:
            return parts
        for mark in self._others:
            found = composite.split(mark)
            if len(found) > 1 and found[1].strip() in ("A", "B"):
                self._change(mark, reporter)
                return found
        return parts

    def split_service(self, composite: str, reporter: Reporter) -> list[str]:
        """The components of SV101 or SV202, with the same fallback."""
        parts = composite.split(self.separator)
        if len(parts) > 1 or len(composite) < 4:
            return parts
        if composite[2] in self._others:
            self._change(composite[2], reporter)
            return composite.split(self.separator)
        return parts

    def _change(self, mark: str, reporter: Reporter) -> None:
        reporter.warn(
            "component-separator",
            f"ISA16 declares the component separator `{self.separator}`, but `{mark}` is used; "
            "it holds for this transaction",
        )
        self._others = [other for other in (self.separator, *self._others) if other != mark]
        self.separator = mark
