"""The record of who did what: one function, one list of words. Identifiers only, never a name or a text."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from app.work import Work
from models.journal import JournalEntry

# Every word that may stand in the journal, with its French sentence for administrators.
ACTIONS: dict[str, str] = {
    "session.opened": "Connexion",
    "session.ended": "Déconnexion",
    "session.refused": "Connexion refusée",
    "case.drafted": "Brouillon commencé",
    "case.discarded": "Brouillon abandonné",
    "case.sent": "Demande transmise",
    "case.identified": "Numéro de la personne ajouté, corrigé ou retiré",
    "case.closed": "Demande clôturée",
    "case.reopened": "Demande rouverte",
    "case.printed": "Demande imprimée ou prise en PDF",
    "referral.moved": "Changement d’état chez un organisme",
    "referral.added": "Organisme associé",
    "referral.withdrawn": "Demande retirée à un organisme",
    "agent.invited": "Agent+ associé",
    "entry.posted": "Message ou note",
    "entry.withdrawn": "Message ou note retiré par son auteur",
    "file.added": "Fichier joint",
    "file.removed": "Fichier retiré",
    "file.downloaded": "Fichier téléchargé",
    "mandate.presented": "Mandat présenté",
    "mandate.way_chosen": "Façon de donner l’accord choisie",
    "mandate.asked": "Accord demandé par SMS",
    "mandate.code_refused": "Code de mandat refusé",
    "mandate.consented": "Accord donné",
    "mandate.refused": "Accord refusé",
    "mandate.accepted": "Mandat accepté",
    "mandate.revoked": "Mandat révoqué",
    "mandate.renounced": "Mandat abandonné",
    "mandate.superseded": "Mandat remplacé",
    "mandate.ended": "Mandat terminé",
    "mandate.expired": "Mandat arrivé à son terme",
    "mandate.receipt": "Reçu du mandat remis à la personne",
    "mandate.resumed": "Mandat repris",
    "mandate.sealed": "Mandat scellé",
    "mandate.downloaded": "Mandat ou preuve téléchargé",
    "mandate.printed": "Feuille à signer préparée",
    "mandate.page_added": "Page signée ajoutée",
    "mandate.page_changed": "Page signée recadrée, déplacée ou reprise",
    "mandate.page_removed": "Page signée retirée",
    "mandate.handed": "Écran remis à la personne",
    "mandate.handed_back": "Écran repris par l’Aidant+",
    "mandate.way_back_refused": "Code de reprise de l’écran refusé",
    "list.exported": "Liste exportée",
    "membership.removed": "Membre retiré d’un groupe",
    "group.mailbox_changed": "Adresse du groupe changée",
    "outgoing.retried": "Envoi réessayé à la main",
    "account.deactivated": "Compte désactivé",
    "absence.declared": "Absence déclarée",
    "absence.changed": "Absence modifiée",
    "absence.ended": "Absence terminée ou retirée",
    "qualification.added": "Choix ajouté à une liste des demandes",
    "qualification.renamed": "Choix d’une liste des demandes renommé",
    "qualification.moved": "Choix d’une liste des demandes déplacé",
    "qualification.offered": "Choix proposé de nouveau aux demandes",
    "qualification.withdrawn": "Choix qui n’est plus proposé aux demandes",
    "qualification.routed": "Organismes proposés pour un thème ou une démarche modifiés",
    "organization.known_by": "Numéro par lequel un organisme connaît les personnes modifié",
    "organization.nir_asked": "NIR demandé pour un organisme",
    "organization.nir_stopped": "NIR qui n’est plus demandé pour un organisme",
    "group.noted": "Consigne d’un groupe modifiée",
    "job.asked": "Tâche lancée à la main",
    "ready_answer.added": "Réponse prête d’un groupe ajoutée",
    "ready_answer.changed": "Réponse prête d’un groupe modifiée",
    "ready_answer.removed": "Réponse prête d’un groupe retirée",
}


def record(work: Work, action: str, case_id: UUID | None = None, **details: Any) -> None:
    """Write one act in the journal, in the transaction that does it."""
    if action not in ACTIONS:
        raise KeyError(action)
    work.session.add(
        JournalEntry(
            created_at=work.now,
            actor_id=work.actor.account,
            action=action,
            case_id=case_id,
            details={key: str(value) for key, value in details.items()},
        )
    )
