"""By which number each organisation knows people, and for which the NIR may be asked. Administrators only.

The NIR is asked for by nobody until an administrator turns it on for an organisation and records the legal
basis (décret no 2019-341 du 19 avril 2019). What an organisation may no longer be given is erased, in cases and
in drafts, unless another organisation of the same case asks for it (domain, section 3).
"""

from __future__ import annotations

from uuid import UUID

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select
from sqlmodel import col

from app import typed
from app.access import require_administrator
from app.errors import Conflict, Invalid, NotFound
from app.events import Missed
from app.journal import record
from app.queries.identifiers import asks
from app.work import Work
from models.case import CaseDraft, CaseIdentifier, Referral
from models.enums import GroupKind, IdentifierKind, ReferralStatus
from models.mandate import Mandate, MandateScope
from models.organization import Group, Organization

BASIS = "Décret no 2019-341 du 19 avril 2019"
LONGEST_BASIS = 300
_CHANGED = "Un autre administrateur a changé cela entre-temps. Rien n’a été changé : relisez, puis recommencez."


def know_by(work: Work, organization_id: UUID, kind: IdentifierKind, *, seen: IdentifierKind) -> int:
    """Choose the number by which an organisation knows people; return how many numbers were erased for it. A
    NIR is then still off."""
    organization = _organization(work, organization_id)
    if organization.identifier is not seen:
        raise Conflict(_CHANGED)
    if kind is seen:
        return 0
    erased = _erase(work, organization)
    organization.identifier = kind
    organization.nir_basis, organization.nir_by_id, organization.nir_at = "", None, None
    record(work, "organization.known_by", organization=organization_id, kind=kind, erased=erased)
    work.signal(Missed())  # what is erased leaves every open page
    return erased


def ask_nir(work: Work, organization_id: UUID, basis: str) -> None:
    """Let the NIR be asked for an organisation that knows people by it, on this legal basis."""
    organization = _organization(work, organization_id)
    if organization.identifier is not IdentifierKind.NIR:
        raise Conflict("Cet organisme ne connaît pas les personnes par leur NIR. Rien n’a été changé.")
    basis = typed.line(basis, "basis")
    if len(basis) < 10:
        raise Invalid(basis=f"Écrivez le texte qui permet de demander le NIR, par exemple : {BASIS}.")
    if len(basis) > LONGEST_BASIS:
        raise Invalid(basis=f"Ce texte est trop long : {LONGEST_BASIS} caractères au plus.")
    organization.nir_basis, organization.nir_by_id, organization.nir_at = basis, work.actor.account, work.now
    record(work, "organization.nir_asked", organization=organization_id)


def stop_nir(work: Work, organization_id: UUID) -> int:
    """Ask for the NIR no longer; return how many were erased with it."""
    organization = _organization(work, organization_id)
    if not organization.nir_basis:
        return 0
    erased = _erase(work, organization)
    organization.nir_basis, organization.nir_by_id, organization.nir_at = "", None, None
    record(work, "organization.nir_stopped", organization=organization_id, erased=erased)
    work.signal(Missed())  # what is erased leaves every open page
    return erased


def concerned(work: Work, organization_id: UUID) -> int:
    """Return how many numbers would be erased if the organisation were no longer known by its own."""
    require_administrator(work)
    organization = work.session.get(Organization, organization_id)
    if organization is None:
        raise NotFound
    mine = select(func.count()).select_from(CaseIdentifier).where(_only_for(organization))
    return (work.session.scalar(mine) or 0) + len(_drafts(work, organization))


def _organization(work: Work, organization_id: UUID) -> Organization:
    require_administrator(work)
    query = select(Organization).where(
        col(Organization.id) == organization_id, col(Organization.kind) == GroupKind.OPERATOR
    )
    organization = work.session.scalar(query.with_for_update())
    if organization is None:
        raise NotFound
    return organization


def _erase(work: Work, organization: Organization) -> int:
    """Erase what was given for this organisation only."""
    mine = select(func.count()).select_from(CaseIdentifier).where(_only_for(organization))
    count = work.session.scalar(mine) or 0
    only = delete(CaseIdentifier).where(_only_for(organization))
    work.session.execute(only.execution_options(synchronize_session=False))
    drafts = _drafts(work, organization)
    for draft in drafts:
        draft.form = {**draft.form, organization.identifier.value: ""}
    return count + len(drafts)


def _only_for(organization: Organization) -> ColumnElement[bool]:
    """Return the condition on ``CaseIdentifier`` that keeps the numbers which this organisation, and no other
    of the case, knows the person by."""
    own = col(Organization.id) == organization.id
    other = and_(
        col(Organization.id) != organization.id, col(Organization.identifier) == organization.identifier, asks()
    )
    return and_(col(CaseIdentifier.kind) == organization.identifier, _takes_part(own), ~_takes_part(other))


def _takes_part(which: ColumnElement[bool]) -> ColumnElement[bool]:
    """Whether such an organisation was sent the case, or is named in one of its mandates."""
    sent = (
        exists()
        .where(
            col(Referral.case_id) == CaseIdentifier.case_id, col(Referral.status) != ReferralStatus.WITHDRAWN
        )
        .where(col(Group.id) == Referral.group_id, col(Organization.id) == Group.organization_id, which)
    )
    named = (
        exists()
        .where(col(Mandate.case_id) == CaseIdentifier.case_id, col(MandateScope.mandate_id) == Mandate.id)
        .where(col(Organization.id) == MandateScope.organization_id, which)
    )
    return or_(sent, named)


def _drafts(work: Work, organization: Organization) -> list[CaseDraft]:
    """Return the drafts that hold such a number for this organisation only (their forms are encrypted: each is
    read)."""
    of_group = {
        str(id_): owner
        for id_, owner in work.session.execute(select(col(Group.id), col(Group.organization_id)))
    }
    asking = select(col(Organization.id)).where(col(Organization.identifier) == organization.identifier, asks())
    others = set(work.session.scalars(asking)) - {organization.id}
    found = []
    for draft in work.session.scalars(select(CaseDraft)):
        if not draft.form.get(organization.identifier.value):
            continue
        chosen = {of_group.get(id_) for id_ in draft.form.get("groups", ())}
        chosen |= {UUID(id_) for id_ in draft.form.get("also", ())}
        if organization.id in chosen and not chosen & others:
            found.append(draft)
    return found
