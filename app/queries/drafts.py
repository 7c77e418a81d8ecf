"""Drafts as the new-case screen shows them: what was typed, what is signed, who may be the same usager."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from sqlalchemy import or_, select
from sqlmodel import col

from app.access import authorise
from app.as_typed import read_name
from app.case_form import FIELDS, Form, clean, read
from app.drafts import departement_of, usager_key
from app.errors import Invalid, NotFound
from app.lifecycle import mandate_status
from app.policy import Action
from app.queries.mandates import lacks, latest, scope_names
from app.work import Work
from models.case import Case, CaseDraft
from models.enums import CaseStatus, MandateStatus, MandateWay, Side
from models.mandate import Mandate
from models.organization import Blockage, Group, Procedure, Theme


@dataclass(frozen=True)
class Choices:
    """The closed lists of the first step, as (code, label), in their order."""

    themes: tuple[tuple[str, str], ...]
    blockages: tuple[tuple[str, str], ...]
    procedures: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class DraftMandate:
    """The mandate of a draft. ``missing`` is why it does not fit what the draft has become, in words."""

    id: UUID
    status: MandateStatus
    missing: str
    organizations: tuple[str, ...]
    expires_at: datetime
    way: MandateWay
    confirm_by: datetime | None


@dataclass(frozen=True)
class DraftView:
    """A draft as typed. ``step`` is the one to show, ``saved_at`` the last save."""

    case_id: UUID
    structure_id: UUID
    structure: str
    form: Form
    step: int
    saved_at: datetime
    mandate: DraftMandate | None


@dataclass(frozen=True)
class DraftLine:
    """A draft in the list of one's own; ``mandate`` is where its mandate stands, if it has one."""

    case_id: UUID
    subject: str
    usager: str
    saved_at: datetime
    mandate: MandateStatus | None


@dataclass(frozen=True)
class SameUsager:
    """An open case of the same person in the structure."""

    case_id: UUID
    subject: str
    sent_at: datetime


def choices(work: Work, form: Form) -> Choices:
    """Return the closed lists of the first step as offered now; what a form has already stays in its list, and
    is said to be no longer offered."""

    def of(table: type[Theme | Blockage | Procedure], kept: object) -> tuple[tuple[str, str], ...]:
        query = (
            select(col(table.code), col(table.label), col(table.is_offered))
            .where(or_(col(table.is_offered), col(table.code) == str(kept)))
            .order_by(col(table.position))
        )
        return tuple(
            (code, label if is_offered else f"{label} (n’est plus proposé)")
            for code, label, is_offered in work.session.execute(query)
        )

    return Choices(
        of(Theme, form.get("theme")), of(Blockage, form.get("blockage")), of(Procedure, form.get("procedure"))
    )


def no_longer_offered(work: Work, form: Form) -> frozenset[str]:
    """Return the fields of the first step whose answer is no longer offered."""
    lists: dict[str, type[Theme | Blockage | Procedure]] = {
        "theme": Theme, "blockage": Blockage, "procedure": Procedure,
    }  # fmt: skip
    found = set()
    for name, table in lists.items():
        row: Any = work.session.get(table, form[name])
        if row is not None and not row.is_offered:
            found.add(name)
    return frozenset(found)


def draft(work: Work, case_id: UUID) -> DraftView:
    """Return a draft to its author; unknown, sent or somebody else's: not found."""
    case, _ = authorise(work, case_id, Action.READ)
    kept = work.session.get(CaseDraft, case_id)
    if case.status is not CaseStatus.DRAFT or kept is None:
        raise NotFound
    return DraftView(
        case_id=case_id,
        structure_id=case.structure_id,
        structure=work.session.get_one(Group, case.structure_id).name,
        form=clean(kept.form),
        step=kept.step,
        saved_at=kept.saved_at,
        mandate=_mandate(work, case_id, clean(kept.form)),
    )


def my_drafts(work: Work) -> tuple[DraftLine, ...]:
    """Return the actor's drafts, the last saved first (50 at most)."""
    query = (
        select(col(CaseDraft.case_id), col(CaseDraft.form), col(CaseDraft.saved_at))
        .join(Case, col(Case.id) == CaseDraft.case_id)
        .where(
            col(Case.author_id) == work.actor.account_id, col(Case.status) == CaseStatus.DRAFT,
            col(Case.structure_id).in_(work.actor.groups(Side.AIDANT)),
        )
        .order_by(col(CaseDraft.saved_at).desc())
        .limit(50)
    )  # fmt: skip
    rows = work.session.execute(query).all()
    stand = (
        select(col(Mandate.case_id), col(Mandate.status), col(Mandate.expires_at))
        .where(col(Mandate.case_id).in_([row.case_id for row in rows]))
        .order_by(col(Mandate.id))
    )
    states = {
        id_: mandate_status(status, expires_at, work.now)
        for id_, status, expires_at in work.session.execute(stand)
    }
    return tuple(
        DraftLine(
            id_,
            str(form.get("subject", "")).strip(),
            " ".join(read_name(form.get(name, "")) for name in ("first_name", "last_name")).strip(),
            saved_at,
            states.get(id_),
        )
        for id_, form, saved_at in rows
    )


def first_form(work: Work, structure_id: UUID) -> Form:
    """Return an empty form with what the structure lets us guess: its département and its commune."""
    group = work.session.get_one(Group, structure_id)
    return clean({"departement": departement_of(work, structure_id), "commune": group.commune, "urgent": "non"})


def same_usager(work: Work, structure_id: UUID, form: Form) -> tuple[SameUsager, ...]:
    """Return the open cases of the same person in the structure (same name, same birth date)."""
    try:
        ready = read(work, form, steps=2)
    except Invalid:
        return ()
    query = (
        select(col(Case.id), col(Case.subject), col(Case.sent_at))
        .where(
            col(Case.structure_id).in_({structure_id} & work.actor.groups(Side.AIDANT)),
            col(Case.usager_key) == usager_key(work, structure_id, ready),
            col(Case.status).not_in((CaseStatus.DRAFT, CaseStatus.CLOSED)),
        )
        .order_by(col(Case.sent_at).desc())
        .limit(5)
    )
    return tuple(
        SameUsager(id_, subject, sent_at or work.now) for id_, subject, sent_at in work.session.execute(query)
    )


def is_draft(work: Work, case_id: UUID) -> bool:
    """Whether a case that the actor may read is still a draft."""
    case, _ = authorise(work, case_id, Action.READ)
    return case.status is CaseStatus.DRAFT


def faults(work: Work, form: Form) -> dict[int, dict[str, str]]:
    """Return what is wrong in each of the first four steps that is not complete: a sentence a field."""
    try:
        read(work, form)
    except Invalid as error:
        wrong = {
            step: {name: error.fields[name] for name in names if name in error.fields}
            for step, names in FIELDS.items()
        }
        return {step: sentences for step, sentences in wrong.items() if sentences}
    return {}


def _mandate(work: Work, case_id: UUID, form: Form) -> DraftMandate | None:
    mandate = latest(work, case_id)
    if mandate is None:
        return None
    return DraftMandate(
        id=mandate.id,
        status=mandate_status(mandate.status, mandate.expires_at, work.now),
        missing=lacks(
            work, mandate, f"{form['first_name']} {form['last_name']}", form["theme"], map(UUID, form["groups"])
        ),
        organizations=scope_names(work, mandate.id),
        expires_at=mandate.expires_at,
        way=mandate.way,
        confirm_by=mandate.confirm_by,
    )
