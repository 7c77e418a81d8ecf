"""The parts that help with a case, in their states: why it is found, what is chosen, where it could go, who is
away, what became of it, by which numbers the person is known."""

from __future__ import annotations

import htpy as h
from markupsafe import Markup
from nicegui import ui

from app.french import NBSP, plural
from models.enums import ReferralStatus, Side
from pages.components.absences import away_words, declare, lines
from pages.components.choosing import Choosing
from pages.components.field import Field
from pages.components.fragment import Act, Fragment
from pages.components.history import history
from pages.components.identifiers import hint_of, identifier_lines, label_of
from pages.components.press import Press
from pages.components.redirecting import better_words, leads_to, to_redirect
from pages.components.rows import rows as rows_of
from pages.components.states import chip, referral_words
from pages.components.words import Words
from pages.demonstration import case_samples
from pages.demonstration.samples import id_of, today
from pages.shell.page import Page


def passages(_: Page) -> None:
    """Draw why cases were found: in the subject, in the name, in a message, in a note."""
    now = today()
    found, hits = case_samples.found(now)
    with ui.element("div").classes("sample"):
        Words(f"Cherché{NBSP}: {case_samples.SOUGHT}", "h3")
        with ui.element("div").classes("rows framed narrow"):
            Fragment(rows_of(found, "", now, "", hits=hits))


def choosing(page: Page) -> None:
    """Draw a list while one chooses in it; the bar leaves by its cross and comes back by the button."""

    async def made(words: str, keys: tuple[str, ...]) -> None:
        page.say(f"{words}{NBSP}: {plural(len(keys), 'demande choisie', 'demandes choisies')}.")
        bar.end()

    async def start() -> None:
        bar.start()

    now = today()
    with ui.element("div").classes("sample"):
        Press("Choisir des demandes", start)
    with ui.element("div").classes("sample framed narrow"):
        with ui.element("div").classes("rows").props("data-walk"):
            Fragment(rows_of(case_samples.to_choose(now), "", now, ""))
        bar = Choosing("demande choisie", "demandes choisies", made)
        bar.offer(("Je prends en charge", "Marquer comme lues"))
    bar.start()


def redirecting(page: Page) -> None:
    """Draw where a case could go, then what is said of each proposal to the aidant and to who makes it. The
    first notice answers, the others are pictures: one region of a name is enough for a page."""

    async def pressed(_: Act) -> None:
        page.say("Vous avez appuyé sur l’exemple.")

    (caption, first), *others = case_samples.to_redirect(today())
    with ui.element("div").classes("sample"):
        Words(caption, "h3")
        Fragment(h.div[to_redirect(first)], on_act=pressed)
        Fragment(h.div[((h.h3[said], h.div(inert=True)[to_redirect(case)]) for said, case in others)])
        Words("Ce qui est dit de chaque proposition", "h3")
        ui.html(
            str(h.ul[(h.li[better_words(one), h.br, h.small[leads_to(one)]] for one in case_samples.betters())])
        )


def histories(_: Page) -> None:
    """Draw what became of a referral, folded, then unfolded."""
    now = today()
    steps = case_samples.steps(now)
    folded, long = (history(told, key, now) for key, told in (("short", steps[:1]), ("long", steps)))
    unfolded = Markup(str(long)).replace("<details ", Markup("<details open "), 1)  # noqa: S704 (escaped)
    ui.html(
        str(
            h.div(".facts.framed.narrow")[
                _organism("CAF – Aisne", ReferralStatus.SENT, folded),
                _organism("CPAM – Aisne", ReferralStatus.RESOLVED, unfolded),
            ]
        )
    ).classes("sample")


def _organism(name: str, status: ReferralStatus, below: h.Node) -> h.Element:
    look, word = referral_words(status, False, False)
    return h.div(".organism")[h.div(".name")[h.strong[name], chip(look, word.capitalize())], below]


def identifiers(_: Page) -> None:
    """Draw the numbers of a person, as each side reads them, then as they are asked for."""
    numbers = case_samples.identifiers()
    ui.html(
        str(
            h.div(".facts.framed.narrow")[
                h.section[h.h3["Pour un Aidant+"], identifier_lines(numbers, Side.AIDANT)],
                h.section[h.h3["Pour un Agent+ de la CAF"], identifier_lines(numbers[:1], Side.AGENT)],
            ]
        )
    ).classes("sample")
    with ui.element("div").classes("sample columns"):
        for one in numbers[:2]:
            Field(label_of(one.kind, one.organizations), hint=hint_of(one.organizations), optional=True)


def absences(page: Page) -> None:
    """Draw absences as who may change them reads them, as others do, then as a case says them. Nobody stands
    behind the question: it is the one of a group without another Agent+."""

    async def pressed(_: Act) -> None:
        page.say("Vous avez appuyé sur l’exemple.")

    async def ask() -> None:
        await declare(page, page.account_id, id_of("group"), _nothing)

    day = today().date()
    told = case_samples.absences(day)
    with ui.element("div").classes("sample"):
        Words("Les siennes", "h3")
        Fragment(h.div[lines(told[:2], with_names=False)], on_act=pressed)
        Words("Celles d’un groupe, pour qui le lit seulement", "h3")
        Fragment(h.div[lines(told, with_names=True, may_change=False)])
        Words("Dans une demande", "h3")
        for one in case_samples.away(day):
            Words(away_words(one)).classes("meta")
    with ui.element("div").classes("sample"):
        Press("Déclarer une absence", ask)


async def _nothing() -> None:
    """No absence was declared."""
