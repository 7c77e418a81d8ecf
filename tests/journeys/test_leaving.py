"""An agent leaves with three open cases: the consequences first, two to a colleague, one to the group."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect

from models.enums import Side
from tests.app import scenes
from tests.app.scenes import CAF
from tests.browser import SignIn, axe
from tests.journeys.screens import follow, organization, press, row, thread
from tests.journeys.stage import Stage, stage

__all__ = ["stage"]
pytestmark = pytest.mark.browser
SUBJECTS = [f"Attestation attendue depuis le départ, {n}" for n in ("un", "deux", "trois")]


def test_an_agent_leaves_with_three_open_cases(sign_in: SignIn, stage: Stage) -> None:
    """Pascal helps at the CAF for a while, beside his own group; Marc, its responsable, takes him out of it."""
    scenes.join(stage.cast, "pascal", CAF, Side.AGENT)
    made = [stage.case(subject=subject) for subject in SUBJECTS]
    for case_id in made:
        scenes.take(stage.cast, "pascal", case_id, CAF, datetime.now(UTC))
    pascal = sign_in("pascal@demo.example", f"/demandes/{made[0]}")
    aline = sign_in("aline@demo.example", f"/demandes/{made[2]}")
    marc = sign_in("marc@demo.example", "/compte")
    expect(organization(aline, CAF)).to_contain_text("Pascal L.")

    follow(marc.get_by_role("link", name="Voir le groupe"))
    expect(marc.locator(".drafts li", has_text="Pascal Lemoine")).to_contain_text("3 demandes en charge")
    assert axe(marc) == []
    follow(marc.get_by_role("link", name="Retirer du groupe : Pascal Lemoine"))
    leaving = marc.locator(".leaving")
    for subject in SUBJECTS:
        expect(leaving.get_by_role("link", name=subject)).to_be_visible()
    press(marc, "Retirer du groupe")
    expect(leaving).to_contain_text("Choisissez à qui passer, ou rendez au groupe.")
    marc.get_by_label("À qui passer ces demandes").select_option("Choisir pour chaque demande")
    for subject, whom in zip(SUBJECTS, ("Bruno Carlier", "Bruno Carlier", "Au groupe"), strict=True):
        chosen = marc.get_by_label(f"À qui passer « {subject} »")
        chosen.select_option(chosen.locator("option", has_text=whom).text_content())
    assert axe(marc) == []
    press(leaving, "Retirer du groupe")

    expect(marc.get_by_role("heading", name="Membres")).to_be_visible()
    expect(marc.get_by_text("Pascal Lemoine")).to_have_count(0)
    expect(pascal.get_by_text("Cette page n’existe pas, ou vous n’y avez pas accès.")).to_be_visible()
    expect(row(pascal, SUBJECTS[0])).to_have_count(0)
    expect(thread(aline)).to_contain_text("rend la demande au groupe : elle attend quelqu’un")
    expect(organization(aline, CAF)).not_to_contain_text("Pascal L. ·")
    row(aline, SUBJECTS[0]).click()
    expect(thread(aline)).to_contain_text(
        "confie à Bruno Carlier la demande d’une personne qui quitte le groupe"
    )
    expect(organization(aline, CAF)).to_contain_text("Bruno C.")
