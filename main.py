"""Start Administration+: settings, database, addresses, server. Nothing else lives here."""

from __future__ import annotations

import gc
import logging
from typing import Any

from nicegui import ui

from app import attachments, reference, seed, work
from app.config import settings
from app.demo.people import PASSWORD, PEOPLE
from app.schema import migrate
from app.security.files import FileStore
from app.work import ByNobody, acting
from pages import routes

# How NiceGUI runs; tests/bench/empty.py serves an empty page in the same way.
RUN: dict[str, Any] = {
    "reload": False, "show": False, "show_welcome_message": False, "language": "fr", "tailwind": False,
    "reconnect_timeout": settings().reconnect_seconds, "message_history_length": 200, "storage_secret": None,
    "ws_per_message_deflate": False, "server_header": False, "timeout_graceful_shutdown": 5,
    "uvicorn_logging_level": "warning", "favicon": "🟦",
}  # fmt: skip


def prepare() -> FileStore:
    """Open the database, bring it up to date, fill the demonstration, and return the store of files."""
    ours = settings()
    logging.basicConfig(level=ours.log_level, format="%(asctime)s %(levelname)s %(name)s %(message)s")
    logging.getLogger("alembic").setLevel(logging.WARNING)
    store = FileStore(ours.data_dir / "files", ours.secret)
    ours.data_dir.mkdir(parents=True, exist_ok=True)
    migrate(work.connect(ours))
    if ours.is_demo and seed.is_empty():
        print("Preparing the demonstration…", flush=True)
        seed.demonstration()
    with acting(ByNobody()) as it:
        reference.load(it)
        attachments.remove_orphans(it, store)
    return store


def announce() -> None:
    """Say where the service is, and in the demonstration who may enter."""
    print(f"Administration+ : {settings().address}", flush=True)
    if settings().is_demo:
        print(f"Demonstration accounts, password «{PASSWORD}»:")
        for person in PEOPLE[:9]:
            print(
                f"  {person.email:<24} {person.first_name} {person.last_name}, {person.group or person.scope}"
            )


if __name__ in {"__main__", "__mp_main__"}:
    routes.mount(prepare(), with_jobs=True)
    announce()
    gc.collect()
    gc.freeze()  # what is here for good is left out of each search for cycles to come
    ui.run(host=settings().host, port=settings().port, title="Administration+", **RUN)
