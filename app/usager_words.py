"""What is written to the usager and, about their mandate, to aidants: no name, no number, no detail of a case.

SMS are turned into their alphabet by ``app.outbox``.
"""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

_LONGEST_NAME = 40  # characters of a structure's name in an SMS


@dataclass(frozen=True)
class Mail:
    """An e-mail, in plain text and in simple HTML that says the same."""

    subject: str
    text: str
    html: str


def receipt_sms(structure: str, link: str, *, may_answer: bool) -> str:
    """Return the receipt of a mandate. ``may_answer``: an SMS from this phone is taken for the usager's."""
    return _sms(f"{structure[:_LONGEST_NAME]}. Votre accord est enregistré.", link, may_answer)


def receipt_mail(structure: str, link: str) -> Mail:
    """Return the same as an e-mail."""
    return _mail(
        "Votre accord est enregistré",
        ("Bonjour,", f"Vous avez donné votre accord à {structure}.", _WHENEVER, _NO_PASSWORD),
        "Revoir ou annuler mon accord", link,
    )  # fmt: skip


def ends_sms(structure: str, until: str, link: str, *, may_answer: bool) -> str:
    """Return what the usager is told before the term of a mandate."""
    return _sms(f"{structure[:_LONGEST_NAME]}. Votre accord prend fin le {until}.", link, may_answer)


def ends_mail(structure: str, until: str, link: str) -> Mail:
    """Return the same as an e-mail."""
    return _mail(
        f"Votre accord prend fin le {until}",
        ("Bonjour,", f"Votre accord donné à {structure} prend fin le {until}.",
         "Si le problème n’est pas réglé, parlez-en à votre conseiller.", _WHENEVER, _NO_PASSWORD),
        "Revoir ou annuler mon accord", link,
    )  # fmt: skip


def aidant_ends_mail(until: str, link: str) -> Mail:
    """Return what the aidants are told before the term of a mandate."""
    return _mail(
        f"Un mandat de votre structure prend fin le {until}",
        ("Bonjour,", f"Un mandat de votre structure prend fin le {until}. Le partage sera alors suspendu.",
         "Si la demande n’est pas réglée, faites signer un nouveau mandat avant cette date."),
        "Voir la demande", link,
    )  # fmt: skip


def aidant_confirm_mail(until: str, link: str, *, is_past: bool) -> Mail:
    """Return what the aidants are told of a spoken mandate that is not confirmed in writing."""
    when = f"devait être confirmé par écrit avant le {until}" if is_past else (
        f"est à confirmer par écrit avant le {until}"
    )  # fmt: skip
    return _mail(
        "Un accord oral est à confirmer par écrit",
        ("Bonjour,", f"Un accord oral donné à votre structure {when}.",
         "Faites signer un mandat à la personne, ou enregistrez qu’elle annule son accord."),
        "Voir la demande", link,
    )  # fmt: skip


def aidant_answer_mail(link: str, *, is_yes: bool) -> Mail:
    """Return what an aidant is told when a person has answered from afar."""
    what = "donné son accord" if is_yes else "répondu non"
    then = (
        "Il reste à l’accepter au nom de votre structure, puis à transmettre la demande." if is_yes
        else "Rien ne sera transmis. Ouvrez la demande pour voir ce qui reste à faire."
    )  # fmt: skip
    return _mail(
        "Une personne a répondu à votre demande d’accord",
        ("Bonjour,", f"Une personne que vous aidez a {what} par SMS.", then), "Voir la demande", link,
    )  # fmt: skip


_WHENEVER = "Vous pouvez le revoir ou l’annuler quand vous voulez. C’est gratuit."
_NO_PASSWORD = "Gardez ce lien pour vous. Aucun mot de passe ne vous sera demandé."


def _sms(words: str, link: str, may_answer: bool) -> str:
    """The link stands between spaces: phones take a full stop behind it for a part of it."""
    stop = " ou répondez STOP" if may_answer else ""
    return f"{words} Pour le revoir ou l’annuler, ouvrez {link}{stop}"


def _mail(subject: str, lines: tuple[str, ...], link_words: str, link: str) -> Mail:
    text = "\n\n".join((*lines, f"{link_words}\u00a0:\n{link}", "Administration+"))
    paragraphs = "".join(f"<p>{escape(line)}</p>" for line in lines)
    html = (
        f'<!doctype html><html lang="fr"><head><meta charset="utf-8"><title>{escape(subject)}</title></head>'
        f'<body>{paragraphs}<p><a href="{escape(link)}">{escape(link_words)}</a></p><p>Administration+</p>'
        "</body></html>"
    )
    return Mail(subject, text + "\n", html)
