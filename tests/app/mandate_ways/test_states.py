"""What may be done to a mandate in each of its states, in each way; and by nobody of another structure."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app import mandates
from app.errors import Conflict, NotFound, Refusal
from app.mandate_steps import Giver
from app.mandate_ways import WAYS, offered
from app.mandate_ways.witness import check_spoken
from app.proof_words import STRENGTH_OF, WAY_OF
from app.queries import mandate_ways
from models.base import new_id
from models.enums import MandateStatus, MandateWay, ProofKind
from tests.app.mandate_ways.giving import SPOKEN, ask, code_of, existing, give, page, send, sms, speak
from tests.app.scenes import accept, act, close, consent, draft, mandate_row, present, revoke, row_counts, see
from tests.app.scenes import send as send_case
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
S = MandateStatus
TERM = datetime(2027, 5, 23, 8, 30, tzinfo=UTC)
# Each way, from what it does first to the consent that it gives.
GIVING: dict[str, Callable[[Cast, UUID, str, datetime], object]] = {
    "send a code": lambda c, m, who, at: send(c, m, who=who, at=at),
    "give a code": lambda c, m, who, at: give(c, m, "123456", at, who),
    "ask by SMS": lambda c, m, who, at: ask(c, m, who=who, at=at),
    "by word of mouth": lambda c, m, who, at: speak(c, m, who=who, at=at),
    "another way": lambda c, m, who, at: _choose(c, m, who, at),
    "by a document": lambda c, m, who, at: existing(c, m, who, at),
}


def _choose(cast: Cast, mandate_id: UUID, who: str, at: datetime) -> None:
    with act(cast, who, at) as work:
        mandates.choose_way(work, mandate_id, MandateWay.PAPER)


def _give_with_a_code(cast: Cast, mandate_id: UUID) -> None:
    send(cast, mandate_id)
    assert give(cast, mandate_id, code_of(mandate_id)).is_right


GIVEN: dict[MandateWay, Callable[[Cast, UUID], object]] = {
    MandateWay.SMS_CODE: _give_with_a_code,
    MandateWay.VERBAL: speak,
    MandateWay.EXISTING: lambda c, m: existing(c, m),
}


def _refuse(cast: Cast, mandate_id: UUID) -> None:
    with act(cast, "aline") as work:
        mandates.refuse(work, mandate_id)


def _renounce(cast: Cast, mandate_id: UUID) -> None:
    with act(cast, "aline") as work:
        mandates.renounce(work, mandate_id)


def _in_state(cast: Cast, status: MandateStatus) -> tuple[UUID, datetime]:
    """Return a mandate in this state, with a page stored, and when to look at it."""
    case_id = draft(cast)
    mandate_id = present(cast, case_id)
    page(mandate_id)
    if status in (S.CONSENTED, S.ACTIVE, S.REVOKED, S.ENDED):
        consent(cast, mandate_id)
    if status in (S.ACTIVE, S.ENDED):
        accept(cast, mandate_id)
    match status:
        case S.REVOKED:
            revoke(cast, mandate_id)
        case S.REFUSED:
            _refuse(cast, mandate_id)
        case S.RENOUNCED:
            _renounce(cast, mandate_id)
        case S.SUPERSEDED:
            present(cast, case_id)
        case S.ENDED:
            send_case(cast, case_id)
            close(cast, case_id)
    return mandate_id, TERM if status is S.EXPIRED else NOW


REACHED = [one for one in S if one not in (S.DRAFT, S.PRESENTED)]


@pytest.mark.parametrize("status", REACHED)
def test_nothing_is_given_to_what_does_not_wait(cast: Cast, status: MandateStatus) -> None:
    mandate_id, at = _in_state(cast, status)
    before = row_counts()
    for name, giving in GIVING.items():
        with pytest.raises(Conflict, match=status.label):
            giving(cast, mandate_id, "aline", at)
        assert row_counts() == before, name
    assert sms(mandate_id) == []


@pytest.mark.parametrize("way", GIVEN)
def test_each_way_leads_through_every_state(cast: Cast, way: MandateWay) -> None:
    """Consent, then acceptance, revocation, renouncing, replacement: as with a signature on the screen."""

    def given() -> tuple[UUID, UUID]:
        case_id = draft(cast, phone="06 12 34 56 78")
        mandate_id = present(cast, case_id)
        page(mandate_id)
        GIVEN[way](cast, mandate_id)
        row = mandate_row(mandate_id)
        assert (row.status, row.way) == (S.CONSENTED, way)
        with pytest.raises(Conflict, match="Accord donné"):
            consent(cast, mandate_id)
        return case_id, mandate_id

    case_id, accepted = given()
    accept(cast, accepted)
    assert mandate_row(accepted).status is S.ACTIVE
    assert (mandate_row(accepted).confirm_by is not None) is (way is MandateWay.VERBAL)
    send_case(cast, case_id)
    revoke(cast, accepted)
    assert mandate_row(accepted).status is S.REVOKED
    _, renounced = given()
    _renounce(cast, renounced)
    assert mandate_row(renounced).status is S.RENOUNCED
    other_case, replaced = given()
    present(cast, other_case)
    assert mandate_row(replaced).status is S.SUPERSEDED


@pytest.mark.parametrize("who", ["adam", "chloe", "bruno", "denis"])
def test_a_draft_s_is_its_author_s_alone(cast: Cast, who: str) -> None:
    mandate_id = present(cast, draft(cast))
    page(mandate_id)
    before = row_counts()
    for giving in GIVING.values():
        with pytest.raises(NotFound):
            giving(cast, mandate_id, who, NOW)
    for read in (mandate_ways.by_sms, mandate_ways.on_paper):
        with pytest.raises(NotFound), see(cast, who) as work:
            read(work, mandate_id)
    with pytest.raises(NotFound), see(cast, who) as work:
        check_spoken(work, mandate_id, SPOKEN, Giver())
    assert row_counts() == before
    assert sms(mandate_id) == []


@pytest.mark.parametrize(("who", "may"), [("adam", True), ("chloe", False), ("bruno", False), ("denis", False)])
def test_of_a_case_that_was_sent(cast: Cast, who: str, may: bool) -> None:
    """The whole structure handles it; an agent who reads the case may not answer for the person."""
    case_id = draft(cast)
    first = present(cast, case_id)
    consent(cast, first)
    accept(cast, first)
    send_case(cast, case_id)
    mandate_id = present(cast, case_id)
    for name in ("send a code", "ask by SMS"):
        if may:
            GIVING[name](cast, mandate_id, who, NOW)
        else:
            with pytest.raises(Refusal):
                GIVING[name](cast, mandate_id, who, NOW)
    assert len(sms(mandate_id)) == (2 if may else 0)


def test_unknown_and_not_yours_answer_alike(cast: Cast) -> None:
    with pytest.raises(NotFound), act(cast, "aline") as work:
        mandates.refuse(work, new_id())
    with pytest.raises(NotFound), see(cast, "aline") as work:
        mandate_ways.by_sms(work, new_id())


def test_another_way_is_chosen_without_a_new_mandate(cast: Cast) -> None:
    mandate_id = present(cast, draft(cast))
    before = mandate_row(mandate_id).shown_sha256
    for way in MandateWay:
        with act(cast, "aline") as work:
            mandates.choose_way(work, mandate_id, way)
        row = mandate_row(mandate_id)
        assert (row.way, row.status, row.shown_sha256) == (way, S.PRESENTED, before)


def test_each_way_is_offered_with_its_words() -> None:
    assert {one.way for one in WAYS} == set(MandateWay)
    assert {one.way for one in offered()} == set(MandateWay)
    assert offered()[0].way is MandateWay.SCREEN
    assert set(WAY_OF) == set(STRENGTH_OF) == set(ProofKind)
    assert {one.proves.count("\n") for one in WAYS} == {0}


def test_the_ways_by_sms_are_offered_only_where_an_sms_leaves(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.mandate_ways.sms_is_available", lambda: False)
    assert {one.way for one in offered()} == set(MandateWay) - {MandateWay.SMS_CODE, MandateWay.SMS_REPLY}
