"""The alphabet of SMS: what French text becomes, and how many parts it makes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.sms.gsm import is_gsm, parts, to_gsm


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("Éric a été là où ça gèle", "Éric a été là où ca gèle"),
        ("D’accord, l‘autre", "D'accord, l'autre"),
        ("Répondez : OUI ou NON\u202f?", "Répondez : OUI ou NON ?"),
        ("«\u00a0oui\u00a0»", '"oui"'),
        ("âêîôûëïÿ ÂÊÎÔÛ", "aeiouëïÿ AEIOU".replace("ëïÿ", "eiy")),
        ("cœur, Œuvre, æ", "coeur, OEuvre, æ"),
        ("À Ç ç Ù È É", "A Ç c U E É"),
        ("10\u00a0€ – fin…", "10 € - fin..."),
        ("a\u0301 e\u0301", "a é"),
        ("👍 漢", "? ?"),
        ("Nuñez Müller Bjørn", "Nuñez Müller Bjørn"),
    ],
)
def test_what_french_becomes(text: str, sent: str) -> None:
    assert to_gsm(text) == sent
    assert is_gsm(sent)


@pytest.mark.parametrize("sign", ["ç", "ê", "’", "œ", "\u00a0", "À", "–", "😊", "ą"])
def test_what_is_not_of_the_alphabet(sign: str) -> None:
    assert not is_gsm(sign)


@pytest.mark.parametrize("sign", list("éèàùìòñüöäÉÇß€{}[]~|^\\@§¿\n"))
def test_what_is_of_it(sign: str) -> None:
    assert is_gsm(sign)
    assert to_gsm(sign) == sign


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 1), ("a" * 160, 1), ("a" * 161, 2), ("a" * 306, 2), ("a" * 307, 3), ("€" * 80, 1), ("€" * 81, 2),
        # The last place of the first part cannot hold an escaped sign: it moves to the next.
        ("a" * 152 + "€" + "a" * 152, 3), ("a" * 153 + "€" + "a" * 151, 2),
    ],
)  # fmt: skip
def test_how_many_parts(text: str, count: int) -> None:
    assert parts(text) == count


@given(st.text(max_size=200))
def test_everything_fits_once_turned(text: str) -> None:
    turned = to_gsm(text)
    assert is_gsm(turned)
    assert to_gsm(turned) == turned
