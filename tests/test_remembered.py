"""A scene is lived once and written again alike; it is lived again where anything differs."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from sqlalchemy import Integer, Select, Table, select
from sqlmodel import SQLModel

from app import cases, events, work
from app.security.vault import Vault
from app.work import ByNobody, reading
from models.base import new_id, use_cipher
from tests.app.scenes import GUISE, leave, sent_case
from tests.conftest import Cast
from tests.engines import VAULT, Engine


@pytest.fixture
def sendings(monkeypatch: pytest.MonkeyPatch) -> list[Any]:
    """Note each time the service that sends is called."""
    called: list[Any] = []
    send = cases.send

    def counted(*given: Any) -> None:
        called.append(given)
        send(*given)

    monkeypatch.setattr(cases, "send", counted)
    return called


@contextmanager
def a_test(engine: Engine) -> Iterator[None]:
    """What each test has around it."""
    with engine.rolled_back.undone():
        work.use(engine.rolled_back)
        yield


def _columns(table: Table) -> Select[Any]:
    """All of them, but what a sequence gives: PostgreSQL undoes no sequence."""
    return select(*(one for one in table.columns if not (one.primary_key and isinstance(one.type, Integer))))


def lived(cast: Cast, subject: str) -> tuple[object, dict[str, Any], list[events.Signal]]:
    """Live a scene; return what came back, every row of every table, and what was told."""
    heard: list[events.Signal] = []
    deaf = events.listen(heard.append)
    case_id = sent_case(cast, subject=subject)
    deaf()
    with reading(ByNobody()) as w:
        tables = SQLModel.metadata.sorted_tables
        rows = {one.name: sorted(map(repr, w.session.execute(_columns(one)))) for one in tables}
    return case_id, rows, heard


def test_written_again_as_it_was_lived(engine: Engine, cast: Cast, sendings: list[Any]) -> None:
    subject = str(new_id())
    with a_test(engine):
        first = lived(cast, subject)
    with a_test(engine):
        assert lived(cast, subject) == first
    assert len(sendings) == 1
    assert first[2]


@pytest.mark.parametrize("differs", ["a row", "a scene", "its words", "the key"])
def test_lived_again_where_anything_differs(
    engine: Engine, cast: Cast, sendings: list[Any], differs: str
) -> None:
    subject = str(new_id())
    with a_test(engine):
        sent_case(cast, subject=subject)
    with a_test(engine):
        if differs == "a row":
            with work.acting(ByNobody()) as w:
                w.session.execute(SQLModel.metadata.tables["sign_in_attempt"].delete())
        elif differs == "a scene":
            leave(cast, "adam", GUISE)
        elif differs == "the key":
            use_cipher(Vault(b"another secret of the tests, of 32 bytes"))
        try:
            sent_case(cast, subject=subject + "." * (differs == "its words"))
        finally:
            use_cipher(VAULT)
    assert len(sendings) == 2
