"""Figures of any shape become tables, and a text in them stays a text."""

from __future__ import annotations

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from qa.inert import sound
from qa.report_figures import figures

TREES = st.recursive(
    st.one_of(st.text(), st.floats(allow_nan=False, allow_infinity=False), st.integers(), st.none(), st.booleans()),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(), inner, max_size=4)),
    max_leaves=20,
)


def rows(html: str) -> list[list[str]]:
    cells = (re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row) for row in re.findall(r"<tr>(.*?)</tr>", html))
    return [[unescape(re.sub(r"<[^>]*>", "", cell)) for cell in row] for row in cells]


def test_scores_have_their_interval_and_their_samples() -> None:
    scores = {"AUROC": {"value": 0.913, "low": 0.8, "high": 0.95, "n": 52}, "area": {"value": 0.2, "n": 3}}
    assert rows(figures("abstention", scores)) == [
        ["abstention", "value"],
        ["AUROC", "0.91 0.80 to 0.95, n = 52"],
        ["area", "0.20 n = 3"],
    ]


def test_groups_of_scores_are_one_table_in_the_order_of_the_fullest() -> None:
    groups = {
        "absent": {"RR@10": {"value": 1.0, "n": 1}},
        "who": {"R@1": {"value": 0.5, "n": 2}, "RR@10": {"value": 1.0, "n": 2}},
    }
    assert rows(figures("by tag", groups)) == [
        ["by tag", "R@1", "RR@10"],
        ["absent", "–", "1.00 n = 1"],
        ["who", "0.50 n = 2", "1.00 n = 2"],
    ]


def test_what_has_nothing_in_common_is_told_apart() -> None:
    run = {"cpus": 2, "versions": {"python": "3.11"}, "latency_ms": {"p50": 137.5}}
    assert rows(figures("run", run)) == [
        ["run", "value"],
        ["cpus", "2"],
        ["run: versions", "value"],
        ["python", "3.11"],
        ["run: latency_ms", "value"],
        ["p50", "137.50"],
    ]


def test_deeper_groups_keep_the_names_above_them() -> None:
    legs = {"dense": {"de": {"R@1": {"value": 0.5}}, "en": {"R@1": {"value": 1.0}}}}
    assert rows(figures("legs", legs)) == [["legs: dense", "R@1"], ["de", "0.50"], ["en", "1.00"]]


def test_lists_of_objects_are_left_out_and_nothing_is_nothing() -> None:
    assert figures("questions", [{"id": "a"}]) == ""
    assert figures("empty", {"inner": {}}) == ""
    assert "1, 2" in unescape(figures("ranks", [1, 2]))


@given(TREES, st.text())
def test_no_figure_is_more_than_text(tree: object, name: str) -> None:
    html = figures(name, tree)
    tags = {re.sub(r"[\s>].*", "", tag) for tag in re.findall(r"<[^>]*>", html)}
    assert tags <= {
        f"<{slash}{tag}"
        for slash in ("", "/")
        for tag in ["div", "table", "thead", "tbody", "tr", "th", "td", "small", "p"]
    }
    if isinstance(tree, str):
        assert unescape(html) in {"", f"<p>{sound(tree)}</p>".replace("\r", "\n")}
