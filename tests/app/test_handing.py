"""The screen handed over: what its session may still do, and who takes it back; on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import cases, drafts, events, handing, mandates, messages, people, preferences
from app.demo.people import PASSWORD
from app.errors import Conflict, Invalid, NotFound, Refusal, SignedOut
from app.events import SessionEnded, SessionHanded, Signal
from app.handing import (
    CODE_TRIES,
    asked,
    asked_in,
    hand_over,
    take_back_by_code,
    take_back_by_password,
)
from app.mandate_steps import Giver
from app.queries import drafts as found
from app.queries.case import case as read_case
from app.queries.mandates import document
from app.security import sessions
from app.security.throttling import REFUSALS_PER_EMAIL
from app.work import ByNobody, BySession, Database, acting, reading
from models.account import AuthSession
from models.base import new_id
from models.enums import Capacity, MandateStatus
from models.journal import JournalEntry
from models.mandate import MandateProof
from tests.app import scenes
from tests.app.scenes import SIGNATURE
from tests.conftest import NOW, Cast

CODE, ORIGIN = "4821", "192.0.2.7"
pytestmark = pytest.mark.usefixtures("database", "clock")


def session(who: str = "aline") -> UUID:
    """Sign somebody in."""
    return sessions.sign_in(f"{who}@demo.example", PASSWORD, ORIGIN, "tablette").session_id


def give(session_id: UUID, mandate_id: UUID, code: str = CODE) -> None:
    """Hand the screen over."""
    with acting(BySession(session_id)) as work:
        hand_over(work, session_id, mandate_id, code)


def row(session_id: UUID) -> AuthSession:
    """Return a session as stored."""
    with reading(ByNobody()) as work:
        return work.session.get_one(AuthSession, session_id)


@pytest.fixture
def told() -> Iterator[list[Signal]]:
    """What open pages are told."""
    heard: list[Signal] = []
    stop = events.listen(heard.append)
    yield heard
    stop()


@pytest.fixture
def mandate_id(cast: Cast, database: Database) -> UUID:
    """A mandate that waits for Mme Kaddour's answer."""
    return scenes.present(cast, scenes.draft(cast))


def test_the_session_is_bound_and_its_pages_are_told(mandate_id: UUID, told: list[Signal]) -> None:
    here = session()
    give(here, mandate_id)
    kept = row(here)
    assert (kept.handed_mandate_id, kept.handed_tries) == (mandate_id, 0)
    assert kept.handed_code is not None
    assert CODE.encode() not in kept.handed_code
    assert SessionHanded(here, mandate_id) in told
    info = sessions.keep(here)
    assert info is not None
    assert info.handed == mandate_id


def test_from_then_on_it_may_answer_and_nothing_else(cast: Cast, mandate_id: UUID) -> None:
    other, another = scenes.sent_case(cast), scenes.present(cast, scenes.draft(cast))
    here = session()
    before = scenes.mandate_row(mandate_id)
    case_id, shown = before.case_id, before.shown_sha256
    give(here, mandate_id)
    with reading(BySession(here)) as work:
        assert (work.actor.account, work.actor.memberships, work.actor.usager_of) == (
            None,
            frozenset(),
            case_id,
        )
        assert asked(work, mandate_id).holder == "Mme Samira Kaddour"
        for refused in (
            lambda: document(work, mandate_id),
            lambda: read_case(work, other),
            lambda: found.draft(work, case_id),
            lambda: asked(work, another),
            lambda: asked(work, new_id()),
        ):
            with pytest.raises(NotFound):
                refused()
        assert sessions.mine(work) == ()
        assert preferences.mine(work) == preferences.Preferences()
    with acting(BySession(here)) as work:
        for refusing in (
            lambda: mandates.accept(work, mandate_id),
            lambda: mandates.renounce(work, mandate_id),
            lambda: mandates.present(work, case_id),
            lambda: cases.send(work, case_id),
            lambda: messages.post(work, other, "Bonjour.", key=new_id()),
            lambda: preferences.choose_appearance(work, "dark"),
            lambda: sessions.end_all(work, cast.aline),
            lambda: people.deactivate(work, cast.adam),
            lambda: hand_over(work, here, mandate_id, CODE),
        ):
            with pytest.raises(Refusal):
                refusing()
        mandates.sign(work, mandate_id, shown_sha256=shown, giver=Giver(), drawing=SIGNATURE)
    assert scenes.mandate_row(mandate_id).status is MandateStatus.CONSENTED


