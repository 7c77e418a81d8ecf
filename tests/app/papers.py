"""Sheets of paper made by the tests: a page with a code in it, photographed askew, in every kind of file."""

from __future__ import annotations

import io
import zlib
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
    """Return a scan of several pages, which says nothing of its making."""
    written, undated = io.BytesIO(), {"creationDate": None, "modDate": None}
    pages[0].save(written, "PDF", save_all=True, append_images=pages[1:], resolution=100, **undated)
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


def inflating(start: bytes, mebibytes: int) -> bytes:
    """Return, compressed, these bytes and so many of zeros: the same block again and again, made at once."""
    zeros, deflate = bytes(1 << 20), zlib.compressobj(9)
    first = deflate.compress(start) + deflate.compress(zeros) + deflate.flush(zlib.Z_FULL_FLUSH)
    block = deflate.compress(zeros) + deflate.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, zlib.DEFLATED, -zlib.MAX_WBITS).flush()
    low, high = (part % 65521 for part in (zlib.adler32(start) & 0xFFFF, zlib.adler32(start) >> 16))
    checksum = ((high + (mebibytes << 20) * low) % 65521 << 16) | low
    return first + block * (mebibytes - 1) + end + checksum.to_bytes(4, "big")


def written_pdf(*objects: bytes, trailer: bytes = b"/Root 1 0 R") -> bytes:
    """Return a PDF of these objects, numbered from 1; the first is its catalog, whatever they hold."""
    written, places = b"%PDF-1.7\n", []
    for number, one in enumerate(objects, 1):
        places.append(len(written))
        written += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    lines = b"".join(b"%010d 00000 n \n" % place for place in places)
    table = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(objects) + 1, lines)
    end = b"trailer<</Size %d%s>>\nstartxref\n%d\n%%%%EOF\n" % (len(objects) + 1, trailer, len(written))
    return written + table + end


def stream(content: bytes, says: bytes = b"") -> bytes:
    """Return a stream for ``written_pdf``."""
    return b"<</Length %d%s>>stream\n%s\nendstream" % (len(content), says, content)


_CATALOG = (b"<</Type/Catalog/Pages 2 0 R>>", b"<</Type/Pages/Kids[3 0 R]/Count 1>>")


def page_of(resources: bytes, *objects: bytes) -> bytes:
    """Return a PDF of one page; its content is the first of ``objects``, number 4."""
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]/Contents 4 0 R/Resources<<%s>>>>" % resources
    return written_pdf(*_CATALOG, page, *objects)


def inflating_page(mebibytes: int) -> bytes:
    """Return a PDF of a few kilobytes whose page is drawn with so many mebibytes of content."""
    twice = b"/Filter[/FlateDecode/FlateDecode]"
    return page_of(b"", stream(zlib.compress(inflating(b"", mebibytes)), twice))


def inflating_objects(mebibytes: int) -> bytes:
    """Return a PDF whose list of objects inflates to so many mebibytes: opening it is enough."""
    catalog = b"<</Type/Catalog/Pages 2 0 R>>"
    held = stream(inflating(b"1 0 " + catalog, mebibytes), b"/Type/ObjStm/N 1/First 4/Filter/FlateDecode")
    page = b"<</Type/Page/Parent 2 0 R/MediaBox[0 0 595 842]>>"
    parts = {2: _CATALOG[1], 3: page, 4: held}
    written, places = b"%PDF-1.7\n", {}
    for number, one in parts.items():
        places[number] = len(written)
        written += b"%d 0 obj\n%s\nendobj\n" % (number, one)
    places[5] = len(written)
    rows = [(0, 0, 0), (2, 4, 0), *((1, places[number], 0) for number in (2, 3, 4, 5))]
    table = b"".join(bytes([kind]) + where.to_bytes(4, "big") + bytes([index]) for kind, where, index in rows)
    written += b"5 0 obj\n%s\nendobj\n" % stream(table, b"/Type/XRef/W[1 4 1]/Size 6/Root 1 0 R")
    return written + b"startxref\n%d\n%%%%EOF\n" % places[5]


def endless_page() -> bytes:
    """Return a PDF whose page shows a form ten times, which shows another ten times, and so on."""
    ten = b"/F Do " * 10
    forms = (
        stream(ten, b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Resources<</XObject<</F %d 0 R>>>>" % number)
        for number in range(6, 17)
    )
    last = stream(b"0 0 9 9 re f", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    return page_of(b"/XObject<</F 5 0 R>>", stream(ten), *forms, last)


def telling_pdf(*, is_signed: bool = False, opens: str = "/URI") -> bytes:
    """Return a scan that says by whom it was made, wherever a PDF can, and opens an address by itself
    (``opens``: its action); with ``is_signed``, as if it had been signed electronically."""
    written = io.BytesIO()
    with pikepdf.open(io.BytesIO(pdf_of(sheet()))) as pdf:
        with pdf.open_metadata() as metadata:
            metadata["dc:creator"] = ["Marie Secrete"]
        pdf.docinfo["/Author"] = "Marie Secrete"
        for holder in (pdf.Root, pdf.pages[0].obj, pdf.pages[0].obj.Resources.XObject["/image"]):
            holder.PieceInfo = pikepdf.Dictionary(Editor=pikepdf.Dictionary(Private=b"Marie Secrete"))
        pdf.pages[0].obj.Metadata = pdf.make_stream(b"<x>Marie Secrete</x>")
        address = pikepdf.Dictionary(S=pikepdf.Name(opens), URI=pikepdf.String("https://espion.example"))
        pdf.Root.OpenAction = pdf.make_indirect(address)
        note = pikepdf.Dictionary(Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.Link, Rect=[0, 0, 9, 9])
        if not is_signed:
            pdf.pages[0].obj.AA = pikepdf.Dictionary(O=address)
            note.AA = pikepdf.Dictionary(PO=address)
        else:
            pdf.Root.AcroForm = pikepdf.Dictionary(
                SigFlags=3,
                Fields=[pikepdf.Dictionary(FT=pikepdf.Name.Sig, V=pikepdf.Dictionary(ByteRange=[0] * 4))],
            )
        pdf.pages[0].obj.Annots = pikepdf.Array([note])
        pdf.save(written, compress_streams=False)
    return written.getvalue()
