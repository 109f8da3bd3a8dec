"""Intervals: of figures in general, of the measures of a run, and of the difference between two runs."""

from __future__ import annotations

from dataclasses import replace
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from qa.intervals import Floats, bootstrap, differences, mean, measured
from qa.metrics import JudgedCitation, Outcome, score
from qa.questions import GoldQuestion, GoldSpan

RIGHT = JudgedCitation("d", 0, 1, "x", exact=True, right=True)
WRONG = replace(RIGHT, right=False)
GOLD = (GoldSpan("d", 0, 1, "x"),)


def answered(name: str, *citations: JudgedCitation, sentence: int = 1) -> Outcome:
    question = GoldQuestion(name, "Wer?", "de", answerable=True, gold=GOLD)
    return Outcome(question, "de", "answered" if citations else "abstained", 0.5, (1,), sentence, {}, citations)


def unanswerable(name: str, *, silent: bool) -> Outcome:
    question = GoldQuestion(name, "Wer nicht?", "de", answerable=False, gold=())
    return Outcome(question, "de", "abstained" if silent else "answered", 0.5, (), 0, {}, () if silent else (WRONG,))


def test_the_interval_of_a_share_is_about_that_of_the_binomial() -> None:
    interval = bootstrap([1] * 480 + [0] * 132, seed=1)
    half = 1.96 * np.sqrt(480 * 132 / 612**3)
    assert interval.value == pytest.approx(480 / 612)
    assert interval.low == pytest.approx(interval.value - half, abs=0.005)
    assert interval.high == pytest.approx(interval.value + half, abs=0.005)


