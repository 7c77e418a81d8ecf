"""A mandate given by word of mouth, for who cannot read or sign: read aloud, and heard by a witness who signs.

The witness is neither the aidant nor anybody of the structure, nor the person (domain, section 5): proof by
witnesses is worth what the witness is (arts. 1381 s. Code civil). It is to be confirmed in writing.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import select
from sqlmodel import col

from app import mandate_steps as steps
from app import typed
from app.errors import Forbidden, Invalid
from app.mandate_steps import Giver
from app.personal_data import words
from app.policy import Action
from app.signature import read_drawing
from app.work import Work
from models.account import Account, Membership
from models.enums import ProofKind, Side
from models.mandate import Mandate

OTHER = "other"
LANGUAGES: dict[str, str] = {
    "fr": "Français", "en": "Anglais", "es": "Espagnol", "pt": "Portugais", "ar": "Arabe", "uk": "Ukrainien",
    "tr": "Turc", "lsf": "Langue des signes française", OTHER: "Une autre langue",
}  # fmt: skip
REASONS: dict[str, str] = {
    "reading": "La personne ne sait pas lire, ou ne lit pas le français",
    "sight": "La personne ne voit pas assez pour lire",
    "signing": "La personne ne peut pas signer",
    "phone": "La personne est au téléphone, sans SMS possible",
    OTHER: "Une autre raison",
}
DECLARATIONS: dict[str, str] = {
    "read": "J’ai lu tout le texte à la personne, dans cette langue.",
    "agreed": "La personne a dit oui, et le témoin l’a entendu.",
    "apart": "Le témoin ne travaille pas dans notre structure, même comme bénévole.",
}


@dataclass(frozen=True)
class Spoken:
    """What the aidant says of a mandate given by word of mouth. ``language`` and ``reason`` are words of the
    closed lists, with a few words beside them for ``OTHER``; ``declared`` words of ``DECLARATIONS``.

    ``reader_id`` is the aidant who read, for when the screen has changed hands since: whoever acts then has no
    account. They must be an aidant of the structure.
    """

    language: str
    reason: str
    first_name: str
    last_name: str
    quality: str
    declared: frozenset[str]
    language_words: str = ""
    reason_words: str = ""
    reader_id: UUID | None = None


def check_spoken(work: Work, mandate_id: UUID, spoken: Spoken, giver: Giver) -> None:
    """Refuse what is wrong before the witness is given the screen: a sentence a field (``Invalid``)."""
    mandate, _, _ = steps.load(work, mandate_id, Action.ANSWER_MANDATE, lock=False)
    steps.expect_consent(work, mandate)
    giver.read()
    _read(work, mandate, spoken)


def keep_spoken(
    work: Work, mandate_id: UUID, *, shown_sha256: str, giver: Giver, spoken: Spoken,
    drawing: object = None, name: str | None = None,
) -> None:  # fmt: skip
    """Keep a consent given by word of mouth, with the signature of its witness.

    A witness who cannot draw writes their name (``name``), which must be the one the aidant wrote.
    """
    mandate, _, _ = steps.load(work, mandate_id, Action.ANSWER_MANDATE)
    content = _read(work, mandate, spoken)
    wrote = "" if name is None else typed.line(name, "name")
    if name is not None:
        if sorted(words(wrote)) != sorted(words(content["witness"])):
            raise Invalid(name=f"Écrivez le nom du témoin : {content['witness']}.")
    else:
        drawn = read_drawing(drawing)
        content |= {**drawn.as_json(), "witness_image": drawn.svg()}
    content["witness_wrote"] = wrote
    steps.keep_consent(work, mandate_id, shown_sha256, ProofKind.WITNESS, giver, content)


def _read(work: Work, mandate: Mandate, spoken: Spoken) -> dict[str, Any]:
    """Return what the proof keeps of it, or refuse all that is wrong at once."""
    wrong: dict[str, str] = {}
    language = _chosen(LANGUAGES, spoken.language, spoken.language_words)
    if not language:
        wrong["language"] = "Dites dans quelle langue vous avez lu le texte."
    reason = _chosen(REASONS, spoken.reason, spoken.reason_words)
    if not reason:
        wrong["reason"] = "Dites pourquoi la personne ne donne pas son accord par écrit."
    first, last = typed.line(spoken.first_name, "first_name"), typed.line(spoken.last_name, "last_name")
    for field, value, sentence in (
        ("first_name", first, "Écrivez le prénom du témoin."),
        ("last_name", last, "Écrivez le nom du témoin."),
    ):
        if not 1 <= len(value) <= 80 or not words(value):
            wrong[field] = sentence
    quality = typed.line(spoken.quality, "quality")
    if not 2 <= len(quality) <= 80:
        wrong["quality"] = "Dites qui est le témoin pour la personne, par exemple : une voisine."
    if "first_name" not in wrong and "last_name" not in wrong:
        wrong |= _not_a_witness(work, mandate, first, last)
    if not isinstance(spoken.declared, frozenset) or spoken.declared != frozenset(DECLARATIONS):
        wrong["declared"] = "Cochez les trois lignes : sans elles, l’accord oral ne compte pas."
    if wrong:
        raise Invalid(**wrong)
    return {
        "reader": _reader(work, mandate, spoken), "language": language, "reason": reason,
        "witness": f"{first} {last}",
        "quality": quality, "declared": [DECLARATIONS[one] for one in DECLARATIONS],
    }  # fmt: skip


def _reader(work: Work, mandate: Mandate, spoken: Spoken) -> str:
    """Return the name of the aidant who read the text."""
    if work.actor.account is not None:
        return work.actor.name
    query = select(col(Account.first_name), col(Account.last_name)).where(
        col(Account.id) == spoken.reader_id, col(Account.is_active),
        col(Account.id).in_(
            select(col(Membership.account_id)).where(
                col(Membership.group_id) == mandate.structure_id, col(Membership.side) == Side.AIDANT
            )
        ),
    )  # fmt: skip
    found = work.session.execute(query).one_or_none()
    if found is None:
        raise Forbidden("Seul un Aidant+ de la structure peut lire le mandat à la personne.")
    return f"{found[0]} {found[1]}"


def _chosen(known: dict[str, str], code: str, more: str) -> str:
    """Return a word of a closed list, or the few words beside «other»; empty when there is neither."""
    if code != OTHER:
        return known.get(code, "") if isinstance(code, str) else ""
    said = typed.line(more, "more")
    return said if 2 <= len(said) <= 80 else ""


def _not_a_witness(work: Work, mandate: Mandate, first: str, last: str) -> dict[str, str]:
    """Return why this person cannot be the witness, under the field of their name."""
    named = sorted(words(f"{first} {last}"))
    if set(named) <= set(words(str(mandate.holder["name"]))):
        return {"last_name": "La personne ne peut pas être son propre témoin. Demandez à quelqu’un d’autre."}
    query = select(col(Account.first_name), col(Account.last_name)).where(
        col(Account.id).in_(
            select(col(Membership.account_id)).where(col(Membership.group_id) == mandate.structure_id)
        )
        | col(Account.id).in_((mandate.author_id, work.actor.account_id))
    )
    # Whoever left stays out too: their account may stand among the members no more, their name is still known.
    if any(named == sorted(words(f"{one} {other}")) for one, other in work.session.execute(query)):
        return {
            "last_name": "Ce nom est celui de quelqu’un de votre structure. "
            "Le témoin doit être une autre personne."
        }
    return {}
