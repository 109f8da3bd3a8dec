"""Fusion: what both legs like comes first, no leg is a filter, no language pushes another out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Leg
from qa.retrieve import DENSE_WEIGHT, fuse

RANKINGS = st.lists(st.integers(0, 50), unique=True, max_size=20).map(
    lambda keys: [(k, 1 / (i + 1)) for i, k in enumerate(keys)]
)


def test_first_in_both_legs_scores_one() -> None:
    (found,) = fuse([(7, 0.9)], [(7, 12.0)])
    assert (found.key, found.score) == (7, pytest.approx(1.0))
    assert (found.dense, found.lexical) == (Leg(1, 0.9), Leg(1, 12.0))


def test_a_chunk_that_one_leg_missed_is_kept() -> None:
    found = {f.key: f for f in fuse([(1, 0.9)], [(2, 3.0)])}
    assert found[1].lexical is None
    assert found[2].dense is None


def test_agreement_beats_a_single_first_place() -> None:
    assert fuse([(1, 0.9), (2, 0.85), (4, 0.1)], [(3, 9.0), (2, 8.0)])[0].key == 2


@given(RANKINGS, RANKINGS)
def test_the_fused_ranking_holds_each_chunk_once_in_order(
    dense: list[tuple[int, float]], lexical: list[tuple[int, float]]
) -> None:
    found = fuse(dense, lexical)
    assert {f.key for f in found} == {k for k, _ in dense} | {k for k, _ in lexical}
    assert len({f.key for f in found}) == len(found)
    assert [(f.score, -f.key) for f in found] == sorted(((f.score, -f.key) for f in found), reverse=True)
    assert all(-1e-9 <= f.score <= 1 + 1e-9 for f in found)


@given(RANKINGS)
def test_a_missing_leg_leaves_the_other_ones_order(ranking: list[tuple[int, float]]) -> None:
    assert [f.key for f in fuse([], ranking)] == [key for key, _ in ranking]
    assert [f.key for f in fuse(ranking, [])] == [key for key, _ in ranking]


def test_scores_are_scaled_and_combined() -> None:
    found = {f.key: f.score for f in fuse([(1, 0.9), (2, 0.8), (3, 0.5)], [(2, 12.0), (3, 6.0)])}
    assert found == {
        1: pytest.approx(DENSE_WEIGHT),
        2: pytest.approx(DENSE_WEIGHT * 0.75 + 1 - DENSE_WEIGHT),
        3: pytest.approx((1 - DENSE_WEIGHT) / 2),
    }


@given(RANKINGS, RANKINGS, st.floats(0.1, 10), st.floats(-0.5, 0.5))
def test_what_an_encoders_cosines_are_like_changes_nothing(
    dense: list[tuple[int, float]], lexical: list[tuple[int, float]], factor: float, shift: float
) -> None:
    other = [(key, factor * score + shift) for key, score in dense]
    before, after = ({f.key: f.score for f in fuse(ranking, lexical)} for ranking in (dense, other))
    assert after == pytest.approx(before, abs=1e-6)


def test_legs_that_cannot_tell_chunks_apart_keep_all() -> None:
    assert [f.score for f in fuse([(1, 0.5), (2, 0.5)], [])] == [1.0, 1.0]
