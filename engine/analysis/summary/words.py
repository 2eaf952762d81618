"""The sentences that a manager reads first, and the words for counts and money."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal

from engine.analysis.summary.folder import Folder
from engine.analysis.summary.numbers import Fact, Reason, Summary


def money(amount: Decimal) -> str:
    """Dollars without cents."""
    return f"${amount:,.0f}"


def percent(share: float | None) -> str:
    """A share with one decimal; never 100 where something is missing from it."""
    if share is None:
        return "none"
    shown = f"{100 * share:.1f}"
    return f"{'99.9' if shown == '100.0' and share < 1 else shown} %"


def counted(count: int, noun: str) -> str:
    """``1 claim``, ``2,000 claims``."""
    return f"{count:,} {noun}{'' if count == 1 else 's'}"


def rule_name(id: str) -> str:
    """A rule as a person calls it: its name and the topic of its policy."""
    policy, _, name = id.partition("#")
    topic = policy.rpartition("/")[2]
    return f"{name or id} ({topic})" if name else id


def asked(fact: Fact) -> str:
    """The question that a fact answers."""
    return fact.question or fact.name.replace("_", " ")


def notices(folder: Folder, found: Summary) -> Iterator[str]:
    """What must be known before any number is believed."""
    if not folder.complete:
        yield _unended(folder)
    yield from _doubts(found)


def _unended(folder: Folder) -> str:
    """What is known of a run that was cut off."""
    goes_on = "`cleanclaim batch ... --resume` goes on."
    if not folder.told:
        return (
            "This run did not come to its end and left no account of what it read: the numbers "
            "are those of the claims judged so far, and how many were not touched is not known. "
            f"{goes_on}"
        )
    if folder.going:
        return (
            "This run is still going: a process is working on it, and the numbers are those of "
            "the claims judged so far."
        )
    if not folder.claims("read"):
        return f"This run did not come to its end: {_how(folder)} before it had read all. {goes_on}"
    done = sum(folder.claims(kind) for kind in ("untouched", "judged", "quarantined"))
    left = folder.claims("read") - done
    more = f" ({counted(left, 'claim')} read and not judged)" if left > 0 else ""
    return (
        f"This run did not come to its end{more}: {_how(folder)}, and the numbers are those of the "
        f"claims judged so far. {goes_on}"
    )


def _how(folder: Folder) -> str:
    """What ended a run before its end, as far as it could say so."""
    return {
        "interrupted": "it was interrupted",
        "stopped": "it stopped (run.json says why)",
    }.get(str(folder.run.get("state")), "it was cut off")


def _doubts(found: Summary) -> Iterator[str]:
    """Where the money is not exact."""
    if found.overlapping:
        yield (
            f"On {counted(found.overlapping, 'claim')} findings share some of their lines only; "
            "there the money at stake may be too high, and is at most the claim's charges."
        )
    if found.uncharged:
        yield (
            f"{counted(found.uncharged, 'claim')} with a denial {_do(found.uncharged, 'state')} "
            "no charge for a line of it; that money is missing from what is at stake."
        )
    if found.repeated:
        yield (
            f"{counted(found.repeated, 'claim')} with a denial share their id with another claim "
            "of this run; findings of one count for each, and so does their money."
        )


def _do(count: int, verb: str) -> str:
    return f"{verb}s" if count == 1 else verb


def opening(found: Summary) -> list[str]:
    """Three sentences: what was found, what it costs, and what to do first."""
    if not found.claims.judged:
        return ["No claim was judged in this run, so there is nothing to count."]
    return [_found(found), _costs(found), _first(found)]


def _found(found: Summary) -> str:
    claims = found.claims
    return (
        f"Of {counted(claims.judged, 'judged claim')}, {claims.clean:,} ({percent(claims.rate)}) "
        f"{'is' if claims.clean == 1 else 'are'} clean and can go out as billed, "
        f"{claims.not_clean:,} {'has' if claims.not_clean == 1 else 'have'} something to mend, "
        f"and {claims.undecided:,} {'waits' if claims.undecided == 1 else 'wait'} for a fact "
        "that the record does not give."
    )


def _costs(found: Summary) -> str:
    claims = found.claims
    waits = f"{money(claims.waiting)} of charges stand on the claims that wait"
    if not claims.stake:
        return f"No line with a stated charge would be denied; {waits}."
    return (
        f"{money(claims.stake)} of the {money(claims.charged)} charged are at stake, on lines that "
        f"the payer would deny or reject as they are billed; {waits}."
    )


def _first(found: Summary) -> str:
    steps = []
    rule = next((reason for reason in found.by_rule if reason.weighs), None)
    if rule is not None:
        steps.append(_rule_words(rule))
    best = found.waiting.best
    if best.claims:
        steps.append(best_words(found))
    if not steps:
        return "Nothing is left to do first."
    return sentence("; then ".join(steps))


def _rule_words(rule: Reason) -> str:
    policy, _, name = rule.names[0].partition("#")
    whose = f" of the policy {policy.rpartition('/')[2]}" if name else ""
    about = [f"{money(rule.stake)} at stake"] if rule.stake else []
    about += [f"for example “{rule.says.rstrip('.')}”"] if rule.says else []
    aside = f" ({'; '.join(about)})" if about else ""
    stands = f"which stands against {counted(rule.claims, 'claim')}{aside}"
    return f"begin with the rule {name or policy}{whose}, {stands}"


def sentence(words: str) -> str:
    """With a capital letter, and a full stop where nothing ends it yet."""
    return f"{words[0].upper()}{words[1:]}{'' if words[-1] in '.?!' else '.'}"


def best_words(found: Summary) -> str:
    """Which few facts decide how many of the claims that wait."""
    best, whole = found.waiting.best, found.claims.undecided
    questions = {fact.name: asked(fact) for fact in found.waiting.facts}
    asks = " ".join(questions[name] for name in best.facts)
    count = {1: "this one fact", 2: "these two facts", 3: "these three facts"}[len(best.facts)]
    return (
        f"answer {count}, which would decide {best.claims:,} of {counted(whole, 'claim')} that "
        f"wait{'s' if whole == 1 else ''} ({money(best.charge)}): {asks}"
    )
