"""An administrator changes whom a procedure leads to, seeing it before; the next case follows."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from playwright.sync_api import expect
from sqlalchemy import update
from sqlmodel import col

from app.work import ByNobody, acting
from models.organization import ProcedureRule
from tests.app import scenes
from tests.browser import SignIn, axe, ready
from tests.journeys.screens import follow, press, said
from tests.journeys.stage import Stage, stage

__all__ = ["stage"]

pytestmark = pytest.mark.browser


@pytest.fixture
def restored(stage: Stage) -> Iterator[Stage]:
    """Give the stage, and afterwards the rule of the APL as it was: other journeys are told it."""
    yield stage
    organizations = stage.cast.organizations
    with acting(ByNobody(), at=datetime.now(UTC)) as work:
        for rank, code in enumerate(("caf", "msa")):
            this = col(ProcedureRule.organization_id) == organizations[code]
            of_apl = col(ProcedureRule.procedure_code) == "apl"
            work.session.execute(update(ProcedureRule).where(of_apl, this).values(rank=rank))


def test_a_rule_is_tried_then_kept_and_the_next_case_follows(sign_in: SignIn, restored: Stage) -> None:
    denis = sign_in("denis@demo.example")
    follow(denis.get_by_role("link", name="Administration", exact=True))
    follow(denis.get_by_role("link", name="Qualification", exact=True))
    follow(denis.get_by_role("link", name="Démarches", exact=True))
    assert axe(denis) == []
    follow(denis.get_by_role("link", name="Organismes APL", exact=True))
    trying = denis.get_by_role("region", name="Essai")
    expect(trying.get_by_role("listitem")).to_contain_text(["CAF – Aisne, 2 agents actifs", "MSA Picardie"])
    press(denis, "Descendre CAF")
    expect(trying).to_contain_text(
        "Pour la démarche «\u00a0APL\u00a0» et le blocage «\u00a0Absence de paiement\u00a0», dans l’Aisne"
    )
    expect(trying).to_contain_text("Après votre changement")
    expect(denis.get_by_role("button", name="Descendre CAF")).to_be_disabled()
    assert axe(denis) == []
    press(denis, "Enregistrer les organismes")
    expect(said(denis, "Les nouvelles demandes les suivent")).to_be_visible()
    expect(trying).not_to_contain_text("Après votre changement")

    case_id = scenes.draft(restored.cast, (), at=datetime.now(UTC))
    aline = sign_in("aline@demo.example")
    aline.goto(f"{aline.url.partition('/demandes')[0]}/demandes/nouvelle?brouillon={case_id}&etape=3")
    ready(aline)
    expect(aline.get_by_label("MSA Picardie – Aisne")).to_be_checked()
    expect(aline.get_by_label("CAF – Aisne")).not_to_be_checked()
    expect(aline.get_by_text("la démarche « APL » revient d’abord")).to_be_visible()
