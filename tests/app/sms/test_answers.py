"""What people really answer, and how it is understood. A consent is never guessed; a stop always is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sms.answers import read
from models.enums import SmsAnswer

YES = (
    "OUI", "oui", "Oui.", "oui!", "  oui  ", "Oui merci", "Oui merci beaucoup", "OUI MERCI !!!",
    "oui svp", "oui oui", "ouiii", "Ouiiiiii 😊", "ouais", "wi", "Ok", "OK", "okay", "ok 👍", "👍", "👍🏽",
    "👌", "✅", "D’accord", "d'accord", "D’ACCORD", "daccord", "d accord", "je suis d’accord",
    "oui d'accord merci", "j'accepte", "J’accepte", "Oui j’accepte", "oui je suis d'accord", "1", "1.",
    "1 merci", "Oui 1", "yes", "Yes!", "bonjour oui", "Bonjour, oui.", "pas de problème",
    "pas de soucis", "je veux bien", "c'est bon", "c bon", "ça marche", "bien sûr", "Tout à fait",
    "avec plaisir", "je confirme", "Je donne mon accord", "je vous donne mon accord", "ｏｕｉ", "oüi",
    "Oui\nMerci", "oui s’il vous plaît", "volontiers", "OUI, bonne journée",
)  # fmt: skip
NO = (
    "Non", "NON", "non.", "Non merci", "non merci !!", "nn", "nan", "no", "nooon", "non non",
    "je refuse", "Je refuse.", "2", "2.", "refus", "pas d’accord", "pas d'accord",
    "je ne suis pas d’accord", "je n’accepte pas", "j'accepte pas", "Non, je n’accepte pas",
    "je ne veux pas", "je veux pas", "je ne veux plus", "Bonjour non merci", "👎", "❌", "jamais",
    "pas ok", "hors de question",
)  # fmt: skip
STOP = (
    "STOP", "stop", "Stop.", "stop svp", "STOP SVP !", "stop !!!", "arret", "Arrêt", "ARRÊTEZ",
    "arrêtez", "arreter", "annuler", "Annuler svp", "annulez", "fin", "FIN", "oui stop", "ok stop merci",
    "stop oui", "non stop", "STOP SMS", "stop je ne veux plus rien", "Bonjour, stop à tout merci",
    "stop ?", "oui annulez", "je veux arrêter", "j’arrête", "🛑", "stooop", "S’il vous plaît arrêtez",
    "Stop mandat", "Annuler mon accord", "J’annule mon accord.", "je retire mon accord",
    "Je reprends mon accord", "je veux retirer mon mandat svp", "Bonjour, j'annule l'accord",
    "annulez le mandat",
)  # fmt: skip
UNCLEAR = (
    "", " ", "…", "?", "oui mais non", "oui ou non ?", "oui ?", "non ?", "c’est qui ?",
    "C'est quoi ce message ?", "qui êtes-vous", "1 ou 2", "12", "3", "oui mais je voudrais vous parler",
    "oui pour la CAF", "non oui", "ok non", "peut-être", "je ne sais pas", "je ne comprends pas",
    "merci", "Bonjour", "rappelez moi", "appelez-moi demain", "à la fin du mois",
    "je suis en arrêt maladie", "ne stoppez pas", "pas stop", "pas non", "accord", "mon accord",
    "je ne retire pas mon accord", "c’est quoi mon accord",
    "je veux", "😊", "wrong number", "mauvais numéro", "https://exemple.fr", "0612345678", "oui0",
    "je n'accepte", "Je ne valide", "je n autorise", "ok ？",
    "ouistiti", "nonante", "okapi", "👍👎", "si", "je vais réfléchir",
)  # fmt: skip
TABLE = [(text, kind) for kind, texts in zip(
    (SmsAnswer.YES, SmsAnswer.NO, SmsAnswer.STOP, SmsAnswer.UNCLEAR), (YES, NO, STOP, UNCLEAR), strict=True
) for text in texts]  # fmt: skip


def test_the_table_is_large_enough() -> None:
    assert len({text for text, _ in TABLE}) == len(TABLE) > 120


@pytest.mark.parametrize(("text", "kind"), TABLE)
def test_what_people_answer(text: str, kind: SmsAnswer) -> None:
    assert read(text) is kind


@pytest.mark.parametrize(("text", "kind"), TABLE)
def test_capitals_marks_and_spaces_change_nothing(text: str, kind: SmsAnswer) -> None:
    for variant in (text.upper(), text.lower(), f"\u00a0{text} ", f"{text}.", f"{text} !"):
        assert read(variant) is kind, variant


@given(st.text(max_size=200))
def test_any_text_has_an_answer_and_stop_wins(text: str) -> None:
    assert read(text) in SmsAnswer
    assert read(f"{text} stop") in (SmsAnswer.STOP, SmsAnswer.UNCLEAR)
    assert read(f"oui {text} non") is not SmsAnswer.YES
