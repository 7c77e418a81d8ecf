"""A PDF that somebody hands over: refused when it holds anything that acts, drawn as pictures or kept bare.

15 MB can inflate to gigabytes, or never end: each is read in a process of its own (``app.scan_reader``),
started afresh, without our settings, with bounds of memory and time, and gone when this returns. Nothing is
written to a disk. Called by one thread at a time (``app.paper_images``): there is one such process at most.
"""

from __future__ import annotations

import json
import logging
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from threading import Timer
from typing import IO, Any

from PIL import Image

from app.errors import Invalid

log = logging.getLogger(__name__)

LOCKED = "Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection, puis choisissez-le à nouveau."
ACTIVE = (
    "Ce PDF contient des actions automatiques ou des fichiers joints. "
    "Imprimez-le, puis numérisez ou photographiez ses pages."
)
UNREADABLE = "Ce PDF n’a pas pu être lu. Numérisez les pages à nouveau, ou photographiez-les."

# Bytes of address space: PDFium takes half of it for a page scanned in colour at 600 points an inch.
MEMORY = 1024**3
# Of processor: ten pages of a scanner take five on an ordinary machine, thirty on the slowest it was tried on.
SECONDS = 60
# From its start to its end, however busy the machine is.
PATIENCE = 3 * SECONDS

_READER = Path(__file__).with_name("scan_reader.py")
_LINE = 10_000  # bytes: the sizes of ten pages are some hundred
_REFUSED = {
    "locked": LOCKED, "acts": ACTIVE, "unreadable": UNREADABLE,
    "pages": "Un PDF a ici de 1 à {most} pages. Choisissez les pages signées seulement.",
}  # fmt: skip


def draw(content: bytes, most_pages: int, longest: int) -> list[Image.Image]:
    """Return the pages of a PDF as pictures, their long side of ``longest`` pixels; one that is not taken is
    ``Invalid`` (``file``): see ``app.scan_reader.checked``."""
    with _answer("draw", content, most_pages, longest) as (head, body):
        sizes = [(int(width), int(height)) for width, height in head["pages"]]
        if len(sizes) > most_pages or max(map(max, sizes)) > longest + 1:
            raise ValueError("not what was asked for")
        return [Image.frombytes("RGB", size, body.read(size[0] * size[1] * 3)) for size in sizes]


def keep(content: bytes, most_pages: int) -> bytes:
    """Return a PDF as it is kept, without what opens by itself and what tells of its making (see
    ``app.scan_reader.bare``); one that is not taken is ``Invalid`` (``file``)."""
    with _answer("keep", content, most_pages, 0) as (head, body):
        kept = body.read(min(int(head["size"]), 2 * len(content)))
        if len(kept) != head["size"]:
            raise ValueError("not what was asked for")
        return kept


@contextmanager
def _answer(
    job: str, content: bytes, most_pages: int, longest: int
) -> Iterator[tuple[dict[str, Any], IO[bytes]]]:
    """Give the first line of the answer and what follows it; whatever goes wrong, also with what is made of it,
    is a PDF that cannot be read. The process is gone when this is left."""
    numbers = (most_pages, longest, MEMORY, SECONDS)
    # -P: its folder is no place to import from. A hostile file finds none of our keys in its environment.
    command = [sys.executable, "-P", str(_READER), job, *map(str, numbers)]
    environment = {name: value for name, value in os.environ.items() if not name.startswith("APLUS_")}
    pipe = subprocess.PIPE
    with subprocess.Popen(command, env=environment, stdin=pipe, stdout=pipe) as reader:  # noqa: S603 (our words)
        assert reader.stdin is not None
        assert reader.stdout is not None
        end = Timer(PATIENCE, reader.kill)
        end.start()
        try:
            with suppress(BrokenPipeError):  # it is dead already: its answer will be missing
                reader.stdin.write(content)
            with suppress(BrokenPipeError):
                reader.stdin.close()
            head = json.loads(reader.stdout.readline(_LINE))
            if "refused" in head:
                log.info("a PDF was refused: %s", head)
                raise Invalid(file=_REFUSED[head["refused"]].format(most=most_pages))
            yield head, reader.stdout
        except Invalid:
            raise
        except Exception as error:
            reader.kill()
            log.info("a PDF could not be read: %s, exit %s", type(error).__name__, reader.wait())
            raise Invalid(file=UNREADABLE) from None
        finally:
            end.cancel()
            reader.kill()
