"""E-mails of what people were told: one for a burst, at the pace each chose, and never a word of a case."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from app import group_mailbox, people, preferences, threads
from app.errors import Forbidden, Invalid
from app.notify import mails
from app.notify.notices import tell
from app.outbox_sending import run as send_all
from app.work import ByNobody, acting, reading
from models.account import Account
from models.enums import MailPace, NoticeKind
from models.organization import Group
from models.outbox import Outgoing
from tests.app.configured import Configure, configured
from tests.app.notify.told import nothing_told, rows
from tests.app.scenes import (
    CAF,
    CPAM,
    DESCRIPTION,
    act,
    ask,
    close,
    invite,
    leave,
    not_competent,
    note,
    reopen,
    resolve,
    say,
    sent_case,
    take,
    withdraw,
)  # fmt: skip
from tests.app.smtp_server import smtp
from tests.conftest import NOW, Cast

__all__ = ["configured"]
pytestmark = pytest.mark.usefixtures("database", "clock")
MINUTE = timedelta(minutes=1)
ADDRESS = "http://127.0.0.1:8080"


def mailed() -> list[Outgoing]:
    """Every e-mail of notices, the oldest first."""
    wanted = col(Outgoing.template).in_((mails.PERSON, mails.MAILBOX))
    with reading(ByNobody()) as work:
        return list(work.session.scalars(select(Outgoing).where(wanted).order_by(col(Outgoing.id))))


def to(who: str) -> list[Outgoing]:
    return [one for one in mailed() if one.address == f"{who}@demo.example"]


def pace(cast: Cast, who: str, chosen: MailPace) -> None:
    with act(cast, who) as work:
        preferences.choose_mail_pace(work, chosen.value)


def quiet(cast: Cast, *to_: str, **typed: str) -> UUID:
    """A case in the charge of Bruno, of which nothing waits to be told."""
    case_id = sent_case(cast, to=to_ or (CAF,), also=("cpam",) if CPAM not in to_ else (), **typed)  # type: ignore[arg-type]
    take(cast, "bruno", case_id)
    nothing_told()
    return case_id


class TestWhen:
    def test_three_messages_within_two_minutes_are_one(self, cast: Cast, clock: time_machine.Traveller) -> None:
        case_id = quiet(cast)
        for seconds in (0, 45, 110):
            say(cast, "aline", case_id, at=NOW + timedelta(seconds=seconds))
        clock.move_to(NOW + timedelta(seconds=119))
        assert mails.run() == "0 written"
        clock.move_to(NOW + 2 * MINUTE)
        assert [mails.run(), mails.run()] == ["1 written", "0 written"]
        clock.move_to(NOW + timedelta(days=2))
        assert mails.run() == "0 written", "the third one left with the first"
        (letter,) = to("bruno")
        assert letter.content["subject"] == "Du nouveau dans une demande"
        assert f"Demande\u00a0: {ADDRESS}/demandes/{case_id}\n– 3 nouveaux messages" in letter.content["text"]
        assert letter.content["unsubscribe"] == f"{ADDRESS}/compte?voir=notifications"

    def test_what_was_read_meanwhile_is_not_mailed(self, cast: Cast, clock: time_machine.Traveller) -> None:
        case_id = quiet(cast)
        say(cast, "aline", case_id)
        with act(cast, "bruno", NOW + MINUTE) as work:
            threads.mark_read(work, case_id, 99)
        clock.move_to(NOW + 3 * MINUTE)
        assert mails.run() == "0 written"

    @pytest.mark.parametrize(
        ("chosen", "hour"), [(MailPace.TWICE, 10), (MailPace.DAILY, 10), (MailPace.NONE, None)]
    )
    def test_at_its_hour(
        self, cast: Cast, clock: time_machine.Traveller, chosen: MailPace, hour: int | None
    ) -> None:
        case_id = quiet(cast)
        pace(cast, "bruno", chosen)
        say(cast, "aline", case_id)
        clock.move_to(NOW.replace(hour=9, minute=59))
        assert mails.run() == "0 written"
        clock.move_to(datetime(2026, 11, 23, hour or 23, tzinfo=UTC))
        assert mails.run() == ("1 written" if hour else "0 written")

    @pytest.mark.parametrize("chosen", MailPace)
    def test_urgent_ones_at_once_with_all_that_waits(
        self, cast: Cast, clock: time_machine.Traveller, chosen: MailPace
    ) -> None:
        calm, urgent = quiet(cast), quiet(cast, urgent="oui", urgency_reason="Expulsion vendredi.")
        pace(cast, "bruno", chosen)
        say(cast, "aline", calm)
        say(cast, "aline", urgent, at=NOW + timedelta(seconds=1))
        clock.move_to(NOW + timedelta(seconds=31))
        assert mails.run() == "1 written"
        (letter,) = to("bruno")
        count = 1 if chosen is MailPace.NONE else 2
        assert letter.content["subject"].startswith("Urgent\u00a0: du nouveau dans ")
        assert letter.content["text"].count("/demandes/") == count
        assert f"Demande urgente\u00a0: {ADDRESS}/demandes/{urgent}" in letter.content["text"]

    def test_a_burst_of_urgent_ones_is_two_e_mails(self, cast: Cast, clock: time_machine.Traveller) -> None:
        """The first leaves at once, the others are gathered for two minutes after it; what was read ends it."""
        case_id = quiet(cast, urgent="oui", urgency_reason="Expulsion vendredi.")

        def left_by(seconds: int) -> int:
            clock.move_to(NOW + timedelta(seconds=seconds))
            mails.run()
            return len(to("bruno"))

        for seconds in (0, 40, 80):
            say(cast, "aline", case_id, at=NOW + timedelta(seconds=seconds))
            assert left_by(seconds + 30) == 1
        assert [left_by(149), left_by(150), left_by(600)] == [1, 2, 2]
        assert "– 2 nouveaux messages" in to("bruno")[-1].content["text"]
        say(cast, "aline", case_id, at=NOW + timedelta(seconds=601))
        assert left_by(631) == 3
        with act(cast, "bruno", NOW + timedelta(seconds=632)) as work:
            threads.mark_read(work, case_id, 99)
        say(cast, "aline", case_id, at=NOW + timedelta(seconds=640))
        assert left_by(670) == 4

    def test_another_pace_moves_what_waits(self, cast: Cast, clock: time_machine.Traveller) -> None:
        case_id = quiet(cast)
        say(cast, "aline", case_id)
        pace(cast, "bruno", MailPace.NONE)
        clock.move_to(NOW + timedelta(days=1))
        assert mails.run() == "0 written"
        with act(cast, "bruno") as work, pytest.raises(Invalid):
            preferences.choose_mail_pace(work, "always")


class TestWhat:
    def test_counts_by_kind_in_each_case(self, cast: Cast, clock: time_machine.Traveller) -> None:
        first, second = quiet(cast), quiet(cast, CAF, CPAM)
        say(cast, "aline", first)
        note(cast, "marc", first)
        note(cast, "marc", first)
        close(cast, second)
        clock.move_to(NOW + 2 * MINUTE)
        mails.run()
        (letter,) = to("bruno")
        text, html = letter.content["text"], letter.content["html"]
        assert f"/demandes/{first}\n– Un nouveau message\n– 2 nouvelles notes entre Agents+\n" in text
        assert f"/demandes/{second}\n– Une demande est clôturée\n" in text
        for said in ("Un nouveau message", "2 nouvelles notes entre Agents+", "Une demande est clôturée"):
            assert f"<li>{said}</li>" in html
        assert html.count("<a href=") == text.count("http") == 4

    def test_who_lost_a_case_is_not_led_there(self, cast: Cast, clock: time_machine.Traveller) -> None:
        kept, lost = quiet(cast), quiet(cast, CAF, CPAM)
        say(cast, "aline", lost)
        withdraw(cast, lost, CAF)
        say(cast, "aline", kept)
        clock.move_to(NOW + 2 * MINUTE)
        mails.run()
        (letter,) = to("bruno")
        assert str(lost) not in str(letter.content)
        assert (
            f"/demandes/{kept}\n– Un nouveau message\n\n– Une demande est retirée à votre groupe"
            in (letter.content["text"])
        )

    def test_who_left_or_was_closed_gets_none(self, cast: Cast, clock: time_machine.Traveller) -> None:
        case_id = quiet(cast)
        say(cast, "aline", case_id)
        say(cast, "bruno", case_id)
        leave(cast, "bruno", CAF)
        with act(cast, "denis") as work:
            people.deactivate(work, cast.aline)
        clock.move_to(NOW + 2 * MINUTE)
        assert mails.run() == "0 written"
        assert all(row.mail_due_at is None for row in rows())

    def test_a_coordinator_is_told_without_a_way_in(self, cast: Cast, clock: time_machine.Traveller) -> None:
        with acting(ByNobody()) as work:
            tell(work, [cast.colette], NoticeKind.LATE_TO_COORDINATOR, key="1", group_id=cast.groups[CAF])
            tell(work, [cast.colette], NoticeKind.LATE_TO_COORDINATOR, key="2", group_id=cast.groups[CPAM])
        clock.move_to(NOW + 2 * MINUTE)
        mails.run()
        (letter,) = to("colette")
        assert letter.content["subject"] == "Du nouveau dans Administration+"
        assert f"– {NoticeKind.LATE_TO_COORDINATOR.label} (2\u00a0fois)" in letter.content["text"]
        assert "/demandes/" not in letter.content["text"]


class TestMailbox:
    def test_new_cases_in_one_e_mail(self, cast: Cast, clock: time_machine.Traveller) -> None:
        with act(cast, "marc") as work:
            assert group_mailbox.choose(work, cast.groups[CAF], " caf@exemple.fr ") == "caf@exemple.fr"
            assert [box.address for box in group_mailbox.mine(work)] == ["caf@exemple.fr"]
        first, second = sent_case(cast), sent_case(cast)
        clock.move_to(NOW + 2 * MINUTE)
        mails.run()
        (letter,) = [one for one in mailed() if one.template == mails.MAILBOX]
        assert letter.address == "caf@exemple.fr"
        assert str(first) in letter.content["text"]
        assert str(second) in letter.content["text"]
        assert "votre groupe" in letter.content["text"]

    def test_only_its_responsable_and_administrators_set_it(self, cast: Cast) -> None:
        for who in ("bruno", "basile", "colette", "aline"):
            with act(cast, who) as work, pytest.raises(Forbidden):
                group_mailbox.choose(work, cast.groups[CAF], "x@exemple.fr")
            with act(cast, who) as work:
                assert group_mailbox.mine(work) == ()
        with act(cast, "marc") as work, pytest.raises(Invalid):
            group_mailbox.choose(work, cast.groups[CAF], "pas une adresse\nBcc: x@exemple.fr")
        with act(cast, "denis") as work:
            assert group_mailbox.choose(work, cast.groups[CPAM], "cpam@exemple.fr")
        with reading(ByNobody()) as work:
            assert work.session.get_one(Group, cast.groups[CPAM]).mailbox == "cpam@exemple.fr"

    def test_an_address_taken_away_gets_nothing(self, cast: Cast, clock: time_machine.Traveller) -> None:
        with act(cast, "marc") as work:
            group_mailbox.choose(work, cast.groups[CAF], "caf@exemple.fr")
        sent_case(cast)
        with act(cast, "marc") as work:
            group_mailbox.choose(work, cast.groups[CAF], "")
        clock.move_to(NOW + 2 * MINUTE)
        mails.run()
        assert [one for one in mailed() if one.template == mails.MAILBOX] == []


def test_no_word_of_a_case_is_in_any_e_mail(
    cast: Cast, clock: time_machine.Traveller, configured: Configure
) -> None:
    """Everything that can happen happens; what leaves holds no word of subject, description, usager, messages,
    nor anybody's name."""
    subject, first, last = "Zwinglebach non versée", "Quartefourche", "Plombinoire"
    with act(cast, "marc") as work:
        group_mailbox.choose(work, cast.groups[CAF], "caf@exemple.fr")
    case_id = sent_case(
        cast, to=(CAF, CPAM), also=("msa",), subject=subject, first_name=first, last_name=last,
        commune="Vervins", urgent="oui", urgency_reason="Brindezingue vendredi.",
    )  # fmt: skip
    invite(cast, "aline", case_id, "mathilde")
    take(cast, "bruno", case_id)
    say(cast, "adam", case_id, "Escarbille, rien depuis.")
    note(cast, "basile", case_id, "Turlupinade entre nous.")
    ask(cast, "bruno", case_id)
    not_competent(cast, "basile", case_id, CPAM)
    resolve(cast, "bruno", case_id)
    clock.move_to(NOW + 2 * MINUTE)
    mails.run()
    close(cast, case_id, at=NOW + 3 * MINUTE)
    reopen(cast, case_id, at=NOW + 4 * MINUTE)
    withdraw(cast, case_id, CPAM, at=NOW + 5 * MINUTE)
    clock.move_to(NOW + 9 * MINUTE)
    mails.run()
    letters = mailed()
    assert {one.address.partition("@")[0] for one in letters} == {
        "aline", "adam", "bruno", "marc", "basile", "bertille", "mathilde", "caf",
    }  # fmt: skip
    with reading(ByNobody()) as work:
        names = [
            name
            for row in work.session.execute(select(col(Account.first_name), col(Account.last_name)))
            for name in row
        ]
    secret = f"{subject} {first} {last} {DESCRIPTION} Vervins Brindezingue Escarbille Turlupinade allocataire"
    ours = {"depuis", "plus", "rien", "aucun", "trois", "nous", "vous", "entre", "n’est", "versement"}
    words = {word.strip(".,;:()").lower() for word in secret.split()} - ours
    marks = {word for word in words if len(word) > 3} | {name.lower() for name in names}
    for letter in letters:
        held = str({**letter.content, "unsubscribe": ""}).lower()
        assert [mark for mark in marks if mark in held] == []
    with smtp() as server:
        configured(
            smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none", mail_from="A+ <plus@exemple.fr>"
        )
        send_all()
        headers = {str(one["List-Unsubscribe"]) for one in server.taken}
    assert headers == {f"<{ADDRESS}/compte?voir=notifications>"}
