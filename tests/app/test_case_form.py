"""The form of a new case, field by field: what is refused, with which sentence, and what comes through."""

from __future__ import annotations

from datetime import UTC, date, datetime
from itertools import product
from typing import Any
from uuid import UUID, uuid4

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.case_form import LISTS, TEXTS, Ready, clean, full_name, read
from app.errors import Invalid
from models.enums import Civility
from models.organization import Group
from tests.app.scenes import CAF, CPAM, GUISE, act, form, see
from tests.conftest import NOW, Cast

STEP = {
    "theme": 1, "blockage": 1, "procedure": 1, "urgent": 1, "urgency_reason": 1,
    "civility": 2, "first_name": 2, "last_name": 2, "born_on": 2, "commune": 2, "departement": 2, "phone": 2,
    "groups": 3, "also": 3, "subject": 4, "description": 4,
}  # fmt: skip
# field, what is typed, the beginning of the sentence
REFUSED: tuple[tuple[str, Any, str], ...] = (
    ("theme", "", "Choisissez le thème"),
    ("theme", "astrologie", "Choisissez le thème"),
    ("theme", "logement'; --", "Choisissez le thème"),
    ("blockage", "", "Choisissez ce qui bloque"),
    ("blockage", "logement", "Choisissez ce qui bloque"),
    ("procedure", "", "Choisissez la démarche"),
    ("procedure", "x" * 24, "Choisissez la démarche"),
    ("urgent", "", "Dites si la situation est urgente"),
    ("urgent", "yes", "Dites si la situation est urgente"),
    ("civility", "", "Choisissez une civilité"),
    ("civility", "duc", "Choisissez une civilité"),
    ("first_name", "", "Écrivez le prénom"),
    ("first_name", " \u00a0\n ", "Écrivez le prénom"),
    ("first_name", "\x00", "Écrivez le prénom"),
    ("first_name", "a" * 81, "C’est trop long"),
    ("last_name", "", "Écrivez le nom"),
    ("last_name", "a" * 300, "C’est trop long"),
    ("commune", "", "Écrivez la commune"),
    ("commune", "a" * 81, "C’est trop long"),
    ("departement", "", "Choisissez le département"),
    ("departement", "20", "Choisissez le département"),
    ("departement", "2a", "Choisissez le département"),
    ("departement", "02 ", "Choisissez le département"),
    ("phone", "demain", "Écrivez le numéro"),
    ("phone", "06 12", "Écrivez le numéro"),
    ("phone", "..........", "Écrivez le numéro"),
    ("phone", "06 12 34 56 78 poste 3", "Écrivez le numéro"),
    ("phone", "1" * 40, "Écrivez le numéro"),
    ("born_on", "", "Écrivez la date"),
    ("born_on", "hier", "Écrivez la date"),
    ("born_on", "31/02/1987", "Écrivez la date"),
    ("born_on", "07/23/1987", "Écrivez la date"),
    ("born_on", "3/7", "Écrivez la date"),
    ("born_on", "1987", "Écrivez la date"),
    ("born_on", "0/0/0", "Écrivez la date"),
    ("born_on", "19870703", "Écrivez la date"),
    ("born_on", "24/11/2026", "Une date de naissance est passée"),
    ("born_on", "01/01/1905", "Une date de naissance est passée"),
    ("groups", [], "Choisissez au moins un organisme"),
    ("groups", ["caf"], "Choisissez au moins un organisme"),
    ("groups", [str(UUID(int=0))], "Un organisme choisi"),
    ("also", [str(uuid4())], "Un organisme nommé"),
    ("subject", "", "Résumez"),
    ("subject", "  abc ", "Résumez"),
    ("subject", "x" * 121, "L’objet est trop long"),
    ("subject", "APL de Mme KADDOUR", "L’objet contient le nom « Kaddour »"),
    ("subject", "APL de samira non versée", "L’objet contient le nom « Samira »"),
    ("subject", "RSA 1 85 05 78 006 084 91", "L’objet contient un numéro de sécurité sociale"),
    ("subject", "APL, rappeler le 06 12 34 56 78", "L’objet contient un numéro de téléphone"),
    ("subject", "APL, écrire à s@exemple.fr", "L’objet contient une adresse e-mail"),
    ("subject", "RIB FR76 3000 6000 0112 3456 7890 189", "L’objet contient un IBAN"),
    ("description", "", "Expliquez la situation"),
    ("description", "Rien ne marche.", "Expliquez la situation"),
    ("description", "x" * 5_001, "Le texte est trop long"),
)  # fmt: skip


def ready(cast: Cast, steps: int = 5, at: datetime = NOW, **typed: Any) -> Ready:
    with see(cast, "aline", at) as work:
        return read(work, {**form(cast), **typed}, steps=steps)


def refusal(cast: Cast, steps: int = 5, at: datetime = NOW, **typed: Any) -> dict[str, str]:
    with pytest.raises(Invalid) as refused:
        ready(cast, steps, at, **typed)
    return refused.value.fields


