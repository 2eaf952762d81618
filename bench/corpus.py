"""Generates claim lines by the million in the Tuva layout, equal for equal seeds, with a database.

Relevant claims are of pain management: procedures with their companions, sides, diagnoses, places
and specialties as they occur together, over two years, each patient with a few, most of them for
one complaint. The other claims are laboratory, imaging and the like, of which the shipped policies
say nothing: visits, and lines with modifier 59, would be judged. Nothing in them is of a real
person.
"""

from __future__ import annotations

from pathlib import Path

import duckdb

from engine.analysis.sample.persons import npi

DAYS = 730
DOCTORS = 4000
FIRST = "2024-11-01"
PATIENTS_A_CLAIM = 0.4
"""Patients for each relevant claim: two and a half claims a patient."""
# Procedure, add-on or nothing, diagnoses, how often among 100.
_KINDS = (
    ("20552", "", "M79.18 M79.12 M62.838 M54.2", 14),
    ("20553", "", "M79.18 M79.12 M54.59", 12),
    ("20610", "J1030", "M17.11 M17.12 M25.511 M25.512", 13),
    ("64483", "64484", "M54.16 M54.17 M51.16 M48.061", 14),
    ("62323", "", "M54.16 M54.17 M48.061 M96.1", 10),
    ("62321", "", "M54.12 M50.12 M48.02", 6),
    ("64493", "64494", "M47.816 M47.817 M54.59", 11),
    ("64490", "64491", "M47.812 M54.2", 5),
    ("64635", "64636", "M47.816 M47.817", 5),
    ("27096", "", "M46.1 M53.3", 5),
    ("20605", "", "M19.041 M19.042", 3),
    ("64450", "", "G57.91 M54.59", 2),
)
_OTHERS = (
    "36415 80053 85025 93000 71046 90686 83036 84443 87086 70450 73630 80061 81001 82306 77067 "
    "66984 92014 97802 90834 11721"
)
_PAYERS = (
    ("medicare", "NC", 14), ("medicare", "FL", 14), ("medicare", "TX", 12),
    ("medicare", "CA", 10), ("medicare", "OH", 9), ("medicare", "NY", 9), ("aetna", "NC", 8),
    ("aetna", "TX", 8), ("emblemhealth", "NY", 6), ("texas-medicaid", "TX", 6),
    ("alabama-medicaid", "AL", 4),
)  # fmt: skip


def _chosen(choices: list[tuple[str, int]], number: str) -> str:
    """SQL that chooses a text with the given weights by a number."""
    total, cases, upto = sum(weight for _, weight in choices), [], 0
    for text, weight in choices:
        upto += weight
        cases.append(f"WHEN ({number}) % {total} < {upto} THEN '{text}'")
    return f"CASE {' '.join(cases)} END"


def _drawn(purpose: str, seed: int, of: str = "n") -> str:
    """A number that looks random, from a claim's own number."""
    return f"hash({of}, '{purpose}', {seed})"


def generate(path: Path, claims: int, relevant: float, seed: int = 1) -> Path:
    """`claims` claims in one Parquet file, of which the share `relevant` is of pain management.

    Every relevant claim has one or two lines, every other one or three; the relevant ones are
    spread evenly among the others.
    """
    every = max(round(1 / relevant), 1)
    kinds = [(f"{code}|{more}|{dx}", weight) for code, more, dx, weight in _KINDS]
    payers = [(f"{payer}|{state}", weight) for payer, state, weight in _PAYERS]
    patients = max(int(claims * relevant * PATIENTS_A_CLAIM), 1)
    complaint = f"CASE WHEN {_drawn('new', seed)} % 10 < 7 THEN {_drawn('kind', seed, 'person')} "
    complaint += f"ELSE {_drawn('kind', seed)} END"
    sql = f"""
    COPY (
      WITH drawn AS (
        SELECT n, n % {every} = 0 AS pain,
          {_drawn("patient", seed)} % {patients} AS person,
          string_split({_chosen(kinds, complaint)}, '|') AS kind,
          DATE '{FIRST}' + ({_drawn("day", seed)} % {DAYS})::INTEGER AS day,
          {_drawn("side", seed)} % 10 AS side, {_drawn("more", seed)} % 10 AS more,
          {_drawn("units", seed)} % 40 AS odd, {_drawn("doctor", seed)} % {DOCTORS} AS doctor,
          {_drawn("dx", seed)} AS dx
        FROM range({claims}) AS t(n)),
      one AS (
        SELECT *, string_split({_chosen(payers, _drawn("payer", seed, "person"))}, '|') AS payer,
          unnest(CASE WHEN NOT pain THEN CASE WHEN more < 3 THEN [1, 2, 3] ELSE [1] END
                      WHEN more < 4 AND kind[2] <> '' THEN [1, 2] ELSE [1] END)::INTEGER AS line,
          string_split('{_OTHERS}', ' ') AS others,
          (SELECT list(npi) FROM npis) AS npis, string_split(kind[3], ' ') AS codes
        FROM drawn)
      SELECT 'C' || lpad(n::VARCHAR, 9, '0') AS claim_id, line AS claim_line_number,
        'professional' AS claim_type, 'P' || person AS person_id, payer[1] AS payer,
        payer[2] AS state, day AS claim_line_start_date,
        CASE WHEN NOT pain THEN others[1 + ((dx + line) % 20)::INTEGER]
             WHEN line = 1 THEN kind[1] ELSE kind[2] END AS hcpcs_code,
        CASE WHEN NOT pain THEN NULL
             WHEN kind[1] IN ('20552', '20553', '62321', '62323')
               THEN CASE WHEN side = 0 THEN '59' END
             WHEN side < 5 THEN 'RT' WHEN side < 9 THEN 'LT' ELSE '50' END AS hcpcs_modifier_1,
        CASE WHEN pain AND odd = 1 THEN 'KX' END AS hcpcs_modifier_2,
        CASE WHEN odd = 0 THEN 2 WHEN odd = 2 THEN 4 ELSE 1 END::DOUBLE
          AS service_unit_quantity,
        CASE WHEN doctor % 10 < 6 THEN '11' WHEN doctor % 10 < 8 THEN '24' ELSE '22' END
          AS place_of_service_code,
        (40 + dx % 900)::DECIMAL(18, 2) AS charge_amount,
        npis[1 + doctor::INTEGER] AS rendering_npi,
        CASE doctor % 4 WHEN 0 THEN '72' WHEN 1 THEN '09' WHEN 2 THEN '05' ELSE '25' END
          AS rendering_specialty,
        npis[{DOCTORS} + 1 + (doctor // 8)::INTEGER] AS billing_npi,
        'group-' || doctor // 8 AS "group",
        CASE WHEN pain THEN codes[1 + (dx % len(codes))::INTEGER] ELSE 'I10' END
          AS diagnosis_code_1,
        CASE WHEN pain AND dx % 7 = 0 THEN 'G89.4' END AS diagnosis_code_2,
        NULL::VARCHAR AS diagnosis_code_3
      FROM one ORDER BY n, line
    ) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 200000)
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with duckdb.connect(config={"memory_limit": "1500MB"}) as database:
        numbers = [npi(n) for n in range(DOCTORS + DOCTORS // 8 + 1)]
        database.execute("CREATE TABLE npis AS SELECT unnest(?) AS npi", [numbers])
        database.execute(sql)
    return path
