"""Strategies for the forms of rules, over the shared ground."""

from __future__ import annotations

from functools import cache
from typing import Any, TypeAlias

from hypothesis import strategies as st

from tests.properties.ground import CODES, DAYS, DIAGNOSES, FACET, MODIFIERS, WINDOWS

Form: TypeAlias = dict[str, Any]
Forms: TypeAlias = st.SearchStrategy[Form]

_SMALL = st.integers(0, 3)
_LENGTHS = st.sampled_from(["6 weeks", "2 months", "3 months", "60 days", "1 year"])


def _one(*items: Any) -> st.SearchStrategy[Any]:
    return st.sampled_from(items)


@cache
def _some(items: tuple[str, ...]) -> st.SearchStrategy[list[str]]:
    return st.lists(st.sampled_from(items), min_size=1, max_size=2, unique=True)


@cache
def codes() -> st.SearchStrategy[Any]:
    """Procedure codes in every way of naming them."""
    column = {"table": "kinds", "column": "code", "rows": {"kind": ["010", "000"]}}
    return st.one_of(
        _one("needling", "chosen", "facet", "everything", "64493", "20552", column), _some(CODES)
    )


_MODIFIERS = st.one_of(_one("distinct", "KX", "RT"), _some(MODIFIERS))
_TABLE_LIMIT = {"table": "limits", "column": "limit", "rows": {"file": ["office"]}}
_VALUES = st.one_of(_SMALL, _one("limit", {"fact": "muscles"}, {"line": "units"}))


@cache
def _bound(values: st.SearchStrategy[Any] = _VALUES) -> Forms:
    return st.builds(
        lambda word, value: {word: value}, _one("at_most", "at_least", "equals"), values
    )


@cache
def _documented() -> Forms:
    edge = _one("at_most", "at_least")
    numbers = st.one_of(_SMALL, _one("limit", {"fact": "relief"}))
    lengths = st.one_of(_LENGTHS, st.just("long"))
    return st.one_of(
        st.builds(lambda f, v: {"fact": f, "is": v}, _one("consent", "urgent"), st.booleans()),
        st.builds(lambda v: {"fact": "approach", "is": v}, _one("front", "back")),
        st.builds(lambda v: {"fact": "approach", "in": v}, _some(("front", "back", "side"))),
        st.builds(lambda w, v: {"fact": "muscles", w: v}, edge, numbers),
        st.builds(lambda w, v: {"fact": "relief", w: v}, edge, st.sampled_from([50, 80])),
        st.builds(lambda w, v: {"fact": "pain", w: v}, edge, lengths),
        st.builds(lambda w, v: {"fact": "onset", w: v}, edge, st.sampled_from(DAYS)),
        st.builds(lambda v: {"fact": "drugs", "includes": v}, _one("saline", "steroid")),
        st.builds(lambda f: {"facts": f}, _some(("consent", "approach", "relief"))),
    )


@cache
def _attributes() -> Forms:
    return st.one_of(
        st.builds(lambda v: {"region": v}, _one("neck", "back", ["neck", "back"])),
        st.builds(lambda v: {"position": v}, _one("first", "second", {"in": ["first"]})),
        st.builds(lambda v: {"purpose": v}, _one("test", "cure")),
        st.builds(lambda v: {"counted_region": v}, _one("neck", "back")),
    )


@cache
def patterns() -> dict[str, st.SearchStrategy[Any]]:
    """What each key of a line pattern may want, but `procedure`."""
    words = _one("has_any", "has_all", "has_none")
    return {
        "modifier": st.dictionaries(words, _MODIFIERS, min_size=1, max_size=2),
        "diagnosis": st.one_of(_one("listed", {"of": "listed", "primary": True}), _some(DIAGNOSES)),
        "place_of_service": _one("hospital", "11", ["22", "24"]),
        "provider": st.fixed_dictionaries(
            {}, optional={"npi": _one("1111111112", "2222222228"), "group": _one("one", ["two"])}
        ).filter(bool),
        "patient": st.one_of(
            st.builds(lambda b: {"age": b}, _edges(st.one_of(_one(40, 69, 70), st.just("limit")))),
            st.builds(lambda v: {"sex": v}, _one("F", ["F", "M"])),
            st.builds(lambda b: {"birth_date": b}, _edges(_one("1955-03-01", "1960-01-01"))),
        ),
        "claim": st.one_of(
            st.builds(lambda v: {"form": v}, _one("professional", ["institutional"])),
            st.builds(lambda v: {"facility_type": v}, _one("office", ["hospital_outpatient"])),
            st.builds(lambda v: {"kind": v}, _one("professional", "facility")),
            st.builds(lambda v: {"state": v}, _one("NC", ["OH", "KY"])),
            _one({"stage": "billed"}, {"payer": "medicare"}, {"contractor": "cgs"}),
        ),
        "attributes": _attributes(),
    }


@cache
def _edges(values: st.SearchStrategy[Any]) -> Forms:
    return st.builds(lambda word, value: {word: value}, _one("at_least", "at_most"), values)


@cache
def _keys() -> st.SearchStrategy[list[str]]:
    names = ("procedure", "provider", "group", "side", "region", "purpose", "approach")
    return st.lists(st.sampled_from(names), max_size=2, unique=True)