def test_questions_that_stand_and_fall_together_make_the_interval_wider() -> None:
    values = [1.0] * 50 + [0.0] * 50
    articles = [i // 10 for i in range(100)]
    alone, together = bootstrap(values, seed=1), bootstrap(values, groups=articles, seed=1)
    assert together.value == alone.value
    assert together.high - together.low > 2 * (alone.high - alone.low)


def test_groups_of_one_are_no_groups() -> None:
    values = np.arange(20.0)
    assert bootstrap(values, groups=[f"q{i}" for i in range(20)], seed=3) == bootstrap(values, seed=3)


def test_a_group_comes_whole_or_not_at_all() -> None:
    groups = ["b", "a", "b", "c", "a", "b"]
    values = [10.0, 1.0, 20.0, 100.0, 2.0, 30.0]
    sums: set[float] = set()

    def keep(drawn: Floats) -> float:
        sums.add(float(drawn.sum()))
        return float(drawn.sum())

    bootstrap(values, keep, groups=groups, seed=1, resamples=300)
    whole = (3.0, 60.0, 100.0)
    assert sums <= {a + b + c for a in whole for b in whole for c in whole} | {sum(values)}
    assert len(sums) == 10


def test_a_statistic_sees_all_columns_of_the_drawn_rows() -> None:
    table = np.column_stack([[1.0, 2.0, 3.0, 4.0], [2.0, 4.0, 6.0, 8.0]])
    interval = bootstrap(table, lambda drawn: float(drawn[:, 1].sum() / drawn[:, 0].sum()), seed=1)
    assert (interval.value, interval.low, interval.high) == (2, 2, 2)


def test_a_statistic_that_never_is_a_number_has_no_interval() -> None:
    interval = bootstrap([0.5, 1.0], lambda _: float("nan"), seed=1, resamples=10)
    assert np.isnan([interval.value, interval.low, interval.high]).all()


def test_the_same_seed_gives_the_same_interval() -> None:
    values = np.linspace(0, 1, 30) ** 2
    assert bootstrap(values, seed=1) == bootstrap(values, seed=1)
    assert bootstrap(values, seed=1) != bootstrap(values, seed=2)


@given(arrays(np.float64, st.integers(1, 20), elements=st.floats(0, 1)))
def test_the_interval_lies_within_the_values(values: Floats) -> None:
    interval = bootstrap(values, seed=1, resamples=50)
    ordered = (values.min() - 1e-9, interval.low, interval.high, values.max() + 1e-9)
    assert all(a <= b for a, b in pairwise(ordered))
    assert interval.value == mean(values)


@pytest.mark.parametrize(("values", "groups"), [([], None), ([1.0, 2.0], ["a"])])
def test_nothing_to_draw_from_is_an_error(values: list[float], groups: list[str] | None) -> None:
    with pytest.raises(ValueError, match="no bootstrap of"):
        bootstrap(values, groups=groups, seed=1)


def test_every_measure_has_an_interval_around_its_value() -> None:
    outcomes = [answered("a", RIGHT), answered("b", WRONG, sentence=4), answered("c"), unanswerable("d", silent=True)]
    found, scores = measured(outcomes), score(outcomes)
    assert found.keys() == scores.keys()
    assert {name: one.value for name, one in found.items()} == pytest.approx({n: s.value for n, s in scores.items()})
    assert all(one.low <= one.value <= one.high for one in found.values())
    assert found["sentence_hit@1"].low < found["sentence_hit@1"].value < found["sentence_hit@1"].high


def test_citations_of_one_answer_are_drawn_together() -> None:
    many = [answered("a", *[RIGHT] * 10), answered("b", *[WRONG] * 10)]
    spread = [answered(f"{number}", RIGHT if number < 10 else WRONG) for number in range(20)]
    together, alone = measured(many)["citation_precision"], measured(spread)["citation_precision"]
    assert together.value == alone.value == 0.5
    assert together.high - together.low == 1 > 2 * (alone.high - alone.low)


def test_the_interval_of_a_count_is_within_what_can_be_counted() -> None:
    outcomes = [answered("a", RIGHT), *(unanswerable(f"u{number}", silent=number > 2) for number in range(8))]
    found = measured(outcomes)["unanswerable_abstained"]
    assert 0 <= found.low < found.value == 5 < found.high <= 8


def test_the_same_outcomes_give_the_same_intervals() -> None:
    outcomes = [answered("a", RIGHT), answered("b", WRONG), answered("c")]
    assert measured(outcomes) == measured(list(outcomes))


def test_a_gain_on_every_question_is_clear_and_none_on_any_is_none() -> None:
    before = [answered(f"q{number}", WRONG) for number in range(10)]
    now = [answered(f"q{number}", RIGHT) for number in range(10)]
    gains = differences(now, before)
    assert gains["answered_right"].value == gains["answered_right"].low == 1
    assert differences(before, now)["answered_right"].high == -1
    assert (gains["citation_exactness"].low, gains["citation_exactness"].high) == (0, 0)


def test_one_question_more_among_many_is_no_clear_difference() -> None:
    before = [answered(f"q{number}", WRONG if number < 5 else RIGHT) for number in range(20)]
    now = [answered("q0", RIGHT), *before[1:]]
    gain = differences(now, before)["answered_right"]
    assert gain.value == pytest.approx(1 / 20)
    assert gain.low == 0 < gain.high


def test_pairs_are_narrower_than_two_runs_apart() -> None:
    before = [answered(f"q{number}", WRONG if number % 2 else RIGHT) for number in range(40)]
    now = [answered("q1", RIGHT), *before[1:]]
    now = [replace(new, question=old.question) for new, old in zip(now, before, strict=True)]
    paired, alone = differences(now, before)["answered_right"], measured(now)["answered_right"]
    assert paired.high - paired.low < alone.high - alone.low


def test_a_measure_without_a_sample_in_both_runs_has_no_difference() -> None:
    assert "citation_precision" not in differences([answered("a", RIGHT)], [answered("a")])


def test_other_questions_are_not_compared() -> None:
    with pytest.raises(ValueError, match="same questions"):
        differences([answered("a")], [answered("b")])
    with pytest.raises(ValueError, match="no intervals"):
        differences([], [])
