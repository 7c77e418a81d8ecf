"""The cast of the demonstration (domain, section 14), and a few colleagues to give it a département's life."""

from __future__ import annotations

from dataclasses import dataclass

PASSWORD = "demonstration"  # public on purpose
DEPARTEMENT = "02"


@dataclass(frozen=True)
class Person:
    """An account of the demonstration. ``group`` is a name of ``GROUPS``; ``scope`` a right without group."""

    email: str
    first_name: str
    last_name: str
    group: str = ""
    side: str = ""
    is_manager: bool = False
    scope: str = ""
    organization: str = ""


# Group name: (code of its organisation, commune, guidance shown to the aidant).
GROUPS: dict[str, tuple[str, str, str]] = {
    "France Services de Guise": ("france_services", "Guise", ""),
    "CCAS de Laon": ("ccas", "Laon", ""),
    "CAF – Aisne": ("caf", "", "Indiquez le numéro d’allocataire et le mois du dernier versement reçu."),
    "CPAM – Aisne": ("cpam", "", "Pour la C2S, joignez l’avis d’imposition et le récépissé de dépôt."),
    "MSA Picardie – Aisne": ("msa", "", "Précisez si la personne est salariée ou exploitante agricole."),
    "CARSAT – Aisne": ("carsat", "", "Joignez le relevé de carrière si vous l’avez."),
    "DDFIP – Aisne": ("ddfip", "", "Indiquez l’année d’imposition concernée."),
    "France Travail – Aisne": ("france_travail", "", "Indiquez l’agence de rattachement de la personne."),
    "MDPH – Aisne": ("mdph", "", "Indiquez la date de dépôt du dossier."),
    "Préfecture de l’Aisne": (
        "prefecture",
        "Laon",
        "Seulement les titres attendus depuis plus de trois mois.",
    ),
}

PEOPLE: tuple[Person, ...] = (
    Person("aline@demo.example", "Aline", "Lefèvre", "France Services de Guise", "aidant"),
    Person("adam@demo.example", "Adam", "Benali", "France Services de Guise", "aidant"),
    Person("chloe@demo.example", "Chloé", "Marchand", "CCAS de Laon", "aidant"),
    Person("bruno@demo.example", "Bruno", "Carlier", "CAF – Aisne", "agent"),
    Person("basile@demo.example", "Basile", "Thomas", "CPAM – Aisne", "agent"),
    Person("marc@demo.example", "Marc", "Dubois", "CAF – Aisne", "agent", is_manager=True),
    Person("colette@demo.example", "Colette", "Rousseau", scope="coordinator"),
    Person("olivier@demo.example", "Olivier", "Petit", scope="observer", organization="caf"),
    Person("denis@demo.example", "Denis", "Moreau", scope="administrator"),
    Person("mathilde@demo.example", "Mathilde", "Garnier", "MSA Picardie – Aisne", "agent"),
    Person("camille@demo.example", "Camille", "Roussel", "CARSAT – Aisne", "agent"),
    Person("didier@demo.example", "Didier", "Faure", "DDFIP – Aisne", "agent"),
    Person("fatou@demo.example", "Fatou", "Diallo", "France Travail – Aisne", "agent"),
    Person("melanie@demo.example", "Mélanie", "Perrin", "MDPH – Aisne", "agent"),
    Person("pascal@demo.example", "Pascal", "Lemoine", "Préfecture de l’Aisne", "agent"),
    Person("bertille@demo.example", "Bertille", "Caron", "CPAM – Aisne", "agent"),
)  # fmt: skip
