"""A new case, for Aidants+: five short steps, each reachable again, then the case as the agent will read it.

Everything is saved on the server as it is typed. «Continuer» checks the step; the sending checks it all again.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Awaitable, Callable
from typing import Any
from uuid import UUID

import htpy as h
from nicegui import ui
from nicegui.element import Element

from app import cases, drafts
from app.case_form import Form, read
from app.errors import Forbidden, Invalid
from app.french import clock, moment_name, plural
from app.queries import drafts as found
from app.queries import people
from app.queries.drafts import DraftLine, DraftView, SameUsager
from app.work import Work
from pages.cases.new_case_mandate import MandateStep
from pages.cases.new_case_recap import recap
from pages.cases.new_case_steps import organizations_step, problem_step, usager_step, words_step
from pages.components.dialog import Dialog
from pages.components.field import Field
from pages.components.forms import clear_errors, show_errors
from pages.components.fragment import Act, Fragment
from pages.components.press import Press
from pages.components.words import Words
from pages.shell.page import Follow, Page

STEPS = ("Le problème", "La personne", "Les organismes", "La demande", "Le mandat", "Relire")
RECAP = len(STEPS)
STEP_OF = {
    **dict.fromkeys(("theme", "blockage", "procedure", "urgent", "urgency_reason"), 1),
    **dict.fromkeys(("civility", "first_name", "last_name", "born_on", "commune", "departement", "phone"), 2),
    **dict.fromkeys(("groups", "also", "organizations"), 3), **dict.fromkeys(("subject", "description"), 4),
}  # fmt: skip


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
    form = draft.form if draft else await page.read(found.first_form, structures[0].id)
    structure_id = draft.structure_id if draft else structures[0].id

    page.called("Nouvelle demande")
    screen = NewCase(page, structure_id, form, draft)
    with ui.element("div").classes("form-page"):
        Words("Nouvelle demande", "h1")
        if mine:
            _resume(mine)
        screen.draw_saved()
        await screen.show(_step(page, draft))
    return None


def _step(page: Page, draft: DraftView | None) -> int:
    asked = page.query.get("etape", "")
    if draft is None:
        return 1
    return min(max(int(asked), 1), RECAP) if asked.isdecimal() else draft.step


def _resume(mine: tuple[DraftLine, ...]) -> None:
    items = [
        h.li[
            h.span[one.subject or "Sans objet", h.br, h.small[f"{one.usager or 'Personne non nommée'} · "
                   f"enregistré le {moment_name(one.saved_at, one.saved_at)}"]],
            h.a(".button.quiet", href=f"/demandes/nouvelle?brouillon={one.case_id}")["Reprendre"],
        ]
        for one in mine
    ]  # fmt: skip
    with ui.element("section").classes("notice").props('aria-label="Brouillons"'):
        Words("Vos brouillons", "h2")
        Fragment(h.ul(".drafts", style="list-style:none;padding:0")[items])


class NewCase:
    """The draft under one's hands. ``form`` is what is typed; saves follow each other, never cross."""

    def __init__(self, page: Page, structure_id: UUID, form: Form, draft: DraftView | None) -> None:
        self.page, self.structure_id, self.form = page, structure_id, form
        self.case_id: UUID | None = draft.case_id if draft else None
        self.fields: dict[str, Field] = {}
        self.step = 1
        self._saving = asyncio.Lock()
        self._problems: Element | None = None
        self._saved_at = draft.saved_at if draft else None
        self._same: tuple[SameUsager, ...] = ()
        self._typed_since: set[str] = set()

    def draw_saved(self) -> None:
        """Say when it was last saved, and keep the place of the steps."""
        words = f"Enregistré à {clock(self._saved_at)}" if self._saved_at else "Rien n’est encore enregistré."
        self._saved = Words(words).classes("saved").props("role=status")
        self._nav = Fragment("", on_act=self._jump)
        self._place = ui.element("section").classes("step")

    async def show(self, step: int) -> None:
        """Draw one step."""
        self.step, self.fields = step, {}
        draw = _STEPS.get(step)
        with self._place:
            before = list(self._place.default_slot.children)
            with ui.element("div") as self._shown:
                Words(STEPS[step - 1], "h2")
                self._errors = Words("").classes("field-error").props("role=alert")
                if draw is not None:
                    self.fields = await draw(self)
                elif step == RECAP:
                    await recap(self.page, await self.saved_id())
                else:
                    await MandateStep(self.page, await self.saved_id(), self._next, self._list_problems).draw()
                self._draw_buttons()
            for old in before:
                if not old.is_deleted:  # by another step, drawn meanwhile
                    old.delete()
        self._nav.replace(self._nav_html(await self.page.read(found.checked_steps, self.form)))

    def field(self, name: str, label: str, **options: Any) -> Field:
        """Draw a field of the form, saved as it is typed."""
        value = self.form[name]
        field = Field(label, value=value, on_change=lambda: self._typed(name, field), **options)
        self.fields[name] = field
        return field

    async def saved_id(self) -> UUID:
        """Return the id of the draft, saved at least once."""
        if self.case_id is None:
            await self._save()
        assert self.case_id is not None
        return self.case_id

    async def _typed(self, name: str, field: Field) -> None:
        self.form[name] = field.value
        self._typed_since.add(name)
        await self._save()

    async def _save(self) -> None:
        async with self._saving:
            if self.case_id is None:
                self.case_id = await self.page.act(drafts.start, self.structure_id, dict(self.form))
                self._rename()
            # Only what was typed here: another tab may have filled the other fields.
            names, self._typed_since = self._typed_since, set()
            typed = {name: self.form[name] for name in names}
            try:
                saved_at = await self.page.act(drafts.save, self.case_id, typed, min(self.step, 5))
            except BaseException:
                self._typed_since |= names
                raise
            self._saved.set_text(f"Enregistré à {clock(saved_at)}")

    async def _next(self) -> None:
        clear_errors(self.fields)
        self._errors.set_text("")
        try:
            await self.page.read(_checked, self.form, min(self.step, 4))
        except Invalid as error:
            rest = show_errors(self.fields, error)
            wrong = sum(name in self.fields for name in error.fields)
            self._errors.set_text(f"{plural(wrong, 'réponse')} à corriger sur cette étape." if wrong else "")
            if rest:
                self._list_problems(error)
            return
        if self.step == 2:
            same = await self.page.read(found.same_usager, self.structure_id, self.form)
            if same and same != self._same:
                self._same = same
                self._point_out(same)
                return
        await self._go(self.step + 1)

    async def _back(self) -> None:
        await self._go(self.step - 1)

    async def _go(self, step: int) -> None:
        step = min(max(step, 1), RECAP)
        await self.show(step)
        await self._save()
        self._rename()
        self.page.focus_on(".step h2")

    def _rename(self) -> None:
        self.page.rename(f"/demandes/nouvelle?brouillon={self.case_id}&etape={self.step}")

    async def _jump(self, act: Act) -> None:
        if act.name == "step" and act.data.get("id", "").isdecimal():
            await self._go(int(act.data["id"]))

    async def _send(self) -> None:
        try:
            case_id = await self.page.act(cases.send, await self.saved_id())
        except Invalid as error:
            self._list_problems(error)
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

            dialog.buttons("Abandonner", done, look="danger")

    def _list_problems(self, error: Invalid) -> None:
        """Say what each step still lacks, with the way there."""
        lacking: dict[int, list[str]] = defaultdict(list)
        for name, sentence in error.fields.items():
            lacking[STEP_OF.get(name, 1)].append(sentence)
        items = [
            h.li[
                h.button(".link", type="button", data_act="step", data_id=str(step))[
                    f"Étape {step}, {STEPS[step - 1].lower()}"
                ],
                f" : {' '.join(sentences)}",
            ]
            for step, sentences in sorted(lacking.items())
        ]
        words = h.div(role="alert")[h.p[h.strong["Il manque encore quelques réponses."]], h.ul[items]]
        if self._problems is not None and not self._problems.is_deleted:
            self._problems.delete()
        with self._shown, ui.element("div").classes("notice wrong") as self._problems:
            Fragment(words, on_act=self._jump)
        self._problems.move(self._shown, 1)

    def _point_out(self, same: tuple[SameUsager, ...]) -> None:
        """Say that an open case exists; «Continuer» a second time goes on."""
        links = [
            h.li[
                h.a(href=f"/demandes/{one.case_id}")[one.subject],
                f", transmise le {moment_name(one.sent_at, one.sent_at)}",
            ]
            for one in same
        ]
        words = h.div(role="status")[
            h.p[h.strong["Une demande est déjà en cours pour cette personne dans votre structure."]],
            h.ul[links],
            h.p["Si c’est un autre problème, continuez."],
        ]
        with self._shown, ui.element("div").classes("notice warn") as notice:
            Fragment(words)
        notice.move(self._shown, 1)

    def _draw_buttons(self) -> None:
        with ui.element("div").classes("form-buttons"):
            with ui.element("div").classes("row-of-buttons"):
                if self.step > 1:
                    Press("Précédent", self._back)
                if self.case_id is not None:
                    Press("Abandonner le brouillon", self._discard, look="plain")
            if self.step == RECAP:
                Press("Transmettre la demande", self._send, look="primary")
            elif self.step < 5:
                Press("Continuer", self._next, look="primary")

    def _nav_html(self, checked: int) -> str:
        return str(
            h.ol(".steps", aria_label="Étapes")[
                (
                    h.li(class_="done" if number <= checked else None, data_key=f"etape-{number}")[
                        h.button(
                            type="button", data_act="step", data_id=str(number),
                            aria_current="step" if number == self.step else None,
                        )[h.span[f"{number}."], h.span(".word")[word]]
                    ]
                    for number, word in enumerate(STEPS, 1)
                )
            ]
        )  # fmt: skip


def _checked(work: Work, form: Form, steps: int) -> None:
    read(work, form, steps=steps)


_STEPS: dict[int, Callable[[NewCase], Awaitable[dict[str, Field]]]] = {
    1: problem_step, 2: usager_step, 3: organizations_step, 4: words_step,
}  # fmt: skip
