"""OVHcloud and Brevo as they are spoken to: requests, signatures, answers, faults; on a server of loopback."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest

from app import sms
from app.config import settings
from app.sms import ovh
from app.sms.brevo import Brevo
from app.sms.driver import Callback, Driver, Forged, Malformed, Refused, Unavailable
from app.sms.ovh import Ovh
from tests.app.sms.providers import (
    ACCOUNT,
    AHEAD,
    CONSUMER,
    KEY,
    SECRET,
    Provider,
    brevo_event,
    ovh_sms,
    provider,
)

PHONE, SINCE = "+33612345678", datetime(2026, 11, 22, tzinfo=UTC)


@pytest.fixture
def server() -> Iterator[Provider]:
    with provider() as said:
        said.clock = int(time.time()) + AHEAD
        ovh._clocks.clear()
        yield said


def ovh_at(server: Provider, sender: str = "", secret: str = SECRET) -> Ovh:
    return Ovh(server.url, ACCOUNT, sender, KEY, secret, CONSUMER)


def brevo_at(server: Provider, token: str = "jeton") -> Brevo:
    return Brevo(server.url.replace("/1.0", "/v3"), KEY, "33700000000", token)


def drivers(server: Provider) -> tuple[Driver, Driver]:
    return ovh_at(server), brevo_at(server)


class TestOvh:
    def test_a_text_is_sent_by_the_clock_of_theirs(self, server: Provider) -> None:
        assert ovh_at(server).send(PHONE, "Répondez OUI ou NON.", "a1b2") == "26929925"
        (body,) = server.sent
        assert body["message"] == "Répondez OUI ou NON."
        assert (body["receivers"], body["noStopClause"], body["tag"]) == ([PHONE], True, "a1b2")
        assert body["senderForResponse"] is True
        assert "sender" not in body

    def test_a_sender_of_one_s_own(self, server: Provider) -> None:
        ovh_at(server, sender="+33700000000").send(PHONE, "Oui ?", "a")
        assert server.sent[0]["sender"] == "+33700000000"
        assert "senderForResponse" not in server.sent[0]

    def test_the_clock_is_asked_once(self, server: Provider) -> None:
        for _ in range(2):
            ovh_at(server).send(PHONE, "Oui ?", "a")
        assert [path for method, path, _ in server.asked if method == "GET"] == ["/1.0/auth/time"]

    def test_a_wrong_secret_is_tried_again_later(self, server: Provider) -> None:
        with pytest.raises(Unavailable, match="access"):
            ovh_at(server, secret="another").send(PHONE, "Oui ?", "a")

    def test_an_incoming_sms_is_fetched(self, server: Provider) -> None:
        server.incoming[7] = ovh_sms(7, "Oui merci", "0033612345678", "2026-11-23T10:31:00+01:00")
        for callback in (
            Callback({"id": "7"}, {}),
            Callback({}, {"id": 7, "message": "NON", "sender": "forged"}),
        ):
            found = ovh_at(server).received(callback)
            assert found is not None
            assert (found.ref, found.sender, found.text) == ("7", PHONE, "Oui merci")
            assert found.at == datetime(2026, 11, 23, 9, 31, tzinfo=UTC)

    def test_an_instant_without_a_zone_is_of_paris(self, server: Provider) -> None:
        server.incoming[7] = ovh_sms(7, "Oui", at="2026-11-23T10:31:00")
        found = ovh_at(server).received(Callback({"id": "7"}, {}))
        assert found is not None
        assert found.at.astimezone(UTC).hour == 9

    @pytest.mark.parametrize("given", ["", " ", "8", "../jobs", "7/../7", "٧", "7" * 30, "-7"])
    def test_what_the_account_does_not_know_is_not_believed(self, server: Provider, given: str) -> None:
        server.incoming[7] = ovh_sms(7, "Oui")
        with pytest.raises(Malformed):
            ovh_at(server).received(Callback({"id": given, "message": "Oui", "sender": PHONE}, {}))

    def test_a_lost_callback_is_made_up_for(self, server: Provider) -> None:
        server.incoming |= {7: ovh_sms(7, "Oui"), 8: ovh_sms(8, "Non")}
        assert [one.ref for one in ovh_at(server).recent(SINCE, frozenset({"7"}))] == ["8"]

    def test_what_cannot_be_read_hides_nothing(self, server: Provider) -> None:
        """An advertiser's name instead of a number, a date that is none."""
        server.incoming |= {
            6: ovh_sms(6, "x") | {"sender": "PROMO"},
            7: ovh_sms(7, "x") | {"creationDatetime": ""},
        }
        server.incoming[8] = ovh_sms(8, "Stop")
        assert [one.ref for one in ovh_at(server).recent(SINCE, frozenset())] == ["8"]


