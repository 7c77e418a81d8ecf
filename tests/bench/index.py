"""The index of the words, taken down while a million lines are written, and built at once after them."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sqlalchemy import text

from app.work import Database

_MADE = "SELECT name, sql FROM sqlite_master WHERE type = 'trigger' AND tbl_name = 'search_line'"
_GIN = "SELECT indexname, indexdef FROM pg_indexes WHERE indexname = 'ix_search_line_words'"


@contextmanager
def built_at_the_end(database: Database) -> Iterator[None]:
    """Write without keeping the index; it is there again, whole, when the block ends."""
    with database.transaction(write=True) as session:
        kept = list(session.execute(text(_MADE if database.is_sqlite else _GIN)))
        for name, _ in kept:
            session.execute(text(f"DROP {'TRIGGER' if database.is_sqlite else 'INDEX'} {name}"))
    yield
    with database.transaction(write=True) as session:
        connection = session.connection()
        for _, words in kept:
            connection.exec_driver_sql(words)
        if database.is_sqlite:
            connection.exec_driver_sql("INSERT INTO search_index(search_index) VALUES ('rebuild')")
