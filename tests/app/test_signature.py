"""A drawn signature: whatever a browser sends, only whole numbers within the box come through."""

from __future__ import annotations

import json
import math
import xml.etree.ElementTree as ET
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import Invalid
from app.signature import MAX_POINTS, MAX_SIDE, MAX_STROKES, read_drawing

LINE = [[10, 10, 0], [60, 80, 20], [120, 40, 45]]


def drawing(**changes: Any) -> dict[str, Any]:
    return {"width": 800, "height": 300, "strokes": [LINE], **changes}


def test_a_signature_is_kept_as_drawn() -> None:
    drawn = read_drawing(drawing(strokes=[LINE, [[200, 100, 90]]]))
    assert drawn.as_json() == {"width": 800, "height": 300, "strokes": [LINE, [[200, 100, 90]]]}


def test_the_image_is_made_of_the_strokes_and_of_nothing_else() -> None:
    image = ET.fromstring(read_drawing(drawing(strokes=[LINE, [[200, 100, 90]]])).svg())
    assert image.get("viewBox") == "0 0 800 300"
    assert [path.get("d") for path in image] == ["M10 10L60 80L120 40", "M200 100L200 100"]
    assert {element.tag.partition("}")[2] for element in image.iter()} == {"svg", "path"}


@pytest.mark.parametrize(
    "value",
    [
        None,
        "",
        "M0 0",
        3,
        [],
        [LINE],
        {},
        {"strokes": [LINE]},
        {"width": 800, "height": 300},
        b"x",
        True,
        math.nan,
    ],
)
def test_what_is_no_drawing_is_refused(value: object) -> None:
    with pytest.raises(Invalid) as refusal:
        read_drawing(value)
    assert refusal.value.fields["signature"].startswith("La signature n’a pas pu être lue")


@pytest.mark.parametrize("side", ["width", "height"])
@pytest.mark.parametrize(
    "value", [0, -1, 0.4, MAX_SIDE + 1, 10**400, math.nan, math.inf, -math.inf, "800", None, True, [800], {}]
)
def test_a_box_that_is_none_is_refused(side: str, value: object) -> None:
    with pytest.raises(Invalid):
        read_drawing(drawing(**{side: value}))


@pytest.mark.parametrize(
    "strokes",
    [
        "x", {}, {"0": LINE}, None, 5, [None], ["M0 0"], [5], [{}], [[]], [LINE, []], [[[1, 2]]],
        [[[1, 2, 3, 4]]], [[["1", 2, 3]]], [[[1, None, 3]]], [[[math.nan, 1, 1]]],
        [[[1, math.inf, 1]]], [[[1, 1, -math.inf]]],
        [[[True, 1, 1]]], [[[10**400, 1, 1]]], [[[1e300, 1, 1]]], [[[[], 1, 1]]], [[{"x": 1, "y": 1, "t": 1}]],
    ],
)  # fmt: skip
def test_strokes_that_are_none_are_refused(strokes: object) -> None:
    with pytest.raises(Invalid):
        read_drawing(drawing(strokes=strokes))


def test_nothing_drawn_says_what_to_do() -> None:
    with pytest.raises(Invalid, match="Signez d’abord dans le cadre"):
        read_drawing(drawing(strokes=[]))


@pytest.mark.parametrize("strokes", [[[[5, 5, 0]]], [[[5, 5, 0], [14, 14, 9]]], [[[5, 5, 0]], [[15, 14, 9]]]])
def test_a_dot_is_no_signature(strokes: object) -> None:
    with pytest.raises(Invalid, match="trop petite"):
        read_drawing(drawing(strokes=strokes))


def test_a_small_one_is() -> None:
    assert read_drawing(drawing(strokes=[[[5, 5, 0], [15, 15, 9]]])).strokes


def test_too_much_is_refused() -> None:
    longest = [[x % 800, 10, x] for x in range(MAX_POINTS)]
    assert read_drawing(drawing(strokes=[longest]))
    assert read_drawing(drawing(strokes=[LINE] * MAX_STROKES))
    for strokes in ([*longest, [1, 1, 1]],), (longest, [[1, 1, 1]]), tuple([LINE] * (MAX_STROKES + 1)):
        with pytest.raises(Invalid):
            read_drawing(drawing(strokes=list(strokes)))


def test_what_leaves_the_box_stays_at_its_edge() -> None:
    drawn = read_drawing(drawing(strokes=[[[-50, 10.9, -3], [900, 5_000, 12.7]]]))
    assert drawn.strokes == (((0, 10, 0), (800, 300, 12)),)


NUMBERS = st.one_of(st.integers(), st.floats(), st.integers(-10, 900))
JSON = st.recursive(
    st.one_of(st.none(), st.booleans(), NUMBERS, st.text(max_size=5)),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=20,
)
NEARLY = st.fixed_dictionaries(
    {
        "width": st.one_of(st.integers(1, 4_000), JSON),
        "height": st.one_of(st.integers(1, 4_000), JSON),
        "strokes": st.lists(st.lists(st.lists(NUMBERS, min_size=2, max_size=4), max_size=5), max_size=5),
    }
)


@given(st.one_of(JSON, NEARLY))
def test_whatever_is_sent_is_read_or_refused(value: object) -> None:
    try:
        drawn = read_drawing(value)
    except Invalid:
        return
    assert 1 <= drawn.width <= MAX_SIDE
    assert 1 <= drawn.height <= MAX_SIDE
    for x, y, at in (point for stroke in drawn.strokes for point in stroke):
        assert 0 <= x <= drawn.width
        assert 0 <= y <= drawn.height
        assert at >= 0
    ET.fromstring(drawn.svg())
    assert read_drawing(json.loads(json.dumps(drawn.as_json()))) == drawn
