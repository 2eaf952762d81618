"""Exit codes, the same for every command."""

from __future__ import annotations

CLEAN = 0
FINDINGS = 1
BAD_INPUT = 2
UNDECIDED = 3
INTERRUPTED = 130
SIGNAL = 128
"""To which the number of the signal that ended a command is added."""
CLOSED_PIPE = 141
