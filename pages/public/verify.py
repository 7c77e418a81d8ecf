"""Verifying a mandate by its code, for anybody: plain pages, no script, nothing said that a code does not give.

Whoever is not signed in gets the same page in length and in time, be the code known or not. A file that is
compared is hashed as it comes and kept nowhere.
"""

from __future__ import annotations

import asyncio
import hashlib
import time
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any
from urllib.parse import quote
from uuid import UUID

import htpy as h
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response
from markupsafe import Markup
from python_multipart import MultipartParser
from python_multipart.exceptions import FormParserError
from python_multipart.multipart import parse_options_header
from starlette.requests import ClientDisconnect

from app.config import settings
from app.french import clock, long_date
from app.mandate_document.code import SHORT_LENGTH, read_code
from app.verification import Found, State, TooMany, look
from app.work import ByNobody, BySession
from pages.public.skeleton import page
from pages.shell.action import act
from pages.shell.icons import icon

router = APIRouter(include_in_schema=False)

TITLE = "Vérifier un mandat"
# Nobody indexes these pages; their length is said as it is, not as a compressor makes it of their words.
_HEADERS = {"Cache-Control": "no-store", "X-Robots-Tag": "noindex", "Content-Encoding": "identity"}
_SECONDS = 0.1  # what an anonymous answer takes at least; the work itself takes less
_VERDICT_BYTES = 1024  # what the part that differs is filled up to
_WAIT_SECONDS = "900"
_SHAPE = "Un code a 16 caractères, ou 8 pour un code court."
_SENTENCES = {
    State.IN_FORCE: "La structure peut agir dans les limites que le document décrit.",
    State.ENDED: "Il n’autorise plus personne à agir.",
    State.UNKNOWN: "Vérifiez le code sur le document, puis réessayez.",
}
_TITLES = {
    State.IN_FORCE: "Mandat en vigueur", State.ENDED: "Mandat terminé", State.UNKNOWN: "Code inconnu",
}  # fmt: skip
# Codes that cannot be looked up, as their shape tells: nothing is said of what exists.
_SHORT = ("Code court", "Connectez-vous, ou écrivez le code de 16 caractères.")
_NO_CODE = ("Ce n’est pas un code de mandat", f"{_SHAPE} Vérifiez-le sur le document.")
_ICONS = {State.IN_FORCE: "shield", State.ENDED: "close", State.UNKNOWN: "info"}
_TOO_LARGE = "Ce fichier dépasse 15 Mo : ce n’est pas un mandat. Choisissez le PDF téléchargé."
_NO_FILE = "Choisissez le PDF à comparer."


@router.get("/verifier")
async def ask(code: str = "") -> Response:
    """Show the form; a code typed into it leads to its page."""
    if not code.strip():
        return _answer(200, _form())
    if found := read_code(code):
        return RedirectResponse(f"/verifier/{found}", 303, _HEADERS)
    return _answer(422, _form(code, _SHAPE))


@router.get("/verifier/{code}")
async def show(request: Request, code: str) -> Response:
    """Say what a code leads to."""
    return await _looked(request, code)


@router.post("/verifier/{code}")
async def compare(request: Request, code: str) -> Response:
    """Say also whether a PDF is the document of this mandate, to people signed in."""
    if _session(request) is None:
        return RedirectResponse(_door(code), 303, _HEADERS)
    body = request.stream()
    file = _Hashed()
    fault = await _receive(request, body, file)
    if fault:
        with suppress(ClientDisconnect):
            await _let_pass(body)
        read = read_code(code)
        return _answer(
            413 if fault == _TOO_LARGE else 422, _summary(fault), _file_form(read) if read else _form()
        )
    return await _looked(request, code, file.sha256.hexdigest())


class _Hashed:
    """A file as it comes: its hash and its size so far."""

    def __init__(self) -> None:
        self.sha256 = hashlib.sha256()
        self.size = 0

    def add(self, data: bytes, start: int, end: int) -> None:
        """Take a piece of it."""
        self.size += end - start
        self.sha256.update(data[start:end])


async def _receive(request: Request, body: AsyncIterator[bytes], file: _Hashed) -> str:
    """Hash the one file of a form while it is received; return why it will not do, or nothing."""
    kind, options = parse_options_header(request.headers.get("content-type", ""))
    boundary = options.get(b"boundary")
    if kind != b"multipart/form-data" or not boundary:
        return _NO_FILE
    callbacks: Any = {"on_part_data": file.add}
    try:
        parser = MultipartParser(boundary, callbacks)
        async for piece in body:
            parser.write(piece)
            if file.size > settings().max_file_bytes:
                return _TOO_LARGE
        parser.finalize()
    except (FormParserError, ClientDisconnect):
        return _NO_FILE
    return "" if file.size else _NO_FILE


async def _let_pass(body: AsyncIterator[bytes]) -> None:
    """Read what is left of a refused file, once more the limit at most: a browser that still sends would show
    a cut line instead of the sentence."""
    left = settings().max_file_bytes
    async for piece in body:
        left -= len(piece)
        if left < 0:
            return


