"""What a report on a large batch costs: a folder is made by SQL, and the command reads it.

    python -m bench.report [CLAIMS]

Of 100 claims 12 are not clean, 8 wait and 10 bear a warning. Nothing in it is a real claim.
"""

from __future__ import annotations

import json
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any, Final

import duckdb

CLAIMS: Final = 1_000_000
_DRAWN: Final = """CREATE TABLE drawn AS SELECT
    'S' || lpad(i::VARCHAR, 9, '0') AS claim_id, hash(i, 1) % 100 AS luck,
    1 + (hash(i, 2) % 3)::INT AS many, (100 + hash(i, 3) % 900)::DECIMAL(18, 2) AS charge,
    DATE '2025-01-01' + (hash(i, 4) % 500)::INT AS service_date,
    (1900000000 + hash(i, 5) % 2000)::VARCHAR AS rendering_npi, '1900000054' AS billing_npi,
    'group-' || (hash(i, 6) % 40) AS "group", 'payer-' || (hash(i, 7) % 5) AS payer,
    NULL::VARCHAR AS contractor, ['11', '22', '24'][1 + (hash(i, 8) % 3)::INT] AS place_of_service
FROM range({claims}) AS t(i)"""
_TABLES: Final = {
    "claims": """SELECT * REPLACE (charge * many AS charge), CASE WHEN luck < 12 THEN 'not_clean'
    WHEN luck < 20 THEN 'undecided' ELSE 'clean' END AS verdict FROM drawn""",
    "findings": """SELECT claim_id, hash(claim_id, j) % 150 AS n, 'made/up#rule-' || n AS rule,
    CASE WHEN luck >= 12 THEN 'warn' ELSE ['deny', 'reject', 'review'][1 + (n % 3)::INT] END
        AS finding,
    CASE j WHEN 0 THEN [1] WHEN 1 THEN range(1, many + 1) ELSE [many] END::INT[] AS lines,
    charge * len(lines) AS charge, 'CO' AS group_code, ['50', '151', '16'][1 + (n % 3)::INT]
        AS carc, CASE WHEN n % 2 = 0 THEN 'N115' END AS rarc,
    'Not before ' || service_date AS message, n % 4 = 0 AS verified
    FROM drawn, range(4) AS r(j)
    WHERE (luck < 12 AND j <= hash(claim_id, 9) % 4) OR (luck >= 90 AND j = 0)""",
    "needs": """SELECT claim_id,
    'fact_' || least(hash(claim_id, j, 1) % 60, hash(claim_id, j, 2) % 60) AS fact,
    'Is it so?' AS question, true AS weighs FROM drawn, range(3) AS r(j)
    WHERE luck BETWEEN 12 AND 19 AND j <= hash(claim_id, 9) % 3""",
}


def folder(out: Path, claims: int) -> None:
    """Write a batch folder of so many judged claims."""
    rows: dict[str, int] = {}
    with duckdb.connect() as db:
        db.execute("SET preserve_insertion_order = false")
        db.execute("SET enable_progress_bar = false")
        db.execute(_DRAWN.format(claims=claims))
        for table, query in _TABLES.items():
            target = out / table
            db.execute(
                f"COPY ({query}) TO '{target}' "
                "(FORMAT parquet, PER_THREAD_OUTPUT true, FILENAME_PATTERN 'part-{i}')"
            )
            found = db.execute(f"SELECT count(*) FROM read_parquet('{target}/*.parquet')")
            (rows[table],) = found.fetchone() or (0,)
    (out / "quarantine.jsonl").touch()
    (out / "run.json").write_text(json.dumps(_account(rows)))
    print(", ".join(f"{count:,} {table}" for table, count in rows.items()))


def _account(rows: dict[str, int]) -> dict[str, Any]:
    counts = {"untouched": 0, "judged": rows["claims"], "quarantined": 0}
    return {
        "claims": {"read": rows["claims"], **counts},
        "findings": rows["findings"],
        "needs": rows["needs"],
        "complete": True,
    }


def report(out: str) -> None:
    """Report on the folder, and print what that cost."""
    start = time.monotonic()
    command = [sys.executable, "-m", "engine.cli.main", "report", out]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    seconds, used = time.monotonic() - start, resource.getrusage(resource.RUSAGE_CHILDREN)
    print(
        f"{seconds:.1f} s, {used.ru_utime + used.ru_stime:.1f} s of processor time, "
        f"{used.ru_maxrss / 1024:,.0f} MB at most"
    )


def main(claims: int) -> None:
    """Each step has a process of its own: a child's peak would count what its parent held."""
    with tempfile.TemporaryDirectory() as out:
        for call in (f"folder(Path({out!r}), {claims})", f"report({out!r})"):
            code = f"from bench.report import *; {call}"
            subprocess.run([sys.executable, "-c", code], check=True)


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else CLAIMS)
