"""What a structure's earlier cases spare its Aidants+ from typing again: persons already helped, communes."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from sqlalchemy import func, select
from sqlmodel import col

from app.case_form import Form
from app.communes import Commune
from app.french import born, long_date
from app.personal_data import fold, words
from app.queries.lists import initials
from app.work import Work
from models.case import Case
from models.enums import CaseStatus, Side

_COMMUNES = 30
_PERSONS = 3
_LOOKED_AT = 50


@dataclass(frozen=True)
class KnownUsager:
    """A person of this name whom the structure helped before. ``form`` holds the fields of a new case that are
    known of them, as they would be typed."""

    case_id: UUID
    usager: str
    about: str
    sent_at: datetime
    form: Form


def known(work: Work, structure_id: UUID, form: Form) -> tuple[KnownUsager, ...]:
    """Return the persons of this first and last name in the structure's own cases (three at most, the last
    helped first); nobody while the name is not typed whole, and nobody for who is no Aidant+ there."""
    first, last = words(form["first_name"]), words(form["last_name"])
    if len("".join(first)) < 2 or len("".join(last)) < 2:
        return ()
    query = (
        select(Case)
        .where(
            col(Case.structure_id).in_({structure_id} & work.actor.groups(Side.AIDANT)),
            col(Case.status) != CaseStatus.DRAFT,
            col(Case.search_text).contains(_longest(form["last_name"]), autoescape=True),
        )
        .order_by(col(Case.sent_at).desc())
        .limit(_LOOKED_AT)
    )
    found: dict[bytes | None, KnownUsager] = {}
    for case in work.session.scalars(query):
        if (words(case.usager_first_name), words(case.usager_last_name)) == (first, last):
            found.setdefault(case.usager_key, _known(work, case))
    return tuple(found.values())[:_PERSONS]


def communes(work: Work, structure_id: UUID) -> tuple[Commune, ...]:
    """Return the communes of the structure's cases, the most frequent first."""
    query = (
        select(col(Case.commune), col(Case.departement))
        .where(
            col(Case.structure_id).in_({structure_id} & work.actor.groups(Side.AIDANT)),
            col(Case.status) != CaseStatus.DRAFT,
        )
        .group_by(col(Case.commune), col(Case.departement))
        .order_by(func.count().desc(), col(Case.commune))
        .limit(_COMMUNES)
    )
    return tuple(Commune(name, code) for name, code in work.session.execute(query) if name)


def _longest(name: str) -> str:
    """The longest word of a name, as it stands in a text to be searched."""
    return max(words(fold(name)), key=len)


def _known(work: Work, case: Case) -> KnownUsager:
    day = case.usager_born_on
    civility = case.civility.label
    return KnownUsager(
        case_id=case.id,
        usager=initials(case.civility, case.usager_last_name),
        about=", ".join(filter(None, (f"{born(civility)} le {long_date(day)}" if day else "", case.commune))),
        sent_at=case.sent_at or work.now,
        form={
            "first_name": case.usager_first_name,
            "last_name": case.usager_last_name,
            "civility": case.civility.value,
            "born_on": day.strftime("%d/%m/%Y") if day else "",
            "commune": case.commune,
            "departement": case.departement,
            "phone": str((case.usager_contact or {}).get("phone", "")),
        },
    )
