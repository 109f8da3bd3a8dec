"""Fusion: what both legs like comes first, no leg is a filter, no language pushes another out."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Leg
from qa.retrieve import ACROSS_LANGUAGES, SAME_LANGUAGE, LegWeights, fuse, leg_weights

EVEN = LegWeights(0.5, 0.5)
RANKINGS = st.lists(st.integers(0, 50), unique=True, max_size=20).map(
    lambda keys: [(k, 1 / (i + 1)) for i, k in enumerate(keys)]
)


def test_first_in_both_legs_scores_one() -> None:
    (found,) = fuse([(7, 0.9)], [(7, 12.0)], EVEN)
    assert (found.key, found.score) == (7, pytest.approx(1.0))
    assert (found.dense, found.lexical) == (Leg(1, 0.9), Leg(1, 12.0))


def test_a_chunk_that_one_leg_missed_is_kept() -> None:
    found = {f.key: f for f in fuse([(1, 0.9)], [(2, 3.0)], EVEN)}
    assert found[1].lexical is None
    assert found[2].dense is None


def test_agreement_beats_a_single_first_place() -> None:
    assert fuse([(1, 0.9), (2, 0.8)], [(3, 9.0), (2, 8.0)], EVEN)[0].key == 2


@given(RANKINGS, RANKINGS)
def test_the_fused_ranking_holds_each_chunk_once_in_order(
    dense: list[tuple[int, float]], lexical: list[tuple[int, float]]
) -> None:
    found = fuse(dense, lexical, EVEN)
    assert {f.key for f in found} == {k for k, _ in dense} | {k for k, _ in lexical}
    assert len({f.key for f in found}) == len(found)
    assert [(f.score, -f.key) for f in found] == sorted(((f.score, -f.key) for f in found), reverse=True)
    assert all(0 < f.score <= 1 + 1e-9 for f in found)


@given(RANKINGS)
def test_a_missing_leg_leaves_the_other_ones_order(ranking: list[tuple[int, float]]) -> None:
    assert [f.key for f in fuse([], ranking, EVEN)] == [key for key, _ in ranking]
    assert [f.key for f in fuse(ranking, [], EVEN)] == [key for key, _ in ranking]


@pytest.mark.parametrize(("dense", "lexical"), [(0.5, 0.6), (-0.1, 1.1)])
def test_weights_that_would_not_compare_across_languages_are_refused(dense: float, lexical: float) -> None:
    with pytest.raises(ValueError, match="sum to one"):
        LegWeights(dense, lexical)


def test_weights_depend_on_whether_the_languages_agree() -> None:
    assert leg_weights("de", "de") == SAME_LANGUAGE
    assert leg_weights("en", "de") == ACROSS_LANGUAGES
