"""Signing in and the sessions it opens: rows that can be listed and ended (domain, section 8).

The browser holds a token of 256 random bits, new at each sign-in; the database holds its SHA-256.
A session ends after 12 hours without use and 7 days in all (``session_idle_minutes``,
``session_max_minutes``), when its owner ends it, or when the account is deactivated.
"""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from uuid import UUID

from sqlalchemy import ColumnElement, select, update
from sqlmodel import col

from app.config import settings
from app.errors import Forbidden, Invalid, NotFound, SignedOut
from app.events import SessionEnded
from app.journal import record
from app.policy import may_manage_accounts
from app.security import passwords
from app.security.throttling import count_refusal, is_throttled
from app.work import ByAccount, ByNobody, BySession, Work, acting, reading
from models.account import Account, AuthSession
from models.base import new_id

TOKEN_LENGTH = 43  # 32 bytes in base64url, without padding
_SLIDE = timedelta(minutes=1)
_REFUSED = "L’adresse e-mail ou le mot de passe ne convient pas. Vérifiez-les, puis réessayez."
_THROTTLED = _REFUSED + " Après plusieurs essais, attendez un quart d’heure avant de recommencer."


class Throttled(Invalid):
    """Too many refusals lately for this address or from there: even the right password must wait (429)."""

    def __init__(self) -> None:
        super().__init__(**{"": _THROTTLED})


@dataclass(frozen=True)
class Opened:
    """A session just opened. ``token`` exists here and in the browser, nowhere else."""

    token: str
    session_id: UUID


@dataclass(frozen=True)
class SessionInfo:
    """A living session: whose it is, until when (it may slide on before that). ``handed`` is the mandate for
    which its screen is in an usager's hands: it shows nothing else (``app.handing``)."""

    session_id: UUID
    account_id: UUID
    name: str
    expires_at: datetime
    handed: UUID | None = None


@dataclass(frozen=True)
class SessionView:
    """A living session as its owner sees it."""

    id: UUID
    device: str
    opened_at: datetime
    last_seen_at: datetime
    expires_at: datetime


def sign_in(email: str, password: str, origin: str, device: str) -> Opened:
    """Open a session. ``origin`` is the network address, ``device`` a few words for the list of sessions.

    A wrong password, an unknown address and a deactivated account raise the same ``Invalid`` after the same
    time; too many refusals raise ``Throttled``. A refusal is committed: it counts. The password is verified
    between two transactions, so that nobody waits for argon2 to write.
    """
    email = email.strip().lower().replace("\x00", "")
    with reading(ByNobody()) as work:
        if is_throttled(work, email, origin):
            raise Throttled
        query = select(col(Account.id), col(Account.password_hash), col(Account.is_active))
        found = work.session.execute(query.where(col(Account.email) == email)).one_or_none()
    right = passwords.verify(found[1] if found else None, password)
    if found is None or not right or not found[2]:
        with acting(ByNobody()) as work:
            count_refusal(work, email, origin)
            record(work, "session.refused", **({"account": found[0]} if found else {}))
        raise Invalid(**{"": _REFUSED})
    account_id, kept, _ = found
    renewed = passwords.hash_password(password) if passwords.is_outdated(kept) else None
    try:
        with acting(ByAccount(account_id)) as work:
            if renewed:
                _renew(work, kept, renewed)
            return _open(work, device)
    except SignedOut:  # deactivated since it was read
        raise Invalid(**{"": _REFUSED}) from None


def _open(work: Work, device: str) -> Opened:
    token = secrets.token_urlsafe(32)
    row = AuthSession(
        id=new_id(),
        created_at=work.now,
        account_id=work.actor.account_id,
        token_hash=_hash(token),
        device=device[:120],
        last_seen_at=work.now,
        expires_at=_expiry(opened=work.now, used=work.now),
    )
    work.session.add(row)
    record(work, "session.opened", session=row.id)
    return Opened(token, row.id)


def _renew(work: Work, kept: str, renewed: str) -> None:
    """Keep the hash at today's cost, unless the password was changed meanwhile."""
    work.session.execute(
        update(Account)
        .where(col(Account.id) == work.actor.account_id, col(Account.password_hash) == kept)
        .values(password_hash=renewed)
    )


def resolve(token: str, *, is_use: bool = True) -> SessionInfo | None:
    """Return the living session of this token, if any; ``is_use`` counts it as used (a browser that polls
    by itself uses nothing)."""
    if len(token) != TOKEN_LENGTH:
        return None
    return _find(col(AuthSession.token_hash) == _hash(token), is_use=is_use)


