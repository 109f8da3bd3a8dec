"""Late interaction: its formula, what a sentence's context adds, and that remembered ones score as new ones do."""

from __future__ import annotations

import numpy as np
import pytest

from index.embed import NetworkEmbedder
from index.settings import DEFAULT_MODEL
from index.types import Chunk, Document, Passage, Span, text_sha256
from qa.interaction import SentenceTokens, late_interaction

BRIDGE = "Die Brücke bleibt bis Montag gesperrt."
ABOUT_IT = "Das sagte Ministerin Weber am Freitag."
RAIN = "Am Abend regnete es."


@pytest.fixture(scope="module")
def embedder() -> NetworkEmbedder:
    return NetworkEmbedder(DEFAULT_MODEL)


def passage(*sentences: str, title: str = "Verkehr") -> Passage:
    text, spans = " ".join(sentences), []
    for sentence in sentences:
        start = text.index(sentence)
        spans.append(Span(start, start + len(sentence)))
    document = Document(id="a.txt", text=text, sha256=text_sha256(text), title=title, lang="de", path="a.txt")
    return Passage.of(document, Chunk("a.txt", tuple(spans)))


def test_late_interaction_is_the_mean_best_cosine_of_the_questions_tokens() -> None:
    query = np.array([[1, 0], [0, 1]], np.float32)
    sentence = np.array([[1, 0], [0.6, 0.8]], np.float32)
    assert late_interaction(query, sentence) == pytest.approx((1 + 0.8) / 2)
    assert late_interaction(query, query) == pytest.approx(1)


def test_a_sentence_that_is_remembered_is_as_near_as_at_first(embedder: NetworkEmbedder) -> None:
    tokens, asked = SentenceTokens(embedder), "Is the bridge closed?"
    both = [passage(BRIDGE, RAIN), passage(BRIDGE)]
    (closed, rain), (again,) = tokens.likeness(asked, both)
    assert closed.alone > rain.alone
    assert closed.in_context > rain.in_context
    assert closed.alone == again.alone
    assert tokens.likeness(asked, both[1:]) == [[again]]
    ((fresh,),) = SentenceTokens(embedder).likeness(asked, both[1:])
    assert fresh == pytest.approx(again, abs=0.02)


def test_context_tells_what_a_sentence_speaks_of(embedder: NetworkEmbedder) -> None:
    asked = "Who spoke about the bridge?"
    (_, with_bridge), (_, with_rain) = SentenceTokens(embedder).likeness(
        asked, [passage(BRIDGE, ABOUT_IT), passage(RAIN, ABOUT_IT)]
    )
    assert with_bridge.alone == with_rain.alone
    assert with_bridge.in_context > with_rain.in_context


def test_a_sentence_beyond_the_window_counts_as_it_is_alone(embedder: NetworkEmbedder) -> None:
    long = " ".join(f"Wort{number}" for number in range(300)) + "."
    ((_, last),) = SentenceTokens(embedder).likeness("Is the bridge closed?", [passage(long, BRIDGE)])
    assert last.in_context == last.alone


def test_no_passages_have_no_sentences(embedder: NetworkEmbedder) -> None:
    assert SentenceTokens(embedder).likeness("Is the bridge closed?", []) == []
