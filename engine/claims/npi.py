"""The check digit of a National Provider Identifier.

The NPI is checked by the Luhn formula over its ten digits behind the prefix 80840, which stands
for health applications in the United States (45 CFR 162.406 and ISO/IEC 7812). The prefix alone
adds 24 to the sum.
"""

from __future__ import annotations

from functools import lru_cache

_PREFIX_SUM = 24
_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)


@lru_cache(maxsize=65536)
def is_npi(text: str) -> bool:
    """Whether `text` is ten digits, begins with 1 or 2 and has the right check digit."""
    if len(text) != 10 or not (text.isascii() and text.isdigit()) or text[0] not in "12":
        return False
    digits = [int(c) for c in text]
    total = _PREFIX_SUM + sum(digits[1::2]) + sum(_DOUBLED[d] for d in digits[0::2])
    return total % 10 == 0
