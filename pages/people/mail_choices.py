"""When e-mails leave, chosen in one's account, and the address of each group that one is responsable of."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from app import group_mailbox, preferences
from app.errors import Invalid
from app.events import PreferencesChanged, Signal
from app.group_mailbox import Mailbox
from app.preferences import Preferences
from models.enums import MailPace
from pages.components.field import Field
from pages.components.press import Press
from pages.components.words import Words
from pages.shell.live import Gathered
from pages.shell.page import Page

PLACE = "notifications"


def lead_there(page: Page) -> None:
    """Show the choices at once to who comes from an e-mail: its address names the place in its query, since a
    fragment would not outlive the sign-in."""
    if page.query.get("voir") == PLACE:
        page.focus = f"#{PLACE}"
        page.client.run_javascript(f"document.getElementById('{PLACE}').scrollIntoView()")


def follow(page: Page, again: Callable[[], Awaitable[None]]) -> None:
    """Show the choices as they are whenever one was made, here or on another page."""
    gathered = Gathered(0, lambda _: again())

    def hear(signal: Signal) -> None:
        if isinstance(signal, PreferencesChanged):
            gathered.soon()

    page.watch([page.account_id], hear)
    page.on_leave(gathered.end)


def mail_choices(page: Page, chosen: Preferences, mailboxes: tuple[Mailbox, ...]) -> None:
    """Draw when e-mails leave, and the address of each group that the person is responsable of."""

    async def choose() -> None:
        await page.act(preferences.choose_mail_pace, str(pace.value))
        page.say("C’est noté.")

    async def again() -> None:
        pace.set_value((await page.read(preferences.mine)).mail_pace.value)

    Words("Un e-mail dit ce qui vous attend, sans aucun nom. Tout reste dans vos notifications.").classes(
        "meta"
    )
    pace = Field(
        "Recevoir un e-mail", kind="radio", value=chosen.mail_pace.value, on_change=choose,
        options=[(one.value, one.label, _PACES[one]) for one in MailPace],
    )  # fmt: skip
    follow(page, again)
    for one in mailboxes:
        _mailbox(page, one)


def _mailbox(page: Page, box: Mailbox) -> None:
    """Draw the address of one group, kept when its button is pressed."""

    async def keep() -> None:
        field.error = ""
        try:
            kept = await page.act(group_mailbox.choose, box.group_id, str(field.value))
        except Invalid as error:
            field.error = error.fields.get("mailbox", error.sentence)
            field.focus()
            return
        field.set_value(kept)
        page.say("L’adresse du groupe est enregistrée." if kept else "Le groupe n’a plus d’adresse.")

    Words(f"Adresse de la boîte du groupe {box.group}", "h3")
    field = Field(
        "Adresse e-mail du groupe", value=box.address, inputmode="email", optional=True, on_enter=keep,
        hint="Elle est prévenue des nouvelles demandes, et de celles qui sont en souffrance.",
    )  # fmt: skip
    Press("Enregistrer l’adresse", keep)


_PACES = {
    MailPace.AT_ONCE: "Deux minutes après, pour réunir ce qui arrive à la suite.",
    MailPace.TWICE: "Un résumé par demande. Ce qui est urgent part tout de suite.",
    MailPace.DAILY: "Un résumé par demande. Ce qui est urgent part tout de suite.",
    MailPace.NONE: "Vos notifications restent visibles ici, quand vous êtes connecté.",
}
