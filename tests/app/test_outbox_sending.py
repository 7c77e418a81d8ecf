"""The outbox leaves: once on a clean run, again after a fault or a kill, never a word of it in the log."""

from __future__ import annotations

import logging
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from app import events, outbox, outbox_sending
from app.work import ByNobody, Database, acting, reading
from models.enums import Channel, OutgoingStatus
from models.outbox import Outgoing
from tests.app.configured import Configure, configured
from tests.app.sms.providers import KEY, Provider, provider
from tests.app.smtp_server import Post, certificate, smtp
from tests.conftest import Cast

pytestmark = pytest.mark.every_engine

__all__ = ["configured"]

PHONE, TEXT = "+33612345678", "Votre accord est annulé."
MINUTE = timedelta(minutes=1)


@pytest.fixture
def brevo(configured: Configure) -> Iterator[Provider]:
    with provider() as server:
        configured(
            sms_provider="brevo",
            sms_url=server.url.replace("/1.0", "/v3"),
            sms_key=KEY,
            sms_sender="33700000000",
        )
        yield server


@pytest.fixture
def post(configured: Configure) -> Iterator[Post]:
    with smtp() as server:
        configured(
            smtp_host="127.0.0.1", smtp_port=server.port, smtp_security="none", mail_from="A+ <plus@exemple.fr>"
        )
        yield server


def put(key: str = "1", to: str = PHONE, template: str = "mandate-stopped") -> UUID:
    with acting(ByNobody()) as work:
        return outbox.put(work, Channel.SMS, template, to, TEXT, dedupe_key=key)


def write(key: str = "1", to: str = "samira@exemple.fr", html: str = "") -> UUID:
    with acting(ByNobody()) as work:
        return outbox.put(
            work, Channel.MAIL, "mandate.receipt", to, "Bonjour, ça y est.", dedupe_key=key,
            subject="Votre reçu é", html=html,
        )  # fmt: skip


def row(id_: UUID) -> Outgoing:
    with reading(ByNobody()) as work:
        return work.session.get_one(Outgoing, id_)


