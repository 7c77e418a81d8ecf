"""The shape of the database: bring it up to date, and say whether it is.

The same Alembic migrations serve both engines. Each upgrade is one transaction, and two processes that
start at once wait for each other.
"""

from __future__ import annotations

from pathlib import Path

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, text

import models
from app.work import Database

_LOCK = 0x61706C7573  # «aplus», the advisory lock of PostgreSQL that one upgrade holds at a time


def migrate(database: Database) -> None:
    """Bring the schema to its newest revision; nothing happens when it is there."""
    with database.transaction(write=True) as session:
        connection = session.connection()
        if not database.is_sqlite:
            connection.execute(text("SELECT pg_advisory_xact_lock(:lock)"), {"lock": _LOCK})
        command.upgrade(configuration(connection), "head")


def is_current(database: Database) -> bool:
    """Whether the schema is at its newest revision."""
    with database.transaction(write=False) as session:
        have = MigrationContext.configure(session.connection()).get_current_heads()
    return set(have) == set(ScriptDirectory.from_config(configuration()).get_heads())


def configuration(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration, made here rather than in a file."""
    config = Config()
    config.set_main_option("script_location", str(Path(models.__file__).parent / "migrations"))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    return config