@pytest.mark.usefixtures("database")
class TestRead:
    """On both engines: a form meets the lists and the groups that are stored."""

    def test_a_form_without_a_fault(self, cast: Cast) -> None:
        typed = form(cast, (CAF, CPAM), ("msa",), subject="  APL\n non  versée ", urgency_reason="tapé avant")
        got = ready(cast, **typed)
        assert [group.name for group in got.groups] == [CAF, CPAM]
        assert got.also == {cast.organizations["msa"]}
        assert (got.first_name, got.born_on, got.departement) == ("Samira", date(1987, 7, 3), "02")
        assert (got.subject, got.is_urgent, got.urgency_reason) == ("APL non versée", False, "")
        assert got.civility is Civility.MADAME

    def test_what_is_refused_with_which_sentence(self, cast: Cast) -> None:
        with see(cast, "aline") as work:
            for field, typed, sentence in REFUSED:
                with pytest.raises(Invalid) as refused:
                    read(work, {**form(cast), field: typed})
                assert refused.value.fields[field].startswith(sentence), (field, typed)

    def test_a_field_is_asked_from_its_own_step_on(self, cast: Cast) -> None:
        with see(cast, "aline") as work:
            for field, typed, _ in REFUSED:
                with pytest.raises(Invalid) as refused:
                    read(work, {**form(cast), field: typed}, steps=STEP[field])
                assert field in refused.value.fields, (field, typed)
                if STEP[field] > 1:
                    assert read(work, {**form(cast), field: typed}, steps=STEP[field] - 1)

    def test_everything_that_is_wrong_is_said_at_once(self, cast: Cast) -> None:
        with pytest.raises(Invalid) as refused, see(cast, "aline") as work:
            read(work, {})
        assert set(refused.value.fields) == set(STEP) - {"urgency_reason", "phone", "also"}
        assert all(sentence.endswith(".") for sentence in refused.value.fields.values())

    @pytest.mark.parametrize("reason", ["", "vite", "  a   b "])
    def test_an_urgency_has_its_reason(self, cast: Cast, reason: str) -> None:
        assert "pourquoi" in refusal(cast, urgent="oui", urgency_reason=reason)["urgency_reason"]
        assert ready(cast, urgent="oui", urgency_reason="Expulsion le 30").urgency_reason == "Expulsion le 30"

    def test_a_reason_too_long_counts_only_when_it_is_urgent(self, cast: Cast) -> None:
        assert "300" in refusal(cast, urgent="oui", urgency_reason="x" * 301)["urgency_reason"]
        assert ready(cast, urgent="non", urgency_reason="x" * 301).urgency_reason == ""

    @pytest.mark.parametrize(("phone", "kept"), [("", ""), ("  ", ""), ("0612345678", "06 12 34 56 78")])
    def test_a_phone_may_be_left_out(self, cast: Cast, phone: str, kept: str) -> None:
        assert ready(cast, phone=phone).phone == kept

    def test_names_get_their_capitals(self, cast: Cast) -> None:
        got = ready(cast, first_name="jean-pierre", last_name=" DUPONT  MARTIN")
        assert (got.first_name, got.last_name) == ("Jean-Pierre", "Dupont Martin")

    def test_a_baby_born_today_in_paris(self, cast: Cast) -> None:
        just_after_midnight = datetime(2026, 11, 23, 23, 30, tzinfo=UTC)
        assert ready(cast, at=just_after_midnight, born_on="24/11/2026").born_on == date(2026, 11, 24)
        assert "born_on" in refusal(cast, at=just_after_midnight, born_on="25/11/2026")

    def test_a_recipient_outside_the_departement(self, cast: Cast) -> None:
        assert "ne couvre pas ce département" in refusal(cast, departement="59")["groups"]

    def test_a_structure_is_no_recipient(self, cast: Cast) -> None:
        assert "groups" in refusal(cast, **form(cast, (CAF, GUISE)))

    def test_a_closed_group(self, cast: Cast) -> None:
        with act(cast, "denis") as work:
            work.session.get_one(Group, cast.groups[CAF]).is_open = False
        assert "n’a plus d’agent" in refusal(cast)["groups"]

    def test_the_same_recipient_written_twice_counts_once(self, cast: Cast) -> None:
        caf = str(cast.groups[CAF])
        got = ready(cast, groups=[caf, caf.upper(), f"{{{caf}}}", f"urn:uuid:{caf}"])
        assert [group.name for group in got.groups] == [CAF]

    def test_a_value_of_another_kind(self, cast: Cast) -> None:
        with see(cast, "aline") as work:
            for field, value in product([*TEXTS, *LISTS], [None, 5, True, {"x": 1}, [1], [None], object()]):
                with pytest.raises(Invalid) as refused:
                    read(work, {**form(cast), field: value})
                assert field in refused.value.fields, (field, value)


def test_clean_keeps_the_form_and_nothing_else() -> None:
    kept = clean(
        {"subject": " tel \r\n quel\x00\ud800 ", "is_admin": "oui", "groups": ["x", "", str(UUID(int=7))]}
    )
    assert set(kept) == {*TEXTS, *LISTS}
    assert kept["subject"] == " tel \r\n quel "
    assert kept["groups"] == [str(UUID(int=7))]
    assert "is_admin" not in kept


def test_clean_cuts_what_nobody_types() -> None:
    kept = clean({**dict.fromkeys(TEXTS, "x" * 30_000), "groups": [str(UUID(int=n)) for n in range(30)]})
    assert {name: len(kept[name]) for name in TEXTS} == TEXTS
    assert len(kept["groups"]) == 20


@given(
    st.dictionaries(st.sampled_from([*TEXTS, *LISTS]), st.text(max_size=50) | st.lists(st.text(max_size=40)))
)
def test_cleaning_twice_is_cleaning_once(typed: dict[str, Any]) -> None:
    try:
        kept = clean(typed)
    except Invalid:
        return
    assert clean(kept) == kept


def test_full_name() -> None:
    assert full_name(Civility.MADAME, "Samira", "Kaddour") == "Mme Samira Kaddour"
    assert full_name(Civility.NONE, "Samira", "Kaddour") == "Samira Kaddour"
    assert full_name(Civility.COUPLE, "Samira", "Kaddour") == "M. et Mme Samira Kaddour"