@pytest.mark.usefixtures("database", "clock")
class TestSms:
    def test_leaves_once(self, brevo: Provider) -> None:
        id_ = put()
        heard: list[events.Signal] = []
        stop = events.listen(heard.append)
        assert [outbox_sending.run(), outbox_sending.run()] == ["1 sent", "0 sent"]
        stop()
        assert [body["content"] for body in brevo.sent] == [TEXT]
        sent = row(id_)
        assert (sent.status, sent.tries, sent.fault) == (OutgoingStatus.SENT, 1, "")
        assert (sent.provider, sent.provider_ref) == ("brevo", "1511882900176220")
        assert heard == [events.OutboxChanged(is_waiting=False)]

    def test_is_tried_again_less_and_less_then_given_up(
        self, brevo: Provider, clock: time_machine.Traveller
    ) -> None:
        id_, waits = put(), []
        brevo.failing = 500
        while row(id_).status is OutgoingStatus.WAITING:
            outbox_sending.run()
            asked = len(brevo.asked)
            if row(id_).status is OutgoingStatus.WAITING:
                with reading(ByNobody()) as work:
                    wait = row(id_).next_at - work.now
                waits.append(int(wait / MINUTE))
                clock.shift(wait - timedelta(seconds=1))
                outbox_sending.run()
                assert len(brevo.asked) == asked, "before its time"
                clock.shift(1)
        assert waits == [1, 5, 15, 60, 60, 60, 60, 60, 60]
        given_up = row(id_)
        assert (given_up.status, given_up.tries, given_up.fault) == (OutgoingStatus.FAILED, 10, "provider")

    def test_leaves_when_the_provider_is_back(self, brevo: Provider, clock: time_machine.Traveller) -> None:
        id_ = put()
        brevo.failing = 503
        outbox_sending.run()
        brevo.failing = 0
        clock.shift(MINUTE)
        assert outbox_sending.run() == "1 sent"
        assert (row(id_).tries, row(id_).fault) == (2, "")

    def test_a_bad_number_is_given_up_at_once(self, brevo: Provider) -> None:
        brevo.invalid = {"33600000000"}
        bad, good = put("1", "+33600000000"), put("2")
        assert outbox_sending.run() == "1 sent, 1 not"
        assert (row(bad).status, row(bad).fault) == (OutgoingStatus.FAILED, "bad_number")
        assert row(good).status is OutgoingStatus.SENT

    def test_who_was_killed_while_sending_is_followed(
        self, brevo: Provider, clock: time_machine.Traveller
    ) -> None:
        id_ = put()
        assert [one.id for one in outbox_sending._take(Channel.SMS)] == [id_]  # and nothing more: killed here
        assert outbox_sending.run() == "0 sent"
        clock.shift(outbox_sending.TAKEN_FOR)
        assert outbox_sending.run() == "1 sent"

    def test_a_code_is_not_sent_when_it_is_worth_nothing(
        self, brevo: Provider, clock: time_machine.Traveller
    ) -> None:
        id_ = put(template="mandate-code")
        clock.shift(11 * MINUTE)
        outbox_sending.run()
        assert (row(id_).status, row(id_).fault) == (OutgoingStatus.FAILED, "too_late")
        assert brevo.sent == []

    def test_nothing_of_it_is_in_the_log(self, brevo: Provider, caplog: pytest.LogCaptureFixture) -> None:
        caplog.set_level(logging.DEBUG, logger="app")
        brevo.invalid = {"33600000000"}
        for key, to in (("1", PHONE), ("2", "+33600000000")):
            put(key, to)
        outbox_sending.run()
        brevo.nonsense = True
        put("3")
        outbox_sending.run()
        said = "\n".join(one.getMessage() for one in caplog.records if one.name.startswith("app"))
        assert said
        assert not any(word in said for word in ("6123", "6000", "annul"))

    def test_without_a_provider_it_waits_and_uses_up_no_try(self, configured: Configure) -> None:
        id_ = put()
        letter = write("2")
        configured()
        assert outbox_sending.run() == "0 sent"
        assert (row(id_).tries, row(letter).tries) == (0, 0)

    def test_in_the_demonstration_nothing_leaves(self, configured: Configure) -> None:
        with provider() as server, smtp() as mailbox:
            configured(
                demo="true",
                sms_provider="brevo",
                sms_url=server.url,
                smtp_host="127.0.0.1",
                smtp_port=mailbox.port,
            )
            both = [put(), write("2")]
            assert outbox_sending.run() == "2 sent"
            assert (server.asked, mailbox.taken) == ([], [])
        assert [(row(id_).status, row(id_).provider) for id_ in both] == [(OutgoingStatus.SENT, "console")] * 2

    def test_what_is_kept_is_what_leaves(self, brevo: Provider) -> None:
        with acting(ByNobody()) as work:
            id_ = outbox.put(work, Channel.SMS, "x", PHONE, "Ça\u00a0: l’œuvre", dedupe_key="9")
        outbox_sending.run()
        assert row(id_).content["text"] == brevo.sent[0]["content"] == "Ça : l'oeuvre"


