"""Taking back what one has just said: who, until when, what is left in the thread, what comes back."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import messages, referrals
from app.errors import Conflict, Forbidden, NotFound, Refusal
from app.messages import TakenBack
from app.queries import lists, thread
from app.queries.views import View
from app.work import ByNobody, reading
from models.base import new_id
from models.enums import AttachmentStatus, Audience, CaseStatus, EventKind, ReferralStatus, Side
from models.journal import JournalEntry
from models.thread import Attachment, Entry
from tests.app import scenes
from tests.app.scenes import CAF, CPAM, act, entry_rows, note, referral_rows, say, see, sent_case
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
SOON = NOW + timedelta(seconds=4)


def take_back(cast: Cast, who: str, case_id: UUID, entry_id: UUID, after: float = 4) -> TakenBack | None:
    with act(cast, who, NOW + timedelta(seconds=after)) as work:
        return messages.take_back(work, case_id, entry_id)


def answer(cast: Cast, who: str, case_id: UUID, gesture: str, text: str = "Voici.", group: str = CAF) -> UUID:
    with act(cast, who) as work:
        made: UUID = getattr(referrals, gesture)(work, case_id, cast.groups[group], text, key=new_id())
        return made


def row(entry_id: UUID) -> Entry:
    with reading(ByNobody()) as work:
        return work.session.get_one(Entry, entry_id)


def lines(cast: Cast, who: str, case_id: UUID) -> list[tuple[str, bool]]:
    with see(cast, who) as work:
        return [(one.text, one.is_withdrawn) for one in thread.entries(work, case_id)]


def test_the_line_stays_and_its_words_come_back(cast: Cast) -> None:
    case_id = sent_case(cast)
    entry_id = say(cast, "bruno", case_id, "Un mot de trop.")
    back = take_back(cast, "bruno", case_id, entry_id)
    assert back is not None
    assert (back.text, back.audience, back.files) == ("Un mot de trop.", Audience.EVERYBODY, ())
    kept = row(entry_id)
    assert (kept.text, kept.details, kept.withdrawn_at, kept.seq) == ("", {}, SOON, 3)
    for who in ("bruno", "marc", "aline"):
        assert lines(cast, who, case_id)[2:] == [("", True)]
    with see(cast, "bruno") as work:
        typed = messages.typed(work, case_id)
    assert typed == messages.Typed(back.key, "Un mot de trop.", Audience.EVERYBODY, SOON)
    with act(cast, "bruno", SOON) as work:
        messages.post(work, case_id, "Le bon mot.", key=back.key)
    assert [one.text for one in entry_rows(case_id)[2:]] == ["", "Le bon mot."]


def test_twice_is_once(cast: Cast) -> None:
    case_id = sent_case(cast)
    entry_id = say(cast, "bruno", case_id)
    assert take_back(cast, "bruno", case_id, entry_id) is not None
    for after in (5, 60):
        assert take_back(cast, "bruno", case_id, entry_id, after) is None
    with see(cast, "bruno") as work:
        typed = messages.typed(work, case_id)
    assert typed is not None
    assert typed.text == "Bonjour."


@pytest.mark.parametrize(("after", "is_in_time"), [(0, True), (10, True), (12, True), (12.1, False)])
def test_ten_seconds_and_two_for_the_line(cast: Cast, after: float, is_in_time: bool) -> None:
    case_id = sent_case(cast)
    entry_id = say(cast, "aline", case_id)
    if is_in_time:
        assert take_back(cast, "aline", case_id, entry_id, after) is not None
        return
    with pytest.raises(Conflict, match="trop tard"):
        take_back(cast, "aline", case_id, entry_id, after)
    assert row(entry_id).text == "Bonjour."


def test_its_author_alone(cast: Cast) -> None:
    case_id, other = sent_case(cast), sent_case(cast)
    entry_id = say(cast, "bruno", case_id)
    for who in ("marc", "aline", "chloe", "denis"):
        with pytest.raises(NotFound):
            take_back(cast, who, case_id, entry_id)
    for case, entry in ((other, entry_id), (case_id, new_id()), (case_id, entry_rows(case_id)[1].id)):
        with pytest.raises(NotFound):
            take_back(cast, "bruno", case, entry)
    assert row(entry_id).withdrawn_at is None


def test_not_what_sent_the_case_nor_another_gesture(cast: Cast) -> None:
    """Its description, an event, why an organisation is not competent: they are not a message alone."""
    case_id = sent_case(cast)
    description, event = entry_rows(case_id)
    with pytest.raises(Conflict, match="ne peut pas être annulé"):
        take_back(cast, "aline", case_id, description.id)
    with pytest.raises(NotFound):
        take_back(cast, "aline", case_id, event.id)
    with act(cast, "bruno") as work:
        referrals.not_competent(work, case_id, cast.groups[CAF], text="Ce n’est pas nous.", key=new_id())
    with pytest.raises(Conflict, match="ne peut pas être annulé"):
        take_back(cast, "bruno", case_id, entry_rows(case_id)[2].id)


def test_never_once_the_case_was_closed(cast: Cast) -> None:
    case_id = sent_case(cast)
    entry_id = say(cast, "aline", case_id)
    scenes.close(cast, case_id)
    with pytest.raises(Conflict, match="clôturée"):
        take_back(cast, "aline", case_id, entry_id)
    scenes.reopen(cast, case_id)
    with pytest.raises(Conflict, match="clôturée"):
        take_back(cast, "aline", case_id, entry_id)


def test_nor_where_one_may_not_write_any_more(cast: Cast) -> None:
    case_id = sent_case(cast)
    entry_id = say(cast, "bruno", case_id)
    scenes.leave(cast, "bruno", CAF)
    with pytest.raises(NotFound):
        take_back(cast, "bruno", case_id, entry_id)
    draft_id = scenes.draft(cast)
    mandate_id = scenes.mandate(cast, draft_id)
    scenes.send(cast, draft_id)
    entry_id = say(cast, "aline", draft_id)
    scenes.revoke(cast, mandate_id)
    with pytest.raises(Forbidden):
        take_back(cast, "aline", draft_id, entry_id)


def test_a_note_stays_between_agents(cast: Cast) -> None:
    case_id = sent_case(cast)
    entry_id = note(cast, "bruno", case_id)
    back = take_back(cast, "bruno", case_id, entry_id)
    assert back is not None
    assert back.audience is Audience.OPERATORS
    assert lines(cast, "marc", case_id)[2:] == [("", True)]
    assert lines(cast, "aline", case_id)[2:] == []
    with see(cast, "aline") as work:
        assert thread.withdrawn_for(work, case_id, Side.AIDANT, since=NOW) == ()
        (seen,) = thread.withdrawn_for(work, case_id, Side.AGENT, since=NOW)
        assert thread.withdrawn_for(work, case_id, Side.AGENT, since=SOON + timedelta(seconds=1)) == ()
    assert seen.id == entry_id


@pytest.mark.parametrize("typed_for", list(Audience))
@pytest.mark.parametrize("said_to", list(Audience))
def test_what_was_typed_meanwhile_comes_after(cast: Cast, said_to: Audience, typed_for: Audience) -> None:
    """And if either was between agents, the whole is: it must not leave for the aidant by mistake."""
    case_id = sent_case(cast)
    entry_id = (note if said_to is Audience.OPERATORS else say)(cast, "bruno", case_id, "Avant.")
    with act(cast, "bruno") as work:
        messages.keep(work, case_id, "Après.", key=new_id(), audience=typed_for)
    back = take_back(cast, "bruno", case_id, entry_id)
    assert back is not None
    with see(cast, "bruno") as work:
        typed = messages.typed(work, case_id)
    assert typed is not None
    expected = Audience.OPERATORS if Audience.OPERATORS in (said_to, typed_for) else Audience.EVERYBODY
    assert (typed.text, typed.audience, typed.key) == ("Avant.\n\nAprès.", expected, back.key)
    assert back.audience is expected


def test_its_files_wait_again(cast: Cast) -> None:
    case_id, file_id = sent_case(cast), new_id()
    with act(cast, "bruno") as work:
        work.session.add(
            Attachment(
                id=file_id, created_at=NOW, case_id=case_id, uploader_id=cast.bruno, name="a.pdf",
                media_type="application/pdf", size=9, sha256=b"x", key_id="k",
            )
        )  # fmt: skip
        work.session.flush()
        entry_id = messages.post(work, case_id, "", key=new_id(), attachment_ids=(file_id,))
    back = take_back(cast, "bruno", case_id, entry_id)
    assert back is not None
    assert [(one.id, one.status) for one in back.files] == [(file_id, AttachmentStatus.PENDING)]
    with see(cast, "aline") as work:
        assert thread.entries(work, case_id)[-1].files == ()
    with act(cast, "bruno", SOON) as work:
        messages.post(work, case_id, "Le voici.", key=back.key, attachment_ids=(file_id,))


@pytest.mark.parametrize(
    ("gesture", "event"), [("resolve", EventKind.REFERRAL_RESOLVED), ("ask", EventKind.ASKED)]
)
def test_the_referral_goes_back_with_its_event(cast: Cast, gesture: str, event: EventKind) -> None:
    case_id = sent_case(cast)
    entry_id = answer(cast, "bruno", case_id, gesture)
    assert take_back(cast, "bruno", case_id, entry_id) is not None
    caf = referral_rows(case_id)[CAF]
    assert (caf.status, caf.is_waiting, caf.resolved_at) == (ReferralStatus.IN_PROGRESS, False, None)
    assert caf.due_at is not None
    case = scenes.case_row(case_id)
    assert (case.status, case.resolved_at) == (CaseStatus.IN_PROGRESS, None)
    said = entry_rows(case_id)[-1]
    assert (said.event, said.withdrawn_at) == (event, SOON)
    with reading(ByNobody()) as work:
        words = list(
            work.session.scalars(select(col(JournalEntry.action)).where(col(JournalEntry.case_id) == case_id))
        )
    assert words.count("entry.withdrawn") == 1
    assert words.count("referral.moved") == 2


def test_not_once_the_referral_moved_again(cast: Cast) -> None:
    def colleague_takes(case_id: UUID) -> None:
        with act(cast, "marc") as work:
            referrals.take(work, case_id, cast.groups[CAF], seen=cast.bruno)

    moves = {
        ("ask", "answered"): lambda case_id: say(cast, "aline", case_id),
        ("ask", "asked again"): lambda case_id: answer(cast, "marc", case_id, "ask"),
        ("ask", "resolved"): lambda case_id: answer(cast, "marc", case_id, "resolve"),
        ("ask", "withdrawn"): lambda case_id: scenes.withdraw(cast, case_id, CAF),
        ("resolve", "taken"): colleague_takes,
    }
    for (gesture, what), move in moves.items():
        case_id = sent_case(cast, to=(CAF, CPAM))
        entry_id = answer(cast, "bruno", case_id, gesture)
        move(case_id)
        with pytest.raises(Refusal):
            take_back(cast, "bruno", case_id, entry_id)
        assert row(entry_id).withdrawn_at is None, what


def test_a_question_that_a_colleague_waits_for_may_be_taken_back(cast: Cast) -> None:
    """Taking over stops no waiting; what is no longer asked is no longer awaited."""
    case_id = sent_case(cast)
    entry_id = answer(cast, "bruno", case_id, "ask")
    with act(cast, "marc") as work:
        referrals.take(work, case_id, cast.groups[CAF], seen=cast.bruno)
    assert (referral_rows(case_id)[CAF].is_waiting, referral_rows(case_id)[CAF].due_at) == (True, None)
    assert take_back(cast, "bruno", case_id, entry_id) is not None
    caf = referral_rows(case_id)[CAF]
    assert (caf.is_waiting, caf.assignee_id) == (False, cast.marc)
    assert caf.due_at is not None


def test_another_organisation_s_gesture_hinders_nothing(cast: Cast) -> None:
    case_id = sent_case(cast, to=(CAF, CPAM))
    entry_id = answer(cast, "bruno", case_id, "ask")
    answer(cast, "basile", case_id, "resolve", group=CPAM)
    assert take_back(cast, "bruno", case_id, entry_id) is not None
    rows = referral_rows(case_id)
    assert (rows[CAF].is_waiting, rows[CPAM].status) == (False, ReferralStatus.RESOLVED)
    assert [one.withdrawn_at is not None for one in entry_rows(case_id)[2:]] == [True, True, False, False]


def test_a_plain_answer_leaves_the_referral_where_it_is(cast: Cast) -> None:
    case_id = sent_case(cast)
    entry_id = say(cast, "bruno", case_id)
    assert take_back(cast, "bruno", case_id, entry_id) is not None
    assert referral_rows(case_id)[CAF].status is ReferralStatus.IN_PROGRESS


class TestAnAidantsAnswer:
    """What an agent asked is awaited again once the answer is taken back."""

    def asked(self, cast: Cast) -> UUID:
        case_id = sent_case(cast, to=(CAF, CPAM))
        answer(cast, "bruno", case_id, "ask")
        return case_id

    def waits(self, case_id: UUID, group: str = CAF) -> bool:
        row = referral_rows(case_id)[group]
        assert row.is_waiting == (row.due_at is None)
        return row.is_waiting

    def test_the_question_waits_again(self, cast: Cast) -> None:
        case_id = self.asked(cast)
        entry_id = say(cast, "aline", case_id)
        assert not self.waits(case_id)
        assert row(entry_id).details == {"answered": [str(referral_rows(case_id)[CAF].id)]}
        assert take_back(cast, "aline", case_id, entry_id) is not None
        assert self.waits(case_id)
        assert not self.waits(case_id, CPAM), "which waited for nothing"
        with see(cast, "aline") as work:
            assert lists.counts(work)[View.TO_DO] == 1
        say(cast, "aline", case_id, at=SOON)
        assert not self.waits(case_id)

    def test_not_while_another_message_of_the_aidants_answers_it(self, cast: Cast) -> None:
        case_id = self.asked(cast)
        first, second = say(cast, "aline", case_id), say(cast, "adam", case_id)
        take_back(cast, "aline", case_id, first)
        assert not self.waits(case_id)
        take_back(cast, "adam", case_id, second)
        assert self.waits(case_id)

    def test_a_second_message_taken_back_leaves_the_first_as_the_answer(self, cast: Cast) -> None:
        case_id = self.asked(cast)
        say(cast, "aline", case_id)
        take_back(cast, "aline", case_id, say(cast, "aline", case_id))
        assert not self.waits(case_id)

    @pytest.mark.parametrize("moved", ["say", "resolve"])
    def test_not_what_moved_since(self, cast: Cast, moved: str) -> None:
        case_id = self.asked(cast)
        entry_id = say(cast, "aline", case_id)
        if moved == "say":
            say(cast, "bruno", case_id)
        else:
            answer(cast, "bruno", case_id, "resolve")
        before = referral_rows(case_id)[CAF]
        assert take_back(cast, "aline", case_id, entry_id) is not None
        after = referral_rows(case_id)[CAF]
        assert (after.status, after.is_waiting, after.due_at) == (before.status, False, before.due_at)
