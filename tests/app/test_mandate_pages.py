"""Pages of a signed paper: who keeps, cuts, moves and sees them, and until when."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from functools import lru_cache
from uuid import UUID

import pytest
from sqlalchemy import select, text
from sqlmodel import col

from app import mandate_pages, mandates
from app.errors import Conflict, Invalid, NotFound
from app.mandate_pages import PageView
from app.paper_images import MAX_PAGES, Prepared, prepare
from app.work import ByNobody, Work, reading
from models.base import new_id
from models.enums import MandateWay
from models.journal import JournalEntry
from models.mandate import MandatePage
from tests.app.papers import SEEN, pdf_of, photograph, saved, sheet
from tests.app.scenes import act, draft, leave, see
from tests.conftest import Cast

pytestmark = pytest.mark.usefixtures("database")


def presented(cast: Cast, way: MandateWay = MandateWay.PAPER, case_id: UUID | None = None) -> UUID:
    case_id = case_id or draft(cast)
    with act(cast, "aline") as work:
        return mandates.present(work, case_id, way=way)


@lru_cache
def photo(words: str = "A") -> tuple[Prepared, ...]:
    return prepare(saved(photograph(sheet(words), size=(450, 600)), "jpeg"))


def add(cast: Cast, mandate_id: UUID, *words: str, who: str = "aline") -> list[UUID]:
    with act(cast, who) as work:
        return [id_ for word in words for id_ in mandate_pages.add_pages(work, mandate_id, photo(word))]


def kept(cast: Cast, mandate_id: UUID) -> tuple[PageView, ...]:
    with see(cast, "aline") as work:
        return mandate_pages.pages(work, mandate_id)


def do(cast: Cast, service: Callable[..., object], *args: object, who: str = "aline", **kwargs: object) -> None:
    with act(cast, who) as work:
        service(work, *args, **kwargs)


def order(cast: Cast, mandate_id: UUID) -> list[UUID]:
    views = kept(cast, mandate_id)
    assert [view.position for view in views] == list(range(len(views)))
    return [view.id for view in views]


def test_pages_are_kept_in_their_order_encrypted_and_journaled(cast: Cast) -> None:
    mandate_id = presented(cast)
    ids = add(cast, mandate_id, "A", "B")
    first, second = kept(cast, mandate_id)
    assert [first.id, second.id] == ids
    assert (first.media_type, first.is_cut_here, first.turns) == ("image/jpeg", True, 0)
    assert first.corners == photo("A")[0].corners
    with see(cast, "aline") as work:
        page = mandate_pages.page(work, mandate_id, first.id)
        whole = mandate_pages.page(work, mandate_id, first.id, whole=True)
    assert (page.content, page.name) == (photo("A")[0].content, "page-1.jpg")
    assert hashlib.sha256(page.content).hexdigest() == first.sha256
    assert whole.content == photo("A")[0].source
    with reading(ByNobody()) as work:
        for column in ("content", "source", "framing"):
            stored = work.session.execute(text(f"SELECT {column} FROM mandate_page")).scalars().all()
            assert all(b"JFIF" not in bytes(one) and b"corners" not in bytes(one) for one in stored)
        query = select(JournalEntry).where(col(JournalEntry.action) == "mandate.page_added")
        (entry, _) = work.session.scalars(query).all()
    assert entry.details == {"mandate": str(mandate_id)}


def test_the_same_file_twice_is_one_page(cast: Cast) -> None:
    mandate_id = presented(cast)
    assert add(cast, mandate_id, "A", "A") == add(cast, mandate_id, "A") * 2
    assert len(kept(cast, mandate_id)) == 1


def test_ten_pages_and_no_more(cast: Cast) -> None:
    mandate_id = presented(cast)
    scan = prepare(pdf_of(*(sheet(str(n)).resize((210, 297)) for n in range(MAX_PAGES - 1))))
    do(cast, mandate_pages.add_pages, mandate_id, scan)
    with pytest.raises(Invalid, match="10\u00a0pages au plus"):
        add(cast, mandate_id, "A", "B")
    add(cast, mandate_id, "A")
    with pytest.raises(Invalid):
        add(cast, mandate_id, "B")
    assert len(kept(cast, mandate_id)) == MAX_PAGES


def test_one_takes_the_place_of_another(cast: Cast) -> None:
    mandate_id = presented(cast)
    first, second = add(cast, mandate_id, "A", "B")
    do(cast, mandate_pages.add_pages, mandate_id, photo("C"), instead_of=first)
    assert order(cast, mandate_id) == [first, second]
    assert kept(cast, mandate_id)[0].sha256 == photo("C")[0].sha256
    scan = prepare(pdf_of(*[sheet().resize((210, 297))] * 2))
    with pytest.raises(Invalid):
        do(cast, mandate_pages.add_pages, mandate_id, scan, instead_of=first)
    other = add(cast, presented(cast), "A")[0]
    for stranger in (new_id(), other):
        with pytest.raises(NotFound):
            do(cast, mandate_pages.add_pages, mandate_id, photo("D"), instead_of=stranger)


def test_moved_and_taken_away(cast: Cast) -> None:
    mandate_id = presented(cast)
    a, b, c = add(cast, mandate_id, "A", "B", "C")
    for page, up, wanted in (
        (c, True, [a, c, b]), (c, True, [c, a, b]), (c, True, [c, a, b]), (a, False, [c, b, a]),
        (a, False, [c, b, a]),
    ):  # fmt: skip
        do(cast, mandate_pages.move_page, mandate_id, page, up=up)
        assert order(cast, mandate_id) == wanted
    do(cast, mandate_pages.remove_page, mandate_id, c)
    do(cast, mandate_pages.remove_page, mandate_id, c)
    assert order(cast, mandate_id) == [b, a]
    with pytest.raises(NotFound):
        do(cast, mandate_pages.move_page, mandate_id, c, up=True)
    assert len(add(cast, mandate_id, "C")) == 1
    assert len(order(cast, mandate_id)) == 3


def test_cut_anew_unless_it_changed_meanwhile(cast: Cast) -> None:
    mandate_id = presented(cast)
    (page,) = add(cast, mandate_id, "A")
    before = kept(cast, mandate_id)[0]
    with see(cast, "aline") as work:
        uncut = mandate_pages.to_cut(work, mandate_id, page, corners=SEEN, turns=1, contrast=True)
    made = mandate_pages.cut(uncut)
    assert kept(cast, mandate_id)[0] == before
    do(cast, mandate_pages.keep_cut, mandate_id, made)
    after = kept(cast, mandate_id)[0]
    assert (after.corners, after.turns, after.has_contrast) == (SEEN, 1, True)
    assert after.sha256 != before.sha256
    assert add(cast, mandate_id, "A") == [page], "it is still the same file"
    with pytest.raises(Conflict):
        do(cast, mandate_pages.keep_cut, mandate_id, made)
    for wrong in ({"corners": [[0, 0]] * 4}, {"turns": 7}):
        with see(cast, "aline") as work, pytest.raises(Invalid):
            mandate_pages.cut(mandate_pages.to_cut(work, mandate_id, page, **wrong))


def test_an_existing_mandate_keeps_its_pdf_as_it_is(cast: Cast) -> None:
    mandate_id = presented(cast, MandateWay.EXISTING)
    content = pdf_of(sheet().resize((210, 297)), sheet().resize((210, 297)))
    do(cast, mandate_pages.add_pages, mandate_id, prepare(content, keep_pdf=True))
    (view,) = kept(cast, mandate_id)
    assert (view.media_type, view.is_cut_here) == ("application/pdf", False)
    assert view.sha256 == hashlib.sha256(content).hexdigest()
    with see(cast, "aline") as work, pytest.raises(Conflict):
        mandate_pages.to_cut(work, mandate_id, view.id)
    with see(cast, "aline") as work, pytest.raises(NotFound):
        mandate_pages.page(work, mandate_id, view.id, whole=True)


ACTS: tuple[Callable[[Work, UUID, UUID], object], ...] = (
    lambda work, mandate_id, _: mandate_pages.may_add(work, mandate_id),
    lambda work, mandate_id, _: mandate_pages.add_pages(work, mandate_id, photo("Z")),
    lambda work, mandate_id, page: mandate_pages.add_pages(work, mandate_id, photo("Z"), instead_of=page),
    lambda work, mandate_id, page: mandate_pages.to_cut(work, mandate_id, page),
    lambda work, mandate_id, page: mandate_pages.keep_cut(
        work, mandate_id, mandate_pages.Cut(page, photo("A")[0].sha256, b"x", {})
    ),
    lambda work, mandate_id, page: mandate_pages.move_page(work, mandate_id, page, up=True),
    lambda work, mandate_id, page: mandate_pages.remove_page(work, mandate_id, page),
    lambda work, mandate_id, page: mandate_pages.page(work, mandate_id, page),
    lambda work, mandate_id, _: mandate_pages.pages(work, mandate_id),
)


@pytest.mark.parametrize("number", range(len(ACTS)))
def test_nobody_else_does_it(cast: Cast, number: int) -> None:
    mandate_id = presented(cast)
    (page,) = add(cast, mandate_id, "A")
    for who in ("adam", "chloe", "bruno", "denis"):  # a draft is its author's alone
        for id_ in (mandate_id, new_id()):
            with act(cast, who) as work, pytest.raises(NotFound):
                ACTS[number](work, id_, page)
    leave(cast, "aline", "France Services de Guise")
    with act(cast, "aline") as work, pytest.raises(NotFound):
        ACTS[number](work, mandate_id, page)


@pytest.mark.parametrize("number", range(7))
def test_only_while_it_waits_for_pages(cast: Cast, number: int) -> None:
    case_id = draft(cast)
    mandate_id = presented(cast, case_id=case_id)
    (page,) = add(cast, mandate_id, "A")
    do(cast, mandates.renounce, mandate_id)
    on_screen = presented(cast, MandateWay.SCREEN)
    for id_ in (mandate_id, on_screen):
        with act(cast, "aline") as work, pytest.raises(Conflict):
            ACTS[number](work, id_, page)
    with reading(ByNobody()) as work:
        assert len(work.session.scalars(select(MandatePage)).all()) == 1
