"""Signing in, what a session is worth, and how it ends; on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from hashlib import sha256
from uuid import UUID, uuid4

import pytest
import time_machine
from sqlalchemy import func, select, update
from sqlmodel import Session, col

from app import events, people
from app.config import settings
from app.errors import Conflict, Forbidden, Invalid, NotFound, SignedOut
from app.events import RightsChanged, SessionEnded, Signal
from app.security import passwords, sessions
from app.security.sessions import Opened, Throttled
from app.work import ByAccount, ByNobody, BySession, Database, acting, reading
from models.account import Account, AuthSession, Membership, SignInAttempt
from models.journal import JournalEntry
from tests.conftest import Cast

PASSWORD = "demonstration"
ALINE = "aline@demo.example"
IDLE = timedelta(hours=12)
MOST = timedelta(days=7)


@pytest.fixture(autouse=True)
def cheap(database: Database) -> Iterator[None]:
    """Everybody's password at a cost for tests."""
    before = passwords._hasher
    passwords.use_cost(1, 8)
    with acting(ByNobody()) as work:
        work.session.execute(update(Account).values(password_hash=passwords.hash_password(PASSWORD)))
    yield
    passwords._hasher = before
    passwords._nobody.cache_clear()


@pytest.fixture
def told() -> Iterator[list[Signal]]:
    """Every signal published."""
    heard: list[Signal] = []
    stop = events.listen(heard.append)
    yield heard
    stop()


def enter(email: str = ALINE, password: str = PASSWORD, origin: str = "192.0.2.1") -> Opened:
    return sessions.sign_in(email, password, origin, "Firefox, Linux")


def journal(action: str) -> list[JournalEntry]:
    with reading(ByNobody()) as work:
        return list(work.session.scalars(select(JournalEntry).where(col(JournalEntry.action) == action)))


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


@pytest.mark.parametrize(
    ("email", "password"),
    [
        (ALINE, "wrong"),
        ("nobody@demo.example", PASSWORD),
        ("adam@demo.example", PASSWORD),
        ("", ""),
        ("\x00", "x"),
    ],
)
def test_wrong_unknown_and_deactivated_are_refused_alike(cast: Cast, email: str, password: str) -> None:
    with acting(ByAccount(cast.denis)) as work:
        people.deactivate(work, cast.adam)
    with pytest.raises(Invalid) as refused:
        enter(email, password)
    assert type(refused.value) is Invalid
    assert refused.value.fields == {"": sessions._REFUSED}
    with reading(ByNobody()) as work:
        assert work.session.scalar(select(func.count()).select_from(SignInAttempt)) == 1
        assert work.session.scalar(select(func.count()).select_from(AuthSession)) == 0
    assert len(journal("session.refused")) == 1


@pytest.mark.parametrize("email", [ALINE, "nobody@demo.example", "adam@demo.example"])
def test_every_refusal_costs_one_verification(cast: Cast, email: str, monkeypatch: pytest.MonkeyPatch) -> None:
    with acting(ByAccount(cast.denis)) as work:
        people.deactivate(work, cast.adam)
    asked: list[str | None] = []
    verify = passwords.verify

    def counted(kept: str | None, typed: str) -> bool:
        asked.append(kept)
        return verify(kept, typed)

    monkeypatch.setattr(passwords, "verify", counted)
    with pytest.raises(Invalid):
        enter(email, "wrong")
    assert len(asked) == 1


def test_nothing_typed_is_kept_readable() -> None:
    with pytest.raises(Invalid):
        enter("secret@demo.example", "wrong", "203.0.113.7")
    with reading(ByNobody()) as work:
        attempt = work.session.scalars(select(SignInAttempt)).one()
    assert attempt.email_hash == work.vault.fingerprint("sign-in.email", "secret@demo.example")
    assert b"203.0.113.7" not in attempt.origin_hash
    assert journal("session.refused")[0].details == {}


def test_ten_refusals_close_an_address_for_a_quarter_of_an_hour(clock: time_machine.Traveller) -> None:
    for name in (ALINE, "nobody@demo.example"):
        for _ in range(10):
            with pytest.raises(Invalid) as refused:
                enter(name, "wrong")
            assert not isinstance(refused.value, Throttled)
    for name in (
        ALINE,
        "nobody@demo.example",
    ):  # the right password waits too, and an unknown address says no more
        with pytest.raises(Throttled):
            enter(name)
    enter("chloe@demo.example")
    clock.shift(timedelta(minutes=15, seconds=1))
    assert enter()


def test_waiting_is_not_made_longer_by_trying(clock: time_machine.Traveller) -> None:
    for _ in range(10):
        with pytest.raises(Invalid):
            enter(password="wrong")
    clock.shift(timedelta(minutes=14))
    with pytest.raises(Throttled):
        enter()
    clock.shift(timedelta(minutes=2))
    assert enter()


