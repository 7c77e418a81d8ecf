"""The database under measurement: a file, or a PostgreSQL that keeps its promises as in production."""

from __future__ import annotations

import os
import secrets
import tempfile
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path

import psycopg
from psycopg import sql
from sqlalchemy import make_url

from tests.engines import binaries, server


def opened(engine: str) -> AbstractContextManager[str]:
    """Give the address of an empty database of that engine, removed when the block ends."""
    return _postgres() if engine == "postgres" else _sqlite()


@contextmanager
def _sqlite() -> Iterator[str]:
    with tempfile.TemporaryDirectory(prefix="aplus-bench-") as folder:
        yield f"sqlite:///{Path(folder) / 'bench.sqlite3'}"


@contextmanager
def _postgres() -> Iterator[str]:
    if "APLUS_TEST_DATABASE_URL" not in os.environ and binaries() is None:
        raise SystemExit("PostgreSQL is missing: install its server, or name one in APLUS_TEST_DATABASE_URL.")
    with server(durable=True) as url:
        name = f"aplus_bench_{secrets.token_hex(4)}"
        address = make_url(url).set(drivername="postgresql").render_as_string(hide_password=False)

        def command(words: str) -> None:
            with psycopg.connect(address, autocommit=True) as connection:
                connection.execute(sql.SQL(words).format(sql.Identifier(name)))

        command("CREATE DATABASE {} TEMPLATE template0")
        try:
            ours = make_url(url).set(drivername="postgresql+psycopg", database=name)
            yield ours.render_as_string(hide_password=False)
        finally:
            command("DROP DATABASE {} WITH (FORCE)")
