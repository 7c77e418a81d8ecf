"""What became of a referral, step by step, folded under its organisation."""

from __future__ import annotations

from datetime import datetime
from itertools import pairwise

import htpy as h

from app.french import NBSP, long_date, moment_name
from app.lifecycle import Gesture
from app.queries.referral_history import StepView
from app.referral_steps import RESUMED, SENT
from pages.components.states import dated

# What each step is called once it is made.
_MADE: dict[str, str] = {
    SENT: "Transmise",
    RESUMED: "Nouveau mandat, le délai reprend",
    Gesture.TAKE.name: "Prise en charge",
    Gesture.REPLY.name: "Réponse de l’organisme",
    Gesture.RESOLVE.name: "Débloquée",
    Gesture.ASK.name: "Précision demandée, délai suspendu",
    Gesture.NOT_COMPETENT.name: "Organisme pas compétent",
    Gesture.PASS.name: "Passée à un collègue",
    Gesture.FLAG_PROCEDURE.name: "Procédure standard signalée",
    Gesture.ANSWERED.name: "Réponse de l’aidant, le délai reprend",
    Gesture.UNANSWERED.name: "Réponse de l’aidant annulée, délai suspendu",
    Gesture.WITHDRAW.name: "Retirée",
    Gesture.REOPEN.name: "Rouverte",
    Gesture.TAKE_BACK.name: "Envoi annulé",
    Gesture.HAND_OVER.name: "Passée à un autre membre",
    Gesture.SET_FREE.name: "Rendue au groupe",
}


def history(steps: tuple[StepView, ...], key: str, now: datetime) -> h.Element | None:
    """Return the steps, oldest first, to be unfolded; ``key`` names them, so that they stay so."""
    if not steps:
        return None
    before = (None, *steps)
    return h.details(".history", data_key=f"historique-{key}")[
        h.summary[f"Historique ({len(steps)})"],
        h.ol[(_line(earlier, one, now) for earlier, one in pairwise(before) if one is not None)],
    ]


def _line(before: StepView | None, one: StepView, now: datetime) -> h.Element:
    """One step: what, by whom, when; whose it is and the due date when they are no longer what they were."""
    whose = one.assignee if one.assignee != (before.assignee if before else "") else ""
    due = one.due_at if one.due_at != (before.due_at if before else None) else None
    return h.li[
        h.strong[_MADE.get(one.gesture, one.status.label.capitalize())],
        h.span(".meta")[
            f"par {one.who.replace(' ', NBSP)}, " if one.who else None,
            dated(one.at, moment_name(one.at, now), long_date(one.at)),
        ],
        h.span(".meta")[f"Suivie par {whose.replace(' ', NBSP)}"] if whose else None,
        h.span(".meta")[f"Geste attendu avant le {long_date(due)}"] if due else None,
    ]
