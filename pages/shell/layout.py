"""The frame around every screen: where one is, the way to the others, who one is, what is being said."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import htpy as h
from nicegui import __version__, ui

from app import preferences
from app.config import settings
from app.policy import Actor, may_administer
from app.preferences import Preferences
from app.queries.notices import unread_count
from app.work import Work
from models.enums import Side
from pages.shell import bell, design, panes, preferred
from pages.shell.connection import Connection
from pages.shell.icons import icon
from pages.shell.keys import Keys
from pages.shell.markup import Markup
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


# A page that the browser kept aside and shows again was drawn with yesterday's rights: the screen may have been
# handed over since. It is asked for anew, and the door answers.
_ANEW = """<script>
addEventListener("pageshow", (event) => {
  if (!event.persisted) return;
  document.documentElement.hidden = true;
  location.reload();
});
</script>"""
_KEPT = Path(__file__).with_name("kept.js").read_text()
_FOCUS = f"<script>{Path(__file__).with_name('focus.js').read_text()}</script>"
_STYLE = f'<link rel="stylesheet" href="{design.APP_CSS_PATH}">'
# NiceGUI names it only at the end of the page, and nothing is drawn before it is there.
SANITIZER = f"/_nicegui/{__version__}/static/dompurify.mjs"
_PRELOAD = f'<link rel="modulepreload" href="{SANITIZER}">'


@dataclass(frozen=True)
class Signed:
    """Who is signed in, how they want the screens, and how much they were told and have not read."""

    actor: Actor
    chosen: Preferences
    unread: int


def signed(work: Work) -> Signed:
    """Return who is signed in, for the frame."""
    return Signed(work.actor, preferences.mine(work), unread_count(work))


def frame(page: Page, me: Signed, find: Find) -> Outlet:
    """Draw the frame once for the tab and return the outlet of its screens."""
    ui.add_head_html(_FOCUS + bell.SCRIPT)
    _begin(page, me.chosen)
    Markup(h.a(".skip", href="#contenu", data_plain="")["Aller au contenu"])
    if settings().is_demo:
        box = h.a(href="/demonstration/boite")["Boîte d’essai"]
        words = h.fragment[h.strong["Démonstration"], " : tout est inventé. ", box]
        Markup(words, "aside").classes("demo").props('aria-label="Démonstration"')
    with ui.element("div").classes("frame"):
        Markup(_rail(me.actor, me.unread), "header").classes("rail")
        with ui.element("main").props('id="contenu" tabindex="-1"').classes("content"):
            outlet = Outlet(page, find)
    preferred.follow(page, Keys(page, me.actor, me.chosen))
    bell.follow(page, me.unread)
    said = h.div("#dits", role="status", aria_live="polite")
    Markup(h.fragment[said, h.p("#cloche.unseen", role="status")])
    Connection()
    return outlet


def bare(page: Page, me: Signed) -> None:
    """Draw no frame: the tablet is in the usager's hands. Only what is said has its place."""
    _begin(page, me.chosen)
    page.title = "Administration+"
    Markup(h.div("#dits", role="status", aria_live="polite"))
    Connection()


def _begin(page: Page, chosen: Preferences) -> None:
    """Give the tab its style; Quasar's page, a second ``main`` around ours, becomes a plain block."""
    preferred.wear(chosen)
    kept = f'<script data-account="{page.account_id}">{_KEPT}</script>'
    ui.add_head_html(_ANEW + _SAY + kept + panes.RESTORE + _STYLE + _PRELOAD)
    for around in ui.context.client.page_container:
        around.tag = "div"


def _rail(actor: Actor, unread: int) -> h.Renderable:
    places = [("/demandes", "inbox", "Demandes", "gd")]
    if actor.groups(Side.AIDANT):
        places.append(("/demandes/nouvelle", "plus", "Nouvelle", "n gn"))
    if may_administer(actor):
        places.append(("/administration", "sliders", "Adminis\u00adtration", "ga"))
    initials = "".join(word[:1] for word in actor.name.split()[:2])
    return h.fragment[
        h.a(".brand", href="/demandes", aria_label="Administration+, accueil")["A+"],
        h.nav(aria_label="Navigation principale")[
            h.ul[
                (
                    h.li[h.a(href=path, data_shortcut=keys)[icon(sign), h.span[word]]]
                    for path, sign, word, keys in places
                ),
                h.li[bell.link(unread)],
            ]
        ],
        h.a(".me", href="/compte", data_shortcut="gc", aria_label=f"Mon compte, {actor.name}")[
            h.span(".disc", aria_hidden="true")[initials], h.span(".me-word")["Compte"]
        ],
    ]
