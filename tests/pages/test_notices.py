"""The bell and its page: live, unread said in words, nothing of a case that one may not read."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.french import NBSP
from app.notify.notices import tell
from app.work import ByNobody, acting, reading
from models.account import Account
from models.enums import MailPace, NoticeKind
from models.organization import Group
from pages.components.field import Field
from pages.components.fragment import Fragment
from tests.app.notify.told import nothing_told, rows, unread
from tests.app.scenes import CAF, leave, say, take
from tests.conftest import Cast
from tests.pages.test_screens import Tab, made, tab
from tests.pages.test_trial_box import until

__all__ = ["tab"]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
SUBJECT = "APL non versée depuis août"


def listed(tab: Tab) -> str:
    return next(one.content for one in tab.all(Fragment) if "data-empty" in one.content)


async def test_the_bell_says_how_much_is_unread_and_the_page_what(tab: Tab, cast: Cast) -> None:
    case_id = made(cast)
    message_id = say(cast, "aline", case_id, at=datetime.now(UTC))
    await tab.sign_in("bruno")
    await tab.user.open("/notifications")
    frame = "".join(str(one.props.get("innerHTML", "")) for one in tab.client.elements.values())
    assert f'<span class="unseen">, 2{NBSP}non lues</span>' in frame
    said = listed(tab)
    assert SUBJECT in said
    assert f"Mme{NBSP}K." in said
    assert said.index(NoticeKind.MESSAGE.label) < said.index(NoticeKind.NEW_CASE.label), "the newest first"
    assert f"/demandes/{case_id}?ligne={message_id}" in said
    assert said.count("Non lu : ") == 2


async def test_read_one_then_all(tab: Tab, cast: Cast) -> None:
    first, second = made(cast), made(cast)
    say(cast, "aline", first, at=datetime.now(UTC))
    await tab.sign_in("bruno")
    await tab.user.open("/notifications")
    fragment = next(one for one in tab.all(Fragment) if "data-empty" in one.content)
    newest = max((row for row in rows() if row.account_id == cast.bruno), key=lambda one: one.created_at)
    refused = await tab.fire(fragment, "act", {"act": "read", "id": str(newest.id), "number": 1})
    assert refused == ""
    assert unread(cast)["bruno"] == ["new_case"]
    not_mine = next(row for row in rows() if row.account_id == cast.marc)
    assert await tab.fire(fragment, "act", {"act": "read", "id": str(not_mine.id), "number": 2})
    assert len(unread(cast)["marc"]) == 3
    await tab.fire(tab.press("Tout marquer comme lu"), "press", 1)
    assert set(unread(cast)) == {"marc"}
    assert "Non lu : " not in listed(tab)
    assert second


async def test_it_follows_what_happens(tab: Tab, cast: Cast) -> None:
    case_id = made(cast)
    nothing_told()
    await tab.sign_in("aline")
    await tab.user.open("/notifications")
    assert "Rien pour l’instant" in listed(tab)
    asked: list[str] = []
    tab.client.run_javascript = lambda code, **_: asked.append(code)  # type: ignore[assignment, method-assign]
    take(cast, "bruno", case_id, at=datetime.now(UTC))
    await until(lambda: 'aplusBell(1, "1", ", 1\\u00a0non lue")' in asked)


async def test_no_subject_of_a_case_that_may_not_be_read(tab: Tab, cast: Cast) -> None:
    case_id = made(cast)
    with acting(ByNobody(), at=datetime.now(UTC)) as work:
        tell(
            work, [cast.colette], NoticeKind.LATE_TO_COORDINATOR, key="late", case_id=case_id,
            group_id=cast.groups[CAF],
        )  # fmt: skip
    leave(cast, "bruno", CAF)
    for who, heading in (("colette", "CAF – Aisne"), ("bruno", "CAF – Aisne")):
        await tab.sign_in(who)
        await tab.user.open("/notifications")
        said = listed(tab)
        assert heading in said
        assert "ne vous est pas ouvert" in said
        assert SUBJECT not in said
        assert f"Mme{NBSP}K." not in said
        assert str(case_id) not in said
        assert "href" not in said


async def test_two_silences_of_a_group_are_told_apart(tab: Tab, cast: Cast) -> None:
    for key, since in (
        ("a", datetime(2026, 11, 2, 9, tzinfo=UTC)),
        ("b", datetime(2026, 11, 5, 9, tzinfo=UTC)),
    ):
        with acting(ByNobody(), at=datetime.now(UTC)) as work:
            tell(
                work, [cast.colette], NoticeKind.LATE_TO_COORDINATOR, key=key, group_id=cast.groups[CAF],
                departement="02", since=since.isoformat(),
            )  # fmt: skip
    await tab.sign_in("colette")
    await tab.user.open("/notifications")
    said = listed(tab)
    assert said.count("dans l’Aisne") == said.count("geste attendu depuis") == 2
    for day in (f"2{NBSP}novembre", f"5{NBSP}novembre"):
        assert day in said


async def test_pages_of_forty(tab: Tab, cast: Cast) -> None:
    case_id = made(cast)
    for _ in range(45):
        say(cast, "aline", case_id, at=datetime.now(UTC))
    await tab.sign_in("bruno")
    await tab.user.open("/notifications")
    assert listed(tab).count("Non lu : ") == 40
    await tab.fire(tab.press("Voir la suite"), "press", 1)
    assert listed(tab).count("Non lu : ") == 46
    assert not tab.press("Voir la suite").visible


async def test_the_pace_of_e_mails_and_the_mailbox_are_chosen_in_the_account(tab: Tab, cast: Cast) -> None:
    await tab.sign_in("bruno")
    await tab.user.open("/compte")
    assert not any("du groupe" in field.label for field in tab.all(Field)), "its responsable only"
    await tab.sign_in("marc")
    await tab.user.open("/compte")
    fields = {field.label: field for field in tab.all(Field)}
    await tab.fire(fields["Recevoir un e-mail"], "typed", "daily")
    box = fields["Adresse e-mail du groupe"]
    box.value = "pas une adresse"
    await tab.fire(tab.press("Enregistrer l’adresse"), "press", 1)
    assert box.error == "Écrivez l’adresse e-mail comme nom@exemple.fr."
    box.value = "caf@exemple.fr"
    await tab.fire(tab.press("Enregistrer l’adresse"), "press", 2)
    assert box.error == ""
    with reading(ByNobody()) as work:
        assert work.session.get_one(Account, cast.marc).mail_pace is MailPace.DAILY
        assert work.session.get_one(Group, cast.groups[CAF]).mailbox == "caf@exemple.fr"
