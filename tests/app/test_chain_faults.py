"""What somebody who gets round the database's refusal does to the chain: the first bad event is named."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import text

from app.chain import Said
from app.work import ByNobody, Database, acting
from models.chain import MandateEvent, MandateEventDetail
from tests.app.scenes import draft, mandate, revoke
from tests.app.test_chain import verified
from tests.conftest import Cast

pytestmark = pytest.mark.every_engine

_TRIGGERS = ("no_update", "no_delete", "no_replace")
_COLUMNS = ("mandate_id", "kind", "at", "commitment", "previous_hash", "hash")


@pytest.fixture
def line(database: Database, cast: Cast) -> list[str]:
    """Give a chain of seven events whose protection is off: their hashes."""
    mandate(cast, draft(cast))
    revoke(cast, mandate(cast, draft(cast)))
    assert verified().count == 7
    if database.is_sqlite:
        run(*(f"DROP TRIGGER mandate_event_{name}" for name in _TRIGGERS))
    else:
        run("DROP TRIGGER mandate_event_append_only ON mandate_event")
    return [one("SELECT hash FROM mandate_event WHERE seq = :seq", seq=seq) for seq in range(1, 8)]


def run(*statements: str, **values: Any) -> None:
    with acting(ByNobody()) as work:
        for statement in statements:
            work.session.execute(text(statement), values)


def one(statement: str, **values: Any) -> Any:
    with acting(ByNobody()) as work:
        return work.session.execute(text(statement), values).scalar_one()


def fault() -> tuple[int | None, str]:
    report = verified()
    assert not report.is_sound
    return report.first_bad, report.reason


def flipped(value: Any) -> Any:
    """Return the value with its lowest bit, somewhere in it, the other way."""
    if isinstance(value, str):
        return value[:-1] + chr(ord(value[-1]) ^ 1)
    if isinstance(value, (bytes, memoryview)):
        return bytes(value)[:-1] + bytes([bytes(value)[-1] ^ 1])
    if isinstance(value, UUID):
        return UUID(int=value.int ^ 1)
    assert isinstance(value, datetime)
    return value + timedelta(microseconds=1)


@pytest.mark.parametrize("column", _COLUMNS)
@pytest.mark.parametrize("seq", [1, 4, 7])
def test_a_bit_of_an_event(line: list[str], column: str, seq: int) -> None:
    value = one(f"SELECT {column} FROM mandate_event WHERE seq = :seq", seq=seq)
    changed = f"UPDATE mandate_event SET {column} = :value WHERE seq = :seq"
    run(changed, value=flipped(value), seq=seq)
    assert fault()[0] == seq
    run(changed, value=value, seq=seq)
    assert verified().is_sound


@pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
@pytest.mark.parametrize("column", _COLUMNS)
def test_any_bit_of_a_text(line: list[str], column: str) -> None:
    """SQLite keeps texts of any bytes: letters of the other case, another spelling of an instant, no UTF-8."""
    stored = one(f"SELECT CAST({column} AS BLOB) FROM mandate_event WHERE seq = 4")
    changed = f"UPDATE mandate_event SET {column} = CAST(:value AS TEXT) WHERE seq = 4"
    for place in (0, 10, len(stored) // 2, len(stored) - 1):
        for bit in range(8):
            value = bytearray(stored)
            value[place % len(stored)] ^= 1 << bit
            run(changed, value=bytes(value))
            assert fault()[0] == 4, (place, bit)
    run(changed, value=stored)
    assert verified().is_sound


def test_a_number(line: list[str]) -> None:
    run("DELETE FROM mandate_event_detail WHERE seq = 5", "UPDATE mandate_event SET seq = -5 WHERE seq = 5")
    assert fault() == (-5, "it is one too many")
    run("UPDATE mandate_event SET seq = 69 WHERE seq = -5")
    assert fault() == (5, "it is missing")


@pytest.mark.parametrize(
    ("column", "reason"),
    [("salt", "its details do not match its commitment"), ("details", "its details cannot be read")],
)
def test_a_bit_of_its_details(line: list[str], column: str, reason: str) -> None:
    value = one(f"SELECT {column} FROM mandate_event_detail WHERE seq = 3")
    run(f"UPDATE mandate_event_detail SET {column} = :value WHERE seq = 3", value=flipped(value))
    assert fault() == (3, reason)


def test_details_told_otherwise(line: list[str]) -> None:
    """By somebody who has the secret too."""
    with acting(ByNobody()) as work:
        detail = work.session.get_one(MandateEventDetail, 7)
        detail.details = {**detail.details, "reason": "Autre chose."}
    assert fault() == (7, "its details do not match its commitment")


def test_details_of_another_event(line: list[str]) -> None:
    run("DELETE FROM mandate_event_detail WHERE seq = 3")
    run("UPDATE mandate_event_detail SET seq = 3 WHERE seq = 2")
    assert fault() == (3, "its details do not match its commitment")


@pytest.mark.parametrize("seq", [1, 4, 7])
def test_an_event_removed(line: list[str], seq: int) -> None:
    for table in ("mandate_event_detail", "mandate_event"):
        run(f"DELETE FROM {table} WHERE seq = :seq", seq=seq)
    assert fault() == (seq, "it is missing")


def test_all_removed(line: list[str]) -> None:
    run("DELETE FROM mandate_event_detail", "DELETE FROM mandate_event")
    assert fault() == (1, "it is missing")


@pytest.mark.parametrize(("first", "second"), [(2, 3), (3, 6)])
def test_two_swapped(line: list[str], first: int, second: int) -> None:
    run("DELETE FROM mandate_event_detail")
    assert verified().is_sound
    for old, new in ((first, 99), (second, first), (99, second)):
        run("UPDATE mandate_event SET seq = :new WHERE seq = :old", old=old, new=new)
    assert fault() == (first, "it does not follow the event before it")


def test_one_changed_and_its_hash_made_anew(line: list[str]) -> None:
    """The next event gives it away."""
    with acting(ByNobody()) as work:
        event = work.session.get_one(MandateEvent, 4)
        event.kind = "refuse"
        said = {name: getattr(event, name) for name in Said._fields}
        event.hash = Said(**said).hash()
    assert fault() == (5, "it does not follow the event before it")


def test_the_head(line: list[str]) -> None:
    run("UPDATE chain_head SET hash = :value", value=flipped(line[-1]))
    assert fault() == (7, "the head of the chain names another hash")
    run("UPDATE chain_head SET hash = :value, seq = 6", value=line[5])
    assert fault() == (7, "it stands after the head of the chain")
    run("UPDATE chain_head SET hash = :value, seq = 8", value=line[6])
    assert fault() == (8, "it is missing")
    run("DELETE FROM chain_head")
    assert fault() == (None, "the head of the chain is missing")
