"""Signing in and out: plain forms, no NiceGUI client for somebody the service does not know yet."""

from __future__ import annotations

from urllib.parse import parse_qsl
from uuid import UUID

import htpy as h
from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from app.errors import Invalid
from app.security import sessions
from app.security.sessions import Throttled
from pages.public.skeleton import page
from pages.shell.action import at_the_door, in_thread
from pages.shell.session import clear_cookie, set_cookie

router = APIRouter(include_in_schema=False)

HOME = "/demandes"
_LONGEST_PATH = 2000
_MAX_FIELDS = 10
_WAIT_SECONDS = "900"
_NO_STORE = {"Cache-Control": "no-store"}
_BROWSERS = (("Edg", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
_SYSTEMS = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("Mac OS", "macOS"), ("Linux", "Linux"),
)  # fmt: skip


@router.get("/")
async def start(request: Request) -> Response:
    """Send people to their work, or to the door."""
    return _go(HOME if _session(request) else "/connexion")


@router.get("/connexion")
async def ask(request: Request, suite: str = "", raison: str = "") -> Response:
    """Show the form, unless one is signed in already; ``raison=fin``: say that the session ended."""
    return _go(local_path(suite)) if _session(request) else _form(suite, has_ended=raison == "fin")


@router.post("/connexion")
async def enter(request: Request) -> Response:
    """Open a session and go to the page that was asked for; else show why not, keeping what was typed."""
    typed = _fields(await request.body())
    email, password, suite = (typed.get(name, "") for name in ("email", "password", "suite"))
    empty = {name: sentence for name, sentence in _MISSING.items() if not typed.get(name, "").strip()}
    if empty:
        return _form(suite, email, empty, status=422)
    origin = request.client.host if request.client else ""
    device = device_name(request.headers.get("user-agent", ""))
    try:
        opened = await at_the_door(sessions.sign_in, email, password, origin, device)
    except Throttled as refusal:
        response = _form(suite, email, refusal.fields, status=429)
        response.headers["Retry-After"] = _WAIT_SECONDS
        return response
    except Invalid as refusal:
        return _form(suite, email, refusal.fields, status=401)
    if before := _session(request):
        await in_thread(sessions.sign_out, before)
    response = _go(local_path(suite))
    set_cookie(response, opened.token)
    return response


@router.post("/deconnexion")
async def leave(request: Request) -> Response:
    """End the session: its open pages leave too."""
    if session_id := _session(request):
        await in_thread(sessions.sign_out, session_id)
    response = _go("/connexion")
    clear_cookie(response)
    return response


def local_path(asked: str) -> str:
    """Return the page asked for if it is one of ours, else the dashboard: never another site.

    Ours starts with a single «/»; browsers read «\\» as «/» and skip control characters, so neither may be
    there. The door itself is nowhere to go.
    """
    is_ours = (
        asked.startswith("/")
        and not asked.startswith("//")
        and "\\" not in asked
        and asked.isprintable()
        and len(asked) <= _LONGEST_PATH
        and asked.split("?")[0].rstrip("/") not in ("", "/connexion", "/deconnexion")
    )
    return asked if is_ours else HOME


def device_name(user_agent: str) -> str:
    """Return «Firefox, Windows»: enough to know one's own session in a list."""
    browser = next((name for mark, name in _BROWSERS if mark in user_agent), "Navigateur inconnu")
    system = next((name for mark, name in _SYSTEMS if mark in user_agent), "")
    return f"{browser}, {system}" if system else browser


_MISSING = {
    "email": "Écrivez votre adresse e-mail.",
    "password": "Écrivez votre mot de passe.",
}


_ENDED = "Votre session s’est terminée. Reconnectez-vous : votre texte est gardé."


def _form(
    suite: str,
    email: str = "",
    errors: dict[str, str] | None = None,
    *,
    status: int = 200,
    has_ended: bool = False,
) -> Response:
    errors = errors or {}
    content = page(
        "Se connecter",
        errors and _summary(errors),
        has_ended and h.p(".notice", role="status")[_ENDED],
        h.form(method="post", action="/connexion", novalidate=True)[
            h.input(type="hidden", name="suite", value=suite[:_LONGEST_PATH]),
            _field("email", "Adresse e-mail", errors, type="email", autocomplete="username", value=email,
                   autofocus=not errors, spellcheck="false", maxlength="254"),
            _field("password", "Mot de passe", errors, type="password", autocomplete="current-password"),
            (sentence := errors.get("")) and h.p("#erreur.field-error")[sentence],
            h.button(".button.primary", type="submit")["Se connecter"],
        ],
        has_accounts=True,
    )  # fmt: skip
    return HTMLResponse(content, status, _NO_STORE)


def _field(name: str, label: str, errors: dict[str, str], **attributes: str | bool) -> h.Element:
    described = f"erreur-{name}" if name in errors else "erreur" if "" in errors else None
    return h.div(".field")[
        h.label(for_=name)[label],
        h.input(
            attributes, id=name, name=name, required=True, aria_describedby=described,
            aria_invalid="true" if described else None,
        ),
        name in errors and h.p(".field-error", id=f"erreur-{name}")[errors[name]],
    ]  # fmt: skip


def _summary(errors: dict[str, str]) -> h.Element:
    """Say at the top what is wrong, where the reader is taken at once."""
    return h.div(".errors", role="alert", tabindex="-1", autofocus=True)[
        h.p[h.strong["La connexion n’a pas abouti."]],
        h.ul[(h.li[h.a(href=f"#{name or 'email'}")[sentence]] for name, sentence in errors.items())],
    ]


def _fields(body: bytes) -> dict[str, str]:
    try:
        return dict(
            parse_qsl(body.decode("utf-8", "replace"), keep_blank_values=True, max_num_fields=_MAX_FIELDS)
        )
    except ValueError:  # more fields than the form has
        return {}


def _session(request: Request) -> UUID | None:
    found: UUID | None = getattr(request.state, "session_id", None)
    return found


def _go(path: str) -> Response:
    return RedirectResponse(path, 303, _NO_STORE)
