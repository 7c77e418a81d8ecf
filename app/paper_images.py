"""Photographs and scans of a signed page: read safely, without what they say of where and by what they were
taken, straightened, and written again as the pixels they show. Pure: no database, no settings.

What is kept is always a new JPEG made of pixels: no EXIF, GPS, XMP, ICC or comment, nothing hidden behind the
picture, and the same file gives the same bytes.
"""

from __future__ import annotations

import hashlib
import io
import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

import pillow_heif
from PIL import Image, ImageCms, ImageOps, UnidentifiedImageError

from app import paper_scans
from app.errors import Invalid
from app.paper_corners import WHOLE, Corners, guess, read_corners

log = logging.getLogger(__name__)
pillow_heif.register_heif_opener(thumbnails=False)

MAX_PIXELS = 50_000_000  # a telephone's largest photograph has 48 million
MAX_PAGES = 10
IMAGE, PDF = "image/jpeg", "application/pdf"
UNREADABLE = "Cette image n’a pas pu être lue. Photographiez la page à nouveau, ou choisissez un autre fichier."
TOO_LARGE = (
    "Cette image a trop de points : 50 millions au plus. "
    "Photographiez la page avec cet appareil, ou réduisez-la."
)
WRONG_KIND = (
    "Ce fichier n’est ni une image ni un PDF. Choisissez un fichier JPEG, PNG, WebP, TIFF, HEIC ou PDF."
)

_FORMATS = ("JPEG", "PNG", "WEBP", "TIFF", "HEIF")
_SOURCE = 2400  # pixels of the long side: the whole picture, until the page has been read once more
_KEPT = 2000  # of what is kept: 170 points an inch on A4
_A4 = 2**0.5
_NEARLY_A4 = 0.25
# One picture at a time in a process: a large one takes 150 MB while it is read, and a PDF a process of its own.
_one = threading.Lock()


@dataclass(frozen=True)
class Prepared:
    """A page ready to be kept. ``received`` is the SHA-256 of the file it came in and its place in it;
    ``source`` the whole picture from which it was cut, none for a PDF that is kept as one file."""

    received: str
    media_type: str
    content: bytes
    source: bytes | None
    corners: Corners = WHOLE

    @property
    def sha256(self) -> str:
        """The SHA-256 of what is kept."""
        return hashlib.sha256(self.content).hexdigest()


def prepare(content: bytes, *, keep_pdf: bool = False) -> tuple[Prepared, ...]:
    """Return the pages of a file: a picture is one, its corners guessed; a PDF is drawn page by page.

    ``keep_pdf``: a PDF is kept as one file, once it is known to hold nothing that acts, and without what it
    says of its making. What cannot be read, is no picture, or is too large is ``Invalid`` (``file``).
    """
    received = hashlib.sha256(content).hexdigest()
    with _one:
        if content.startswith(b"%PDF-"):
            if keep_pdf:
                return (Prepared(f"{received}:0", PDF, paper_scans.keep(content, MAX_PAGES), None),)
            drawn = paper_scans.draw(content, MAX_PAGES, _SOURCE)
        else:
            drawn = [_opened(content)]
        return tuple(_page(_clean(one, _SOURCE), f"{received}:{n}") for n, one in enumerate(drawn))


def straighten(source: bytes, corners: object, turns: object, *, contrast: bool = False) -> bytes:
    """Return the page that these corners hold, flat and upright, as JPEG.

    ``corners`` are checked as ``app.paper_corners.read_corners`` says; ``turns`` are quarter turns clockwise,
    0 to 3; ``contrast`` makes it grey, its paper white and its ink dark.
    """
    around = read_corners(corners)
    if isinstance(turns, bool) or not isinstance(turns, int) or not 0 <= turns <= 3:
        raise Invalid(turns="Une page se tourne d’un quart de tour à la fois.")
    with _one, _reading():
        picture = Image.open(io.BytesIO(source), formats=("JPEG",))
        picture.load()
        return _cut(picture, around, turns, contrast=contrast)


def _page(picture: Image.Image, received: str) -> Prepared:
    corners = guess(picture) or WHOLE
    source = _jpeg(picture)
    # From the bytes that are kept, so that the same corners give the same page later.
    again = Image.open(io.BytesIO(source))
    return Prepared(received, IMAGE, _cut(again, corners, 0, contrast=False), source, corners)


@contextmanager
def _reading() -> Iterator[None]:
    """Say in words that a picture cannot be read: a decoder given a hostile file may raise anything."""
    try:
        yield
    except Invalid:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning):
        raise Invalid(file=TOO_LARGE) from None
    except Exception as error:
        log.info("a picture could not be read: %s", type(error).__name__)
        raise Invalid(file=UNREADABLE) from None


