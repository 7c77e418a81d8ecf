"""The service as NiceGUI's simulated user meets it: its addresses on the database in use, no server.

Run by ``user_simulation``; the socket's guard does not stand in its way (nicegui.md, section 7).
"""

from __future__ import annotations

from nicegui import ui

from app.config import settings
from app.security.files import FileStore
from pages import routes

if __name__ == "__main__":
    routes.mount(FileStore(settings().data_dir / "files", bytes(32)))
    ui.run(language="fr", title="Administration+", storage_secret=None, reload=False)