class TestBrevo:
    def test_a_text_is_sent(self, server: Provider) -> None:
        assert brevo_at(server).send(PHONE, "Répondez OUI.", "a1b2") == "1511882900176220"
        assert server.sent == [
            {
                "sender": "33700000000", "recipient": "33612345678", "content": "Répondez OUI.",
                "type": "transactional", "tag": "a1b2", "unicodeEnabled": False,
            }
        ]  # fmt: skip

    @pytest.mark.parametrize(
        "at", [{"date": "2026-11-23T09:31:00Z"}, {"date": "2026-11-23 09:31:00"}, {"ts_event": 1795426260}]
    )
    def test_an_answer_is_read(self, server: Provider, at: dict[str, object]) -> None:
        fields = {"msg_status": "replied", "to": "33612345678", "messageId": 15, "reply": "Oui", **at}
        found = brevo_at(server).received(Callback({}, fields, bearer="jeton"))
        assert found is not None
        assert (found.sender, found.text) == (PHONE, "Oui")
        assert found.at == datetime(2026, 11, 23, 9, 31, tzinfo=UTC)
        assert found.ref.startswith("15:")
        assert len(found.ref) <= 80

    def test_two_answers_to_one_sms_are_two(self, server: Provider) -> None:
        refs = set()
        for text in ("Oui", "Stop", "Oui"):
            found = brevo_at(server).received(Callback({"token": "jeton"}, brevo_event(text)))
            assert found is not None
            refs.add(found.ref)
        assert len(refs) == 2

    def test_a_delivery_is_no_answer(self, server: Provider) -> None:
        assert (
            brevo_at(server).received(Callback({"token": "jeton"}, {"msg_status": "delivered", "messageId": 1}))
            is None
        )

    @pytest.mark.parametrize("callback", [
        Callback({}, brevo_event("Oui")), Callback({"token": "Jeton"}, brevo_event("Oui")),
        Callback({}, brevo_event("Oui"), bearer="jetons"), Callback({"token": ""}, brevo_event("Oui")),
        Callback({"token": "é"}, brevo_event("Oui")),
    ])  # fmt: skip
    def test_without_its_token_it_is_forged(self, server: Provider, callback: Callback) -> None:
        with pytest.raises(Forged):
            brevo_at(server).received(callback)

    def test_without_a_token_of_ours_nothing_is_believed(self, server: Provider) -> None:
        with pytest.raises(Forged):
            brevo_at(server, token="").received(Callback({"token": ""}, brevo_event("Oui")))

    @pytest.mark.parametrize("fields", [
        {"messageId": ""}, {"messageId": None}, {"messageId": " "}, {"phoneNumber": ""}, {"date": "hier"},
        {"date": None}, {"messageId": "x" * 41}, {"phoneNumber": "Brevo"},
    ])  # fmt: skip
    def test_an_answer_without_what_it_needs(self, server: Provider, fields: dict[str, object]) -> None:
        with pytest.raises(Malformed):
            brevo_at(server).received(Callback({"token": "jeton"}, brevo_event("Oui") | fields))

    def test_a_lost_callback_is_made_up_for(self, server: Provider) -> None:
        server.events = [brevo_event("Oui"), brevo_event("Non"), {**brevo_event("x"), "event": "delivered"}]
        server.events.append(brevo_event("Vieux", at="2026-11-20T09:31:00Z"))
        told = brevo_at(server).received(Callback({"token": "jeton"}, brevo_event("Oui")))
        assert told is not None
        found = brevo_at(server).recent(SINCE, frozenset({told.ref}))
        assert [one.text for one in found] == ["Non"]

    def test_what_cannot_be_read_hides_nothing(self, server: Provider) -> None:
        server.events = [brevo_event("x") | {"phoneNumber": "Brevo"}, brevo_event("Stop")]
        assert [one.text for one in brevo_at(server).recent(SINCE, frozenset())] == ["Stop"]


def test_a_number_that_is_none_is_refused_for_good(server: Provider) -> None:
    server.invalid = {"+33600000000", "33600000000"}
    for driver in drivers(server):
        with pytest.raises(Refused, match="bad_number"):
            driver.send("+33600000000", "Oui ?", "a")


@pytest.mark.parametrize(
    ("status", "fault"),
    [(401, "access"), (403, "access"), (402, "no_credit"), (429, "provider"), (500, "provider"),
     (503, "provider"), (302, "provider"), (400, "rejected"), (404, "rejected")],
)  # fmt: skip
def test_other_faults_are_tried_again(server: Provider, status: int, fault: str) -> None:
    for driver in drivers(server):
        if isinstance(driver, Ovh):
            driver._ahead()
    server.failing = status
    for driver in drivers(server):
        with pytest.raises(Unavailable, match=fault):
            driver.send(PHONE, "Oui ?", "a")


def test_nonsense_and_silence_are_tried_again(server: Provider) -> None:
    server.nonsense = True
    for driver in drivers(server):
        with pytest.raises(Unavailable, match="unreadable"):
            driver.send(PHONE, "Oui ?", "a")
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        nowhere = f"http://127.0.0.1:{probe.getsockname()[1]}"
    for driver in (Ovh(nowhere, ACCOUNT, "", KEY, SECRET, CONSUMER), Brevo(nowhere, KEY, "", "t")):
        with pytest.raises(Unavailable, match="unreachable"):
            driver.send(PHONE, "Oui ?", "a")


def test_who_carries_sms(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for provider_, demo in (("", "true"), ("ovh", "true"), ("", "false"), ("ovh", "false"), ("brevo", "false")):
        monkeypatch.setenv("APLUS_SMS_PROVIDER", provider_)
        monkeypatch.setenv("APLUS_DEMO", demo)
        settings.cache_clear()
        driver = sms.driver()
        found[provider_, demo] = (driver.name if driver else None, sms.is_available())
    monkeypatch.undo()
    settings.cache_clear()
    assert found == {
        ("", "true"): ("console", True), ("ovh", "true"): ("console", True),
        ("", "false"): (None, False), ("ovh", "false"): ("ovh", True), ("brevo", "false"): ("brevo", True),
    }  # fmt: skip
