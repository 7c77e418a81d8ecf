"""Things made through the services, so that a test begins where it matters: plain functions, on the cast.

People are called by the name of their field in ``Cast``, groups by their name, organisations by their code.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import SQLModel, col

from app import cases, drafts, mandates, messages, referrals
from app.case_form import Form
from app.mandate_steps import Giver
from app.work import ByAccount, ByNobody, Work, acting, reading
from models.account import Membership
from models.base import new_id
from models.case import Case, CaseDraft, Participation, ReadMark, Referral
from models.enums import Audience, Outcome, Side, Usefulness
from models.journal import JournalEntry
from models.mandate import Mandate, MandateProof
from models.organization import Group
from models.thread import Entry
from tests.conftest import NOW, Cast
from tests.remembered import lived_once

GUISE, LAON = "France Services de Guise", "CCAS de Laon"
CAF, CPAM, MSA, CARSAT = "CAF – Aisne", "CPAM – Aisne", "MSA Picardie – Aisne", "CARSAT – Aisne"
HOMES = {"aline": GUISE, "adam": GUISE, "chloe": LAON}
SIGNATURE = {"width": 800, "height": 300, "strokes": [[[10, 10, 0], [60, 80, 20], [120, 40, 45]]]}
DESCRIPTION = "Plus aucun versement depuis août malgré trois appels ; le loyer n’est plus payé."


def act(cast: Cast, who: str, at: datetime = NOW) -> AbstractContextManager[Work]:
    """Open a transaction in which this person acts."""
    return acting(ByAccount(getattr(cast, who)), at=at)


def see(cast: Cast, who: str, at: datetime = NOW) -> AbstractContextManager[Work]:
    """Open a transaction in which this person reads."""
    return reading(ByAccount(getattr(cast, who)), at=at)


def form(cast: Cast, to: tuple[str, ...] = (CAF,), also: tuple[str, ...] = (), **typed: Any) -> Form:
    """Return a form without a fault; ``typed`` replaces fields."""
    return {
        "theme": "logement", "blockage": "absence", "procedure": "apl", "urgent": "non", "urgency_reason": "",
        "civility": "mme", "first_name": "Samira", "last_name": "Kaddour", "born_on": "03/07/1987",
        "commune": "Guise", "departement": "02", "phone": "06 12 34 56 78",
        "groups": [str(cast.groups[name]) for name in to],
        "also": [str(cast.organizations[code]) for code in also],
        "subject": "APL non versée depuis août", "description": DESCRIPTION,
        **typed,
    }  # fmt: skip


@lived_once
def draft(
    cast: Cast, to: tuple[str, ...] = (CAF,), also: tuple[str, ...] = (), by: str = "aline",
    at: datetime = NOW, **typed: Any,
) -> UUID:  # fmt: skip
    """Begin a case and fill its form."""
    with act(cast, by, at) as work:
        return drafts.start(work, cast.groups[HOMES[by]], form(cast, to, also, **typed))


@lived_once
def present(
    cast: Cast, case_id: UUID, by: str = "aline", at: datetime = NOW, more: tuple[str, ...] = (),
    months: int = mandates.MONTHS,
) -> UUID:  # fmt: skip
    """Show a mandate to the usager of a case."""
    with act(cast, by, at) as work:
        named = frozenset(cast.organizations[code] for code in more)
        return mandates.present(work, case_id, more=named, months=months)


@lived_once
def consent(cast: Cast, mandate_id: UUID, by: str = "aline", at: datetime = NOW) -> None:
    """Have the usager sign the text that is shown."""
    with act(cast, by, at) as work:
        shown = work.session.get_one(Mandate, mandate_id).shown_sha256
        mandates.sign(work, mandate_id, shown_sha256=shown, giver=Giver(), drawing=SIGNATURE)


@lived_once
def accept(cast: Cast, mandate_id: UUID, by: str = "aline", at: datetime = NOW) -> None:
    """Accept a mandate in the structure's name."""
    with act(cast, by, at) as work:
        mandates.accept(work, mandate_id)


@lived_once
def mandate(
    cast: Cast, case_id: UUID, by: str = "aline", at: datetime = NOW, more: tuple[str, ...] = (),
    months: int = mandates.MONTHS,
) -> UUID:  # fmt: skip
    """Have a mandate presented, signed and accepted."""
    mandate_id = present(cast, case_id, by, at, more, months)
    consent(cast, mandate_id, by, at)
    accept(cast, mandate_id, by, at)
    return mandate_id


@lived_once
def send(cast: Cast, case_id: UUID, by: str = "aline", at: datetime = NOW) -> UUID:
    """Send a draft."""
    with act(cast, by, at) as work:
        return cases.send(work, case_id)


@lived_once
def sent_case(
    cast: Cast, to: tuple[str, ...] = (CAF,), also: tuple[str, ...] = (), by: str = "aline",
    at: datetime = NOW, **typed: Any,
) -> UUID:  # fmt: skip
    """Make a case that is sent, in one transaction: its draft, its mandate signed and accepted, its sending;
    return its id."""
    with act(cast, by, at) as work:
        case_id = drafts.start(work, cast.groups[HOMES[by]], form(cast, to, also, **typed))
        mandate_id = mandates.present(work, case_id)
        shown = work.session.get_one(Mandate, mandate_id).shown_sha256
        mandates.sign(work, mandate_id, shown_sha256=shown, giver=Giver(), drawing=SIGNATURE)
        mandates.accept(work, mandate_id)
        return cases.send(work, case_id)


