"""Who looks at a case, as what: those who share a viewpoint are shown the same, and nobody else anything."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from uuid import UUID

import pytest

from app.policy import Action
from app.queries import audience, people, reference
from app.queries import case as views
from app.queries.audience import Viewpoint
from app.work import ByNobody, acting, reading
from models.account import AuthSession
from models.base import new_id
from models.enums import Side
from tests.app.scenes import (
    CAF,
    CPAM,
    GUISE,
    ask,
    close,
    draft,
    invite,
    join,
    leave,
    mandate,
    not_competent,
    resolve,
    revoke,
    see,
    send,
    sent_case,
    take,
    withdraw,
)
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
VIEWERS = ("aline", "adam", "chloe", "bruno", "marc", "basile", "bertille", "camille", "colette", "denis")


@pytest.fixture
def sessions(cast: Cast) -> dict[str, UUID]:
    return {who: session(cast, who) for who in VIEWERS}


def session(cast: Cast, who: str, ended_at: datetime | None = None) -> UUID:
    row = AuthSession(
        id=new_id(), created_at=NOW, account_id=getattr(cast, who), token_hash=new_id().bytes * 2,
        last_seen_at=NOW, expires_at=NOW + timedelta(hours=12), ended_at=ended_at,
    )  # fmt: skip
    with acting(ByNobody(), at=NOW) as work:
        work.session.add(row)
    return row.id


def viewpoints(case_id: UUID, sessions: dict[str, UUID]) -> dict[str, Viewpoint]:
    with reading(ByNobody(), at=NOW) as work:
        found = audience.viewpoints(work, case_id, frozenset(sessions.values()))
    return {who: found[id_] for who, id_ in sessions.items() if id_ in found}


def test_each_as_what_they_are(cast: Cast, sessions: dict[str, UUID]) -> None:
    case_id = sent_case(cast, (CAF, CPAM), ("carsat",))
    invite(cast, "bruno", case_id, "camille")
    take(cast, "bruno", case_id)
    found = viewpoints(case_id, sessions)
    assert {who: view.side for who, view in found.items()} == {
        **dict.fromkeys(("aline", "adam"), Side.AIDANT),
        **dict.fromkeys(("bruno", "marc", "basile", "bertille", "camille"), Side.AGENT),
    }
    caf, nothing = frozenset({cast.groups[CAF]}), frozenset[UUID]()
    assert (found["bruno"].own, found["bruno"].assigned) == (caf, caf)
    assert (found["marc"].own, found["marc"].assigned) == (caf, nothing)
    assert found["camille"].own == frozenset()
    assert Action.CLOSE in found["aline"].rights
    assert Action.CLOSE not in found["bruno"].rights


def test_who_ended_left_or_never_was_there(cast: Cast, sessions: dict[str, UUID]) -> None:
    case_id = sent_case(cast, (CAF, CPAM))
    ended = session(cast, "bruno", ended_at=NOW)
    leave(cast, "adam", GUISE)
    withdraw(cast, case_id, CPAM)
    assert set(viewpoints(case_id, {**sessions, "ended": ended})) == {"aline", "bruno", "marc"}
    assert viewpoints(new_id(), sessions) == {}
    assert viewpoints(draft(cast), sessions).keys() == {"aline"}


def test_those_who_share_a_viewpoint_see_the_same(cast: Cast, sessions: dict[str, UUID]) -> None:
    join(cast, "chloe", GUISE, Side.AIDANT)
    join(cast, "chloe", CAF, Side.AGENT)  # on both sides
    steps: tuple[Callable[[UUID], object], ...] = (
        lambda id_: invite(cast, "bruno", id_, "camille"),
        lambda id_: take(cast, "bruno", id_),
        lambda id_: ask(cast, "basile", id_, CPAM),
        lambda id_: resolve(cast, "marc", id_),
        lambda id_: not_competent(cast, "bertille", id_, CPAM),
        lambda id_: revoke(cast, mandate_id),
        lambda id_: close(cast, id_),
    )
    case_id = draft(cast, (CAF, CPAM), ("carsat",))
    mandate_id = mandate(cast, case_id)
    send(cast, case_id)
    shared = 0
    for step in steps:
        step(case_id)
        alike: dict[Viewpoint, list[views.CaseView]] = defaultdict(list)
        for who, viewpoint in viewpoints(case_id, sessions).items():
            with see(cast, who) as work:
                alike[viewpoint].append(replace(views.case(work, case_id), read_seq=0))
        for seen in alike.values():
            assert all(one == seen[0] for one in seen)
            shared += len(seen) - 1
    assert shared


def test_one_s_own_page_says_every_right_one_holds(cast: Cast) -> None:
    join(cast, "marc", GUISE, Side.AIDANT)
    said = {}
    for who in ("marc", "denis"):
        with see(cast, who) as work:
            said[who] = people.profile(work)
    assert (said["marc"].name, said["marc"].email) == ("Marc Dubois", "marc@demo.example")
    assert said["marc"].roles == ("CAF – Aisne, Agent+, responsable", "France Services de Guise, Aidant+")
    assert said["denis"].roles == ("Administrateur",)


def test_the_lists_that_filters_offer(cast: Cast) -> None:
    with see(cast, "aline") as work:
        assert reference.themes(work)[0] == ("papiers", "Papiers et titres")
        operators = dict(reference.operators(work))
        choices = dict(reference.organization_choices(work, cast.groups[CAF]))
    assert (operators["caf"], len(operators)) == ("CAF", 8)
    assert "ccas" not in operators
    assert choices[str(cast.organizations["urssaf"])] == "URSSAF"
    assert str(cast.organizations["france_services"]) not in choices
    assert str(cast.organizations["caf"]) not in choices  # one's own is not better placed than oneself
