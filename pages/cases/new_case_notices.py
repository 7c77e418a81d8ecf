"""What is said at the top of a step of a new case: what is to be corrected, and what is already known."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from uuid import UUID

import htpy as h
from nicegui import ui

from app.case_form import FIELDS
from app.errors import Invalid
from app.french import moment_name, plural
from app.queries.drafts import SameUsager
from pages.cases.new_case_form import STEPS
from pages.components.fragment import Act, Fragment
from pages.components.receipt_gesture import draw_receipt
from pages.components.words import Words
from pages.shell.page import Page

_STEP_OF = {name: step for step, names in FIELDS.items() for name in names} | {"organizations": 3}


def faults_notice(
    error: Invalid, step: int, on_act: Callable[[Act], Awaitable[None]], shown: frozenset[str] = frozenset()
) -> None:
    """Say how many answers are to be corrected, each with the way to it: a field here, or another step."""
    items = [
        h.li[_way(name, step), h.span[sentence]]
        if name not in shown
        else h.li[h.button(".link", type="button", data_act="field", data_id=name)[sentence]]
        for name, sentence in error.fields.items()
    ]
    title = plural(len(items), "réponse à corriger", "réponses à corriger")
    Fragment(h.div(".notice.wrong", role="alert")[h.p[h.strong[f"{title}."]], h.ul[items]], on_act=on_act)


def _way(name: str, step: int) -> h.Node:
    there = _STEP_OF.get(name, 1)
    if there == step:
        return None
    return h.fragment[
        h.button(".link", type="button", data_act="step", data_id=str(there))[
            f"Étape {there}, {STEPS[there - 1].lower()}"
        ],
        " : ",
    ]


def accepted_notice(page: Page, mandate_id: UUID) -> None:
    """Say that the mandate just accepted holds, and offer its receipt while the person is there."""
    with ui.element("div").classes("notice"):
        Words("Le mandat est en vigueur. La personne peut en garder un reçu.").props("role=status")
        draw_receipt(page, mandate_id)


def same_notice(same: tuple[SameUsager, ...]) -> None:
    """Say that an open case of this person exists; «Continuer» a second time goes on."""
    now = datetime.now(UTC)
    links = [
        h.li[
            h.a(href=f"/demandes/{one.case_id}")[one.subject],
            f", transmise {moment_name(one.sent_at, now)}",
        ]
        for one in same
    ]
    Fragment(
        h.div(".notice.warn", role="status")[
            h.p[h.strong["Une demande est déjà en cours pour cette personne dans votre structure."]],
            h.ul[links],
            h.p["Si c’est un autre problème, continuez."],
        ]
    )
