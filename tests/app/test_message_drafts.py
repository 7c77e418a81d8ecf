"""A message being written: kept as typed, found again on another device by its author only, gone once sent."""

from __future__ import annotations

from datetime import timedelta
from typing import Any
from uuid import UUID

import pytest
from sqlalchemy import func, select, text

from app import messages
from app.errors import Conflict, Invalid, NotFound
from app.messages import Typed
from app.work import ByNobody, reading
from models.base import new_id
from models.enums import Audience
from models.thread import MessageDraft
from tests.app.scenes import act, close, entry_rows, see, sent_case
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
KEY = UUID(int=42)


def keep(cast: Cast, who: str, case_id: UUID, typed: Any, key: UUID = KEY) -> None:
    with act(cast, who) as work:
        messages.keep(work, case_id, typed, key=key, audience=Audience.EVERYBODY)


def found(cast: Cast, who: str, case_id: UUID) -> Typed | None:
    with see(cast, who) as work:
        return messages.typed(work, case_id)


def kept_rows() -> int:
    with reading(ByNobody()) as work:
        return work.session.scalar(select(func.count()).select_from(MessageDraft)) or 0


def test_it_is_found_as_typed(cast: Cast) -> None:
    case_id = sent_case(cast)
    for typed in ("B", "  deux \n lignes\r\n ", "<b>é</b> 😀"):
        keep(cast, "bruno", case_id, typed)
        assert found(cast, "bruno", case_id) == Typed(KEY, typed, Audience.EVERYBODY, NOW)


def test_the_last_one_is_kept_with_its_key_and_audience(cast: Cast) -> None:
    case_id, key, later = sent_case(cast), new_id(), NOW + timedelta(minutes=1)
    keep(cast, "bruno", case_id, "Un")
    with act(cast, "bruno", later) as work:
        assert messages.keep(work, case_id, "Deux", key=key, audience=Audience.OPERATORS) == later
    assert found(cast, "bruno", case_id) == Typed(key, "Deux", Audience.OPERATORS, later)
    assert kept_rows() == 1


def test_it_is_one_s_own_in_one_case(cast: Cast) -> None:
    case_id, other = sent_case(cast), sent_case(cast)
    keep(cast, "bruno", case_id, "Le mien")
    keep(cast, "aline", case_id, "Le sien", key=new_id())
    assert found(cast, "marc", case_id) is None
    assert found(cast, "bruno", other) is None
    mine = found(cast, "bruno", case_id)
    assert mine is not None
    assert mine.text == "Le mien"


def test_once_sent_there_is_none(cast: Cast) -> None:
    case_id = sent_case(cast)
    keep(cast, "bruno", case_id, "Bonjour")
    with act(cast, "bruno") as work:
        messages.post(work, case_id, "Bonjour", key=KEY)
    assert found(cast, "bruno", case_id) is None
    keep(cast, "bruno", case_id, "Bonjour")  # a save that came after
    assert found(cast, "bruno", case_id) is None
    assert kept_rows() == 0
    keep(cast, "bruno", case_id, "La suite", key=new_id())
    assert found(cast, "bruno", case_id) is not None


def test_nothing_typed_is_nothing_kept(cast: Cast) -> None:
    case_id = sent_case(cast)
    for blank in ("", " \n ", "\x00"):
        keep(cast, "bruno", case_id, blank)
        keep(cast, "bruno", case_id, "Bonjour")
        keep(cast, "bruno", case_id, blank)
        assert kept_rows() == 0


def test_what_no_database_keeps_is_left_out(cast: Cast) -> None:
    case_id = sent_case(cast)
    keep(cast, "bruno", case_id, "a\x00b\ud83d" + "x" * 30_000)
    mine = found(cast, "bruno", case_id)
    assert mine is not None
    assert (mine.text[:3], len(mine.text)) == ("abx", 20_000)


def test_what_is_no_text_is_refused(cast: Cast) -> None:
    case_id = sent_case(cast)
    values: tuple[Any, ...] = (None, 5, {"x": 1}, ["a"])
    for value in values:
        with pytest.raises(Invalid):
            keep(cast, "bruno", case_id, value)
    with act(cast, "bruno") as work:
        messages.post(work, case_id, "Bonjour", key=KEY)
    for value in values:
        with pytest.raises(Invalid):
            keep(cast, "bruno", case_id, value)
        with pytest.raises(Invalid), act(cast, "bruno") as work:
            messages.post(work, case_id, value, key=KEY)
    assert len(entry_rows(case_id)) == 3


def test_the_same_press_with_what_no_database_keeps_is_the_same(cast: Cast) -> None:
    case_id = sent_case(cast)
    for _ in range(2):
        with act(cast, "bruno") as work:
            messages.post(work, case_id, " a\x00b\ud83d\r\n", key=KEY)
    assert [row.text for row in entry_rows(case_id)[2:]] == ["ab"]


def test_it_is_stored_encrypted(cast: Cast) -> None:
    keep(cast, "bruno", sent_case(cast), "Madame Kaddour")
    with reading(ByNobody()) as work:
        (raw,) = work.session.scalars(text("SELECT text FROM message_draft"))
    assert b"Kaddour" not in bytes(raw)


def test_only_where_one_may_write(cast: Cast) -> None:
    case_id = sent_case(cast)
    for who in ("chloe", "basile", "denis"):
        with pytest.raises(NotFound):
            keep(cast, who, case_id, "Bonjour")
    close(cast, case_id)
    with pytest.raises(Conflict):
        keep(cast, "bruno", case_id, "Bonjour")
    assert kept_rows() == 0
