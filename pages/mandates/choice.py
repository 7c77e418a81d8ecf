"""On a mandate's page, for its aidants: how it can be given now, and what is still waited for."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import htpy as h

from app import mandate_ways, mandates
from app.french import long_date
from app.phones import shown
from app.queries.mandate_ways import by_sms, unclear_since_consent
from app.queries.mandates import MandateView, NextMandate
from app.receipts import undelivered
from models.enums import MandateStatus, MandateWay
from pages.components.fragment import Fragment
from pages.components.ways import draw_ways, open_way, question_words, unclear_words
from pages.components.words import Words
from pages.shell.page import Page

# States after which a new agreement can be asked for.
AGAIN = (
    MandateStatus.REVOKED, MandateStatus.EXPIRED, MandateStatus.ENDED, MandateStatus.REFUSED,
    MandateStatus.RENOUNCED,
)  # fmt: skip


async def draw_choice(page: Page, mandate: MandateView) -> None:
    """Draw the ways that the state of the mandate leaves, and what is waited for; nothing for others."""
    if not mandate.may_manage:
        return
    if mandate.next_one is not None:
        _draw_next(mandate.next_one)
    if mandate.status is MandateStatus.PRESENTED:
        if mandate.way is MandateWay.SMS_REPLY:
            Fragment(question_words(await page.read(by_sms, mandate.id))).classes("no-print")
        _draw("Comment la personne donne son accord", mandate_ways.offered(), _by(page, mandate))
    if mandate.status is MandateStatus.ACTIVE and (to := await page.read(undelivered, mandate.id)):
        Words(
            f"Le reçu pour {shown(to)} n’a pas pu être remis. Vérifiez le numéro ou l’adresse avec la "
            "personne, puis remettez-lui un autre reçu."
        ).classes("notice warn no-print").props("role=status")
    if mandate.may_be_revoked and (answers := await page.read(unclear_since_consent, mandate.id)):
        Fragment(unclear_words(answers)).classes("no-print")
    if mandate.status is MandateStatus.ACTIVE and mandate.confirm_by is not None:
        Words(
            f"Cet accord a été donné à l’oral. Faites-le confirmer par écrit avant le "
            f"{long_date(mandate.confirm_by)}. Il reste en vigueur jusqu’à l’acceptation du nouveau mandat."
        ).classes("notice warn no-print").props("role=status")
        _draw("Confirmer par écrit", mandate_ways.offered(mandate_ways.WRITTEN), _anew(page, mandate))
    elif mandate.ends_soon and mandate.next_one is None:
        Words(
            f"Ce mandat prend fin le {long_date(mandate.expires_at)}. Faites signer un nouveau mandat avant. "
            "Celui-ci reste en vigueur jusqu’à son acceptation."
        ).classes("notice warn no-print").props("role=status")
        _draw("Donner un nouvel accord", mandate_ways.offered(), _anew(page, mandate))
    elif mandate.status in AGAIN:
        _draw("Donner un nouvel accord", mandate_ways.offered(), _anew(page, mandate))


def _draw_next(new: NextMandate) -> None:
    """Say that a mandate is asked for that will replace this one, and lead there."""
    waits = (
        "La personne a donné son accord. Il reste à l’accepter au nom de votre structure."
        if new.status is MandateStatus.CONSENTED
        else "Il attend l’accord de la personne."
    )
    Fragment(
        h.div(".notice.no-print", role="status")[
            h.p[f"Un nouveau mandat remplacera celui-ci. {waits}"],
            h.p[h.a(".alone", href=f"/mandats/{new.id}")["Voir le nouveau mandat"]],
        ]
    )


def _draw(
    title: str, ways: tuple[mandate_ways.Way, ...], choose: Callable[[MandateWay], Awaitable[None]]
) -> None:
    Words(title, "h2").classes("ways-title no-print")
    draw_ways(ways, choose).classes("no-print")


def _by(page: Page, mandate: MandateView) -> Callable[[MandateWay], Awaitable[None]]:
    async def choose(way: MandateWay) -> None:
        """Another way for the same mandate: nothing is written again."""
        await page.act(mandates.choose_way, mandate.id, way)
        open_way(page, way, mandate.id)

    return choose


def _anew(page: Page, mandate: MandateView) -> Callable[[MandateWay], Awaitable[None]]:
    async def choose(way: MandateWay) -> None:
        """A new mandate for the same case; the one in force holds until it is accepted."""
        open_way(page, way, await page.act(mandates.present, mandate.case_id, way=way))

    return choose