@lived_once
def say(cast: Cast, who: str, case_id: UUID, text: str = "Bonjour.", at: datetime = NOW) -> UUID:
    """Post a message to everybody."""
    with act(cast, who, at) as work:
        return messages.post(work, case_id, text, key=new_id())


@lived_once
def note(cast: Cast, who: str, case_id: UUID, text: str = "Entre nous.", at: datetime = NOW) -> UUID:
    """Post a note between agents."""
    with act(cast, who, at) as work:
        return messages.post(work, case_id, text, key=new_id(), audience=Audience.OPERATORS)


@lived_once
def take(cast: Cast, who: str, case_id: UUID, group: str = CAF, at: datetime = NOW) -> None:
    """Take a referral in charge that nobody has."""
    with act(cast, who, at) as work:
        referrals.take(work, case_id, cast.groups[group], seen=None)


@lived_once
def resolve(cast: Cast, who: str, case_id: UUID, group: str = CAF, at: datetime = NOW) -> None:
    """Answer and unblock."""
    with act(cast, who, at) as work:
        referrals.resolve(work, case_id, cast.groups[group], "C’est réglé.", key=new_id())


@lived_once
def ask(cast: Cast, who: str, case_id: UUID, group: str = CAF, at: datetime = NOW) -> None:
    """Ask the aidant for a precision."""
    with act(cast, who, at) as work:
        referrals.ask(work, case_id, cast.groups[group], "Quel numéro d’allocataire ?", key=new_id())


@lived_once
def not_competent(cast: Cast, who: str, case_id: UUID, group: str = CAF, at: datetime = NOW) -> None:
    """Say that one's organisation cannot help."""
    with act(cast, who, at) as work:
        referrals.not_competent(work, case_id, cast.groups[group], key=new_id())


@lived_once
def invite(cast: Cast, who: str, case_id: UUID, guest: str, at: datetime = NOW) -> None:
    """Bring in an Agent+ by name."""
    with act(cast, who, at) as work:
        referrals.invite(work, case_id, getattr(cast, guest))


@lived_once
def withdraw(cast: Cast, case_id: UUID, group: str, by: str = "aline", at: datetime = NOW) -> None:
    """Take a case back from a group."""
    with act(cast, by, at) as work:
        referrals.withdraw(work, case_id, cast.groups[group])


@lived_once
def revoke(cast: Cast, mandate_id: UUID, by: str = "aline", at: datetime = NOW) -> None:
    """Record that the usager takes a mandate back."""
    with act(cast, by, at) as work:
        mandates.revoke(work, mandate_id, "Demandé au guichet.")


@lived_once
def close(cast: Cast, case_id: UUID, by: str = "aline", at: datetime = NOW) -> None:
    """Close a case."""
    with act(cast, by, at) as work:
        cases.close(work, case_id, Outcome.SOLVED, Usefulness.VERY)


@lived_once
def reopen(cast: Cast, case_id: UUID, by: str = "aline", at: datetime = NOW) -> None:
    """Reopen a closed case."""
    with act(cast, by, at) as work:
        cases.reopen(work, case_id, "Le versement s’est arrêté de nouveau.")


@lived_once
def join(cast: Cast, who: str, group: str, side: Side) -> None:
    """Give somebody one more place."""
    with acting(ByNobody(), at=NOW) as work:
        work.session.add(
            Membership(
                created_at=NOW, account_id=getattr(cast, who), group_id=cast.groups[group], side=side,
            )
        )  # fmt: skip


@lived_once
def leave(cast: Cast, who: str, group: str) -> None:
    """Take somebody's place away."""
    with acting(ByNobody(), at=NOW) as work:
        mine = col(Membership.account_id) == getattr(cast, who)
        there = col(Membership.group_id) == cast.groups[group]
        work.session.delete(work.session.scalars(select(Membership).where(mine, there)).one())


def case_row(case_id: UUID) -> Case:
    """Return a case as stored."""
    with reading(ByNobody()) as work:
        return work.session.get_one(Case, case_id)


def mandate_row(mandate_id: UUID) -> Mandate:
    """Return a mandate as stored."""
    with reading(ByNobody()) as work:
        return work.session.get_one(Mandate, mandate_id)


def referral_rows(case_id: UUID) -> dict[str, Referral]:
    """Return the referrals of a case as stored, by the name of their group."""
    query = select(col(Group.name), Referral).join(Group, col(Group.id) == Referral.group_id)
    with reading(ByNobody()) as work:
        rows = work.session.execute(query.where(col(Referral.case_id) == case_id))
        return {row[0]: row[1] for row in rows}


def entry_rows(case_id: UUID) -> list[Entry]:
    """Return the whole thread of a case as stored."""
    query = select(Entry).where(col(Entry.case_id) == case_id).order_by(col(Entry.seq))
    with reading(ByNobody()) as work:
        return list(work.session.scalars(query))


def row_counts() -> dict[str, int]:
    """Return how many rows each table of a case holds: nothing written is the same answer."""
    tables: tuple[type[SQLModel], ...] = (
        Case, CaseDraft, Referral, Participation, Entry, ReadMark, Mandate, MandateProof, JournalEntry,
    )  # fmt: skip
    with reading(ByNobody()) as work:
        return {t.__name__: work.session.scalar(select(func.count()).select_from(t)) or 0 for t in tables}
