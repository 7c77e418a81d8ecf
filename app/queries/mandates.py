"""Mandates as screens and services read them: what they cover, and what is shown of them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import Select, select, true
from sqlmodel import col

from app.access import authorise
from app.deadlines import TERM_IS_NEAR
from app.errors import NotFound, OutsideMandate
from app.lifecycle import mandate_holds, mandate_status, may_be_taken_back
from app.personal_data import words
from app.policy import Action, CaseFacts, may
from app.queries.people import name_of
from app.queries.proofs import ProofView, proof_of
from app.queries.visibility import holds
from app.work import Work
from models.enums import CaseStatus, MandateStatus, MandateWay, ProofKind
from models.mandate import Mandate, MandateDocument, MandateProof, MandateScope, MandateText
from models.organization import Group, Organization, Theme

_SIGNED = (ProofKind.DRAWN, ProofKind.PAPER, ProofKind.EXISTING)


@dataclass(frozen=True)
class NextMandate:
    """The mandate that will replace the one in force once it is accepted."""

    id: UUID
    status: MandateStatus


@dataclass(frozen=True)
class MandateView:
    """A mandate as its page and its print show it; instants in UTC.

    ``ends_soon``: it is in force and its term is near. ``next_one`` will replace it, for who manages it.
    """

    id: UUID
    case_id: UUID
    status: MandateStatus
    way: MandateWay
    holder: str
    structure: str
    organizations: tuple[str, ...]
    theme: str
    plain_text: tuple[str, ...]
    full_text: tuple[str, ...]
    text_version: int
    text_sha256: str
    shown_sha256: str
    created_at: datetime
    expires_at: datetime
    presented_at: datetime | None
    consented_at: datetime | None
    accepted_at: datetime | None
    accepted_by: str
    ended_at: datetime | None
    end_reason: str
    proof: ProofView | None
    may_manage: bool
    may_be_revoked: bool
    is_draft_case: bool
    has_document: bool
    confirm_by: datetime | None
    ends_soon: bool
    next_one: NextMandate | None


def covered_organizations(work: Work, case_id: UUID) -> frozenset[UUID]:
    """Return the organisations that the mandate in force names, none when no mandate holds."""
    query = (
        select(col(MandateScope.organization_id))
        .join(Mandate, col(Mandate.id) == MandateScope.mandate_id)
        .where(col(Mandate.case_id) == case_id, holds(work.now))
    )
    return frozenset(work.session.scalars(query))


def latest(work: Work, case_id: UUID) -> Mandate | None:
    """Return the mandate that counts for a case: the one in force, else the newest."""
    return latest_and_next(work, case_id)[0]


def latest_and_next(work: Work, case_id: UUID) -> tuple[Mandate | None, NextMandate | None]:
    """Return the mandate that counts for a case, and what will replace it if it is in force (one query)."""
    awaited = _awaited(work, case_id).subquery()
    query = (
        select(Mandate, awaited.c.id, awaited.c.status)
        .outerjoin(awaited, true())
        .where(col(Mandate.case_id) == case_id)
        .order_by(holds(work.now).desc(), col(Mandate.id).desc())
        .limit(1)
    )
    mandate, next_id, status = work.session.execute(query).one_or_none() or (None, None, None)
    holds_now = mandate is not None and mandate_holds(mandate.status, mandate.expires_at, work.now)
    return mandate, NextMandate(next_id, status) if holds_now and next_id and status else None


def in_force(work: Work, case_id: UUID) -> Mandate | None:
    """Return the mandate under which the structure may act now, if any."""
    return work.session.scalar(select(Mandate).where(col(Mandate.case_id) == case_id, holds(work.now)).limit(1))


def document(work: Work, mandate_id: UUID) -> MandateView:
    """Return a mandate's document to who may see it (an agent: the one in force); unknown and not yours
    answer alike."""
    mandate = work.session.get(Mandate, mandate_id)
    if mandate is None:
        raise NotFound
    _, facts = authorise(work, mandate.case_id, Action.READ)
    may_manage = may(work.actor, Action.MANAGE_MANDATE, facts)
    is_in_force = mandate_holds(mandate.status, mandate.expires_at, work.now)
    if not may(work.actor, Action.SEE_MANDATE, facts) or not (may_manage or is_in_force):
        raise NotFound
    text = work.session.get_one(MandateText, mandate.text_id)
    shown: dict[str, Any] = mandate.shown_text
    return MandateView(
        id=mandate.id,
        case_id=mandate.case_id,
        status=mandate_status(mandate.status, mandate.expires_at, work.now),
        way=mandate.way,
        holder=str(mandate.holder["name"]),
        structure=work.session.get_one(Group, mandate.structure_id).name,
        organizations=scope_names(work, mandate.id),
        theme=mandate.theme_label,
        plain_text=tuple(shown["plain"]),
        full_text=tuple(shown["full"]),
        text_version=text.version,
        text_sha256=text.sha256,
        shown_sha256=mandate.shown_sha256,
        created_at=mandate.created_at,
        expires_at=mandate.expires_at,
        presented_at=mandate.presented_at,
        consented_at=mandate.consented_at,
        accepted_at=mandate.accepted_at,
        accepted_by=name_of(work, mandate.accepted_by_id) if mandate.accepted_by_id else "",
        ended_at=mandate.ended_at,
        end_reason=mandate.end_reason,
        proof=proof_of(work, mandate.id),
        may_manage=may_manage,
        may_be_revoked=_may_be_revoked(work, mandate, facts),
        is_draft_case=facts.status is CaseStatus.DRAFT,
        has_document=_has_document(work, mandate.id),
        confirm_by=mandate.confirm_by,
        ends_soon=ends_soon(work, mandate),
        next_one=latest_and_next(work, mandate.case_id)[1] if may_manage and is_in_force else None,
    )


def _may_be_revoked(work: Work, mandate: Mandate, facts: CaseFacts) -> bool:
    """Whether its revocation is offered: where the case goes on under another one, that one is revoked."""
    is_replaced = mandate.status is MandateStatus.ENDED and facts.has_valid_mandate
    return (
        may(work.actor, Action.ANSWER_MANDATE, facts)
        and may_be_taken_back(mandate.status, mandate.expires_at, work.now)
        and not is_replaced
    )


def ends_soon(work: Work, mandate: Mandate) -> bool:
    """Whether a mandate is in force and its term is near: a new one should be asked for."""
    is_in_force = mandate_holds(mandate.status, mandate.expires_at, work.now)
    return is_in_force and mandate.expires_at <= work.now + TERM_IS_NEAR


def _awaited(work: Work, case_id: UUID) -> Select[UUID, MandateStatus]:
    """What will replace a mandate in force once it is accepted: shown to the person, or agreed to."""
    return (
        select(col(Mandate.id), col(Mandate.status))
        .where(
            col(Mandate.case_id) == case_id, col(Mandate.expires_at) > work.now,
            col(Mandate.status).in_((MandateStatus.PRESENTED, MandateStatus.CONSENTED)),
        )
        .order_by(col(Mandate.id).desc())
        .limit(1)
    )  # fmt: skip


def scope_names(work: Work, mandate_id: UUID) -> tuple[str, ...]:
    """Return the names of the organisations that a mandate names."""
    query = (
        select(col(Organization.short_name))
        .join(MandateScope, col(MandateScope.organization_id) == Organization.id)
        .where(col(MandateScope.mandate_id) == mandate_id)
        .order_by(col(Organization.short_name))
    )
    return tuple(work.session.scalars(query))


def _has_document(work: Work, mandate_id: UUID) -> bool:
    query = select(col(MandateDocument.id)).where(col(MandateDocument.mandate_id) == mandate_id)
    return work.session.scalar(query) is not None


def lacks(work: Work, mandate: Mandate, usager: str, theme_code: str, group_ids: Iterable[UUID]) -> str:
    """Return why a mandate does not fit a case of this usager, theme and recipients, in a sentence that says
    what to do; empty when it fits."""
    name, holder = words(usager), str(mandate.holder["name"])
    theme = work.session.get(Theme, theme_code)
    if words(holder)[-len(name) :] != name or theme is None or theme.label != mandate.theme_label:
        return (
            f"Le mandat {_given(_proof_kind(work, mandate.id))} {holder} pour « {mandate.theme_label} ». "
            "Corrigez le nom ou le thème, ou faites signer un nouveau mandat."
        )
    if not (outside := unnamed(work, mandate, group_ids)):
        return ""
    signed = " signé" if _proof_kind(work, mandate.id) in _SIGNED else ""
    return (
        f"Le mandat{signed} ne nomme pas {', '.join(outside.values())}. "
        "Choisissez parmi ceux qu’il nomme, ou faites signer un nouveau mandat."
    )


def _proof_kind(work: Work, mandate_id: UUID) -> ProofKind | None:
    query = select(col(MandateProof.kind)).where(col(MandateProof.mandate_id) == mandate_id)
    return work.session.scalar(query.order_by(col(MandateProof.id).desc()).limit(1))


def _given(kind: ProofKind | None) -> str:
    """Return how a mandate was given, with what names the person; nobody has agreed to one without a proof."""
    if kind is None:
        return "est au nom de"
    return "a été signé par" if kind in _SIGNED else "a été accordé par"


def unnamed(work: Work, mandate: Mandate, group_ids: Iterable[UUID]) -> dict[UUID, str]:
    """Return the organisations of these groups that a mandate does not name: their ids and short names."""
    named = select(col(MandateScope.organization_id)).where(col(MandateScope.mandate_id) == mandate.id)
    query = (
        select(col(Organization.id), col(Organization.short_name))
        .join(Group, col(Group.organization_id) == Organization.id)
        .where(col(Group.id).in_(group_ids), col(Organization.id).not_in(named))
        .order_by(col(Organization.short_name))
        .distinct()
    )
    return {row[0]: row[1] for row in work.session.execute(query)}


def outside_the_mandate(work: Work, organization_ids: Iterable[UUID]) -> OutsideMandate:
    """Return the refusal to share a case with organisations that its mandate does not name."""
    query = (
        select(col(Organization.id), col(Organization.short_name))
        .where(col(Organization.id).in_(organization_ids))
        .order_by(col(Organization.short_name))
    )
    found = {row[0]: row[1] for row in work.session.execute(query)}
    names = tuple(found.values())
    sentence = (
        f"Le mandat ne nomme pas {', '.join(names)}. "
        "Il faut d’abord demander l’accord de la personne. Rien n’a été changé."
    )
    return OutsideMandate(sentence, tuple(found), names)
