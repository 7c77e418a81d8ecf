"""Views that somebody keeps: their own only, twenty at most, encrypted, nothing forged, counted like others."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from app import saved_views
from app.errors import Conflict, Invalid, NotFound, Refusal
from app.events import PreferencesChanged
from app.queries import lists
from app.queries.lists import Filter
from app.queries.order import Order
from app.queries.views import View
from app.work import ByNobody, reading
from models.base import new_id
from tests.app.scenes import CAF, CPAM, act, say, see, sent_case, take
from tests.conftest import NOW, Cast

pytestmark = pytest.mark.usefixtures("database")
URGENT = Filter(View.TO_DO, "logement", "caf", True, "kaddour", Order.DUE)


def names(cast: Cast, who: str) -> list[str]:
    with see(cast, who) as work:
        return [one.name for one in saved_views.own(work)]


@pytest.mark.every_engine
def test_a_view_is_found_again_as_it_was_and_by_its_person_only(cast: Cast) -> None:
    with act(cast, "bruno") as work:
        view_id = saved_views.keep(work, "  Les \n urgentes ", URGENT)
        assert work.signals == [PreferencesChanged(cast.bruno)]
    with see(cast, "bruno") as work:
        assert saved_views.find(work, view_id) == saved_views.Kept(view_id, "Les urgentes", URGENT)
    for who in ("marc", "aline", "denis"):
        assert names(cast, who) == []
        changes: list[Any] = [
            lambda work: saved_views.find(work, view_id),
            lambda work: saved_views.rename(work, view_id, "À moi"),
            lambda work: saved_views.move(work, view_id, up=True),
            lambda work: saved_views.remove(work, view_id),
        ]
        for change in changes:
            with pytest.raises(NotFound), act(cast, who) as work:
                change(work)
    with pytest.raises(NotFound), see(cast, "bruno") as work:
        saved_views.find(work, new_id())
    assert names(cast, "bruno") == ["Les urgentes"]


def test_what_it_shows_is_not_read_in_the_database(cast: Cast) -> None:
    with act(cast, "bruno") as work:
        saved_views.keep(work, "Une famille", URGENT)
    with reading(ByNobody()) as work:
        (stored,) = work.session.execute(text("SELECT shown FROM saved_view")).scalars()
    assert b"kaddour" not in bytes(stored)
    assert b"words" not in bytes(stored)


@pytest.mark.parametrize(
    "forged",
    [
        {"theme": "x"}, {"theme": 3}, {"theme": "logement' OR 1=1"}, {"organization": "x"}, {"urgent": "oui"},
        {"urgent": 1}, {"sort": "echeance"}, {"view": "a-faire"}, {"view": View.TO_REDIRECT},
        {"words": "x" * 101}, {"words": None}, {"words": ["kaddour"]},
    ],
    ids=str,
)  # fmt: skip
def test_what_no_list_shows_is_not_kept(cast: Cast, forged: dict[str, Any]) -> None:
    """An agent has no view «À réorienter»: it is the aidants' own."""
    with pytest.raises(Invalid), act(cast, "bruno") as work:
        saved_views.keep(work, "Faux", replace(URGENT, **forged))
    assert names(cast, "bruno") == []


@pytest.mark.parametrize("name", ["", "  \n", "x" * 61, None, 3, ["x"]], ids=str)
def test_a_name_is_a_line(cast: Cast, name: Any) -> None:
    with act(cast, "bruno") as work:
        view_id = saved_views.keep(work, "x" * 60, Filter())
    for change in (
        lambda work: saved_views.keep(work, name, Filter()),
        lambda work: saved_views.rename(work, view_id, name),
    ):
        with pytest.raises(Invalid) as refused, act(cast, "bruno") as work:
            change(work)
        assert set(refused.value.fields) == {"name"}


def test_two_views_have_two_names(cast: Cast) -> None:
    with act(cast, "bruno") as work:
        saved_views.keep(work, "Été", Filter())
        other = saved_views.keep(work, "Hiver", Filter())
    for change in (
        lambda work: saved_views.keep(work, "été", Filter()),
        lambda work: saved_views.rename(work, other, "ÉTÉ"),
    ):
        with pytest.raises(Invalid, match="déjà une vue de ce nom"), act(cast, "bruno") as work:
            change(work)
    with act(cast, "bruno") as work:
        saved_views.rename(work, other, "hiver")
    with act(cast, "marc") as work:
        saved_views.keep(work, "Été", Filter())
    assert names(cast, "bruno") == ["Été", "hiver"]


def test_twenty_at_most(cast: Cast) -> None:
    with act(cast, "bruno") as work:
        ids = [saved_views.keep(work, f"Vue {n}", Filter()) for n in range(20)]
    with pytest.raises(Conflict, match="déjà 20"), act(cast, "bruno") as work:
        saved_views.keep(work, "Une de plus", Filter())
    with act(cast, "bruno") as work:
        saved_views.remove(work, ids[3])
        saved_views.keep(work, "À sa place", Filter())
    assert len(names(cast, "bruno")) == 20
    assert names(cast, "bruno")[-1] == "À sa place"


def test_they_move_among_each_other(cast: Cast) -> None:
    with act(cast, "bruno") as work:
        a, b, c = (saved_views.keep(work, name, Filter()) for name in "abc")
    orders = []
    for view_id, up in ((c, True), (a, False), (a, False), (a, False), (b, True), (c, True), (c, True)):
        with act(cast, "bruno") as work:
            saved_views.move(work, view_id, up=up)
        orders.append("".join(names(cast, "bruno")))
    assert orders == ["acb", "cab", "cba", "cba", "bca", "cba", "cba"]


def test_who_has_no_account_keeps_nothing() -> None:
    with pytest.raises(Refusal), reading(ByNobody()) as work:
        saved_views.keep(work, "Personne", Filter())


@pytest.mark.every_engine
def test_they_are_counted_as_their_list_is_long(cast: Cast) -> None:
    one = sent_case(cast, (CAF, CPAM), urgent="oui", urgency_reason="Expulsion")
    two = sent_case(cast, (CAF,), theme="sante")
    sent_case(cast, (CPAM,))
    take(cast, "bruno", one)
    say(cast, "aline", two, at=NOW + timedelta(hours=1))
    kept = [
        Filter(), Filter(urgent=True), Filter(View.TO_DO, "sante"), Filter(View.LATE, organization="cpam"),
        Filter(View.UNREAD), Filter(View.CLOSED), Filter(words="kaddour"), Filter(sort=Order.DUE),
    ]  # fmt: skip
    for who, everything in (("bruno", 2), ("aline", 3)):
        with act(cast, who) as work:
            for number, shown in enumerate(kept):
                saved_views.keep(work, f"Vue {number}", shown)
        with see(cast, who, NOW + timedelta(days=6)) as work:
            own = saved_views.own(work)
            counts = saved_views.counts(work, own)
            assert counts[5:7] == (None, None)
            for view, count in zip(own, counts, strict=True):
                if count is not None:
                    assert count == len(lists.page(work, view.shown).rows), (who, view.name)
            assert (counts[0], counts[1]) == (everything, 1)
            assert saved_views.counts(work, ()) == ()
