"""What a journey begins with, set behind the running service's back: cases made through the services."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import select, update
from sqlmodel import col

from app import work
from app.config import Settings
from app.security.vault import Vault
from app.work import ByNobody, Database, acting
from models.base import use_cipher
from models.mandate import Mandate, MandateDocument
from tests.app import scenes
from tests.browser import Server
from tests.conftest import Cast, _read_cast
from tests.engines import VAULT


class Stage:
    """A server's database, in the hands of this process. With SQLite the open pages hear nothing of it."""

    def __init__(self, cast: Cast) -> None:
        self.cast = cast

    def case(self, *to: str, also: tuple[str, ...] = (), by: str = "aline", subject: str, **typed: Any) -> UUID:
        """Make a case that was just sent, the mandate signed; its document is not sealed before tomorrow, since
        that would renew an open page in the middle of a journey."""
        now = datetime.now(UTC)
        made = scenes.sent_case(self.cast, to or (scenes.CAF,), also, by, now, subject=subject, **typed)
        theirs = select(col(Mandate.id)).where(col(Mandate.case_id) == made)
        later = update(MandateDocument).where(col(MandateDocument.mandate_id).in_(theirs))
        with acting(ByNobody(), at=now) as writing:
            writing.session.execute(later.values(seal_next_at=now + timedelta(days=1)))
        return made

    def say(self, who: str, case_id: UUID, *texts: str) -> None:
        """Post messages to everybody."""
        for text in texts:
            scenes.say(self.cast, who, case_id, text, datetime.now(UTC))


@contextmanager
def behind(url: str, vault: Vault) -> Iterator[Stage]:
    """Open the database of a running server."""
    ours = Database(url, vault, threads=2)
    work.use(ours)
    try:
        yield Stage(_read_cast())
    finally:
        ours.close()
        use_cipher(VAULT)


def database_of(server: Server) -> Settings:
    """Return the settings a demonstration was started with, as far as its database goes."""
    return Settings(data_dir=server.log_path.parent / "data", demo=True)


def copy_of(server: Server, folder: Path) -> Path:
    """Copy a running server's database, so that another one starts at once."""
    source = Path(database_of(server).url.removeprefix("sqlite:///"))
    (folder / "data").mkdir(parents=True)
    target = folder / "data" / source.name
    with closing(sqlite3.connect(source)) as ours, closing(sqlite3.connect(target)) as copy:
        ours.backup(copy)
    return folder


@pytest.fixture
def stage(server: Server) -> Iterator[Stage]:
    """Give the database of the demonstration that all journeys share."""
    settings = database_of(server)
    with behind(settings.url, Vault(settings.secret)) as staged:
        yield staged
