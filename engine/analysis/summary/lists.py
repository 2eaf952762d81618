"""The sections on claims that wait, that were set aside or not touched, and on single claims."""

from __future__ import annotations

from collections.abc import Iterator

from engine.analysis.html.tables import sortable
from engine.analysis.markup import Content, Markup, join, tag
from engine.analysis.summary.folder import Folder
from engine.analysis.summary.numbers import Named, Summary
from engine.analysis.summary.section import Section, dollars, number, rule_mark
from engine.analysis.summary.waiting import BEYOND
from engine.analysis.summary.words import asked, best_words, counted, sentence

_FACTS = (
    "What the undecided claims ask. “Alone”: claims that ask for nothing else, so that this "
    "answer decides them. “With all above”: claims decided once this and everything listed "
    "before it is known. Charges are those of the claims that ask for this alone."
)
_HELD = (
    "Claims or records that could not be read or judged. They are in no other number here: mend "
    "the file and run it again. The file quarantine.jsonl beside the results names each one."
)
_UNTOUCHED = (
    "Claims of which no rule here can speak, by payer. They are neither clean nor not: nobody "
    "looked at them, and they are not part of the first-pass rate."
)
_NOT_CLEAN = (
    "Those with most money at stake, with the rules that stand against them. This report names "
    "claims: keep it as safe as the claims themselves."
)
_UNDECIDED = "Those with the highest charges, with the facts that they wait for."


def waiting(found: Summary) -> Section:
    """The facts that undecided claims wait for."""
    return Section("facts", "What claims wait for", _FACTS, _facts(found))


def _facts(found: Summary) -> Markup | None:
    waiting = found.waiting
    if not waiting.facts:
        return None
    head = ("Question", "Claims that ask", "Alone", "With all above", "Charges")
    rows = [
        (
            [tag("span", asked(fact), class_="says"), tag("code", fact.name)],
            number(fact.claims),
            number(fact.alone),
            number(fact.so_far),
            dollars(fact.charge),
        )
        for fact in waiting.facts
    ]
    best = sentence(best_words(found)) if waiting.best.claims else ""
    said = tag("p", best, class_="notice good") if best else None
    return join([said, _beyond(found), sortable("Facts that claims wait for", head, rows)])


def _beyond(found: Summary) -> Content:
    count = found.waiting.beyond
    if not count:
        return None
    names = " or ".join(sorted(BEYOND)).replace("_", " ")
    return tag(
        "p",
        f"{counted(count, 'claim')} cannot be decided from any record: a person must judge them, "
        f"or no policy here speaks of a code ({names} below).",
        class_="meta",
    )


def asides(folder: Folder, found: Summary) -> Iterator[Section]:
    """Claims that are in no other number."""
    rows = [
        (
            [tag("span", held.reason, class_="says"), held.hint],
            held.code,
            ", ".join(file for file in held.files if file),
            number(held.count),
        )
        for held in found.held
    ]
    table = sortable("Claims set aside", ("Reason", "Kind", "Files", "Claims or records"), rows)
    yield Section("aside", "Set aside", _HELD, table if rows else None)
    untouched = sorted((folder.run.get("untouched") or {}).items(), key=lambda i: (-i[1], i[0]))
    listed = [(payer, number(count)) for payer, count in untouched if count]
    shown = sortable("Claims not touched", ("Payer", "Claims"), listed) if listed else None
    yield Section("untouched", "Not touched", _UNTOUCHED, shown)


def named(found: Summary) -> Iterator[Section]:
    """Single claims, where the report may name them."""
    heads = ("Claim", "Payer", "Date", "At stake", "Rules")
    shown = _claims("Claims to mend", heads, found.not_clean, rules=True)
    yield Section("mend", "Claims to mend first", _NOT_CLEAN, shown)
    heads = ("Claim", "Payer", "Date", "Charges", "Facts")
    shown = _claims("Claims that wait", heads, found.undecided, rules=False)
    yield Section("wait", "Claims to complete first", _UNDECIDED, shown)


def _claims(
    name: str, head: tuple[str, ...], claims: tuple[Named, ...], *, rules: bool
) -> Markup | None:
    if not claims:
        return None
    rows = [
        (
            claim.claim_id,
            claim.payer,
            claim.day.isoformat() if claim.day else "",
            dollars(claim.charge),
            join([rule_mark(w) if rules else tag("code", w) for w in claim.why], Markup("<br>")),
        )
        for claim in claims
    ]
    return sortable(name, head, rows)
