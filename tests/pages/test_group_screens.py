"""The screens of a group: who enters, what is masked, what a forged choice may do, what comes by itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from app import absences
from app.references import reference
from app.work import ByNobody, reading
from models.account import Account
from models.base import new_id
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.fragment import Fragment
from pages.people.leaving import ONE_BY_ONE, TO_GROUP
from tests.app import scenes
from tests.app.scenes import CAF, CPAM, referral_rows
from tests.conftest import Cast
from tests.pages.test_screens import Tab, made, tab

__all__ = ["tab"]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
SUBJECT = "APL non versée depuis août"


def taken(cast: Cast, who: str = "bruno") -> UUID:
    case_id = made(cast)
    scenes.take(cast, who, case_id, at=datetime.now(UTC))
    return case_id


async def test_who_enters(tab: Tab, cast: Cast) -> None:
    group = f"/groupes/{cast.groups[CAF]}"
    found = {}
    for name in ("aline", "bruno", "basile", "marc", "colette", "denis"):
        await tab.sign_in(name)
        asked = (group, f"{group}/depart/{cast.bruno}", f"/comptes/{cast.bruno}/desactiver")
        found[name] = tuple([(await tab.user.http_client.get(path)).status_code for path in asked])
    assert found == {
        "aline": (404, 404, 403), "bruno": (404, 200, 403), "basile": (404, 404, 403),
        "marc": (200, 200, 403), "colette": (404, 404, 403), "denis": (200, 200, 200),
    }  # fmt: skip
    for path in (
        f"/groupes/{new_id()}",
        "/groupes/x",
        f"{group}/depart/{cast.basile}",
        "/comptes/x/desactiver",
    ):
        assert (await tab.user.http_client.get(path)).status_code == 404


async def test_a_forged_group_names_nobody(tab: Tab, cast: Cast) -> None:
    await tab.sign_in("bruno")
    for path, act, ids in (
        ("/compte", "declare_absence", {"id": str(cast.groups[CPAM])}),
        (f"/demandes/{made(cast)}", "pass", {"group": str(cast.groups[CPAM])}),
    ):
        await tab.user.open(path)
        heard = [one for one in tab.all(Fragment) if "act" in {on.type for on in one._event_listeners.values()}]
        assert heard
        for fragment in heard:
            await tab.fire(fragment, "act", {"act": act, **ids})
        assert not tab.all(Dialog)
        assert "Basile" not in tab.shown


async def test_each_finds_the_way_back(tab: Tab, cast: Cast) -> None:
    group = f"/groupes/{cast.groups[CAF]}"
    for name, path, back in (
        ("denis", group, "/administration/groupes"), ("marc", group, "/compte"),
        ("denis", f"{group}/depart/{cast.bruno}", group), ("bruno", f"{group}/depart/{cast.bruno}", "/compte"),
    ):  # fmt: skip
        await tab.sign_in(name)
        await tab.user.open(path)
        assert f'class="way-back" href="{back}"' in tab.shown, (name, path)


async def test_what_may_not_be_read_is_in_no_element(tab: Tab, cast: Cast) -> None:
    case_id = taken(cast)
    leaving = f"/groupes/{cast.groups[CAF]}/depart/{cast.bruno}"
    for name, reads in (("marc", True), ("denis", False)):
        await tab.sign_in(name)
        await tab.user.open(leaving)
        assert [words in tab.shown for words in (SUBJECT, "Mme\\xa0K.")] == [reads, reads]
        assert (reference(case_id) in tab.shown) != reads


async def test_what_else_ends_is_said(tab: Tab, cast: Cast) -> None:
    made(cast)
    scenes.leave(cast, "adam", scenes.GUISE)
    now = datetime.now(UTC)
    with scenes.act(cast, "denis", now) as work:
        days = [f"{now + timedelta(days=n):%d/%m/%Y}" for n in (1, 3)]
        absences.declare(
            work, cast.bruno, cast.groups[CAF], starts_on=days[0], ends_on=days[1], stand_in=cast.marc
        )
    await tab.sign_in("denis")
    await tab.user.open(f"/groupes/{cast.groups[CAF]}/depart/{cast.marc}")
    assert "Marc Dubois remplace Bruno Carlier jusqu’au" in tab.shown
    await tab.user.open(f"/groupes/{cast.groups[scenes.GUISE]}/depart/{cast.aline}")
    assert "Plus aucun Aidant+ actif ne restera" in tab.shown
    assert "sans personne pour les suivre" in tab.shown
    assert "tous ses Aidants+" not in tab.shown


async def test_a_forged_choice_hands_nothing_over(tab: Tab, cast: Cast) -> None:
    case_id = taken(cast)
    await tab.sign_in("marc")
    await tab.user.open(f"/groupes/{cast.groups[CAF]}/depart/{cast.bruno}")
    for forged in ("", "x", str(cast.basile), str(cast.bruno), ONE_BY_ONE, str(new_id())):
        to = tab.all(Field)[0]
        await tab.fire(to, "typed", forged)
        assert await tab.fire(tab.press("Retirer du groupe"), "press", None) != ""
    assert referral_rows(case_id)[CAF].assignee_id == cast.bruno
    (to,) = tab.all(Field)
    await tab.fire(to, "typed", TO_GROUP)
    assert await tab.fire(tab.press("Retirer du groupe"), "press", None) == ""
    assert referral_rows(case_id)[CAF].assignee_id is None


async def test_what_is_taken_meanwhile_comes_into_the_list(tab: Tab, cast: Cast) -> None:
    taken(cast)
    await tab.sign_in("denis")
    await tab.user.open(f"/groupes/{cast.groups[CAF]}/depart/{cast.bruno}")
    (to,) = tab.all(Field)
    await tab.fire(to, "typed", str(cast.marc))
    more = taken(cast)
    await tab.user.should_see("2\u00a0demandes en charge", retries=20)
    (to,) = tab.all(Field)
    assert to.value == ""  # what is new was not decided
    await tab.fire(to, "typed", str(cast.marc))
    assert await tab.fire(tab.press("Retirer du groupe"), "press", None) == ""
    assert referral_rows(more)[CAF].assignee_id == cast.marc


async def test_an_account_is_closed_once_its_work_has_a_place(tab: Tab, cast: Cast) -> None:
    case_id = taken(cast)
    await tab.sign_in("denis")
    await tab.user.open(f"/comptes/{cast.bruno}/desactiver")
    press = tab.press("Désactiver le compte")
    assert await tab.fire(press, "press", None) != ""
    (to,) = tab.all(Field)
    await tab.fire(to, "typed", str(cast.marc))
    assert await tab.fire(press, "press", None) == ""
    assert referral_rows(case_id)[CAF].assignee_id == cast.marc
    with reading(ByNobody()) as work:
        assert not work.session.get_one(Account, cast.bruno).is_active
