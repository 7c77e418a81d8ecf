"""What a session is worth, and how it ends; on both engines."""

from __future__ import annotations

from datetime import timedelta
from hashlib import sha256
from uuid import uuid4

import pytest
import time_machine
from sqlalchemy import select
from sqlmodel import col

from app.config import settings
from app.errors import Forbidden, NotFound, SignedOut
from app.events import SessionEnded, Signal
from app.security import sessions
from app.work import ByNobody, BySession, acting, reading
from models.account import AuthSession
from tests.app.security.entering import cheap, enter, journal, told
from tests.conftest import Cast

pytestmark = pytest.mark.every_engine

__all__ = ["cheap", "told"]


IDLE = timedelta(hours=12)


def test_the_right_password_opens_a_session_of_that_person(cast: Cast) -> None:
    opened = enter()
    info = sessions.resolve(opened.token)
    assert info is not None
    assert (info.session_id, info.account_id, info.name) == (opened.session_id, cast.aline, "Aline Lefèvre")
    (line,) = journal("session.opened")
    assert line.actor_id == cast.aline
    assert line.details == {"session": str(opened.session_id)}


def test_the_address_may_be_typed_with_capitals_and_spaces(cast: Cast) -> None:
    info = sessions.resolve(enter("  Aline@Demo.Example ").token)
    assert info is not None
    assert info.account_id == cast.aline


def test_the_database_never_holds_the_token(cast: Cast) -> None:
    opened = enter()
    assert len(opened.token) == sessions.TOKEN_LENGTH
    with reading(ByNobody()) as work:
        kept = work.session.scalar(select(col(AuthSession.token_hash)))
    assert kept == sha256(opened.token.encode()).digest()


def test_each_sign_in_gives_a_new_token() -> None:
    assert enter().token != enter().token


def test_a_session_slides_with_use_at_most_once_a_minute(clock: time_machine.Traveller) -> None:
    opened = enter()
    first = sessions.resolve(opened.token)
    assert first is not None
    clock.shift(timedelta(seconds=59))
    assert sessions.resolve(opened.token) == first
    clock.shift(timedelta(seconds=1))
    slid = sessions.keep(opened.session_id)
    assert slid is not None
    assert slid.expires_at == first.expires_at + timedelta(seconds=60)
    assert sessions.resolve(opened.token) == slid


def test_looking_at_a_session_is_not_using_it(clock: time_machine.Traveller) -> None:
    opened, other = enter(), enter()
    clock.shift(IDLE - timedelta(minutes=1))
    assert sessions.resolve(opened.token, is_use=False)
    both = frozenset({opened.session_id, other.session_id})
    assert sessions.still_living(both | {uuid4()}) == both
    assert sessions.resolve(other.token)
    clock.shift(timedelta(minutes=2))
    assert sessions.resolve(opened.token, is_use=False) is None
    assert sessions.still_living(both) == {other.session_id}


def test_a_session_not_used_for_twelve_hours_is_over(clock: time_machine.Traveller) -> None:
    opened = enter()
    clock.shift(IDLE - timedelta(seconds=1))
    assert sessions.resolve(opened.token)
    clock.shift(IDLE)
    assert sessions.resolve(opened.token) is None
    assert sessions.keep(opened.session_id) is None
    with pytest.raises(SignedOut), reading(BySession(opened.session_id)):
        pass


def test_a_session_in_use_is_over_after_seven_days(clock: time_machine.Traveller) -> None:
    opened = enter()
    for _ in range(14):
        clock.shift(IDLE - timedelta(seconds=1))
        assert sessions.resolve(opened.token)
    clock.shift(timedelta(seconds=15))
    assert sessions.resolve(opened.token) is None


def test_the_durations_are_the_settings(monkeypatch: pytest.MonkeyPatch, clock: time_machine.Traveller) -> None:
    shorter = settings().model_copy(update={"session_idle_minutes": 20, "session_max_minutes": 30})
    monkeypatch.setattr(sessions, "settings", lambda: shorter)
    opened = enter()
    clock.shift(timedelta(minutes=19))
    assert sessions.resolve(opened.token)
    clock.shift(timedelta(minutes=11))
    assert sessions.resolve(opened.token) is None


@pytest.mark.parametrize("token", ["", "x", "é" * 43, "x" * 43, "x" * 100_000])
def test_an_invented_token_is_nobody_s(token: str) -> None:
    enter()
    assert sessions.resolve(token) is None


def test_signing_out_ends_that_session_alone(told: list[Signal], cast: Cast) -> None:
    here, there = enter(), enter()
    sessions.sign_out(here.session_id)
    assert sessions.resolve(here.token) is None
    assert sessions.resolve(there.token)
    assert told == [SessionEnded(here.session_id)]
    (line,) = journal("session.ended")
    assert line.actor_id == cast.aline
    sessions.sign_out(here.session_id)  # twice is none the worse
    assert len(journal("session.ended")) == 1


def test_one_ends_one_s_own_sessions_only(cast: Cast) -> None:
    hers, his = enter(), enter("bruno@demo.example")
    with acting(BySession(hers.session_id)) as work, pytest.raises(NotFound):
        sessions.end(work, his.session_id)
    with acting(BySession(hers.session_id)) as work, pytest.raises(Forbidden):
        sessions.end_all(work, cast.bruno)
    assert sessions.resolve(his.token)
    with acting(BySession(hers.session_id)) as work, pytest.raises(NotFound):
        sessions.end(work, uuid4())
    with acting(BySession(hers.session_id)) as work:
        sessions.end_all(work, cast.aline)
    assert sessions.resolve(hers.token) is None


def test_a_person_sees_their_living_sessions_the_last_used_first(clock: time_machine.Traveller) -> None:
    first = enter()
    clock.shift(timedelta(minutes=1))
    second, ended = enter(), enter()
    enter("bruno@demo.example")
    sessions.sign_out(ended.session_id)
    clock.shift(timedelta(minutes=1))
    sessions.resolve(first.token)
    with reading(BySession(first.session_id)) as work:
        views = sessions.mine(work)
    assert [view.id for view in views] == [first.session_id, second.session_id]
    assert views[0].device == "Firefox, Linux"
    assert views[0].last_seen_at - views[0].opened_at == timedelta(minutes=2)
