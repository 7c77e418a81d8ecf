"""A small application behind the guards, run as a process of its own by the tests that forge.

``APLUS_*`` say where its database is and where it listens. Whatever a handler was made to do is kept in
``EFFECTS``, by page; ``/essai/effets`` shows it to whoever is signed in.
"""

from __future__ import annotations

from collections import defaultdict
from datetime import UTC, datetime
from functools import partial
from typing import Any
from uuid import UUID

from fastapi import Request
from nicegui import core, ui
from nicegui.events import ValueChangeEventArguments
from sqlmodel import SQLModel

from app import events, work
from app.config import settings
from app.events import Missed, SessionHanded
from app.security import passwords
from app.work import ByNobody, acting
from models.account import Account
from pages.components.press import Press
from pages.public import sign_in, verify
from pages.public.skeleton import refusal_page
from pages.shell import socket_guard
from pages.shell.living import living
from pages.shell.session import Guard

PASSWORD = "demonstration"
EFFECTS: defaultdict[str, list[str]] = defaultdict(list)


def fill() -> None:
    """Make the tables, and three people who may sign in (the last one not any more)."""
    passwords.use_cost(1, 8)
    settings().data_dir.mkdir(parents=True, exist_ok=True)
    database = work.connect(settings())
    SQLModel.metadata.create_all(database.engine)
    with acting(ByNobody()) as w:
        for name in ("aline", "bruno", "ancien"):
            w.session.add(
                Account(
                    created_at=datetime.now(UTC), email=f"{name}@demo.example", first_name=name.capitalize(),
                    last_name="Essai", password_hash=passwords.hash_password(PASSWORD),
                    is_active=name != "ancien",
                )
            )  # fmt: skip


@ui.page("/essai")
def trial() -> None:
    """Everything of nicegui.md, section 5.1, that a forger may try."""
    client_id = ui.context.client.id

    def did(what: str) -> None:
        EFFECTS[client_id].append(what)

    async def pressed(what: str) -> None:
        did(what)

    def changed(what: str, event: ValueChangeEventArguments[Any]) -> None:
        did(f"{what} {event.value}")

    def button(text: str) -> ui.button:
        return ui.button(text, on_click=partial(did, text))

    button("Visible")
    button("Caché").visible = False
    button("Désactivé").disable()
    button("props disable").props("disable")
    with ui.column() as hidden, ui.row():
        button("Sous un parent caché")
    hidden.visible = False
    with ui.element("fieldset").props("disabled"):
        button("Dans un fieldset disabled")
    with ui.element("div").props("disable"), ui.row():
        button("Sous props disable")
    with ui.expansion(value=True) as off:
        button("Sous un parent désactivé")
    off.disable()
    with ui.dialog().props('aria-label="fermé"') as closed:
        button("Dans un dialogue fermé")
    closed.on_value_change(partial(changed, "dialogue"))
    with ui.dialog(value=True):
        button("Dans un dialogue ouvert")
    ui.input("Lecture seule", value="a", on_change=partial(changed, "lecture seule")).props("readonly")
    ui.input("Libre", on_change=partial(changed, "libre"))
    with ui.column() as place:
        Press("Prendre", partial(pressed, "pris"))

    def redraw() -> None:
        place.clear()
        did("redessiné")

    ui.button("Redessiner", on_click=redraw)
    with ui.column() as put_away:
        Press("Rangé", partial(pressed, "rangé"))
    put_away.visible = False
    ui.upload(label="Fichier", on_upload=partial(did, "fichier"), max_file_size=1000)


@core.app.get("/essai/effets")
def effects(page: str) -> list[str]:
    """What the handlers of a page were made to do."""
    return EFFECTS[page]


@core.app.get("/essai/moi")
def me(request: Request) -> dict[str, str]:
    """What the guard says of who asks."""
    return {name: str(getattr(request.state, name)) for name in ("session_id", "account_id", "account_name")}


@core.app.get("/essai/regard")
async def look() -> None:
    """What happens once a minute."""
    await socket_guard.dismiss_ended()


@core.app.get("/essai/oubli")
async def forget() -> None:
    """As if what is known of sessions were older than five seconds."""
    living.forget(Missed())


@core.app.get("/essai/remise")
def hand_over(session: UUID, mandate: UUID) -> None:
    """Tell what a commit of ``app.handing`` tells."""
    events.publish(SessionHanded(session, mandate))


@ui.page("/mandats/{mandate}/signer")
def place(mandate: str) -> None:
    """The only page of a screen that was handed over."""
    client_id = ui.context.client.id
    ui.button("Ici", on_click=lambda: EFFECTS[client_id].append("Ici"))


@core.app.get("/essai/panne")
def fail() -> None:
    """Fail as nobody expects."""
    raise RuntimeError("un nom d’usager qui ne doit pas sortir")


@core.app.post("/essai/corps")
@core.app.post("/demandes/{_}/fichiers")
async def measure(request: Request) -> int:
    """How many bytes came through."""
    return len(await request.body())


if __name__ == "__main__":
    fill()
    core.app.include_router(sign_in.router)
    core.app.include_router(verify.router)
    core.app.add_middleware(Guard, show=refusal_page)
    socket_guard.install()
    ui.run(
        host=settings().host, port=settings().port, reload=False, show=False, show_welcome_message=False,
        language="fr", title="Essai", tailwind=False, reconnect_timeout=5, gzip_middleware_factory=None,
        ws_per_message_deflate=False, server_header=False,
    )  # fmt: skip
