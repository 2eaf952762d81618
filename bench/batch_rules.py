"""Ten rules of one line and its claim, by hand in SQL, in pandas and for zen-engine.

They stand for kinds of rules of the library: units of a line, a modifier that must or must not be
there, a side, a diagnosis from a list, a place, a companion of the same claim, a pair.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import duckdb

from bench import in_zen as zen_rules
from bench.flat import Condition, Flat

Found = set[tuple[str, str, int]]
_TRIGGER = ("20552", "20553")
_FACET = ("64490", "64493", "64635")
RULES = (
    Flat("one-unit", _TRIGGER, (Condition("units_above", limit=1),)),
    Flat("facet-units", _FACET, (Condition("units_above", limit=1),)),
    Flat("epidural-units", ("62321", "62323"), (Condition("units_above", limit=1),)),
    Flat("side", ("20610", "64483"), (Condition("modifiers", ("RT", "LT", "50"), holds=False),)),
    Flat("no-both-sides", _TRIGGER, (Condition("modifiers", ("50",)),)),
    Flat("muscle-diagnosis", _TRIGGER,
         (Condition("diagnoses", ("M79.18", "M79.12", "M62.838"), holds=False),)),
    Flat("joint-diagnosis", ("27096",), (Condition("diagnoses", ("M46.1",), holds=False),)),
    Flat("place", ("64635",), (Condition("place", ("11", "22", "24"), holds=False),)),
    Flat("add-on-alone", ("64484",), (Condition("beside", ("64483",), holds=False),)),
    Flat("second-unit-with-kx", _FACET,
         (Condition("units_above", limit=1), Condition("modifiers", ("KX",), holds=False))),
)  # fmt: skip
_LINES = (
    "claim_id, claim_line_number AS line, hcpcs_code AS code, service_unit_quantity AS units, "
    "place_of_service_code AS place, coalesce(hcpcs_modifier_1, '') AS m1, "
    "coalesce(hcpcs_modifier_2, '') AS m2, coalesce(diagnosis_code_1, '') AS d1, "
    "coalesce(diagnosis_code_2, '') AS d2, claim_line_start_date AS day"
)


def _texts(values: tuple[str, ...]) -> str:
    return ", ".join(f"'{v}'" for v in values)


def _sql(condition: Condition) -> str:
    values = _texts(condition.values)
    texts = {
        "units_above": f"units > {condition.limit}",
        "place": f"place IN ({values})",
        "modifiers": f"(m1 IN ({values}) OR m2 IN ({values}))",
        "diagnoses": f"(d1 IN ({values}) OR d2 IN ({values}))",
        "beside": "EXISTS (SELECT 1 FROM lines o WHERE o.claim_id = l.claim_id AND o.day = l.day "
        f"AND o.line <> l.line AND o.code IN ({values}))",
    }
    return texts[condition.of] if condition.holds else f"NOT {texts[condition.of]}"


def in_sql(path: Path) -> Found:
    """As a query, one SELECT a rule."""
    parts = [
        f"SELECT '{rule.id}', claim_id, line FROM lines l WHERE code IN ({_texts(rule.codes)}) AND "
        + " AND ".join(map(_sql, rule.conditions))
        for rule in RULES
    ]
    with duckdb.connect(config={"threads": 2}) as database:
        database.execute(f"CREATE TEMP TABLE lines AS SELECT {_LINES} FROM read_parquet('{path}')")
        return set(database.execute(" UNION ALL ".join(parts)).fetchall())


def in_pandas(path: Path) -> Found:
    """As people write it: a frame, masks, a merge for the companion."""
    import pandas as pd

    with duckdb.connect() as database:
        frame: Any = database.execute(f"SELECT {_LINES} FROM read_parquet('{path}')").df()
    found: Found = set()
    for rule in RULES:
        mask = frame["code"].isin(rule.codes)
        for condition in rule.conditions:
            mask &= _mask(pd, frame, condition) if condition.holds else ~_mask(pd, frame, condition)
        hits = frame.loc[mask, ["claim_id", "line"]].itertuples(index=False, name=None)
        found |= {(rule.id, str(claim), int(line)) for claim, line in hits}
    return found


def _mask(pd: Any, frame: Any, condition: Condition) -> Any:
    values = list(condition.values)
    if condition.of == "units_above":
        return frame["units"] > condition.limit
    if condition.of == "place":
        return frame["place"].isin(values)
    if condition.of in ("modifiers", "diagnoses"):
        one, two = ("m1", "m2") if condition.of == "modifiers" else ("d1", "d2")
        return frame[one].isin(values) | frame[two].isin(values)
    others = frame.loc[frame["code"].isin(values), ["claim_id", "day", "line"]]
    both = frame.reset_index().merge(others, on=["claim_id", "day"], suffixes=("", "_other"))
    hits = both.loc[both["line"] != both["line_other"], "index"].unique()
    return pd.Series(frame.index.isin(hits), index=frame.index)


def in_zen(path: Path) -> Found:
    """By zen-engine, its content compiled, claim by claim."""
    evaluate = zen_rules.compiled(RULES)
    with duckdb.connect() as database:
        claims = database.execute(
            "SELECT claim_id, list({'number': line, 'procedure': code, 'units': units, "
            "'place': place, 'day': day::VARCHAR, 'modifiers': [m1, m2], 'diagnoses': [d1, d2]} "
            f"ORDER BY line) FROM (SELECT {_LINES} FROM read_parquet('{path}')) GROUP BY claim_id"
        )
        found: Found = set()
        while rows := claims.fetchmany(20_000):
            for claim, lines in rows:
                found |= {(rule, claim, line) for rule, line in evaluate({"lines": lines})}
    return found
