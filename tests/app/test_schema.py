"""The migrations make exactly the tables that the code describes, on both engines."""

from __future__ import annotations

import re
import threading
from collections.abc import Iterator
from typing import Any

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import CheckConstraint, MetaData, inspect
from sqlmodel import SQLModel

import models
from app.schema import configuration, is_current, migrate
from app.work import Database
from tests.engines import VAULT, Engine

pytestmark = pytest.mark.every_engine


@pytest.fixture
def empty(engine: Engine) -> Iterator[Database]:
    """Give a database without any table."""
    url = engine.create(empty=True)
    database = Database(url, VAULT, threads=4)
    yield database
    database.close()
    engine.drop(url)


def differences(database: Database, metadata: MetaData = SQLModel.metadata) -> Any:
    with database.transaction(write=False) as session:
        context = MigrationContext.configure(
            session.connection(), opts={"compare_type": True, "include_name": is_of_the_models}
        )
        return compare_metadata(context, metadata)


def is_of_the_models(name: str | None, kind: str, *_: object) -> bool:
    """The full-text index is each engine's own: a virtual table and what it keeps, or a GIN of words."""
    return not (kind in ("table", "index") and name is not None and is_full_text(name))


def is_full_text(name: str) -> bool:
    return name.startswith("search_index") or name == "ix_search_line_words"


def checks(database: Database) -> dict[str, dict[str | None, str]]:
    """Return the CHECKs of each table as the engine gives them back, without its own spelling."""
    with database.transaction(write=False) as session:
        inspector = inspect(session.connection())
        return {
            table: {
                str(check["name"]): plain(check["sqltext"]) for check in inspector.get_check_constraints(table)
            }
            for table in sorted(set(inspector.get_table_names()) - {"alembic_version"})
            if not is_full_text(table)
        }


def plain(sql: str) -> str:
    """Take off a table's name before its column, which SQLAlchemy writes and a migration does not."""
    return re.sub(r'"?\b[a-z_]+"?\.(?=[a-z])', "", sql)


def test_up_from_nothing(empty: Database) -> None:
    assert models.__all__
    assert not is_current(empty)
    migrate(empty)
    assert is_current(empty)
    assert differences(empty) == []


def test_the_checks_are_the_same(empty: Database, engine: Engine) -> None:
    """Autogenerate does not compare CHECKs: hold them against those of tables made from the code."""
    migrate(empty)
    url = engine.create(empty=True)
    other = Database(url, VAULT)
    with other.transaction(write=True) as session:
        SQLModel.metadata.create_all(session.connection())
    try:
        found = checks(empty)
        assert found == checks(other)
    finally:
        other.close()
        engine.drop(url)
    wanted = {
        table.name: len([c for c in table.constraints if isinstance(c, CheckConstraint)])
        for table in SQLModel.metadata.tables.values()
    }
    assert {table: len(known) for table, known in found.items()} == wanted


def test_partial_indexes_are_partial(empty: Database) -> None:
    """Nor does it compare their conditions."""
    migrate(empty)
    with empty.transaction(write=False) as session:
        inspector = inspect(session.connection())
        dialect = session.connection().dialect.name
        for table in SQLModel.metadata.tables.values():
            found = {row["name"]: row.get("dialect_options", {}) for row in inspector.get_indexes(table.name)}
            for index in table.indexes:
                wanted = index.dialect_options[dialect]["where"]
                have = found[index.name].get(f"{dialect}_where")
                assert (wanted is None) == (have is None), index.name
                assert words(str(wanted)) == words(str(have)), index.name


def words(sql: str) -> list[str]:
    """PostgreSQL rewrites ``IN`` as ``= ANY`` with casts: keep the names and the values."""
    kept = re.findall(r"'\w+'|\b[a-z_]+\b", re.sub(r"::[a-z ]+", "", sql))
    return [word for word in kept if word not in ("text", "character", "varying")]


def test_migrating_twice_changes_nothing(empty: Database) -> None:
    migrate(empty)
    migrate(empty)
    assert is_current(empty)
    assert differences(empty) == []


def test_two_processes_that_start_at_once(empty: Database) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            migrate(empty)
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert is_current(empty)


def test_a_failing_migration_leaves_nothing(empty: Database, monkeypatch: pytest.MonkeyPatch) -> None:
    from alembic.operations import Operations

    def fail(*_: object, **__: object) -> None:
        raise RuntimeError("half-way")

    monkeypatch.setattr(Operations, "create_index", fail)
    with pytest.raises(RuntimeError, match="half-way"):
        migrate(empty)
    with empty.transaction(write=False) as session:
        assert inspect(session.connection()).get_table_names() == []


def test_and_down_again(empty: Database) -> None:
    migrate(empty)
    with empty.transaction(write=True) as session:
        command.downgrade(configuration(session.connection()), "base")
    with empty.transaction(write=False) as session:
        assert inspect(session.connection()).get_table_names() == ["alembic_version"]
    assert not is_current(empty)
