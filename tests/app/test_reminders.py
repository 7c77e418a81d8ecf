"""What a mandate's dates ask for, once each: reminders, chases, its end written down. Time is frozen."""

from __future__ import annotations

from datetime import datetime, timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from app import events, mandate_steps, receipts, reminders
from app.phones import phone_key
from app.work import ByNobody, acting, reading
from models.account import Account
from models.base import new_id
from models.chain import MandateEvent
from models.enums import Channel, EventKind, MandateStatus
from models.journal import JournalEntry
from models.mandate import Mandate
from models.outbox import Outgoing
from tests.app.scenes import (
    GUISE,
    act,
    close,
    consent,
    draft,
    entry_rows,
    leave,
    mandate,
    mandate_row,
    present,
    revoke,
    say,
    sent_case,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
DAY = timedelta(days=1)
NOTHING = "0 expired, 0 reminded, 0 chased"


def in_force(case_id: UUID) -> Mandate:
    with reading(ByNobody(), at=NOW) as work:
        return mandate_steps.in_force(work, case_id)[0]


def written(about: UUID, template: str = "") -> list[Outgoing]:
    query = select(Outgoing).where(col(Outgoing.about_id) == about).order_by(col(Outgoing.id))
    with reading(ByNobody()) as work:
        return [one for one in work.session.scalars(query) if one.template.startswith(template or "mandate.")]


def run(at: datetime) -> str:
    with time_machine.travel(at, tick=False):
        first = reminders.run()
        assert reminders.run() == NOTHING, "run twice, it does nothing more"
    return first


def told_by_sms(cast: Cast, mandate_id: UUID, phone: str = "06 12 34 56 78") -> None:
    with act(cast, "aline") as work:
        receipts.send_receipt(work, mandate_id, Channel.SMS, phone)


class TestBeforeTheTerm:
    def test_the_aidant_and_the_usager_once_each(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        row = in_force(case_id)
        told_by_sms(cast, row.id)
        due = row.expires_at - reminders.BEFORE
        assert run(due - timedelta(seconds=1)) == NOTHING
        assert run(due) == "0 expired, 1 reminded, 0 chased"
        assert run(due + 5 * DAY) == NOTHING
        (mail,) = [one for one in written(row.id, "mandate-ends") if one.channel is Channel.MAIL]
        (sms,) = [one for one in written(row.id, "mandate-ends") if one.channel is Channel.SMS]
        assert (mail.address, sms.address) == ("aline@demo.example", "+33612345678")
        assert mail.content["subject"] == "Un mandat de votre structure prend fin le 23\u00a0mai\u00a02027"
        assert f"http://127.0.0.1:8080/demandes/{case_id}" in mail.content["text"]
        assert "prend fin le 23 mai 2027" in sms.content["text"]
        assert sms.content["text"].endswith(" ou répondez STOP")
        for one in (mail, sms):
            for private in ("Samira", "Kaddour", "APL", "Logement"):
                assert private not in str(one.content)

    def test_by_mail_when_that_is_what_was_given(self, cast: Cast) -> None:
        row = in_force(sent_case(cast))
        with act(cast, "aline") as work:
            receipts.send_receipt(work, row.id, Channel.MAIL, "samira@exemple.fr")
        run(row.expires_at - DAY)
        (mail,) = written(row.id, "mandate-ends-usager")
        assert (mail.channel, mail.address) == (Channel.MAIL, "samira@exemple.fr")
        assert "/mandat/" in mail.content["html"]

    def test_all_the_aidants_once_the_author_has_left(self, cast: Cast) -> None:
        row = in_force(sent_case(cast))
        leave(cast, "aline", GUISE)
        run(row.expires_at - reminders.BEFORE)
        told = {one.address for one in written(row.id, "mandate-ends")}
        assert "adam@demo.example" in told
        assert "aline@demo.example" not in told

    def test_nobody_who_is_not_active_any_more(self, cast: Cast) -> None:
        row = in_force(sent_case(cast))
        with acting(ByNobody()) as work:
            for account in work.session.scalars(select(Account)):
                account.is_active = account.id not in (cast.aline, cast.adam)
        run(row.expires_at - reminders.BEFORE)
        assert not {"aline@demo.example", "adam@demo.example"} & {one.address for one in written(row.id)}

    @pytest.mark.parametrize("meanwhile", ["revoked", "closed", "renewed", "never sent"])
    def test_nothing_when_there_is_nothing_to_remind_of(self, cast: Cast, meanwhile: str) -> None:
        if meanwhile == "never sent":
            mandate_id = mandate(cast, draft(cast))
        else:
            case_id = sent_case(cast)
            mandate_id = in_force(case_id).id
        row = mandate_row(mandate_id)
        due = row.expires_at - reminders.BEFORE
        if meanwhile == "revoked":
            revoke(cast, mandate_id)
        elif meanwhile == "closed":
            close(cast, case_id)
        elif meanwhile == "renewed":
            mandate(cast, case_id, at=due - DAY)
        assert run(due) == NOTHING
        assert written(mandate_id) == []

    def test_late_after_an_outage_but_not_after_the_end(self, cast: Cast) -> None:
        late, too_late = in_force(sent_case(cast)), in_force(sent_case(cast, last_name="Autre"))
        with acting(ByNobody()) as work:
            work.session.get_one(Mandate, too_late.id).expires_at = late.expires_at - DAY
        assert run(late.expires_at - DAY / 2) == "1 expired, 1 reminded, 0 chased"
        assert len(written(late.id, "mandate-ends")) == 1
        assert written(too_late.id, "mandate-ends") == []


class TestConfirm:
    @pytest.fixture
    def spoken(self, cast: Cast) -> Mandate:
        row = in_force(sent_case(cast))
        with acting(ByNobody()) as work:
            work.session.get_one(Mandate, row.id).confirm_by = NOW + 7 * DAY
        return mandate_row(row.id)

    def test_on_the_fifth_day_the_seventh_then_each_week(self, cast: Cast, spoken: Mandate) -> None:
        chased = [day for day in range(30) if run(NOW + day * DAY) == "0 expired, 0 reminded, 1 chased"]
        assert chased == [5, 7, 14, 21, 28]
        mails = written(spoken.id, "mandate-confirm")
        assert {one.address for one in mails} == {"aline@demo.example"}
        said = [one.content["text"] for one in mails]
        assert "est à confirmer par écrit avant le 30\u00a0novembre\u00a02026" in said[0]
        assert "devait être confirmé" in said[1]

    def test_only_the_last_one_due_after_an_outage(self, cast: Cast, spoken: Mandate) -> None:
        run(NOW + 24 * DAY)
        assert len(written(spoken.id, "mandate-confirm")) == 1

    @pytest.mark.parametrize("meanwhile", ["confirmed", "replaced", "revoked", "closed"])
    def test_not_once_it_is_settled(self, cast: Cast, spoken: Mandate, meanwhile: str) -> None:
        if meanwhile == "confirmed":
            with acting(ByNobody()) as work:
                work.session.get_one(Mandate, spoken.id).confirm_by = None
        elif meanwhile == "replaced":
            mandate(cast, spoken.case_id)
        elif meanwhile == "revoked":
            revoke(cast, spoken.id)
        else:
            close(cast, spoken.case_id)
        assert run(NOW + 8 * DAY) == NOTHING
        assert written(spoken.id, "mandate-confirm") == []


class TestExpire:
    def test_it_is_written_down_once_and_told(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        row = in_force(case_id)
        run(row.expires_at - DAY)
        heard: list[events.Signal] = []
        stop = events.listen(heard.append)
        assert run(row.expires_at + DAY) == "1 expired, 0 reminded, 0 chased"
        stop()
        assert any(isinstance(one, events.CaseChanged) and one.case_id == case_id for one in heard)
        row = mandate_row(row.id)
        assert (row.status, row.ended_at) == (MandateStatus.EXPIRED, row.expires_at)
        assert [one.event for one in entry_rows(case_id)].count(EventKind.MANDATE_EXPIRED) == 1
        with reading(ByNobody()) as work:
            kinds = list(work.session.scalars(
                select(col(MandateEvent.kind)).where(col(MandateEvent.mandate_id) == row.id)
            ))  # fmt: skip
            said = work.session.scalars(
                select(JournalEntry).where(col(JournalEntry.action) == "mandate.expired")
            )
            assert [one.actor_id for one in said] == [None]
        assert kinds.count("expire") == 1

    def test_nothing_is_suspended_when_another_mandate_holds(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        row = in_force(case_id)
        at = row.expires_at + DAY
        mandate(cast, case_id, at=at)
        run(at)
        assert mandate_row(row.id).status is MandateStatus.EXPIRED
        assert EventKind.MANDATE_EXPIRED not in [one.event for one in entry_rows(case_id)]
        say(cast, "bruno", case_id, at=at)

    def test_what_was_never_accepted_expires_in_silence(self, cast: Cast) -> None:
        case_id = sent_case(cast)
        waiting = present(cast, case_id, months=1)
        consent(cast, waiting)
        assert run(mandate_row(waiting).expires_at) == "1 expired, 0 reminded, 0 chased"
        assert EventKind.MANDATE_EXPIRED not in [one.event for one in entry_rows(case_id)]
        say(cast, "bruno", case_id)

    def test_a_draft_that_is_gone_meanwhile(self, cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
        gone = new_id()
        monkeypatch.setattr(reminders, "_past_their_term", lambda _: [gone])
        assert run(NOW) == NOTHING

    def test_stop_is_offered_to_the_phone_that_is_known(self, cast: Cast) -> None:
        row = in_force(sent_case(cast))
        told_by_sms(cast, row.id)
        with acting(ByNobody()) as work:
            work.session.get_one(Mandate, row.id).phone_key = phone_key(work.vault, "+33612345600")
        run(row.expires_at - DAY)
        (sms,) = written(row.id, "mandate-ends-usager")
        assert "STOP" not in sms.content["text"]
