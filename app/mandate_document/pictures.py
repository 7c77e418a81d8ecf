"""Pictures of the document, each as SVG: what the renderer takes from memory, without a file on disk."""

from __future__ import annotations

import base64
import io

import segno
from PIL import Image

from app.mandate_document.facts import PageImage

# The kinds that the renderer draws; another file is named by its hash instead.
DRAWN = ("image/jpeg", "image/png")
_QUIET = 4  # modules left white around a QR code (ISO/IEC 18004, 9.1)


def qr_code(address: str) -> str:
    """Return the QR code of an address as SVG; a quarter of it may be lost (level Q)."""
    out = io.BytesIO()
    segno.make(address, error="q", micro=False).save(
        out, kind="svg", border=_QUIET, xmldecl=False, light="#ffffff", unit="", scale=4
    )
    return out.getvalue().decode()


def framed(page: PageImage) -> str:
    """Return the page's image within an SVG. The renderer keeps its bytes as they are, and fits it."""
    data = base64.b64encode(page.content).decode()
    width, height = _size(page)
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}">'
        f'<image width="{width}" height="{height}" href="data:{page.media_type};base64,{data}"/></svg>'
    )


def _size(page: PageImage) -> tuple[int, int]:
    with Image.open(io.BytesIO(page.content)) as image:
        return image.size
