"""What stands beside a thread: the usager, the mandate, each organisation with its own state, who has read."""

from __future__ import annotations

from datetime import datetime

import htpy as h

from app.french import NBSP, born, clock, long_date, moment_name
from app.lifecycle import Gesture
from app.policy import Action
from app.queries.case import CaseView, MandateLine, ReferralView
from app.queries.thread import Reader
from models.enums import CaseStatus, MandateStatus, ReferralStatus, Side
from pages.components.states import case_chip, chip, mandate_chip, referral_words, until


def head(case: CaseView, now: datetime) -> h.Renderable:
    """Return the head of a case: subject, usager, who raised it, its state and what is urgent."""
    return h.fragment[
        h.p(".meta")[
            f"{case.usager} · {case.commune} · ouverte {moment_name(case.sent_at, now)} par "
            f"{case.author}, {case.structure}"
        ],
        h.div(".states")[
            case_chip(case.status),
            h.span(".urgent")[f"Urgent{NBSP}: {case.urgency}"] if case.urgency else None,
            h.span(".meta")[f"Résultat{NBSP}: {case.closing.lower()}"] if case.closing else None,
        ],
    ]


def facts(case: CaseView, readers: tuple[Reader, ...], now: datetime) -> h.Renderable:
    """Return everything beside the thread; its buttons say their gesture and on which group."""
    return h.fragment[
        h.section(aria_label="Usager")[
            h.h2["Usager"],
            h.p[
                h.strong[case.usager_name],
                f", {_born(case)} le {long_date(case.born_on)}" if case.born_on else None,
            ],
            h.p[f"{case.commune} ({case.departement})"],
            h.p[case.phone] if case.phone else None,
        ],
        h.section(aria_label="Demande")[h.h2["Demande"], h.p[" · ".join(filter(None, case.qualification))]],
        h.section(aria_label="Mandat")[h.h2["Mandat"], _mandate(case.mandate)],
        h.section(aria_label="Organismes")[
            h.h2["Organismes"],
            (_referral(one, now) for one in case.referrals),
            h.p[f"Agents associés{NBSP}: {', '.join(case.invited)}"] if case.invited else None,
            h.div(".acts")[
                h.button(".button", type="button", data_act="associate")["Associer un organisme ou un Agent+"]
            ]
            if Action.ASSOCIATE in case.may
            else None,
        ],
        h.section(aria_label="Ont lu")[h.h2["Ont lu"], read_by(readers, now)],
    ]


def _born(case: CaseView) -> str:
    return born(case.usager.rpartition(NBSP)[0])


def read_by(readers: tuple[Reader, ...], now: datetime) -> h.Renderable:
    """Return who has read the case and when."""
    words = [f"{reader.name.replace(' ', NBSP)} {_since(reader.at, now)}" for reader in readers]
    return h.p["Personne pour l’instant." if not words else " · ".join(words)]


def _since(at: datetime, now: datetime) -> str:
    return f"à {clock(at)}" if at.date() == now.date() else moment_name(at, now)


def _mandate(mandate: MandateLine | None) -> h.Renderable:
    if mandate is None:
        return h.p["Aucun mandat."]
    ends = until(mandate.expires_at) if mandate.status is MandateStatus.ACTIVE else ""
    return h.fragment[
        h.p[mandate_chip(mandate.status), " ", ends],
        h.p(".meta")[", ".join(mandate.organizations)],
        h.p[h.a(href=f"/mandats/{mandate.id}")["Voir le mandat"]] if mandate.may_see else None,
    ]


def _referral(one: ReferralView, now: datetime) -> h.Element:
    look, word = referral_words(one.status, one.is_late, one.is_waiting)
    return h.div(".organism", data_key=f"organisme-{one.group_id}")[
        h.div(".name")[h.strong[one.group], chip(look, word.capitalize())],
        h.p(".meta")[" · ".join(filter(None, (one.assignee, _delay(one, now))))],
        h.div(".acts")[(_button(gesture, one) for gesture in _BESIDE if gesture in one.gestures - _above(one))],
    ]


def _delay(one: ReferralView, now: datetime) -> str:
    if one.due_at is None:
        return ""
    if one.is_late:
        return f"geste attendu depuis {moment_name(one.due_at, now)}"
    return f"prochain geste avant le {long_date(one.due_at)}"


# The gestures that are not an answer stand beside the organisation; the others are in the composer.
_BESIDE = (
    Gesture.TAKE, Gesture.PASS, Gesture.NOT_COMPETENT, Gesture.FLAG_PROCEDURE, Gesture.WITHDRAW,
)  # fmt: skip


def is_free(one: ReferralView) -> bool:
    """Whether this referral waits for somebody to take it: that gesture stands above the thread, at hand."""
    return Gesture.TAKE in one.gestures and one.status is ReferralStatus.SENT


def _above(one: ReferralView) -> frozenset[Gesture]:
    return frozenset({Gesture.TAKE}) if is_free(one) else frozenset()


def _button(gesture: Gesture, one: ReferralView) -> h.Element:
    return h.button(
        ".button", type="button", data_act=gesture.name.lower(), data_group=str(one.group_id),
        data_seen=str(one.assignee_id or ""),
    )[gesture.value]  # fmt: skip


def why_silent(case: CaseView) -> str:
    """Return why the actor cannot write here, in words that say what to do."""
    if case.status is CaseStatus.CLOSED:
        if case.side is Side.AIDANT:
            return "Cette demande est clôturée. Vous pouvez la rouvrir si le problème revient."
        return "Cette demande est clôturée. La structure peut la rouvrir si le problème revient."
    if case.side is Side.AIDANT and (case.mandate is None or case.mandate.status is not MandateStatus.ACTIVE):
        return (
            "Le mandat de l’usager n’est plus en vigueur : le partage est suspendu. "
            "Pour écrire de nouveau aux organismes, faites signer un nouveau mandat."
        )
    if case.mandate is None or case.mandate.status is not MandateStatus.ACTIVE:
        return (
            "Le mandat de l’usager n’est plus en vigueur : le partage est suspendu, vous ne pouvez plus écrire."
        )
    return "Vous ne pouvez pas écrire dans cette demande."
