from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import parse_qs

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.errors import QuestionError
from ui.filters import MAX_CHARS, MAX_CHOSEN, Filters, chips, wanted_of

words = st.text(st.characters(codec="utf-8"), min_size=1, max_size=20)
days = st.sampled_from(["", "2025", "2025-02", "2025-02-12"])
lists = st.lists(words, max_size=3, unique=True)
held = st.builds(Filters, days, days, lists, lists, lists, st.booleans())


class Buttons(HTMLParser):
    """Name and value of each chip, the link's query and all text of some HTML."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.parts: list[tuple[str, str]] = []
        self.query = self.text = ""
        self.tags: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        named = {name: value or "" for name, value in attrs}
        if tag == "button":
            self.parts.append((named["data-name"], named["data-value"]))
        self.query = named.get("data-query", self.query)

    def handle_data(self, data: str) -> None:
        self.text += data


@given(held)
def test_the_link_asks_for_what_is_active(filters: Filters) -> None:
    query = Buttons(chips(filters, "de")).query
    assert Filters.of_link(parse_qs(query, keep_blank_values=True)) == filters


@given(held)
def test_each_active_part_is_a_chip_and_pressing_all_of_them_leaves_nothing(filters: Filters) -> None:
    shown = Buttons(chips(filters, "en"))
    assert len(shown.parts) == len(filters.active)
    assert shown.tags <= {"div", "button", "bdi", "span"}
    for name, value in filters.active:
        filters = filters.without(name, value)
    assert filters.active == []


def test_a_chip_says_what_it_asks_for_in_the_language_of_the_page() -> None:
    filters = Filters("2025-02", "", ["WELT"], ["de"], ["a.txt"], any_time=True)
    german = Buttons(chips(filters, "de")).text
    assert all(part in german for part in ("Erschienen seit 2025-02", "WELT", "Deutsch", "a.txt", "Alle Tage"))
    assert "Published since 2025-02" in Buttons(chips(filters, "en")).text


def test_a_link_from_anybody_is_taken_within_bounds() -> None:
    filters = Filters.of_link({"source": ["x" * 9000] * 9000, "since": ["y" * 9000], "unknown": ["z"]})
    assert (len(filters.source), len(filters.source[0]), len(filters.since)) == (MAX_CHOSEN, MAX_CHARS, MAX_CHARS)


def test_what_the_controls_hold_is_what_is_asked_and_an_empty_control_asks_for_nothing() -> None:
    assert not wanted_of(None, None, None, None, None, None).only
    wanted = wanted_of("2025-02", "", ["WELT"], ["de"], ["a.txt"], True)
    assert (wanted.only.sources, wanted.only.langs, wanted.only.documents) == ({"WELT"}, {"de"}, {"a.txt"})
    assert wanted.any_time
    with pytest.raises(QuestionError, match=r"not a day: '12\.02\.2025'"):
        wanted_of("12.02.2025", "", [], [], [], False)
