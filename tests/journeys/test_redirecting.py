"""A case refused by the CPAM as not theirs, and redirected to the MSA by the aidant in one tap."""

from __future__ import annotations

import pytest
from playwright.sync_api import expect

from tests.app.scenes import CPAM, MSA
from tests.browser import TABLET, SignIn, axe
from tests.journeys.screens import count, organization, other_gesture, press, row, thread
from tests.journeys.stage import Stage, stage

__all__ = ["stage"]
pytestmark = pytest.mark.browser
SUBJECT = "Cotisations agricoles lues comme un salaire"


def test_refused_by_one_and_sent_to_the_other(sign_in: SignIn, stage: Stage) -> None:
    case_id = stage.case(CPAM, also=("msa",), subject=SUBJECT)
    aline = sign_in("aline@demo.example", "/demandes?vue=a-reorienter")
    basile = sign_in("basile@demo.example", f"/demandes/{case_id}", viewport=TABLET)
    mathilde = sign_in("mathilde@demo.example")
    before = count(aline, "À réorienter")
    expect(row(aline, SUBJECT)).to_have_count(0)

    other_gesture(basile, "Mon organisme n’est pas compétent")
    dialog = basile.get_by_role("dialog", name="Mon organisme n’est pas compétent")
    dialog.get_by_label("Organisme mieux placé").select_option("MSA")
    expect(dialog).to_contain_text(f"L’aidant pourra transmettre la demande en un geste à : {MSA}.")
    press(dialog, "Mon organisme n’est pas compétent")

    row(aline, SUBJECT).click()  # it came by itself, in the view and in its count
    expect(aline.get_by_role("link", name="À réorienter").locator(".count")).to_contain_text(str(before + 1))
    expect(thread(aline)).to_contain_text(f"n’est pas compétent et propose {MSA}")
    expect(organization(aline, CPAM)).to_contain_text(f"Propose {MSA}")
    assert axe(aline) == []
    press(aline, f"Transmettre à {MSA}")

    expect(organization(aline, MSA).last).to_contain_text("Transmise")
    expect(aline.get_by_role("region", name="À qui transmettre")).to_have_count(0)
    expect(thread(basile)).to_contain_text(f"associe {MSA}")
    row(mathilde, SUBJECT).click()
    expect(mathilde.get_by_role("button", name="Je prends en charge")).to_be_visible()
    organization(aline, CPAM).get_by_text("Historique (2)").click()
    expect(organization(aline, CPAM)).to_contain_text("Organisme pas compétent")
    press(mathilde, "Je prends en charge")
    expect(organization(aline, MSA).last).to_contain_text("Mathilde G.")
    expect(organization(aline, CPAM)).to_contain_text("Organisme pas compétent")  # still unfolded
