"""The screens of a mandate without a browser: what each state offers, says, and asks before it acts."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from sqlalchemy import select
from sqlmodel import col

from app import mandates
from app.work import ByNobody, reading
from models.enums import MandateStatus
from models.mandate import Mandate
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.press import Press
from tests.app import scenes
from tests.app.scenes import mandate_row
from tests.conftest import Cast
from tests.pages.test_screens import Tab, tab
from tests.pages.test_trial_box import until

__all__ = ["tab"]
pytestmark = pytest.mark.parametrize("engine", ["sqlite"], indirect=True)
AGAIN = "Faire signer un nouveau mandat"
ACCEPT = "Accepter au nom de France Services de Guise"
RECEIPT = "Remettre un reçu à la personne"


def now() -> datetime:
    return datetime.now(UTC)


def mandates_of(case_id: UUID) -> list[Mandate]:
    with reading(ByNobody()) as work:
        query = select(Mandate).where(col(Mandate.case_id) == case_id).order_by(col(Mandate.id))
        return list(work.session.scalars(query))


def offered(tab: Tab) -> set[str]:
    return {one.words for one in tab.all(Press)}


def look_of(tab: Tab, words: str) -> str:
    return " ".join(tab.press(words).classes)


def fifth(case_id: UUID) -> str:
    return f"/demandes/nouvelle?brouillon={case_id}&etape=5"


def refuse(cast: Cast, mandate_id: UUID) -> None:
    with scenes.act(cast, "aline", now()) as work:
        mandates.refuse(work, mandate_id)


async def test_near_its_term_a_new_one_is_offered_and_the_old_one_holds(tab: Tab, cast: Cast) -> None:
    fresh, old = (scenes.sent_case(cast, at=now() - timedelta(days=days)) for days in (0, 175))
    (first,), (ending,) = mandates_of(fresh), mandates_of(old)
    await tab.sign_in("aline")
    await tab.user.open(f"/mandats/{first.id}")
    assert AGAIN not in offered(tab)
    await tab.user.open(f"/demandes/{old}")
    assert AGAIN in tab.shown
    await tab.user.open(f"/mandats/{ending.id}")
    assert "Celui-ci reste en vigueur jusqu’à son acceptation." in tab.shown
    assert 'data-way="paper"' in tab.shown
    assert await tab.fire(tab.press(AGAIN), "press") == ""
    _, new = mandates_of(old)
    assert (new.amends_id, new.status) == (ending.id, MandateStatus.PRESENTED)
    assert mandate_row(ending.id).status is MandateStatus.ACTIVE
    await tab.user.open(f"/mandats/{ending.id}")
    assert AGAIN not in offered(tab)
    assert f"/mandats/{new.id}" in tab.shown
    await tab.sign_in("bruno")
    await tab.user.open(f"/mandats/{ending.id}")
    assert f"/mandats/{new.id}" not in tab.shown


async def test_the_open_case_tells_that_the_person_has_agreed(tab: Tab, cast: Cast) -> None:
    case_id = scenes.sent_case(cast, at=now())
    await tab.sign_in("aline")
    await tab.user.open(f"/demandes/{case_id}")
    assert "Voir le nouveau mandat" not in tab.facts().content
    new = scenes.present(cast, case_id, at=now())
    await until(lambda: "Présenté à la personne" in tab.facts().content)
    scenes.consent(cast, new, at=now())
    await until(lambda: "Accord donné" in tab.facts().content)
    assert f"/mandats/{new}" in tab.facts().content


async def test_to_give_a_mandate_up_is_asked_first(tab: Tab, cast: Cast) -> None:
    mandate_id = scenes.present(cast, scenes.draft(cast, at=now()), at=now())
    await tab.sign_in("aline")
    await tab.user.open(f"/mandats/{mandate_id}")
    await tab.fire(tab.press("Abandonner ce mandat"), "press")
    assert mandate_row(mandate_id).status is MandateStatus.PRESENTED
    (dialog,) = tab.all(Dialog)
    asked = next(one for one in dialog.descendants() if isinstance(one, Press) and one.words != "Annuler")
    assert await tab.fire(asked, "press") == ""
    assert mandate_row(mandate_id).status is MandateStatus.RENOUNCED


async def test_the_receipt_is_a_press_away_once_accepted(tab: Tab, cast: Cast) -> None:
    case_id = scenes.draft(cast, at=now())
    scenes.consent(cast, scenes.present(cast, case_id, at=now()), at=now())
    await tab.sign_in("aline")
    await tab.user.open(fifth(case_id))
    assert await tab.fire(tab.press(ACCEPT), "press") == ""
    assert "Transmettre la demande" in offered(tab)
    await tab.fire(tab.press(RECEIPT), "press")
    assert [one.props["title"] for one in tab.all(Dialog)] == [RECEIPT]


async def test_who_has_refused_is_not_pressed(tab: Tab, cast: Cast) -> None:
    case_id = scenes.draft(cast, at=now())
    await tab.sign_in("aline")
    await tab.user.open(fifth(case_id))
    assert "Tournez l’écran" in tab.shown
    refuse(cast, scenes.present(cast, case_id, at=now()))
    await tab.user.open(fifth(case_id))
    assert "Si elle change d’avis, faites signer un nouveau mandat." in tab.shown
    assert "Tournez l’écran" not in tab.shown
    assert "primary" not in look_of(tab, AGAIN)
    with scenes.act(cast, "aline", now()) as work:
        mandates.renounce(work, mandates.present(work, case_id))
    await tab.user.open(fifth(case_id))
    assert "Ce mandat a été abandonné." in tab.shown
    assert "primary" in look_of(tab, AGAIN)


async def test_by_sms_the_text_is_read_aloud_first(tab: Tab, cast: Cast) -> None:
    mandate_id = scenes.present(cast, scenes.draft(cast, at=now()), at=now())
    await tab.sign_in("aline")
    await tab.user.open(f"/mandats/{mandate_id}/sms?facon=reponse")
    assert "Lisez d’abord ce texte à la personne" in tab.shown


@pytest.mark.parametrize("screen", ["sms", "existant", "temoin"])
async def test_a_screen_that_comes_too_late_says_why(tab: Tab, cast: Cast, screen: str) -> None:
    said = {}
    await tab.sign_in("aline")
    for state in ("consented", "active", "refused", "revoked", "renounced", "superseded"):
        case_id = scenes.draft(cast, at=now())
        mandate_id = scenes.present(cast, case_id, at=now())
        if state in ("consented", "active", "revoked"):
            scenes.consent(cast, mandate_id, at=now())
        if state == "active":
            scenes.accept(cast, mandate_id, at=now())
        elif state == "refused":
            refuse(cast, mandate_id)
        elif state == "revoked":
            scenes.revoke(cast, mandate_id, at=now())
        elif state == "renounced":
            with scenes.act(cast, "aline", now()) as work:
                mandates.renounce(work, mandate_id)
        elif state == "superseded":
            scenes.present(cast, case_id, at=now())
        await tab.user.open(f"/mandats/{mandate_id}/{screen}")
        said[state] = next(sentence for sentence in WHY.values() if sentence in tab.shown)
    assert said == WHY


WHY = {
    "consented": "Il reste à l’accepter au nom de votre structure, en revenant à la demande.",
    "active": "Il n’y a plus rien à demander.",
    "refused": "La personne a refusé. Si elle change d’avis",
    "revoked": "La personne a annulé son accord. Si elle change d’avis",
    "renounced": "Votre structure a abandonné ce mandat.",
    "superseded": "Un nouveau mandat a remplacé celui-ci.",
}


async def test_the_aidant_chooses_for_whom_in_the_third_person(tab: Tab, cast: Cast) -> None:
    mandate_id = scenes.present(cast, scenes.draft(cast, at=now()), at=now())
    await tab.sign_in("aline")
    for screen in ("sms", "temoin", "existant"):
        await tab.user.open(f"/mandats/{mandate_id}/{screen}")
        (asked,) = (one for one in tab.all(Field) if one.label == "La personne donne son accord")
        assert "Pour elle-même ou lui-même" in json.dumps(asked.props["options"], ensure_ascii=False)
        assert "Pour moi-même" not in tab.shown
    scenes.consent(cast, mandate_id, at=now())
    await tab.user.open(f"/mandats/{mandate_id}")
    assert "Signature dessinée. Pour elle-même ou lui-même." in tab.shown
