"""A new case, for Aidants+: five short steps, each reachable again, then the case as the agent will read it.

Everything is saved on the server as it is typed. «Continuer» checks the step; the sending checks it all again.
The step is in the address: Back, Forward and a reload find it.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any
from uuid import UUID

from nicegui import ui
from nicegui.element import Element

from app import cases, drafts
from app.case_form import Form, read
from app.errors import Forbidden, Invalid, OutsideMandate
from app.queries import drafts as found
from app.queries import people
from app.queries.drafts import DraftView, SameUsager
from app.work import Work
from pages.cases.new_case_form import STEPS, DraftForm, states_of, steps_nav
from pages.cases.new_case_mandate import MandateStep
from pages.cases.new_case_notices import faults_notice, same_notice
from pages.cases.new_case_recap import recap
from pages.cases.new_case_start import chosen_structure, draw_choice, draw_drafts
from pages.cases.new_case_steps import organizations_step, problem_step, words_step
from pages.cases.new_case_usager import usager_step
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.forms import clear_errors, show_errors
from pages.components.fragment import Act, Fragment
from pages.components.press import Press
from pages.components.words import Words
from pages.shell.page import Follow, Page

RECAP = len(STEPS)
MANDATE = RECAP - 1


async def new_case(page: Page) -> Follow | None:
    """Draw the step of the draft in the address, or an empty first step with the drafts one may resume."""
    if "brouillon" in page.query and not await page.read(found.is_draft, page.id("brouillon")):
        page.go(f"/demandes/{page.id('brouillon')}")  # sent meanwhile: its thread is the place to go on
        return None
    draft = await page.read(found.draft, page.id("brouillon")) if "brouillon" in page.query else None
    structures = await page.read(people.structures_of)
    if not structures:
        raise Forbidden("Seuls les Aidants+ d’une structure peuvent faire une demande.")
    mine = await page.read(found.my_drafts) if draft is None else ()
    structure = chosen_structure(page, structures)
    form = draft.form if draft else await page.read(found.first_form, structure.id) if structure else {}

    page.called("Nouvelle demande")
    with ui.element("div").classes("form-page") as around:
        Words("Nouvelle demande", "h1")
        others = draw_drafts(mine)
        if draft is None and structure is None:
            draw_choice(structures)
            return None
        structure_id = draft.structure_id if draft else structure.id  # type: ignore[union-attr]
        screen = NewCase(page, structure_id, form, draft, around, others)
        screen.draw()
        await screen.show(screen.asked_step())
    return screen.follow


class NewCase:
    """The draft under one's hands. ``form`` is what is typed; saves follow each other, never cross."""

    def __init__(
        self,
        page: Page,
        structure_id: UUID,
        form: Form,
        draft: DraftView | None,
        around: Element,
        others: Element,
    ) -> None:
        self.page, self.structure_id, self.form = page, structure_id, form
        self._around, self._others = around, others
        self.case_id: UUID | None = draft.case_id if draft else None
        self.fields: dict[str, Field] = {}
        self.step = self._reached = draft.step if draft else 1
        self._saving, self._drawing = asyncio.Lock(), asyncio.Lock()
        self._saved_at = draft.saved_at if draft else None
        self._same: tuple[SameUsager, ...] = ()
        self._typed_since: set[str] = set()

    def draw(self) -> None:
        """Draw what stays from step to step: whether it is saved, the steps, the place of the questions."""
        self._paper = DraftForm(self._saved_at, self._save_typed)
        with self._paper:
            self._nav = Fragment("", tag="nav", on_act=self._jump).props('aria-label="Étapes de la demande"')
            self._place = ui.element("section").classes("step")

    def asked_step(self) -> int:
        """The step of the address; else the one the draft was left at."""
        asked = self.page.query.get("etape", "")
        if self.case_id is None:
            return 1
        return _step(asked) or self.step

    async def follow(self) -> bool:
        """Show the step of the next address, when it is of this draft."""
        if self.case_id is None or self.page.query.get("brouillon") != str(self.case_id):
            return False
        await self.show(self.asked_step())
        self.page.focus = ".step h2"
        return True

    async def show(self, step: int) -> None:
        """Draw one step in the place of the one before."""
        async with self._drawing:
            self.step, self.fields, self._reached = step, {}, max(step, self._reached)
            self._around.classes(**{"add" if step == RECAP else "remove": "wide"})
            self._others.set_visibility(step == 1)
            with self._place:
                before = list(self._place.default_slot.children)
                with ui.element("div") as self._shown:
                    Words(STEPS[step - 1], "h2")
                    self._notice = ui.element("div")
                    content, discard = ui.element("div"), ui.element("div").classes("discard")
                    with ui.element("div").classes("form-buttons"):
                        aside = ui.element("div").classes("row-of-buttons")
                        forward = ui.element("div").classes("row-of-buttons")
                    with content:
                        await self._draw_step(forward)
                    self._draw_buttons(aside, forward, discard)
                for old in before:
                    old.delete()
            self._nav.replace(
                steps_nav(step, await self.page.read(states_of, self.form, self.case_id, self._reached))
            )

    def field(self, name: str, label: str, **options: Any) -> Field:
        """Draw a field of the form, saved as it is typed."""

        async def typed() -> None:
            await self._typed(name, field)

        field = Field(label, value=self.form[name], keep=self._keep(name), on_change=typed, **options)
        self.fields[name] = field
        return field

    async def fill(self, **values: Any) -> None:
        """Put values in the form that were not typed, and save them."""
        for name, value in values.items():
            self.form[name] = value
            if name in self.fields:
                self.fields[name].set_value(value)
                self.fields[name].error = ""
        self._typed_since |= set(values)
        self._paper.saved(await self._save())

    async def saved_id(self) -> UUID:
        """Return the id of the draft, saved at least once."""
        if self.case_id is None:
            self._paper.saved(await self._save())
        assert self.case_id is not None
        return self.case_id

    async def _draw_step(self, forward: Element) -> None:
        if self.step == RECAP:
            await recap(self.page, await self.saved_id(), self._jump)
        elif self.step == MANDATE:
            step = MandateStep(self.page, await self.saved_id(), self._next, self._tell, lambda: self._notice)
            await step.draw(forward)
        else:
            await _DRAW[self.step](self)

    async def _typed(self, name: str, field: Field) -> None:
        self.form[name] = field.value
        self._typed_since.add(name)
        await self._save()
        if field.error:
            wrong = await self.page.read(found.faults, self.form)
            field.error = wrong.get(self.step, {}).get(name, "")

    async def _save_typed(self) -> datetime | None:
        return await self._save() if self._typed_since else self._saved_at

    async def _save(self) -> datetime:
        async with self._saving:
            if self.case_id is None:
                self.case_id = await self.page.act(drafts.start, self.structure_id, dict(self.form))
                self.page.rename(self._address)
                for name, field in self.fields.items():
                    field.keep_as(self._keep(name))
            # Only what was typed here: another tab may have filled the other fields.
            names, self._typed_since = self._typed_since, set()
            typed = {name: self.form[name] for name in names}
            try:
                self._saved_at = await self.page.act(drafts.save, self.case_id, typed, min(self.step, MANDATE))
            except BaseException:
                self._typed_since |= names
                raise
            return self._saved_at

    @property
    def _address(self) -> str:
        return f"/demandes/nouvelle?brouillon={self.case_id}&etape={self.step}"

    def _keep(self, name: str) -> str:
        return f"demande:{self.case_id or 'nouvelle'}:{name}"

    async def _next(self) -> None:
        clear_errors(self.fields)
        self._notice.clear()
        try:
            await self.page.read(_checked, self.form, min(self.step, MANDATE - 1))
        except Invalid as error:
            self._tell(error)
            show_errors(self.fields, error)
            return
        if self.step == 2:
            same = await self.page.read(found.same_usager, self.structure_id, self.form)
            if same and same != self._same:
                self._same = same
                with self._notice:
                    same_notice(same)
                return
        await self._go(self.step + 1)

    async def _back(self) -> None:
        await self._go(self.step - 1)

    async def _go(self, step: int) -> None:
        step = min(max(step, 1), RECAP)
        # The address first: whoever goes back as soon as the step is seen goes back to the one before.
        self.page.rename(f"/demandes/nouvelle?brouillon={await self.saved_id()}&etape={step}", is_step=True)
        await self.show(step)
        self._paper.saved(await self._save())
        self.page.focus_on(".step h2")

    async def _jump(self, act: Act) -> None:
        if act.name == "step" and (step := _step(act.data.get("id", ""))):
            await self._go(step)
        elif act.name == "field" and act.data.get("id") in self.fields:
            self.fields[act.data["id"]].focus()

    def _tell(self, error: Invalid) -> None:
        """Sum up what is to be corrected, here and in other steps, with the way there."""
        with self._notice.clear():
            faults_notice(error, self.step, self._jump, frozenset(self.fields))

    async def _send(self) -> None:
        try:
            case_id = await self.page.act(cases.send, await self.saved_id())
        except Invalid as error:
            self._tell(error)
            return
        except OutsideMandate as refusal:  # the mandate that would name them is asked for there
            self.page.say(refusal.sentence, kind="refused")
            await self._go(MANDATE)
            return
        self.page.say("La demande est transmise.")
        self.page.go(f"/demandes/{case_id}")

    async def _discard(self) -> None:
        with Dialog("Abandonner le brouillon") as dialog:
            Words("Tout ce qui est écrit dans ce brouillon sera effacé.")

            async def done() -> None:
                await self.page.act(drafts.discard, await self.saved_id())
                self.page.say("Le brouillon est abandonné.")
                self.page.go("/demandes")

            dialog.buttons("Abandonner le brouillon", done, look="danger")

    def _draw_buttons(self, aside: Element, forward: Element, discard: Element) -> None:
        if self.step > 1:
            with aside:
                Press("Précédent", self._back)
        if self.case_id is not None:
            with discard:
                Press("Abandonner le brouillon", self._discard, look="plain")
        with forward:
            if self.step == RECAP:
                Press("Transmettre la demande", self._send, look="primary")
            elif self.step < MANDATE:
                Press("Continuer", self._next, look="primary")


def _checked(work: Work, form: Form, steps: int) -> None:
    read(work, form, steps=steps)


_DRAW: dict[int, Callable[[NewCase], Awaitable[None]]] = {
    1: problem_step, 2: usager_step, 3: organizations_step, 4: words_step,
}  # fmt: skip


def _step(text: str) -> int | None:
    """Return the step that an address or a button names."""
    return next((step for step in range(1, RECAP + 1) if text == str(step)), None)
