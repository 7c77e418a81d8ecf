"""Refused sign-ins are counted, so that passwords cannot be guessed: per address typed and per origin. So are
looks at mandates by their code, so that codes cannot be tried: per account, or per origin before the sign-in.
Rows, not memory: several processes count together, and a restart forgets nothing.

What is kept are keyed fingerprints, never the address or where it came from. An attempt that is refused
for being one too many is not counted: whoever waits is let in again.
"""

from __future__ import annotations

import ipaddress
from datetime import timedelta
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.work import Work
from models.account import SignInAttempt

WINDOW = timedelta(minutes=15)
REFUSALS_PER_EMAIL = 10
REFUSALS_PER_ORIGIN = 100  # a town hall is one origin
LOOKS_PER_ACCOUNT = 60
LOOKS_PER_ORIGIN = 60
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


def is_looking_throttled(work: Work, account_id: UUID | None, origin: str) -> bool:
    """Whether this account, or who is not signed in from there, looked at too many codes lately."""
    column, limit = (
        (col(SignInAttempt.email_hash), LOOKS_PER_ACCOUNT) if account_id
        else (col(SignInAttempt.origin_hash), LOOKS_PER_ORIGIN)
    )  # fmt: skip
    key = _look_keys(work, account_id, origin)[0 if account_id else 1]
    count = select(func.count()).where(column == key, col(SignInAttempt.created_at) > work.now - WINDOW)
    return (work.session.scalar(count) or 0) >= limit


def count_look(work: Work, account_id: UUID | None, origin: str) -> None:
    """Remember that a code was looked at, not which."""
    by, there = _look_keys(work, account_id, origin)
    work.session.add(SignInAttempt(created_at=work.now, email_hash=by, origin_hash=there))


def _look_keys(work: Work, account_id: UUID | None, origin: str) -> tuple[bytes, bytes]:
    """The keys of a look are of their own: none counts as a sign-in. A signed-in one leaves no origin."""
    by = work.vault.fingerprint("look.account", str(account_id or ""))
    return by, work.vault.fingerprint("look.origin", "" if account_id else _network(origin))


def _email_key(work: Work, email: str) -> bytes:
    return work.vault.fingerprint("sign-in.email", email)


def _origin_key(work: Work, origin: str) -> bytes:
    return work.vault.fingerprint("sign-in.origin", _network(origin))


def _network(origin: str) -> str:
    try:
        address = ipaddress.ip_address(origin)
    except ValueError:
        return origin
    if address.version == 6:
        address = ipaddress.ip_network((address, _NETWORK_BITS), strict=False).network_address
    return str(address)
