"""Every measure against values worked out by hand, and against ir_measures called directly."""

from __future__ import annotations

from dataclasses import replace
from math import log2
from random import Random
from typing import Any

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Chunk, Document, Hit, Leg, Span, text_sha256
from qa.metrics import (
    MEASURES,
    MEASURES_OF_LEGS,
    JudgedCitation,
    Outcome,
    gold_ranks,
    judge_citation,
    percentile,
    retrieval_values,
    score,
    sentence_rank,
)
from qa.questions import GoldQuestion, GoldSpan
from qa.ranking import LEG_MEASURES, leg_values
from qa.types import Citation, Evidence, excerpt_fields

RANKS = st.lists(st.integers(0, 30), min_size=1, max_size=6)
TEXT = "Null eins. Zwei drei. Vier fünf."
FIRST, SECOND, THIRD = Span(0, 10), Span(11, 21), Span(22, 32)


def document(text: str = TEXT) -> Document:
    return Document(id="d", text=text, sha256=text_sha256(text), title="", lang="de", path="d")


def hit(*sentences: Span, doc_id: str = "d") -> Hit:
    return Hit(Chunk(doc_id, sentences), 1.0, dense=Leg(1, 1.0))


def gold(*spans: Span, doc_id: str = "d") -> tuple[GoldSpan, ...]:
    return tuple(GoldSpan(doc_id, span.start, span.end, TEXT[span.start : span.end]) for span in spans)


def outcome(**changes: Any) -> Outcome:  # noqa: ANN401 - any field
    """An answerable German question, answered rightly by the first sentence of the first chunk, but for `changes`."""
    question = GoldQuestion("q", "Wer?", "de", answerable=True, gold=gold(FIRST))
    right = JudgedCitation("d", 0, 10, "Null eins.", exact=True, right=True)
    tokens = {"token_f1": 0.5, "token_recall": 1.0}
    usual = Outcome(question, "de", "answered", 0.9, (1,), 1, retrieval_values([1]), (right,), tokens=tokens)
    return replace(usual, **changes)


def unanswerable(**changes: Any) -> Outcome:  # noqa: ANN401 - any field
    """An unanswerable question that was not answered, but for `changes`."""
    nothing: dict[str, Any] = {"status": "abstained", "gold_ranks": (), "sentence_rank": 0, "retrieval": {}}
    nothing["tokens"] = {}
    question = GoldQuestion("u", "Wer nicht?", "de", answerable=False, gold=())
    return outcome(**{**nothing, "question": question, "citations": (), **changes})


def value(name: str, *outcomes: Outcome) -> float:
    return score(outcomes)[name].value


# Ranks of gold


def test_a_chunk_is_relevant_only_with_the_whole_gold_sentence_of_its_own_document() -> None:
    hits = [hit(THIRD), hit(FIRST, SECOND, doc_id="other"), hit(FIRST, SECOND), hit(SECOND, THIRD)]
    assert gold_ranks(gold(FIRST, SECOND, THIRD), hits) == (3, 3, 1)
    assert gold_ranks((GoldSpan("d", 5, 15, "eins. Zwei"),), [hit(FIRST), hit(SECOND)]) == (0,)


def test_a_sentence_is_right_when_it_overlaps_gold() -> None:
    evidence = [Evidence("d", THIRD, 0.9), Evidence("other", FIRST, 0.8), Evidence("d", Span(8, 12), 0.7)]
    assert sentence_rank(gold(FIRST), evidence) == 3
    assert sentence_rank(gold(Span(10, 11)), evidence[:1]) == 0
    assert sentence_rank((), evidence) == 0


# Retrieval


def test_one_gold_sentence_in_the_third_chunk() -> None:
    expected = {"recall@1": 0.0, "recall@5": 1.0, "recall@20": 1.0, "RR@10": 1 / 3, "nDCG@10": 1 / log2(4)}
    assert retrieval_values([3]) == pytest.approx(expected)


def test_two_gold_sentences_in_the_first_chunk_are_a_perfect_ranking() -> None:
    assert set(retrieval_values([1, 1]).values()) == {1.0}


def test_a_gold_sentence_that_was_not_retrieved_costs_recall_and_gain_but_not_rr() -> None:
    ideal = 1 + 1 / log2(3)
    expected = {"recall@1": 0.5, "recall@5": 0.5, "recall@20": 0.5, "RR@10": 1.0, "nDCG@10": 1 / ideal}
    assert retrieval_values([1, 0]) == pytest.approx(expected)


