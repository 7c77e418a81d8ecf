"""The ways to give a mandate beside a signature on the screen: by SMS, by word of mouth, by what was signed
before. Each keeps its own proof of one and the same consent (domain, section 5)."""

from __future__ import annotations

from dataclasses import dataclass

from app import sms
from app.proof_words import STRENGTH_OF, Strength
from models.enums import MandateWay, ProofKind


@dataclass(frozen=True)
class Way:
    """A way as it is offered: what it proves in one line, how far, and what is needed for it."""

    way: MandateWay
    proves: str
    needs: str
    strength: Strength


# In the order in which they are offered: what is done at the counter first.
WAYS: tuple[Way, ...] = (
    Way(
        MandateWay.SCREEN,
        "La personne lit et signe devant vous.",
        "cet écran, une tablette ou une souris",
        STRENGTH_OF[ProofKind.DRAWN],
    ),
    Way(
        MandateWay.SMS_CODE,
        "La personne est là, avec son téléphone : elle vous donne le code reçu.",
        "son téléphone portable",
        STRENGTH_OF[ProofKind.SMS_CODE],
    ),
    Way(
        MandateWay.SMS_REPLY,
        "La personne est loin : elle répond OUI depuis son téléphone.",
        "un téléphone portable",
        STRENGTH_OF[ProofKind.SMS_REPLY],
    ),
    Way(
        MandateWay.PAPER,
        "La personne signe à la main, vous photographiez chaque page.",
        "une imprimante, un appareil photo",
        STRENGTH_OF[ProofKind.PAPER],
    ),
    Way(
        MandateWay.VERBAL,
        "Vous lisez, la personne dit oui, un témoin signe. À confirmer par écrit sous sept jours.",
        "un témoin qui n’est pas vous",
        STRENGTH_OF[ProofKind.WITNESS],
    ),
    Way(
        MandateWay.EXISTING,
        "La personne vous a déjà donné un mandat : vous joignez le document.",
        "le document signé, ses dates",
        STRENGTH_OF[ProofKind.EXISTING],
    ),
)
_BY_SMS = frozenset({MandateWay.SMS_CODE, MandateWay.SMS_REPLY})
# What confirms a spoken mandate: anything but another spoken one.
WRITTEN = frozenset(MandateWay) - {MandateWay.VERBAL}


def sms_is_available() -> bool:
    """Whether an SMS may leave (in the demonstration it goes to «Boîte d’essai»)."""
    return sms.is_available()


def offered(among: frozenset[MandateWay] = frozenset(MandateWay)) -> tuple[Way, ...]:
    """Return the ways that can be taken here and now, among these."""
    return tuple(one for one in WAYS if one.way in among and (one.way not in _BY_SMS or sms_is_available()))
