"""``uv run python -m tests.bench --cases N --engine sqlite|postgres --json``: fill, measure, print.

Durations are in milliseconds (``p50`` and ``p95`` over 50 runs), for an Agent+ who may see one case in fifty:
``list_ms`` the first page of «Toutes en cours»; ``counts_ms`` the counts of all views; ``case_ms`` a case
with its thread and readers; ``search_ms`` a word of most messages, ``search_last_ms`` a word of one message in
a hundred thousand, ``search_name_ms`` a name and a commune or a problem, ``search_nothing_ms`` a word of none
(``search_found``: how many rows each gave); ``reply_ms`` a message stored; ``create_ms`` the sending of a case
already written and signed (one transaction, its checks included). ``list_queries`` and ``case_queries`` are
the statements of one run, loading the actor included. ``seen_1_ms``, ``seen_50_ms``, ``list_bytes``,
``elements`` and ``client_kb`` are of the running service (see ``tests.bench.live``).

PostgreSQL is a throw-away cluster with its default settings, ``fsync`` on (or the server that
``APLUS_TEST_DATABASE_URL`` names); SQLite is a file in a temporary directory.
"""

from __future__ import annotations

import os
import platform
import time
from typing import Any

from sqlalchemy import text

from app.work import Database
from tests.bench.asked import answer
from tests.bench.database import opened
from tests.bench.fill import fill
from tests.bench.live import live
from tests.bench.measure import on_the_server
from tests.engines import VAULT


def run(engine: str, cases: int) -> dict[str, Any]:
    """Fill a database of that engine and return what was measured on it."""
    with opened(engine) as url:
        database = Database(url, VAULT)
        try:
            start = time.perf_counter()
            filled = fill(database, cases)
            figures: dict[str, Any] = {
                "cases": cases,
                "engine": engine,
                "version": _version(database),
                "python": platform.python_version(),
                "cores": os.cpu_count(),
                "fill_s": round(time.perf_counter() - start, 1),
            }
            figures |= on_the_server(database, filled)
        finally:
            database.close()
        return figures | live(url, filled)


def _version(database: Database) -> str:
    words = "SELECT sqlite_version()" if database.is_sqlite else "SHOW server_version"
    with database.engine.connect() as connection:
        return str(connection.scalar(text(words)))


if __name__ == "__main__":
    answer("tests.bench", run, cases=1_000, least=500)
