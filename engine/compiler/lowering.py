"""Turns forms and line patterns of one policy into core terms."""

from __future__ import annotations

from engine.compiler.forms import FORMS, PATTERN_KEYS
from engine.compiler.here import Here
from engine.model.term import All, Fixed, Term

_COUNTING = {"counting": "paid", "by": "any_provider"}


class PolicyLowering:
    """Lowers for one policy: knows its head's `history` and the rules one may name."""

    def __init__(self, head: Here, rules: dict[str, str]) -> None:
        self._history = (head.get("history") or head).data
        self._stated = head.get("history") is not None
        self._rules = rules

    def form(self, here: Here) -> Term:
        """Lower a mapping with one key that names a form."""
        if not isinstance(here.data, dict) or len(here.data) != 1:
            return Fixed(None, "")
        name = next(iter(here.data))
        form = FORMS.get(name)
        if form is None:
            here.at(name).unknown("form", name, FORMS, key=True)
            return Fixed(None, "")
        return form.lower(here.at(name), self)

    def pattern(self, here: Here) -> Term:
        """Lower a line pattern: all of its keys must hold; an empty one always does."""
        terms = []
        for name, place in here.items():
            if name in PATTERN_KEYS:
                terms.append(FORMS[name].lower(place, self))
            else:
                place.unknown("key of a line pattern", name, PATTERN_KEYS, key=True)
        return terms[0] if len(terms) == 1 else All(tuple(terms), "all of")

    def counting(self, here: Here, key: str) -> str:
        """`counting` or `by`: from the form, else from the policy's head."""
        own = here.text(key)
        if own:
            return own
        if not self._stated:
            here.problem(
                "no-counting",
                "nothing says which services this counts, and whose",
                "add `history: {counting, by, cites}` at the head, or `counting` and `by` here",
            )
        return str(self._history.get(key, _COUNTING[key]))

    def rule(self, here: Here) -> str:
        """The full id of a rule named by its own name or by its full id."""
        name = str(here.data)
        if name in self._rules.values():
            return name
        if "#" in name:
            message = f"`{name}` is no rule of this policy or of one that it extends"
            here.problem("unknown-rule", message, "`outcome` can name only such rules")
        elif name not in self._rules:
            here.unknown("rule", name, [known for known in self._rules if "#" not in known])
        return self._rules.get(name, name)
