"""A PDF that somebody hands over: refused when it holds anything that acts, drawn as pictures when asked.

Called by one thread at a time (``app.paper_images``): PDFium knows no threads.
"""

from __future__ import annotations

import io
import logging

import pikepdf
import pypdfium2
from PIL import Image

from app.errors import Invalid

log = logging.getLogger(__name__)

LOCKED = "Ce PDF est protégé par un mot de passe. Enregistrez-le sans protection, puis choisissez-le à nouveau."
ACTIVE = (
    "Ce PDF contient des actions automatiques ou des fichiers joints. "
    "Imprimez-le, puis numérisez ou photographiez ses pages."
)
UNREADABLE = "Ce PDF n’a pas pu être lu. Numérisez les pages à nouveau, ou photographiez-les."

_MOST_OBJECTS = 20_000  # a scan of ten pages has some hundred
_DEEPEST = 40
# What does something by itself or carries another file (ISO 32000-2, 12.6 and 7.11).
_KEYS = frozenset({"/JS", "/JavaScript", "/EmbeddedFiles", "/EF", "/XFA", "/RichMedia"})
_ACTIONS = frozenset(
    {"/JavaScript", "/Launch", "/ImportData", "/SubmitForm", "/Rendition", "/RichMediaExecute", "/GoToE"}
)


def check(content: bytes, most_pages: int) -> None:
    """Refuse a PDF that is locked, cannot be read, has too many pages or none, acts or carries other files, or
    is something else as well (it must begin and end as a PDF)."""
    if not content.startswith(b"%PDF-") or b"%%EOF" not in content[-1024:]:
        raise Invalid(file=UNREADABLE)
    try:
        with pikepdf.open(io.BytesIO(content)) as pdf:
            if pdf.is_encrypted:
                raise Invalid(file=LOCKED)
            pages = len(pdf.pages)
            objects = pdf.objects
            if len(objects) > _MOST_OBJECTS:
                raise Invalid(file=UNREADABLE)
            if any(_acts(one, 0) for one in objects):
                raise Invalid(file=ACTIVE)
    except pikepdf.PasswordError:
        raise Invalid(file=LOCKED) from None
    except Invalid:
        raise
    except Exception as error:
        log.info("a PDF could not be read: %s", type(error).__name__)
        raise Invalid(file=UNREADABLE) from None
    if not 1 <= pages <= most_pages:
        raise Invalid(file=f"Un PDF a ici de 1 à {most_pages} pages. Choisissez les pages signées seulement.")


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


def draw(content: bytes, longest: int) -> list[Image.Image]:
    """Return the pages of a checked PDF as pictures, their long side of ``longest`` pixels."""
    try:
        pdf = pypdfium2.PdfDocument(content)
        try:
            return [_drawn(page, longest) for page in pdf]
        finally:
            pdf.close()
    except Exception as error:
        log.info("a PDF could not be drawn: %s", type(error).__name__)
        raise Invalid(file=UNREADABLE) from None


def _drawn(page: pypdfium2.PdfPage, longest: int) -> Image.Image:
    width, height = page.get_size()
    long, short = max(width, height), min(width, height)
    if not 1 <= short <= long or long / short > 20:
        raise ValueError("no size of a page")
    bitmap = page.render(scale=longest / long, draw_annots=True)
    picture: Image.Image = bitmap.to_pil().convert("RGB")
    return picture
