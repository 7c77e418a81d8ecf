"""Why something is not sealed yet: closed words, and the sentences that people read. It knows nothing of PDF,
so that who only speaks of seals need not load what makes them."""

from __future__ import annotations


class CannotSeal(Exception):
    """Why nothing can be sealed now. ``fault`` is a word of ``FAULTS``."""

    def __init__(self, fault: str) -> None:
        super().__init__(fault)
        self.fault = fault


# The closed words of ``MandateDocument.seal_fault``, and what people read after «Pas encore scellé : ».
FAULTS: dict[str, str] = {
    "": "le cachet sera ajouté dans quelques minutes.",
    "off": "aucun certificat n’est installé. Le mandat est en règle sans lui.",
    "unreadable_certificate": "le certificat installé ne se lit pas. L’équipe du service doit le remplacer.",
    "wrong_password": "le mot de passe du certificat ne convient pas. L’équipe du service doit le corriger.",
    "certificate_expired": "le certificat a expiré. L’équipe du service doit le renouveler.",
    "certificate_too_early": "le certificat n’est pas encore valable.",
    "authority_down": "l’autorité d’horodatage ne répond pas. Un nouvel essai suivra.",
    "authority_refused": "la réponse de l’autorité d’horodatage ne convient pas. Un nouvel essai suivra.",
    "failed": "la pose du cachet n’a pas abouti. Un nouvel essai suivra.",
}
