"""Where the focus goes when what held it goes away: to the place named ``data-refuge`` around it."""

from __future__ import annotations

from nicegui.element import Element


class FocusKeeper(Element, component="focus.js"):
    """Keeps the focus of the tab somewhere sensible. Once in the frame."""
