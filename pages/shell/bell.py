"""The bell: how much one was told and has not read, in the frame of every page, live on all one's devices.

The number stands in words for assistive tools, which hear when it grows; it is no element of its own.
"""

from __future__ import annotations

import json

import htpy as h

from app.events import Missed, NoticesChanged, Signal
from app.french import plural
from app.queries.notices import MOST, unread_count
from pages.shell import live
from pages.shell.action import read_aside
from pages.shell.icons import icon
from pages.shell.live import Gathered
from pages.shell.page import Page

_TOGETHER = 0.3  # seconds: a gesture tells several things

SCRIPT = """<script>
window.aplusBell = (count, shown, words) => {
  const bell = document.querySelector(".rail .bell");
  if (!bell) return;
  const grows = count > Number(bell.dataset.count);
  bell.dataset.count = count;
  bell.querySelector(".bell-count").textContent = shown;
  bell.querySelector(".unseen").textContent = words;
  if (grows) document.getElementById("cloche").textContent = words.replace(/^, /, "");
};
</script>"""


def link(count: int) -> h.Element:
    """Return the way to what one was told, with how much is unread."""
    return h.a(".bell", href="/notifications", data_shortcut="gb", data_count=str(count))[
        h.span(".bell-sign")[icon("bell"), h.b(".bell-count", aria_hidden="true")[_shown(count)]],
        h.span["Notifications"],
        h.span(".unseen")[_words(count)],
    ]


def follow(page: Page, count: int) -> None:
    """Keep the number true for as long as the tab is open."""
    known = [count]

    async def again() -> None:
        count = await read_aside(page.caller, unread_count)
        if count != known[0]:
            known[0] = count
            said = ", ".join(json.dumps(one) for one in (count, _shown(count), _words(count)))
            page.client.run_javascript(f"aplusBell({said})")

    gathered = Gathered(_TOGETHER, lambda _: again())

    def hear(signal: Signal) -> None:
        if isinstance(signal, NoticesChanged | Missed):
            gathered.soon()

    page.client.on_delete(live.watch([page.account_id], hear))
    page.client.on_delete(gathered.end)


def _shown(count: int) -> str:
    return "" if count == 0 else str(count) if count < MOST else f"{MOST - 1}+"


def _words(count: int) -> str:
    if count >= MOST:
        return f", plus de {MOST - 1} non lues"
    return f", {plural(count, 'non lue')}" if count else ""
