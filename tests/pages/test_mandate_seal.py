"""The mandate's page says in words whether its document is sealed, and how to verify it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from app.mandate_papers import SealView
from app.sealing.faults import FAULTS
from models.enums import SealLevel
from models.mandate import MandateDocument
from pages.components.mandate_seal import seal_section, seal_words

AT = datetime(2026, 11, 23, 9, 30, tzinfo=UTC)
CODE, SHORT = "7K3M9QXA7K3M9QXA", "ABCDEFGH"


@pytest.mark.parametrize("fault", FAULTS)
def test_what_is_missing_has_its_words(fault: str) -> None:
    assert len(fault) <= MandateDocument.__table__.c.seal_fault.type.length  # type: ignore[attr-defined]
    said = seal_words(SealView(CODE, SHORT, None, None, fault))
    assert said.startswith("Pas encore scellé\u00a0: ")
    assert said.endswith(".")


def test_a_seal_is_dated_and_a_trial_is_no_seal() -> None:
    said = seal_words(SealView(CODE, SHORT, SealLevel.STAMPED, AT, ""))
    assert said.replace("\u00a0", " ") == (
        "Scellé le 23 novembre 2026 à 10 h 30. Cachet électronique et horodatage."
    )
    assert "sans valeur" in seal_words(SealView(CODE, SHORT, SealLevel.TRIAL, AT, ""))


def test_it_gives_the_short_code_and_leads_to_the_verification() -> None:
    html = str(seal_section(SealView(CODE, SHORT, SealLevel.SEALED, AT, "")))
    assert f'href="/verifier/{CODE}"' in html
    assert "code ABCD-EFGH" in html
