"""What a person prefers, in the browser: the colours before the first paint, and open pages after a change."""

from __future__ import annotations

import json

from nicegui import ui

from app import preferences
from app.events import PreferencesChanged, Signal
from app.preferences import Preferences
from pages.shell import live
from pages.shell.keys import Keys
from pages.shell.live import Gathered
from pages.shell.page import Page


def wear(chosen: Preferences) -> None:
    """Give the page its colours: ``<html data-appearance>``, which the style sheet reads."""
    ui.add_head_html(f"<script>{_worn(chosen)}</script>")


def follow(page: Page, keys: Keys) -> None:
    """Take up at once what the person chooses, here or on another device, for as long as the tab is open."""

    async def again() -> None:
        chosen = await page.read(preferences.mine)
        keys.follow(chosen)
        page.client.run_javascript(_worn(chosen))

    gathered = Gathered(0, lambda _: again())

    def hear(signal: Signal) -> None:
        if isinstance(signal, PreferencesChanged):
            gathered.soon()

    page.client.on_delete(live.watch([page.account_id], hear))
    page.client.on_delete(gathered.end)


def _worn(chosen: Preferences) -> str:
    return f"document.documentElement.dataset.appearance = {json.dumps(chosen.appearance.value)};"
