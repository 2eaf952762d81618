"""Interchanges as they really come: odd delimiters, broken envelopes, foreign transactions."""

from __future__ import annotations

import pytest

from tests.claims.x12.build import edited, ids, read, segments, text

ALL = ["PM-1", "PM-2", "PM-3"]


def claim_ids(content: str | bytes) -> list[str]:
    return [claim.claim_id for claim in read(content)[0]]


@pytest.mark.parametrize(
    "terminator", ["~", "~\n", "~\r\n", "\n", "\r\n", "\r", "~\n    ", "~  \n\n", "\x1c", "|"]
)
def test_terminators_and_indentation(terminator: str) -> None:
    claims, problems = read(edited(terminator=terminator))
    assert [claim.claim_id for claim in claims] == ALL
    assert problems == []


def test_a_byte_order_mark() -> None:
    claims, problems = read(b"\xef\xbb\xbf" + edited().encode())
    assert [claim.claim_id for claim in claims] == ALL
    assert problems == []


def test_squeezed_padding_of_isa() -> None:
    short = "ISA*00**00**ZZ*SENDER*ZZ*RECEIVER*260304*1200*^*00501*1*0*T*:"
    claims, problems = read(edited({"ISA": short, "IEA": "IEA*1*1"}))
    assert [claim.claim_id for claim in claims] == ALL
    assert problems == []


def test_an_isa_that_lacks_elements_stops_its_interchange_only() -> None:
    bad = edited({"ISA": "ISA*00**00**ZZ*SENDER*ZZ*RECEIVER*260304*1200*^*00501*1*0*T"})
    claims, problems = read(bad + edited())
    assert [claim.claim_id for claim in claims] == ALL
    assert ids(problems) == ["bad-interchange"]


def test_no_isa_is_refused_with_a_message() -> None:
    claims, problems = read(edited({"ISA": None}))
    assert claims == []
    assert ids(problems) == ["x12-no-interchange"]


def test_text_before_isa_is_reported() -> None:
    claims, problems = read("sent by mail\n\n" + edited())
    assert [claim.claim_id for claim in claims] == ALL
    assert ids(problems) == ["stray-text"]


def test_text_behind_terminators_is_reported_once() -> None:
    claims, problems = read(edited(terminator="~ note\n"))
    assert [claim.claim_id for claim in claims] == ALL
    assert set(ids(problems)) == {"stray-text"}


def test_a_missing_terminator_at_the_end_of_a_line() -> None:
    claims, problems = read(edited().replace("REF*G1*AUTH1~", "REF*G1*AUTH1"))
    assert claims[0].prior_authorization == "AUTH1"
    assert ids(problems) == ["missing-terminator"]


def test_segments_broken_over_lines_of_fixed_width() -> None:
    whole = edited(terminator="~")
    broken = "\n".join(whole[at : at + 80] for at in range(0, len(whole), 80))
    claims, problems = read(broken)
    assert [claim.claim_id for claim in claims] == ALL
    assert claims == read(whole)[0]
    assert ids(problems) == ["broken-line"]


def test_several_interchanges_with_different_delimiters() -> None:
    other = edited(terminator="\n").replace("*", "|").replace(":", ">").replace("PM-", "Q-")
    claims, problems = read(edited() + other + edited(terminator="'"))
    assert [claim.claim_id for claim in claims] == [*ALL, "Q-1", "Q-2", "Q-3", *ALL]
    assert problems == []
    assert claims[3].lines[0].modifiers == ("RT", "KX", "59", "XS")


@pytest.mark.parametrize("isa_11", ["U", "^", "{", "|"])
def test_the_repetition_separator_does_not_matter(isa_11: str) -> None:
    claims, problems = read(edited().replace("*^*", f"*{isa_11}*"))
    assert [claim.claim_id for claim in claims] == ALL
    assert problems == []


@pytest.mark.parametrize("used", [">", "<", "|", "^"])
def test_another_component_separator_than_declared(used: str) -> None:
    head, rest = edited().split("~", 1)
    claims, problems = read(head + "~" + rest.replace(":", used))
    assert [claim.claim_id for claim in claims] == ALL
    assert claims[0].diagnoses == ("M47.816", "M79.18")
    assert ids(problems) == ["component-separator"]


def test_another_component_separator_in_the_services_only() -> None:
    changes = {"SV1*HC:64493": "SV1*HC>64493>RT*410.5*UN*1***1"}
    claims, problems = read(edited(changes))
    assert (claims[0].lines[0].procedure, claims[0].lines[0].modifiers) == ("64493", ("RT",))
    assert ids(problems) == ["component-separator"] * 2


