"""Batches hold every text once, within the budget, with little filling; what is made ahead comes in order."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.batches import ahead, batches


@given(st.lists(st.integers(1, 300), max_size=200), st.integers(1, 2000))
def test_every_text_is_in_one_batch_and_every_batch_within_the_budget(tokens: list[int], budget: int) -> None:
    found = list(batches(tokens, budget))
    assert sorted(position for batch in found for position in batch) == list(range(len(tokens)))
    for batch in found:
        assert len(batch) == 1 or max(tokens[position] for position in batch) * len(batch) <= budget
    for batch, following in pairwise(found):
        longest = max(tokens[position] for position in batch)
        assert longest * (len(batch) + 1) > budget  # full
        assert min(tokens[position] for position in batch) >= max(tokens[position] for position in following)


def test_texts_of_like_length_need_little_filling() -> None:
    tokens = [10 + 37 * number % 200 for number in range(2000)]
    filled = sum(max(tokens[p] for p in batch) * len(batch) for batch in batches(tokens, 4096))
    assert filled < 1.1 * sum(tokens)


@given(st.lists(st.integers()))
def test_what_is_made_ahead_comes_in_order(items: list[int]) -> None:
    assert list(ahead(iter(items))) == items


def test_the_next_one_is_made_while_one_is_used() -> None:
    made = [threading.Event() for _ in range(3)]

    def making() -> Iterator[int]:
        for number, event in enumerate(made):
            event.set()
            yield number

    for number in ahead(making()):
        assert all(event.wait(10) for event in made[: number + 2])


def test_an_error_is_raised_when_its_turn_comes() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise ValueError("no second one")

    found = ahead(failing())
    assert next(found) == 1
    with pytest.raises(ValueError, match="no second one"):
        next(found)


def test_who_stops_early_leaves_no_thread_behind() -> None:
    found = ahead(iter(range(10)))
    assert next(found) == 0
    found.close()
    assert not [thread for thread in threading.enumerate() if thread.name.startswith("ahead")]
