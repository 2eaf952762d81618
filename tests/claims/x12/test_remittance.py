"""Remittances: statuses by line, reversals, and what is wrong with a file."""

from __future__ import annotations

import random
from datetime import date

import pytest

from engine.claims.x12.remittance import read_remittances
from engine.model.problem import Problem
from engine.model.remittance import LineDecision, Remittance

HEAD = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*OFFICE         "
    "*260401*1200*^*00501*000000001*0*T*:~GS*HP*PAYER*OFFICE*20260401*1200*1*X*005010X221A1~"
)
START = "ST*835*0001~BPR*I*160*C*ACH************20260401~TRN*1*T-1*1512345678~DTM*405*20260331~"
ENDING = "SE*{}*0001~GE*1*1~IEA*1*000000001~"


def file_of(*claims: str) -> str:
    body = START + "N1*PR*MEDICARE~N1*PE*CAROLINA PAIN*XX*1234567893~LX*1~" + "".join(claims)
    return HEAD + body + ENDING.format(body.count("~") + 1)


def read(text: str) -> tuple[list[Remittance], list[Problem]]:
    found = list(read_remittances([text.encode()], "f.835"))
    return (
        [one for one in found if isinstance(one, Remittance)],
        [one for one in found if isinstance(one, Problem)],
    )


def one(claim: str) -> Remittance:
    found, problems = read(file_of(claim))
    assert problems == []
    assert len(found) == 1
    return found[0]


def decisions(claim: str) -> list[str]:
    return [line.decision for line in one(claim).lines]


def test_a_payment() -> None:
    found = one(
        "CLP*PM-7*1*510*160*40*MB*ICN-9~CAS*CO*45*310~NM1*QC*1*DOE*ADA****MI*MBI-1~"
        "NM1*82*1*ROE*R****XX*1245319599~REF*EA*1~DTM*232*20260304~AMT*AU*200~"
        "SVC*HC:64493:RT:KX*410*160**1~DTM*472*20260305~CAS*CO*45*210~CAS*PR*2*40~REF*6R*2~AMT*B6*200~"
        "SVC*HC:20553*100*0**0**1~CAS*CO*97*100~LQ*HE*N115~"
    )
    assert found == Remittance(
        "PM-7",
        "paid",
        (
            LineDecision("paid", "64493", ("RT", "KX"), date(2026, 3, 5), 2),
            LineDecision("denied", "20553", (), date(2026, 3, 4)),
        ),
        "ICN-9",
        date(2026, 4, 1),
        "MBI-1",
        trace="T-1",
        position=1,
    )


@pytest.mark.parametrize(
    ("service", "expected"),
    [
        ("SVC*HC:20552*100*60~", "paid"),
        ("SVC*HC:20552*100*0~CAS*PR*1*80~CAS*CO*45*20~", "paid"),
        ("SVC*HC:20552*100*0~CAS*PR*3*20*1*2*80~", "paid"),
        ("SVC*HC:20552*100*0~CAS*OA*23*100~", "paid"),
        ("SVC*HC:20552*100*0~AMT*B6*55~CAS*CO*253*55~", "paid"),
        ("SVC*HC:20552*100*0~CAS*CO*151*100~", "denied"),
        ("SVC*HC:20552*100*0~CAS*PR*96*100~", "denied"),
    ],
)
def test_what_is_paid(service: str, expected: str) -> None:
    assert decisions(f"CLP*A*1*100*0~{service}") == [expected]


def test_a_denied_claim_denies_every_line() -> None:
    assert decisions("CLP*A*4*100*0~SVC*HC:20552*100*0~CAS*PR*1*100~") == ["denied"]


def test_a_reversal() -> None:
    found = one("CLP*A*22*-100*-60**MB*ICN~SVC*HC:20552*-100*-60~DTM*472*20260304~")
    assert found.reversal
    assert [line.decision for line in found.lines] == ["denied"]


@pytest.mark.parametrize(
    ("status", "secondary"), [("1", False), ("2", True), ("3", True), ("21", True)]
)
def test_who_decides(status: str, secondary: bool) -> None:
    assert one(f"CLP*A*{status}*100*60~").secondary is secondary


@pytest.mark.parametrize("status", ["23", "25"])
def test_nothing_is_decided(status: str) -> None:
    found = one(f"CLP*A*{status}*100*0~SVC*HC:20552*100*0~")
    assert (found.decision, found.lines) == (None, ())


def test_the_billed_code_is_used_where_another_was_decided() -> None:
    (line,) = one("CLP*A*1*100*60~SVC*HC:20552*100*60**1*HC:20553:59~").lines
    assert (line.procedure, line.modifiers) == ("20553", ("59",))


def test_a_room_has_no_code() -> None:
    (line,) = one("CLP*A*1*100*60~SVC*NU:0360*100*60~").lines
    assert line.procedure is None


@pytest.mark.parametrize(
    ("text", "fault"),
    [
        (file_of("CLP**1*100*60~"), "missing-field"),
        (file_of("CLP*A*99*100*60~"), "unknown-status"),
        (file_of("CLP*A*1*100*60~").replace("SE*9", "SE*4"), "wrong-count"),
        (file_of("CLP*A*1*100*60~").replace("ST*835", "ST*999"), "refused-transaction"),
        (file_of("CLP*A*1*100*60~SVC*HC:2055*1*1~"), "bad-code"),
        (file_of("CLP*A*1*100*60~").split("SE*")[0], "cut-claim"),
    ],
)
def test_what_is_wrong(text: str, fault: str) -> None:
    _, problems = read(text)
    assert [problem.id for problem in problems] == [fault]


def test_a_payment_cut_short_is_not_read() -> None:
    found, _ = read(file_of("CLP*A*1*1*1~", "CLP*B*1*1*1~").split("SE*")[0])
    assert [one.claim_id for one in found] == ["A"]


def test_several_transactions_and_provider_adjustments() -> None:
    body = START + "CLP*A*1*1*1~PLB*1234567893*20261231*WO:1*5~"
    one_ = body + ENDING.format(body.count("~") + 1).split("GE")[0]
    found, problems = read(HEAD + one_ + one_ + "GE*2*1~IEA*1*000000001~")
    assert [(f.claim_id, f.position) for f in found] == [("A", 1), ("A", 1)]
    assert problems == []


@pytest.mark.parametrize("seed", range(20))
def test_no_file_breaks_the_reader(seed: int) -> None:
    random_ = random.Random(seed)
    text = file_of(
        "CLP*A*1*510*160*40*MB*ICN-9~SVC*HC:64493:RT*410*160**1~DTM*472*20260305~CAS*PR*1*5~"
    )
    letters = list(text)
    for _ in range(25):
        letters[random_.randrange(len(letters))] = random_.choice("~*:A1 \n")
    for item in read_remittances(["".join(letters).encode()], "f.835"):
        assert isinstance(item, Remittance | Problem)
