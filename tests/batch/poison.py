"""A worker process that one claim ends, for tests of what that costs."""

from __future__ import annotations

import os
import signal
from typing import Any

from engine.batch.judge import Judge
from engine.batch.work import worker


def serve_poisoned(*given: Any) -> None:
    """A worker process that one claim ends."""
    whole = Judge._one

    def deadly(self: Judge, record: Any, *more: Any) -> None:
        if record["claim_id"] == os.environ["CLEANCLAIM_TEST_POISON"]:
            os.kill(os.getpid(), signal.SIGKILL)
        whole(self, record, *more)

    Judge._one = deadly  # type: ignore[assignment, method-assign]
    worker.serve(*given)