@cache
def _where() -> Forms:
    keys = {**patterns(), "documented": _documented(), "procedure": codes()}
    return st.fixed_dictionaries({}, optional=_two(keys)).filter(bool)


def _two(keys: dict[str, Any]) -> dict[str, Any]:
    chosen = ("modifier", "attributes", "documented", "place_of_service", "procedure")
    return {name: keys[name] for name in chosen}


@cache
@st.composite
def sessions(draw: st.DrawFn) -> Form:
    """A count of sessions."""
    form: Form = {"of": draw(codes()), "within": draw(st.sampled_from(sorted(WINDOWS)))}
    form |= draw(_bound())
    form |= _selection(draw)
    if draw(st.integers(0, 3)) == 0:
        form |= {"count": draw(_one("lines", "units")), "counting": "paid"}
    return {"sessions": form}


@cache
@st.composite
def spacing(draw: st.DrawFn) -> Form:
    """A distance from earlier services."""
    form: Form = {"of": draw(codes()), "at_least": draw(st.one_of(_LENGTHS, st.just("long")))}
    return {"spacing": form | _selection(draw)}


def _selection(draw: st.DrawFn) -> Form:
    form: Form = {}
    if draw(st.integers(0, 2)) == 0:
        form["where"] = draw(_where())
    same = draw(_keys())
    if same:
        form["same"] = same
    if draw(st.integers(0, 5)) == 0:
        form["different"] = [draw(_one("region", "side", "provider"))]
    if draw(st.booleans()):
        form["counting"] = draw(_one("paid", "performed"))
    if draw(st.booleans()):
        form["by"] = draw(_one("any_provider", "group", "rendering_provider"))
    return form


@cache
@st.composite
def relation(draw: st.DrawFn, name: str, table: bool = False) -> Form:
    """A companion, or none."""
    day = draw(_one(["date"], ["claim"], ["claim", "date"]))
    form: Form = {"same": day + draw(_keys())}
    if not table:
        form["procedure"] = draw(st.one_of(codes(), st.just("same_code")))
    else:
        form |= {"table": "pairs", "line": "two", "other": "one"}
        if draw(st.booleans()):
            form["rows"] = {"kind": ["1"]}
    if draw(st.integers(0, 2)) == 0:
        form["where"] = draw(_where())
    if draw(st.integers(0, 5)) == 0:
        form["different"] = [draw(_one("region", "side"))]
    return {name: form}


@cache
@st.composite
def units(draw: st.DrawFn, table: bool = False) -> Form:
    """The units of the line, or summed."""
    form: Form = draw(_bound(st.just(_TABLE_LIMIT) if table else _VALUES))
    if draw(st.booleans()):
        keys = draw(_keys())
        day = draw(_one(["date"], ["claim"]))
        form["summed_over"] = day + keys
        if "procedure" not in keys:
            form["of"] = draw(codes())
    return {"units": form}


@cache
def plain_forms() -> Forms:
    """Every form that holds no other and asks for no outcome."""
    single = [
        st.builds(lambda v, n=name: {n: v}, strategy) for name, strategy in patterns().items()
    ]
    return st.one_of(
        *single,
        st.builds(lambda v: {"procedure": v}, codes()),
        st.builds(lambda v: {"documented": v}, _documented()),
        st.builds(lambda v: {"documented": v}, _documented()),
        st.builds(lambda v: {"prior_authorization": v}, st.booleans()),
        sessions(),
        sessions(),
        spacing(),
        relation("companion"),
        relation("not_with"),
        units(),
        _one(
            {"code_for": "which_code"},
            {"code_for": "which_modifier"},
            {"never": "covered"},
            {"manual_review": {"question": "Is it so?", "who": "a coder"}},
        ),
    )


@cache
def table_forms() -> Forms:
    """Forms about which a table that is not complete may say nothing at all."""
    return st.one_of(
        relation("companion", table=True),
        relation("not_with", table=True),
        units(table=True),
        _one({"active_code": {"table": "valid"}}, {"active_code": {"table": "kinds"}}),
    )


@cache
def forms() -> Forms:
    """A plain form, or some of them combined."""
    several = st.lists(plain_forms(), min_size=1, max_size=3)
    return st.one_of(
        plain_forms(),
        plain_forms(),
        st.builds(lambda w, f: {w: f}, _one("all_of", "any_of", "none_of"), several),
        st.builds(lambda f, b: {"count_of": {"of": f, **b}}, several, _bound(_SMALL)),
    )


@cache
def companions_that_are_payable() -> Forms:
    """A needling line's companion among the facet codes, which never ask back."""
    return _one(
        *(
            {"companion": {"procedure": codes, "same": same, "outcome": "payable"}}
            for codes in ("facet", list(FACET))
            for same in (["date"], ["claim"], ["date", "provider"])
        ),
        {
            "companion": {
                "table": "pairs",
                "line": "two",
                "other": "one",
                "same": ["date"],
                "outcome": "payable",
            }
        },
    )


__all__ = ["codes", "companions_that_are_payable", "forms", "patterns", "table_forms"]
