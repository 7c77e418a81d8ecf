"""What could not leave: seen by administrators without its words, tried again by hand."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from uuid import UUID

import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from app import outbox, outbox_sending
from app.dead_letters import FAULTS, TEMPLATES, letters, masked, retry, retry_all
from app.errors import Conflict, Forbidden, NotFound
from app.events import OutboxChanged, Signal
from app.work import ByNobody, acting, reading
from models.base import new_id
from models.enums import Channel, OutgoingStatus
from models.journal import JournalEntry
from models.outbox import Outgoing
from tests.app.configured import Configure, configured
from tests.app.scenes import act, see
from tests.app.security.entering import told
from tests.app.smtp_server import smtp
from tests.conftest import NOW, Cast

__all__ = ["configured", "told"]
pytestmark = pytest.mark.usefixtures("database", "clock")
APP = Path(outbox.__file__).parent
S = OutgoingStatus


def stopped(name: str, status: OutgoingStatus, fault: str, tries: int = 10) -> UUID:
    """An e-mail that did not leave."""
    with acting(ByNobody()) as work:
        id_ = outbox.put(
            work, Channel.MAIL, "notices", f"{name}@exemple.fr", "Bonjour Samira.", dedupe_key=name, subject="x"
        )
        row = work.session.get_one(Outgoing, id_)
        row.status, row.fault, row.tries = status, fault, tries
        row.next_at = work.now + timedelta(minutes=5)
    return id_


def row(id_: UUID) -> Outgoing:
    with reading(ByNobody()) as work:
        return work.session.get_one(Outgoing, id_)


def test_what_is_seen(cast: Cast) -> None:
    stopped("bernard", S.FAILED, "bad_address")
    stopped("chantal", S.WAITING, "unreachable", 3)
    stopped("denise", S.WAITING, "", 1)  # being sent
    stopped("emile", S.WAITING, "", 0)
    stopped("fernand", S.FAILED, "over")
    stopped("gaston", S.FAILED, "too_late")
    stopped("henri", S.SENT, "", 1)
    with see(cast, "denis") as work:
        found = letters(work)
    assert {(one.to, one.reason, one.may_retry) for one in found.failed} == {
        ("b…@…fr", FAULTS["bad_address"], True), ("g…@…fr", FAULTS["too_late"], False),
    }  # fmt: skip
    assert {(one.to, one.tries, one.is_leaving, one.may_retry) for one in found.waiting} == {
        ("c…@…fr", 3, False, True), ("d…@…fr", 1, True, False),
    }  # fmt: skip
    assert (found.failed_count, found.waiting_count) == (2, 3)
    assert not any(word in str(found) for word in ("Samira", "bernard", "exemple"))
    assert masked(Channel.SMS, "+33612345678") == "…78"


@pytest.mark.parametrize("who", ["aline", "bruno", "marc", "colette", "olivier"])
def test_nobody_else(cast: Cast, who: str) -> None:
    id_ = stopped("bernard", S.FAILED, "bad_address")
    with see(cast, who) as work, pytest.raises(Forbidden):
        letters(work)
    with act(cast, who) as work, pytest.raises(Forbidden):
        retry(work, id_)
    with act(cast, who) as work, pytest.raises(Forbidden):
        retry_all(work)
    assert row(id_).status is S.FAILED


def test_tried_again_and_it_leaves(
    cast: Cast, configured: Configure, clock: time_machine.Traveller, told: list[Signal]
) -> None:
    with smtp() as post:
        configured(
            smtp_host="127.0.0.1", smtp_port=post.port, smtp_security="none", mail_from="A+ <plus@exemple.fr>"
        )
        post.refused = {"bernard@exemple.fr"}
        id_ = stopped("bernard", S.WAITING, "", 0)
        with acting(ByNobody()) as work:
            work.session.get_one(Outgoing, id_).next_at = NOW
        outbox_sending.run()
        assert (row(id_).status, row(id_).fault) == (S.FAILED, "bad_address")
        post.refused = set()
        with act(cast, "denis") as work:
            retry(work, id_)
        assert OutboxChanged(is_waiting=True) in told
        assert outbox_sending.run() == "1 sent"
        assert post.recipients == ["bernard@exemple.fr"]
    with act(cast, "denis") as work, pytest.raises(Conflict):
        retry(work, id_)
    with act(cast, "denis") as work, pytest.raises(NotFound):
        retry(work, new_id())
    with reading(ByNobody()) as work:
        entries = select(col(JournalEntry.details)).where(col(JournalEntry.action) == "outgoing.retried")
        assert work.session.scalars(entries).all() == [{"outgoing": str(id_)}]


def test_all_again_but_what_is_under_way_or_worth_nothing(cast: Cast) -> None:
    again = [stopped("bernard", S.FAILED, "bad_address"), stopped("chantal", S.WAITING, "unreachable", 3)]
    left = [
        stopped("denise", S.WAITING, "", 1), stopped("fernand", S.FAILED, "over"),
        stopped("gaston", S.FAILED, "too_late"), stopped("henri", S.SENT, "", 1),
    ]  # fmt: skip
    before = [(row(id_).status, row(id_).next_at) for id_ in left]
    with act(cast, "denis") as work:
        assert retry_all(work) == 2
    assert [(row(id_).status, row(id_).tries, row(id_).next_at) for id_ in again] == [(S.WAITING, 0, NOW)] * 2
    assert [(row(id_).status, row(id_).next_at) for id_ in left] == before


def test_every_template_and_every_fault_has_its_words() -> None:
    code = "\n".join(path.read_text() for path in APP.rglob("*.py") if path.name != "dead_letters.py")
    templates = set(re.findall(r"\"(mandate-[a-z-]+|notices(?:-group)?)\"", code))
    assert templates - {"notices"} <= set(TEMPLATES)
    assert set(TEMPLATES) <= templates
    faults = set(re.findall(r"(?:Refused|Unavailable|NotSent|Undeliverable)\(\"(\w+)\"", code))
    senders = {"acts", "locked", "pages"}  # what signs and reads PDFs refuses, not the outbox
    assert faults - senders <= set(FAULTS)
