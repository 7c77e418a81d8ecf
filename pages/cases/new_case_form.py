"""The form of a new case in the browser: whether it is saved, Enter from question to question, the steps."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import htpy as h
from nicegui.element import Element
from nicegui.events import GenericEventArguments

from app.case_form import FIELDS, Form
from app.french import at_moment
from app.queries import drafts as found
from app.work import Work
from models.enums import MandateStatus

STEPS = ("Le problème", "La personne", "Les organismes", "La demande", "Le mandat", "Relire")
SHORT = ("Problème", "Personne", "Organismes", "Demande", "Mandat", "Relire")
DONE, WRONG = "fait", "à corriger"


class DraftForm(Element, component="new_case_form.js"):
    """Wraps the questions. ``on_mark`` is to save what was typed, and return when it last was: the browser then
    says «Enregistré à 10 h 42», and that it is not saved yet for as long as no answer has come."""

    def __init__(self, saved_at: datetime | None, on_mark: Callable[[], Awaitable[datetime | None]]) -> None:
        super().__init__()
        self._props["saved"] = _at(saved_at) if saved_at else ""
        self._on_mark = on_mark
        self.on("mark", self._marked)

    def saved(self, at: datetime) -> None:
        """Say when it was saved, by a gesture rather than by typing."""
        self.run_method("keep", _at(at))

    async def _marked(self, event: GenericEventArguments) -> None:
        saved_at = await self._on_mark()
        if isinstance(event.args, int) and saved_at is not None and not self.is_deleted:
            self.run_method("keep", _at(saved_at), event.args)


def _at(moment: datetime) -> str:
    return at_moment(moment, datetime.now(UTC))


def states_of(work: Work, form: Form, case_id: UUID | None, reached: int) -> dict[int, str]:
    """Return the state of each step, in a word: done, or left with something to correct."""
    wrong = found.faults(work, form)
    states = {step: DONE for step in FIELDS if step not in wrong and step <= reached}
    states |= {step: WRONG for step in wrong if step < reached}
    mandate = found.draft(work, case_id).mandate if case_id else None
    if mandate is not None and mandate.status is MandateStatus.ACTIVE:
        states[len(STEPS) - 1] = WRONG if mandate.missing else DONE
    return states


def steps_nav(current: int, states: dict[int, str]) -> h.Renderable:
    """Return the steps, each a way back to itself, its state in words."""
    return h.fragment[
        h.p(".step-count")[f"Étape {current} sur {len(STEPS)}"],
        h.ol(".steps", aria_label="Étapes")[
            (_step(number, number == current, states.get(number, "")) for number in range(1, len(STEPS) + 1))
        ],
    ]


def _step(number: int, is_current: bool, state: str) -> h.Element:
    look = {DONE: "done", WRONG: "to-mend"}.get(state)
    current = "step" if is_current else None
    return h.li(class_=look, data_key=f"etape-{number}")[
        h.button(type="button", data_act="step", data_id=str(number), aria_current=current)[
            h.span(".name")[f"{number}. ", h.span(".word")[SHORT[number - 1]]],
            h.span(".how")[state or ("en cours" if is_current else "")],
        ]
    ]
