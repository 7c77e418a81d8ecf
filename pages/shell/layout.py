"""The frame around every screen: where one is, the way to the others, who one is, what is being said."""

from __future__ import annotations

import htpy as h
from nicegui import ui

from app.config import settings
from app.policy import Actor
from app.work import Work
from models.enums import Side
from pages.shell import design
from pages.shell.icons import icon
from pages.shell.page import Find, Outlet, Page

_SAY = """<script>
window.aplusSay = (sentence, kind) => {
  const box = document.getElementById("dits");
  if (!box) return;
  const line = document.createElement("p");
  line.className = "said " + kind;
  line.textContent = sentence;
  box.append(line);
  setTimeout(() => line.remove(), kind === "refused" ? 12000 : 6000);
};
</script>"""


_STYLE = f'<link rel="stylesheet" href="{design.APP_CSS_PATH}">'


def rail_for(work: Work) -> Actor:
    """Return who is signed in, for the rail."""
    return work.actor


def frame(page: Page, actor: Actor, find: Find) -> Outlet:
    """Draw the frame once for the tab and return the outlet of its screens."""
    _begin()
    ui.html(str(h.a(".skip", href="#contenu", data_plain="")["Aller au contenu"]))
    if settings().is_demo:
        words = "<strong>Démonstration</strong> : personnes et demandes inventées."
        ui.html(words, tag="aside").classes("demo").props('aria-label="Démonstration"')
    with ui.element("div").classes("frame"):
        ui.html(str(_rail(actor)), tag="header").classes("rail")
        with ui.element("main").props('id="contenu" tabindex="-1"').classes("content"):
            outlet = Outlet(page, find)
    ui.html('<div id="dits" role="status" aria-live="polite"></div>')
    return outlet


def bare(page: Page) -> None:
    """Draw no frame: the tablet is in the usager's hands. Only what is said has its place."""
    _begin()
    page.title = "Administration+"
    ui.html('<div id="dits" role="status" aria-live="polite"></div>')


def _begin() -> None:
    """Give the tab its style; Quasar's page, a second ``main`` around ours, becomes a plain block."""
    ui.add_head_html(_SAY + _STYLE)
    for around in ui.context.client.page_container:
        around.tag = "div"


def _rail(actor: Actor) -> h.Renderable:
    places = [("/demandes", "inbox", "Demandes")]
    if actor.groups(Side.AIDANT):
        places.append(("/demandes/nouvelle", "plus", "Nouvelle"))
    initials = "".join(word[:1] for word in actor.name.split()[:2])
    return h.fragment[
        h.a(".brand", href="/demandes", aria_label="Administration+, accueil")["A+"],
        h.nav(aria_label="Navigation principale")[
            h.ul[(h.li[h.a(href=path)[icon(sign), h.span[word]]] for path, sign, word in places)]
        ],
        h.a(".me", href="/compte", aria_label=f"Mon compte, {actor.name}")[
            h.span(".disc", aria_hidden="true")[initials], h.span(".me-word")["Compte"]
        ],
    ]
