"""Measures the FHIR reader on generated bulk lines: claims and lines a second, and peak memory.

Run ``python -m bench.fhir [--megabytes N]``. The file is made from a fixed seed in a temporary
folder; the run fails if a claim or a line of it is not found.
"""

from __future__ import annotations

import json
import random
import sys
from typing import Any, TextIO

from bench.x12 import CODES, DIAGNOSES, NPIS, SEED, measured

_TERMS = "http://terminology.hl7.org/CodeSystem/"
_CPT = "http://www.ama-assn.org/go/cpt"
_HCPCS = "http://www.cms.gov/Medicare/Coding/HCPCSReleaseCodeSets"
_ICD_10 = "http://hl7.org/fhir/sid/icd-10-cm"
_NPI = "http://hl7.org/fhir/sid/us-npi"
_PLACE = "https://www.cms.gov/Medicare/Coding/place-of-service-codes/Place_of_Service_Code_Set"


def write_lines(out: TextIO, size: int) -> tuple[int, int]:
    """Write bulk lines of about `size` characters; returns their claims and service lines."""
    random_ = random.Random(SEED)
    claims = lines = 0
    while out.tell() < size:
        claims += 1
        count = random_.choice((1, 2, 2, 3, 4))
        lines += count
        out.write(json.dumps(_claim(random_, claims, count)) + "\n")
    return claims, lines


def _claim(random_: random.Random, number: int, count: int) -> dict[str, Any]:
    day = f"2026-{random_.randint(1, 12):02}-{random_.randint(1, 28):02}"
    member = {"type": _coded(_TERMS + "v2-0203", "MB"), "value": f"M{random_.randint(1, 40000):06}"}
    doctor = {"identifier": {"system": _NPI, "value": random_.choice(NPIS)}}
    chosen = enumerate(random_.sample(DIAGNOSES, random_.randint(1, 4)), 1)
    return {
        "resourceType": "Claim",
        "id": f"C{number:07}",
        "status": "active",
        "type": _coded(_TERMS + "claim-type", "professional"),
        "use": "claim",
        "patient": {"identifier": member},
        "insurer": {"display": "MEDICARE"},
        "provider": {"identifier": {"system": _NPI, "value": NPIS[0]}},
        "careTeam": [
            {
                "sequence": 1,
                "provider": doctor,
                "role": _coded(_TERMS + "claimcareteamrole", "primary"),
            }
        ],
        "diagnosis": [
            {"sequence": n, "diagnosisCodeableConcept": _coded(_ICD_10, code)} for n, code in chosen
        ],
        "insurance": [{"sequence": 1, "focal": True, "coverage": {"display": "MEDICARE"}}],
        "item": [_item(random_, n, day) for n in range(1, count + 1)],
    }


def _item(random_: random.Random, number: int, day: str) -> dict[str, Any]:
    code = random_.choice(CODES)
    modifiers = random_.choice(((), ("RT",), ("LT",), ("RT", "KX")))
    return {
        "sequence": number,
        "careTeamSequence": [1],
        "diagnosisSequence": [1],
        "productOrService": _coded(_HCPCS if code[0].isalpha() else _CPT, code),
        "modifier": [_coded(_HCPCS, modifier) for modifier in modifiers],
        "servicedDate": day,
        "locationCodeableConcept": _coded(_PLACE, "11"),
        "quantity": {"value": 1},
        "net": {"value": 100, "currency": "USD"},
    }


def _coded(system: str, code: str) -> dict[str, Any]:
    return {"coding": [{"system": system, "code": code}]}


if __name__ == "__main__":
    sys.exit(measured("bench.fhir", "claims.ndjson", write_lines))
