"""The search field of the dashboard: what is found, why, where it looks, and what stands in no address."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from pages.components.fragment import Fragment
from pages.components.search import Search
from tests.app.scenes import CAF, close, note, sent_case
from tests.conftest import Cast
from tests.pages.test_screens import Tab
from tests.pages.test_screens import tab as tab

pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)


async def look_for(tab: Tab, words: str) -> str:
    (field,) = tab.all(Search)
    await tab.fire(field, "words", words)
    return shown_by(tab)


def shown_by(tab: Tab) -> str:
    """What the page says, its no-break spaces as spaces."""
    return tab.shown.replace("\\xa0", " ").replace("\xa0", " ")


async def test_words_are_found_everywhere_or_in_the_view_only(tab: Tab, cast: Cast) -> None:
    at = datetime.now(UTC)
    case_id = sent_case(cast, (CAF,), at=at, subject="APL <b>jamais</b> versée")
    closed = sent_case(cast, (CAF,), at=at, subject="APL versée en retard")
    note(cast, "bruno", case_id, "Un trop-perçu <i>zinzolin</i>.", at=at)
    close(cast, closed, at=at)
    await tab.sign_in("bruno")
    await tab.user.open("/demandes?vue=toutes")

    shown = await look_for(tab, "ZINZOL")
    assert "&lt;i&gt;<mark>zinzolin</mark>&lt;/i&gt;" in shown
    assert "Note de Bruno" in shown
    assert "1 demande contient « ZINZOL »" in shown
    assert f"/demandes/{case_id}?vue=toutes&amp;ligne=" in shown
    assert "mots=" not in shown

    shown = await look_for(tab, "kaddour versee")
    assert "2 demandes contiennent" in shown
    assert "Nom : Samira <mark>Kaddour</mark>" in shown
    here = next(one for one in tab.all(Fragment) if 'data-act="here"' in one.content)
    await tab.fire(here, "act", {"act": "here", "number": 1})
    assert "1 demande de cette vue contient" in shown_by(tab)
    shown = await look_for(tab, "nulle part")
    assert "Aucune demande de cette vue ne contient « nulle part »." in shown
    shown = await look_for(tab, "")
    assert "<mark>" not in shown

    await tab.sign_in("aline")
    await tab.user.open("/demandes?vue=toutes")
    shown = await look_for(tab, "zinzol")
    assert "Aucune demande ne contient « zinzol »." in shown
    assert "zinzolin" not in shown
