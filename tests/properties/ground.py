"""What all random rule books share: vocabulary, sets, tables, payer and sources."""

from __future__ import annotations

import json
from typing import Any

CODES = ("20552", "20553", "64490", "64493", "64494", "99213")
NEEDLING = ("20552", "20553")
FACET = ("64490", "64493", "64494")
MODIFIERS = ("RT", "LT", "50", "KX", "59", "25")
DIAGNOSES = ("M79.12", "M79.18", "M54.50")
PLACES = ("11", "22", "24")
DAYS = (
    "2023-12-31",
    "2024-02-29",
    "2024-03-01",
    "2024-06-30",
    "2024-09-15",
    "2024-12-31",
    "2025-01-01",
    "2025-01-10",
    "2025-02-28",
    "2025-03-01",
)

_FACTS: dict[str, dict[str, Any]] = {
    "consent": {"type": "yes_no", "about": "claim"},
    "urgent": {"type": "yes_no", "about": "line"},
    "biologic": {"type": "yes_no", "about": "line", "rare": True},
    "approach": {"type": "choice", "values": ["front", "back", "side"], "about": "line"},
    "muscles": {"type": "integer", "about": "line"},
    "relief": {"type": "percent", "about": "line"},
    "pain": {"type": "duration", "unit": "weeks", "about": "claim"},
    "onset": {"type": "date", "about": "claim"},
    "drugs": {"type": "words", "about": "line"},
    "side": {"type": "choice", "values": ["right", "left", "bilateral"], "about": "line"},
}


def file(data: Any) -> bytes:
    """A document as the bytes of a file; JSON is read wherever YAML is."""
    return json.dumps(data, indent=1).encode()


def shared_files() -> dict[str, bytes]:
    """Every file but the policies."""
    return {
        "medicare/payer.yaml": file(_PAYER),
        "medicare/sources.yaml": file(_SOURCES),
        "coding/sources.yaml": file(_SOURCES),
        "coding/codes.yaml": file(_SETS),
        "vocabulary/facts.yaml": file(_VOCABULARY),
        **_table("pairs", _PAIRS, ["one", "two"], complete=False),
        **_table("limits", _LIMITS, ["code", "file"], complete=False),
        **_table("valid", _VALID, ["code"], complete_for={"code": list(NEEDLING)}),
        **_table("kinds", _KINDS, ["code"], complete=True),
    }


