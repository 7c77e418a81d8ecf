"""«Boîte d’essai» in a browser: found from the banner, answered with one press, usable by everybody."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from app import outbox
from app.phones import phone_key, shown
from app.work import ByNobody, acting
from models.enums import Channel, MandateStatus, MandateWay
from models.mandate import Mandate
from tests.app import scenes
from tests.browser import SignIn
from tests.journeys.screens import arrived, press
from tests.journeys.stage import Stage, stage
from tests.journeys.test_accessibility import Look, look
from tests.journeys.test_touch import Fingers, fingers

__all__ = ["fingers", "look", "stage"]
pytestmark = pytest.mark.browser

PHONE = "+33612345699"


def test_a_mandate_is_consented_to_from_the_box(
    sign_in: SignIn, stage: Stage, look: Look, fingers: Fingers
) -> None:
    now = datetime.now(UTC)
    mandate_id = scenes.present(stage.cast, scenes.draft(stage.cast, at=now), at=now)
    with acting(ByNobody(), at=now) as work:
        row = work.session.get_one(Mandate, mandate_id)
        row.way, row.contact, row.phone_key = (
            MandateWay.SMS_REPLY,
            {"phone": PHONE, "capacity": "self"},
            phone_key(work.vault, PHONE),
        )
        text = "France Services de Guise vous demande votre accord. Répondez OUI ou NON."
        outbox.put(work, Channel.SMS, "mandate-ask", PHONE, text, dedupe_key=str(mandate_id), about=mandate_id)
    page = sign_in("aline@demo.example")
    page.get_by_role("link", name="Boîte d’essai").click()
    arrived(page)
    phone = page.get_by_role("region", name=f"Téléphone {shown(PHONE)}")
    expect(phone).to_contain_text("Répondez OUI ou NON.")
    expect(phone).not_to_contain_text("En attente")
    look.at(page, "Boîte d’essai")
    fingers.at(page)
    press(phone, "Répondre OUI")
    expect(phone.locator(".from-person .said-there")).to_have_text("OUI")
    assert scenes.mandate_row(mandate_id).status is MandateStatus.CONSENTED
