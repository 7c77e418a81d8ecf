"""Photographs of a signed page: read safely, bare of what they say, and straightened."""

from __future__ import annotations

import io
import math
import struct
import zlib
from typing import Any

import pytest
import zxingcpp
from PIL import Image, ImageCms

from app import paper_images
from app.errors import Invalid
from app.paper_corners import WHOLE, Corners, guess, read_corners
from app.paper_images import MAX_PAGES, Prepared, prepare, straighten
from tests.app.papers import CODE, SEEN, acting_pdf, exif, pdf_of, photograph, saved, sheet


def one(content: bytes) -> Prepared:
    (page,) = prepare(content)
    return page


def opened(content: bytes | None) -> Image.Image:
    assert content is not None
    picture = Image.open(io.BytesIO(content))
    picture.load()
    return picture


def bare(content: bytes) -> None:
    """A JPEG of points only: no segment in it but those that the points need."""
    at, names = 2, set()
    while content[at + 1] != 0xDA:
        names.add(content[at + 1])
        at += 2 + struct.unpack(">H", content[at + 2 : at + 4])[0]
    assert names <= {0xE0, 0xDB, 0xC0, 0xC4}, names  # JFIF, tables, baseline
    assert content.endswith(b"\xff\xd9")
    assert not opened(content).getexif()


KINDS = ("jpeg", "png", "webp", "tiff", "heif")


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_comes_out_bare_and_the_same_each_time(kind: str) -> None:
    how: dict[str, Any] = {"exif": exif()} | ({"comment": b"Guise"} if kind == "jpeg" else {})
    content = saved(photograph(size=(300, 400)), kind, **how)
    assert b"Modele secret" in content
    page = one(content)
    for kept in (page.content, page.source or b""):
        bare(kept)
        assert b"Modele" not in kept
    assert page == one(content)
    assert page.media_type == "image/jpeg"
    assert max(opened(page.content).size) <= 2000


@pytest.mark.parametrize("kind", ["jpeg", "heif", "png"])
@pytest.mark.parametrize("orientation", [3, 6, 8])
def test_it_is_held_as_it_was_seen(kind: str, orientation: int) -> None:
    back = {3: Image.Transpose.ROTATE_180, 6: Image.Transpose.ROTATE_90, 8: Image.Transpose.ROTATE_270}
    upright = Image.new("RGB", (300, 200), "black")
    upright.paste("red", (0, 0, 150, 100))
    held = upright.transpose(back[orientation])
    how = {"quality": 95} if kind == "jpeg" else {}
    seen = opened(one(saved(held, kind, exif=exif(orientation), **how)).source)
    assert seen.size == (300, 200)
    red, *black = (seen.getpixel(at) for at in ((40, 30), (260, 30), (40, 170), (260, 170)))
    assert red[0] > 200, red  # type: ignore[index]
    assert all(max(point) < 60 for point in black), black  # type: ignore[arg-type]


def test_the_corners_are_guessed_and_the_page_is_straightened() -> None:
    page = one(saved(photograph(), "jpeg", quality=90))
    for found, wanted in zip(page.corners, SEEN, strict=True):
        assert math.dist(found, wanted) < 0.02, (page.corners, SEEN)
    flat = opened(page.content)
    assert abs(flat.height / flat.width - 2**0.5) < 0.01
    (read,) = zxingcpp.read_barcodes(flat)
    assert read.text == CODE
    # The code stands where it was printed: at (600, 60) of 840 by 1188, and its white edge is 24 wide.
    where = read.position.top_left
    assert abs(where.x / flat.width - 624 / 840) < 0.02
    assert abs(where.y / flat.height - 84 / 1188) < 0.02


def test_corners_by_hand_and_turns() -> None:
    source = one(saved(photograph(), "jpeg", quality=90)).source
    assert source is not None
    flat = [opened(straighten(source, SEEN, turns)) for turns in range(4)]
    assert [picture.width < picture.height for picture in flat] == [True, False, True, False]
    places = []
    for picture in flat:
        (read,) = zxingcpp.read_barcodes(picture)
        center = [read.position.top_left.x + read.position.bottom_right.x, 0]
        center[1] = read.position.top_left.y + read.position.bottom_right.y
        places.append((center[0] / 2 > picture.width / 2, center[1] / 2 > picture.height / 2))
    # Top right, then clockwise: bottom right, bottom left, top left.
    assert places == [(True, False), (True, True), (False, True), (False, False)]
    assert straighten(source, WHOLE, 0) == straighten(source, [list(one) for one in WHOLE], 0)
    assert opened(straighten(source, WHOLE, 0)).size == (1500, 2000)


