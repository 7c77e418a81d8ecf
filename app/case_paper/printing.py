"""Taking a case on paper, by who may read it. What may not be read is not asked for: nothing is hidden here."""

from __future__ import annotations

from uuid import UUID

from app.access import authorise, require
from app.case_paper.sheet import WITH_NOTES, Sheet, facts_of, line_of, recipient_of
from app.errors import NotFound
from app.french import exact_time, number, short_name
from app.journal import record
from app.policy import Action
from app.queries import case as cases
from app.queries import thread
from app.queries.case import CaseView
from app.queries.thread import EntryView
from app.references import reference
from app.work import Work
from models.enums import CaseStatus, Side

MOST_LINES = 2_000
MOST_CHARACTERS = 1_000_000  # of what was typed: some four hundred pages


def take(work: Work, case_id: UUID, *, with_notes: bool = False, as_pdf: bool = False) -> Sheet:
    """Return a case as it is printed, and write in the journal that it was taken.

    ``with_notes``, for who may read them: the notes between agents too; else they are not even read.
    A draft is printed by nobody.
    """
    row, facts = authorise(work, case_id, Action.READ)
    if row.status is CaseStatus.DRAFT:
        raise NotFound
    if with_notes:
        require(work, Action.READ_NOTES, facts)
    view = cases.case(work, case_id)
    side = Side.AGENT if with_notes else Side.AIDANT
    entries, left_out = _bounded(thread.entries_for(work, case_id, side, limit=MOST_LINES + 1))
    kind = "pdf" if as_pdf else "page"
    record(work, "case.printed", case_id, kind=kind, notes="with" if with_notes else "without")
    lines = tuple(line for entry in entries if (line := line_of(entry)) is not None)
    return Sheet(
        reference=reference(case_id),
        subject=view.subject,
        facts=facts_of(view),
        recipients=tuple(recipient_of(one) for one in view.referrals),
        lines=lines,
        left_out=left_out,
        printed=f"Imprimé le {exact_time(work.now)} par {_who(work, view)}",
        printed_at=work.now,
        warning=WITH_NOTES if any(line.label for line in lines) else "",
        with_notes=with_notes,
        may_have_notes=Action.READ_NOTES in view.may,
    )


def _bounded(entries: tuple[EntryView, ...]) -> tuple[tuple[EntryView, ...], str]:
    """Return the newest lines that a document holds, and what is said of the others."""
    kept: list[EntryView] = []
    room = MOST_CHARACTERS
    for entry in reversed(entries):
        room -= len(entry.text)
        if len(kept) == MOST_LINES or (room < 0 and kept):
            break
        kept.append(entry)
    if len(kept) == len(entries):
        return entries, ""
    return tuple(reversed(kept)), (
        f"Les {number(len(kept))} dernières lignes sont imprimées. Lisez les précédentes dans le service."
    )


def _who(work: Work, view: CaseView) -> str:
    own = next((one.group for one in view.referrals if one.group_id == view.own_group), "")
    group = view.structure if view.side is Side.AIDANT else own
    return ", ".join(filter(None, (short_name(work.actor.name), group)))
