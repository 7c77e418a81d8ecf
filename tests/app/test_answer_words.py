"""The variables of ready answers: a closed list, what each gives, and what is left to complete."""

from __future__ import annotations

import pytest

from app.answer_words import EXAMPLE, VARIABLES, checked, filled, holes
from app.errors import Invalid

NAMES = [one.name for one in VARIABLES]


def test_the_list_is_closed_and_each_has_its_example() -> None:
    assert NAMES == [
        "usager", "objet", "démarche", "structure", "aidant", "organisme", "échéance", "date", "moi",
        "mon groupe",
    ]  # fmt: skip
    assert all(EXAMPLE[name] and one.what for name, one in zip(NAMES, VARIABLES, strict=True))


@pytest.mark.parametrize("name", NAMES)
def test_each_is_filled_or_left_as_a_hole(name: str) -> None:
    text = f"Voici {{{name}}}, donc."
    assert checked(text) == text
    assert filled(text, {name: "la valeur"}) == "Voici la valeur, donc."
    assert filled(text, {}) == f"Voici [{name}\u00a0?], donc."
    assert holes(filled(text, {})) == (f"[{name}\u00a0?]",)
    assert holes(f"[{name} ?]") == (f"[{name}\u00a0?]",)  # as somebody would type it


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("{Echeance}", "{échéance}"), ("{ MON  GROUPE }", "{mon groupe}"), ("{ {moi}", "{ {moi}"), ("}", "}")],
)
def test_accents_and_capitals_are_put_right(typed: str, kept: str) -> None:
    assert checked(typed) == kept


@pytest.mark.parametrize("typed", ["{nom}", "{}", "{moi} et {prénom}", "{usager.nir}", "{usager!r}"])
def test_another_one_is_refused_in_words(typed: str) -> None:
    with pytest.raises(Invalid) as refused:
        checked(typed)
    assert "n’est pas une variable" in refused.value.fields["text"]


def test_a_value_is_not_read_again() -> None:
    assert filled("{objet}", {"objet": "{moi}", "moi": "Bruno"}) == "{moi}"


@pytest.mark.parametrize("text", ["", "[échéance]", "[à voir ?]", "{moi}", "[échéance\n?]"])
def test_what_is_no_hole(text: str) -> None:
    assert holes(text) == ()


def test_each_hole_is_named_once() -> None:
    assert holes("[date ?] [moi ?] [date\u00a0?]") == ("[date\u00a0?]", "[moi\u00a0?]")
