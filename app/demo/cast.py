"""The accounts and groups of the demonstration, as rows. Reference data must be there (``app.reference``)."""

from __future__ import annotations

from functools import lru_cache

from sqlalchemy import select
from sqlmodel import col

from app.demo.people import DEPARTEMENT, GROUPS, PASSWORD, PEOPLE
from app.security.passwords import hash_password
from app.work import Work
from models.account import Account, Membership, Scope
from models.base import new_id
from models.enums import ScopeKind, Side
from models.organization import Group, GroupArea, Organization

_SIDES = {side.value: side for side in Side}
_SCOPES = {kind.value: kind for kind in ScopeKind}


def create(work: Work) -> None:
    """Write the groups, each covering the département, and the people with their memberships and scopes."""
    organizations = {row.code: row for row in work.session.scalars(select(Organization))}
    groups: dict[str, Group] = {}
    for name, (code, commune, guidance) in GROUPS.items():
        organization = organizations[code]
        groups[name] = Group(
            id=new_id(), created_at=work.now, name=name, kind=organization.kind,
            organization_id=organization.id, commune=commune, guidance=guidance,
        )  # fmt: skip
    accounts = [
        Account(
            id=new_id(), created_at=work.now, email=person.email, first_name=person.first_name,
            last_name=person.last_name, password_hash=_password_hash(),
        )
        for person in PEOPLE
    ]  # fmt: skip
    work.session.add_all([*groups.values(), *accounts])
    work.session.flush()
    work.session.add_all(GroupArea(group_id=group.id, departement=DEPARTEMENT) for group in groups.values())
    for person, account in zip(PEOPLE, accounts, strict=True):
        if person.group:
            work.session.add(
                Membership(
                    created_at=work.now, account_id=account.id, group_id=groups[person.group].id,
                    side=_SIDES[person.side], is_manager=person.is_manager,
                )
            )  # fmt: skip
        if person.scope:
            kind = _SCOPES[person.scope]
            work.session.add(
                Scope(
                    created_at=work.now,
                    account_id=account.id,
                    kind=kind,
                    departement=DEPARTEMENT if kind is ScopeKind.COORDINATOR else None,
                    organization_id=organizations[person.organization].id if person.organization else None,
                )
            )
    work.session.flush()


def find(work: Work) -> dict[str, Account]:
    """Return the people of the demonstration by the name before the @ of their address."""
    emails = [person.email for person in PEOPLE]
    rows = work.session.scalars(select(Account).where(col(Account.email).in_(emails)))
    return {row.email.partition("@")[0]: row for row in rows}


@lru_cache(maxsize=1)
def _password_hash() -> str:
    """One argon2 hash for all: the password is public, and hashing sixteen times would slow every start."""
    return hash_password(PASSWORD)
