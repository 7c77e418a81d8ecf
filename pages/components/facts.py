"""What stands beside a thread: the usager, the mandate, each organisation with its own state, who has read."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

import htpy as h
from nicegui.element import Element

from app.departements import DEPARTEMENTS
from app.french import NBSP, at_moment, born, long_date, moment_name, plural
from app.lifecycle import Gesture
from app.policy import Action
from app.queries.case import CaseView, MandateLine, ReferralView
from app.queries.identifiers import IdentifierLine
from app.queries.thread import Reader
from models.enums import CaseStatus, MandateStatus, ReferralStatus, Side
from pages.components.absences import away_words
from pages.components.history import history
from pages.components.identifiers import identifier_lines
from pages.components.redirecting import better_words, to_redirect
from pages.components.states import case_chip, chip, dated, mandate_chip, referral_words, until, urgent_mark
from pages.shell.icons import icon


class FactsPlace(Element, component="facts.js"):
    """Where the facts stand, used as a context: a column on a desktop, elsewhere a sheet that the buttons of
    the head open (``data-sheet``, the name of a section)."""


def head(case: CaseView, now: datetime) -> h.Renderable:
    """Return the head of a case: usager, who raised it, its state and what is urgent."""
    return h.fragment[
        h.p(".meta")[
            f"{case.usager} · {case.commune} · ouverte {moment_name(case.sent_at, now)} par "
            f"{case.author}, {case.structure}"
        ],
        h.div(".states")[
            case_chip(case.status),
            urgent_mark(case.urgency) if case.urgency else None,
            h.span(".meta")[f"Résultat{NBSP}: {case.closing.lower()}"] if case.closing else None,
        ],
        to_redirect(case),
    ]


def sheet_buttons(case: CaseView) -> h.Renderable:
    """Return what opens the sheet, each button at its section and saying what stands there; one on a phone."""
    return h.div(".sheet-buttons")[
        _opens("usager", "Usager"),
        _opens("mandat", icon("shield"), _mandate_words(case.mandate)),
        _opens("organismes", *_most_pressing(case.referrals)) if case.referrals else None,
        _opens("usager", "Informations", only=".in-one"),
    ]


def _opens(section: str, *words: h.Node, only: str = "") -> h.Element:
    """The button of a section; what is live may draw it anew without taking the focus that came back to it."""
    return h.button(
        f".button{only}", type="button", data_sheet=section, data_key=f"volet-{section}{only}",
        aria_haspopup="dialog",
    )[words]  # fmt: skip


def _mandate_words(mandate: MandateLine | None) -> str:
    return f"Mandat {mandate.status.label.lower()}" if mandate else "Aucun mandat"


def _most_pressing(referrals: tuple[ReferralView, ...]) -> tuple[h.Node, ...]:
    """The organisation that one must look at first, and how many others there are."""
    first = min(referrals, key=lambda one: (not one.is_late, not one.is_waiting))
    look, word = referral_words(first.status, first.is_late, first.is_waiting)
    others = len(referrals) - 1
    name = first.group.partition(" – ")[0]
    return (
        h.span[name],
        chip(look, word.capitalize()),
        h.span(".meta")[f"et {plural(others, 'autre')}"] if others else None,
    )


def facts(
    case: CaseView, readers: tuple[Reader, ...], now: datetime, beside: Callable[[str], h.Node] = lambda _: None
) -> h.Renderable:
    """Return everything beside the thread; its buttons say their gesture and on which group. ``beside`` gives
    what stands beside the title of a section («usager», «demande», «mandat», «organismes»)."""
    return h.fragment[
        h.section(aria_label="Usager", data_section="usager")[
            _title("Usager"),
            beside("usager"),
            h.p[
                h.strong[case.usager_name],
                f", {_born(case)} le {long_date(case.born_on)}" if case.born_on else None,
            ],
            h.p[f"{case.commune} ({case.departement})"],
            _departement(case) if case.is_elsewhere else None,
            h.p[case.phone] if case.phone else None,
            identifier_lines(case.identifiers, case.side),
            _identify(case.identifiers) if Action.IDENTIFY in case.may else None,
        ],
        h.section(aria_label="Demande")[
            _title("Demande"),
            beside("demande"),
            h.p[" · ".join(filter(None, case.qualification))],
            _paper(case) if Action.READ in case.may else None,
        ],
        h.section(aria_label="Mandat", data_section="mandat")[
            _title("Mandat"), beside("mandat"), _mandate(case.mandate)
        ],
        h.section(aria_label="Organismes", data_section="organismes")[
            _title("Organismes"),
            beside("organismes"),
            (_referral(one, now) for one in case.referrals),
            h.p[f"Agents associés{NBSP}: {', '.join(case.invited)}"] if case.invited else None,
            h.div(".acts")[
                h.button(".button", type="button", data_act="associate")["Associer un organisme ou un Agent+"]
            ]
            if Action.ASSOCIATE in case.may
            else None,
        ],
        h.section(aria_label="Ont lu")[_title("Ont lu"), read_by(readers, now)],
    ]


def _departement(case: CaseView) -> h.Element:
    """The département, when it is not the structure's: the organisations are not its usual ones."""
    name = DEPARTEMENTS.get(case.departement, "")
    return h.p[f"Département{NBSP}: {case.departement} – {name}, autre que celui de la structure"]


