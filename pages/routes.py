"""Every address of the service: its screen and who may enter. One shell a tab; screens change inside it.

Before the sign-in: plain HTML. Behind it: one NiceGUI page whose outlet draws the screens of ``ROUTES``.
"""

from __future__ import annotations

import asyncio
import gc
import logging
import re
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, JSONResponse, PlainTextResponse
from nicegui import Client, app, ui

from app import jobs, mandate_papers, work
from app.config import VERSION
from app.errors import Forbidden, NotFound, Refusal, SignedOut
from app.security.files import FileStore
from app.work import BySession
from pages import case_paper, files
from pages.admin.groups import groups
from pages.admin.lists import qualification_lists
from pages.admin.organizations import organizations
from pages.admin.outgoing import outgoing
from pages.admin.overview import overview
from pages.admin.rules import routing_rules
from pages.admin.tasks import tasks
from pages.cases import export
from pages.cases.new_case import new_case
from pages.cases.workspace import workspace
from pages.demonstration.components import components
from pages.demonstration.trial_box import trial_box
from pages.mandates import page_files
from pages.mandates.capture import capture
from pages.mandates.document import document, image_of
from pages.mandates.existing import existing
from pages.mandates.paper import paper
from pages.mandates.papers import download
from pages.mandates.receipt import receipt
from pages.mandates.sms import sms
from pages.mandates.witness import witness
from pages.people.account import my_account
from pages.people.answers import ready_answers
from pages.people.group import group
from pages.people.leaving import close_account, leave_group
from pages.people.notices import my_notices
from pages.public import sign_in, sms_callbacks, usager, verify
from pages.public.skeleton import refusal_page
from pages.shell import design, held, live, presence, socket_guard
from pages.shell.action import in_thread
from pages.shell.bundle import bundle
from pages.shell.immutable import Immutable
from pages.shell.layout import bare, frame, signed
from pages.shell.page import Page, Screen
from pages.shell.session import Guard, sign_in_again


