"""The line to the server: lost, tried again, found; said in words at a place of its own."""

from __future__ import annotations

from nicegui.element import Element


class Connection(Element, component="connection.js"):
    """One a tab, in every frame. All of it happens in the browser: the server is what cannot be reached."""
