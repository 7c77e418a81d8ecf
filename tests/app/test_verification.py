"""What a code gives: its state to anybody, the initials to who stands at a counter, nothing more."""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import event

from app import mandate_papers, mandates
from app.mandate_document.code import ALPHABET, LENGTH, new_code, read_code, shown_code
from app.security.throttling import LOOKS_PER_ACCOUNT, LOOKS_PER_ORIGIN, WINDOW
from app.verification import Found, State, TooMany, initials_of, look
from app.work import ByAccount, ByNobody, Database, acting
from models.mandate import Mandate
from tests.app.scenes import act, consent, draft, mandate, mandate_row, present, revoke, sent_case
from tests.conftest import NOW, Cast

HERE = "192.0.2.1"
GROUP = "France Services de Guise"


def anybody(code: str, origin: str = HERE, at: object = NOW, sha256: str = "") -> Found:
    with acting(ByNobody(), at=at) as work:  # type: ignore[arg-type]
        return look(work, code, origin, sha256)


def by(cast: Cast, who: str, code: str, sha256: str = "") -> Found:
    with acting(ByAccount(getattr(cast, who)), at=NOW) as work:
        return look(work, code, HERE, sha256)


def codes(mandate_id: UUID) -> tuple[str, str]:
    row = mandate_row(mandate_id)
    assert row.code is not None
    assert row.short_code is not None
    return row.code, row.short_code


@pytest.mark.usefixtures("database")
def test_anybody_learns_the_state_and_nothing_else(cast: Cast) -> None:
    mandate_id = mandate(cast, draft(cast))
    code, short = codes(mandate_id)
    assert anybody(code) == Found(State.IN_FORCE, NOW)
    assert anybody(short) == Found(State.UNKNOWN, NOW)
    assert anybody(new_code()) == Found(State.UNKNOWN, NOW)
    assert anybody("") == anybody("x" * 500) == Found(State.UNKNOWN, NOW)
    later = NOW + timedelta(days=400)
    assert anybody(code, at=later) == Found(State.ENDED, later)
    revoke(cast, mandate_id)
    assert anybody(code, sha256="0" * 64) == Found(State.ENDED, NOW)


@pytest.mark.usefixtures("database")
def test_who_stands_at_a_counter_sees_whose_it_is_by_either_code(cast: Cast) -> None:
    for typed in codes(mandate(cast, draft(cast))):
        for who in ("aline", "chloe", "bruno", "basile"):
            found = by(cast, who, typed)
            assert (found.state, found.initials, found.structure) == (State.IN_FORCE, "S.\u00a0K.", GROUP)
            assert found.organizations == ("CAF",)
        for who in ("denis", "colette", "olivier"):
            assert by(cast, who, typed) == Found(State.IN_FORCE, NOW)


@pytest.mark.usefixtures("database")
def test_a_file_is_compared_for_people_signed_in(cast: Cast) -> None:
    mandate_id = mandate(cast, draft(cast))
    code, _ = codes(mandate_id)
    with act(cast, "aline") as work:
        import hashlib

        right = hashlib.sha256(mandate_papers.pdf(work, mandate_id).content).hexdigest()
    assert by(cast, "bruno", code, right).is_same is True
    assert by(cast, "bruno", code, "0" * 64).is_same is False
    assert by(cast, "bruno", code).is_same is None
    assert by(cast, "denis", code, right).is_same is True
    assert anybody(code, sha256=right).is_same is None


@pytest.mark.usefixtures("database")
def test_there_is_no_code_before_the_acceptance_and_each_has_its_own(cast: Cast) -> None:
    assert mandate_row(present(cast, draft(cast))).code is None
    made = [codes(mandate(cast, draft(cast))) for _ in range(2)]
    assert len({code for pair in made for code in pair}) == 4


@pytest.mark.usefixtures("database")
def test_a_code_that_is_taken_is_drawn_again(cast: Cast, monkeypatch: pytest.MonkeyPatch) -> None:
    code, short = codes(mandate(cast, draft(cast)))
    drawn = iter([code, short, new_code(), short, "0" * 16, "0" * 8])
    monkeypatch.setattr(mandate_papers, "new_code", lambda *_: next(drawn))
    other = present(cast, draft(cast))
    consent(cast, other)
    with act(cast, "aline") as work:  # not the scene, which may be repeated without drawing
        mandates.accept(work, other)
    assert codes(other) == ("0" * 16, "0" * 8)


@pytest.mark.usefixtures("database")
def test_looks_are_counted_by_origin_before_the_sign_in_and_by_account_after(cast: Cast) -> None:
    for _ in range(LOOKS_PER_ORIGIN):
        anybody(new_code())
    with pytest.raises(TooMany):
        anybody(new_code())
    assert anybody(new_code(), "198.51.100.7").state is State.UNKNOWN
    for _ in range(LOOKS_PER_ACCOUNT):
        by(cast, "bruno", new_code(8))
    with pytest.raises(TooMany):
        by(cast, "bruno", new_code(8))
    assert by(cast, "aline", new_code(8)).state is State.UNKNOWN
    assert anybody(new_code(), at=NOW + WINDOW + timedelta(seconds=1)).state is State.UNKNOWN


def test_the_same_statements_are_made_for_a_code_that_is_known_and_one_that_is_not(
    database: Database, cast: Cast
) -> None:
    code, _ = codes(mandate(cast, draft(cast)))
    said: list[str] = []
    event.listen(database.engine, "before_cursor_execute", lambda *a: said.append(a[2]))
    counted = []
    for typed in (code, new_code(), "nonsense"):
        said.clear()
        anybody(typed)
        counted.append([one for one in said if "savepoint" not in one.lower()])  # the test's own, numbered
    assert counted[0] == counted[1] == counted[2]
    assert sum("FROM mandate" in one for one in counted[0]) == 1


def test_it_finds_the_code_by_its_index(database: Database, cast: Cast) -> None:
    with acting(ByNobody()) as work:
        if database.is_sqlite:
            plan = work.session.connection().exec_driver_sql(
                "EXPLAIN QUERY PLAN SELECT status FROM mandate WHERE code = 'x'"
            )
            assert "ix_mandate_code" in str(plan.all())
    assert Mandate.__table__.c.code.type.length == LENGTH  # type: ignore[attr-defined]


@pytest.mark.usefixtures("database")
def test_an_agent_of_a_case_and_a_stranger_learn_the_same(cast: Cast) -> None:
    sent_case(cast)
    code, _ = codes(mandate(cast, draft(cast)))
    assert by(cast, "bruno", code) == by(cast, "chloe", code)


@given(st.text(ALPHABET, min_size=16, max_size=16))
def test_a_code_is_read_however_it_is_typed(code: str) -> None:
    typed = shown_code(code).lower().replace("0", "o").replace("1", "l").replace("-", " ‑ ")
    assert read_code(typed) == code
    assert read_code(code.replace("1", "I").replace("0", "O")) == code


@given(st.text(max_size=80))
def test_anything_may_be_typed(typed: str) -> None:
    assert len(read_code(typed)) in (0, 8, 16)


def test_what_is_no_code_is_none() -> None:
    for typed in ("", "U" * 16, "0" * 15, "0" * 17, "é" * 16, "0" * 9, "٣" * 16):
        assert read_code(typed) == ""
    assert len({new_code() for _ in range(1000)}) == 1000


def test_initials() -> None:
    assert initials_of("Mme Samira Kaddour") == "S.\u00a0K."
    assert initials_of("M. Jean-Luc de la Tour") == "J.\u00a0L.\u00a0D.\u00a0L.\u00a0T."
