"""One gesture on the cases chosen in a list: what it asks, how far it is, what it did and what was refused."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from uuid import UUID

import htpy as h
from nicegui import ui

from app import bulk, cases
from app.bulk import BulkGesture, Choice, Report
from app.errors import Invalid, NotFound
from app.french import NBSP, number, plural
from models.enums import Outcome, Usefulness
from pages.cases.gestures import closing_fields
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.fragment import Act, Fragment
from pages.components.words import Words
from pages.shell.action import in_thread
from pages.shell.page import Page

_MANY, _STEP = 10, 5  # beyond how many cases one sees how far it is, and each how many
_DONE = {
    BulkGesture.TAKE: ("prise en charge", "prises en charge"),
    BulkGesture.PASS: ("passée à un collègue", "passées à un collègue"),
    BulkGesture.READ: ("marquée comme lue", "marquées comme lues"),
    BulkGesture.CLOSE: ("clôturée", "clôturées"),
}
Ended = Callable[[], None]


async def gesture_on(page: Page, words: str, keys: tuple[str, ...], ended: Ended) -> None:
    """Make the gesture of these words on these cases, after asking what it needs; ``ended`` is called once what
    came of it is known."""
    gesture = next((one for one in BulkGesture if one.value == words), None)
    if gesture is None:
        raise NotFound
    ids, here = tuple(_id(key) for key in keys), ui.context.slot

    async def make(choice: Choice) -> None:
        with here:
            _tell(page, gesture, await _made(page, gesture, ids, choice), ended)

    match gesture:
        case BulkGesture.PASS:
            await _to_whom(page, len(ids), make)
        case BulkGesture.CLOSE:
            _what_came(len(ids), make)
        case BulkGesture.TAKE | BulkGesture.READ:
            await make(Choice())


Make = Callable[[Choice], Awaitable[None]]


async def _to_whom(page: Page, count: int, make: Make) -> None:
    colleagues = await page.read(bulk.colleagues)
    with Dialog(BulkGesture.PASS.value) as dialog:
        if not colleagues:
            Words("Vous êtes seul Agent+ de vos groupes : personne ne peut suivre ces demandes à votre place.")
            dialog.only_close()
            return
        options = [(str(one.id), one.name, one.group) for one in colleagues]
        who = dialog.field("colleague", Field("Collègue", kind="radio", options=options, tiles=True))

        async def done() -> None:
            chosen = next((one.id for one in colleagues if str(one.id) == who.value), None)
            if chosen is None:
                raise Invalid(colleague="Choisissez un collègue dans la liste.")
            dialog.close()
            await make(Choice(colleague=chosen))

        dialog.buttons(f"Passer {plural(count, 'demande')}", done)


def _what_came(count: int, make: Make) -> None:
    with Dialog(BulkGesture.CLOSE.value) as dialog:
        Words(
            "Votre réponse vaut pour toutes les demandes choisies. "
            "Celles qui ne sont pas débloquées restent ouvertes."
        )
        outcome, usefulness = (dialog.field(name, field) for name, field in closing_fields())

        async def done() -> None:
            choice = Choice(
                outcome=next((o for o in Outcome if o.value == outcome.value), None),
                usefulness=next((u for u in Usefulness if u.value == usefulness.value), None),
            )
            cases.require_closing(choice.outcome, choice.usefulness)
            dialog.close()
            await make(choice)

        dialog.buttons(f"Clôturer {plural(count, 'demande')}", done)


async def _made(page: Page, gesture: BulkGesture, ids: tuple[UUID, ...], choice: Choice) -> Report:
    progress, loop = (
        _Progress(gesture.value, len(ids)) if len(ids) > _MANY else None,
        asyncio.get_running_loop(),
    )

    def told(count: int) -> None:
        if progress is not None and count % _STEP == 0:
            loop.call_soon_threadsafe(progress.show, count)

    try:
        return await in_thread(bulk.run, page.caller, gesture, ids, choice, told=told)
    finally:
        if progress is not None:
            progress.close()


class _Progress(Dialog):
    """How many cases are behind, of how many. To leave it stops nothing."""

    def __init__(self, title: str, total: int) -> None:
        super().__init__(title)
        self._total = total
        with self:
            self._words = Words(self._said(0))
            self._bar = ui.element("progress").props(f'max={total} value=0 aria-label="Avancement"')
            self.only_close()

    def show(self, count: int) -> None:
        """Show how many are behind."""
        if not self.is_deleted:
            self._words.set_text(self._said(count))
            self._bar.props(f"value={count}")

    def _said(self, count: int) -> str:
        return f"{number(count)} sur {plural(self._total, 'demande')}"


class _Told(Dialog):
    """What was done and what was refused; the choice ends when it is left."""

    def __init__(self, title: str, ended: Ended) -> None:
        super().__init__(title)
        self._ended = ended

    def close(self) -> None:
        """Leave, and choose nothing any more."""
        super().close()
        self._ended()


def _tell(page: Page, gesture: BulkGesture, report: Report, ended: Ended) -> None:
    one, many = _DONE[gesture]
    done = f"{plural(report.done, 'demande')} {one if report.done < 2 else many}."
    if not report.refused:
        page.say(done)
        ended()
        return

    async def open_case(act: Act) -> None:
        dialog.close()
        page.go(f"/demandes/{act.id()}")

    with _Told(gesture.value, ended) as dialog:
        Words(done)
        Words(f"{plural(len(report.refused), 'demande')} sans changement{NBSP}:").classes("refused-count")
        Fragment(h.ul(".refused")[(_refused(one) for one in report.refused)], on_act=open_case)
        dialog.only_close()


def _refused(one: bulk.Refused) -> h.Element:
    subject: h.Node = "Demande que vous ne voyez plus"
    if one.subject:
        subject = h.a(href=f"/demandes/{one.case_id}", data_act="open", data_id=str(one.case_id))[one.subject]
    return h.li[subject, h.p[one.sentence]]


def _id(key: str) -> UUID:
    try:
        return UUID(key)
    except ValueError as error:
        raise NotFound from error
