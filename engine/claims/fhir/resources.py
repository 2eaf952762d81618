"""The resources of a Bundle, found by what other resources call them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, eq=False)
class Resource:
    """One resource; `path` is where it stands, `container` the resource that contains it."""

    data: dict[str, Any]
    path: str
    container: Resource | None = None

    @property
    def type(self) -> str:
        """Its resourceType; empty where that is no text."""
        given = self.data.get("resourceType")
        return given if isinstance(given, str) else ""


class Resources:
    """The resources that came together. A name that two different ones bear finds neither."""

    def __init__(self) -> None:
        self._by_name: dict[str, Resource | None] = {}

    def add(self, resource: Resource, full_url: Any = None) -> None:
        """Take in a resource of a Bundle under its fullUrl and under its type and id."""
        own = resource.data.get("id")
        if isinstance(own, str) and own:
            self._name(f"{resource.type}/{own}", resource)
        if isinstance(full_url, str) and full_url:
            self._name(full_url, resource)

    def find(self, reference: str, home: Resource) -> Resource | None:
        """What `reference` means in the resource `home`; None if it is not here.

        An absolute address must be a fullUrl; ``Type/id`` is looked up by type and id, since the
        resources of one Bundle come from one server; ``#id`` is contained in the resource itself.
        """
        if reference.startswith("#"):
            return _contained(reference[1:], home.container or home)
        return self._by_name.get(reference.partition("/_history/")[0])

    def _name(self, name: str, resource: Resource) -> None:
        known = self._by_name.setdefault(name, resource)
        if known is not None and known is not resource and known.data != resource.data:
            self._by_name[name] = None


def _contained(name: str, home: Resource) -> Resource | None:
    if not name:
        return home
    given = home.data.get("contained")
    for position, data in enumerate(given if isinstance(given, list) else ()):
        if isinstance(data, dict) and data.get("id") == name:
            return Resource(data, f"{home.path}.contained[{position}]", home)
    return None
