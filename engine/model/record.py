"""A frozen value class that is cheap to define: a start pays for every class that it imports.

Standard dataclasses compile half a dozen functions for each class, about a millisecond a class
before Python 3.13; the terms and the rule book are some fifty classes. This base does the same
with functions that all of them share. Type checkers read it as a frozen dataclass.
"""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, dataclass_transform


@dataclass_transform(frozen_default=True)
class Record:
    """Fields are the annotated names of the class, in order, with their defaults."""

    _fields: ClassVar[tuple[str, ...]] = ()
    _defaults: ClassVar[dict[str, Any]] = {}

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        # `inspect.get_annotations` would do, and importing `inspect` is what this file avoids.
        notes = cls.__dict__.get("__annotations__", {})  # noqa: RUF063
        own = [name for name, note in notes.items() if "ClassVar" not in str(note)]
        cls._fields = (*cls._fields, *own)
        cls._defaults = {**cls._defaults, **{n: cls.__dict__[n] for n in own if n in cls.__dict__}}

    def __init__(self, *args: Any, **named: Any) -> None:
        fields, values = self._fields, self.__dict__
        if len(args) > len(fields):
            raise TypeError(f"{type(self).__name__} takes {len(fields)} values, not {len(args)}")
        values.update(zip(fields, args, strict=False))
        # In the order of the fields, however they are given: equal values have equal hashes.
        for name in fields[len(args) :]:
            if name in named:
                values[name] = named.pop(name)
            elif name in self._defaults:
                values[name] = self._defaults[name]
        if named or len(values) != len(fields):
            wrong = set(fields) ^ (values.keys() | named.keys())
            raise TypeError(f"{type(self).__name__}: {', '.join(sorted(wrong or named))}")

    def __setattr__(self, name: str, value: Any) -> NoReturn:
        raise AttributeError(f"{type(self).__name__} is frozen")

    __delattr__ = __setattr__  # type: ignore[assignment]  # refuses all the same

    def __eq__(self, other: object) -> bool:
        return type(self) is type(other) and self.__dict__ == other.__dict__

    def __hash__(self) -> int:
        return hash((type(self), *self.__dict__.values()))

    def __repr__(self) -> str:
        shown = ", ".join(f"{name}={self.__dict__[name]!r}" for name in self._fields)
        return f"{type(self).__name__}({shown})"
