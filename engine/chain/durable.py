"""The second chain: the same plan, with the outcomes drawn by durable_rules.

Python evaluates the terms of a rule on a line to whether they are known and whether they hold;
a network of durable_rules draws the outcome from that, and from outcomes which lines are not
payable, and the next stratum's terms read what it drew. Not for several threads at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Final
from weakref import WeakKeyDictionary

from engine.chain.bound import BoundBook, Plan
from engine.chain.bound_rule import BoundRule
from engine.chain.decided import Decided, Diagnosed, diagnosed, finish, weigh_silence
from engine.chain.durable_network import (
    CLAIM_BARRED,
    FIRST_RULE,
    LINE_BARRED,
    Conditions,
    DurableError,
    Network,
    room_for,
    rules_of,
)
from engine.chain.facts import LineFacts, Surroundings
from engine.chain.selection import NotJudged
from engine.model.book import RuleBook
from engine.model.claim import Claim, History
from engine.model.outcome import Word

_WORDS: Final[Mapping[str, Word]] = {w: w for w in ("met", "violated", "undecided")}


def decide_durable(
    bound: BoundBook,
    claim: Claim,
    history: History,
    *,
    null: bool | None = False,
    given: Mapping[int, bool] | None = None,
) -> Decided:
    """Evaluate every rule in force on every line of a claim; the same result as `decide` gives.

    Raises DurableError where durable_rules does not behave.
    """
    around = Surroundings(bound, claim, history, null=null, given=given)
    around.words = {}
    weigh_silence(around, decide_durable)
    result = Decided(around)
    plans = [bound.plan(x.procedure, x.date) for x in around.lines]
    with_book = _KEPT.get(bound)
    if with_book is None:
        with_book = _KEPT[bound] = Networks(bound.book)
    _run(_Sitting(with_book, result), plans)
    finish(result, plans)
    return result


def _run(sitting: _Sitting, plans: list[Plan]) -> None:
    around = sitting.result.around
    judged = diagnosed(around, plans) if any(plan.diagnoses for plan in plans) else []
    try:
        for stratum in range(max((plan.height for plan in plans), default=0)):
            for x, plan in zip(around.lines, plans, strict=True):
                for bound in plan.strata[stratum] if stratum < len(plan.strata) else ():
                    sitting.put(x, bound, (x.index,))
            for item in judged:
                if item.stratum == stratum:
                    sitting.put_diagnosis(item)
            sitting.fire()
        sitting.clear()
    except BaseException:
        sitting.networks.forget()
        raise


class Networks:
    """The networks of a rule book: one or more for each policy document, made when first used."""

    def __init__(self, book: RuleBook) -> None:
        self._book = book
        self._made: dict[int, Network] = {}
        self._group_of: dict[int, int] = {}
        self._groups = list(_groups(book))
        for n, group in enumerate(self._groups):
            for position in group:
                self._group_of[position] = n

    def of(self, position: int) -> Network:
        """The network that holds a rule of the book."""
        n = self._group_of[position]
        if n not in self._made:
            rules: dict[str, Conditions] = {}
            for p in self._groups[n]:
                rules.update(_rules(self._book, p))
            self._made[n] = Network(rules)
        return self._made[n]

    def forget(self) -> None:
        """Make all networks anew: after a failure nobody knows what they still hold."""
        self._made.clear()


_KEPT: WeakKeyDictionary[BoundBook, Networks] = WeakKeyDictionary()


def _rules(book: RuleBook, position: int) -> dict[str, Conditions]:
    with_stated = book.rules[position].when_stated is not None
    return rules_of(FIRST_RULE + position, with_stated=with_stated)


def _groups(book: RuleBook) -> Iterator[list[int]]:
    """The rules of each policy document, in groups that fit into one ruleset."""
    by_policy: dict[str, list[int]] = {}
    for position, rule in enumerate(book.rules):
        by_policy.setdefault(rule.policy, []).append(position)
    for positions in by_policy.values():
        group: list[int] = []
        filled = 0
        for position in positions:
            size = len(_rules(book, position))
            if not room_for(filled + size):
                yield group
                group, filled = [], 0
            group.append(position)
            filled += size
        yield group


class _Sitting:
    """One claim before the networks of its book."""

    def __init__(self, networks: Networks, result: Decided) -> None:
        self.networks = networks
        self.result = result
        self.asked: dict[int, tuple[LineFacts, BoundRule, tuple[int, ...]]] = {}
        self.drawn: dict[int, str] = {}
        self.waiting: dict[Network, list[str]] = {}
        self.used: set[Network] = set()
        self.number = 0
        self.acts: dict[str, Callable[[Mapping[str, int]], list[str]]] = {
            "line-barred": self._line_barred,
            "line-unsure": self._line_unsure,
            "claim-barred": self._claim_barred,
        }

    def put(self, x: LineFacts, bound: BoundRule, lines: tuple[int, ...]) -> None:
        """Evaluate a rule's terms on a line; they wait as a fact unless the rule cannot apply."""
        left = bound.applies(x) if callable(bound.applies) else bound.applies
        if left is False:
            return
        stated = bound.stated(x) if callable(bound.stated) else bound.stated
        if stated is False:
            return
        right = None
        if stated is True:
            right = bound.fulfilled(x) if callable(bound.fulfilled) else bound.fulfilled
        self.number += 1
        self.asked[self.number] = (x, bound, lines)
        fact = (
            f'{{"kind":{FIRST_RULE + bound.position},"number":{self.number},'
            f"{_LEFT[left]},{_STATED[stated]},{_RIGHT[right]}}}"
        )
        self.waiting.setdefault(self.networks.of(bound.position), []).append(fact)

    def put_diagnosis(self, item: Diagnosed) -> None:
        """The same of a rule on a diagnosis."""
        try:
            self.put(item.alone, item.bound, item.lines)
        except NotJudged:
            self.result.not_judged += len(item.lines)

    def fire(self) -> None:
        """Let the networks draw what follows, and note it in the order of asking."""
        for network, facts in self.waiting.items():
            self.used.add(network)
            network.run(facts, self._act)
        self.waiting = {}
        if self.drawn.keys() != self.asked.keys():
            raise DurableError("facts were left without an outcome")
        for number, (x, bound, lines) in self.asked.items():
            self._note(self.drawn[number], x, bound, lines)
        self.asked, self.drawn = {}, {}

    def _note(self, name: str, x: LineFacts, bound: BoundRule, lines: tuple[int, ...]) -> None:
        if name == "silent":
            if not bound.rule.for_diagnosis:
                self.result.silent.append((x, bound))
            return
        word = _WORDS[name]
        self.result.outcomes.append((x, bound, word, lines))
        if not bound.rule.for_diagnosis and self.result.around.words is not None:
            self.result.around.words[(x.index, bound.position)] = word

    def clear(self) -> None:
        """Retract all that the claim brought."""
        for network in self.used:
            network.clear()

    def _act(self, name: str, fact: Mapping[str, int]) -> list[str]:
        act = self.acts.get(name)
        return act(fact) if act else self._outcome(name.partition("-")[0], fact["number"])

    def _outcome(self, word: str, number: int) -> list[str]:
        if number in self.drawn:
            raise DurableError("a fact came out twice")
        self.drawn[number] = word
        x, bound, lines = self.asked[number]
        if not bound.bars or word in ("met", "silent"):
            return []
        if word == "violated" and not x.around.denies(x, bound.position):
            return []
        sure = int(word == "violated")
        if bound.on_claim:
            self.number += 1
            return [f'{{"kind":{CLAIM_BARRED},"number":{self.number},"sure":{sure}}}']
        return self._barred(lines, sure)

    def _barred(self, lines: tuple[int, ...] | range, sure: int) -> list[str]:
        first = self.number + 1
        self.number += len(lines)
        return [
            f'{{"kind":{LINE_BARRED},"number":{n},"line":{line},"sure":{sure}}}'
            for n, line in enumerate(lines, first)
        ]

    def _claim_barred(self, fact: Mapping[str, int]) -> list[str]:
        return self._barred(range(len(self.result.around.lines)), fact["sure"])

    def _line_barred(self, fact: Mapping[str, int]) -> list[str]:
        self.result.around.barred.add(fact["line"])
        return []

    def _line_unsure(self, fact: Mapping[str, int]) -> list[str]:
        self.result.around.unsure.add(fact["line"])
        return []


_LEFT: Final = {True: '"left_known":1,"left":1', None: '"left_known":0,"left":0'}
_STATED: Final = {True: '"stated_known":1,"stated":1', None: '"stated_known":0,"stated":0'}
_RIGHT: Final = {
    True: '"right_known":1,"right":1',
    False: '"right_known":1,"right":0',
    None: '"right_known":0,"right":0',
}
