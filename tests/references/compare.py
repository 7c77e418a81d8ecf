"""Whether two pictures of a screen show the same. Anti-aliasing may differ; a button moved by 8 px may not.

Pictures are compared tile by tile, after a slight blur: a share of the whole would lose a button in the page.
A tile differs when too many of its pixels do (something moved), or when its mean colour does (a tint changed).
"""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

from PIL import Image, ImageChops, ImageColor, ImageFilter

from pages.shell import design

TILE = 64  # pixels
BLUR = 1.5  # pixels
PIXEL = 40  # of 255, on the channel that differs most
SHARE = 0.04  # of the pixels of a tile
MEAN = 4  # of 255
COLOURS = 256

Colour = tuple[int, int, int]
_TOKENS: dict[str, Colour] = {
    name: ImageColor.getrgb(token)[:3] for name, token in design.TOKENS.items() if token.startswith("#")
}
# The edges of letters, between their colour and that of their ground.
_EDGES: list[Colour] = [
    tuple(round(a + (b - a) * part) for a, b in zip(_TOKENS[ink], _TOKENS[ground], strict=True))  # type: ignore[misc]
    for ink, ground in design.PAIRS
    for part in (0.25, 0.5, 0.75)
]


def read(png: bytes) -> Image.Image:
    """Return a picture in plain colours."""
    return Image.open(BytesIO(png)).convert("RGB")


def differing(expected: Image.Image, actual: Image.Image) -> list[tuple[int, int]]:
    """Return the tiles that differ, by column and row; every tile of two pictures of unlike sizes."""
    if expected.size != actual.size:
        return [(x, y) for x in range(-(-actual.width // TILE)) for y in range(-(-actual.height // TILE))]
    expected, actual = _whole_tiles(expected), _whole_tiles(actual)
    blur = ImageFilter.GaussianBlur(BLUR)
    apart = _strongest(ImageChops.difference(expected.filter(blur), actual.filter(blur)))
    moved = apart.point([255 * (level > PIXEL) for level in range(256)]).reduce(TILE)
    tinted = _strongest(ImageChops.difference(expected.reduce(TILE), actual.reduce(TILE)))
    return [
        (x, y)
        for x in range(moved.width)
        for y in range(moved.height)
        if _level(moved, x, y) > 255 * SHARE or _level(tinted, x, y) > MEAN
    ]


def marked(actual: Image.Image, tiles: list[tuple[int, int]]) -> Image.Image:
    """Return the picture with the tiles that differ in relief."""
    shown = actual.point([level // 2 for level in range(256)] * 3)
    for x, y in tiles:
        box = (x * TILE, y * TILE, min((x + 1) * TILE, actual.width), min((y + 1) * TILE, actual.height))
        shown.paste(actual.crop(box), box)
    return shown


def keep(picture: Image.Image, path: Path) -> None:
    """Write a picture small: the tokens and the colours it has most of, exactly; for the others the nearest.

    (Pillow's own ``quantize`` rounds: white would no longer be white, and red might be brown.)
    """
    counted = picture.getcolors(picture.width * picture.height) or []
    found: list[Colour] = [colour for _, colour in sorted(counted, key=lambda one: one[0], reverse=True)]  # type: ignore[misc]
    most = list(dict.fromkeys([*_TOKENS.values(), *_EDGES, *found]))[:COLOURS]
    place = {colour: number for number, colour in enumerate(most)}
    for colour in found:
        if colour in place:
            continue
        place[colour] = min(range(len(most)), key=lambda number: _apart(most[number], colour))
    raw = picture.tobytes()
    few = Image.frombytes(
        "P", picture.size, bytes(map(place.__getitem__, zip(raw[::3], raw[1::3], raw[2::3], strict=True)))
    )
    few.putpalette([level for colour in most for level in colour])
    few.save(path, optimize=True)


def _apart(one: Colour, other: Colour) -> int:
    return sum((a - b) ** 2 for a, b in zip(one, other, strict=True))


def _whole_tiles(picture: Image.Image) -> Image.Image:
    """Fill the tiles of the right and bottom edges, so that a few pixels do not count as a whole tile."""
    return picture.crop((0, 0, -(-picture.width // TILE) * TILE, -(-picture.height // TILE) * TILE))


def _strongest(picture: Image.Image) -> Image.Image:
    red, green, blue = picture.split()
    return ImageChops.lighter(ImageChops.lighter(red, green), blue)


def _level(picture: Image.Image, x: int, y: int) -> float:
    found = picture.getpixel((x, y))
    assert isinstance(found, int | float)
    return found
