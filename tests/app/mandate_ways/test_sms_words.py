"""What is said by SMS: plain letters that count once, nothing of the person nor of the case."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from uuid import UUID

import pytest

from app.mandate_ways.sms_words import code_text, initials, question_text
from app.sms.gsm import is_gsm, parts, to_gsm
from tests.app.mandate_ways.giving import ask, send, sms
from tests.app.scenes import DESCRIPTION, draft, present
from tests.conftest import Cast

UNTIL = datetime(2027, 2, 1, 8, 30, tzinfo=UTC)
STRUCTURES = (
    "France Services de Guise", "Maison de l’Économie – Œuvre d’Être [Nord] 😀",
    "Centre communal d’action sociale de Saint-Étienne-du-Rouvray et des communes voisines", "x" * 120,
)  # fmt: skip
NIR = "2870702123456"


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_code_fits_into_one_sms(structure: str) -> None:
    text = to_gsm(code_text("004217", structure))
    assert text.startswith("004217 est votre code ")
    assert parts(text) == 1


@pytest.mark.parametrize("structure", STRUCTURES)
def test_a_question_says_who_for_whom_to_whom_until_when_and_how_to_answer(structure: str) -> None:
    text = to_gsm(question_text(structure, "Mme Samira Kaddour", ("CAF", "France Rénov’"), UNTIL))
    for words in (
        "(S. K.)",
        "CAF, France Rénov'",
        "1er février 2027",
        "Répondez OUI",
        "NON pour refuser",
        "STOP",
    ):
        assert words in text
    assert parts(text) <= 3


@pytest.mark.parametrize(
    ("holder", "expected"),
    [
        ("Mme Samira Kaddour", "S. K."), ("M. Jean-Paul Élan", "J. P. É."), ("M. et Mme Luc Petit", "L. P."),
        ("Ω Ωmega", "Ω. Ω."), ("(?) Durand", "D."),
    ],
)  # fmt: skip
def test_initials(holder: str, expected: str) -> None:
    assert initials(holder) == expected


@pytest.mark.usefixtures("database")
def test_nothing_personal_leaves(cast: Cast) -> None:
    """A case as full as can be; the SMS of both ways hold none of it."""
    case_id = draft(cast, also=("msa",), guess=NIR, description=f"{DESCRIPTION} NIR {NIR}")
    mandate_id: UUID = present(cast, case_id)
    send(cast, mandate_id)
    ask(cast, mandate_id)
    texts = [str(one.content["text"]) for one in sms(mandate_id)]
    assert len(texts) == 2
    for text in texts:
        assert is_gsm(text)
        for personal in (
            "Kaddour",
            "Samira",
            "1987",
            "03/07",
            "juillet",
            "APL",
            "aout",
            "Logement",
            "0612",
            NIR,
        ):
            assert personal.lower() not in text.lower()
        assert not re.search(r"\d{7,}|https?:", text)
