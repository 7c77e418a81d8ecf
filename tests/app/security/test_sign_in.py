"""Who is let in and who is not, alike for all who are not; on both engines."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
import time_machine
from sqlalchemy import func, select
from sqlmodel import Session, col

from app import people
from app.errors import Invalid
from app.security import passwords, sessions
from app.security.sessions import Throttled
from app.work import ByAccount, ByNobody, Database, acting, reading
from models.account import Account, AuthSession, SignInAttempt
from tests.app.security.entering import ALINE, PASSWORD, cheap, enter, journal, told
from tests.conftest import Cast

pytestmark = pytest.mark.every_engine

__all__ = ["cheap", "told"]


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
