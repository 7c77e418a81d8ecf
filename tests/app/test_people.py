"""Taking an account or a membership away: who may, and what ends at once; on both engines."""

from __future__ import annotations

from uuid import UUID, uuid4

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import people
from app.errors import Conflict, Forbidden, Invalid, NotFound
from app.events import RightsChanged, SessionEnded, Signal
from app.security import sessions
from app.work import ByAccount, ByNobody, acting, reading
from models.account import Membership
from tests.app.security.entering import cheap, enter, journal, told
from tests.conftest import Cast

__all__ = ["cheap", "told"]


def test_a_deactivated_account_loses_its_sessions_at_once(cast: Cast, told: list[Signal]) -> None:
    one, two, other = enter(), enter(), enter("bruno@demo.example")
    with acting(ByAccount(cast.denis)) as work:
        people.deactivate(work, cast.aline)
    assert set(told) == {
        SessionEnded(one.session_id), SessionEnded(two.session_id), RightsChanged(frozenset({cast.aline})),
    }  # fmt: skip
    assert sessions.resolve(one.token) is None
    assert sessions.resolve(other.token)
    with pytest.raises(Invalid):
        enter()
    (line,) = journal("account.deactivated")
    assert (line.actor_id, line.details) == (cast.denis, {"account": str(cast.aline)})
    told.clear()
    with acting(ByAccount(cast.denis)) as work:
        people.deactivate(work, cast.aline)
    assert told == []


def test_only_administrators_deactivate_and_never_themselves(cast: Cast) -> None:
    for name in ("aline", "bruno", "marc", "colette", "olivier"):
        with acting(ByAccount(getattr(cast, name))) as work, pytest.raises(Forbidden):
            people.deactivate(work, cast.adam)
    with acting(ByAccount(cast.denis)) as work:
        with pytest.raises(Conflict):
            people.deactivate(work, cast.denis)
        with pytest.raises(NotFound):
            people.deactivate(work, uuid4())


def members(group_id: UUID) -> set[UUID]:
    with reading(ByNobody()) as work:
        query = select(col(Membership.account_id)).where(col(Membership.group_id) == group_id)
        return set(work.session.scalars(query))


@pytest.mark.parametrize("by", ["marc", "denis"])
def test_a_responsable_and_an_administrator_remove_a_member(cast: Cast, told: list[Signal], by: str) -> None:
    caf = cast.groups["CAF – Aisne"]
    with acting(ByAccount(getattr(cast, by))) as work:
        people.remove_member(work, cast.bruno, caf)
    assert members(caf) == {cast.marc}
    assert told == [RightsChanged(frozenset({cast.bruno}))]
    (line,) = journal("membership.removed")
    assert line.details == {"account": str(cast.bruno), "group": str(caf)}
    with acting(ByAccount(cast.denis)) as work, pytest.raises(NotFound):
        people.remove_member(work, cast.bruno, caf)


@pytest.mark.parametrize("by", ["aline", "bruno", "bertille", "colette", "olivier", "marc"])
def test_nobody_else_removes_a_member(cast: Cast, by: str) -> None:
    cpam = cast.groups["CPAM – Aisne"]  # marc is responsable of another group
    with acting(ByAccount(getattr(cast, by))) as work, pytest.raises(Forbidden):
        people.remove_member(work, cast.basile, cpam)
    assert cast.basile in members(cpam)