@dataclass(frozen=True)
class Route:
    """A screen behind the sign-in. ``who`` says in words who enters; the screen's own reading enforces it."""

    path: str
    screen: Screen
    who: str
    framed: bool = True

    @property
    def pattern(self) -> re.Pattern[str]:
        """What the path matches."""
        return re.compile(re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", self.path) + "$")


ROUTES: tuple[Route, ...] = (
    Route("/demandes/nouvelle", new_case, "les Aidants+"),
    Route("/demandes", workspace, "toute personne connectée ; chacun voit les demandes de ses groupes"),
    Route("/demandes/{id}", workspace, "qui peut lire la demande"),
    Route("/mandats/{id}", document, "qui peut voir le mandat"),
    Route("/mandats/{id}/signer", capture, "les Aidants+ de la structure", framed=False),
    Route("/mandats/{id}/papier", paper, "les Aidants+ de la structure"),
    Route("/mandats/{id}/sms", sms, "les Aidants+ de la structure"),
    Route("/mandats/{id}/temoin", witness, "les Aidants+ de la structure", framed=False),
    Route("/mandats/{id}/existant", existing, "les Aidants+ de la structure"),
    Route("/mandats/{id}/recu", receipt, "les Aidants+ de la structure, tant que le mandat est en vigueur"),
    Route("/notifications", my_notices, "toute personne connectée ; chacun voit les siennes"),
    Route("/administration/taches", tasks, "les administrateurs"),
    Route("/administration", overview, "les administrateurs"),
    Route("/administration/qualification", qualification_lists, "les administrateurs"),
    Route("/administration/qualification/{liste}/{code}", routing_rules, "les administrateurs"),
    Route("/administration/groupes", groups, "les administrateurs"),
    Route("/administration/organismes", organizations, "les administrateurs"),
    Route("/groupes/{id}", group, "les responsables du groupe et les administrateurs"),
    Route(
        "/groupes/{id}/depart/{account}",
        leave_group,
        "les responsables du groupe, les administrateurs, et la personne elle-même",
    ),
    Route("/comptes/{account}/desactiver", close_account, "les administrateurs"),
    Route("/administration/envois", outgoing, "les administrateurs"),
    Route("/compte", my_account, "toute personne connectée"),
    Route(
        "/reponses", ready_answers, "les Aidants+ et les Agents+ ; chacun les siennes et celles de ses groupes"
    ),
    Route("/demonstration/composants", components, "toute personne connectée, dans la démonstration seulement"),
    Route("/demonstration/boite", trial_box, "toute personne connectée, dans la démonstration seulement"),
)


# The on-screen keyboard takes its place from the page: what one writes in stays above it.
_VIEWPORT = "width=device-width, initial-scale=1, interactive-widget=resizes-content"
_PATIENCE = 10.0  # seconds for a page to be made; twice that, and NiceGUI would say so in English
_LATE = "Le service est très sollicité. Attendez une minute, puis rechargez la page."


@lru_cache(maxsize=1)
def _patterns() -> tuple[tuple[re.Pattern[str], Route], ...]:
    return tuple((route.pattern, route) for route in ROUTES)


def route_of(path: str) -> tuple[Route, dict[str, str]] | None:
    """Return the route of a path and its parameters."""
    for pattern, route in _patterns():
        if found := pattern.match(path):
            return route, found.groupdict()
    return None


def find(path: str) -> tuple[Screen, dict[str, str]] | None:
    """Return the screen of a path that is drawn inside the frame."""
    found = route_of(path)
    return (found[0].screen, found[1]) if found and found[0].framed else None


def mount(store: FileStore, *, with_jobs: bool = False) -> None:
    """Put everything on the application: guard, plain pages, files, screens, life cycle. ``with_jobs``: what
    runs by itself runs here too, from the start of the server to its end."""
    app.add_middleware(Guard, show=refusal_page)
    app.add_middleware(Immutable)  # around it: what is public and never changes needs nobody's session
    socket_guard.install()
    app.include_router(sign_in.router)
    app.include_router(verify.router)
    app.include_router(sms_callbacks.router)
    app.include_router(usager.router)
    files.mount(app, store)
    page_files.mount(app)
    export.mount(app)
    case_paper.mount(app)
    _mount_plain()
    for route in ROUTES:
        ui.page(route.path, viewport=_VIEWPORT, response_timeout=2 * _PATIENCE)(shell)
    app.on_startup(_start)
    if with_jobs:
        app.on_startup(jobs.start)
        app.on_shutdown(jobs.stop)
    app.on_shutdown(_stop)
    # Screens say what failed in words and log it once (Page.refused); NiceGUI's own log would say it twice.
    app._exception_handlers[:] = [_unexpected]
    # Quasar's own bar over every request has no name; screens say by themselves that they work.
    app.config.quasar_config["loadingBar"] = {"skipHijack": True}


async def shell(request: Request, client: Client) -> Response | None:
    """Open a tab on any address behind the sign-in: the frame, then the screen; a refusal is a plain page."""
    state = request.scope["state"]
    page = Page(BySession(state["session_id"]), state["account_id"], state["account_name"], client)
    client.on_exception(page.refused)
    address = request.url.path + (f"?{request.url.query}" if request.url.query else "")
    found = route_of(request.url.path)
    assert found is not None
    try:
        async with asyncio.timeout(_PATIENCE):
            if not found[0].framed:
                page.at(address, found[1])
                bare(page, await page.read(signed))
                await found[0].screen(page)
                return None
            outlet = frame(page, await page.read(signed), find)
            page.watch_rights(outlet.again)
            await outlet.first(address)
    except TimeoutError:
        client.delete()
        return HTMLResponse(refusal_page(503, _LATE), 503)
    except SignedOut:
        return Response(status_code=303, headers={"Location": sign_in_again(address)})
    except Refusal as error:
        status = 404 if isinstance(error, NotFound) else 403 if isinstance(error, Forbidden) else 409
        client.delete()
        return HTMLResponse(refusal_page(status, error.sentence), status)
    return None


def _mount_plain() -> None:
    @app.get("/sante", include_in_schema=False)
    async def health() -> JSONResponse:
        alive = await in_thread(work.is_alive)
        body = {"etat": "ok" if alive else "panne", "base": "ok" if alive else "absente", "version": VERSION}
        return JSONResponse(body, 200 if alive else 503)

    @app.get("/session", include_in_schema=False)
    def lives(request: Request) -> Response:
        handed = request.state.handed
        at = {held.HEADER: held.place_of(handed)} if handed else {}
        return Response(status_code=204, headers={"Cache-Control": "no-store", **at})

    @app.get("/statique/{version}/{name}.css", include_in_schema=False)
    def sheet(request: Request) -> Response:
        css = design.SHEETS.get(request.url.path)
        if css is None:
            return PlainTextResponse("", 404)
        return Response(
            css, media_type="text/css", headers={"Cache-Control": "public, max-age=31536000, immutable"}
        )

    @app.get("/statique/{version}/parts.js", include_in_schema=False)
    def parts(request: Request) -> Response:
        address, script = bundle()
        if request.url.path != address:
            return PlainTextResponse("", 404)
        return Response(
            script,
            media_type="text/javascript",
            headers={"Cache-Control": "public, max-age=31536000, immutable"},
        )

    @app.get("/mandats/{mandate_id}/signature.svg", include_in_schema=False)
    async def signature(request: Request, mandate_id: str) -> Response:
        return await image_of(BySession(request.state.session_id), mandate_id)

    @app.get("/mandats/{mandate_id}/mandat.pdf", include_in_schema=False)
    async def mandate_pdf(request: Request, mandate_id: str) -> Response:
        return await download(BySession(request.state.session_id), mandate_papers.pdf, mandate_id)

    @app.get("/mandats/{mandate_id}/preuve.json", include_in_schema=False)
    async def mandate_evidence(request: Request, mandate_id: str) -> Response:
        return await download(BySession(request.state.session_id), mandate_papers.evidence, mandate_id)

    @app.exception_handler(404)
    async def lost(_: Request, __: Any) -> Response:
        return HTMLResponse(refusal_page(404, NotFound().sentence), 404)


def _start() -> None:
    live.start(asyncio.get_running_loop())
    presence.start()
    work.database().listen_to_others()
    # Fewer full collections while people are connected (nicegui.md, section 1).
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 50, 100)


def _stop() -> None:
    presence.stop()
    live.stop()
    work.database().close()


def _unexpected(error: Exception) -> None:
    """Log what no page has answered for."""
    if not isinstance(error, Refusal):
        logging.getLogger(__name__).error("unexpected failure outside a page", exc_info=error)
