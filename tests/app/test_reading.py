"""What each one has read: forward only, never beyond what their side may read, said to open pages."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import events, threads
from app.errors import NotFound
from app.queries import thread
from app.work import ByNobody, acting, reading
from models.account import AuthSession
from models.base import new_id
from models.case import ReadMark
from models.enums import Side
from tests.app.scenes import CAF, act, join, leave, note, resolve, say, see, sent_case, take
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")


def marks(case_id: UUID) -> dict[UUID, int]:
    with reading(ByNobody()) as work:
        query = select(ReadMark).where(col(ReadMark.case_id) == case_id)
        return {mark.account_id: mark.seq for mark in work.session.scalars(query)}


def read(cast: Cast, who: str, case_id: UUID, seq: int) -> None:
    with act(cast, who) as work:
        threads.mark_read(work, case_id, seq)


class TestReadMarks:
    def test_reading_moves_forward_only_and_never_beyond_the_end(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        for seq, kept in ((1, 1), (2, 2), (1, 2), (99, 2), (-5, 2)):
            read(cast, "bruno", case_id, seq)
            assert marks(case_id) == {cast.aline: 2, cast.bruno: kept}  # one's own

    def test_an_aidant_reads_no_note(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        note(cast, "bruno", case_id)
        for who, kept in (("adam", 2), ("marc", 3)):
            read(cast, who, case_id, 3)
            assert marks(case_id)[getattr(cast, who)] == kept

    def test_what_one_says_is_read(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id)
        resolve(cast, "bruno", case_id)
        assert marks(case_id)[cast.bruno] == 5

    def test_never_by_others(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        for who in ("chloe", "basile", "denis"):
            with pytest.raises(NotFound):
                read(cast, who, case_id, 1)

    def test_who_has_read_is_shown(self, cast: Cast) -> None:
        case_id = sent_case(cast, at=NOW - timedelta(hours=1))
        read(cast, "bruno", case_id, 1)
        with see(cast, "aline") as work:
            found = thread.readers(work, case_id)
        assert [(reader.name, reader.seq) for reader in found] == [("Bruno C.", 1), ("Aline L.", 2)]

    def test_nothing_read_is_no_mark(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        for seq in (0, -5):
            read(cast, "bruno", case_id, seq)
            assert cast.bruno not in marks(case_id)

    def test_open_pages_are_told_when_it_moves_and_only_then(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        heard: list[events.Signal] = []
        stop = events.listen(heard.append)
        for seq in (1, 1, 2, 2):
            read(cast, "bruno", case_id, seq)
        stop()
        further = events.CaseRead(case_id, cast.bruno)
        bell = events.NoticesChanged(frozenset({cast.bruno}))
        assert heard == [further, bell, further]


class TestAllAtOnce:
    """What a whole room has read is written together, each with the rights of that instant."""

    def session(self, cast: Cast, who: str, ended_at: datetime | None = None) -> UUID:
        row = AuthSession(
            id=new_id(), created_at=NOW, account_id=getattr(cast, who), token_hash=new_id().bytes * 2,
            last_seen_at=NOW, expires_at=NOW + timedelta(hours=12), ended_at=ended_at,
        )  # fmt: skip
        with acting(ByNobody(), at=NOW) as work:
            work.session.add(row)
        return row.id

    def read(self, case_id: UUID, seqs: dict[UUID, int]) -> None:
        with acting(ByNobody(), at=NOW) as work:
            threads.mark_all_read(work, case_id, seqs)

    def test_each_up_to_what_their_side_reads(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        note(cast, "bruno", case_id)
        self.read(case_id, {self.session(cast, who): 99 for who in ("adam", "marc")})
        assert marks(case_id) == {cast.aline: 2, cast.bruno: 3, cast.adam: 2, cast.marc: 3}

    def test_the_furthest_of_one_s_pages(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        for _ in range(3):
            say(cast, "aline", case_id)
        self.read(case_id, {self.session(cast, "marc"): seq for seq in (2, 5, 1)})
        assert marks(case_id)[cast.marc] == 5
        self.read(case_id, {self.session(cast, "marc"): 3})
        assert marks(case_id)[cast.marc] == 5

    def test_who_may_not_or_no_longer_is_left_out(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        join(cast, "camille", CAF, Side.AGENT)
        sessions = {
            self.session(cast, "camille"): 2,
            self.session(cast, "basile"): 2,
            self.session(cast, "denis"): 2,
            self.session(cast, "marc", ended_at=NOW): 2,
            new_id(): 2,
        }
        leave(cast, "camille", CAF)
        self.read(case_id, sessions)
        assert marks(case_id) == {cast.aline: 2}
        self.read(new_id(), sessions)
