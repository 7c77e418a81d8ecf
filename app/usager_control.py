"""The usager's own page of a mandate: what it says, where it stands, and taking it back.

They have no account: a link that only the service can have written (``app.security.links``) shows that the
mandate is theirs, and the right is that of ``Action.ANSWER_MANDATE``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import mandates
from app.access import authorise
from app.errors import NotFound
from app.lifecycle import mandate_status, may_be_taken_back
from app.policy import Action
from app.queries.visibility import holds
from app.security.links import read_link
from app.work import Work
from models.case import Case
from models.enums import MandateStatus
from models.mandate import Mandate, MandateScope
from models.organization import Group, Organization

SHOWN_AFTER = timedelta(days=30)  # how long a mandate that was taken back or refused is still shown
REASON = "par le lien reçu"
_GONE = "Votre accord est terminé, ou le lien n’est pas entier."


@dataclass(frozen=True)
class UsagerView:
    """A mandate in the eyes of who gave it. ``organizations`` are full names; ``place`` is where the structure
    stands; ``is_another``: it replaced the one that the link was made for; ``may_take_back``: there is an
    agreement to take back, in force or that could resume; ``was_sent``: its case went to the organisations."""

    status: MandateStatus
    structure: str
    place: str
    organizations: tuple[str, ...]
    theme: str
    given_at: datetime | None
    expires_at: datetime
    ended_at: datetime | None
    plain_text: tuple[str, ...]
    full_text: tuple[str, ...]
    is_another: bool
    may_take_back: bool
    was_sent: bool


def find(work: Work, token: str) -> UUID:
    """Return the mandate that a link leads to; forged, cut, past its term and unknown answer alike."""
    mandate_id = read_link(work.vault, token, work.now)
    if mandate_id is None or work.session.get(Mandate, mandate_id) is None:
        raise NotFound(_GONE)
    return mandate_id


def own_mandate(work: Work, mandate_id: UUID) -> UsagerView:
    """Return the mandate as its page shows it, to its usager: as long as it can be taken back, and for 30 days
    once it is over."""
    linked, mandate = _standing(work, mandate_id)
    status = mandate_status(mandate.status, mandate.expires_at, work.now)
    may_take_back = may_be_taken_back(mandate.status, mandate.expires_at, work.now)
    is_past = mandate.ended_at is not None and work.now - mandate.ended_at > SHOWN_AFTER
    if is_past and not may_take_back:
        raise NotFound(_GONE)
    group = work.session.get_one(Group, mandate.structure_id)
    named = (
        select(col(Organization.full_name))
        .join(MandateScope, col(MandateScope.organization_id) == Organization.id)
        .where(col(MandateScope.mandate_id) == mandate.id)
        .order_by(col(Organization.full_name))
    )
    return UsagerView(
        status=status, structure=group.name, place=group.commune,
        organizations=tuple(work.session.scalars(named)), theme=mandate.theme_label,
        given_at=mandate.consented_at, expires_at=mandate.expires_at,
        ended_at=mandate.ended_at, plain_text=tuple(mandate.shown_text["plain"]),
        full_text=tuple(mandate.shown_text["full"]), is_another=mandate is not linked,
        may_take_back=may_take_back,
        was_sent=work.session.get_one(Case, mandate.case_id).sent_at is not None,
    )  # fmt: skip


def take_back(work: Work, mandate_id: UUID) -> None:
    """Take the agreement back as its usager: sharing is frozen at once, and what ended with its case never
    resumes. Twice is once; what is over stays as it is."""
    _, mandate = _standing(work, mandate_id)
    if may_be_taken_back(mandate.status, mandate.expires_at, work.now):
        mandates.revoke(work, mandate.id, REASON)


def _standing(work: Work, mandate_id: UUID) -> tuple[Mandate, Mandate]:
    """Return a mandate and what stands for it now: itself, or the one that replaced it in the same case, so
    that an older link still takes back what holds."""
    linked = work.session.get(Mandate, mandate_id)
    if linked is None:
        raise NotFound(_GONE)
    authorise(work, linked.case_id, Action.ANSWER_MANDATE)
    if linked.status not in (MandateStatus.SUPERSEDED, MandateStatus.ENDED):
        return linked, linked
    newest = (
        select(Mandate)
        .where(col(Mandate.case_id) == linked.case_id, col(Mandate.accepted_at).is_not(None))
        .order_by(holds(work.now).desc(), col(Mandate.id).desc())
        .limit(1)
    )
    if linked.status is MandateStatus.ENDED:  # it stands for itself, unless its case goes on under another
        newest = newest.where(holds(work.now))
    return linked, work.session.scalars(newest).one_or_none() or linked
