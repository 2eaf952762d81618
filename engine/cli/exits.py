"""Exit codes, the same for every command."""

from __future__ import annotations

CLEAN = 0
FINDINGS = 1
BAD_INPUT = 2
UNDECIDED = 3
INTERRUPTED = 130
CLOSED_PIPE = 141