def test_an_empty_component_separator() -> None:
    claims, problems = read(edited().replace("*T*:~", "*T*~"))
    assert [claim.claim_id for claim in claims] == ALL
    assert ids(problems) == ["component-separator"]


@pytest.mark.parametrize("guide", ["005010X222", "005010X222A1", "005010X222A2"])
def test_guides_of_the_professional_claim(guide: str) -> None:
    claims, problems = read(edited().replace("005010X222A1", guide))
    assert [claim.claim_id for claim in claims] == ALL
    assert problems == []


@pytest.mark.parametrize("guide", ["005010X223", "005010X223A2", "005010X223A3"])
def test_guides_of_the_institutional_claim(guide: str) -> None:
    claims, problems = read(edited(name="institutional.837").replace("005010X223A2", guide))
    assert [claim.form for claim in claims] == ["institutional"]
    assert ids(problems) == ["no-service-date"]


def test_gs08_decides_where_st03_is_missing() -> None:
    claims, problems = read(edited({"ST*": "ST*837*0001"}))
    assert [claim.claim_id for claim in claims] == ALL
    assert problems == []


@pytest.mark.parametrize(
    ("guide", "kind", "words"),
    [
        ("004010X098A1", "837", "version 4010"),
        ("005010X224A2", "837", "dental"),
        ("005010X298", "837", "post-adjudicated"),
        ("005010X221A1", "835", "a remittance advice"),
        ("005010X279A1", "270", "an eligibility inquiry"),
        ("005010", "837", "does not say which form"),
        ("", "837", "names no guide"),
        ("005010X231A1", "999", "an implementation acknowledgment"),
    ],
)
def test_what_is_not_read_is_named(guide: str, kind: str, words: str) -> None:
    content = edited({"ST*": f"ST*{kind}*0001*{guide}", "GS*": f"GS*HC*A*B*1*1*1*X*{guide}"})
    claims, problems = read(content)
    assert claims == []
    assert ids(problems) == ["refused-transaction"]
    assert words in problems[0].message
    assert "3 claims are not read" in problems[0].message


def test_a_refused_transaction_does_not_stop_the_next() -> None:
    refused = edited({"ST*": "ST*835*0001", "GS*": "GS*HP*A*B*1*1*1*X*005010X221A1"})
    assert claim_ids(refused + edited()) == ALL


@pytest.mark.parametrize(
    ("segment", "fault"),
    [
        ("SE*!*0001", "wrong-count"),
        ("SE*75*0002", "wrong-control-number"),
        ("GE*2*1", "wrong-count"),
        ("GE*1*9", "wrong-control-number"),
        ("IEA*3*000000001", "wrong-count"),
        ("IEA*1*000000009", "wrong-control-number"),
    ],
)
def test_wrong_counts_are_warnings(segment: str, fault: str) -> None:
    claims, problems = read(edited({segment.split("*")[0] + "*": segment}))
    assert [claim.claim_id for claim in claims] == ALL
    assert (ids(problems), problems[0].severity) == ([fault], "warning")


def test_without_se_the_last_claim_may_be_cut_and_is_not_read() -> None:
    claims, problems = read(edited({"SE*": None}))
    assert [claim.claim_id for claim in claims] == ALL[:2]
    assert ids(problems) == ["cut-claim"]
    assert "claim PM-3" in str(problems[0])


def test_without_st_its_claims_are_counted_as_not_read() -> None:
    claims, problems = read(edited({"ST*": None}))
    assert claims == []
    assert "refused-transaction" in ids(problems)
    assert "3 claims are not read" in " ".join(map(str, problems))


def test_a_file_that_ends_within_a_segment() -> None:
    content = edited()
    cut = content[: content.index("DTP*472*D8*20260305") + 9]
    claims, problems = read(cut)
    assert [claim.claim_id for claim in claims] == ["PM-1"]
    assert ids(problems) == ["partial-segment", "cut-claim", "no-trailer", "no-trailer"]


def test_the_last_terminator_may_be_missing() -> None:
    claims, problems = read(edited().rstrip("~\n"))
    assert [claim.claim_id for claim in claims] == ALL
    assert problems == []


def test_missing_trailers_are_warnings() -> None:
    claims, problems = read(edited({"GE*": None, "IEA*": None}) + edited())
    assert [claim.claim_id for claim in claims] == ALL * 2
    assert ids(problems) == ["no-trailer", "no-trailer"]


def test_an_acknowledgment_segment_is_passed_over() -> None:
    found = segments("professional.837")
    claims, problems = read(text([found[0], "TA1*1*260304*1200*A*000", *found[1:]]))
    assert [claim.claim_id for claim in claims] == ALL
    assert problems == []