async def _looked(request: Request, code: str, file_sha256: str = "") -> Response:
    begun = time.monotonic()
    session_id = _session(request)
    origin = request.client.host if request.client else ""
    caller = BySession(session_id) if session_id else ByNobody()
    try:
        found = await act(caller, look, code, origin, file_sha256)
    except TooMany as refusal:
        response = _answer(429, _summary(refusal.sentence))
        response.headers["Retry-After"] = _WAIT_SECONDS
        return response
    read = read_code(code)
    if session_id is None:
        await asyncio.sleep(max(0.0, _SECONDS - (time.monotonic() - begun)))
        return _answer(200, _verdict(found, _unread(read, is_signed_in=False)), _to_sign_in(read))
    if found.state is State.UNKNOWN:
        return _answer(200, _verdict(found, _unread(read, is_signed_in=True)), _form())
    compared = None if found.is_same is None else _same(found.is_same)
    return _answer(200, _verdict(found), compared, _details(found), _file_form(read), _other())


def _unread(code: str, *, is_signed_in: bool) -> tuple[str, str] | None:
    """Return the title and the sentence of a code that was not looked up, if it was not."""
    if not code:
        return _NO_CODE
    return _SHORT if len(code) == SHORT_LENGTH and not is_signed_in else None


def _verdict(found: Found, unread: tuple[str, str] | None = None) -> Markup:
    """What differs from one code to another, filled up so that its length does not tell."""
    moment = f"Réponse du {long_date(found.now)} à {clock(found.now)}."
    title, sentence = unread or (_TITLES[found.state], _SENTENCES[found.state])
    block = str(
        h.section(f".verdict.{found.state.name.lower().replace('_', '-')}", aria_label="Réponse")[
            h.h2[icon(_ICONS[found.state]), h.span[title]],
            h.p[sentence],
            h.p(".moment")[moment],
        ]
    )
    return Markup(block + " " * (_VERDICT_BYTES - len(block.encode())))  # noqa: S704 (htpy has escaped it)


def _details(found: Found) -> h.Element | None:
    if not found.structure:
        return None
    return h.dl[
        h.dt["Donné par"], h.dd[found.initials],
        h.dt["À"], h.dd[found.structure],
        h.dt["Auprès de"], h.dd[", ".join(found.organizations)],
        h.dt["Valable jusqu’au"],
        h.dd[f"{long_date(found.expires_at)}, au plus tard" if found.expires_at else ""],
    ]  # fmt: skip


def _same(is_same: bool) -> h.Element:
    if is_same:
        return h.p(".notice", role="status")["Ce PDF est bien le document de ce mandat, et rien n’y a changé."]
    return h.p(".notice.other", role="status")[
        "Ce PDF n’est pas le document de ce mandat, ou il a été modifié. Demandez l’original à la structure."
    ]


def _file_form(code: str) -> h.Element:
    return h.form(method="post", action=f"/verifier/{code}", enctype="multipart/form-data")[
        h.div(".field")[
            h.label(for_="fichier")["Comparer un PDF reçu"],
            h.p("#fichier-aide.hint")["Choisissez le fichier, ou déposez-le ici. Il n’est pas gardé."],
            h.input(
                id="fichier", name="fichier", type="file", accept="application/pdf,.pdf", required=True,
                aria_describedby="fichier-aide",
            ),
        ],
        h.button(".button.primary", type="submit")["Comparer le PDF"],
    ]  # fmt: skip


def _form(typed: str = "", sentence: str = "") -> h.Element:
    return h.form(method="get", action="/verifier", novalidate=True)[
        h.div(".field")[
            h.label(for_="code")["Code du mandat"],
            h.p("#code-aide.hint")["Il est écrit à la fin du document. Tirets et majuscules ne comptent pas."],
            h.input(
                id="code", name="code", required=True, maxlength="64", value=typed[:64], autocomplete="off",
                autocapitalize="characters", spellcheck="false",
                aria_describedby="code-aide" + (" erreur-code" if sentence else ""),
                aria_invalid="true" if sentence else None,
            ),
            sentence and h.p("#erreur-code.field-error")[sentence],
        ],
        h.button(".button.primary", type="submit")["Vérifier le mandat"],
    ]  # fmt: skip


def _to_sign_in(code: str) -> h.Fragment:
    short = len(code) == SHORT_LENGTH
    return h.fragment[
        short and h.p["Un code court ne se vérifie qu’une fois connecté."],
        h.p[h.a(href=_door(code))["Se connecter pour en voir plus"]],
        _other(),
    ]


def _other() -> h.Element:
    return h.p(".apart")[h.a(href="/verifier")["Vérifier un autre code"]]


def _door(code: str) -> str:
    read = read_code(code)
    return f"/connexion?suite={quote(f'/verifier/{read}' if read else '/verifier', safe='')}"


def _summary(sentence: str) -> h.Element:
    return h.div(".errors", role="alert", tabindex="-1", autofocus=True)[h.p[sentence]]


def _answer(status: int, *content: h.Node) -> Response:
    return HTMLResponse(page(TITLE, *content), status, _HEADERS)


def _session(request: Request) -> UUID | None:
    found: UUID | None = getattr(request.state, "session_id", None)
    return found
