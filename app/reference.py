"""The closed lists of the domain (section 13): organisations and how they know people, themes,
blockages, procedures, first routing.

They are rows, not code, so that administrators can edit them; ``load`` writes what is missing and
leaves what is there.
"""

from __future__ import annotations

from sqlalchemy import select
from sqlmodel import SQLModel, col

from app.work import Work
from models.enums import GroupKind, IdentifierKind
from models.organization import Blockage, Organization, Procedure, ProcedureRule, RoutingRule, Theme

_KINDS = {kind.value: kind for kind in GroupKind}
# code: (short name, full name, kind)
ORGANIZATIONS: dict[str, tuple[str, str, str]] = {
    "anah": ("ANAH", "Agence nationale de l’habitat", "operator"),
    "ants": ("France Titres", "France Titres (ANTS)", "operator"),
    "association": ("Association", "Association", "structure"),
    "bdf": ("Banque de France", "Banque de France", "operator"),
    "caf": ("CAF", "Caisse d’allocations familiales", "operator"),
    "carsat": ("CARSAT", "Caisse d’assurance retraite et de la santé au travail", "operator"),
    "ccas": ("CCAS", "Centre communal d’action sociale", "structure"),
    "cdad": ("Point-justice", "Conseil départemental de l’accès au droit, Point-justice", "operator"),
    "cheque_energie": ("Chèque énergie", "Chèque énergie", "operator"),
    "cnav": ("CNAV", "Caisse nationale d’assurance vieillesse", "operator"),
    "cpam": ("CPAM", "Caisse primaire d’assurance maladie", "operator"),
    "cnam": ("CNAM", "Caisse nationale de l’assurance maladie", "operator"),
    "cram": ("CRAM", "Caisse régionale d’assurance maladie", "operator"),
    "ddfip": ("DDFIP", "Direction départementale des finances publiques", "operator"),
    "drfip": ("DRFIP", "Direction régionale des finances publiques", "operator"),
    "departement": ("Département", "Conseil départemental", "operator"),
    "dila": ("DILA", "Direction de l’information légale et administrative", "structure"),
    "france_renov": ("France Rénov’", "France Rénov’", "operator"),
    "hopital": ("Hôpital", "Hôpital", "structure"),
    "ofpra": ("OFPRA", "Office français de protection des réfugiés et apatrides", "operator"),
    "la_poste": ("La Poste", "La Poste", "operator"),
    "mairie": ("Mairie", "Mairie", "operator"),
    "mdph": ("MDPH", "Maison départementale des personnes handicapées", "operator"),
    "france_services": ("France Services", "France Services", "structure"),
    "mission_locale": ("Mission locale", "Mission locale", "operator"),
    "msa": ("MSA", "Mutualité sociale agricole", "operator"),
    "msap": ("MSAP", "Maison de services au public", "structure"),
    "france_travail": ("France Travail", "France Travail", "operator"),
    "prefecture": ("Préfecture", "Préfecture", "operator"),
    "sous_prefecture": ("Sous-préfecture", "Sous-préfecture", "operator"),
    "urssaf": ("URSSAF", "Union de recouvrement des cotisations de sécurité sociale", "operator"),
}

THEMES: dict[str, str] = {
    "papiers": "Papiers et titres", "famille": "Social et famille", "emploi": "Emploi et formation",
    "logement": "Logement", "retraite": "Retraite", "impots": "Impôts et argent", "juridique": "Juridique",
    "courrier": "Adresse et courrier", "entreprise": "Gestion d’entreprise", "sante": "Santé et handicap",
}  # fmt: skip

BLOCKAGES: dict[str, str] = {
    "compte": "Accès au compte impossible", "messagerie": "Perte d’accès à la messagerie",
    "courrier": "Document ou courrier non reçu", "panne": "Panne d’un service en ligne",
    "versement": "Versement bloqué", "absence": "Absence de paiement", "dette": "Dette ou retenue",
    "numerique": "Difficulté d’usage du numérique", "refus": "Refus sans explication",
    "dossier": "Dossier incomplet ou erroné", "autre": "Autre",
}  # fmt: skip

