"""Each line of a thread tells those whose work it is, in the transaction that writes it."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier
from uuid import UUID

import pytest
from sqlalchemy import func, select
from sqlmodel import col

from app import absences, events, messages, people, referrals, threads
from app.access import authorise
from app.mandate_steps import in_force
from app.notify.notices import tell
from app.policy import Action
from app.work import ByNobody, Database, acting, reading
from models.account import Account, Membership
from models.base import new_id
from models.desk import Absence
from models.enums import Audience, EntryKind, MailPace, NoticeKind, Side
from models.notice import Notice
from models.organization import Group
from models.thread import Entry
from tests.app.notify.told import nothing_told, rows, statements, unread
from tests.app.scenes import (
    CAF,
    CPAM,
    act,
    ask,
    close,
    invite,
    join,
    leave,
    not_competent,
    note,
    reopen,
    resolve,
    revoke,
    say,
    sent_case,
    take,
    withdraw,
)  # fmt: skip
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database", "clock")
MINUTE = timedelta(minutes=1)


def sent(cast: Cast, *to: str) -> UUID:
    """A case of which nobody has been told anything yet."""
    case_id = sent_case(cast, to=to or (CAF,), also=("cpam",) if CPAM not in to else ())
    nothing_told()
    return case_id


class TestWhoIsTold:
    def test_a_new_case_is_told_to_its_groups_once(self, cast: Cast) -> None:
        sent_case(cast, to=(CAF, CPAM))
        new = ["new_case"]
        assert unread(cast) == {"bruno": new, "marc": new, "basile": new, "bertille": new}

    def test_a_conversation(self, cast: Cast) -> None:
        case_id = sent(cast)
        take(cast, "bruno", case_id)
        assert unread(cast) == {"aline": ["taken"]}
        nothing_told()
        say(cast, "aline", case_id, at=NOW + MINUTE)
        assert unread(cast) == {"bruno": ["message"]}
        nothing_told()
        say(cast, "adam", case_id, at=NOW + 2 * MINUTE)
        assert unread(cast) == {"bruno": ["message"]}
        nothing_told()
        say(cast, "bruno", case_id, at=NOW + 3 * MINUTE)
        assert unread(cast) == {"aline": ["message"], "adam": ["message"]}
        nothing_told()
        note(cast, "marc", case_id, at=NOW + 4 * MINUTE)
        assert unread(cast) == {"bruno": ["note"]}

    def test_a_gesture_with_its_message_is_one_thing(self, cast: Cast) -> None:
        case_id = sent(cast, CAF, CPAM)
        take(cast, "basile", case_id, CPAM)
        nothing_told()
        ask(cast, "bruno", case_id, at=NOW + MINUTE)
        assert unread(cast) == {"aline": ["asked"], "basile": ["message"]}
        nothing_told()
        resolve(cast, "bruno", case_id, at=NOW + 2 * MINUTE)
        assert unread(cast) == {"aline": ["resolved"], "basile": ["message"]}

    def test_all_not_competent(self, cast: Cast) -> None:
        case_id = sent(cast, CAF, CPAM)
        not_competent(cast, "bruno", case_id)
        assert unread(cast) == {"aline": ["not_competent"]}
        nothing_told()
        with act(cast, "basile", NOW + MINUTE) as work:
            referrals.not_competent(work, case_id, cast.groups[CPAM], text="Voyez la MSA.", key=new_id())
        assert unread(cast) == {"aline": ["to_redirect"]}

    def test_brought_in_passed_and_withdrawn(self, cast: Cast) -> None:
        case_id = sent(cast)
        invite(cast, "bruno", case_id, "basile")
        assert unread(cast) == {"basile": ["invited"], "aline": ["associated"]}
        nothing_told()
        say(cast, "aline", case_id)
        assert set(unread(cast)) == {"bruno", "marc", "basile"}, "who is brought in by name hears at once"
        nothing_told()
        with act(cast, "bruno") as work:
            referrals.pass_to(work, case_id, cast.groups[CAF], cast.marc)
        assert unread(cast) == {"marc": ["assigned"]}
        nothing_told()
        with act(cast, "aline") as work:
            referrals.associate(work, case_id, cast.groups[CPAM])
        assert unread(cast) == {"basile": ["new_case"], "bertille": ["new_case"]}
        nothing_told()
        withdraw(cast, case_id, CAF)
        assert unread(cast) == {"marc": ["withdrawn"]}
        nothing_told()
        say(cast, "aline", case_id, at=NOW + MINUTE)
        assert unread(cast) == {"basile": ["message"], "bertille": ["message"]}, "the CAF reads it no more"

    def test_nobody_is_left_who_would_hear_the_aidant(self, cast: Cast) -> None:
        case_id = sent(cast)
        with act(cast, "bruno") as work:
            referrals.not_competent(work, case_id, cast.groups[CAF], key=new_id())
        nothing_told()
        say(cast, "aline", case_id, at=NOW + MINUTE)
        assert unread(cast) == {"bruno": ["message"], "marc": ["message"]}

    def test_who_had_it_is_told_that_a_colleague_has_it(self, cast: Cast) -> None:
        case_id = sent(cast)
        take(cast, "bruno", case_id)
        nothing_told()
        with act(cast, "marc") as work:
            referrals.take(work, case_id, cast.groups[CAF], seen=cast.bruno)
        assert unread(cast) == {"aline": ["taken"], "bruno": ["taken_over"]}
        join(cast, "basile", CAF, Side.AGENT)
        nothing_told()
        with act(cast, "bruno") as work:
            referrals.pass_to(work, case_id, cast.groups[CAF], cast.basile, seen=cast.marc)
        assert unread(cast) == {"basile": ["assigned"], "marc": ["taken_over"]}

    def test_its_end_and_its_return(self, cast: Cast) -> None:
        case_id = sent(cast)
        take(cast, "bruno", case_id)
        nothing_told()
        close(cast, case_id)
        assert unread(cast) == {"bruno": ["closed"]}
        nothing_told()
        reopen(cast, case_id, at=NOW + MINUTE)
        assert unread(cast) == {"bruno": ["reopened"]}
        nothing_told()
        with reading(ByNobody(), at=NOW) as work:
            mandate_id = in_force(work, case_id)[0].id
        revoke(cast, mandate_id, by="adam", at=NOW + 2 * MINUTE)
        assert unread(cast) == {"aline": ["mandate"], "bruno": ["mandate"]}

    def test_who_left_or_was_closed_is_not_told_any_more(self, cast: Cast) -> None:
        case_id = sent(cast, CAF, CPAM)
        say(cast, "bruno", case_id)
        take(cast, "basile", case_id, CPAM)
        say(cast, "adam", case_id)
        nothing_told()
        leave(cast, "bruno", CAF)
        with act(cast, "denis") as work:
            people.deactivate(work, cast.adam)
        say(cast, "aline", case_id, at=NOW + MINUTE)
        assert unread(cast) == {"marc": ["message"], "basile": ["message"]}
        say(cast, "basile", case_id, at=NOW + MINUTE)
        assert unread(cast)["aline"] == ["message"]
        assert "adam" not in unread(cast)

    def test_an_aidant_who_is_an_agent_too_is_told_of_no_note(self, cast: Cast) -> None:
        case_id = sent(cast)
        join(cast, "adam", CAF, Side.AGENT)
        with act(cast, "bruno") as work:
            messages.post(work, case_id, "Vu.", key=new_id())
        say(cast, "adam", case_id)
        nothing_told()
        note(cast, "bruno", case_id, at=NOW + MINUTE)
        assert "adam" not in unread(cast)

    def test_a_mention_is_told_as_one(self, cast: Cast) -> None:
        case_id = sent(cast)
        with act(cast, "bruno") as work:
            case = authorise(work, case_id, Action.WRITE, lock=True)
            threads.append(
                work, *case, kind=EntryKind.NOTE, audience=Audience.OPERATORS, text="À voir.",
                details={"mentions": [str(cast.marc), str(cast.aline), "nobody"]},
            )  # fmt: skip
        assert unread(cast) == {"marc": ["mention"]}

    def test_of_an_urgent_case_everything_is_urgent(self, cast: Cast) -> None:
        case_id = sent_case(cast, urgent="oui", urgency_reason="Expulsion vendredi.")
        take(cast, "bruno", case_id)
        assert {(one.is_urgent, one.mail_due_at) for one in rows() if not one.read_at} == {
            (True, NOW + timedelta(seconds=30))
        }


class TestAbsence:
    @pytest.mark.parametrize(("starts", "is_told"), [(-1, True), (0, True), (1, False), (-3, False)])
    def test_the_stand_in_is_told_on_its_days(self, cast: Cast, starts: int, is_told: bool) -> None:
        case_id = sent(cast)
        take(cast, "bruno", case_id)
        nothing_told()
        today = NOW.date()
        with acting(ByNobody()) as work:
            work.session.add(
                Absence(
                    created_at=NOW, account_id=cast.bruno, group_id=cast.groups[CAF], stand_in_id=cast.marc,
                    starts_on=today + timedelta(days=starts), ends_on=today + timedelta(days=starts + 1),
                )
            )  # fmt: skip
        say(cast, "aline", case_id, at=NOW + MINUTE)
        assert unread(cast) == {"bruno": ["message"]} | ({"marc": ["message"]} if is_told else {})

    def test_the_group_is_told_once_the_stand_in_has_left(self, cast: Cast) -> None:
        join(cast, "basile", CAF, Side.AGENT)
        case_id = sent(cast)
        take(cast, "bruno", case_id)
        with act(cast, "bruno") as work:
            absences.declare(
                work, cast.bruno, cast.groups[CAF], starts_on="23/11", ends_on="27/11", stand_in=cast.marc
            )
        with act(cast, "denis") as work:
            people.remove_member(work, cast.marc, cast.groups[CAF])
        nothing_told()
        say(cast, "aline", case_id, at=NOW + MINUTE)
        assert unread(cast) == {"bruno": ["message"], "basile": ["message"]}


class TestMailbox:
    def test_a_new_case_is_told_to_the_mailbox(self, cast: Cast) -> None:
        with acting(ByNobody()) as work:
            work.session.get_one(Group, cast.groups[CAF]).mailbox = "caf@exemple.fr"
            work.session.get_one(Account, cast.bruno).mail_pace = MailPace.NONE
        case_id = sent_case(cast, to=(CAF, CPAM))
        (box,) = [row for row in rows() if row.account_id is None]
        assert (box.group_id, box.kind, box.mail_due_at) == (
            cast.groups[CAF], NoticeKind.NEW_CASE, NOW + timedelta(minutes=2),
        )  # fmt: skip
        assert [row.mail_due_at for row in rows() if row.account_id == cast.bruno] == [None]
        say(cast, "aline", case_id, at=NOW + MINUTE)
        assert len([row for row in rows() if row.account_id is None]) == 1


class TestTakenBack:
    def test_its_notices_go_with_it(self, cast: Cast) -> None:
        case_id = sent(cast)
        entry_id = say(cast, "aline", case_id)
        assert set(unread(cast)) == {"bruno", "marc"}
        with act(cast, "bruno", NOW + timedelta(seconds=2)) as work:
            threads.mark_read(work, case_id, 3)
        with act(cast, "aline", NOW + timedelta(seconds=5)) as work:
            messages.take_back(work, case_id, entry_id)
        assert unread(cast) == {}
        assert [row.account_id for row in rows()] == [cast.bruno], "what was read was told"
        assert all(row.mail_due_at is None for row in rows())

    def test_its_gesture_s_too(self, cast: Cast) -> None:
        case_id = sent(cast)
        ask(cast, "bruno", case_id)
        assert unread(cast) == {"aline": ["asked"]}
        with reading(ByNobody()) as work:
            asked = work.session.scalars(select(Entry).where(col(Entry.seq) == 3)).one()
        with act(cast, "bruno", NOW + timedelta(seconds=5)) as work:
            messages.take_back(work, case_id, asked.id)
        assert rows() == []


class TestReading:
    def test_up_to_the_line_that_was_read(self, cast: Cast) -> None:
        case_id, other = sent(cast), sent(cast)
        say(cast, "aline", other)
        for n in range(3):
            say(cast, "aline", case_id, at=NOW + n * MINUTE)
        with act(cast, "bruno") as work:
            tell(work, [cast.marc], NoticeKind.LATE, key="late", case_id=case_id)
        heard: list[events.Signal] = []
        stop = events.listen(heard.append)
        with act(cast, "marc") as work:
            threads.mark_read(work, case_id, 4)
        stop()
        assert events.NoticesChanged(frozenset({cast.marc})) in heard
        mine = {r.seq: r.read_at for r in rows() if r.account_id == cast.marc and r.case_id == case_id}
        assert mine == {3: NOW, 4: NOW, 5: None, None: NOW}
        assert unread(cast) == {"bruno": ["message"] * 4, "marc": ["message"] * 2}

    def test_who_acts_in_a_case_has_read_it(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        take(cast, "bruno", case_id, at=NOW + MINUTE)
        assert unread(cast) == {"marc": ["new_case"], "aline": ["taken"]}


class TestTell:
    def test_once_each_and_never_of_one_s_own_act(self, cast: Cast) -> None:
        everybody = [cast.aline, cast.bruno, cast.marc]
        with act(cast, "aline") as work:
            assert tell(work, everybody, NoticeKind.LATE, key="late:1") == 2
            assert tell(work, everybody, NoticeKind.LATE, key="late:1") == 0
            assert tell(work, [*everybody, cast.basile], NoticeKind.LATE, key="late:1") == 1
        assert unread(cast) == {"bruno": ["late"], "marc": ["late"], "basile": ["late"]}

    def test_the_service_tells_by_nobody(self, cast: Cast) -> None:
        with acting(ByNobody()) as work:
            assert tell(work, [cast.aline], NoticeKind.TO_CLOSE, key="x", group_id=cast.groups[CAF]) == 1
        (row,) = rows()
        assert (row.group_id, row.mail_due_at) == (cast.groups[CAF], NOW + timedelta(minutes=2))


@pytest.mark.every_engine
def test_two_processes_that_tell_at_once_tell_once(committed: Database, cast: Cast) -> None:
    """The second waits for the first on PostgreSQL, or comes after it on SQLite; neither fails."""
    ready = Barrier(4)

    def once(_: int) -> int:
        ready.wait(10)
        with acting(ByNobody()) as work:
            return tell(work, [cast.aline, cast.bruno], NoticeKind.LATE, key="late:2")

    with ThreadPoolExecutor(4) as pool:
        assert sorted(pool.map(once, range(4))) == [0, 0, 0, 2]
    assert len(rows()) == 2


def test_a_line_costs_the_same_for_a_hundred_agents(cast: Cast) -> None:
    case_id = sent(cast)
    say(cast, "aline", case_id, at=NOW + MINUTE)
    with act(cast, "aline", NOW + 2 * MINUTE) as work, statements() as few:
        messages.post(work, case_id, "Encore.", key=new_id())
    with acting(ByNobody()) as work:
        for n in range(100):
            account = Account(
                id=new_id(), created_at=NOW, email=f"agent{n}@exemple.fr", first_name="A", last_name=str(n),
                password_hash="x",
            )  # fmt: skip
            work.session.add(account)
            work.session.flush()
            work.session.add(
                Membership(created_at=NOW, account_id=account.id, group_id=cast.groups[CAF], side=Side.AGENT)
            )
    with act(cast, "aline", NOW + 3 * MINUTE) as work, statements() as many:
        messages.post(work, case_id, "Encore une fois.", key=new_id())
    assert len(many) == len(few)
    with reading(ByNobody()) as work:
        count = select(func.count()).select_from(Notice).where(col(Notice.created_at) == NOW + 3 * MINUTE)
        assert work.session.scalar(count) == 102
