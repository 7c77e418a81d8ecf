"""What a person reads aloud to say which one: references on paper."""

from __future__ import annotations

import hashlib
from uuid import UUID

_CROCKFORD = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # no I, L, O, U: read aloud and by hand


def reference(about_id: UUID) -> str:
    """Return what a person reads to match a sheet with its mandate or to name a case: 40 bits of a hash,
    «ABCD-EFGH».

    It opens nothing; it only tells things apart.
    """
    number = int.from_bytes(hashlib.sha256(about_id.bytes).digest()[:5])
    letters = "".join(_CROCKFORD[number >> 5 * place & 31] for place in reversed(range(8)))
    return f"{letters[:4]}-{letters[4:]}"
