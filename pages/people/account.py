"""One's own account: who one is, in which groups, on which devices one is signed in; signing out.

For everybody signed in; each sees and ends only their own sessions.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import htpy as h
from nicegui import ui

from app.french import moment_name
from app.queries.people import Profile, profile
from app.security import sessions
from app.security.sessions import SessionView
from pages.components.fragment import Act, Fragment
from pages.components.words import Words
from pages.shell.page import Follow, Page


async def my_account(page: Page) -> Follow | None:
    """Draw the profile and the open sessions; ending one closes its pages at once."""
    me = await page.read(profile)
    open_sessions = await page.read(sessions.mine)
    page.called("Mon compte")

    async def end(act: Act) -> None:
        if act.name == "end":
            await page.act(sessions.end, act.id())
            listed.replace(_sessions(await page.read(sessions.mine), page.caller.session_id))
            page.say("La session est fermée.")

    with ui.element("div").classes("plain-page"):
        Words("Mon compte", "h1")
        Fragment(_profile(me))
        Words("Sessions ouvertes", "h2")
        listed = Fragment(_sessions(open_sessions, page.caller.session_id), on_act=end)
        ui.html(
            str(
                h.form(method="post", action="/deconnexion", style="margin-top:32px")[
                    h.button(".button.quiet", type="submit")["Se déconnecter"]
                ]
            )
        )
    return None


def _profile(me: Profile) -> h.Renderable:
    return h.dl[
        h.dt(".meta")["Nom"], h.dd[me.name],
        h.dt(".meta")["Adresse e-mail"], h.dd[me.email],
        h.dt(".meta")["Groupes et rôles"], h.dd[_roles(me)],
    ]  # fmt: skip


def _sessions(found: tuple[SessionView, ...], current: UUID) -> h.Element:
    now = datetime.now(UTC)
    return h.ul(".drafts")[
        (
            h.li(data_key=str(one.id))[
                h.span[
                    one.device or "Navigateur inconnu", h.br,
                    h.small[f"Dernière activité {moment_name(one.last_seen_at, now)}"],
                ],
                h.span["Cette session"]
                if one.id == current
                else h.button(".button.quiet", type="button", data_act="end", data_id=str(one.id))[
                    "Fermer"
                ],
            ]
            for one in found
        )
    ]  # fmt: skip


def _roles(me: Profile) -> h.Node:
    return h.ul[(h.li[role] for role in me.roles)] if me.roles else "Aucun"
