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
from app.errors import ChangedMeanwhile, Invalid
from app.french import NBSP
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


def identify(work: Work, case_id: UUID, numbers: Mapping[str, str], *, seen: Mapping[str, str]) -> None:
    """Add, correct or take away numbers of a case that is sent, by kind; for the aidant's side.

    Only those that an organisation of the case asks for; a sentence for each that is none. ``seen`` is what the
    actor was shown: what they left as it was is not written, and what a colleague changed is not written over.
    """
    case, facts = authorise(work, case_id, Action.IDENTIFY, lock=True)
    names = asked_of(work, case_id)
    before: dict[IdentifierKind, str] = {}
    after: dict[IdentifierKind, str] = {}
    wrong: dict[str, str] = {}
    for name, text in numbers.items():
        kind = next((one for one in names if one.value == name), None)
        if kind is None:
            raise Invalid(**{name: "Aucun organisme de cette demande ne connaît la personne par ce numéro."})
        try:
            before[kind], after[kind] = (_read(kind, one) for one in (seen.get(name, ""), text))
        except NotOne as error:
            wrong[name] = str(error)
    if wrong:
        raise Invalid(**wrong)
    changed = _changed(work, case_id, before, after)
    if not changed:
        return
    keep(work, case_id, changed)
    record(work, "case.identified", case_id, kinds=" ".join(sorted(kind.value for kind in changed)))
    threads.tell(work, case, facts)


def _read(kind: IdentifierKind, text: object) -> str:
    return read(kind, typed.text(text, kind.value)[:LONGEST])


def _changed(
    work: Work, case_id: UUID, before: Mapping[IdentifierKind, str], after: Mapping[IdentifierKind, str]
) -> dict[IdentifierKind, str]:
    """Return what is to be written; refuse when one of these is no more what was seen."""
    query = select(CaseIdentifier).where(col(CaseIdentifier.case_id) == case_id)
    now = {row.kind: row.value for row in work.session.scalars(query)}
    changed = {kind: value for kind, value in after.items() if value not in (before[kind], now.get(kind, ""))}
    for kind in changed:
        if now.get(kind, "") != before[kind]:
            raise ChangedMeanwhile(
                f"{kind.label}{NBSP}: un collègue l’a modifié entre-temps. Rien n’est enregistré. "
                "Fermez cette fenêtre pour voir le sien, puis recommencez si besoin."
            )
    return changed