def test_contrast_makes_paper_white_and_ink_dark() -> None:
    grey = sheet().point(lambda value: 110 + value // 4)
    (page,) = prepare(saved(grey, "png"))
    assert page.source is not None
    low, high = opened(straighten(page.source, WHOLE, 0, contrast=True)).convert("L").getextrema()
    assert (low < 20, high > 240) == (True, True)  # type: ignore[operator]


@pytest.mark.parametrize(
    "given",
    [
        None, "abcd", [], [[0, 0]] * 3, [[0, 0]] * 4, [[0, 0], [1, 0], [1, 1]], [[0, 0], [1, 0], [1, 1], "xy"],
        [[0, 0], [1, 0], [1, 1], [0, float("nan")]], [[0, 0], [1, 0], [1, 1], [0, float("inf")]],
        [[0, 0], [1, 0], [1, 1.01], [0, 1]], [[-0.1, 0], [1, 0], [1, 1], [0, 1]],
        [[0, 0], [1, 0], [1, 1], [0, True]], [[0, 0], [1, 0], [1, 1], ["0", "1"]],
        [[0, 0], [0, 1], [1, 1], [1, 0]],  # the other way round: a page in a mirror
        [[0, 0], [1, 1], [1, 0], [0, 1]],  # crossed
        [[0, 0], [1, 0], [0.3, 0.3], [0, 1]],  # hollow
        [[0, 0], [0.5, 0], [1, 0], [0, 1]],  # three in a line
        [[0.5, 0.5], [0.6, 0.5], [0.6, 0.6], [0.5, 0.6]],  # too small
    ],
)  # fmt: skip
def test_corners_that_are_no_page(given: object) -> None:
    with pytest.raises(Invalid) as refused:
        read_corners(given)
    assert list(refused.value.fields) == ["corners"]


@pytest.mark.parametrize("turns", [None, -1, 4, 1.5, True, "1"])
def test_turns_that_are_none(turns: object) -> None:
    source = saved(sheet(), "jpeg")
    with pytest.raises(Invalid) as refused:
        straighten(source, WHOLE, turns)
    assert list(refused.value.fields) == ["turns"]


def test_nothing_is_guessed_where_no_page_is_seen() -> None:
    assert guess(sheet()) is None  # it fills the picture
    assert guess(Image.new("RGB", (800, 600), "#808080")) is None
    assert guess(Image.effect_noise((400, 300), 80)) is None
    ball: Corners = ((0.1, 0.1), (0.15, 0.1), (0.15, 0.15), (0.1, 0.15))
    assert guess(photograph(corners=ball)) is None


def png(width: int, height: int, rows: bytes = b"") -> bytes:
    """A PNG of whatever size, its points as short as they can be written."""

    def chunk(name: bytes, body: bytes) -> bytes:
        return struct.pack(">I", len(body)) + name + body + struct.pack(">I", zlib.crc32(name + body))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize(("width", "height"), [(10_000, 5_001), (30_000, 30_000), (2**31 - 1, 2**31 - 1)])
def test_a_picture_of_too_many_points_is_not_read(
    width: int, height: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Image.Image, "load", lambda *_: pytest.fail("its points were read"))
    with pytest.raises(Invalid, match="50\u00a0millions") as refused:
        prepare(png(width, height))
    assert list(refused.value.fields) == ["file"]


def test_a_text_that_unfolds_is_not_read() -> None:
    bomb = zlib.compress(bytes(200 * 1024 * 1024))
    body = b"Comment\0\0" + bomb
    chunk = struct.pack(">I", len(body)) + b"zTXt" + body + struct.pack(">I", zlib.crc32(b"zTXt" + body))
    good = saved(sheet(), "png")
    with pytest.raises(Invalid):
        prepare(good[:33] + chunk + good[33:])


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_a_file_cut_short(kind: str, part: float) -> None:
    content = saved(photograph(size=(300, 400)), kind)
    with pytest.raises(Invalid) as refused:
        one(content[: int(len(content) * part)])
    assert list(refused.value.fields) == ["file"]


@pytest.mark.parametrize(
    "content",
    [
        b"", b"MZ\x90\0" + bytes(3000), b"<svg xmlns='http://www.w3.org/2000/svg'/>", b"GIF89a" + bytes(99),
        b"\xff\xd8\xff\xe0" + bytes(500), b"\x89PNG\r\n\x1a\n" + bytes(500), b"II*\0" + b"\xff" * 500,
        b"\0\0\0\x18ftypheic" + bytes(500), b"RIFF\x10\0\0\0WEBPVP8 " + bytes(50), b"%PDF-1.7\n%%EOF",
        b"%!PS-Adobe-3.0 EPSF-3.0\n%%BoundingBox: 0 0 99 99\n", b"%PDF-1.7\n" + bytes(500),
    ],
)  # fmt: skip
def test_what_is_no_picture(content: bytes) -> None:
    with pytest.raises(Invalid) as refused:
        prepare(content)
    assert list(refused.value.fields) == ["file"]


def test_what_is_hidden_behind_a_picture_is_not_kept() -> None:
    page = one(saved(sheet(), "jpeg") + b"PK\x03\x04<script>alert(1)</script>")
    bare(page.content)
    assert b"script" not in page.content


def test_colours_with_a_profile_and_what_shines_through() -> None:
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    seen = opened(one(saved(Image.new("RGB", (99, 99), "#cc2200"), "png", icc_profile=profile)).content)
    assert all(abs(a - b) < 6 for a, b in zip(seen.getpixel((50, 50)), (0xCC, 0x22, 0), strict=True))  # type: ignore[arg-type]
    for broken in (b"x", profile[:200]):
        one(saved(Image.new("RGB", (99, 99)), "png", icc_profile=broken))
    for mode in ("1", "L", "LA", "P", "RGBA", "I;16"):
        kept = opened(one(saved(Image.new(mode, (99, 99)), "png")).content)
        clear = mode in ("LA", "RGBA")
        assert (kept.mode, kept.getpixel((9, 9))) == ("RGB", (255,) * 3 if clear else (0,) * 3), mode
    one(saved(Image.new("CMYK", (99, 99)), "jpeg"))


def test_a_scan_is_drawn_page_by_page_or_kept_as_it_is() -> None:
    content = pdf_of(sheet("PAGE-1"), sheet("PAGE-2"))
    pages = prepare(content)
    read = [zxingcpp.read_barcodes(opened(page.content))[0].text for page in pages]
    assert read == ["PAGE-1", "PAGE-2"]
    for page in pages:
        bare(page.content)
    assert len({page.received for page in pages}) == 2
    (kept,) = prepare(content, keep_pdf=True)
    assert (kept.content, kept.media_type, kept.source) == (content, "application/pdf", None)


@pytest.mark.parametrize("kind", ["script", "launch", "deep", "file", "locked", "password"])
def test_a_pdf_that_acts_or_is_locked(kind: str) -> None:
    for keep in (True, False):
        with pytest.raises(Invalid) as refused:
            prepare(acting_pdf(kind), keep_pdf=keep)
        assert ("protégé" in refused.value.sentence) == (kind in ("locked", "password"))
    assert prepare(acting_pdf(""), keep_pdf=True)


def test_a_pdf_of_too_many_pages_or_with_more_behind_it() -> None:
    blank = Image.new("L", (200, 283), "white")
    with pytest.raises(Invalid, match="de 1 à 10"):
        prepare(pdf_of(*[blank] * (MAX_PAGES + 1)))
    whole = pdf_of(blank)
    for other in (whole + b"<script>" * 500, whole[:-300], whole[: len(whole) // 2]):
        with pytest.raises(Invalid):
            prepare(other, keep_pdf=True)


def test_a_large_photograph_is_made_smaller() -> None:
    page = one(saved(Image.new("RGB", (4800, 3200), "white"), "jpeg"))
    assert (opened(page.source).size, opened(page.content).size) == ((2400, 1600), (2000, 1333))
    assert paper_images.MAX_PIXELS < Image.MAX_IMAGE_PIXELS  # type: ignore[operator]
