"""Refused sign-ins are counted, so that passwords cannot be guessed: per address typed and per origin.

What is kept are keyed fingerprints, never the address or where it came from. An attempt that is refused
for being one too many is not counted: whoever waits is let in again.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta

from sqlalchemy import func, select
from sqlmodel import col

from app.work import Work
from models.account import SignInAttempt

WINDOW = timedelta(minutes=15)
REFUSALS_PER_EMAIL = 10
REFUSALS_PER_ORIGIN = 100  # a town hall is one origin
_NETWORK_BITS = 64  # an IPv6 subscriber holds at least that many addresses (RFC 6177)


def is_throttled(work: Work, email: str, origin: str) -> bool:
    """Whether too many sign-ins were refused lately for this address, or from there."""
    since = work.now - WINDOW
    for column, key, limit in (
        (col(SignInAttempt.email_hash), _email_key(work, email), REFUSALS_PER_EMAIL),
        (col(SignInAttempt.origin_hash), _origin_key(work, origin), REFUSALS_PER_ORIGIN),
    ):
        count = select(func.count()).where(column == key, col(SignInAttempt.created_at) > since)
        if (work.session.scalar(count) or 0) >= limit:
            return True
    return False


def count_refusal(work: Work, email: str, origin: str) -> None:
    """Remember that a sign-in was refused."""
    work.session.add(
        SignInAttempt(
            created_at=work.now, email_hash=_email_key(work, email), origin_hash=_origin_key(work, origin)
        )
    )


def _email_key(work: Work, email: str) -> bytes:
    return work.vault.fingerprint("sign-in.email", email)


def _origin_key(work: Work, origin: str) -> bytes:
    try:
        address = ipaddress.ip_address(origin)
    except ValueError:
        return work.vault.fingerprint("sign-in.origin", origin)
    if address.version == 6:
        address = ipaddress.ip_network((address, _NETWORK_BITS), strict=False).network_address
    return work.vault.fingerprint("sign-in.origin", str(address))