def _opened(content: bytes) -> Image.Image:
    """Return the first picture of a file, in the colours and the position in which it is meant to be seen."""
    with _reading():
        try:
            picture = Image.open(io.BytesIO(content), formats=_FORMATS)
        except UnidentifiedImageError:
            raise Invalid(file=WRONG_KIND) from None
        width, height = picture.size
        if width * height > MAX_PIXELS:  # before a single point of it is read
            raise Invalid(file=TOO_LARGE)
        if min(width, height) < 16:
            raise Invalid(file=UNREADABLE)
        picture.draft("RGB", (_SOURCE, _SOURCE))  # a JPEG is read no larger than needed
        picture.load()
        return _in_srgb(ImageOps.exif_transpose(picture))


def _in_srgb(picture: Image.Image) -> Image.Image:
    """Return the colours as a screen shows them without a profile; one that cannot be read is left out."""
    profile = picture.info.get("icc_profile")
    if profile and picture.mode in ("RGB", "CMYK"):
        try:
            its_own = ImageCms.ImageCmsProfile(io.BytesIO(profile))
            ours = ImageCms.createProfile("sRGB")
            return ImageCms.profileToProfile(picture, its_own, ours, outputMode="RGB") or picture
        except (ImageCms.PyCMSError, OSError, ValueError):
            return picture
    return picture


def _clean(picture: Image.Image, longest: int) -> Image.Image:
    """Return only the points of a picture, on white, its long side within ``longest`` pixels."""
    with _reading():
        if picture.has_transparency_data:
            picture = picture.convert("RGBA")
            white = Image.new("RGB", picture.size, "white")
            white.paste(picture, mask=picture.getchannel("A"))
            picture = white
        elif picture.mode.startswith("I;16"):
            picture = picture.point(lambda grey: grey / 256).convert("L")
        picture = picture.convert("RGB")
        picture.thumbnail((longest, longest))
        fresh = Image.new("RGB", picture.size)
        fresh.paste(picture)  # its points, and nothing of what came with them
        return fresh


def _cut(picture: Image.Image, corners: Corners, turns: int, *, contrast: bool) -> bytes:
    if corners != WHOLE:
        picture = _flat(picture, corners)
    if turns:
        quarter = (Image.Transpose.ROTATE_270, Image.Transpose.ROTATE_180, Image.Transpose.ROTATE_90)
        picture = picture.transpose(quarter[turns - 1])
    picture.thumbnail((_KEPT, _KEPT))
    if contrast:
        picture = ImageOps.autocontrast(picture.convert("L"), cutoff=(1, 15)).convert("RGB")
    return _jpeg(picture)


def _flat(picture: Image.Image, corners: Corners) -> Image.Image:
    """Return what stands between the corners as a rectangle: A4 if it is nearly so, lying or standing."""
    width, height = picture.size
    a, b, c, d = ((x * width, y * height) for x, y in corners)
    across, down = max(_far(a, b), _far(d, c)), max(_far(a, d), _far(b, c))
    longest, ratio = max(across, down), max(across, down) / max(1.0, min(across, down))
    if abs(ratio - _A4) / _A4 < _NEARLY_A4:
        ratio = _A4
    long = min(_KEPT, max(16, round(longest)))
    short = max(16, round(long / ratio))
    size = (long, short) if across > down else (short, long)
    return picture.transform(
        size, Image.Transform.PERSPECTIVE, _perspective(size, (a, b, c, d)), Image.Resampling.BICUBIC
    )


def _far(a: tuple[float, float], b: tuple[float, float]) -> float:
    return float(((a[0] - b[0]) ** 2 + (a[1] - b[1]) ** 2) ** 0.5)


def _perspective(size: tuple[int, int], corners: Corners) -> tuple[float, ...]:
    """Return what leads from each point of a rectangle of this size to its point between the corners.

    Heckbert, «Fundamentals of Texture Mapping and Image Warping» (1989), 2.2.3: from the unit square.
    """
    (x0, y0), (x1, y1), (x2, y2), (x3, y3) = corners
    dx1, dx2, sx = x1 - x2, x3 - x2, x0 - x1 + x2 - x3
    dy1, dy2, sy = y1 - y2, y3 - y2, y0 - y1 + y2 - y3
    whole = dx1 * dy2 - dx2 * dy1
    g, h = (sx * dy2 - dx2 * sy) / whole, (dx1 * sy - sx * dy1) / whole
    a, b = x1 - x0 + g * x1, x3 - x0 + h * x3
    d, e = y1 - y0 + g * y1, y3 - y0 + h * y3
    across, down = size
    return (a / across, b / down, x0, d / across, e / down, y0, g / across, h / down)


def _jpeg(picture: Image.Image) -> bytes:
    written = io.BytesIO()
    picture.convert("RGB").save(written, "JPEG", quality=80, progressive=False, comment=b"")
    return written.getvalue()