def test_the_gain_of_a_chunk_is_the_number_of_new_gold_sentences() -> None:
    # Gains by rank: 0, 2, 1. The ideal order would be 2, 1.
    expected = (2 / log2(3) + 1 / log2(4)) / (2 + 1 / log2(3))
    assert retrieval_values([2, 3, 2])["nDCG@10"] == pytest.approx(expected)


def test_the_same_sentence_in_two_overlapping_chunks_counts_once() -> None:
    overlapping = gold_ranks(gold(SECOND), [hit(FIRST, SECOND), hit(SECOND, THIRD)])
    assert retrieval_values(overlapping) == retrieval_values([1])


def test_nothing_retrieved_is_zero_everywhere() -> None:
    assert set(retrieval_values(gold_ranks(gold(FIRST, THIRD), ())).values()) == {0.0}


def test_rr_and_ndcg_look_at_ten_chunks_and_recall_at_twenty() -> None:
    assert retrieval_values([11]) == {"recall@1": 0, "recall@5": 0, "recall@20": 1, "RR@10": 0, "nDCG@10": 0}
    assert retrieval_values([21])["recall@20"] == 0


@given(st.lists(st.integers(0, 30), min_size=1, max_size=6, unique=True))
def test_where_every_chunk_holds_one_gold_sentence_the_values_are_those_of_ir_measures(ranks: list[int]) -> None:
    names = [f"c{rank}" if rank else "nowhere" for rank in ranks]
    run = [ir_measures.ScoredDoc("q", f"c{rank}", 1 / rank) for rank in range(1, 31)]
    qrels = [ir_measures.Qrel("q", name, 1) for name in names]
    measures = {"recall@1": "R@1", "recall@5": "R@5", "recall@20": "R@20", "RR@10": "RR@10", "nDCG@10": "nDCG@10"}
    parsed = {name: ir_measures.parse_measure(text) for name, text in measures.items()}
    direct = ir_measures.calc_aggregate(parsed.values(), qrels, run)
    assert retrieval_values(ranks) == pytest.approx({name: direct[measure] for name, measure in parsed.items()})


@given(RANKS)
def test_every_retrieval_value_lies_between_zero_and_one(ranks: list[int]) -> None:
    assert all(0 <= found <= 1 + 1e-9 for found in retrieval_values(ranks).values())


@given(RANKS, st.randoms(use_true_random=False))
def test_the_order_of_alternatives_in_the_file_does_not_matter(ranks: list[int], random: Random) -> None:
    shuffled = random.sample(ranks, len(ranks))
    assert retrieval_values(shuffled) == pytest.approx(retrieval_values(ranks))


# Citations


def test_a_citation_is_exact_only_against_the_stored_text_and_its_digest() -> None:
    citation = Citation(**excerpt_fields(document(), FIRST), number=1)
    changed = document("Null elfs. Zwei drei. Vier fünf.")
    later = document(TEXT + " Sechs.")
    assert judge_citation(citation, document(), ()).exact
    assert not judge_citation(citation, changed, ()).exact
    assert not judge_citation(citation, later, ()).exact, "the same characters of another version"
    assert not judge_citation(citation, replace(document(), id="other"), ()).exact
    assert not judge_citation(citation, None, ()).exact


def test_exactness_does_not_trust_the_constructor() -> None:
    citation = Citation(**excerpt_fields(document(), FIRST), number=1)
    object.__setattr__(citation, "quote", "Null zwei.")
    assert not judge_citation(citation, document(), gold(FIRST)).exact


def test_a_citation_is_right_when_it_overlaps_gold() -> None:
    citation = Citation(**excerpt_fields(document(), Span(0, 21)), number=1)
    assert judge_citation(citation, document(), gold(SECOND)).right
    assert not judge_citation(citation, document(), gold(THIRD)).right
    assert not judge_citation(citation, document(), gold(FIRST, doc_id="other")).right


def test_exactness_and_precision_are_shares_of_all_citations_not_of_answers() -> None:
    right = JudgedCitation("d", 0, 1, "x", exact=True, right=True)
    wrong = replace(right, exact=False, right=False)
    outcomes = (outcome(citations=(right, right, wrong)), outcome(citations=(right,)))
    assert value("citation_exactness", *outcomes) == 0.75
    assert value("citation_precision", *outcomes) == 0.75
    assert score(outcomes)["citation_exactness"].n == 4


def test_answers_to_unanswerable_questions_cost_precision() -> None:
    wrong = JudgedCitation("d", 0, 1, "x", exact=True, right=False)
    outcomes = (outcome(), unanswerable(status="answered", citations=(wrong,)))
    assert value("citation_precision", *outcomes) == 0.5
    assert value("citation_exactness", *outcomes) == 1.0


