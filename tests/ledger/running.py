"""Runs the commands on a ledger of a test, with claims and remittances to give them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from click.testing import CliRunner, Result

from engine.cli.main import main
from tests.ledger.deciding import OWN

HEAD = (
    "ISA*00*          *00*          *ZZ*PAYER          *ZZ*OFFICE         "
    "*260401*1200*^*00501*000000001*0*T*:~GS*HP*PAYER*OFFICE*20260401*1200*1*X*005010X221A1~"
)


@dataclass
class Runner:
    """Runs commands on one ledger; today is a fixed day."""

    url: str
    folder: Path

    def __call__(self, *words: str, shipped: bool = False) -> Result:
        command = words[0] if words[0] == "check" else "ledger"
        rest = words[1:] if words[0] == "check" else words
        if words[0] in ("check", "import", "sessions", "next", "hold") and not shipped:
            rest = (*rest, "--policies", str(OWN))
        return CliRunner().invoke(main, [command, *rest, "--ledger", self.url])

    def file(self, name: str, content: Any) -> str:
        path = self.folder / name
        path.write_text(content if isinstance(content, str) else json.dumps(content))
        return str(path)


def sent(claim_id: str, on: str, **more: Any) -> dict[str, Any]:
    """A claim with which nothing is wrong but, maybe, its day."""
    line = {"number": 1, "procedure": "64405", "units": 1, "service_date": on}
    return {
        "claim_id": claim_id,
        "payer": {"id": "plan"},
        "patient": {"id": "MBI-SECRET"},
        "lines": [line],
        "billing_provider": {"npi": "1234567893", "group": "carolina-pain"},
        "documentation": {"lines": {"1": {"body_site": "neck", "site_in_words": "left of Rosa X"}}},
        **more,
    }


COMPLETE = {
    "patient_id": "MBI-SECRET",
    "complete_from": "2020-01-01",
    "complete_to": "2026-03-31",
    "providers": "all",
}


def remittance(*claims: str, day: str = "20260401", trace: str = "T1") -> str:
    body = [f"ST*835*0001~BPR*I*1*C*ACH************{day}~TRN*1*{trace}*1~LX*1~", *claims]
    count = "".join(body).count("~") + 1
    return HEAD + "".join(body) + f"SE*{count}*0001~GE*1*1~IEA*1*000000001~"