def test_another_device_of_the_same_account_is_not_affected(cast: Cast, mandate_id: UUID) -> None:
    here, elsewhere = session(), session()
    give(here, mandate_id)
    with reading(BySession(elsewhere)) as work:
        assert work.actor.account == cast.aline
        assert document(work, mandate_id).may_manage


def test_only_one_s_own_session_and_a_mandate_that_waits(cast: Cast, mandate_id: UUID) -> None:
    here, adams, chloes = session(), session("adam"), session("chloe")
    with acting(BySession(here)) as work:
        for other in (adams, new_id()):
            with pytest.raises((NotFound, SignedOut)):
                hand_over(work, other, mandate_id, CODE)
        for code in ("", "482", "48210", "482a", "٤٨٢١"):
            with pytest.raises(Invalid):
                hand_over(work, here, mandate_id, code)
    with pytest.raises(NotFound):
        give(chloes, mandate_id)
    scenes.consent(cast, mandate_id)
    with pytest.raises(Conflict, match="« Accord donné »"):
        give(here, mandate_id)
    assert row(here).handed_mandate_id is None


def test_the_code_gives_the_screen_back(cast: Cast, mandate_id: UUID, told: list[Signal]) -> None:
    here = session()
    give(here, mandate_id)
    take_back_by_code(here, " 48 21 ")
    kept = row(here)
    assert (kept.handed_mandate_id, kept.handed_code, kept.handed_tries) == (None, None, 0)
    assert told[-1] == SessionHanded(here, None)
    with reading(BySession(here)) as work:
        assert work.actor.account == cast.aline
    take_back_by_code(here, "0000")  # it has come back already


def test_a_wrong_code_costs_a_try_and_five_leave_the_password_only(mandate_id: UUID) -> None:
    here = session()
    give(here, mandate_id)
    for left in ("4 essais", "3 essais", "2 essais", "1 essai"):
        with pytest.raises(Invalid, match=f"Encore {left.replace(' ', chr(160))}\\."):
            take_back_by_code(here, "0000")
    for _ in range(2):
        with pytest.raises(Invalid, match="«\u00a0Utiliser mon mot de passe\u00a0»"):
            take_back_by_code(here, "")
    with pytest.raises(Invalid, match="le code ne sert plus"):
        take_back_by_code(here, CODE)
    assert row(here).handed_tries == CODE_TRIES
    take_back_by_password(here, PASSWORD, ORIGIN)
    assert row(here).handed_mandate_id is None


def test_a_code_is_of_its_session(cast: Cast, mandate_id: UUID) -> None:
    here, adams = session(), session("adam")
    give(here, mandate_id, "1111")
    other = scenes.present(cast, scenes.draft(cast, by="adam"), by="adam")
    give(adams, other, "2222")
    with pytest.raises(Invalid):
        take_back_by_code(adams, "1111")
    assert row(here).handed_code != row(adams).handed_code


def test_the_password_is_counted_as_a_sign_in_is_for_this_screen_alone(mandate_id: UUID, clock: object) -> None:
    here = session()
    give(here, mandate_id)
    for wrong in ("", "demonstratio", *["x" * 12] * (REFUSALS_PER_EMAIL - 2)):
        with pytest.raises(Invalid, match="Vérifiez-le"):
            take_back_by_password(here, wrong, ORIGIN)
    with pytest.raises(Invalid, match="attendez un quart d’heure"):
        take_back_by_password(here, PASSWORD, ORIGIN)
    elsewhere = session()  # the aidant may sign in at another desk
    give(elsewhere, mandate_id)
    take_back_by_password(elsewhere, PASSWORD, ORIGIN)
    take_back_by_code(here, CODE)  # the code is not guessed by trying passwords
    assert row(here).handed_mandate_id is None


