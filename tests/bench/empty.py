"""An empty page by the same NiceGUI, run in the same way: ``python -m tests.bench.empty PORT``."""

from __future__ import annotations

import sys

from nicegui import ui

from main import RUN


@ui.page("/")
def empty() -> None:
    """Nothing but a word, to be seen when it is there."""
    ui.label("Rien").classes("word")


if __name__ in {"__main__", "__mp_main__"}:
    ui.run(host="127.0.0.1", port=int(sys.argv[1]), **RUN)