PROCEDURES: dict[str, str] = {
    "rsa": "RSA", "apl": "APL", "aah": "AAH", "aspa": "ASPA", "c2s": "C2S", "vitale": "Carte Vitale",
    "retraite": "Retraite personnelle", "reversion": "Réversion", "carriere": "Relevé de carrière",
    "paiement": "Relevé de paiement", "attestation": "Attestation de droits",
    "maladie": "Prestations maladie", "mise_a_jour": "Mise à jour d’informations",
    "acces": "Accès à un compte", "code": "Code provisoire", "titre": "Titre d’identité ou de séjour",
    "information": "Demande d’informations", "autre": "Autre",
}  # fmt: skip

# theme: organisations proposed, the likeliest first
ROUTING: dict[str, tuple[str, ...]] = {
    "papiers": ("prefecture", "sous_prefecture", "ants", "mairie", "ofpra"),
    "famille": ("caf", "msa", "departement", "cpam"),
    "emploi": ("france_travail", "mission_locale", "msa", "cpam"),
    "logement": ("caf", "msa", "anah", "france_renov", "departement", "cheque_energie"),
    "retraite": ("carsat", "cnav", "msa", "ddfip"),
    "impots": ("ddfip", "drfip", "bdf", "cheque_energie"),
    "juridique": ("cdad", "bdf", "prefecture"),
    "courrier": ("la_poste", "mairie", "cpam", "caf"),
    "entreprise": ("urssaf", "ddfip", "msa"),
    "sante": ("cpam", "msa", "mdph", "carsat", "caf"),
}

# procedure: organisations proposed before those of the theme; a procedure that depends on the theme has none
PROCEDURE_ROUTING: dict[str, tuple[str, ...]] = {
    "rsa": ("caf", "msa", "departement"),
    "apl": ("caf", "msa"),
    "aah": ("caf", "mdph", "msa"),
    "aspa": ("carsat", "msa", "cnav"),
    "c2s": ("cpam", "msa"),
    "vitale": ("cpam", "msa"),
    "retraite": ("carsat", "msa", "cnav"),
    "reversion": ("carsat", "msa", "cnav"),
    "carriere": ("carsat", "msa", "cnav"),
    "maladie": ("cpam", "msa"),
    "titre": ("prefecture", "sous_prefecture", "ants", "mairie"),
}

# How each organisation knows people (domain, section 3). The NIR is asked for by none until it is turned on.
IDENTIFIERS: dict[str, IdentifierKind] = {
    "caf": IdentifierKind.ALLOCATAIRE,
    **dict.fromkeys(("carsat", "cnav", "cpam", "cnam", "cram", "msa"), IdentifierKind.NIR),
    **dict.fromkeys(("ddfip", "drfip", "cheque_energie"), IdentifierKind.FISCAL),
    "france_travail": IdentifierKind.FRANCE_TRAVAIL,
}


def load(work: Work) -> None:
    """Write the lists that are missing; rows already there are left as administrators made them."""
    have = set(work.session.scalars(select(col(Organization.code))))
    for code, (short, full, kind) in ORGANIZATIONS.items():
        if code not in have:
            work.session.add(
                Organization(
                    created_at=work.now,
                    code=code,
                    short_name=short,
                    full_name=full,
                    kind=_KINDS[kind],
                    identifier=IDENTIFIERS.get(code, IdentifierKind.NONE),
                )
            )
    _load_list(work, Theme, THEMES)
    _load_list(work, Blockage, BLOCKAGES)
    _load_list(work, Procedure, PROCEDURES)
    work.session.flush()
    ids = {row.code: row.id for row in work.session.scalars(select(Organization))}
    if work.session.scalar(select(col(RoutingRule.theme_code)).limit(1)) is None:
        for theme, codes in ROUTING.items():
            for rank, code in enumerate(codes):
                work.session.add(RoutingRule(theme_code=theme, organization_id=ids[code], rank=rank))
    if work.session.scalar(select(col(ProcedureRule.procedure_code)).limit(1)) is None:
        for procedure, codes in PROCEDURE_ROUTING.items():
            for rank, code in enumerate(codes):
                work.session.add(ProcedureRule(procedure_code=procedure, organization_id=ids[code], rank=rank))


def _load_list(work: Work, table: type[Theme | Blockage | Procedure], labels: dict[str, str]) -> None:
    have = set(work.session.scalars(select(col(table.code))))
    rows: list[SQLModel] = [
        table(code=code, label=label, position=position)
        for position, (code, label) in enumerate(labels.items())
        if code not in have
    ]
    work.session.add_all(rows)
