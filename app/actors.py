"""Who acts: the ways to be known to the service, and the rights held at this instant, loaded for each act."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from operator import itemgetter
from typing import Any, cast
from uuid import UUID

from sqlalchemy import Select, null, select
from sqlmodel import Session, col

from app.errors import NotFound, SignedOut
from app.policy import NOBODY, Actor, Member
from models.account import Account, AuthSession, Membership, Scope
from models.mandate import Mandate


@dataclass(frozen=True)
class BySession:
    """Somebody signed in: the action is refused once the session has ended."""

    session_id: UUID


@dataclass(frozen=True)
class ByAccount:
    """The service itself acting for somebody: the seed, jobs, the command line, tests."""

    account_id: UUID


@dataclass(frozen=True)
class ByNobody:
    """Before the sign-in, and jobs of the system: no right at all."""


@dataclass(frozen=True)
class ByUsager:
    """The person whose mandate it is, known by a link or a phone of their own: checked before, by who calls."""

    mandate_id: UUID


Caller = BySession | ByAccount | ByNobody | ByUsager


def load_actor(session: Session, caller: Caller, now: datetime) -> Actor:
    """Return who acts, with today's rights, in one query; a session that has ended raises ``SignedOut``."""
    if isinstance(caller, ByNobody):
        return Actor(account_id=NOBODY)
    if isinstance(caller, ByUsager):
        case_id = session.scalar(select(col(Mandate.case_id)).where(col(Mandate.id) == caller.mandate_id))
        if case_id is None:
            raise NotFound
        return Actor(account_id=NOBODY, name="La personne", usager_of=case_id)
    if isinstance(caller, BySession):
        found = actors_of(session, frozenset({caller.session_id}), now)
        actor = found.get(caller.session_id)
    else:
        query = _people().where(col(Account.id) == caller.account_id)
        actor = next((_actor(list(rows)) for _, rows in _by_first(session, query)), None)
    if actor is None:
        raise SignedOut
    return actor


def actors_of(session: Session, session_ids: frozenset[UUID], now: datetime) -> dict[UUID, Actor]:
    """Return who stands behind these sessions, with today's rights; those that ended are left out.

    A session whose screen was handed over is the usager's: whoever's account it is, it has no right but to
    answer that mandate (``app.handing``).
    """
    query = (
        _people(col(AuthSession.id), handed=True)
        .join(AuthSession, col(AuthSession.account_id) == Account.id)
        .outerjoin(Mandate, col(Mandate.id) == AuthSession.handed_mandate_id)
        .where(
            col(AuthSession.id).in_(session_ids),
            col(AuthSession.ended_at).is_(None),
            col(AuthSession.expires_at) > now,
        )
    )
    return {id_: _actor(list(rows)) for id_, rows in _by_first(session, query)}


def actors_by_account(session: Session, account_ids: Iterable[UUID]) -> dict[UUID, Actor]:
    """Return these people with the rights they hold now; accounts that are closed are left out."""
    query = _people().where(col(Account.id).in_(list(account_ids)))
    return {id_: _actor(list(rows)) for id_, rows in _by_first(session, query)}


def _people(key: Any = None, *, handed: bool = False) -> Select[Any]:
    """Active accounts with their memberships and scopes, one row for each pair, led by ``key``;
    ``handed``: with the mandate for which the session's screen was handed over, and its case."""
    lead = col(Account.id) if key is None else key
    held = (col(AuthSession.handed_mandate_id), col(Mandate.case_id)) if handed else (null(), null())
    query = (
        select(
            lead, col(Account.id), col(Account.first_name), col(Account.last_name), col(Membership.group_id),
            col(Membership.side), col(Membership.is_manager), col(Scope.kind), *held,
        )
        .select_from(Account)
        .outerjoin(Membership, col(Membership.account_id) == Account.id)
        .outerjoin(Scope, col(Scope.account_id) == Account.id)
        .where(col(Account.is_active))
        .order_by(lead)
    )  # fmt: skip
    return cast(Select[Any], query)


def _by_first(session: Session, query: Select[Any]) -> Iterator[tuple[UUID, Iterator[Any]]]:
    return groupby(session.execute(query).all(), key=itemgetter(0))


def _actor(rows: list[Any]) -> Actor:
    _, account_id, first, last, *_, handed_mandate_id, case_id = rows[0]
    if handed_mandate_id is not None:  # the mandate may be gone: then its usager may do nothing
        return Actor(account_id=NOBODY, name="La personne", usager_of=case_id)
    return Actor(
        account_id=account_id,
        name=f"{first} {last}",
        memberships=frozenset(Member(row[4], row[5], row[6]) for row in rows if row[4] is not None),
        scopes=frozenset(row[7] for row in rows if row[7] is not None),
    )
