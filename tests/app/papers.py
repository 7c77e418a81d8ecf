"""Sheets of paper made by the tests: a page with a code in it, photographed askew, in every kind of file."""

from __future__ import annotations

import io
from typing import Any

import pikepdf
import pillow_heif
from PIL import Image, ImageDraw

from app.paper_corners import Corners

CODE = "MANDAT-4F7Q"


def code(words: str = CODE, scale: int = 12) -> Image.Image:
    """Return a QR code of these words."""
    import segno

    written = io.BytesIO()
    segno.make(words, error="m", micro=False).save(written, kind="png", scale=scale, border=4)
    return Image.open(written).convert("RGB")


def sheet(words: str = CODE) -> Image.Image:
    """Return an A4 page, 840 by 1188 pixels: lines of text, and a code at the top right (600, 60)."""
    page = Image.new("RGB", (840, 1188), "white")
    draw = ImageDraw.Draw(page)
    for line in range(30):
        draw.line((80, 420 + 22 * line, 700 - 40 * (line % 4), 420 + 22 * line), fill="#333333", width=5)
    page.paste(code(words, 6), (600, 60))
    return page


# Where the corners of the page are in the photograph, as fractions.
SEEN: Corners = ((0.16, 0.12), (0.80, 0.07), (0.90, 0.93), (0.08, 0.86))


def photograph(
    page: Image.Image | None = None, corners: Corners = SEEN, size: tuple[int, int] = (1500, 2000)
) -> Image.Image:
    """Return the page lying on a dark table, seen from an angle: its corners where they are asked for."""
    page = page or sheet()
    table = Image.new("RGB", size, "#3c3228")
    seen = [(x * size[0], y * size[1]) for x, y in corners]
    width, height = page.size
    flat = [(0.0, 0.0), (float(width), 0.0), (float(width), float(height)), (0.0, float(height))]
    leads = _solve(seen, flat)
    drawn = page.transform(size, Image.Transform.PERSPECTIVE, leads, Image.Resampling.BICUBIC)
    mask = Image.new("L", page.size, 255).transform(size, Image.Transform.PERSPECTIVE, leads)
    table.paste(drawn, mask=mask)
    return table


def _solve(given: list[tuple[float, float]], wanted: list[tuple[float, float]]) -> tuple[float, ...]:
    """Return the perspective that leads from four points to four others: eight equations, by elimination.
    Another way than the service's, so that one checks the other."""
    rows: list[list[float]] = []
    for (x, y), (u, v) in zip(given, wanted, strict=True):
        rows.append([x, y, 1, 0, 0, 0, -u * x, -u * y, u])
        rows.append([0, 0, 0, x, y, 1, -v * x, -v * y, v])
    for column in range(8):
        best = max(range(column, 8), key=lambda row: abs(rows[row][column]))
        rows[column], rows[best] = rows[best], rows[column]
        rows[column] = [value / rows[column][column] for value in rows[column]]
        for row in range(8):
            if row != column:
                times = rows[row][column]
                rows[row] = [a - times * b for a, b in zip(rows[row], rows[column], strict=True)]
    return tuple(row[8] for row in rows)


def saved(picture: Image.Image, kind: str, **how: Any) -> bytes:
    """Return a picture as a file of this kind (``heif`` too)."""
    written = io.BytesIO()
    if kind == "heif":
        pillow_heif.from_pillow(picture).save(written, quality=90, **how)
    else:
        picture.save(written, kind, **how)
    return written.getvalue()


def exif(orientation: int = 1) -> bytes:
    """Return what a telephone says of a photograph: which one, when, where, and how it was held."""
    said = Image.Exif()
    said[0x010F], said[0x0110], said[0x0112] = "Fabricant", "Modele secret", orientation
    said[0x8825] = {1: "N", 2: (49.0, 54.0, 0.0), 3: "E", 4: (3.0, 37.0, 0.0)}
    return said.tobytes()


def pdf_of(*pages: Image.Image) -> bytes:
    """Return a scan of several pages."""
    written = io.BytesIO()
    pages[0].save(written, "PDF", save_all=True, append_images=pages[1:], resolution=100)
    return written.getvalue()


def acting_pdf(kind: str) -> bytes:
    """Return a PDF that holds something that acts, or another file."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of(sheet()))) as pdf:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS=pikepdf.String("app.alert(1)"))
        if kind == "script":
            pdf.Root.OpenAction = script
        elif kind == "launch":
            launch = pikepdf.Dictionary(S=pikepdf.Name.Launch, F=pikepdf.String("calc.exe"))
            pdf.pages[0].AA = pikepdf.Dictionary(O=launch)
        elif kind == "deep":
            pdf.Root.Names = pikepdf.Dictionary(Dests=pikepdf.Array([pikepdf.Dictionary(A=script)]))
        elif kind == "file":
            pdf.attachments["a.exe"] = pikepdf.AttachedFileSpec(pdf, b"MZ", filename="a.exe")
        if kind == "locked":
            pdf.save(written, encryption=pikepdf.Encryption(owner="x", user=""))
        elif kind == "password":
            pdf.save(written, encryption=pikepdf.Encryption(owner="x", user="y"))
        else:
            pdf.save(written, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    return written.getvalue()
