"""The four corners of a page in a photograph: as a hand gives them, checked, and as they are guessed."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PIL import Image, ImageFilter

from app.errors import Invalid

Point = tuple[float, float]
Corners = tuple[Point, Point, Point, Point]

# Fractions of the picture's width and height; from the top left, clockwise as seen.
WHOLE: Corners = ((0.0, 0.0), (1.0, 0.0), (1.0, 1.0), (0.0, 1.0))
SMALLEST = 0.04  # of the picture's surface
MISPLACED = "Les quatre coins doivent entourer la page, sans se croiser. Replacez-les."

_SMALL = 128  # pixels of the copy in which a page is looked for
_CONTRAST = 40  # of 255: less between light and dark, and nothing stands out
_PAGE = 0.2  # of the picture's surface: less is no page that somebody photographed
_LIKE = (0.75, 1.08)  # how much of the four-sided shape is light: less is no page, more is rounder than one
_AT_EDGE = 0.02


def read_corners(given: object) -> Corners:
    """Return four corners as a browser sends them: pairs of numbers from 0 to 1, clockwise from the top left,
    around a convex shape that is large enough. Anything else is refused."""
    if not isinstance(given, list | tuple) or len(given) != 4:
        raise Invalid(corners=MISPLACED)
    a, b, c, d = (_point(one) for one in given)
    corners: Corners = (a, b, c, d)
    if any(_turn(corners[n - 2], corners[n - 1], corners[n]) <= 1e-6 for n in range(4)):
        raise Invalid(corners=MISPLACED)
    if surface(corners) < SMALLEST:
        raise Invalid(corners=MISPLACED)
    return corners


def _point(given: object) -> Point:
    if not isinstance(given, list | tuple) or len(given) != 2:
        raise Invalid(corners=MISPLACED)
    x, y = given
    if not all(isinstance(one, int | float) and not isinstance(one, bool) and 0 <= one <= 1 for one in (x, y)):
        raise Invalid(corners=MISPLACED)  # not a number is neither
    return float(x), float(y)


def _turn(a: Point, b: Point, c: Point) -> float:
    """Positive when one turns right at ``b``, on a screen."""
    return (b[0] - a[0]) * (c[1] - b[1]) - (b[1] - a[1]) * (c[0] - b[0])


def surface(corners: Sequence[Point]) -> float:
    """Return the surface inside (shoelace formula)."""
    around = zip(corners, [*corners[1:], corners[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in around)) / 2


def guess(picture: Image.Image) -> Corners | None:
    """Return the corners of the largest light shape that could be a page, or nothing.

    In a small copy: what is lighter than the threshold of Otsu (1979), its largest piece, the four points of it
    that lie furthest towards the corners. A page that fills the picture needs no cropping: nothing either.
    """
    small = picture.convert("L")
    small.thumbnail((_SMALL, _SMALL))
    small = small.filter(ImageFilter.GaussianBlur(1))
    width, height = small.size
    if min(width, height) < 8:
        return None
    threshold = _threshold(small.histogram())
    if threshold is None:
        return None
    points = _largest(bytearray(small.point(lambda grey: grey > threshold and 1).tobytes()), width)
    by_sum, by_difference = (lambda p: p[0] + p[1]), (lambda p: p[0] - p[1])
    (ax, ay), (cx, cy) = min(points, key=by_sum), max(points, key=by_sum)
    (dx, dy), (bx, by) = min(points, key=by_difference), max(points, key=by_difference)
    edges = ((ax, ay), (bx + 1, by), (cx + 1, cy + 1), (dx, dy + 1))
    found = tuple((x / width, y / height) for x, y in edges)
    covered = surface(found)
    if covered < _PAGE or not _LIKE[0] <= len(points) / (width * height) / covered <= _LIKE[1]:
        return None
    if all(math.dist(one, whole) < _AT_EDGE for one, whole in zip(found, WHOLE, strict=True)):
        return None
    try:
        return read_corners(found)
    except Invalid:
        return None


def _threshold(histogram: list[int]) -> int | None:
    """Return the grey that best parts light from dark, if they are far enough from each other."""
    total, everything = sum(histogram), sum(grey * count for grey, count in enumerate(histogram))
    below = weight = 0
    best, chosen, distance = -1.0, 0, 0.0
    for grey, count in enumerate(histogram):
        weight += count
        below += grey * count
        if weight == 0 or weight == total:
            continue
        apart = (everything - below) / (total - weight) - below / weight
        between = weight * (total - weight) * apart**2
        if between > best:
            best, chosen, distance = between, grey, apart
    return chosen if distance >= _CONTRAST else None


def _largest(light: bytearray, width: int) -> list[tuple[int, int]]:
    """Return the points of the largest piece of what is light (1), read line by line; it is used up."""
    largest: list[int] = []
    for start in range(len(light)):
        if not light[start]:
            continue
        light[start] = 0
        piece, waiting = [], [start]
        while waiting:
            here = waiting.pop()
            piece.append(here)
            column = here % width
            beside = (
                here - width,
                here + width,
                here - 1 if column else -1,
                here + 1 if column < width - 1 else -1,
            )
            for near in beside:
                if 0 <= near < len(light) and light[near]:
                    light[near] = 0
                    waiting.append(near)
        if len(piece) > len(largest):
            largest = piece
    return [(here % width, here // width) for here in largest]
