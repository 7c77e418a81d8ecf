"""The usager's receipt: where they said, once by itself, three an hour when asked, nothing private in it."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app import receipts
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.mandate_steps import in_force
from app.phones import phone_key
from app.security.links import read_link
from app.sms.gsm import is_gsm, parts
from app.usager_words import receipt_sms
from app.work import ByNobody, acting, reading
from models.enums import Channel, OutgoingStatus
from models.journal import JournalEntry
from models.mandate import Mandate
from models.outbox import Outgoing
from tests.app.scenes import GUISE, accept, act, consent, draft, mandate_row, present, revoke, see, sent_case
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
PHONE, TYPED = "+33612345678", "06.12.34.56.78"
HOUR = timedelta(hours=1)


def written(about: UUID) -> list[Outgoing]:
    query = select(Outgoing).where(col(Outgoing.about_id) == about).order_by(col(Outgoing.id))
    with reading(ByNobody()) as work:
        return list(work.session.scalars(query))


def active(cast: Cast) -> UUID:
    case_id = sent_case(cast)
    with reading(ByNobody(), at=NOW) as work:
        return in_force(work, case_id)[0].id


def given(cast: Cast, case_id: UUID, contact: dict[str, str] | None, **how: Any) -> UUID:
    """Have a mandate given by somebody who is written to there."""
    mandate_id = present(cast, case_id, **how)
    consent(cast, mandate_id)
    with acting(ByNobody()) as work:
        row = work.session.get_one(Mandate, mandate_id)
        row.contact = contact
        row.phone_key = phone_key(work.vault, contact["phone"]) if contact and "phone" in contact else None
    accept(cast, mandate_id)
    accept(cast, mandate_id)  # once, however often it is pressed
    return mandate_id


def send(
    cast: Cast, mandate_id: UUID, channel: Any = Channel.SMS, to: Any = TYPED, who: str = "aline", at: Any = NOW
) -> None:
    with act(cast, who, at) as work:
        receipts.send_receipt(work, mandate_id, channel, to)


class TestAtTheAcceptance:
    def test_by_sms(self, cast: Cast) -> None:
        mandate_id = given(cast, draft(cast), {"phone": PHONE})
        (sms,) = written(mandate_id)
        assert (sms.channel, sms.template, sms.address) == (Channel.SMS, "mandate-receipt-sms", PHONE)
        text = sms.content["text"]
        assert text.startswith(f"{GUISE}. Votre accord est enregistré.")
        assert text.endswith(" ou répondez STOP")
        assert is_gsm(text)
        assert parts(text) <= 2
        token = next(word for word in text.split() if "/mandat/" in word).rpartition("/")[2]
        with reading(ByNobody()) as work:
            assert read_link(work.vault, token, NOW) == mandate_id

    def test_by_mail(self, cast: Cast) -> None:
        mandate_id = given(cast, draft(cast), {"email": "samira@exemple.fr"})
        (mail,) = written(mandate_id)
        assert (mail.channel, mail.template, mail.address) == (
            Channel.MAIL, "mandate-receipt-mail", "samira@exemple.fr",
        )  # fmt: skip
        assert mail.content["subject"] == "Votre accord est enregistré"
        for part in ("text", "html"):
            assert "http://127.0.0.1:8080/mandat/" in mail.content[part]
            for private in ("Samira", "Kaddour", "APL", "Logement", "CAF"):
                assert private not in mail.content[part].replace("samira@", "")

    def test_to_nobody_who_did_not_ask(self, cast: Cast) -> None:
        """The phone of the case is not the person's wish."""
        assert written(given(cast, draft(cast), None)) == []

    def test_a_wider_mandate_is_told_where_the_first_one_was(self, cast: Cast) -> None:
        case_id = draft(cast)
        first = given(cast, case_id, {"phone": PHONE})
        second = given(cast, case_id, None, more=("msa",))
        assert mandate_row(second).amends_id == first
        assert [one.address for one in written(second)] == [PHONE]
        assert mandate_row(second).phone_key == mandate_row(first).phone_key
        third = given(cast, case_id, {"email": "samira@exemple.fr"})
        assert [one.channel for one in written(third)] == [Channel.MAIL]