def _identify(lines: tuple[IdentifierLine, ...]) -> h.Node:
    """The way to add or correct the numbers by which organisations know the person, while one asks for some."""
    if not any(one.organizations for one in lines):
        return None
    words = "Modifier les numéros" if any(one.value for one in lines) else "Ajouter un numéro"
    return h.div(".acts")[h.button(".button", type="button", data_act="identify")[words]]


def _title(words: str) -> h.Element:
    """A heading that the sheet opens at: what is live may draw its section anew without taking the focus."""
    return h.h2(tabindex="-1", data_key=f"titre-{words}")[words]


def _paper(case: CaseView) -> h.Element:
    """The ways to have the case on paper: a page to print, where an agent may add the notes, and a PDF."""
    return h.div(".on-paper")[
        h.a(".alone", href=f"/demandes/{case.id}/imprimer", target="_blank")["Imprimer"],
        h.a(".alone", href=f"/demandes/{case.id}/demande.pdf", data_plain="", download="")[
            "Enregistrer en PDF"
        ],
    ]


def _born(case: CaseView) -> str:
    return born(case.usager.rpartition(NBSP)[0])


def read_by(readers: tuple[Reader, ...], now: datetime) -> h.Renderable:
    """Return who has read the case and when."""
    if not readers:
        return h.p["Personne pour l’instant."]
    return h.ul[(h.li[f"{one.name.replace(' ', NBSP)} ", _time(one.at, now)] for one in readers)]


def _time(at: datetime, now: datetime) -> h.Element:
    return dated(at, at_moment(at, now), moment_name(at, now))


def _mandate(mandate: MandateLine | None) -> h.Renderable:
    if mandate is None:
        return h.p["Aucun mandat."]
    ends = until(mandate.expires_at) if mandate.status is MandateStatus.ACTIVE else ""
    return h.fragment[
        h.p[mandate_chip(mandate.status), " ", ends],
        h.p(".meta")[", ".join(mandate.organizations)],
        h.p[h.a(".alone", href=f"/mandats/{mandate.id}")["Voir le mandat"]] if mandate.may_see else None,
        _next_mandate(mandate),
    ]


def _next_mandate(mandate: MandateLine) -> h.Node:
    """The mandate that will replace this one, or the way to it once its term is near."""
    if (new := mandate.next_one) is not None:
        return h.fragment[
            h.p[f"Nouveau mandat{NBSP}: ", mandate_chip(new.status)],
            h.p[h.a(".alone", href=f"/mandats/{new.id}")["Voir le nouveau mandat"]],
        ]
    if mandate.ends_soon:
        return h.p[h.a(".alone", href=f"/mandats/{mandate.id}")["Faire signer un nouveau mandat"]]
    return None


def _referral(one: ReferralView, now: datetime) -> h.Element:
    look, word = referral_words(one.status, one.is_late, one.is_waiting)
    return h.div(".organism", data_key=f"organisme-{one.group_id}")[
        h.div(".name")[h.strong[one.group], chip(look, word.capitalize())],
        h.p(".meta")[" · ".join(filter(None, (one.assignee, _delay(one, now))))],
        h.p(".meta")[away_words(one.away)] if one.away else None,
        h.p(".meta")[better_words(one.better)] if one.better else None,
        h.div(".acts")[(_button(gesture, one) for gesture in _BESIDE if gesture in one.gestures - _above(one))],
        history(one.history, str(one.group_id), now),
    ]


def _delay(one: ReferralView, now: datetime) -> str:
    if one.is_waiting:
        return "délai suspendu jusqu’à la réponse de l’aidant"
    if one.due_at is None:
        return ""
    if one.is_late:
        return f"geste attendu depuis {moment_name(one.due_at, now)}"
    return f"prochain geste avant le {long_date(one.due_at)}"


# The gestures that are not an answer stand beside the organisation; the others are in the composer.
_BESIDE = (
    Gesture.TAKE, Gesture.PASS, Gesture.NOT_COMPETENT, Gesture.FLAG_PROCEDURE, Gesture.WITHDRAW,
)  # fmt: skip


_UNDER_WAY = (ReferralStatus.SENT, ReferralStatus.IN_PROGRESS)


def is_free(one: ReferralView) -> bool:
    """Whether this referral waits for somebody to take it: that gesture stands above the thread, at hand."""
    return Gesture.TAKE in one.gestures and one.assignee_id is None and one.status in _UNDER_WAY


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
            "Le mandat n’est plus en vigueur : le partage est suspendu. "
            "Pour écrire de nouveau aux organismes, faites signer un nouveau mandat."
        )
    if case.mandate is None or case.mandate.status is not MandateStatus.ACTIVE:
        return "Le mandat n’est plus en vigueur : le partage est suspendu, vous ne pouvez plus écrire."
    return "Vous ne pouvez pas écrire dans cette demande."
