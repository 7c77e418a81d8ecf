"""What is read, in every state: tokens, icons, states, rows, threads, facts, notices, what is not there yet."""

from __future__ import annotations

from collections.abc import Iterable

import htpy as h
from nicegui import ui

from models.enums import CaseStatus, MandateStatus, ReferralStatus
from pages.components.facts import facts, head
from pages.components.fragment import Fragment
from pages.components.mandate_words import paragraphs
from pages.components.rows import rows as rows_of
from pages.components.states import case_chip, chip, mandate_chip, referral_words, urgent_mark
from pages.components.timeline import lines
from pages.demonstration import samples
from pages.shell import design
from pages.shell.icons import LINES, icon
from pages.shell.page import Page
from pages.shell.waiting import case_skeleton, list_skeleton


def _show(content: h.Renderable) -> None:
    ui.html(str(content)).classes("sample")


def colours(_: Page) -> None:
    """Draw each colour on its name."""
    _show(
        h.ul(".swatches")[
            (h.li[h.i(style=f"background: var(--{name})"), h.code[name]] for name in design.TOKENS)
        ]
    )


def scale(_: Page) -> None:
    """Draw the sizes of text, the spaces and the radii."""
    sizes = [name for name in design.SCALE if name.startswith("size-")]
    spaces = [name for name in design.SCALE if name.startswith("space-")]
    _show(
        h.fragment[
            h.ul[
                (h.li(style=f"font-size: var(--{name})")["Une demande avance ", h.code[name]] for name in sizes)
            ],
            h.ul(".spaces")[(h.li[h.i(style=f"width: var(--{name})"), h.code[name]] for name in spaces)],
        ]
    )


def icons(_: Page) -> None:
    """Draw each icon beside its name."""
    _show(h.ul(".swatches")[(h.li[icon(name), h.code[name]] for name in LINES)])


def states(_: Page) -> None:
    """Draw every state an organisation, a case and a mandate can be in."""
    organisations: Iterable[h.Node] = (chip(*referral_words(status, False, False)) for status in ReferralStatus)
    _show(
        h.fragment[
            h.h3["Un organisme"],
            h.p(".row-of-buttons")[
                organisations,
                chip(*referral_words(ReferralStatus.SENT, True, False)),
                chip(*referral_words(ReferralStatus.IN_PROGRESS, False, True)),
            ],
            h.h3["Une demande"],
            h.p(".row-of-buttons")[(case_chip(status) for status in CaseStatus), urgent_mark()],
            h.h3["Un mandat"],
            h.p(".row-of-buttons")[(mandate_chip(status) for status in MandateStatus)],
            h.h3["Qui lira"],
            h.p(".row-of-buttons")[
                h.span(".audience")["Visible par l’Aidant+ et les organismes"],
                h.span(".audience.operators")["Entre Agents+ seulement"],
            ],
        ]
    )


def rows(_: Page) -> None:
    """Draw a row in each state, at the width of a list; the fourth is the one that is open."""
    now = samples.today()
    with ui.element("div").classes("sample rows framed narrow"):
        Fragment(rows_of(samples.rows(now), "", now, "")).point_at(str(samples.id_of("open")))


def empty(_: Page) -> None:
    """Draw a view without a case."""
    nothing = h.p["Rien à faire pour vous en ce moment. Les demandes qui attendent un geste viendront ici."]
    with ui.element("div").classes("sample rows framed narrow"):
        Fragment(rows_of([], "", samples.today(), nothing))


def thread(_: Page) -> None:
    """Draw each kind of line, and what says that there are new ones."""
    now = samples.today()
    items = lines(samples.entries(now), samples.STRUCTURE, now)
    _show(h.div(".thread.framed")[h.ol[items], h.button(".pill", type="button")["2 nouveaux messages"]])


def head_of_case(_: Page) -> None:
    """Draw what stands under the subject of a case."""
    now = samples.today()
    _show(h.div(".framed.case-head")[head(samples.case(now), now)])


def beside(_: Page) -> None:
    """Draw what stands beside a thread; its buttons answer in a case only."""
    now = samples.today()
    _show(h.div(".facts.framed.narrow", inert=True)[facts(samples.case(now), samples.readers(now), now)])


def notices(_: Page) -> None:
    """Draw the three notices: to know, to mind, to put right."""
    _show(
        h.fragment[
            h.p(".notice")["Le partage s’ouvre quand le mandat est accepté."],
            h.p(".notice.warn")["Ce mandat se termine dans trois jours. Faites-en signer un nouveau."],
            h.div(".notice.wrong")[
                h.strong["Deux réponses sont à revoir."],
                h.ul[h.li["Objet : écrivez une ligne."], h.li["Thème : choisissez-en un."]],
            ],
        ]
    )


def mandate(_: Page) -> None:
    """Draw the words of a mandate."""
    _show(
        h.article(".document")[
            h.p[mandate_chip(MandateStatus.CONSENTED)],
            paragraphs(("J’autorise **France Services de Guise** à agir pour moi.", "Je peux changer d’avis.")),
        ]
    )


def waiting(_: Page) -> None:
    """Draw the shapes shown when a wait is beyond 300 ms."""
    _show(h.div(".columns")[h.div(".framed")[list_skeleton()], h.div(".framed")[case_skeleton()]])
