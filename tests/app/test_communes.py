"""Communes: what a few letters may mean, and the département that a name tells."""

from __future__ import annotations

import pytest

from app.communes import Commune, departement_of, matching
from app.departements import DEPARTEMENTS

OWN = (Commune("Saint-Algis", "02"), Commune("Guise", "02"))


def names(typed: str, near: str = "", own: tuple[Commune, ...] = ()) -> list[str]:
    return [one.name for one in matching(typed, near=near, own=own)]


@pytest.mark.parametrize(
    "typed", ["Saint-Quentin", "st quentin", "SAINT QUENTIN", "saint‑quen", " Saint-  quentin"]
)
def test_case_accents_and_shortenings_do_not_matter(typed: str) -> None:
    assert "Saint-Quentin" in names(typed, near="02")


def test_accents_may_be_left_out_or_added() -> None:
    assert "Étampes-sur-Marne" in names("etampes")
    assert "Étampes-sur-Marne" in names("étampes")
    assert "Guise" in names("guïse")


def test_those_of_the_structure_first_then_of_the_departement() -> None:
    assert names("saint", near="02", own=OWN)[0] == "Saint-Algis"
    assert {one.departement for one in matching("saint", near="02")[:2]} == {"02"}
    assert names("gui", near="02", own=OWN).count("Guise") == 1


def test_eight_at_most_and_nothing_below_two_letters() -> None:
    assert len(matching("saint")) == 8
    for typed in ("", "s", " ", "-", "l'"):
        assert names(typed) == []


def test_a_word_inside_the_name_is_found_after_those_that_begin_so() -> None:
    found = names("thierache", near="02")
    assert "Le Nouvion-en-Thiérache" in found
    assert names("zzzz") == []


@pytest.mark.parametrize(
    ("typed", "near", "code"),
    [
        ("Guise", "", "02"), ("guise", "59", "02"), ("Valserhône", "", "01"), ("Paris", "", "75"),
        ("lyon", "", "69"),
        ("Saint-Denis", "974", "974"), ("Saint-Denis", "93", "93"), ("Saint-Denis", "02", ""), ("", "02", ""),
        ("Nulle-Part-les-Bains", "02", ""), ("Guis", "", ""),
    ],
)  # fmt: skip
def test_the_departement_of_a_commune(typed: str, near: str, code: str) -> None:
    assert departement_of(typed, near=near) == code


def test_a_commune_of_ones_own_cases_counts_too() -> None:
    assert departement_of("saint algis") == ""
    assert departement_of("saint algis", own=OWN) == "02"


def test_the_list_is_of_known_departements_in_french_typography() -> None:
    every = [one for letter in ("saint", "la", "le", "de") for one in matching(letter)]
    assert {one.departement for one in every} <= set(DEPARTEMENTS)
    assert not any("'" in one.name for one in every)
