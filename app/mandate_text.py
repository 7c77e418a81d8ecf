"""The words of the mandate: a versioned text, and the same text with this usager's case filled in.

French binds. The plain version (facile à lire) is what is shown large; the full text is one tap away.
Sources: art. 1984 to 2010 Code civil (mandate), art. 6 and 9 RGPD (what is shared, with whom, how long).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import date

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlmodel import col

from app.mandate_document.evidence import sha256_as_kept
from app.work import Work
from models.mandate import MandateText

LANGUAGE = "fr"
VERSION = 1
PUBLISHED_ON = date(2026, 11, 23)

# One paragraph a line. Marks between ** are shown in bold.
PLAIN = """\
Je m’appelle **{usager}**.
J’ai un problème : **{probleme}**.
Je donne mon accord à **{structure}**. Cette structure peut écrire à ma place à : **{organismes}**. Seulement pour ce problème.
Ces organismes peuvent lui répondre et lui parler de mon dossier.
Mon accord s’arrête quand le problème est réglé, ou le **{terme}**.
Je peux changer d’avis quand je veux. Je le dis à la structure. C’est gratuit."""  # noqa: E501

FULL = """\
Je soussigné(e) **{usager}** donne mandat à **{structure}** (le mandataire), qui l’accepte, de me représenter auprès de : **{organismes}**, pour le seul problème suivant : **{probleme}**.
Le mandataire peut exposer ma situation à ces organismes, leur transmettre les pièces utiles, recevoir leurs réponses et me les expliquer. Il ne peut ni signer un engagement, ni percevoir une somme, ni faire une démarche étrangère à ce problème.
J’autorise ces organismes, et eux seuls, à communiquer au mandataire les informations de mon dossier nécessaires à la résolution de ce problème, par dérogation au secret professionnel dont je suis seul(e) bénéficiaire.
Ce mandat est gratuit. Il prend effet à son acceptation par le mandataire et prend fin à la clôture de la demande, au plus tard le **{terme}**.
Je peux le révoquer à tout moment, sans motif et sans frais, auprès du mandataire ; la révocation arrête le partage. Ce qui a été fait avant reste valable.
Ce mandat ne vaut pas pour exercer mes droits sur mes données (accès, rectification, effacement), que j’exerce moi-même. Aucun mot de passe ne m’est demandé.
Mes données sont conservées six mois après la clôture ; la preuve de ce mandat, cinq ans en archive restreinte."""  # noqa: E501


@dataclass(frozen=True)
class Shown:
    """A mandate's text as shown to one usager, and the SHA-256 of exactly that (hexadecimal)."""

    plain: tuple[str, ...]
    full: tuple[str, ...]
    sha256: str


def text_sha256(body: str, plain_body: str) -> str:
    """Return the SHA-256 of a version's text, plain version first, as UTF-8 joined by a form feed."""
    return hashlib.sha256(f"{plain_body}\f{body}".encode()).hexdigest()


def current(work: Work) -> MandateText:
    """Return the version in use, written once if it is not there yet."""
    query = select(MandateText).where(
        col(MandateText.language) == LANGUAGE, col(MandateText.version) == VERSION
    )
    text = work.session.scalar(query)
    if text is None:
        text = MandateText(
            created_at=work.now,
            language=LANGUAGE,
            version=VERSION,
            published_on=PUBLISHED_ON,
            body=FULL,
            plain_body=PLAIN,
            sha256=text_sha256(FULL, PLAIN),
        )
        try:
            with work.session.begin_nested():
                work.session.add(text)
        except IntegrityError:  # somebody else's first mandate, at the same instant
            text = work.session.scalars(query).one()
    return text


def fill(
    text: MandateText,
    *,
    usager: str,
    structure: str,
    organizations: tuple[tuple[str, str], ...],
    problem: str,
    until: str,
) -> Shown:
    """Return a version of the text with one usager's case in it. ``organizations`` are short and full
    names: the plain text says «CAF», the full one «Caisse d’allocations familiales (CAF)»."""
    words = {
        # What is typed cannot pass for our own emphasis.
        "usager": usager.replace("*", ""),
        "structure": structure,
        "probleme": problem,
        "terme": until,
    }
    short = ", ".join(name for name, _ in organizations)
    long = ", ".join(
        full_name if full_name == name else f"{full_name} ({name})" for name, full_name in organizations
    )
    plain = tuple(line.format(organismes=short, **words) for line in text.plain_body.splitlines())
    full = tuple(line.format(organismes=long, **words) for line in text.body.splitlines())
    shown = {"full": full, "language": text.language, "plain": plain, "text": text.sha256}
    return Shown(plain, full, sha256_as_kept(shown))
