"""What is written of some claims: the rows of the outputs as tables, and what is counted."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from decimal import Decimal

import pyarrow as pa

from engine.batch.schemas import CODED


def _nothing() -> dict[str, pa.Table]:
    return {name: schema.empty_table() for name, schema in CODED.items()}


@dataclass(frozen=True)
class Written:
    """Rows by output with the schemas `CODED`, claims by verdict, and the charges of all claims
    together in dollars."""

    tables: dict[str, pa.Table] = field(default_factory=_nothing)
    verdicts: Counter[str] = field(default_factory=Counter)
    charge: Decimal = Decimal()

    def count(self, name: str) -> int:
        """How many rows there are of an output."""
        return int(self.tables[name].num_rows)

    def __add__(self, other: Written) -> Written:
        joined = {name: _joined(t, other.tables[name]) for name, t in self.tables.items()}
        return Written(joined, self.verdicts + other.verdicts, self.charge + other.charge)


def _joined(one: pa.Table, other: pa.Table) -> pa.Table:
    if not one.num_rows or not other.num_rows:
        return one if one.num_rows else other
    # Of one dictionary, texts are written to files as they are coded.
    return pa.concat_tables([one, other]).unify_dictionaries()