def keep(session_id: UUID) -> SessionInfo | None:
    """Return this session if it lives, and count it as used (an event on an open page)."""
    return _find(col(AuthSession.id) == session_id, is_use=True)


def still_living(session_ids: frozenset[UUID]) -> frozenset[UUID]:
    """Return which of these sessions live, without counting them as used."""
    with reading(ByNobody()) as work:
        query = (
            select(col(AuthSession.id))
            .join(Account, col(Account.id) == AuthSession.account_id)
            .where(col(AuthSession.id).in_(session_ids), _living(work), col(Account.is_active))
        )
        return frozenset(work.session.scalars(query))


def _find(which: ColumnElement[bool], *, is_use: bool) -> SessionInfo | None:
    """A session slides at most once a minute: a page full of requests writes once."""
    with reading(ByNobody()) as work:
        found = work.session.execute(
            select(AuthSession, col(Account.first_name), col(Account.last_name))
            .join(Account, col(Account.id) == AuthSession.account_id)
            .where(which, _living(work), col(Account.is_active))
        ).one_or_none()
    if found is None:
        return None
    row, first_name, last_name = found
    expires_at = row.expires_at
    if is_use and work.now - row.last_seen_at >= _SLIDE:
        expires_at = _expiry(opened=row.created_at, used=work.now)
        with acting(ByNobody()) as work:
            slid = work.session.scalar(
                update(AuthSession)
                .where(col(AuthSession.id) == row.id, _living(work))
                .values(last_seen_at=work.now, expires_at=expires_at)
                .returning(col(AuthSession.id))
            )
        if slid is None:  # ended since it was read
            return None
    return SessionInfo(row.id, row.account_id, f"{first_name} {last_name}", expires_at, row.handed_mandate_id)


def sign_out(session_id: UUID) -> None:
    """End the session one is using, even while its screen is handed over; one that has ended already is none
    the worse."""
    try:
        with acting(BySession(session_id)) as work:
            _end(work, col(AuthSession.id) == session_id)
    except SignedOut:
        return


def end(work: Work, session_id: UUID) -> None:
    """End one of the actor's own sessions; its open pages leave. Another's is ``NotFound``."""
    own = col(AuthSession.account_id) == work.actor.account_id
    if not _end(work, col(AuthSession.id) == session_id, own):
        raise NotFound


def end_all(work: Work, account_id: UUID) -> None:
    """End every session of an account: one's own, or, for an administrator, anybody's."""
    if account_id != work.actor.account_id and not may_manage_accounts(work.actor):
        raise Forbidden("Vous n’avez pas le droit de fermer les sessions d’une autre personne.")
    _end(work, col(AuthSession.account_id) == account_id)


def end_handed(work: Work, mandate_ids: Iterable[UUID]) -> None:
    """End the sessions whose screen is in the hands of the usager of one of these mandates, which are about to
    go: there would be nothing left to take the screen back from, and it must not open by itself."""
    _end(work, col(AuthSession.handed_mandate_id).in_(list(mandate_ids)))


def mine(work: Work) -> tuple[SessionView, ...]:
    """Return the actor's living sessions, the last used first."""
    query = (
        select(AuthSession)
        .where(col(AuthSession.account_id) == work.actor.account_id, _living(work))
        .order_by(col(AuthSession.last_seen_at).desc(), col(AuthSession.id))
    )
    return tuple(
        SessionView(row.id, row.device, row.created_at, row.last_seen_at, row.expires_at)
        for row in work.session.scalars(query)
    )


def _end(work: Work, *which: ColumnElement[bool]) -> int:
    rows = work.session.scalars(select(AuthSession).where(*which, _living(work)).with_for_update()).all()
    for row in rows:
        row.ended_at = work.now
        record(work, "session.ended", session=row.id)
        work.signal(SessionEnded(row.id))
    return len(rows)


def _living(work: Work) -> ColumnElement[bool]:
    return col(AuthSession.ended_at).is_(None) & (col(AuthSession.expires_at) > work.now)


def _expiry(*, opened: datetime, used: datetime) -> datetime:
    idle = used + timedelta(minutes=settings().session_idle_minutes)
    return min(idle, opened + timedelta(minutes=settings().session_max_minutes))


def _hash(token: str) -> bytes:
    return sha256(token.encode("utf-8", "replace")).digest()
