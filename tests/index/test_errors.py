"""What is wrong with values from outside, in words."""

from __future__ import annotations

from typing import Any

import pytest
from pydantic import BaseModel, ValidationError

from index.errors import problems


class Part(BaseModel):
    text: str


class Whole(BaseModel):
    parts: list[Part]
    count: int = 0


def said(given: Any) -> str:  # noqa: ANN401 - anything, as from outside
    with pytest.raises(ValidationError) as caught:
        Whole.model_validate(given)
    return problems(caught.value)


def test_a_problem_has_its_place_what_should_be_there_and_what_is() -> None:
    assert said({"parts": [{"text": "a"}, {"text": 5}]}) == "parts[1].text: Input should be a valid string (got 5)"


def test_of_an_object_that_lacks_something_only_that_is_said() -> None:
    assert said({"parts": [{}]}) == "parts[0].text: Field required"


def test_an_object_that_is_none_of_those_wanted_is_shown() -> None:
    assert said({"parts": {"text": "a"}}) == "parts: Input should be a valid list (got {'text': 'a'})"


def test_a_long_value_is_cut() -> None:
    told = said({"parts": [], "count": "9" * 50 + "x" * 10_000})
    assert "count: " in told
    assert len(told) < 250


def test_the_first_three_of_many_problems_are_said() -> None:
    told = said({"parts": [{"text": number} for number in range(10)]})
    assert told.count("Input should be") == 3
    assert told.endswith(" and 7 more")


def test_what_is_no_object_at_all_has_no_place() -> None:
    assert said("text").startswith("Input should be")
