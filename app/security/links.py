"""Links that serve one purpose: the usager's own, which shows one mandate and takes it back until its term.

A token is 48 characters of base64url: the mandate's id (16 bytes), the term in seconds since 1970 (4 bytes,
big-endian), and the first 128 bits of a keyed fingerprint (HMAC-SHA256) of the purpose and of both. It is whole
or worth nothing; whoever holds it needs nothing else, so that it stands in no log and no Referer.
"""

from __future__ import annotations

import hmac
from base64 import urlsafe_b64decode, urlsafe_b64encode
from datetime import UTC, datetime
from uuid import UUID

from app.security.vault import Vault

LENGTH = 48
_PURPOSE = "link.usager"
_ID, _TERM, _TAG = 16, 4, 16  # bytes


def usager_link(vault: Vault, mandate_id: UUID, expires_at: datetime) -> str:
    """Return the token of the usager's link to a mandate, good before ``expires_at`` (seconds, to 2106)."""
    signed = mandate_id.bytes + int(expires_at.timestamp()).to_bytes(_TERM, "big")
    return urlsafe_b64encode(signed + _tag(vault, signed)).decode()


def read_link(vault: Vault, token: str, now: datetime) -> UUID | None:
    """Return the mandate that a token leads to; nothing when it is not whole, not ours or past its term."""
    if len(token) != LENGTH or not token.isascii():
        return None
    try:
        raw = urlsafe_b64decode(token)
    except ValueError:
        return None
    signed, tag = raw[: _ID + _TERM], raw[_ID + _TERM :]
    # Other characters than those of base64url are skipped by the decoder: only one spelling is a token's.
    if urlsafe_b64encode(raw).decode() != token or not hmac.compare_digest(tag, _tag(vault, signed)):
        return None
    term = datetime.fromtimestamp(int.from_bytes(signed[_ID:], "big"), UTC)
    return UUID(bytes=signed[:_ID]) if now < term else None


def _tag(vault: Vault, signed: bytes) -> bytes:
    return vault.fingerprint(_PURPOSE, signed.hex())[:_TAG]
