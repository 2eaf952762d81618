"""What a reference leads to: the resource if it came along, and what the reference says itself."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from engine.claims.fhir.element import Element, element_of


@dataclass(frozen=True, slots=True)
class Referred:
    """The end of a reference. `type` is the kind of resource, empty where nothing tells it."""

    reference: Element
    type: str
    resource: Element | None

    @property
    def display(self) -> str | None:
        """The name that the reference itself gives."""
        return self.reference.text("display")

    @property
    def logical_id(self) -> str | None:
        """The id on the server that the resource has there, or that the reference names."""
        if self.resource is not None:
            return self.resource.text("id")
        literal = (self.reference.text("reference") or "").partition("/_history/")[0]
        return literal.rsplit("/", 1)[-1] if "/" in literal else None

    def identifiers(self) -> Iterator[Element]:
        """The identifiers of the resource and the one that stands in the reference."""
        if self.resource is not None:
            yield from self.resource.all("identifier")
        own = self.reference.below("identifier")
        if own is not None:
            yield own


def refer(element: Element, name: str, *types: str) -> Referred | None:
    """What the reference in `name` leads to; None if there is none.

    A resource of another kind than `types` is an error. One that did not come along is a warning:
    what only it says stays unknown.
    """
    reference = element.below(name)
    return None if reference is None else follow(reference, name, *types)


def follow(reference: Element, name: str, *types: str) -> Referred | None:
    """What a reference leads to that stands in the element `name`."""
    literal = reference.text("reference")
    found = reference.near.find(literal, reference.home) if literal else None
    kind = found.type if found is not None else _stated(reference, literal)
    if kind and kind not in types:
        wanted = " or ".join(types)
        message = f"`{name}` refers to {_kind(kind)}, where {wanted} is wanted"
        reference.error("", "wrong-resource", message)
        return None
    if found is not None:
        return Referred(reference, kind, element_of(found, reference.near, reference.faults))
    if literal:
        what = types[0] if len(types) == 1 else "resource"
        message = f"the {what} that `{name}` refers to is not in the file"
        reference.faults.once(
            reference.path, "unresolved-reference", message, "what only it says stays unknown"
        )
    return Referred(reference, kind, None)


def _stated(reference: Element, literal: str | None) -> str:
    """The kind that ``Type/id`` or the reference's type names."""
    parts = (literal or "").partition("/_history/")[0].split("/")
    if len(parts) > 1 and parts[-2][:1].isupper() and parts[-2].isalpha():
        return parts[-2]
    return reference.text("type") or ""


def _kind(name: str) -> str:
    return f"a resource `{name}`" if name.isalpha() and len(name) < 40 else "another resource"
