"""The screen in somebody else's hands: nothing leads away from it but the adviser, who says so twice."""

from __future__ import annotations

from nicegui import ui
from nicegui.element import Element

from pages.components.dialog import Dialog
from pages.components.press import Press
from pages.components.words import Words

# Asked for in the browser at the press itself, else it is refused; refused, the page serves as well.
_FULL_SCREEN = "() => document.documentElement.requestFullscreen?.().catch(() => {})"


class Handed(Element, component="handed.js"):
    """The whole page, used as a context. From ``hand_over`` on, Back, a reload and any other address of the
    service lead here again, in this tab, until ``take_back``. It is no lock: another tab can be opened."""

    def __init__(self, back_to: str) -> None:
        super().__init__()
        self._back_to = back_to

    def hand_over(self) -> None:
        """Hold the tab here from now on."""
        self.run_method("hand")

    def lead(self) -> None:
        """Put the reading at the title of what was just drawn."""
        self.run_method("lead")

    def draw_way_back(self) -> None:
        """Draw the adviser's way out, which asks again: a usager does not press two buttons by accident."""

        async def ask() -> None:
            with Dialog("Vous êtes le conseiller ?") as dialog:
                Words("Si vous êtes la personne qui lit et signe, restez sur cette page.")

                async def stay() -> None:
                    dialog.close()

                async def leave() -> None:
                    self.run_method("takeBack", self._back_to)

                with ui.element("div").classes("dialog-buttons way-back"):
                    Press("Rester sur cette page", stay, look="primary")
                    Press("Oui, je suis le conseiller", leave, look="plain")

        with ui.element("div").classes("adviser"):
            Press("Je suis le conseiller : reprendre l’écran", ask, look="plain")


def full_screen(button: Press) -> Press:
    """Have a press ask for the full screen besides."""
    button.on("click", js_handler=_FULL_SCREEN)
    return button
