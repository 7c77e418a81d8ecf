"""What the bell and its page read, and for how much."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.errors import NotFound
from app.french import NBSP
from app.notify.notices import mark_told, tell
from app.queries import notices
from app.work import ByNobody, ByUsager, acting, reading
from models.base import new_id
from models.enums import NoticeKind
from tests.app.notify.told import rows, statements, unread
from tests.app.scenes import CAF, act, draft, leave, mandate, see, sent_case
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database", "clock")


def tell_many(cast: Cast, count: int, **about: object) -> None:
    with acting(ByNobody()) as work:
        for n in range(count):
            work.now = NOW + timedelta(seconds=n // 3)  # several of one instant
            tell(work, [cast.bruno], NoticeKind.LATE, key=f"late:{n}", **about)  # type: ignore[arg-type]


def test_pages_hold_each_once(cast: Cast) -> None:
    tell_many(cast, 25)
    seen, after = [], None
    with see(cast, "bruno") as work:
        for _ in range(4):
            page = notices.notices(work, after, limit=7)
            seen += [line.id for told in page.told for line in told.lines]
            after = page.after
    assert after is None
    assert len(seen) == len(set(seen)) == 25


def test_one_query_counts_and_three_show_a_page(cast: Cast) -> None:
    for _ in range(3):
        sent_case(cast)
    tell_many(cast, 120)
    with see(cast, "bruno") as work:
        with statements() as counted:
            assert notices.unread_count(work) == notices.MOST
        with statements() as shown:
            notices.notices(work)
    assert (len(counted), len(shown)) == (1, 2)


def test_what_one_may_not_read_any_more_is_masked(cast: Cast) -> None:
    case_id = sent_case(cast)
    with see(cast, "bruno") as work:
        (told,) = notices.notices(work).told
        assert (told.case_id, told.subject, told.usager) == (
            case_id,
            "APL non versée depuis août",
            f"Mme{NBSP}K.",
        )
    leave(cast, "bruno", CAF)
    with see(cast, "bruno") as work:
        (told,) = notices.notices(work).told
        assert (told.case_id, told.subject, told.usager, told.group) == (None, "", "", CAF)


def test_nobody_marks_what_is_another_s(cast: Cast) -> None:
    sent_case(cast)
    theirs = next(row for row in rows() if row.account_id == cast.bruno)
    with act(cast, "marc") as work, pytest.raises(NotFound):
        mark_told(work, theirs.id)
    with act(cast, "marc") as work, pytest.raises(NotFound):
        mark_told(work, new_id())
    assert set(unread(cast)) == {"bruno", "marc"}


def test_a_usager_has_no_bell(cast: Cast) -> None:
    mandate_id = mandate(cast, draft(cast))
    with reading(ByUsager(mandate_id)) as work:
        assert notices.unread_count(work) == 0
