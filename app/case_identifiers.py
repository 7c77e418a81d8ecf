"""The numbers by which organisations know the usager of a case: kept when it is sent, corrected after.

Encrypted, and for the organisations that know people by them only (domain, section 3).
"""

from __future__ import annotations

from collections.abc import Mapping
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import threads, typed
from app.access import authorise
from app.errors import Invalid
from app.identifiers import LONGEST, NotOne, read
from app.journal import record
from app.policy import Action
from app.queries.identifiers import asked_of
from app.work import Work
from models.case import CaseIdentifier
from models.enums import IdentifierKind


def keep(work: Work, case_id: UUID, numbers: Mapping[IdentifierKind, str]) -> None:
    """Keep the checked numbers of a case; an empty one takes away what was kept."""
    mine = select(CaseIdentifier).where(col(CaseIdentifier.case_id) == case_id)
    known = {row.kind: row for row in work.session.scalars(mine)}
    for kind, value in numbers.items():
        if kind in known and value:
            known[kind].value = value
        elif kind in known:
            work.session.delete(known[kind])
        elif value:
            work.session.add(CaseIdentifier(case_id=case_id, kind=kind, value=value))
    work.session.flush()


def identify(work: Work, case_id: UUID, numbers: Mapping[str, str]) -> None:
    """Add, correct or take away numbers of a case that is sent, by kind; for the aidant's side.

    Only those that an organisation of the case asks for; a sentence for each that is none.
    """
    case, facts = authorise(work, case_id, Action.IDENTIFY, lock=True)
    names = asked_of(work, case_id)
    checked: dict[IdentifierKind, str] = {}
    wrong: dict[str, str] = {}
    for name, text in numbers.items():
        kind = next((one for one in names if one.value == name), None)
        if kind is None:
            raise Invalid(**{name: "Aucun organisme de cette demande ne connaît la personne par ce numéro."})
        try:
            checked[kind] = read(kind, typed.text(text, name)[:LONGEST])
        except NotOne as error:
            wrong[name] = str(error)
    if wrong:
        raise Invalid(**wrong)
    keep(work, case_id, checked)
    record(work, "case.identified", case_id, kinds=" ".join(sorted(kind.value for kind in checked)))
    threads.tell(work, case, facts)
