"""The pages of a mandate signed on paper, or of one that the structure already had: kept, cut, moved, shown.

A page is an image (or a PDF, for an existing mandate) without what its file said besides; encrypted; known by
the SHA-256 of what is kept. It changes only while the mandate waits for an answer.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import mandate_steps as steps
from app import threads
from app.access import authorise
from app.errors import Conflict, Invalid, NotFound
from app.journal import record
from app.lifecycle import mandate_status
from app.mandate_papers import Paper
from app.paper_corners import WHOLE, Corners, read_corners
from app.paper_images import MAX_PAGES, PDF, Prepared, straighten
from app.policy import Action
from app.queries.mandates import document
from app.work import Work
from models.enums import MandateStatus, MandateWay
from models.mandate import Mandate, MandatePage

TOO_MANY = f"Un mandat a {MAX_PAGES} pages au plus. Retirez-en une avant d’en ajouter."


@dataclass(frozen=True)
class PageView:
    """A page as its screen shows it. ``is_cut_here``: its whole picture is still there, to be cut again."""

    id: UUID
    position: int
    media_type: str
    sha256: str
    corners: Corners
    turns: int
    has_contrast: bool
    is_cut_here: bool


@dataclass(frozen=True)
class Uncut:
    """A page to be cut anew from ``source``, its whole picture, as ``framing`` says; ``was`` as in ``Cut``."""

    page_id: UUID
    was: str
    source: bytes
    framing: dict[str, Any]


@dataclass(frozen=True)
class Cut:
    """A page cut anew from its picture, not kept yet; ``was`` is the SHA-256 of the page it replaces."""

    page_id: UUID
    was: str
    content: bytes
    framing: dict[str, Any]


def pages(work: Work, mandate_id: UUID) -> tuple[PageView, ...]:
    """Return the pages of a mandate in their order, without what they show, to who handles it."""
    _find(work, mandate_id)
    columns = (
        MandatePage.id, MandatePage.position, MandatePage.media_type, MandatePage.sha256, MandatePage.framing,
    )  # fmt: skip
    query = select(*map(col, columns)).where(col(MandatePage.mandate_id) == mandate_id)
    return tuple(_view(*row) for row in work.session.execute(query.order_by(col(MandatePage.position))))


def may_add(work: Work, mandate_id: UUID) -> MandateWay:
    """Return the way of a mandate that takes pages now, or refuse before a file is received."""
    mandate = waiting(work, mandate_id, lock=False)
    return mandate.way


def add_pages(
    work: Work, mandate_id: UUID, prepared: tuple[Prepared, ...], *, instead_of: UUID | None = None
) -> tuple[UUID, ...]:
    """Keep pages after the others, or one ``instead_of`` another; return their ids.

    The same file sent twice (a line that was cut) is kept once.
    """
    mandate = waiting(work, mandate_id)
    rows = rows_of(work, mandate_id)
    if instead_of is not None:
        if len(prepared) != 1:
            raise Invalid(file="Ce fichier a plusieurs pages. Choisissez-en un d’une page, ou ajoutez-le.")
        row = next((one for one in rows if one.id == instead_of), None)
        if row is None:
            raise NotFound
        _fill(row, prepared[0])
        _tell(work, mandate, "mandate.page_changed")
        return (row.id,)
    known = {row.framing["received"]: row.id for row in rows if row.framing}
    fresh = [one for one in prepared if one.received not in known]
    if len(rows) + len(fresh) > MAX_PAGES:
        raise Invalid(file=TOO_MANY)
    for one in fresh:
        row = MandatePage(
            created_at=work.now, mandate_id=mandate_id, position=len(rows), media_type=one.media_type,
            content=b"", sha256="",
        )  # fmt: skip
        _fill(row, one)
        work.session.add(row)
        rows.append(row)
        known[one.received] = row.id
    if fresh:
        _tell(work, mandate, "mandate.page_added")
    return tuple(known[one.received] for one in prepared)


def to_cut(
    work: Work,
    mandate_id: UUID,
    page_id: UUID,
    *,
    corners: object = None,
    turns: object = 0,
    contrast: bool = False,
) -> Uncut:
    """Return what ``cut`` needs to cut a page anew, to who may keep it; nothing is written."""
    waiting(work, mandate_id, lock=False)
    row = _row(work, mandate_id, page_id)
    if row.source is None:
        raise Conflict("Cette page est gardée telle quelle. Retirez-la, puis ajoutez-la à nouveau.")
    around = WHOLE if corners is None else read_corners(corners)
    framing = {**(row.framing or {}), "corners": around, "turns": turns, "contrast": contrast}
    return Uncut(page_id, row.sha256, row.source, framing)


def cut(uncut: Uncut) -> Cut:
    """Cut a page anew from its whole picture, outside of any transaction: it takes seconds. Turns that are none
    are ``Invalid``."""
    how = uncut.framing
    content = straighten(uncut.source, how["corners"], how["turns"], contrast=how["contrast"])
    return Cut(uncut.page_id, uncut.was, content, how)


def keep_cut(work: Work, mandate_id: UUID, made: Cut) -> None:
    """Keep a page as it was cut, unless it changed meanwhile."""
    mandate = waiting(work, mandate_id)
    row = _row(work, mandate_id, made.page_id)
    if row.sha256 != made.was:
        raise Conflict("Cette page a changé entre-temps. Regardez-la, puis recadrez-la si besoin.")
    row.content, row.framing = made.content, made.framing
    row.sha256 = Prepared("", "", made.content, None).sha256
    _tell(work, mandate, "mandate.page_changed")


def move_page(work: Work, mandate_id: UUID, page_id: UUID, *, up: bool) -> None:
    """Move a page one place up or down; at the end it stays where it is."""
    mandate = waiting(work, mandate_id)
    rows = rows_of(work, mandate_id)
    here = next((n for n, row in enumerate(rows) if row.id == page_id), None)
    if here is None:
        raise NotFound
    there = here - 1 if up else here + 1
    if not 0 <= there < len(rows):
        return
    one, other = rows[here], rows[there]
    first, second = one.position, other.position
    # Places are unique at each statement: one page steps aside.
    for row, position in ((one, -1), (other, first), (one, second)):
        row.position = position
        work.session.flush()
    _tell(work, mandate, "mandate.page_changed")


def remove_page(work: Work, mandate_id: UUID, page_id: UUID) -> None:
    """Take a page away; those after it close up. One that is gone already is no fault."""
    mandate = waiting(work, mandate_id)
    rows = rows_of(work, mandate_id)
    if page_id not in {row.id for row in rows}:
        return
    for row in rows:
        if row.id == page_id:
            work.session.delete(row)
            work.session.flush()
    for position, row in enumerate(one for one in rows if one.id != page_id):
        row.position = position
        work.session.flush()
    _tell(work, mandate, "mandate.page_removed")


def look_again(work: Work, mandate_id: UUID) -> tuple[str, ...]:
    """Note that the pages were read once more, forget the pictures they were cut from, return their SHA-256."""
    rows = rows_of(work, mandate_id)
    for row in rows:
        row.confirmed_at, row.source, row.framing = work.now, None, None
    return tuple(row.sha256 for row in rows)


def page(work: Work, mandate_id: UUID, page_id: UUID, *, whole: bool = False) -> Paper:
    """Return a page, to who may see the mandate; ``whole``, the picture it is cut from, to who handles it."""
    view = document(work, mandate_id)
    if whole and not view.may_manage:
        raise NotFound
    row = _row(work, mandate_id, page_id)
    if row.confirmed_at is None and not view.may_manage:
        raise NotFound
    content = row.source if whole else row.content
    if content is None:
        raise NotFound
    name = f"page-{row.position + 1}.{'pdf' if row.media_type == PDF else 'jpg'}"
    return Paper(name, row.media_type, content)


def _find(work: Work, mandate_id: UUID) -> Mandate:
    mandate = work.session.get(Mandate, mandate_id)
    if mandate is None:
        raise NotFound
    authorise(work, mandate.case_id, Action.MANAGE_MANDATE)
    return mandate


def waiting(work: Work, mandate_id: UUID, *, lock: bool = True) -> Mandate:
    """Return a mandate that takes pages now, locked unless nothing is to be written."""
    mandate = steps.load(work, mandate_id)[0] if lock else _find(work, mandate_id)
    if mandate_status(mandate.status, mandate.expires_at, work.now) is not MandateStatus.PRESENTED:
        raise Conflict("Ce mandat n’attend plus de pages. Rien n’a été changé.")
    if mandate.way not in (MandateWay.PAPER, MandateWay.EXISTING):
        raise Conflict("Ce mandat ne se donne pas sur papier.")
    return mandate


def rows_of(work: Work, mandate_id: UUID) -> list[MandatePage]:
    """Return the pages of a mandate in their order, for who has been authorised."""
    query = select(MandatePage).where(col(MandatePage.mandate_id) == mandate_id)
    return list(work.session.scalars(query.order_by(col(MandatePage.position))))


def _row(work: Work, mandate_id: UUID, page_id: UUID) -> MandatePage:
    row = work.session.get(MandatePage, page_id)
    if row is None or row.mandate_id != mandate_id:
        raise NotFound
    return row


def _fill(row: MandatePage, prepared: Prepared) -> None:
    row.media_type, row.content, row.sha256 = prepared.media_type, prepared.content, prepared.sha256
    row.source = prepared.source
    row.framing = {"received": prepared.received, "corners": prepared.corners, "turns": 0, "contrast": False}


def _tell(work: Work, mandate: Mandate, act: str) -> None:
    record(work, act, mandate.case_id, mandate=mandate.id)
    threads.tell_case(work, mandate.case_id)


def _view(id_: UUID, position: int, media_type: str, sha256: str, framing: dict[str, Any] | None) -> PageView:
    how = framing or {}
    corners = tuple((x, y) for x, y in how.get("corners", WHOLE))
    return PageView(
        id_, position, media_type, sha256, corners, how.get("turns", 0), how.get("contrast", False),  # type: ignore[arg-type]
        is_cut_here=framing is not None and media_type != PDF,
    )  # fmt: skip
