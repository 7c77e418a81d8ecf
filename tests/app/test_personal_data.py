"""What a subject must not hold: found however it is typed, and nothing found where there is nothing."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from stdnum import iban as iban_number

from app.personal_data import fold, in_subject, in_text

NAMES = ("Jean-Pierre", "Kaddour")
SPACES = st.sampled_from(["", " ", "\u00a0", "\u202f", ".", "-"])
CLEAN = (
    "APL non versée depuis août",
    "Retraite : relevé de carrière 1987-1991 incomplet",
    "RSA suspendu le 05/11/2026 à 14 h, 3e relance",
    "Rendez-vous manqué du 05-11-2026 14h30",
    "Dossier 2026-118834 refusé, 1 250,40 € réclamés",
    "C2S : 4 mois d’attente (article L861-1)",
    "Impôts 2025 : 12 345 678 € saisis par erreur ?",
    "Pièce n° AB12 CD34 refusée par la CAF 02",
    "Allocataire @ CAF : accès au compte impossible",
    "FR76 : le compte est refusé par la caisse",
)


@pytest.mark.parametrize("subject", CLEAN)
def test_a_clean_subject(subject: str) -> None:
    assert in_subject(subject, NAMES) == ()


@pytest.mark.parametrize(
    "number",
    [
        "185057800608491", "1 85 05 78 006 084 91", "1.85.05.78.006.084.91", "1-85-05-78-006-084-91",
        "1\u00a085\u00a005\u00a078\u00a0006\u00a0084\u00a091", "1850578006084", "1 85 05 78 006 084",
        "185052A00608435", "1 85 05 2a 006 084 35",
    ],
)  # fmt: skip
def test_a_nir_is_found(number: str) -> None:
    (found,) = in_subject(f"RSA de {number} suspendu")
    assert found == f"un numéro de sécurité sociale (« {number} »)"
    assert in_text(f"Mon numéro : {number}.") == (found,)


def test_fifteen_digits_with_a_wrong_key_are_no_nir() -> None:
    assert in_subject("Dossier 185057800608492 refusé") == ()


@pytest.mark.parametrize(
    "number",
    [
        "06 12 34 56 78", "0612345678", "06.12.34.56.78", "06-12-34-56-78", "06/12/34/56/78",
        "+33 6 12 34 56 78", "+33612345678", "+33 (0)6 12 34 56 78", "0033 6 12 34 56 78",
        "03\u00a023\u00a040\u00a050\u00a060",
    ],
)  # fmt: skip
def test_a_phone_is_found(number: str) -> None:
    assert in_subject(f"Rappeler le {number} avant midi") == (f"un numéro de téléphone (« {number} »)",)


@pytest.mark.parametrize("address", ["samira.k@orange.fr", "s+caf@sub.example.org", "SAMIRA@EXEMPLE.FR"])
def test_an_e_mail_is_found(address: str) -> None:
    assert in_subject(f"Compte {address}, accès perdu") == (f"une adresse e-mail (« {address} »)",)


@pytest.mark.parametrize(
    "number",
    [
        "FR76 3000 6000 0112 3456 7890 189", "FR7630006000011234567890189", "fr76 3000 6000 0112 3456 7890 189",
        "FR76-3000-6000-0112-3456-7890-189", "BE68 5390 0754 7034",
    ],
)  # fmt: skip
@pytest.mark.parametrize("subject", ["RIB {} refusé", "RIB {} REFUSE PAR LA CAF", "REF AB12 CDEF {} BLOQUE"])
def test_an_iban_is_found(number: str, subject: str) -> None:
    assert in_subject(subject.format(number)) == (f"un IBAN (« {number} »)",)


@pytest.mark.parametrize(
    ("names", "subject"),
    [
        (("Samira", "Kaddour"), "APL de Mme KADDOUR"),
        (("Samira", "Kaddour"), "kaddour : APL suspendue"),
        (("Hélène", "Lefèvre"), "RSA de helene suspendu"),
        (("Helene", "Lefevre"), "RSA d’Hélène suspendu"),
        (("Jean-Pierre", "Martin"), "Le dossier de jean pierre bloque"),
        (("Rose", "De La Tour"), "Retraite Mme de la Tour"),
        (("Nour", "N’Diaye"), "Carte de M. N'diaye"),
    ],
)
def test_a_name_is_found(names: tuple[str, str], subject: str) -> None:
    (found,) = in_subject(subject, names)
    assert found.startswith("le nom « ")


@pytest.mark.parametrize(
    ("names", "subject"),
    [
        (("Samira", "Kaddour"), "Kaddourienne : rien à voir"),
        (("Jean-Pierre", "Martin"), "Pierre tombale, jean troué"),
        (("Li", "Bo"), "Li et Bo sont trop courts pour être sûrs"),
        (("", "  "), "Sans nom saisi"),
    ],
)
def test_no_name_is_found(names: tuple[str, str], subject: str) -> None:
    assert in_subject(subject, names) == ()


def test_everything_is_said_once() -> None:
    found = in_subject("Mme Kaddour 0612345678 ou 0612345678, kaddour@exemple.fr", NAMES)
    assert [words.split(" (")[0] for words in found] == [
        "une adresse e-mail",
        "un numéro de téléphone",
        "le nom « Kaddour »",
    ]


@pytest.mark.parametrize("text", ["Mon mot de passe est azerty", "mdp : azerty", "Password=azerty", "MDP:x"])
def test_a_password_gets_a_warning(text: str) -> None:
    assert in_text(text) == ("un mot de passe",)


@pytest.mark.parametrize("text", ["Il a perdu son mot de passe.", "Le mot de passe ne marche pas", *CLEAN])
def test_a_text_without_secrets_gets_none(text: str) -> None:
    assert in_text(text) == ()


@given(st.lists(SPACES, min_size=6, max_size=6), st.sampled_from(["", "Dossier ", "né(e) "]))
def test_a_nir_is_found_however_it_is_spaced(spaces: list[str], before: str) -> None:
    parts = ["2", "55", "08", "14", "168", "025", "38"]
    typed = "".join(f"{part}{space}" for part, space in zip(parts, [*spaces, ""], strict=True))
    assert f"un numéro de sécurité sociale (« {typed} »)" in in_subject(f"{before}{typed}")


@given(st.integers(1, 9), st.lists(st.integers(0, 99), min_size=4, max_size=4), SPACES)
def test_a_phone_is_found_however_it_is_spaced(second: int, pairs: list[int], space: str) -> None:
    typed = space.join([f"0{second}", *(f"{pair:02}" for pair in pairs)])
    assert any("téléphone" in words for words in in_subject(f"Appeler {typed}"))


@given(st.text("0123456789", min_size=23, max_size=23), st.sampled_from(["", " ", "\u00a0"]))
def test_every_french_iban_is_found(account: str, space: str) -> None:
    key = iban_number.calc_check_digits(f"FR00{account}")
    compact = f"FR{key}{account}"
    typed = space.join(compact[i : i + 4] for i in range(0, 27, 4))
    if iban_number.is_valid(compact):
        assert any("IBAN" in words for words in in_subject(f"RIB {typed} REFUSE"))


@given(st.text(max_size=200), st.tuples(st.text(max_size=20), st.text(max_size=20)))
def test_whatever_is_typed_is_read(text: str, names: tuple[str, str]) -> None:
    assert isinstance(in_subject(text, names), tuple)
    assert isinstance(in_text(text), tuple)


@given(st.text(max_size=50))
def test_folding_twice_is_folding_once(text: str) -> None:
    assert fold(fold(text)) == fold(text)
    assert fold(text.upper()) == fold(text.lower()) or not text.isascii()


@pytest.mark.parametrize(
    ("one", "other"), [("Hélène", "HELENE"), ("Kaddour", "kaddour"), ("Çelik", "celik"), ("Bœuf", "Boeuf")]
)
def test_names_typed_differently_are_alike(one: str, other: str) -> None:
    assert fold(one) == fold(other)
