"""The trained reader as it ships: on the real seed, on odd questions, and how its numbers are put together."""

from __future__ import annotations

import math
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.embed import embedder_sha256
from index.errors import ModelError
from index.model_files import MODELS
from index.settings import IndexSettings
from qa import opening
from qa.network import ReaderNetwork
from qa.pipeline import Assistant
from qa.rows import row
from qa.trained import MAX_LEAD, READER, Clues, Signs, logistic, read_calibration, signs_of, weighed

QUESTION = "What did Hegseth say about NATO?"
NUMBERS = st.floats(-20, 20)


@pytest.fixture(scope="module")
def reading(assistant: Assistant) -> Assistant:
    """The assistant with the trained reader."""
    return Assistant(assistant.settings.model_copy(update={"reader": True}))


@pytest.fixture(scope="module")
def network() -> ReaderNetwork:
    return ReaderNetwork(READER)


def test_the_shipped_calibration_fits_the_shipped_weights_and_encoder(network: ReaderNetwork) -> None:
    fitted = read_calibration()
    assert fitted.reader == network.sha256, "fit it again: make calibrate"
    assert fitted.encoder == embedder_sha256(IndexSettings.load()), "fit it again: make calibrate"


@pytest.mark.parametrize("half", [None, 0, 1])
def test_every_calibration_has_a_weight_for_each_clue_and_sign(half: int | None) -> None:
    fitted = read_calibration(half=half)
    assert 0 < fitted.threshold < 1
    for same in (True, False):
        weights = fitted.of(same_language=same)
        assert len(weights.sentence) == 1 + len(Clues._fields)
        assert len(weights.answer) == 1 + len(Signs._fields)


def test_more_evidence_never_makes_a_sentence_less_probable() -> None:
    for half in (None, 0, 1):
        for same in (True, False):
            weights = read_calibration(half=half).of(same_language=same)
            assert weights.sentence[1 + Clues._fields.index("evidence")] > 0
            assert weights.answer[1 + Signs._fields.index("score")] > 0


def test_the_sentence_that_answers_has_most_evidence(network: ReaderNetwork) -> None:
    said = [
        "Gestern regnete es in Kiel.",
        "„Die Brücke bleibt bis Mai gesperrt“, sagte Ministerin Berg.",
        "Er ging fort.",
    ]
    asked, *told = network.pieces(["What did Berg say about the bridge?", *said])
    (scored,) = network.read([row(network.frame, asked, [], told)])
    assert max(scored.evidence) == scored.evidence[1]


def test_rows_come_back_in_their_order_whatever_their_length(network: ReaderNetwork) -> None:
    asked, short, long = network.pieces(["Who?", "Anna came.", "Anna came to the harbour. " * 12])
    rows = [row(network.frame, asked, [], [told]) for told in (long, short, long, short)]
    scored = network.read(rows)
    assert scored[1].evidence == pytest.approx(scored[3].evidence, abs=0.05)
    assert scored[0].evidence == pytest.approx(scored[2].evidence, abs=0.05)
    assert scored[0].evidence != pytest.approx(scored[1].evidence, abs=0.05)


def test_each_sentence_is_read_once_and_the_best_has_the_confidence(reading: Assistant) -> None:
    trace = reading.trace(QUESTION)
    scores = [one.score for one in trace.evidence]
    assert len({(one.doc_id, one.sentence) for one in trace.evidence}) == len(trace.evidence)
    assert scores == sorted(scores, reverse=True)
    assert scores[0] == pytest.approx(trace.answer.confidence)
    assert set(trace.evidence[0].signals) == set(Clues._fields)


@pytest.mark.parametrize(
    "question",
    [
        "Hegseth",
        "the of and",
        "und der die",
        "Qu'est-ce que Hegseth a dit sur l'OTAN ?",
        "?!",
        "🤷 ﷽ \u202e\u200b",
        "\ud800",
        "What did Hegseth say? " * 60,
    ],
)
def test_an_odd_question_is_answered_from_the_text_or_not_at_all(reading: Assistant, question: str) -> None:
    answer = reading.ask(question)
    for citation in answer.citations:
        assert reading.document(citation.doc_id).text[citation.start : citation.end] == citation.quote
    assert 0 <= answer.confidence <= 1
    assert (answer.status == "abstained") == (not answer.citations)


def test_a_question_longer_than_the_reader_reads_is_said_to_be(reading: Assistant) -> None:
    notices = " ".join(reading.ask("What did Hegseth say about NATO and the war? " * 20).notices)
    assert "first 128" in notices


def test_the_reader_reads_unless_it_is_not_wanted_which_a_notice_says(assistant: Assistant) -> None:
    trained = assistant.ask(QUESTION)
    assert trained.citations
    assert "evidence" in trained.candidates[0].signals
    without = Assistant(assistant.settings.model_copy(update={"reader": False})).ask(QUESTION)
    assert without.citations
    assert "evidence" not in without.candidates[0].signals
    assert [notice for notice in without.notices if "without the trained reader" in notice and "--no-reader" in notice]


def test_what_chooses_sentences_is_said_where_sentences_are_chosen(assistant: Assistant) -> None:
    without = Assistant(assistant.settings.model_copy(update={"reader": False}))
    assert without.search(QUESTION).notices == assistant.search(QUESTION).notices
    assert any("trained reader" in notice for notice in without.info().notices)


def test_without_weights_the_signals_answer_and_the_notice_names_the_file(
    reading: Assistant, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(opening, "READER", tmp_path)
    answer = Assistant(reading.settings).ask(QUESTION)
    assert "evidence" not in answer.candidates[0].signals
    assert [notice for notice in answer.notices if str(tmp_path) in notice and "missing" in notice]


@pytest.mark.parametrize("stored", [None, "{", "[]", '{"reader": "x"}'])
def test_a_calibration_that_cannot_be_read_is_named_with_the_remedy(tmp_path: Path, stored: str | None) -> None:
    if stored is not None:
        (tmp_path / "calibration.json").write_text(stored)
    with pytest.raises(ModelError, match=r"calibration\.json cannot be read.*make calibrate"):
        read_calibration(tmp_path)


def test_damaged_weights_are_not_read(tmp_path: Path) -> None:
    for name in ("config.json", "tokenizer.json", "model.safetensors.sha256"):
        (tmp_path / name).write_bytes((READER / name).read_bytes())
    (tmp_path / "model.safetensors").write_bytes((READER / "model.safetensors").read_bytes()[:-1] + b"?")
    with pytest.raises(ModelError, match="damaged"):
        ReaderNetwork(tmp_path)


def test_the_weights_are_small_enough_to_ship() -> None:
    assert (MODELS / "reader-de-en" / "model.safetensors").stat().st_size < 60e6


@given(st.builds(Clues, *[NUMBERS] * len(Clues._fields)), NUMBERS, NUMBERS)
def test_the_lead_is_over_the_next_sentence_and_bounded(clues: Clues, one: float, other: float) -> None:
    best, rest = max(one, other), min(one, other)
    signs = signs_of([(best, clues), (rest, clues)])
    assert signs.lead == pytest.approx(min(MAX_LEAD, best - rest))
    assert signs_of([(best, clues)]).lead == MAX_LEAD
    assert (signs.score, signs.names) == (best, clues.names)


def test_a_probability_is_the_logistic_of_the_weighted_sum() -> None:
    assert logistic(weighed((1.0, 2.0, -1.0), (0.5, 3.0))) == pytest.approx(1 / (1 + math.exp(1)))
