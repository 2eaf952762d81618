"""Says what is wrong with the keys of one mapping, so that one typo is one fault."""

from __future__ import annotations

from typing import Any

from engine.documents.faults import Fault, Raw, listing, types_of
from engine.documents.marks import Path
from engine.documents.suggest import nearest

SHOWN_KEYS = 12


def key_faults(path: Path, errors: list[Raw]) -> tuple[list[Fault], set[Path]]:
    """The faults of the mapping at `path`, and paths of other errors that they explain."""
    keys = _Keys(path, errors)
    return keys.faults(), keys.explained


class _Keys:
    """The raw errors about one mapping's keys, taken together."""

    def __init__(self, path: Path, errors: list[Raw]) -> None:
        self.path = path
        self.instance: dict[str, Any] = errors[0].value
        self.errors = errors
        self.explained: set[Path] = set()
        # Keys that an unknown key was surely meant to be: their absence is explained.
        self._meant: set[str] = set()

    def faults(self) -> list[Fault]:
        found: list[Fault] = []
        unknown = False
        for error in self._of("additionalProperties"):
            found += self._unknown(error.schema)
            unknown = True
        if not unknown:
            found += [self._two_forms() for _ in self._of("maxProperties")]
            found += [self._empty(error) for error in self._of("minProperties")]
        found += self._missing()
        for error in (*self._of("x-exactly-one"), *self._of("x-exactly-one-with")):
            found += self._not_one(error.wanted)
        return found

    def _of(self, keyword: str) -> list[Raw]:
        return [error for error in self.errors if error.keyword == keyword]

    def _unknown(self, schema: Any) -> list[Fault]:
        known = schema["properties"]
        faults: list[Fault] = []
        commas = False
        for key, value in self.instance.items():
            if key in known:
                continue
            if value is None and key not in schema.get("x-hints", {}) and " " in key:
                faults += [] if commas else [self._comma(key)]
                commas = True
            elif (above := self._empty_key_for(key, schema)) is None:
                faults.append(self._unknown_key(key, schema))
            elif (*self.path, above) not in self.explained:
                faults.append(self._dedented(key, above, schema))
        return faults

    def _comma(self, key: str) -> Fault:
        """In ``{name: wrong region, imaging unknown}`` the comma ends the name."""
        message = f"`{key}` is read as a key: in a one-line mapping a comma ends a text"
        mend = "put the whole text in quotes"
        return Fault((*self.path, key), "comma-in-text", message, mend, at_key=True)

    def _unknown_key(self, key: str, schema: Any) -> Fault:
        known = schema["properties"]
        free = [name for name in known if name not in self.instance] or list(known)
        near = nearest(key, free)
        mend = schema.get("x-hints", {}).get(key)
        if mend is None and near is not None:
            self._meant.add(near)
            mend = f"did you mean `{near}`?"
        elif mend is None:
            mend = _belongs_below(key, known) or _known(known)
        message = f"`{key}` is no {_what(schema)}"
        return Fault((*self.path, key), "unknown-key", message, mend, at_key=True)

    def _dedented(self, key: str, above: str, schema: Any) -> Fault:
        """Said once, however many keys lost their indent together."""
        self.explained.add((*self.path, above))
        message = f"`{key}` is no {_what(schema)}"
        mend = f"indent it by one level: it belongs below `{above}`"
        return Fault((*self.path, key), "unknown-key", message, mend, at_key=True)

    def _empty_key_for(self, key: str, schema: Any) -> str | None:
        """A sibling without a value whose mapping could hold this key: the indent was lost."""
        for name, part in schema["properties"].items():
            if name in self.instance and self.instance[name] is None and _may_hold(part, key):
                return str(name)
        return None

    def _two_forms(self) -> Fault:
        first, second, *_ = self.instance
        message = f"`{first}` and `{second}` stand together; one form is wanted here"
        mend = "put them under `all_of`, each with a dash"
        return Fault((*self.path, second), "two-forms", message, mend, at_key=True)

    def _empty(self, error: Raw) -> Fault:
        what = "a form is missing" if error.schema.get("maxProperties") == 1 else "nothing stands"
        mend = _known(error.schema.get("properties", {}))
        return Fault(self.path, "empty", f"{what} here", mend)

    def _missing(self) -> list[Fault]:
        missing: dict[str, None] = {}
        for error in self._of("required"):
            missing |= dict.fromkeys(error.wanted)
        for error in self._of("dependentRequired"):
            for key, others in error.wanted.items():
                missing |= dict.fromkeys(others) if key in self.instance else {}
        names = [n for n in missing if n not in self.instance and n not in self._meant]
        if not names:
            return []
        if len(names) == 1 and (other := self._name_for(names[0])):
            self.explained.add((*self.path, other))
            message = f"`{names[0]}` is missing here; `{other}` stands in its place"
            mend = f"did you mean `{names[0]}`?"
            return [Fault((*self.path, other), "missing-key", message, mend, at_key=True)]
        verb = "is" if len(names) == 1 else "are"
        message = f"{listing(names, 'and')} {verb} missing here"
        return [Fault(self.path, "missing-key", message, at_key=True)]

    def _name_for(self, missing: str) -> str | None:
        """In a mapping whose keys are names too, the name that is a misspelt key."""
        is_open = [e.schema for e in self.errors if "additionalProperties" in e.schema]
        if not is_open or is_open[0]["additionalProperties"] is False:
            return None
        names = [key for key in self.instance if key not in is_open[0]["properties"]]
        return nearest(missing, names)

    def _not_one(self, names: list[str]) -> list[Fault]:
        present = [name for name in self.instance if name in names]
        if len(present) > 1:
            message = f"{listing(present[:2], 'and')} exclude each other"
            place = (*self.path, present[1])
            return [Fault(place, "keys-exclude", message, "keep one of them", at_key=True)]
        if self._meant.intersection(names):
            return []
        message = f"one of {listing(names)} is missing here"
        return [Fault(self.path, "missing-key", message, at_key=True)]


def _what(schema: Any) -> str:
    if schema.get("maxProperties") == 1:
        return "form"
    if types_of(schema) == ["object"] and "title" in schema:
        title = str(schema["title"]).split(",", maxsplit=1)[0]
        return f"key of {title}"
    return "key here"


def _known(properties: Any) -> str | None:
    names = list(properties)
    if not names or len(names) > SHOWN_KEYS:
        return None
    return f"known here: {listing(names, 'and')}"


def _belongs_below(key: str, properties: Any) -> str | None:
    names = [name for name, part in properties.items() if _may_hold(part, key)]
    return f"it belongs below {listing(names)}" if 0 < len(names) <= 3 else None


def _may_hold(part: Any, key: str) -> bool:
    from engine.documents.validator import resolved

    target, _ = resolved(part, "policy.schema.json")
    return key in target.get("properties", {})
