"""Passwords: argon2id (RFC 9106), as cheap to refuse an unknown account as a wrong password.

The cost is the library's default, RFC 9106's profile for machines short of memory (64 MiB, 3 passes).
"""

from __future__ import annotations

import secrets
import unicodedata
from functools import lru_cache

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

_hasher = PasswordHasher()


def use_cost(time_cost: int, memory_cost: int) -> None:
    """Choose another cost (passes, KiB) for this process: tests only, where hundreds of people sign in."""
    global _hasher
    _hasher = PasswordHasher(time_cost=time_cost, memory_cost=memory_cost, parallelism=1)
    _nobody.cache_clear()


def hash_password(typed: str) -> str:
    """Return what is kept of a password: an argon2id hash with its own salt."""
    return _hasher.hash(_normal(typed))


def verify(kept: str | None, typed: str) -> bool:
    """Whether this is the password kept; without one (``None``, empty) it takes as long to say no."""
    nobody = _nobody()  # before it is needed: the first unknown address must not take longer
    try:
        _hasher.verify(kept or nobody, _normal(typed))
    except (VerificationError, InvalidHashError):
        return False
    return bool(kept)


def is_outdated(kept: str) -> bool:
    """Whether this hash was made at another cost, which would make its account answer in another time."""
    return _hasher.check_needs_rehash(kept)


def _normal(typed: str) -> bytes:
    """The same letters typed on another system are the same password (NFKC, NIST SP 800-63B 3.1.1.2)."""
    return unicodedata.normalize("NFKC", typed).encode("utf-8", "surrogatepass")


@lru_cache(maxsize=1)
def _nobody() -> str:
    return _hasher.hash(secrets.token_bytes(16))
