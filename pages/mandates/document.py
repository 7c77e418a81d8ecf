"""A mandate's document, for who may see it: what it says, where it stands, what proves it. Printable."""

from __future__ import annotations

from uuid import UUID

import htpy as h
from fastapi import Response
from nicegui import ui

from app import mandates
from app.errors import Invalid, Refusal
from app.french import clock, long_date
from app.mandate_papers import STRENGTH, seal_of
from app.queries.amendments import amendment
from app.queries.association import nameable
from app.queries.mandates import MandateView
from app.queries.mandates import document as read_document
from app.work import BySession
from models.enums import MandateStatus, MandateWay
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.fragment import Fragment
from pages.components.mandate_seal import seal_section
from pages.components.mandate_words import NO_OTHER_USE, paragraphs
from pages.components.press import Press
from pages.components.receipt_gesture import draw_receipt
from pages.components.states import mandate_chip
from pages.components.ways import strength_mark
from pages.components.words import Words
from pages.mandates.choice import AGAIN, draw_choice
from pages.mandates.giving import capacity_words
from pages.shell.action import read
from pages.shell.live import Gathered
from pages.shell.page import Follow, Page


async def document(page: Page) -> Follow | None:
    """Draw the document and, for the structure's aidants, the gestures of its state; live."""
    mandate = await page.read(read_document, page.id("id"))
    seal = await page.read(seal_of, page.id("id"))
    page.called("Mandat")
    if page.outlet is not None:
        gathered = Gathered(0.2, lambda _: page.outlet.again())  # type: ignore[union-attr]
        page.watch([mandate.case_id], gathered.hear)
        page.on_leave(gathered.end)
    with ui.element("div").classes("plain-page"):
        Words("Mandat", "h1")
        with ui.element("div").classes("row-of-buttons no-print"):
            _draw_gestures(page, mandate)
        await draw_choice(page, mandate)
        await _draw_bounds(page, mandate)
        Fragment(_document(mandate))
        if seal is not None:
            Fragment(h.article(".document")[seal_section(seal)])
    return None


async def image_of(caller: BySession, mandate_id: str) -> Response:
    """Return the drawn signature as an image, to who may see the mandate; else 404."""
    try:
        mandate = await read(caller, read_document, UUID(mandate_id))
    except (ValueError, Refusal):
        return Response(status_code=404)
    image = mandate.proof and (mandate.proof.image or mandate.proof.witness_image)
    if not image:
        return Response(status_code=404)
    headers = {"Cache-Control": "no-store", "Content-Security-Policy": "sandbox; default-src 'none'"}
    return Response(image, media_type="image/svg+xml", headers=headers)


async def _draw_bounds(page: Page, mandate: MandateView) -> None:
    """Draw what the mandate changes in another, and what it is not for."""
    if (changes := await page.read(amendment, mandate.id)) is not None:
        added = f" et ajoute : {', '.join(changes.added)}" if changes.added else ""
        verb = "remplace" if mandate.accepted_at else "remplacera"
        Words(f"Ce mandat {verb} celui du {long_date(changes.replaces)}{added}.").classes("notice")
    Words(NO_OTHER_USE).classes("meta")


def _draw_gestures(page: Page, mandate: MandateView) -> None:
    address = f"/demandes/{mandate.case_id}"
    if mandate.is_draft_case:
        address = f"/demandes/nouvelle?brouillon={mandate.case_id}&etape=5"
    with ui.element("a").props(f'href="{address}"').classes("button quiet"):
        Words("Revenir à la demande", "span")
    with (
        ui.element("button")
        .props("type=button")
        .classes("button quiet")
        .on("click", js_handler="() => window.print()")
    ):
        Words("Imprimer", "span")
    if mandate.has_document:
        _draw_download("Télécharger le mandat (PDF)", f"/mandats/{mandate.id}/mandat.pdf")
    if not mandate.may_manage:
        return
    if mandate.has_document:
        _draw_download("Télécharger la preuve", f"/mandats/{mandate.id}/preuve.json")

    async def sign() -> None:
        await page.act(mandates.choose_way, mandate.id, MandateWay.SCREEN)
        page.open(f"/mandats/{mandate.id}/signer")

    async def accept() -> None:
        await page.act(mandates.accept, mandate.id)

    async def renounce() -> None:
        _renounce(page, mandate)

    async def again() -> None:
        new = await page.act(mandates.present, mandate.case_id)
        page.open(f"/mandats/{new}/signer")

    async def revoke() -> None:
        _revoke(page, mandate)

    if mandate.status is MandateStatus.PRESENTED:
        Press("Faire signer sur cet écran", sign, look="primary", sign="pen")
    if mandate.status is MandateStatus.CONSENTED:
        Press(f"Accepter au nom de {mandate.structure}", accept, look="primary")
    if mandate.status in (MandateStatus.PRESENTED, MandateStatus.CONSENTED):
        Press("Abandonner ce mandat", renounce)
    if mandate.status is MandateStatus.ACTIVE:
        draw_receipt(page, mandate.id)
    if mandate.status is MandateStatus.ACTIVE and not mandate.is_draft_case:
        Press("Nommer d’autres organismes", lambda: _widen(page, mandate))
    if mandate.status in AGAIN or (mandate.ends_soon and mandate.next_one is None):
        Press("Faire signer un nouveau mandat", again)
    if mandate.may_be_revoked:
        Press("Enregistrer la révocation", revoke, look="danger")


def _draw_download(words: str, address: str) -> None:
    with ui.element("a").props(f'href="{address}" download').classes("button quiet"):
        Words(words, "span")


