"""A case on paper: a plain page to print, and the same as a PDF. No client of NiceGUI is held for it.

``GET /demandes/{id}/imprimer`` and ``GET /demandes/{id}/demande.pdf``, with ``?notes=oui`` for the notes
between agents: ``app.case_paper.printing`` asks who may. Who is signed in is known in front of these routes.
"""

from __future__ import annotations

import secrets
from uuid import UUID

import htpy as h
from fastapi import FastAPI, Request
from fastapi.responses import HTMLResponse, Response
from markupsafe import Markup

from app.case_paper.pdf import render
from app.case_paper.printing import take
from app.case_paper.sheet import Line, Recipient, Sheet
from app.errors import Forbidden, NotFound, Refusal, SignedOut
from app.french import NBSP
from app.security.headers import print_policy
from pages.files import caller_of
from pages.public.skeleton import SERVICE, refusal_page
from pages.shell import design
from pages.shell.action import act, on_pictures
from pages.shell.icons import icon

NOTES = "oui"
_PRIVATE = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
# The one thing that a link cannot do. The button is shown by the script that makes it work.
_PRINTS = "const b = document.getElementById('imprimer'); b.hidden = false; b.onclick = () => print();"
_STATUS: tuple[tuple[type[Refusal], int], ...] = ((SignedOut, 401), (Forbidden, 403), (NotFound, 404))
_COLUMNS = ("Organisme", "État", "Suivi par", "Prochain geste")


def mount(app: FastAPI) -> None:
    """Add both routes to the application."""

    async def page(request: Request, case_id: str, notes: str = "") -> Response:
        try:
            sheet = await _taken(request, case_id, notes, as_pdf=False)
        except Refusal as refusal:
            return _refused(refusal)
        nonce = secrets.token_urlsafe(16)
        headers = _PRIVATE | {"Content-Security-Policy": print_policy(nonce)}
        return HTMLResponse(_page(sheet, case_id, nonce), headers=headers)

    async def pdf(request: Request, case_id: str, notes: str = "") -> Response:
        try:
            sheet = await _taken(request, case_id, notes, as_pdf=True)
        except Refusal as refusal:
            return _refused(refusal)
        headers = _PRIVATE | {
            "Content-Disposition": f'attachment; filename="demande-{sheet.reference}.pdf"',
            "Content-Security-Policy": "sandbox; default-src 'none'",
        }
        return Response(await on_pictures(render, sheet), media_type="application/pdf", headers=headers)

    for name, endpoint in (("imprimer", page), ("demande.pdf", pdf)):
        app.add_api_route(
            f"/demandes/{{case_id}}/{name}", endpoint, include_in_schema=False, response_model=None
        )


async def _taken(request: Request, case_id: str, notes: str, *, as_pdf: bool) -> Sheet:
    try:
        known = UUID(case_id)
    except ValueError:
        raise NotFound from None
    return await act(caller_of(request), take, known, with_notes=notes == NOTES, as_pdf=as_pdf)


def _refused(refusal: Refusal) -> Response:
    status = next((number for kind, number in _STATUS if isinstance(refusal, kind)), 409)
    return HTMLResponse(refusal_page(status, refusal.sentence), status, _PRIVATE)


def _page(sheet: Sheet, case_id: str, nonce: str) -> str:
    return str(
        h.html(lang="fr")[
            h.head[
                h.meta(charset="utf-8"),
                h.meta(name="viewport", content="width=device-width, initial-scale=1"),
                h.title[f"{sheet.title} – {SERVICE}"],
                h.link(rel="stylesheet", href=design.SHEET_CSS_PATH),
            ],
            h.body(class_=["case-sheet", {"with-notes": bool(sheet.warning)}])[
                h.a(".skip", href="#contenu")["Aller au contenu"],
                _tools(sheet, case_id),
                h.main("#contenu", tabindex="-1")[_case(sheet)],
                h.script(nonce=nonce)[Markup(_PRINTS)],  # noqa: S704 (ours)
            ],
        ]
    )


def _tools(sheet: Sheet, case_id: str) -> h.Element:
    """What stands above the sheet and is not printed. Notes are added by an explicit choice, each time."""
    here, pdf = f"/demandes/{case_id}/imprimer", f"/demandes/{case_id}/demande.pdf"
    chosen = f"?notes={NOTES}" if sheet.with_notes else ""
    return h.nav(".tools", aria_label="Impression")[
        h.button("#imprimer.button.primary", type="button", hidden=True)[icon("print"), h.span["Imprimer"]],
        h.a(".button", href=pdf + chosen, download="")["Télécharger le PDF"],
        _notes(sheet, here) if sheet.may_have_notes else None,
        h.a(".button.plain", href=f"/demandes/{case_id}")["Revenir à la demande"],
    ]


def _notes(sheet: Sheet, here: str) -> h.Element:
    if sheet.with_notes and not sheet.warning:
        return h.span["Aucune note entre Agents+ dans cette demande"]
    if sheet.with_notes:
        return h.a(".button", href=here)["Retirer les notes entre Agents+"]
    return h.a(".button", href=f"{here}?notes={NOTES}")["Avec les notes entre Agents+"]


def _case(sheet: Sheet) -> h.Renderable:
    return h.fragment[
        h.p(".meta")[f"Demande {sheet.reference}"],
        h.h1[sheet.subject],
        h.p(".warning")[sheet.warning] if sheet.warning else None,
        h.dl[((h.dt[name], h.dd[words]) for name, words in sheet.facts)],
        h.h2["Organismes"],
        h.table[
            h.thead[h.tr[(h.th(scope="col")[name] for name in _COLUMNS)]],
            h.tbody[(_recipient(one) for one in sheet.recipients)],
        ],
        h.h2["Échanges"],
        h.p(".meta")[sheet.left_out] if sheet.left_out else None,
        (_line(one) for one in sheet.lines),
        h.p(".meta.printed")[f"{sheet.printed}."],
    ]


def _recipient(one: Recipient) -> h.Element:
    said = zip(_COLUMNS, (one.group, one.state, one.assignee, one.due), strict=True)
    return h.tr[(h.td(data_name=f"{name}{NBSP}:")[words or "–"] for name, words in said)]


def _line(one: Line) -> h.Element:
    if one.is_event:
        return h.p(".entry.event")[one.by]
    return h.section(class_=["entry", {"note": bool(one.label)}])[
        h.h3[one.by],
        h.p(".label")[one.label] if one.label else None,
        h.p(".text")[(h.strong[text] if names else text for text, names in one.parts)] if one.text else None,
        h.ul[(h.li[f"Fichier{NBSP}: {name}"] for name in one.files)] if one.files else None,
    ]
