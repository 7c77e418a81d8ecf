"""What is asked of the usager, and written back, by SMS.

An SMS is read by whoever holds the telephone: no name, no date of birth, no number, nothing of the case
(domain, section 5). ``app.outbox`` turns it into their alphabet.
"""

from __future__ import annotations

from datetime import datetime

from app.french import long_date

_STRUCTURE = 36  # characters: the code then fits into one SMS of 160
_TITLES = frozenset({"m.", "mme", "et"})
# What is written back to an answer, by template.
SAID = {
    "mandate-clarify": "Votre réponse n’a pas été comprise. Répondez OUI pour donner votre accord, NON pour "
    "refuser. Pour toute question, appelez votre conseiller.",
    "mandate-clarify-given": "Votre message n’a pas été compris. Rien n’est changé : votre accord continue. "
    "Pour l’annuler, répondez STOP. Pour toute question, appelez votre conseiller.",
    "mandate-declined": "Votre refus est enregistré. Rien ne sera fait en votre nom. Si vous changez d’avis, "
    "dites-le à votre conseiller.",
    "mandate-declined-more": "Votre refus est enregistré. L’accord que vous avez déjà donné continue. Pour "
    "l’annuler, répondez STOP.",
    "mandate-stopped": "Votre accord est annulé. Plus rien ne sera fait en votre nom. Si vous changez d’avis, "
    "dites-le à votre conseiller.",
    "mandate-over": "Votre réponse n’a pas pu être prise en compte : cette demande d’accord est terminée. Rien "
    "n’a été enregistré. Votre conseiller peut vous la renvoyer.",
}  # fmt: skip


def code_text(code: str, structure: str) -> str:
    """Return the SMS that carries a code: one, once in their alphabet."""
    return (
        f"{code} est votre code pour donner votre accord à {_short(structure)}. "
        "Donnez-le seulement à la personne qui vous aide. Il sert dix minutes."
    )


def question_text(structure: str, holder: str, organizations: tuple[str, ...], until: datetime) -> str:
    """Return the SMS that asks: who, for whom (initials), to which organisations, until when, how to answer."""
    return (
        f"{_short(structure)} demande votre accord pour écrire à votre place ({initials(holder)}) à : "
        f"{', '.join(organizations)}. Au plus tard jusqu’au {long_date(until)}. "
        "Répondez OUI pour accepter, NON pour refuser. STOP à tout moment pour annuler."
    )


def initials(holder: str) -> str:
    """Return «S. K.» for «Mme Samira Kaddour»."""
    names = [part for part in holder.replace("-", " ").split() if part.lower() not in _TITLES]
    return " ".join(f"{part[0].upper()}." for part in names if part[0].isalnum())


def _short(structure: str) -> str:
    if len(structure) <= _STRUCTURE:
        return structure
    return structure[:_STRUCTURE].rpartition(" ")[0] or structure[:_STRUCTURE]