# Sentences, answers, abstention, language


@pytest.mark.parametrize(("rank", "at_1", "at_3"), [(1, 1, 1), (3, 0, 1), (4, 0, 0), (0, 0, 0)])
def test_a_sentence_hit_counts_up_to_its_rank(rank: int, at_1: int, at_3: int) -> None:
    found = outcome(sentence_rank=rank)
    assert (value("sentence_hit@1", found), value("sentence_hit@3", found)) == (at_1, at_3)


def test_an_answerable_question_is_answered_right_by_one_right_citation_among_several() -> None:
    right = JudgedCitation("d", 0, 1, "x", exact=True, right=True)
    mixed = outcome(citations=(replace(right, right=False), right))
    wrong = outcome(citations=(replace(right, right=False),))
    silent = outcome(status="abstained", citations=())
    assert value("answered_right", mixed, wrong, silent, unanswerable()) == pytest.approx(1 / 3)


def test_abstention_precision_and_recall() -> None:
    kept_quiet, silent = unanswerable(), outcome(status="abstained", citations=())
    spoke = unanswerable(status="answered", citations=(JudgedCitation("d", 0, 1, "x", exact=True, right=False),))
    found = score((outcome(), silent, kept_quiet, kept_quiet, spoke))
    assert found["abstention_precision"].value == pytest.approx(2 / 3)
    assert found["abstention_recall"].value == pytest.approx(2 / 3)
    assert (found["unanswerable_abstained"].value, found["unanswerable_abstained"].n) == (2, 3)


def test_language_accuracy_is_over_all_questions() -> None:
    assert value("language_accuracy", outcome(), unanswerable(detected_lang="en")) == 0.5


def test_a_measure_without_a_sample_has_no_value_rather_than_a_perfect_one() -> None:
    only_unanswerable = score((unanswerable(),))
    assert set(only_unanswerable) == {
        "abstention_precision",
        "abstention_recall",
        "unanswerable_abstained",
        "language_accuracy",
    }
    assert score(()) == {}


def test_scores_come_in_the_order_of_the_tables() -> None:
    names = [measure.name for measure in MEASURES]
    assert list(score((outcome(), unanswerable()))) == names
    assert len(set(names)) == len(names)


# Documents as gold


def about(*documents: str) -> GoldQuestion:
    return GoldQuestion("q", "Wer?", "de", answerable=True, documents=documents)


def test_a_sentence_or_citation_of_a_gold_document_is_right() -> None:
    evidence = [Evidence("other", FIRST, 0.9), Evidence("d", THIRD, 0.8)]
    assert sentence_rank((), evidence, ("d",)) == 2
    citation = Citation(**excerpt_fields(document(), THIRD), number=1)
    assert judge_citation(citation, document(), (), ("d",)).right
    assert not judge_citation(citation, document(), (), ("other",)).right


def test_where_only_documents_are_known_no_sentence_is_said_to_be_hit() -> None:
    found = score((outcome(question=about("d"), sentence_rank=1),))
    assert "sentence_hit@1" not in found
    assert found["answered_right"].value == 1


def test_a_language_that_nobody_stated_is_not_judged() -> None:
    guessed = replace(outcome().question, lang_stated=False)
    assert "language_accuracy" not in score((outcome(question=guessed),))


def test_the_measures_of_a_leg_are_named_by_it_and_have_a_sample_where_it_was_ranked() -> None:
    ranked = outcome(legs={"dense": leg_values({"dense": [2]})["dense"]})
    found = score((ranked, outcome(), unanswerable()), MEASURES_OF_LEGS)
    assert list(found) == [f"dense {name}" for name in LEG_MEASURES]
    assert (found["dense RR@10"].value, found["dense RR@10"].n) == (0.5, 1)


# Percentiles


def test_percentiles_are_by_nearest_rank() -> None:
    values = [15.0, 20.0, 35.0, 40.0, 50.0]
    assert [percentile(values, p) for p in (5, 30, 40, 50, 100)] == [15, 20, 20, 35, 50]
    assert percentile([7.0], 95) == 7


@pytest.mark.parametrize(("values", "percent"), [([], 50), ([1.0], 0), ([1.0], 101)])
def test_a_percentile_of_nothing_is_an_error(values: list[float], percent: float) -> None:
    with pytest.raises(ValueError, match="percentile"):
        percentile(values, percent)
