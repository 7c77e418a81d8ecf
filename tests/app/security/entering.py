"""Signing in at a cost for tests, and hearing what is told of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app import events
from app.events import Signal
from app.security import passwords, sessions
from app.security.sessions import Opened
from app.work import ByNobody, Database, acting, reading
from models.account import Account
from models.journal import JournalEntry

PASSWORD = "demonstration"
ALINE = "aline@demo.example"


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
