"""The screen in somebody else's hands, and how the adviser takes it back: a code, or the password."""

from __future__ import annotations

from collections.abc import Callable

import htpy as h
from nicegui import ui
from nicegui.element import Element

from app import handing
from app.errors import Invalid
from app.events import SessionHanded, Signal
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.press import Press
from pages.components.words import Words
from pages.shell.action import at_the_door, in_thread
from pages.shell.markup import Markup
from pages.shell.page import Page

# Asked for in the browser at the press itself, else it is refused; refused, the page serves as well.
_FULL_SCREEN = "() => document.documentElement.requestFullscreen?.().catch(() => {})"


class WayBackCode(Element, component="way_back_code.js"):
    """The code that takes the screen back: drawn by the browser, told to nobody but who asks for it here."""


class Handed(Element, component="handed.js"):
    """The whole page, used as a context. ``on_held`` is called when the screen is the usager's, be it handed
    over here or in another tab of the session; taken back, here or there, it goes to ``back_to``."""

    def __init__(self, page: Page, back_to: str, back_words: str, on_held: Callable[[], None]) -> None:
        super().__init__()
        self._page, self._back_to, self._back_words, self._on_held = page, back_to, back_words, on_held
        self._is_held = self._has_left = False
        page.watch([page.caller.session_id], self._hear)
        page.client.on_delete(page.leave)

    def hold(self) -> None:
        """Show that the screen is the usager's: going back stays here, the place is drawn for them."""
        if not self._is_held:
            self._is_held = True
            self.run_method("hold")
            self._on_held()

    def lead(self) -> None:
        """Put the reading at the title of what was just drawn."""
        self.run_method("lead")

    def draw_code(self) -> None:
        """Show the adviser the code that takes the screen back, before it changes hands."""
        self._code = WayBackCode()
        Words("Sans ce code, il faudra votre mot de passe.")

    async def code(self) -> str:
        """Return the code that the adviser was shown."""
        return str(await self._code.run_method("take"))

    def draw_way_back(self) -> None:
        """Draw the adviser's way out: from a screen that is still theirs, or by code or password."""
        if not self._is_held:

            async def leave() -> None:
                self._leave()

            Press(self._back_words, leave, look="plain")
            return

        async def ask() -> None:
            self._ask(by_code=True)

        with ui.element("div").classes("adviser"):
            Press("Je suis le conseiller : reprendre l’écran", ask, look="plain")

    def draw_interrupted(self) -> None:
        """Say that what was being signed here must be begun again, by the adviser."""
        Words("Rendez l’écran au conseiller", "h1")
        Words("La page s’est fermée avant la signature. Le conseiller reprend l’écran, puis recommence.")
        self.draw_way_back()

    def _hear(self, signal: Signal) -> None:
        if isinstance(signal, SessionHanded) and not self.is_deleted:
            if signal.mandate_id is None:
                self._leave()
            else:
                self.hold()

    def _leave(self) -> None:
        if not self._has_left:  # heard twice: by the signal, and here
            self._has_left = True
            self.run_method("leave", self._back_to)

    def _ask(self, *, by_code: bool) -> None:
        """Ask for the code, or for the password; each leads to the other."""
        with self, Dialog("Reprendre l’écran") as dialog:
            Words("Si vous êtes la personne qui lit et signe, restez sur cette page.")

            async def take_back() -> None:
                field.error = ""
                typed = str(field.value)
                try:
                    await (self._by_code(typed) if by_code else self._by_password(typed))
                except Invalid as error:
                    field.set_value("")
                    field.error = error.sentence
                    field.focus()
                    return
                self._leave()

            async def stay() -> None:
                dialog.close()

            async def other() -> None:
                dialog.close()
                self._ask(by_code=not by_code)

            field = Field(
                "Votre code" if by_code else "Votre mot de passe", secret=True,
                hint="Les quatre chiffres affichés avant de remettre l’écran." if by_code else "",
                inputmode="numeric" if by_code else "text", on_enter=take_back,
            )  # fmt: skip
            with ui.element("div").classes("dialog-buttons"):
                Press("Rester sur cette page", stay)
                Press("Reprendre l’écran", take_back, look="primary")
            with ui.element("div").classes("dialog-buttons way-back"):
                Press("Utiliser mon mot de passe" if by_code else "Utiliser mon code", other, look="plain")
                leave = h.button(".button.plain", type="submit")["Me déconnecter"]
                Markup(h.form(method="post", action="/deconnexion")[leave])

    async def _by_code(self, typed: str) -> None:
        await in_thread(handing.take_back_by_code, self._page.caller.session_id, typed)

    async def _by_password(self, typed: str) -> None:
        client = self._page.client.request.client
        origin = client.host if client else ""
        await at_the_door(handing.take_back_by_password, self._page.caller.session_id, typed, origin)


def full_screen(button: Press) -> Press:
    """Have a press ask for the full screen besides."""
    button.on("click", js_handler=_FULL_SCREEN)
    return button
