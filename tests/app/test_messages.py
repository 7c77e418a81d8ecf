"""Saying something: kept once, in order, seen by its audience only, and what was read."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest

from app import attachments, events, messages, referrals, threads
from app.errors import AlreadyUsed, Forbidden, Invalid, NotFound
from app.queries import thread
from app.queries.thread import EntryView
from app.work import ByNobody, acting
from models.base import new_id
from models.enums import Audience, EntryKind, EventKind, Side
from models.thread import Attachment
from tests.app.scenes import (
    CAF,
    CPAM,
    DESCRIPTION,
    GUISE,
    act,
    entry_rows,
    invite,
    join,
    note,
    referral_rows,
    row_counts,
    say,
    see,
    sent_case,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")


def thread_of(cast: Cast, who: str, case_id: UUID, **window: int) -> tuple[EntryView, ...]:
    with see(cast, who) as work:
        return thread.entries(work, case_id, **window)


def seqs(cast: Cast, who: str, case_id: UUID, **window: int) -> list[int]:
    return [entry.seq for entry in thread_of(cast, who, case_id, **window)]


def read(cast: Cast, case_id: UUID, *readers: str, at: datetime = NOW) -> None:
    """Read the case to its end."""
    for who in readers:
        with act(cast, who, at) as work:
            threads.mark_read(work, case_id, 99)


class TestPosting:
    @pytest.mark.parametrize(
        "text", ["Bonjour", "<script>alert(1)</script> & « é » 😀", "a\n\n  b", "x" * 10_000]
    )
    def test_a_text_is_kept_as_written(self, cast: Cast, text: str) -> None:
        case_id = sent_case(cast)
        say(cast, "bruno", case_id, text)
        assert thread_of(cast, "aline", case_id)[-1].text == text

    def test_what_no_database_keeps_is_left_out(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        say(cast, "bruno", case_id, "  a\r\nb\x00\ud83d  \n")
        assert entry_rows(case_id)[-1].text == "a\nb"

    @pytest.mark.parametrize("audience", Audience)
    def test_what_is_no_message(self, cast: Cast, audience: Audience) -> None:
        case_id = sent_case(cast)
        before = row_counts()
        texts: tuple[Any, ...] = ("", "  \n ", "\x00", "x" * 10_001, None, 5, {"x": 1}, ["a"])
        for text in texts:
            with pytest.raises(Invalid) as refused, act(cast, "bruno") as work:
                messages.post(work, case_id, text, key=new_id(), audience=audience)
            assert "text" in refused.value.fields
        assert row_counts() == before

    def test_who_says_it_and_for_whom(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF,), ("cpam",))
        invite(cast, "bruno", case_id, "basile")
        for who in ("adam", "marc", "basile"):
            say(cast, who, case_id)
        said = thread_of(cast, "aline", case_id)[-3:]
        assert [(entry.author, entry.group) for entry in said] == [
            ("Adam Benali", GUISE), ("Marc Dubois", CAF), ("Basile Thomas", CPAM),
        ]  # fmt: skip

    def test_the_same_key_is_one_entry(self, cast: Cast) -> None:
        case_id, key = sent_case(cast), new_id()
        posted = []
        for text in ("Une fois", " Une fois\r\n", "Une fois"):
            with act(cast, "bruno") as work:
                posted.append(messages.post(work, case_id, text, key=key))
        assert len(set(posted)) == 1
        assert [row.text for row in entry_rows(case_id)[2:]] == ["Une fois"]

    @pytest.mark.parametrize(("who", "text"), [("bruno", "Deux fois"), ("marc", "Une fois")])
    def test_a_key_that_served_drops_no_other_text(self, cast: Cast, who: str, text: str) -> None:
        """Two tabs share the key of the draft they share; the second one's text is not lost."""
        case_id, key = sent_case(cast), new_id()
        with act(cast, "bruno") as work:
            messages.post(work, case_id, "Une fois", key=key)
        with pytest.raises(AlreadyUsed), act(cast, who) as work:
            messages.post(work, case_id, text, key=key)
        with pytest.raises(AlreadyUsed), act(cast, who) as work:
            messages.keep(work, case_id, text, key=key, audience=Audience.EVERYBODY)

    def test_the_same_key_in_another_case_is_another_entry(self, cast: Cast) -> None:
        key = new_id()
        for case_id in (sent_case(cast), sent_case(cast)):
            with act(cast, "bruno") as work:
                messages.post(work, case_id, "Bonjour", key=key)
            assert len(entry_rows(case_id)) == 3

    @pytest.mark.parametrize("gesture", [referrals.resolve, referrals.ask])
    def test_the_same_key_on_an_answer(self, cast: Cast, gesture: object) -> None:
        case_id, key = sent_case(cast), new_id()
        for _ in range(2):
            with act(cast, "bruno") as work:
                gesture(work, case_id, cast.groups[CAF], "Voilà.", key=key)  # type: ignore[operator]
        assert len(entry_rows(case_id)) == 4

    def test_never_by_others(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        for who in ("chloe", "basile", "colette", "olivier", "denis"):
            for post in (say, note):
                with pytest.raises(NotFound):
                    post(cast, who, case_id)
            for unknown in (case_id, new_id()):
                with pytest.raises(NotFound):
                    thread_of(cast, who, unknown)

    def test_everybody_who_takes_part_is_told(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF,), ("cpam",))
        invite(cast, "bruno", case_id, "basile")
        heard: list[events.Signal] = []
        stop = events.listen(heard.append)
        say(cast, "aline", case_id)
        stop()
        assert heard == [
            events.NoticesChanged(frozenset({cast.aline})),  # who writes has read that Basile came in
            events.CaseChanged(case_id, frozenset({cast.groups[GUISE], cast.groups[CAF], cast.basile})),
            events.NoticesChanged(frozenset({cast.bruno, cast.marc, cast.basile})),
        ]


