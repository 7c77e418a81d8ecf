"""The question asked by SMS: the number it is known by, how often, and that it leaves once each time."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest

from app.errors import Invalid
from app.mandate_steps import Giver
from app.mandate_ways.sms_reply import ask_by_sms
from app.phones import phone_key
from app.queries import mandate_ways
from app.work import Database
from models.enums import Capacity, Channel, MandateWay, OutgoingStatus
from tests.app.mandate_ways.giving import E164, PHONE, ask, code_of, give, send, sms
from tests.app.scenes import act, consent, draft, mandate_row, present, see
from tests.conftest import NOW, Cast
from tests.engines import VAULT

HOUR = timedelta(hours=1)


@pytest.fixture
def shown(database: Database, cast: Cast) -> UUID:
    """Give a mandate that waits for its consent."""
    return present(cast, draft(cast))


def test_what_leaves_and_what_it_is_known_by(cast: Cast, shown: UUID) -> None:
    with act(cast, "aline") as work:
        ask_by_sms(work, shown, PHONE, Giver(Capacity.PARENT, "Nadia Kaddour"))
    (message,) = sms(shown)
    assert (message.channel, message.template, message.address) == (Channel.SMS, "mandate-ask", E164)
    assert message.dedupe_key == f"mandate.ask:{shown}:1"
    row = mandate_row(shown)
    assert (row.way, row.contact) == (
        MandateWay.SMS_REPLY,
        {"phone": E164, "capacity": "parent", "giver": "Nadia Kaddour"},
    )
    assert row.phone_key == phone_key(VAULT, E164)
    with see(cast, "aline") as work:
        state = mandate_ways.by_sms(work, shown)
    assert state.question is not None
    assert (state.question.to, state.question.at, state.question.status) == (E164, NOW, OutgoingStatus.WAITING)
    assert (state.code, state.answers, state.phone) == (None, (), E164)


def test_for_somebody_else_not_without_their_own_name(cast: Cast, shown: UUID) -> None:
    with pytest.raises(Invalid) as refused, act(cast, "aline") as work:
        ask_by_sms(work, shown, PHONE, Giver(Capacity.PARENT))
    assert set(refused.value.fields) == {"giver"}
    assert sms(shown) == []


def test_once_it_is_over_the_question_does_not_leave(cast: Cast, shown: UUID) -> None:
    """Asked, then signed on the screen before the SMS could leave."""
    ask(cast, shown)
    consent(cast, shown)
    (message,) = sms(shown)
    assert (message.status, message.fault) == (OutgoingStatus.FAILED, "over")


def test_again_and_to_another_number(cast: Cast, shown: UUID) -> None:
    ask(cast, shown)
    ask(cast, shown, "06 98 76 54 32")
    assert [one.dedupe_key.rpartition(":")[2] for one in sms(shown)] == ["1", "2"]
    assert mandate_row(shown).phone_key == phone_key(VAULT, "+33698765432")


def test_three_an_hour_codes_and_questions_together(cast: Cast, shown: UUID) -> None:
    ask(cast, shown)
    send(cast, shown)
    ask(cast, shown)
    for again in (ask, send):
        with pytest.raises(Invalid) as refused:
            again(cast, shown)
        assert "phone" in refused.value.fields
    ask(cast, shown, at=NOW + HOUR)


def test_a_question_is_no_code(cast: Cast, shown: UUID) -> None:
    """The row that counts a question opens nothing, and hides no code sent before."""
    ask(cast, shown)
    with pytest.raises(Invalid, match="Envoyez d’abord un code"):
        give(cast, shown, "000000")
    send(cast, shown)
    ask(cast, shown)
    assert give(cast, shown, code_of(shown)).is_right


def test_the_number_of_the_case_is_proposed(cast: Cast, shown: UUID) -> None:
    with see(cast, "aline") as work:
        assert mandate_ways.by_sms(work, shown).phone == PHONE