def test_a_draft_thrown_away_elsewhere_ends_the_session_of_its_screen(
    cast: Cast, mandate_id: UUID, told: list[Signal]
) -> None:
    """It does not open in the usager's hands, and nobody is left with a screen that leads nowhere."""
    here, elsewhere = session(), session()
    give(here, mandate_id)
    with scenes.act(cast, "aline") as work:
        drafts.discard(work, scenes.mandate_row(mandate_id).case_id)
    assert sessions.keep(here) is None
    assert SessionEnded(here) in told
    assert sessions.keep(elsewhere) is not None


def test_it_can_be_signed_out_and_an_ended_session_gives_nothing_back(mandate_id: UUID) -> None:
    here = session()
    give(here, mandate_id)
    sessions.sign_out(here)
    assert sessions.keep(here) is None
    with pytest.raises(SignedOut):
        take_back_by_code(here, CODE)
    with pytest.raises(SignedOut):
        take_back_by_password(here, PASSWORD, ORIGIN)


def test_the_lock_outlives_its_mandate(cast: Cast, mandate_id: UUID) -> None:
    """Signed, given up from another device: the screen is still the usager's."""
    here = session()
    give(here, mandate_id)
    with scenes.act(cast, "aline") as work:
        mandates.renounce(work, mandate_id)
    with reading(BySession(here)) as work:
        assert asked(work, mandate_id).status is MandateStatus.RENOUNCED
        with pytest.raises(NotFound):
            document(work, mandate_id)


def test_the_journal_says_who_handed_it_over_and_never_the_code(cast: Cast, mandate_id: UUID) -> None:
    here = session()
    give(here, mandate_id)
    with pytest.raises(Invalid):
        take_back_by_code(here, "0000")
    take_back_by_code(here, CODE)
    with reading(ByNobody()) as work:
        rows = work.session.scalars(
            select(JournalEntry)
            .where(
                col(JournalEntry.action).in_(
                    ("mandate.handed", "mandate.way_back_refused", "mandate.handed_back")
                )
            )
            .order_by(col(JournalEntry.id))
        ).all()
    assert [one.action for one in rows] == ["mandate.handed", "mandate.way_back_refused", "mandate.handed_back"]
    assert rows[0].actor_id == cast.aline
    assert all(one.details["session"] == str(here) for one in rows)
    assert CODE not in str([one.details.get("code", "") for one in rows])


def test_what_was_shown_beside_goes_into_the_proof(cast: Cast, mandate_id: UUID) -> None:
    here = session()
    give(here, mandate_id)
    with acting(BySession(here)) as work:
        text = asked_in(work, mandate_id, "ar")
        with pytest.raises(Invalid, match="dans cette langue"):
            asked_in(work, mandate_id, "xx")
        shown = asked(work, mandate_id).shown_sha256
        with pytest.raises(Invalid):
            mandates.sign(work, mandate_id, shown_sha256=shown, giver=Giver(), drawing=SIGNATURE, language="fr")
        mandates.declare(
            work, mandate_id, shown_sha256=shown, capacity=Capacity.SELF, name="Samira Kaddour", language="ar"
        )
    scenes.accept(cast, mandate_id, at=NOW + timedelta(minutes=1))
    with scenes.see(cast, "aline") as work:
        evidence = work.session.scalars(select(MandateProof)).one().content
    assert evidence["beside"] == {
        "language": "ar", "version": 1, "text": text.text_sha256, "shown": text.shown.sha256,
    }  # fmt: skip


def test_a_restart_keeps_the_lock(cast: Cast, mandate_id: UUID) -> None:
    """Nothing of it lives in the process: a session read anew from the database is handed over."""
    token = sessions.sign_in("aline@demo.example", PASSWORD, ORIGIN, "tablette")
    give(token.session_id, mandate_id)
    info = sessions.resolve(token.token)
    assert info is not None
    assert info.handed == mandate_id
    assert handing.CODE_TRIES == CODE_TRIES
