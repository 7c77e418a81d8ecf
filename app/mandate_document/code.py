"""The codes by which a mandate is verified: Crockford's base 32, which has no I, L, O or U to misread.

Source: https://www.crockford.com/base32.html. 16 characters are 80 bits, whom nobody guesses; 8 are 40 bits,
for people signed in, whose tries are counted.
"""

from __future__ import annotations

import re
import secrets

ALPHABET = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"
LENGTH, SHORT_LENGTH = 16, 8
_BETWEEN = re.compile(r"[\s\-‐‑–.]+")
_READ_AS = str.maketrans("OIL", "011")
_LONGEST_TYPED = 64


def new_code(length: int = LENGTH) -> str:
    """Return a code of so many characters, five random bits each."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def read_code(typed: str) -> str:
    """Return the code that somebody typed, whatever its case, spaces and dashes, an O for a 0, an I or an L for
    a 1; empty when it is none."""
    if len(typed) > _LONGEST_TYPED:
        return ""
    code = _BETWEEN.sub("", typed).upper().translate(_READ_AS)
    is_one = len(code) in (LENGTH, SHORT_LENGTH) and all(one in ALPHABET for one in code)
    return code if is_one else ""


def shown_code(code: str) -> str:
    """Return a code as it is read aloud: groups of four, «7K3M-9QXA»."""
    return "-".join(code[at : at + 4] for at in range(0, len(code), 4))