@pytest.mark.usefixtures("database", "clock")
class TestMail:
    def test_leaves_as_text(self, post: Post) -> None:
        id_ = write()
        assert outbox_sending.run() == "1 sent"
        (message,) = post.taken
        assert (message["From"], message["To"], message["Subject"]) == (
            "A+ <plus@exemple.fr>", "samira@exemple.fr", "Votre reçu é",
        )  # fmt: skip
        assert message.get_content_type() == "text/plain"
        assert message.get_content().strip() == "Bonjour, ça y est."
        assert message["Message-ID"] == f"<{id_.hex}@exemple.fr>"
        assert message["Auto-Submitted"] == "auto-generated"
        assert row(id_).provider == "smtp"

    def test_leaves_in_both_forms(self, post: Post) -> None:
        write(html="<p>Bonjour, <strong>ça y est</strong>.</p>")
        outbox_sending.run()
        text, html = post.taken[0].get_body(("plain",)), post.taken[0].get_body(("html",))
        assert text is not None
        assert html is not None
        assert "ça y est." in text.get_content()
        assert "<strong>ça y est</strong>" in html.get_content()

    @pytest.mark.parametrize("to", ["nobody@exemple.fr", "a@exemple.fr\nBcc: b@exemple.fr"])
    def test_an_address_that_is_none(self, post: Post, to: str) -> None:
        post.refused = {"nobody@exemple.fr"}
        id_ = write(to=to)
        outbox_sending.run()
        assert (row(id_).status, row(id_).fault) == (OutgoingStatus.FAILED, "bad_address")
        assert post.taken == []

    def test_greylisted(self, post: Post, clock: time_machine.Traveller) -> None:
        post.busy = {"samira@exemple.fr"}
        id_ = write()
        outbox_sending.run()
        assert (row(id_).status, row(id_).fault) == (OutgoingStatus.WAITING, "rejected")
        post.busy = set()
        clock.shift(MINUTE)
        assert outbox_sending.run() == "1 sent"

    def test_nobody_answers(self, configured: Configure) -> None:
        configured(smtp_host="127.0.0.1", smtp_port=9, smtp_security="none", mail_from="a@exemple.fr")
        id_ = write()
        outbox_sending.run()
        assert (row(id_).status, row(id_).fault) == (OutgoingStatus.WAITING, "unreachable")


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.usefixtures("database")
class TestProtectedLine:
    @pytest.mark.parametrize("security", ["starttls", "tls"])
    @pytest.mark.parametrize("is_known", [True, False])
    def test_only_to_who_is_vouched_for(
        self,
        configured: Configure,
        monkeypatch: pytest.MonkeyPatch,
        tmp_path: Path,
        security: str,
        is_known: bool,
    ) -> None:
        files = certificate(tmp_path)
        if is_known:
            monkeypatch.setenv("SSL_CERT_FILE", str(files[0]))
        with smtp(files, tls_at_once=security == "tls") as post:
            post.password = "secret"
            configured(
                smtp_host="127.0.0.1", smtp_port=post.port, smtp_security=security, smtp_user="plus",
                smtp_password="secret", mail_from="plus@exemple.fr",
            )  # fmt: skip
            id_ = write()
            outbox_sending.run()
            assert post.over_tls == [True] * is_known
            assert post.signed_in == ["plus"] * is_known
        assert row(id_).fault == ("" if is_known else "unreachable")

    def test_a_wrong_password(self, configured: Configure) -> None:
        with smtp() as post:
            post.password = "another"
            configured(
                smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none", smtp_user="plus",
                smtp_password="secret", mail_from="plus@exemple.fr",
            )  # fmt: skip
            id_ = write()
            outbox_sending.run()
        assert row(id_).fault == "access"


def test_several_at_once_send_each_message_once(committed: Database, brevo: Provider) -> None:
    with acting(ByNobody()) as work:
        for number in range(12):
            outbox.put(work, Channel.SMS, "x", PHONE, f"Numéro {number}", dedupe_key=str(number))
    threads = [threading.Thread(target=outbox_sending.run) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)
    assert sorted(body["content"] for body in brevo.sent) == sorted(f"Numéro {number}" for number in range(12))
    with reading(ByNobody()) as work:
        assert set(work.session.scalars(select(col(Outgoing.status)))) == {OutgoingStatus.SENT}


_SEND_AND_HANG = """
from app import outbox_sending, work
from app.config import settings
from models.enums import Channel
work.connect(settings())
taken = outbox_sending._take(Channel.SMS)
outbox_sending._by_sms(taken[0])
print("sent", flush=True)
time.sleep(60)
"""


def test_kill_9_between_sending_and_marking_sends_again(
    committed: Database, brevo: Provider, monkeypatch: pytest.MonkeyPatch, cast: Cast
) -> None:
    id_ = put()
    monkeypatch.setenv("APLUS_DATABASE_URL", committed.engine.url.render_as_string(hide_password=False))
    with subprocess.Popen([sys.executable, "-c", _SEND_AND_HANG], stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "sent\n"
        process.kill()
    assert process.returncode == -signal.SIGKILL
    assert outbox_sending.run() == "0 sent"
    with acting(ByNobody()) as work:
        work.session.get_one(Outgoing, id_).next_at = work.now - MINUTE
    assert outbox_sending.run() == "1 sent"
    assert len(brevo.sent) == 2
    assert row(id_).status is OutgoingStatus.SENT