class TestNotes:
    """A note between agents is for agents: nothing of it reaches the structure."""

    def test_agents_read_it_and_aidants_do_not(self, cast: Cast) -> None:
        case_id = sent_case(cast, (CAF, CPAM), ("carsat",))
        invite(cast, "bruno", case_id, "camille")
        note(cast, "bruno", case_id)
        for who in ("bruno", "marc", "basile", "camille"):
            last = thread_of(cast, who, case_id)[-1]
            assert (last.kind, last.audience, last.text) == (EntryKind.NOTE, Audience.OPERATORS, "Entre nous.")
        for who in ("aline", "adam"):
            assert {entry.kind for entry in thread_of(cast, who, case_id)} == {
                EntryKind.MESSAGE,
                EntryKind.EVENT,
            }

    def test_nothing_tells_an_aidant_that_there_is_one(self, cast: Cast) -> None:
        """Neither a signal to their lists, nor the hour at which the agents «have read»."""
        case_id = sent_case(cast)
        read(cast, case_id, "bruno", "marc")
        with see(cast, "aline") as work:
            before = [(one.name, one.at) for one in thread.readers(work, case_id)]
        heard: list[events.Signal] = []
        stop = events.listen(heard.append)
        entry_id = note(cast, "bruno", case_id, at=NOW + timedelta(minutes=5))
        read(cast, case_id, "marc", at=NOW + timedelta(minutes=6))
        with act(cast, "bruno", NOW + timedelta(minutes=5, seconds=3)) as work:
            messages.take_back(work, case_id, entry_id)
        stop()
        changed = [one for one in heard if isinstance(one, events.CaseChanged)]
        assert [one.holders for one in changed] == [frozenset({cast.groups[CAF]})] * 2
        with see(cast, "aline") as work:
            assert [(one.name, one.at) for one in thread.readers(work, case_id)] == before
        say(cast, "bruno", case_id, at=NOW + timedelta(minutes=9))
        with see(cast, "aline") as work:
            assert thread.readers(work, case_id)[0].at == NOW + timedelta(minutes=9)

    @pytest.mark.parametrize("who", ["aline", "adam"])
    def test_an_aidant_writes_none(self, cast: Cast, who: str) -> None:
        with pytest.raises(Forbidden):
            note(cast, who, sent_case(cast))

    def test_nor_somebody_on_both_sides(self, cast: Cast) -> None:
        join(cast, "aline", CAF, Side.AGENT)
        case_id = sent_case(cast)
        note(cast, "bruno", case_id)
        assert seqs(cast, "aline", case_id) == [1, 2]
        with pytest.raises(Forbidden):
            note(cast, "aline", case_id)

    def test_it_is_no_gesture(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        before = referral_rows(case_id)[CAF]
        note(cast, "bruno", case_id)
        after = referral_rows(case_id)[CAF]
        assert (after.status, after.assignee_id, after.due_at) == (before.status, None, before.due_at)


class TestWindow:
    def test_in_order_and_from_where_one_asks(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        for n in range(8):
            say(cast, "bruno", case_id, f"Message {n}")
        assert seqs(cast, "aline", case_id) == list(range(1, 11))
        assert seqs(cast, "aline", case_id, limit=3) == [8, 9, 10]
        assert seqs(cast, "aline", case_id, before=8, limit=3) == [5, 6, 7]
        assert seqs(cast, "aline", case_id, before=1) == []
        assert seqs(cast, "aline", case_id, after=7) == [8, 9, 10]
        assert seqs(cast, "aline", case_id, after=10) == []

    def test_going_back_reads_everything_once(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        for n in range(8):
            (note if n % 2 else say)(cast, "bruno", case_id, f"Message {n}")
        for who, expected in (("bruno", list(range(1, 11))), ("aline", [1, 2, 3, 5, 7, 9])):
            found: list[int] = []
            while part := seqs(cast, who, case_id, before=found[0] if found else 11, limit=3):
                found = part + found
            assert found == expected

    def test_what_came_meanwhile_has_no_hole(self, cast: Cast) -> None:
        """A page that was away reads on from its last line, as many times as it takes."""
        case_id = sent_case(cast)
        for n in range(8):
            say(cast, "bruno", case_id, f"Message {n}")
        found: list[int] = [2]
        while part := seqs(cast, "aline", case_id, after=found[-1], limit=3):
            found += part
        assert found == list(range(2, 11))

    def test_the_first_lines(self, cast: Cast) -> None:
        first, second = thread_of(cast, "bruno", sent_case(cast))
        assert (first.text, first.author, first.group, first.at) == (DESCRIPTION, "Aline Lefèvre", GUISE, NOW)
        assert (second.event, second.what, second.text) == (EventKind.SENT, CAF, "")


class TestFiles:
    def file(self, cast: Cast, who: str, case_id: UUID) -> UUID:
        with acting(ByNobody(), at=NOW) as work:
            row = Attachment(
                id=new_id(), created_at=NOW, case_id=case_id, uploader_id=getattr(cast, who), name="avis.pdf",
                media_type="application/pdf", size=1_200, sha256=b"x" * 32, key_id="0" * 16,
            )  # fmt: skip
            work.session.add(row)
        return row.id

    def post(self, cast: Cast, who: str, case_id: UUID, text: str, *files: UUID) -> None:
        with act(cast, who) as work:
            messages.post(work, case_id, text, key=new_id(), attachment_ids=files)

    def test_a_message_may_be_its_files_only(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        self.post(cast, "bruno", case_id, " \n ", self.file(cast, "bruno", case_id))
        last = thread_of(cast, "aline", case_id)[-1]
        assert (last.text, [(file.name, file.size) for file in last.files]) == ("", [("avis.pdf", 1_200)])

    @pytest.mark.parametrize("text", ["x" * 10_001, None, {"x": 1}])
    def test_files_do_not_excuse_a_text_that_is_none(self, cast: Cast, text: object) -> None:
        case_id = sent_case(cast)
        with pytest.raises(Invalid):
            self.post(cast, "bruno", case_id, text, self.file(cast, "bruno", case_id))  # type: ignore[arg-type]

    def test_a_forged_file_posts_nothing(self, cast: Cast) -> None:
        case_id, other = sent_case(cast), sent_case(cast)
        before = len(entry_rows(case_id))
        for file in (new_id(), self.file(cast, "aline", case_id), self.file(cast, "bruno", other)):
            with pytest.raises(Invalid):
                self.post(cast, "bruno", case_id, "Voici", file)
        assert len(entry_rows(case_id)) == before
        assert referral_rows(case_id)[CAF].assignee_id is None

    def test_the_file_of_a_note_is_for_agents(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        file = self.file(cast, "bruno", case_id)
        with act(cast, "bruno") as work:
            messages.post(work, case_id, "", key=new_id(), audience=Audience.OPERATORS, attachment_ids=(file,))
        assert [len(entry.files) for entry in thread_of(cast, "aline", case_id)] == [0, 0]
        assert [len(entry.files) for entry in thread_of(cast, "marc", case_id)] == [0, 0, 1]
        with pytest.raises(NotFound), act(cast, "aline") as work:
            attachments.open_for_download(work, file)
