"""How one says «in» a département."""

from __future__ import annotations

import pytest

from app.departements import DEPARTEMENTS, within


@pytest.mark.parametrize(
    ("code", "words"),
    [
        ("02", "dans l’Aisne"), ("59", "dans le Nord"), ("75", "à Paris"), ("2A", "en Corse-du-Sud"),
        ("73", "en Savoie"), ("40", "dans les Landes"), ("67", "dans le Bas-Rhin"), ("68", "dans le Haut-Rhin"),
        ("34", "dans l’Hérault"), ("87", "dans la Haute-Vienne"), ("89", "dans l’Yonne"),
        ("974", "à La Réunion"),
        ("972", "en Martinique"), ("90", "dans le Territoire de Belfort"), ("", ""), ("20", ""),
    ],
)  # fmt: skip
def test_within(code: str, words: str) -> None:
    assert within(code) == words


def test_each_has_its_words() -> None:
    assert all(within(code).endswith(name) for code, name in DEPARTEMENTS.items())