@pytest.mark.parametrize(
    ("origin", "next_door"), [("198.51.100.4", "198.51.100.5"), ("2001:db8::1", "2001:db8:0:1::1")]
)
def test_a_hundred_refusals_close_an_origin(clock: time_machine.Traveller, origin: str, next_door: str) -> None:
    for number in range(100):
        with pytest.raises(Invalid) as refused:
            enter(f"{number}@demo.example", "wrong", origin)
        assert not isinstance(refused.value, Throttled)
    with pytest.raises(Throttled):
        enter(origin=origin)
    assert enter(origin=next_door)


def test_all_the_addresses_of_an_ipv6_subscriber_are_one_origin(clock: time_machine.Traveller) -> None:
    for number in range(100):
        with pytest.raises(Invalid):
            enter(f"{number}@demo.example", "wrong", f"2001:db8::{number:x}")
    with pytest.raises(Throttled):
        enter(origin="2001:db8::ffff")


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


def test_a_hash_of_another_cost_is_renewed_at_sign_in() -> None:
    passwords.use_cost(2, 16)
    enter()
    with reading(ByNobody()) as work:
        kept = work.session.scalar(select(col(Account.password_hash)).where(col(Account.email) == ALINE))
    assert kept is not None
    assert "m=16,t=2" in kept
    assert enter()


def test_no_transaction_is_open_while_the_password_is_verified(
    database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    open_ones, seen = 0, []
    transaction, verify = database.transaction, passwords.verify

    @contextmanager
    def counted(*, write: bool) -> Iterator[Session]:
        nonlocal open_ones
        open_ones += 1
        try:
            with transaction(write=write) as session:
                yield session
        finally:
            open_ones -= 1

    def seeing(kept: str | None, typed: str) -> bool:
        seen.append(open_ones)
        return verify(kept, typed)

    monkeypatch.setattr(database, "transaction", counted)
    monkeypatch.setattr(passwords, "verify", seeing)
    enter()
    assert seen == [0]


def test_a_deactivated_account_loses_its_sessions_at_once(cast: Cast, told: list[Signal]) -> None:
    one, two, other = enter(), enter(), enter("bruno@demo.example")
    with acting(ByAccount(cast.denis)) as work:
        people.deactivate(work, cast.aline)
    assert set(told) == {
        SessionEnded(one.session_id), SessionEnded(two.session_id), RightsChanged(frozenset({cast.aline})),
    }  # fmt: skip
    assert sessions.resolve(one.token) is None
    assert sessions.resolve(other.token)
    with pytest.raises(Invalid):
        enter()
    (line,) = journal("account.deactivated")
    assert (line.actor_id, line.details) == (cast.denis, {"account": str(cast.aline)})
    told.clear()
    with acting(ByAccount(cast.denis)) as work:
        people.deactivate(work, cast.aline)
    assert told == []


def test_only_administrators_deactivate_and_never_themselves(cast: Cast) -> None:
    for name in ("aline", "bruno", "marc", "colette", "olivier"):
        with acting(ByAccount(getattr(cast, name))) as work, pytest.raises(Forbidden):
            people.deactivate(work, cast.adam)
    with acting(ByAccount(cast.denis)) as work:
        with pytest.raises(Conflict):
            people.deactivate(work, cast.denis)
        with pytest.raises(NotFound):
            people.deactivate(work, uuid4())


def members(group_id: UUID) -> set[UUID]:
    with reading(ByNobody()) as work:
        query = select(col(Membership.account_id)).where(col(Membership.group_id) == group_id)
        return set(work.session.scalars(query))


@pytest.mark.parametrize("by", ["marc", "denis"])
def test_a_responsable_and_an_administrator_remove_a_member(cast: Cast, told: list[Signal], by: str) -> None:
    caf = cast.groups["CAF – Aisne"]
    with acting(ByAccount(getattr(cast, by))) as work:
        people.remove_member(work, cast.bruno, caf)
    assert members(caf) == {cast.marc}
    assert told == [RightsChanged(frozenset({cast.bruno}))]
    (line,) = journal("membership.removed")
    assert line.details == {"account": str(cast.bruno), "group": str(caf)}
    with acting(ByAccount(cast.denis)) as work, pytest.raises(NotFound):
        people.remove_member(work, cast.bruno, caf)


@pytest.mark.parametrize("by", ["aline", "bruno", "basile", "colette", "olivier", "marc"])
def test_nobody_else_removes_a_member(cast: Cast, by: str) -> None:
    cpam = cast.groups["CPAM – Aisne"]  # marc is responsable of another group
    with acting(ByAccount(getattr(cast, by))) as work, pytest.raises(Forbidden):
        people.remove_member(work, cast.basile, cpam)
    assert cast.basile in members(cpam)
