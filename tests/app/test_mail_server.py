"""E-mails against a real SMTP server that fails as servers do: at least once, once on a clean run."""

from __future__ import annotations

import signal
import subprocess
import sys
import threading
import time
from collections import Counter
from datetime import timedelta
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from app import outbox, outbox_sending
from app.work import ByAccount, ByNobody, Database, acting, reading
from models.enums import Channel, OutgoingStatus
from models.outbox import Outgoing
from tests.app.configured import Configure, configured
from tests.app.smtp_server import Post, free_port, smtp
from tests.conftest import Cast

pytestmark = pytest.mark.every_engine
__all__ = ["configured"]
MINUTE = timedelta(minutes=1)
SENT, WAITING, FAILED = OutgoingStatus.SENT, OutgoingStatus.WAITING, OutgoingStatus.FAILED


def write(*names: str) -> list[UUID]:
    """Write an e-mail to each of these people."""
    with acting(ByNobody()) as work:
        return [
            outbox.put(
                work, Channel.MAIL, "notices", f"{name}@exemple.fr", "Bonjour.", dedupe_key=name,
                subject="Du nouveau",
            )
            for name in names
        ]  # fmt: skip


def states() -> list[OutgoingStatus]:
    with reading(ByNobody()) as work:
        return list(work.session.scalars(select(col(Outgoing.status)).order_by(col(Outgoing.id))))


def through(configured: Configure, port: int) -> None:
    configured(smtp_host="127.0.0.1", smtp_port=port, smtp_security="none", mail_from="A+ <plus@exemple.fr>")


def each_once(post: Post, *names: str) -> bool:
    return Counter(post.recipients) == Counter(f"{name}@exemple.fr" for name in names)


@pytest.mark.usefixtures("database")
def test_a_server_that_is_down_for_an_hour(configured: Configure, clock: time_machine.Traveller) -> None:
    port = free_port()
    through(configured, port)
    write("aline", "bruno", "chloe")
    for _ in range(12):  # every five minutes for an hour
        outbox_sending.run()
        clock.shift(5 * MINUTE)
    assert states() == [WAITING] * 3
    with smtp(port=port) as post:
        for _ in range(13):  # at the latest an hour after the last try
            outbox_sending.run()
            clock.shift(5 * MINUTE)
        assert each_once(post, "aline", "bruno", "chloe")
    assert states() == [SENT] * 3


@pytest.mark.usefixtures("database", "clock")
def test_a_refused_address_hinders_no_other(configured: Configure) -> None:
    with smtp() as post:
        through(configured, post.port)
        post.refused = {"nobody@exemple.fr"}
        write("aline", "nobody", "bruno")
        assert outbox_sending.run() == "2 sent, 1 not"
        assert outbox_sending.run() == "0 sent"
        assert each_once(post, "aline", "bruno")
    assert states() == [SENT, FAILED, SENT]


def test_a_slow_server_hinders_nobody(
    configured: Configure, committed: Database, cast: Cast, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While it thinks, the job is over and what people do is kept; then each e-mail has left once."""
    monkeypatch.setattr(outbox_sending, "_PATIENCE", 0.1)
    with smtp() as post:
        through(configured, post.port)
        post.slow = 1.5
        write("aline", "bruno")
        began = time.monotonic()
        assert outbox_sending.run() == "0 sent, mail under way"
        assert post.reached.wait(10)
        with acting(ByAccount(cast.aline)) as work:
            outbox.put(work, Channel.MAIL, "notices", "chloe@exemple.fr", "Bonjour.", dedupe_key="chloe")
        assert outbox_sending.run() == "0 sent, mail under way"
        assert post.taken == [], "all this while the server had not answered yet"
        assert time.monotonic() - began < post.slow
        post.slow = 0
        while outbox_sending._mails.is_busy:
            time.sleep(0.05)
        outbox_sending.run()
        while outbox_sending._mails.is_busy:
            time.sleep(0.05)
        assert each_once(post, "aline", "bruno", "chloe")
    assert states() == [SENT] * 3


def test_several_processes_send_each_once(configured: Configure, committed: Database) -> None:
    names = [f"personne{n}" for n in range(12)]
    with smtp() as post:
        through(configured, post.port)
        write(*names)
        threads = [threading.Thread(target=outbox_sending._send, args=(Channel.MAIL,)) for _ in range(3)]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join(60)
        assert each_once(post, *names)
    assert set(states()) == {SENT}


_SEND = """
from app import outbox_sending, work
from app.config import settings
from models.enums import Channel
work.connect(settings())
outbox_sending._send(Channel.MAIL)
"""


def test_killed_in_the_middle_of_a_message_it_is_sent_again(
    configured: Configure, committed: Database, monkeypatch: pytest.MonkeyPatch, cast: Cast
) -> None:
    with smtp() as post:
        through(configured, post.port)
        post.slow = 3
        write("aline")
        monkeypatch.setenv("APLUS_DATABASE_URL", committed.engine.url.render_as_string(hide_password=False))
        with subprocess.Popen([sys.executable, "-c", _SEND]) as process:
            assert post.reached.wait(60)
            process.kill()
        assert process.returncode == -signal.SIGKILL
        while not post.taken:  # the server has it; nobody has noted so
            time.sleep(0.05)
        post.slow = 0
        assert outbox_sending.run() == "0 sent", "it is held for who was killed"
        with acting(ByNobody()) as work:
            row = work.session.scalars(select(Outgoing)).one()
            assert (row.status, row.tries, row.fault) == (WAITING, 1, "")
            assert row.next_at - work.now <= outbox_sending.TAKEN_FOR
            row.next_at = work.now - MINUTE
        assert outbox_sending.run() == "1 sent"
        assert len({one["Message-ID"] for one in post.taken}) == 1, "twice the same one, for who reads mail"
        assert len(post.taken) == 2
    assert states() == [SENT]
