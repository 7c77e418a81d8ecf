"""The process that reads a PDF somebody handed over, started by ``app.paper_scans`` and nothing else: what is
hostile inflates, hangs or crashes here, never in the service.

``python -P scan_reader.py draw|keep MOST_PAGES LONGEST MEMORY SECONDS`` reads the PDF from its input and
answers a line of JSON, then bytes: ``{"pages": [[width, height], …]}`` and their points (RGB, row by row), or
``{"size": n}`` and a PDF of ``n`` bytes, or ``{"refused": "locked" | "acts" | "pages" | "unreadable"}``.
It imports little, so as to start quickly, and nothing of ours.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import sys
from pathlib import Path

import pikepdf
import pypdfium2
from PIL import Image

_MOST_OBJECTS = 20_000  # a scan of ten pages has some hundred
_DEEPEST = 40
# What does something by itself or carries another file (ISO 32000-2, 12.6 and 7.11).
_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMedia"})
_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/RichMediaExecute", "/GoToE"}
)
# What opens something by itself, be it an address that learns who reads; and what says by whom, when and with
# what it was made (12.6.3, 14.3, 14.5).
_OPENS = frozenset({"/OpenAction", "/AA"})
_TELLS = frozenset({"/Metadata", "/PieceInfo", "/LastModified"})


class Refused(Exception):
    """A PDF that is not taken; its one argument is the word of the answer."""


def bound(memory: int, seconds: int) -> None:
    """Take from this process the right to more than ``memory`` bytes and ``seconds`` of processor, to write
    files and to leave a core. Where a system knows no such limit (Windows), only the caller's time holds."""
    try:
        import resource
    except ImportError:
        return
    limits = (
        (resource.RLIMIT_AS, memory), (resource.RLIMIT_CPU, seconds), (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    )  # fmt: skip
    for which, most in limits:
        hard = resource.getrlimit(which)[1]
        most = most if hard == resource.RLIM_INFINITY else min(most, hard)
        with contextlib.suppress(OSError, ValueError):  # macOS has the name of some that it does not hold
            resource.setrlimit(which, (most, most))
    with contextlib.suppress(OSError):  # the first to go when the machine itself runs out, before the service
        Path("/proc/self/oom_score_adj").write_text("1000")


def checked(content: bytes, most_pages: int) -> pikepdf.Pdf:
    """Open a PDF, or refuse one that is locked, cannot be read, has too many pages or none, acts or carries
    other files, or is something else as well (it must begin and end as a PDF)."""
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
        raise Refused("unreadable")
    try:
        pdf = pikepdf.open(io.BytesIO(content))
    except pikepdf.PasswordError:
        raise Refused("locked") from None
    if pdf.is_encrypted:
        raise Refused("locked")
    pages, objects = len(pdf.pages), pdf.objects
    if len(objects) > _MOST_OBJECTS:
        raise Refused("unreadable")
    if any(_acts(one, 0) for one in objects):
        raise Refused("acts")
    if not 1 <= pages <= most_pages:
        raise Refused("pages")
    return pdf


def _acts(value: pikepdf.Object, depth: int) -> bool:
    """Whether an object acts; those that it only refers to are looked at by themselves."""
    if depth > _DEEPEST:
        return True
    if isinstance(value, pikepdf.Array):
        return any(_acts(one, depth + 1) for one in value if _is_within(one))
    if not isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        return False
    if _KEYS & set(value.keys()) or str(value.get("/S", "")) in _ACTIONS:
        return True
    return any(_acts(one, depth + 1) for _, one in value.items() if _is_within(one))


def _is_within(value: object) -> bool:
    return isinstance(value, pikepdf.Object) and not value.is_indirect


def bare(pdf: pikepdf.Pdf, content: bytes) -> bytes:
    """Return a checked PDF without what opens by itself and what tells of its making; the same bytes if it
    holds nothing of these, and the same file always gives the same.

    One that was signed electronically is the proof as it is: its bytes stay, and it is refused if it opens
    more than a page of its own.
    """
    parts = [part for one in pdf.objects for part in _within(one)]
    if any("/ByteRange" in part for part in parts):
        if any(_opens(part) for part in parts):
            raise Refused("acts")
        return content
    dropped = [(part, key) for part in parts for key in (_OPENS | _TELLS) & set(part.keys())]
    for part, key in dropped:
        del part[key]
    if not dropped and "/Info" not in pdf.trailer:
        return content
    if "/Info" in pdf.trailer:
        del pdf.trailer["/Info"]
    written = io.BytesIO()
    # The streams as they came: inflating them is nobody's need, and the pictures stay as they were scanned.
    as_it_came = pikepdf.StreamDecodeLevel.none
    pdf.save(written, deterministic_id=True, compress_streams=False, stream_decode_level=as_it_came)
    return written.getvalue()


def _within(value: pikepdf.Object) -> list[pikepdf.Object]:
    """Return the dictionaries of an object, without those that it only refers to; ``_acts`` found how deep."""
    if isinstance(value, pikepdf.Array):
        return [found for one in value if _is_within(one) for found in _within(one)]
    if not isinstance(value, pikepdf.Dictionary | pikepdf.Stream):
        return []
    return [value, *(found for _, one in value.items() if _is_within(one) for found in _within(one))]


def _opens(part: pikepdf.Object) -> bool:
    """Whether a dictionary opens more than a page of its own file."""
    first = part.get("/OpenAction")
    return "/AA" in part or (isinstance(first, pikepdf.Dictionary) and first.get("/S") != pikepdf.Name.GoTo)


def _drawn(page: pypdfium2.PdfPage, longest: int) -> Image.Image:
    """Return a page of a checked PDF as a picture, its long side of ``longest`` pixels."""
    width, height = page.get_size()
    long, short = max(width, height), min(width, height)
    if not 1 <= short <= long or long / short > 20:
        raise ValueError("no size of a page")
    bitmap = page.render(scale=longest / long, draw_annots=True)
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    return picture


def answer(content: bytes, job: str, most_pages: int, longest: int) -> tuple[dict[str, object], list[bytes]]:
    """Return the line of the answer and the bytes that follow it."""
    try:
        pdf = checked(content, most_pages)
        if job == "keep":
            kept = bare(pdf, content)
            return {"size": len(kept)}, [kept]
        pdf.close()
        pictures = (_drawn(page, longest) for page in pypdfium2.PdfDocument(content))
        pages = [(one.size, one.tobytes()) for one in pictures]  # one picture at a time
        return {"pages": [size for size, _ in pages]}, [points for _, points in pages]
    except Refused as refused:
        return {"refused": refused.args[0]}, []
    except Exception as error:  # a reader given a hostile file may raise anything, for want of memory too
        return {"refused": "unreadable", "because": type(error).__name__}, []


def main(job: str, most_pages: str, longest: str, memory: str, seconds: str) -> None:
    """Bound this process, read, answer."""
    bound(int(memory), int(seconds))
    logging.disable()  # what a reader says of a file may quote it
    head, bodies = answer(sys.stdin.buffer.read(), job, int(most_pages), int(longest))
    sys.stdout.buffer.write(json.dumps(head).encode() + b"\n")
    for body in bodies:
        sys.stdout.buffer.write(body)
    sys.stdout.buffer.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