class TestWhenAsked:
    def test_it_is_sent_and_the_place_is_kept(self, cast: Cast) -> None:
        mandate_id = active(cast)
        send(cast, mandate_id)
        send(cast, mandate_id, Channel.MAIL, " samira@exemple.fr ", who="adam")
        assert [(one.channel, one.address) for one in written(mandate_id)] == [
            (Channel.SMS, PHONE), (Channel.MAIL, "samira@exemple.fr"),
        ]  # fmt: skip
        row = mandate_row(mandate_id)
        assert row.contact == {"phone": PHONE, "email": "samira@exemple.fr"}
        with reading(ByNobody()) as work:
            assert row.phone_key == phone_key(work.vault, PHONE)
            said = work.session.scalars(
                select(JournalEntry).where(col(JournalEntry.action) == "mandate.receipt")
            )
            assert [one.details["channel"] for one in said] == ["sms", "mail"]

    def test_another_phone_than_the_known_one_says_no_stop(self, cast: Cast) -> None:
        mandate_id = active(cast)
        send(cast, mandate_id)
        send(cast, mandate_id, to="06 12 34 56 79")
        first, second = (one.content["text"] for one in written(mandate_id))
        assert "STOP" in first
        assert "STOP" not in second

    def test_one_that_could_not_be_delivered_is_said(self, cast: Cast) -> None:
        mandate_id = active(cast)
        send(cast, mandate_id)
        with acting(ByNobody()) as work:
            work.session.execute(update(Outgoing).values(status=OutgoingStatus.FAILED, fault="bad_number"))
        with see(cast, "aline") as work:
            assert receipts.undelivered(work, mandate_id) == PHONE
        send(cast, mandate_id, to="06 12 34 56 79")
        with see(cast, "aline") as work:
            assert receipts.undelivered(work, mandate_id) == ""
        with pytest.raises(NotFound), see(cast, "colette") as work:
            receipts.undelivered(work, mandate_id)

    def test_three_an_hour_for_a_phone_whatever_the_mandates(self, cast: Cast) -> None:
        for minutes in range(3):
            send(cast, active(cast), at=NOW + timedelta(minutes=minutes))
        other = active(cast)
        with pytest.raises(Invalid, match="vers ce numéro"):
            send(cast, other, at=NOW + timedelta(minutes=5))
        send(cast, other, to="06 12 34 56 79", at=NOW + timedelta(minutes=5))
        with pytest.raises(Invalid, match="vers ce numéro"):  # though this mandate is now known by another
            send(cast, other, at=NOW + timedelta(minutes=6))
        send(cast, active(cast), at=NOW + timedelta(minutes=61))

    def test_three_an_hour(self, cast: Cast) -> None:
        mandate_id = active(cast)
        for minutes in range(3):
            send(cast, mandate_id, at=NOW + timedelta(minutes=minutes))
        for channel, to in ((Channel.SMS, TYPED), (Channel.MAIL, "a@exemple.fr")):
            with pytest.raises(Conflict, match="Trois reçus"):
                send(cast, mandate_id, channel, to, at=NOW + HOUR - timedelta(seconds=1))
        send(cast, mandate_id, at=NOW + HOUR)
        assert len(written(mandate_id)) == 4

    @pytest.mark.parametrize(
        ("channel", "to", "field"),
        [
            (Channel.SMS, "", "phone"), (Channel.SMS, "03 23 00 00 00", "phone"), (Channel.SMS, 7, "phone"),
            (Channel.SMS, "+49 151 23456789", "phone"), (Channel.MAIL, "", "email"),
            (Channel.MAIL, None, "email"), (Channel.MAIL, "samira@exemple", "email"),
            (Channel.MAIL, "a@b.fr\nBcc: x@y.fr", "email"), (Channel.MAIL, "a b@exemple.fr", "email"),
            (Channel.MAIL, f"{'a' * 60}@{'b' * 63}.{'c' * 200}.fr", "email"),
            (Channel.MAIL, "a@exemple..fr", "email"), ("sms", TYPED, "channel"), ("pigeon", "x", "channel"),
        ],
    )  # fmt: skip
    def test_what_cannot_be_written_to(self, cast: Cast, channel: Any, to: Any, field: str) -> None:
        mandate_id = active(cast)
        with pytest.raises(Invalid) as refused:
            send(cast, mandate_id, channel, to)
        assert set(refused.value.fields) == {field}
        assert written(mandate_id) == []
        assert mandate_row(mandate_id).contact is None

    @pytest.mark.parametrize(
        ("who", "refusal"), [("bruno", Forbidden), ("chloe", NotFound), ("denis", NotFound)]
    )
    def test_only_by_the_structure(self, cast: Cast, who: str, refusal: type[Exception]) -> None:
        mandate_id = active(cast)
        with pytest.raises(refusal):
            send(cast, mandate_id, who=who)
        with pytest.raises(refusal), act(cast, who) as work:
            receipts.print_receipt(work, mandate_id)
        with pytest.raises(refusal), see(cast, who) as work:
            receipts.proposed(work, mandate_id)

    def test_only_while_it_is_in_force(self, cast: Cast) -> None:
        mandate_id = active(cast)
        with pytest.raises(Forbidden):
            send(cast, mandate_id, at=mandate_row(mandate_id).expires_at)
        revoke(cast, mandate_id)
        with pytest.raises(Forbidden):
            send(cast, mandate_id)
        with pytest.raises(Forbidden), act(cast, "aline") as work:
            receipts.print_receipt(work, mandate_id)

    def test_on_paper(self, cast: Cast) -> None:
        mandate_id = active(cast)
        with act(cast, "aline") as work:
            paper = receipts.print_receipt(work, mandate_id)
        assert (paper.structure, paper.organizations, paper.theme) == (GUISE, ("CAF",), "Logement")
        with reading(ByNobody()) as work:
            assert read_link(work.vault, paper.link.rpartition("/")[2], NOW) == mandate_id

    def test_what_is_proposed(self, cast: Cast) -> None:
        mandate_id = active(cast)
        with see(cast, "aline") as work:
            assert receipts.proposed(work, mandate_id) == PHONE  # the mobile of the case, to be asked about
        send(cast, mandate_id, Channel.MAIL, "samira@exemple.fr")
        with see(cast, "aline") as work:
            assert receipts.proposed(work, mandate_id) == "samira@exemple.fr"


def test_a_long_name_leaves_room_for_the_link() -> None:
    link = "https://administration-plus.exemple.gouv.fr/mandat/" + "x" * 48
    text = receipt_sms("Maison France Services de " + "Saint-Germain " * 9, link, may_answer=True)
    assert link in text.split()
    assert len(text) <= 2 * 153