def dated(entries: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Entries of which no two have the same dates."""
    unique = {(entry.get("from"), entry.get("published")): entry for entry in entries}
    return list(unique.values())


_VOCABULARY = {
    "vocabulary": "facts",
    "says": "Facts of the random books.",
    "facts": {
        name: {"says": name, "stated": "at_service", "question": f"What is {name}?", **about}
        for name, about in _FACTS.items()
    },
}
_SENTENCES = {"one": {"says": "One sentence."}}
_SOURCES = {
    "sources": {
        "firm": {"title": "A", "publisher": "B", "evidence": "primary", "sentences": _SENTENCES},
        "weak": {"title": "A", "publisher": "B", "evidence": "unverified", "sentences": _SENTENCES},
    },
    "interpretations": {
        "reading": {"says": "A reading.", "owner": "desk", "date": "2025-01-31", "reason": "None."}
    },
}


def _window(**kind: Any) -> dict[str, Any]:
    return {"says": "A window.", "cites": "interpretation/reading", **kind}


WINDOWS = {
    "year": _window(rolling="12 months", far_edge="outside", this_date="inside"),
    "year_before": _window(rolling="12 months", far_edge="inside", this_date="outside"),
    "weeks": _window(rolling="10 weeks", far_edge="inside", this_date="inside"),
    "this_year": _window(calendar="year", this_date="inside"),
    "this_quarter": _window(calendar="quarter", this_date="outside"),
    "this_month": _window(calendar="month", this_date="inside"),
    "benefit_year": _window(periods_from_first="12 months", this_date="inside"),
    "period_before": _window(periods_from_first="6 months", this_date="outside"),
    "episode": _window(since_gap_of="6 months", this_date="inside"),
    "episode_before": _window(since_gap_of="3 months", this_date="outside"),
    "since_onset": _window(since={"fact": "onset"}, this_date="inside"),
}

_PAYER = {
    "payer": "medicare",
    "title": "Medicare",
    "sources": "sources.yaml",
    "layers": [
        {
            "from": "2000-01-01",
            "coding": ["coding"],
            "payer": ["medicare/national"],
            "contractor": ["medicare/contractors/{contractor}"],
            "plan": ["medicare/plans/{plan}"],
        }
    ],
    "contractors": {"cgs": {"title": "CGS"}},
    "windows": WINDOWS,
}

_SETS = {
    "sources": "sources.yaml",
    "sets": {
        "everything": {
            "says": "Every code, with its region.",
            "attributes": ["region"],
            "members": [
                {"code": code, "region": "neck" if code in ("20552", "64490") else "back"}
                for code in CODES
            ],
        },
        "needling": {"says": "Needling.", "members": list(NEEDLING)},
        "facet": {
            "says": "Facet codes, the third since 2024 and not since 2025.",
            "attributes": ["position"],
            "members": [
                {"code": "64490", "position": "first"},
                {"code": "64493", "position": "first", "from": "2024-03-01"},
                {"code": "64493", "position": "second", "from": "2024-12-31"},
                {
                    "code": "64494",
                    "position": "second",
                    "from": "2024-01-01",
                    "published": "2024-06-30",
                },
                {"code": "64494", "from": "2025-01-01", "ends": True},
            ],
        },
        "listed": {"says": "Diagnoses.", "of": "diagnosis", "members": ["M79.12", "M79.18"]},
        "distinct": {"says": "Modifiers.", "of": "modifier", "members": ["59", "KX"]},
        "hospital": {"says": "Places.", "of": "place_of_service", "members": ["22"]},
    },
}


def _table(
    name: str,
    rows: tuple[str, ...],
    key: list[str],
    complete: bool = False,
    complete_for: dict[str, list[str]] | None = None,
) -> dict[str, bytes]:
    columns = rows[0].split(",")
    types = {"limit": "integer", "begins": "date", "ended": "date", "told": "date"}
    types |= {"ended_told": "date", "kind": "word", "file": "word"}
    clocks = {"from": "begins", "to": "ended", "published": "told", "to_published": "ended_told"}
    header: dict[str, Any] = {
        "table": name,
        "says": "Rows.",
        "file": f"{name}.csv",
        "sources": "sources.yaml",
        "cites": "firm/one",
        "key": key,
        "columns": {c: {"type": types.get(c, "code"), "says": c} for c in columns},
        "dated": {word: column for word, column in clocks.items() if column in columns},
        "complete": complete,
    }
    if complete_for:
        header["complete_for"] = complete_for
    return {
        f"coding/{name}.table.yaml": file(header),
        f"coding/{name}.csv": ("\n".join(rows) + "\n").encode(),
    }


_PAIRS = (
    "one,two,kind,begins,ended,told",
    "64490,20552,0,2020-01-01,,",
    "64493,20552,1,2024-01-01,2024-12-31,2024-03-01",
    "64493,20553,1,2020-01-01,,",
    "64494,20553,0,2024-09-15,,2025-01-01",
    "64493,64494,1,2020-01-01,,",
    "64490,64494,1,2020-01-01,,",
)
_LIMITS = (
    "code,file,limit,begins",
    "20552,office,1,2020-01-01",
    "20553,office,2,2024-03-01",
    "64493,office,1,2020-01-01",
    "64493,hospital,2,2020-01-01",
)
_VALID = (
    "code,begins,ended,ended_told",
    "20552,2020-01-01,2024-12-31,2025-01-10",
    "64490,2024-06-30,,",
    "99213,2020-01-01,2024-02-29,",
)
_KINDS = (
    "code,kind,begins",
    "20552,000,2020-01-01",
    "20553,010,2020-01-01",
    "64493,010,2024-06-30",
    "99213,XXX,2020-01-01",
)
