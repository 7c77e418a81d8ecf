"""What an answer by SMS does to a mandate, in whatever order and however often it arrives."""

from __future__ import annotations

import hashlib
from datetime import datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app import incoming_sms, jobs, mandates, messages, outbox, sms_answers
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.lifecycle import mandate_status
from app.mandate_ways.sms_words import SAID
from app.phones import phone_key
from app.queries.mandate_ways import by_sms, unclear_since_consent
from app.sms.driver import Received
from app.sms.gsm import is_gsm, parts, to_gsm
from app.work import ByNobody, Database, acting, reading
from models.base import new_id
from models.enums import (
    Capacity,
    Channel,
    EventKind,
    MandateStatus,
    MandateWay,
    OutgoingStatus,
    ProofKind,
    SmsAnswer,
)
from models.mandate import Mandate, MandateProof
from models.outbox import IncomingSms, Outgoing
from tests.app.scenes import (
    accept,
    act,
    close,
    draft,
    entry_rows,
    mandate,
    mandate_row,
    present,
    reopen,
    see,
    send,
    sent_case,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
PHONE = "+33612345678"
MINUTE = timedelta(minutes=1)
ASK = "France Services de Guise vous demande votre accord. Répondez OUI ou NON."
S = MandateStatus


def ask(cast: Cast, at: datetime = NOW, case_id: UUID | None = None, phone: str = PHONE) -> UUID:
    """Present a mandate by SMS, as the ways do."""
    mandate_id = present(cast, case_id or draft(cast), at=at)
    with acting(ByNobody(), at=at) as work:
        row = work.session.get_one(Mandate, mandate_id)
        row.way, row.contact = (
            MandateWay.SMS_REPLY,
            {"phone": phone, "capacity": "parent", "giver": "Nadia Kaddour"},
        )
        row.phone_key = phone_key(work.vault, phone)
    ask_again(mandate_id, at, phone)
    return mandate_id


def ask_again(mandate_id: UUID, at: datetime, phone: str = PHONE) -> None:
    with acting(ByNobody(), at=at) as work:
        key = f"mandate.ask:{mandate_id}:{at.isoformat()}"
        outbox.put(work, Channel.SMS, "mandate-ask", phone, ASK, dedupe_key=key, about=mandate_id)
        work.session.flush()
        row = work.session.scalars(select(Outgoing).where(col(Outgoing.dedupe_key) == key)).one()
        row.status, row.sent_at = OutgoingStatus.SENT, at


def get(
    text: str, written: datetime = NOW + MINUTE, arrived: datetime | None = None, phone: str = PHONE
) -> UUID:
    """Receive an SMS: stored, then acted on by the job."""
    arrived = arrived or max(written, NOW + MINUTE)
    with acting(ByNobody(), at=arrived) as work:
        sms_id = incoming_sms.store(work, "ovh", Received(new_id().hex, phone, text, written))
    with acting(ByNobody(), at=arrived) as work:
        sms_answers.handle(work, sms_id)
    return sms_id


def state(mandate_id: UUID, at: datetime = NOW + MINUTE) -> MandateStatus:
    row = mandate_row(mandate_id)
    return mandate_status(row.status, row.expires_at, at)


def mails() -> list[tuple[str, str]]:
    """To whom it was written that a person has answered, and what."""
    with reading(ByNobody()) as work:
        rows = work.session.scalars(select(Outgoing).where(col(Outgoing.template) == "mandate-answered"))
        return [(str(row.address), str(row.content["text"])) for row in rows]


def said() -> list[str]:
    """The templates of what was written back, receipts of an accepted mandate left out."""
    with reading(ByNobody()) as work:
        by_sms_only = select(Outgoing).where(col(Outgoing.channel) == Channel.SMS)
        rows = work.session.scalars(by_sms_only.order_by(col(Outgoing.id)))
        return [row.template for row in rows if row.template not in ("mandate-ask", "mandate-receipt-sms")]


def received(sms_id: UUID) -> IncomingSms:
    with reading(ByNobody()) as work:
        return work.session.get_one(IncomingSms, sms_id)


class TestYes:
    def test_is_kept_as_a_consent_with_what_proves_it(self, cast: Cast) -> None:
        mandate_id = ask(cast)
        sms_id = get("Oui merci 😊")
        assert state(mandate_id) is S.CONSENTED
        with reading(ByNobody()) as work:
            (proof,) = work.session.scalars(select(MandateProof)).all()
        row = received(sms_id)
        assert (proof.kind, proof.capacity) == (ProofKind.SMS_REPLY, Capacity.PARENT)
        kept = {name: proof.content[name] for name in ("phone", "text", "provider", "provider_ref", "asked")}
        assert kept == {
            "phone": PHONE, "text": "Oui merci 😊", "provider": "ovh", "provider_ref": row.provider_ref,
            "asked": hashlib.sha256(ASK.encode()).hexdigest(),
        }  # fmt: skip
        assert datetime.fromisoformat(proof.content["received_at"]) == NOW + MINUTE
        assert proof.content["giver"] == "Nadia Kaddour"
        ((to, text),) = mails()  # the person is far away: who asked is told, without a word of them
        assert to == "aline@demo.example"
        assert "donné son accord" in text
        assert "Kaddour" not in text
        assert f"brouillon={mandate_row(mandate_id).case_id}" in text
        assert proof.content["shown"] == mandate_row(mandate_id).shown_sha256
        assert (row.answer, row.mandate_id, row.handled_at) == (SmsAnswer.YES, mandate_id, NOW + MINUTE)
        assert said() == []

    def test_said_again_changes_nothing(self, cast: Cast) -> None:
        mandate_id = ask(cast)
        for minutes in (1, 2):
            get("Oui", NOW + minutes * MINUTE)
        assert state(mandate_id) is S.CONSENTED
        accept(cast, mandate_id, at=NOW + 3 * MINUTE)
        get("ok", NOW + 4 * MINUTE)
        assert state(mandate_id) is S.ACTIVE

    def test_goes_to_what_was_asked_last(self, cast: Cast) -> None:
        first, second = ask(cast), ask(cast, NOW + MINUTE)
        get("Oui", NOW + 2 * MINUTE)
        assert (state(first), state(second)) == (S.PRESENTED, S.CONSENTED)
        get("Oui", NOW + 3 * MINUTE)  # «Oui» twice is no answer to a question asked before
        assert state(first) is S.PRESENTED
        ask_again(first, NOW + 4 * MINUTE)
        get("Oui", NOW + 5 * MINUTE)
        assert state(first) is S.CONSENTED

    def test_written_before_a_question_does_not_answer_it(self, cast: Cast) -> None:
        first = ask(cast)
        second = ask(cast, NOW + 10 * MINUTE)
        get("Oui", NOW + 5 * MINUTE, NOW + 11 * MINUTE)
        assert (state(first), state(second)) == (S.CONSENTED, S.PRESENTED)
        get("Oui", NOW - MINUTE, NOW + 12 * MINUTE)
        assert state(second) is S.PRESENTED

    def test_says_nothing_of_a_question_that_has_not_left(self, cast: Cast) -> None:
        first, second = ask(cast), ask(cast, NOW + MINUTE)
        with acting(ByNobody(), at=NOW + MINUTE) as work:
            waits = update(Outgoing).where(col(Outgoing.about_id) == second)
            work.session.execute(waits.values(status=OutgoingStatus.WAITING, sent_at=None))
        get("Oui", NOW + 2 * MINUTE)
        assert (state(first), state(second)) == (S.CONSENTED, S.PRESENTED)

    def test_of_the_same_second_counts(self, cast: Cast) -> None:
        mandate_id = ask(cast, NOW + timedelta(microseconds=700_000))
        get("Oui", NOW, NOW + MINUTE)
        assert state(mandate_id) is S.CONSENTED

    @pytest.mark.parametrize("way", [S.EXPIRED, S.SUPERSEDED, S.RENOUNCED, S.REFUSED, S.REVOKED])
    def test_too_late(self, cast: Cast, way: MandateStatus) -> None:
        """The mandate is over: nothing is kept, and the person is told once."""
        case_id = draft(cast)
        mandate_id, at = ask(cast, case_id=case_id), NOW + 5 * MINUTE
        if way is S.EXPIRED:
            at = mandate_row(mandate_id).expires_at
        elif way is S.SUPERSEDED:
            present(cast, case_id, at=NOW + MINUTE)
        elif way is S.REFUSED:
            get("Non")
        elif way is S.REVOKED:
            get("Oui")
            get("Stop", NOW + 2 * MINUTE)
        else:
            with act(cast, "aline", NOW + MINUTE) as work:
                mandates.renounce(work, mandate_id)
        before = said()
        for minutes in range(2):
            get("Oui", at + minutes * MINUTE)
        assert state(mandate_id, at) is way
        assert said() == [*before, "mandate-over"]

    def test_to_nothing_that_was_asked_by_sms(self, cast: Cast) -> None:
        """A number known for another reason (a receipt) consents to nothing."""
        mandate_id = present(cast, draft(cast))
        with acting(ByNobody(), at=NOW) as work:
            work.session.get_one(Mandate, mandate_id).phone_key = phone_key(work.vault, PHONE)
        sms_id = get("Oui")
        assert state(mandate_id) is S.PRESENTED
        assert received(sms_id).mandate_id == mandate_id


class TestNoAndStop:
    @pytest.mark.parametrize("word", ["Non", "Stop"])
    def test_before_the_consent_it_is_a_refusal(self, cast: Cast, word: str) -> None:
        mandate_id = ask(cast)
        get(word)
        assert (state(mandate_id), said()) == (S.REFUSED, ["mandate-declined"])
        assert ["répondu non" in text for _, text in mails()] == [True]

    @pytest.mark.parametrize("word", ["Non", "Stop"])
    @pytest.mark.parametrize("is_accepted", [False, True])
    def test_after_it_the_mandate_is_taken_back(self, cast: Cast, word: str, is_accepted: bool) -> None:
        mandate_id = ask(cast)
        get("Oui")
        if is_accepted:
            accept(cast, mandate_id, at=NOW + 2 * MINUTE)
        get(word, NOW + 3 * MINUTE)
        row = mandate_row(mandate_id)
        assert row.status is S.REVOKED
        assert row.end_reason == f"Réponse {word.upper()} par SMS."
        get(word, NOW + 4 * MINUTE)
        assert said() == ["mandate-stopped"]

    def test_the_thread_says_that_the_person_did(self, cast: Cast) -> None:
        case_id = draft(cast)
        mandate_id = ask(cast, case_id=case_id)
        get("Oui")
        accept(cast, mandate_id, at=NOW + 2 * MINUTE)
        send(cast, case_id, at=NOW + 2 * MINUTE)
        get("Stop", NOW + 3 * MINUTE)
        assert entry_rows(case_id)[-1].event is EventKind.MANDATE_TAKEN_BACK
        with pytest.raises(Forbidden), act(cast, "bruno", NOW + 4 * MINUTE) as work:
            messages.post(work, case_id, "Bonjour", key=new_id())

    def _closed(self, cast: Cast, minutes: int) -> tuple[UUID, UUID]:
        """A case and its mandate, given by SMS and ended with it, within three minutes."""
        at, case_id = NOW + minutes * MINUTE, draft(cast)
        mandate_id = ask(cast, at, case_id=case_id)
        get("Oui", at + MINUTE)
        accept(cast, mandate_id, at=at + MINUTE)
        send(cast, case_id, at=at + MINUTE)
        close(cast, case_id, at=at + 2 * MINUTE)
        assert state(mandate_id) is S.ENDED
        return case_id, mandate_id

    @pytest.mark.parametrize("word", ["Non", "Stop"])
    def test_what_ended_with_its_case_resumes_no_more(self, cast: Cast, word: str) -> None:
        case_id, mandate_id = self._closed(cast, 0)
        get(word, NOW + 5 * MINUTE)
        row = mandate_row(mandate_id)
        assert (row.status, row.ended_at) == (S.REVOKED, NOW + 5 * MINUTE)
        assert row.end_reason == f"Réponse {word.upper()} par SMS."
        assert entry_rows(case_id)[-1].event is EventKind.MANDATE_TAKEN_BACK
        assert said() == ["mandate-stopped"]
        with pytest.raises(Conflict, match="Faites signer un nouveau mandat"):
            reopen(cast, case_id, at=NOW + 6 * MINUTE)
        assert state(mandate_id) is S.REVOKED

    def test_a_yes_resumes_nothing(self, cast: Cast) -> None:
        _, mandate_id = self._closed(cast, 0)
        get("Oui", NOW + 5 * MINUTE)
        assert (state(mandate_id), said()) == (S.ENDED, ["mandate-over"])

    def test_past_its_term_what_ended_stays_so(self, cast: Cast) -> None:
        _, mandate_id = self._closed(cast, 0)
        get("Stop", mandate_row(mandate_id).expires_at)
        assert (state(mandate_id), said()) == (S.ENDED, [])

    def test_no_ends_what_is_live_and_what_was_asked_since(self, cast: Cast) -> None:
        """Of what only could resume: not what was asked before, as of a question."""
        _, before = self._closed(cast, 0)
        live = ask(cast, NOW + 5 * MINUTE)
        _, since = self._closed(cast, 10)
        get("Non", NOW + 15 * MINUTE)
        assert [state(one) for one in (before, live, since)] == [S.ENDED, S.REFUSED, S.REVOKED]

    def test_no_said_again_takes_nothing_else_back(self, cast: Cast) -> None:
        """A press too many, or an SMS delivered twice: what is in force is stopped by its name only."""
        active = ask(cast)
        get("Oui")
        accept(cast, active, at=NOW + 2 * MINUTE)
        asked = ask(cast, NOW + 3 * MINUTE)
        get("Non", NOW + 4 * MINUTE)
        get("Non", NOW + 5 * MINUTE)
        assert (state(active), state(asked)) == (S.ACTIVE, S.REFUSED)
        assert said() == ["mandate-declined", "mandate-clarify-given"]
        get("Stop", NOW + 6 * MINUTE)
        assert state(active) is S.REVOKED

    def test_stop_ends_all_of_a_case_that_was_closed_in_one_line_of_its_thread(self, cast: Cast) -> None:
        """The mandate of this phone was replaced on paper, and ended with the case; one more came since."""
        case_id = draft(cast)
        first = ask(cast, case_id=case_id)
        get("Oui")
        accept(cast, first, at=NOW + 2 * MINUTE)
        second = mandate(cast, case_id, at=NOW + 3 * MINUTE)
        send(cast, case_id, at=NOW + 3 * MINUTE)
        close(cast, case_id, at=NOW + 4 * MINUTE)
        third = mandate(cast, case_id, at=NOW + 5 * MINUTE)
        get("Stop", NOW + 6 * MINUTE)
        assert [state(one) for one in (first, second, third)] == [S.SUPERSEDED, S.REVOKED, S.REVOKED]
        taken = [one for one in entry_rows(case_id) if one.event is EventKind.MANDATE_TAKEN_BACK]
        assert (len(taken), said()) == (1, ["mandate-stopped"])

    def test_no_is_about_what_was_asked_last(self, cast: Cast) -> None:
        first, second = ask(cast), ask(cast, NOW + MINUTE)
        get("Non", NOW + 2 * MINUTE)
        assert (state(first), state(second)) == (S.PRESENTED, S.REFUSED)

    def test_stop_is_about_all_of_them(self, cast: Cast) -> None:
        pending, consented, active = (ask(cast, NOW + n * MINUTE) for n in range(3))
        for mandate_id, at in ((consented, 3), (active, 5)):
            ask_again(mandate_id, NOW + at * MINUTE)
            get("Oui", NOW + (at + 1) * MINUTE)
        accept(cast, active, at=NOW + 7 * MINUTE)
        other = ask(cast, phone="+33698765432")
        signed = mandate(cast, draft(cast))
        get("STOP svp", NOW + 8 * MINUTE)
        assert [state(one) for one in (pending, consented, active)] == [S.REFUSED, S.REVOKED, S.REVOKED]
        assert (state(other), state(signed)) == (S.PRESENTED, S.ACTIVE)
        assert said() == ["mandate-stopped"]

    @pytest.mark.parametrize(
        ("word", "first_is", "answer"),
        [("Non", S.ACTIVE, "mandate-declined-more"), ("Stop", S.REVOKED, "mandate-stopped")],
    )
    def test_to_a_question_that_widens_a_mandate_signed_on_paper(
        self, cast: Cast, word: str, first_is: MandateStatus, answer: str
    ) -> None:
        """NON refuses what is new, and says that the first holds; STOP ends it too, though it has no phone."""
        case_id = draft(cast)
        first = mandate(cast, case_id)
        second = ask(cast, NOW + MINUTE, case_id=case_id)
        get(word, NOW + 2 * MINUTE)
        assert (state(first), state(second), said()) == (first_is, S.REFUSED, [answer])

    def test_stop_ends_what_replaced_the_mandate_of_this_phone(self, cast: Cast) -> None:
        case_id = draft(cast)
        first = ask(cast, case_id=case_id)
        get("Oui")
        accept(cast, first, at=NOW + 2 * MINUTE)
        second = mandate(cast, case_id, at=NOW + 3 * MINUTE)
        assert state(first) is S.SUPERSEDED
        get("Stop", NOW + 4 * MINUTE)
        assert (state(second), said()) == (S.REVOKED, ["mandate-stopped"])

    def test_arrived_before_a_yes_that_was_written_first(self, cast: Cast) -> None:
        mandate_id = ask(cast)
        get("Stop", NOW + 5 * MINUTE, NOW + 5 * MINUTE)
        get("Oui", NOW + MINUTE, NOW + 6 * MINUTE)
        assert state(mandate_id) is S.REFUSED

    @pytest.mark.parametrize("word", ["Non", "Stop"])
    def test_arrived_after_a_yes_that_was_written_last(self, cast: Cast, word: str) -> None:
        """In the order of writing the refusal had ended it: the yes is asked for anew."""
        mandate_id = ask(cast)
        get("Oui", NOW + 5 * MINUTE)
        get(word, NOW + MINUTE, NOW + 6 * MINUTE)
        assert state(mandate_id) is S.REVOKED

    def test_written_before_a_question_does_not_refuse_it(self, cast: Cast) -> None:
        mandate_id = ask(cast, NOW + 10 * MINUTE)
        get("Stop", NOW + 5 * MINUTE, NOW + 11 * MINUTE)
        assert state(mandate_id) is S.PRESENTED


class TestUnclear:
    def test_is_asked_again_once_then_read_by_a_person(self, cast: Cast) -> None:
        mandate_id = ask(cast)
        get("C’est qui ?")
        get("Oui mais non", NOW + 2 * MINUTE)
        assert (state(mandate_id), said()) == (S.PRESENTED, ["mandate-clarify"])
        with see(cast, "aline") as work:
            found = by_sms(work, mandate_id).answers
        assert [(one.text, one.answer) for one in found] == [
            ("C’est qui ?", SmsAnswer.UNCLEAR), ("Oui mais non", SmsAnswer.UNCLEAR),
        ]  # fmt: skip
        get("Oui", NOW + 3 * MINUTE)
        assert state(mandate_id) is S.CONSENTED

    def test_thanks_after_the_consent_ask_nothing(self, cast: Cast) -> None:
        ask(cast)
        get("Oui")
        get("Merci", NOW + 2 * MINUTE)
        assert said() == []

    @pytest.mark.parametrize("word", ["Merci beaucoup, bonne journée !", "🙏", ""])
    def test_what_is_only_polite_waits_for_nobody(self, cast: Cast, word: str) -> None:
        ask(cast)
        get("Oui")
        get(word, NOW + 2 * MINUTE)
        assert said() == []

    def test_once_given_it_is_shown_and_says_how_to_stop(self, cast: Cast) -> None:
        """«I do not want this any more» in words that nobody foresaw must not be lost."""
        case_id = sent_case(cast)
        mandate_id = ask(cast, case_id=case_id)
        get("Oui")
        accept(cast, mandate_id, at=NOW + 2 * MINUTE)
        get("Laissez mon dossier tranquille", NOW + 3 * MINUTE)
        get("Vous avez compris ?", NOW + 4 * MINUTE)
        assert (state(mandate_id), said()) == (S.ACTIVE, ["mandate-clarify-given"])
        assert [one.event for one in entry_rows(case_id)].count(EventKind.ANSWER_UNCLEAR) == 1
        with see(cast, "aline", NOW + 5 * MINUTE) as work:
            unclear = unclear_since_consent(work, mandate_id)
        assert [one.text for one in unclear] == ["Laissez mon dossier tranquille", "Vous avez compris ?"]
        get("Et alors ?", NOW + timedelta(days=2))
        assert [one.event for one in entry_rows(case_id)].count(EventKind.ANSWER_UNCLEAR) == 2

    @pytest.mark.parametrize("who", ["bruno", "chloe", "colette", "denis", "adam"])
    def test_is_read_by_who_may_manage_the_mandate_only(self, cast: Cast, who: str) -> None:
        mandate_id = ask(cast)
        get("C’est qui ?")
        with pytest.raises((NotFound, Forbidden)), see(cast, who) as work:
            by_sms(work, mandate_id)
        with pytest.raises(NotFound), see(cast, "aline") as work:
            by_sms(work, new_id())


class TestStored:
    def test_an_unknown_number_is_kept_and_not_answered(self, cast: Cast) -> None:
        ask(cast)
        row = received(get("Oui", phone="+33700000001"))
        assert (row.answer, row.mandate_id, said()) == (SmsAnswer.YES, None, [])
        assert row.handled_at is not None

    def test_the_same_told_twice_is_one(self, cast: Cast) -> None:
        mandate_id = ask(cast)
        ids = set()
        for text in ("Stop", "Stop", "Oui"):  # whatever is told the second time
            with acting(ByNobody(), at=NOW + MINUTE) as work:
                ids.add(incoming_sms.store(work, "ovh", Received("7", PHONE, text, NOW + MINUTE)))
            assert incoming_sms.handle_waiting() in ("1 handled", "0 handled")
        assert len(ids) == 1
        assert state(mandate_id) is S.REFUSED
        with acting(ByNobody(), at=NOW + MINUTE) as work:
            assert incoming_sms.store(work, "brevo", Received("7", PHONE, "Oui", NOW + MINUTE)) not in ids

    @pytest.mark.parametrize("ref", ["", "  ", "x" * 81])
    def test_without_a_reference_it_is_refused(self, ref: str) -> None:
        with pytest.raises(Invalid), acting(ByNobody()) as work:
            incoming_sms.store(work, "ovh", Received(ref, PHONE, "Oui", NOW))

    def test_neither_number_nor_text_is_in_clear(self, database: Database, cast: Cast) -> None:
        ask(cast)
        get("Un texte à ne pas lire")
        with reading(ByNobody()) as work:
            line = work.session.connection()
            tables = ("incoming_sms", "outgoing")
            rows = [row for one in tables for row in line.exec_driver_sql(f"SELECT * FROM {one}")]
        kept = b" ".join(
            bytes(one) if isinstance(one, bytes | memoryview) else str(one).encode()
            for row in rows
            for one in row
        )
        assert b"texte" not in kept
        assert b"612345678" not in kept

    def test_one_that_fails_does_not_hold_the_others_back(
        self, cast: Cast, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        mandate_id = ask(cast)
        real = sms_answers.handle
        failing: list[UUID] = []

        def handle(work: object, sms_id: UUID) -> None:
            if not failing:
                failing.append(sms_id)
                raise RuntimeError("personal")
            real(work, sms_id)  # type: ignore[arg-type]

        for ref, text in (("1", "Bonjour"), ("2", "Oui")):
            with acting(ByNobody(), at=NOW + MINUTE) as work:
                incoming_sms.store(work, "ovh", Received(ref, PHONE, text, NOW + MINUTE))
        monkeypatch.setattr(incoming_sms, "handle", handle)
        with pytest.raises(RuntimeError, match="1 of 2"):
            incoming_sms.handle_waiting()
        assert state(mandate_id) is S.CONSENTED
        assert incoming_sms.handle_waiting() == "1 handled"


class TestTypedInTheDemonstration:
    def test_goes_the_same_way(self, cast: Cast) -> None:
        mandate_id = ask(cast)
        with reading(ByNobody()) as work:
            (question,) = work.session.scalars(select(Outgoing)).all()
        with act(cast, "bruno", NOW + MINUTE) as work:  # whoever tries it
            incoming_sms.answer_as(work, question.id, "oui")
        assert state(mandate_id) is S.CONSENTED

    @pytest.mark.parametrize("text", ["", " ", "x" * 161])
    def test_what_cannot_be_typed(self, cast: Cast, text: str) -> None:
        ask(cast)
        with reading(ByNobody()) as work:
            (question,) = work.session.scalars(select(Outgoing)).all()
        with pytest.raises(Invalid), act(cast, "bruno", NOW + MINUTE) as work:
            incoming_sms.answer_as(work, question.id, text)

    def test_by_nobody_or_to_nothing(self, cast: Cast) -> None:
        ask(cast)
        with reading(ByNobody()) as work:
            (question,) = work.session.scalars(select(Outgoing)).all()
        with pytest.raises(NotFound), acting(ByNobody()) as work:
            incoming_sms.answer_as(work, question.id, "oui")
        with pytest.raises(NotFound), act(cast, "aline") as work:
            incoming_sms.answer_as(work, new_id(), "oui")


def test_what_is_written_back_is_short_and_of_the_alphabet(cast: Cast) -> None:
    for text in SAID.values():
        assert is_gsm(to_gsm(text))
        assert parts(to_gsm(text)) == 1, text


def test_every_job_has_a_name_of_its_own() -> None:
    assert len({job.name for job in jobs.JOBS}) == len(jobs.JOBS)
