"""The ways to give a mandate, to choose from: what each proves, how far, what is needed; then its screen."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from uuid import UUID

import htpy as h
from markupsafe import Markup

from app.french import NBSP, clock, long_date
from app.mandate_ways import Way
from app.phones import shown
from app.proof_words import Strength
from app.queries.mandate_ways import Answer, BySms, Sent
from app.queries.mandates import MandateView
from models.enums import MandateWay, OutgoingStatus, SmsAnswer
from pages.components.fragment import Act, Fragment
from pages.components.states import chip
from pages.shell.page import Page

_LOOKS: dict[Strength, str] = {
    Strength.STRONG: "resolved", Strength.GOOD: "in_progress", Strength.TO_CONFIRM: "waiting",
}  # fmt: skip
_SCREENS: dict[MandateWay, str] = {
    MandateWay.SCREEN: "signer", MandateWay.SMS_CODE: "sms?facon=code",
    MandateWay.SMS_REPLY: "sms?facon=reponse",
    MandateWay.PAPER: "papier", MandateWay.VERBAL: "temoin", MandateWay.EXISTING: "existant",
}  # fmt: skip
_UNFRAMED = frozenset({MandateWay.SCREEN, MandateWay.VERBAL})


def strength_mark(strength: Strength) -> Markup:
    """Return how far a proof goes: an icon, words and a tint."""
    return chip(_LOOKS[strength], strength.value)


def draw_ways(ways: tuple[Way, ...], choose: Callable[[MandateWay], Awaitable[None]]) -> Fragment:
    """Draw the ways as a list of buttons; ``choose`` gets the one that is pressed, of these only."""
    known = {one.way.value: one.way for one in ways}

    async def chosen(act: Act) -> None:
        way = known.get(act.data.get("way", ""))
        if act.name == "way" and way is not None:
            await choose(way)

    return Fragment(h.ul(".ways")[(_line(one) for one in ways)], on_act=chosen)


def open_way(page: Page, way: MandateWay, mandate_id: UUID) -> None:
    """Go where a mandate is given in this way."""
    address = f"/mandats/{mandate_id}/{_SCREENS[way]}"
    if way in _UNFRAMED:
        page.open(address)
    else:
        page.go(address)


def way_back(mandate: MandateView) -> str:
    """Return where the aidant was when they chose a way: the step of the draft, or the mandate's page."""
    if mandate.is_draft_case:
        return f"/demandes/nouvelle?brouillon={mandate.case_id}&etape=5"
    return f"/mandats/{mandate.id}"


def question_words(state: BySms) -> h.Renderable:
    """Return where the question asked by SMS stands, and what was answered that is neither yes nor no."""
    if state.question is None:
        return h.fragment[()]
    return h.div[
        _notice(state.question, " En attente de la réponse."),
        (
            h.p(".notice.warn")[_unclear(one)]
            for one in state.answers
            if one.answer in (None, SmsAnswer.UNCLEAR)
        ),
    ]


def code_words(state: BySms) -> h.Renderable:
    """Return where the code sent by SMS stands."""
    code = state.code
    if code is None:
        return h.fragment[()]
    if code.tries_left == 0:
        return h.p(".notice.warn", role="status")["Le dernier code ne sert plus. Envoyez un autre code."]
    until = f" Il sert jusqu’à {clock(code.expires_at)}."
    return _notice(code.sent, until)


def _line(one: Way) -> h.Element:
    return h.li[
        h.button(".way", type="button", data_act="way", data_way=one.way.value)[
            h.span(".way-name")[h.strong[one.way.label], strength_mark(one.strength)],
            h.span(".way-proves")[one.proves],
            h.small[f"Il faut{NBSP}: {one.needs}."],
        ]
    ]


def _notice(sent: Sent, then: str) -> h.Element:
    look = ".notice.warn" if sent.status is OutgoingStatus.FAILED else ".notice"
    return h.p(look, role="status")[_sent(sent, then)]


def _sent(sent: Sent, then: str) -> str:
    at, to = f"le {long_date(sent.at)} à {clock(sent.at)}", shown(sent.to)
    if sent.status is OutgoingStatus.FAILED:
        return (
            f"Le SMS pour le {to} n’a pas pu être remis. "
            "Vérifiez le numéro, ou choisissez une autre façon de donner l’accord."
        )
    if sent.status is OutgoingStatus.WAITING:
        return f"SMS en cours d’envoi au {to}, demandé {at}.{then}"
    return f"SMS envoyé au {to} {at}.{then}"


def unclear_words(answers: tuple[Answer, ...]) -> h.Renderable:
    """Return what the person has written by SMS since they gave their agreement, for a person to read."""
    then = " Elle n’a rien changé. Demandez à la personne si elle veut annuler son accord."
    return h.div[(h.p(".notice.warn", role="status")[_quoted(one), then] for one in answers)]


def _unclear(one: Answer) -> str:
    return f"{_quoted(one)} Elle ne dit ni oui ni non. Demandez à la personne ce qu’elle veut."


def _quoted(one: Answer) -> str:
    return f"Réponse reçue le {long_date(one.at)} à {clock(one.at)}{NBSP}: «{NBSP}{one.text}{NBSP}»."
