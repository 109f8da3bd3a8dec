from __future__ import annotations

import xml.etree.ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.inert import sound
from qa.plots import Line, Plot, Point, Tick, svg

TENTHS = [Tick(value / 10, f"{value / 10}") for value in range(11)]


def plot(text: str = "x", *lines: Line) -> Plot:
    return Plot("key", text, text, text, text, TENTHS, TENTHS, lines)


def drawn(of: Plot) -> ET.Element:
    return ET.fromstring(svg(of))  # noqa: S314 - what we have written


def places(of: ET.Element, kind: str) -> list[tuple[float, float]]:
    """Of the last line of that kind: what stands before it is the legend."""
    line = [one for one in of.iter("polyline") if kind in one.attrib["class"]][-1]
    return [(float(x), float(y)) for x, y in (pair.split(",") for pair in line.attrib["points"].split())]


def test_a_plot_is_an_image_with_a_title_and_a_description() -> None:
    found = drawn(Plot("key", "Title", "Words", "x", "y", TENTHS, TENTHS, []))
    assert found.attrib["role"] == "img"
    named = {one.attrib["id"]: one.text for one in found.iter() if "id" in one.attrib}
    assert named[found.attrib["aria-labelledby"]] == "Title"
    assert named[found.attrib["aria-describedby"]] == "Words"


@given(st.text())
def test_no_text_can_be_more_than_text(text: str) -> None:
    found = drawn(plot(text, Line(text, "now", [Point(0, 0)])))
    written = [one.text or "" for one in found.iter() if one.tag in {"title", "desc"}]
    assert written == [sound(text).replace("\r", "\n")] * 2
    assert {one.tag for one in found.iter()} == {"svg", "title", "desc", "text", "line", "polyline"}


def test_more_is_further_up_and_further_right() -> None:
    found = places(drawn(plot("x", Line("now", "now", [Point(0, 0), Point(0.5, 0.5), Point(1, 1)]))), "beleg-now")
    (left, bottom), (middle, half), (right, top) = found
    assert left < middle < right
    assert bottom > half > top
    assert middle == pytest.approx((left + right) / 2, abs=0.1)
    assert half == pytest.approx((bottom + top) / 2, abs=0.1)


def test_the_run_before_and_a_point_are_told_apart_without_colour() -> None:
    lines = [Line(kind, kind, [Point(0.2, 0.3)]) for kind in ("now", "before", "point")]  # type: ignore[arg-type]
    found = drawn(plot("x", *lines))
    assert {one.attrib["class"] for one in found.iter("polyline")} == {
        "beleg-line beleg-now",
        "beleg-line beleg-before",
    }
    assert len(list(found.iter("circle"))) == 2  # in the legend and in the plot
    assert {"now", "before", "point"} <= {one.text for one in found.iter("text")}


def test_everything_lies_in_the_picture() -> None:
    found = drawn(plot("x", Line("now", "now", [Point(0, 1), Point(1, 0)])))
    width, height = map(float, found.attrib["viewBox"].split()[2:])
    assert all(0 <= x <= width and 0 <= y <= height for x, y in places(found, "beleg-now"))
    for one in found.iter("text"):
        assert 0 <= float(one.attrib["x"]) <= width
        assert 0 <= float(one.attrib["y"]) <= height
