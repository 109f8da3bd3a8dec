"""What each leg's ranking is worth: against cases worked out by hand, and against ir_measures called directly."""

from __future__ import annotations

from math import log2

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Chunk, Span
from qa.questions import GoldQuestion, GoldSpan
from qa.ranking import LEG_MEASURES, leg_values, ranks_of, reranked, retrieval_values
from qa.types import Evidence

FIRST, SECOND, THIRD = Span(0, 10), Span(11, 21), Span(22, 32)
# Each gold document once; 0 says that it was not found.
FOUND = st.lists(st.integers(0, 120), min_size=1, max_size=6).filter(
    lambda ranks: len({rank for rank in ranks if rank}) == sum(map(bool, ranks))
)


def chunk(doc_id: str, *sentences: Span) -> Chunk:
    return Chunk(doc_id, sentences or (FIRST,))


def about(*documents: str, grades: tuple[int, ...] = ()) -> GoldQuestion:
    return GoldQuestion("q", "Wer?", "de", answerable=True, documents=documents, grades=grades)


def fused(*ranks: int, grades: tuple[int, ...] = ()) -> dict[str, float]:
    return leg_values({"fused": ranks}, grades)["fused"]


def test_a_document_ranks_where_its_best_chunk_does() -> None:
    ranking = [chunk("a"), chunk("b"), chunk("a", SECOND), chunk("b", SECOND), chunk("c")]
    assert ranks_of(about("c", "a", "gone"), ranking) == (3, 1, 0)


def test_a_sentence_ranks_where_the_first_chunk_that_has_it_whole_does() -> None:
    gold = (GoldSpan("a", 11, 21, "x" * 10), GoldSpan("a", 5, 15, "x" * 10))
    question = GoldQuestion("q", "Wer?", "de", answerable=True, gold=gold)
    assert ranks_of(question, [chunk("b", SECOND), chunk("a", FIRST), chunk("a", SECOND, THIRD)]) == (3, 0)


def test_two_of_three_documents_by_hand() -> None:
    # Relevant at 2 and 7, and one that was not found.
    expected = {
        "R@1": 0,
        "R@5": 1 / 3,
        "R@20": 2 / 3,
        "R@100": 2 / 3,
        "RR@10": 1 / 2,
        "AP": (1 / 2 + 2 / 7) / 3,
        "nDCG@10": (1 / log2(3) + 1 / log2(8)) / (1 + 1 / log2(3) + 1 / log2(4)),
    }
    assert fused(2, 7, 0) == pytest.approx(expected)
    assert list(fused(2, 7, 0)) == list(LEG_MEASURES)


def test_grades_are_gains_by_hand() -> None:
    # The better document stands second: gains 1, 3; ideally 3, 1.
    expected = (1 + 3 / log2(3)) / (3 + 1 / log2(3))
    assert fused(2, 1, grades=(3, 1))["nDCG@10"] == pytest.approx(expected)
    assert fused(2, 1, grades=(3, 1))["AP"] == 1


def test_recall_reaches_to_a_hundred() -> None:
    assert (fused(100)["R@100"], fused(101)["R@100"], fused(21)["R@20"]) == (1, 0, 0)


def test_a_chunk_with_two_gold_sentences_counts_once_for_ap_and_twice_for_gain() -> None:
    # Chunk 2 holds two, chunk 3 one.
    assert fused(2, 2, 3)["AP"] == pytest.approx((1 / 2 + 2 / 3) / 2)
    assert fused(2, 2, 3)["nDCG@10"] == pytest.approx((2 / log2(3) + 1 / log2(4)) / (2 + 1 / log2(3)))


@given(FOUND, st.lists(st.integers(1, 4), min_size=6, max_size=6))
def test_over_documents_the_values_are_those_of_ir_measures(ranks: list[int], grades: list[int]) -> None:
    of_each = tuple(grades[: len(ranks)])
    names = [f"d{rank}" if rank else f"nowhere {number}" for number, rank in enumerate(ranks)]
    qrels = [ir_measures.Qrel("q", name, grade) for name, grade in zip(names, of_each, strict=True)]
    run = [ir_measures.ScoredDoc("q", f"d{rank}", -rank) for rank in range(1, 121)]
    parsed = {name: ir_measures.parse_measure(name) for name in LEG_MEASURES}
    direct = ir_measures.calc_aggregate(parsed.values(), qrels, run)
    assert fused(*ranks, grades=of_each) == pytest.approx({name: direct[measure] for name, measure in parsed.items()})


@given(FOUND, FOUND)
def test_legs_do_not_get_in_each_others_way(one: list[int], other: list[int]) -> None:
    together = leg_values({"dense": one, "lexical": other})
    assert together["dense"] == pytest.approx(fused(*one))
    assert together["lexical"] == pytest.approx(fused(*other))


@given(FOUND)
def test_the_measures_of_what_was_read_are_those_of_its_leg(ranks: list[int]) -> None:
    found, of_leg = retrieval_values(ranks), fused(*ranks)
    assert found == pytest.approx({
        **{f"recall@{k}": of_leg[f"R@{k}"] for k in (1, 5, 20)},
        "RR@10": of_leg["RR@10"],
        "nDCG@10": of_leg["nDCG@10"],
    })  # fmt: skip


def test_what_was_read_is_ordered_by_its_best_sentence_and_the_rest_comes_behind() -> None:
    a, b, c, d = chunk("a", FIRST, SECOND), chunk("b", FIRST), chunk("c", FIRST), chunk("d", FIRST)
    evidence = [Evidence("b", FIRST, 0.9), Evidence("a", SECOND, 0.7), Evidence("a", FIRST, 0.2)]
    assert reranked([a, b, d, c], [a, b, c], evidence) == (b, a, c, d)


def test_chunks_that_share_their_best_sentence_stay_in_order() -> None:
    one, two = chunk("a", FIRST, SECOND), chunk("a", SECOND, THIRD)
    assert reranked([two, one], [two, one], [Evidence("a", SECOND, 0.9)]) == (two, one)