async def _widen(page: Page, mandate: MandateView) -> None:
    """Prepare a mandate that names more organisations; the one in force holds until it is accepted."""
    others = await page.read(nameable, mandate.case_id)
    with Dialog("Nommer d’autres organismes") as dialog:
        if not others:
            Words("Tous les organismes présents dans ce département sont déjà nommés.").classes("notice")
            dialog.only_close()
            return
        chosen = dialog.field(
            "organizations",
            Field(
                "Organismes à ajouter", kind="checks", value=[],
                options=[(str(one.id), one.name) for one in others],
                hint="La personne signe un nouveau mandat. Celui-ci reste en vigueur jusque-là.",
            ),
        )  # fmt: skip

        async def done() -> None:
            more = frozenset(one.id for one in others if str(one.id) in chosen.value)
            if not more:
                raise Invalid(organizations="Choisissez au moins un organisme.")
            new = await page.act(mandates.present, mandate.case_id, more=more)
            page.open(f"/mandats/{new}/signer")

        dialog.buttons("Faire signer un nouveau mandat", done)


_FROZEN = "Le partage est suspendu aussitôt : les organismes ne pourront plus écrire ni voir les fichiers."
_AFTER_CLOSING = (
    "Ce mandat est terminé avec la demande. Une fois révoqué, il ne reprend plus si elle est rouverte : "
    "il faudra en faire signer un nouveau."
)


def _renounce(page: Page, mandate: MandateView) -> None:
    """Confirm: what the person was asked, or has agreed to, serves no more."""
    with Dialog("Abandonner ce mandat") as dialog:
        Words(
            "L’accord que la personne a donné ne servira pas. Un nouveau mandat pourra être signé ensuite."
            if mandate.status is MandateStatus.CONSENTED
            else "L’accord de la personne ne sera plus attendu. Un nouveau mandat pourra être signé ensuite."
        ).classes("notice")

        async def done() -> None:
            await page.act(mandates.renounce, mandate.id)

        dialog.buttons("Abandonner ce mandat", done, look="danger")


def _revoke(page: Page, mandate: MandateView) -> None:
    """Ask how the person said so, then freeze the sharing."""
    with Dialog("Enregistrer la révocation") as dialog:
        Words(_AFTER_CLOSING if mandate.status is MandateStatus.ENDED else _FROZEN).classes("notice")
        reason = dialog.field("reason", Field("Comment la personne vous l’a-t-elle demandé ?"))

        async def done() -> None:
            await page.act(mandates.revoke, mandate.id, str(reason.value))

        dialog.buttons("Enregistrer la révocation", done, look="danger")


def _document(mandate: MandateView) -> h.Element:
    dates = [
        ("Présenté", mandate.presented_at), ("Accord donné", mandate.consented_at),
        ("Accepté", mandate.accepted_at), ("Fin", mandate.ended_at),
    ]  # fmt: skip
    return h.article(".document")[
        h.p[mandate_chip(mandate.status)],
        h.dl[
            h.dt["Donné par"], h.dd[mandate.holder],
            h.dt["À"], h.dd[mandate.structure],
            h.dt["Pour"], h.dd[mandate.theme],
            h.dt["Auprès de"], h.dd[", ".join(mandate.organizations)],
            h.dt["Valable jusqu’au"], h.dd[f"{long_date(mandate.expires_at)}, au plus tard"],
            (h.fragment[h.dt[name], h.dd[f"{long_date(at)} à {clock(at)}"]] for name, at in dates if at),
            h.fragment[h.dt["À confirmer par écrit avant le"], h.dd[long_date(mandate.confirm_by)]]
            if mandate.confirm_by
            else None,
            h.fragment[h.dt["Accepté par"], h.dd[mandate.accepted_by]] if mandate.accepted_by else None,
            h.fragment[h.dt["Motif de fin"], h.dd[mandate.end_reason]] if mandate.end_reason else None,
        ],
        h.section(aria_label="Texte")[h.h2["Texte présenté"], paragraphs(mandate.plain_text)],
        h.section(aria_label="Texte complet")[h.h2["Texte complet"], paragraphs(mandate.full_text)],
        h.section(aria_label="Preuve")[h.h2["Preuve"], _proof(mandate)],
    ]  # fmt: skip


def _proof(mandate: MandateView) -> h.Renderable:
    proof = mandate.proof
    return h.fragment[
        h.p[strength_mark(proof.strength)] if proof else None,
        h.dl[
            h.dt["Moyen"], h.dd[mandate.way.label],
            h.fragment[h.dt["Forme"], h.dd[f"{proof.kind.label}. {capacity_words(proof.capacity)}."]]
            if proof
            else None,
            h.fragment[h.dt["Par"], h.dd[proof.giver]] if proof and proof.giver else None,
            h.fragment[h.dt["Nom déclaré"], h.dd[proof.name]] if proof and proof.name else None,
            (h.fragment[h.dt[name], h.dd[value]] for name, value in proof.facts) if proof else None,
            h.dt["Version du texte"], h.dd[f"{mandate.text_version}, ", h.code[mandate.text_sha256]],
            h.dt["Empreinte du texte présenté"], h.dd[h.code[mandate.shown_sha256]],
            h.fragment[h.dt["Empreinte de la preuve"], h.dd[h.code[proof.sha256]]] if proof else None,
        ],
        h.img(".drawn", src=f"/mandats/{mandate.id}/signature.svg", alt=_signed_by(mandate))
        if proof and (proof.image or proof.witness_image)
        else None,
        h.p[STRENGTH[proof.kind]] if proof else None,
    ]  # fmt: skip


def _signed_by(mandate: MandateView) -> str:
    proof = mandate.proof
    if proof is not None and proof.witness_image:
        return "Signature du témoin"
    return f"Signature de {proof.giver if proof and proof.giver else mandate.holder}"
