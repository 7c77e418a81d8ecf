"""One's own account: who one is, in which groups, how the screens look and answer, on which devices one is
signed in; signing out.

For everybody signed in; each sees and ends only their own sessions.
"""

from __future__ import annotations

from datetime import UTC, datetime
from uuid import UUID

import htpy as h
from nicegui import ui

from app import group_mailbox, preferences
from app.config import settings
from app.french import moment_name
from app.preferences import Preferences
from app.queries.people import Profile, profile
from app.security import sessions
from app.security.sessions import SessionView
from models.enums import Appearance
from pages.components.field import Field
from pages.components.fragment import Act, Fragment
from pages.components.words import Words
from pages.people import mail_choices, own_groups
from pages.people.mail_choices import PLACE
from pages.shell.page import Follow, Page


async def my_account(page: Page) -> Follow | None:
    """Draw the profile and the open sessions; ending one closes its pages at once."""
    me = await page.read(profile)
    open_sessions = await page.read(sessions.mine)
    chosen = await page.read(preferences.mine)
    places = await page.read(own_groups.load)
    mailboxes = await page.read(group_mailbox.mine)
    page.called("Mon compte")

    async def end(act: Act) -> None:
        if act.name == "end":
            await page.act(sessions.end, act.id())
            listed.replace(_sessions(await page.read(sessions.mine), page.caller.session_id))
            page.say("La session est fermée.")

    with ui.element("div").classes("plain-page"):
        Words("Mon compte", "h1")
        Fragment(_profile(me))
        Words("Préférences", "h2")
        _preferences(page, chosen)
        Words("Notifications", "h2").props(f"id={PLACE}")
        mail_choices.mail_choices(page, chosen, mailboxes)
        own_groups.own_groups(page, places)
        if me.writes:
            ui.html(str(h.p[h.a(".alone", href="/reponses")["Mes réponses prêtes et celles de mes groupes"]]))
        Words("Sessions ouvertes", "h2")
        listed = Fragment(_sessions(open_sessions, page.caller.session_id), on_act=end)
        if settings().is_demo:
            parts = h.a(".alone", href="/demonstration/composants")["Les composants des écrans"]
            ui.html(str(h.p(".meta")[parts]))
        ui.html(
            str(
                h.form(method="post", action="/deconnexion", style="margin-top:32px")[
                    h.button(".button.quiet", type="submit")["Se déconnecter"]
                ]
            )
        )
    mail_choices.lead_there(page)
    return None


def _preferences(page: Page, chosen: Preferences) -> None:
    """Draw the choices; each takes effect at once, here and on the person's other open pages."""

    async def look() -> None:
        await page.act(preferences.choose_appearance, str(appearance.value))

    async def use_keys() -> None:
        await page.act(preferences.choose_shortcuts, bool(shortcuts.value))

    async def again() -> None:
        now = await page.read(preferences.mine)
        appearance.set_value(now.appearance.value)
        shortcuts.set_value(_keys(now))

    appearance = Field(
        "Apparence", kind="radio", value=chosen.appearance.value, on_change=look,
        options=[(one.value, one.label) for one in Appearance],
    )  # fmt: skip
    shortcuts = Field(
        "Clavier", kind="checks", value=_keys(chosen), on_change=use_keys,
        options=[(_ON, "Utiliser les raccourcis clavier", "Ils n’agissent jamais pendant que vous écrivez.")],
    )  # fmt: skip
    ui.html(str(h.button(".button", type="button", data_shortcut="?")["Voir les raccourcis"]))
    mail_choices.follow(page, again)


_ON = "oui"


def _keys(chosen: Preferences) -> list[str]:
    return [_ON] if chosen.has_shortcuts else []


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
                    "Fermer la session"
                ],
            ]
            for one in found
        )
    ]  # fmt: skip


def _roles(me: Profile) -> h.Node:
    return h.ul[(h.li[role] for role in me.roles)] if me.roles else "Aucun"
