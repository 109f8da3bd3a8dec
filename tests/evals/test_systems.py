"""The systems over an index of their own: ranked sentences, one passage alone, and documents left out."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import cast

import numpy as np
import pytest
from systems import SYSTEMS, Lacking, Pipeline, Ranked, System, half

from index.build import build
from index.embed import Embedder, open_embedder
from index.reader import IndexReader, open_index
from index.settings import IndexSettings
from index.types import Chunk, Document, Passage, Span, text_sha256
from qa.retrieve import Found
from qa.types import Question, Reading

TEXTS = {
    "bridge.txt": (
        "---\ntitle: The bridge\nlang: en\n---\nThe old bridge over the Ampel reopened on Monday. "
        "Its repair cost nine million pounds. Cyclists welcomed the wider lanes."
    ),
    "tunnel.txt": (
        "---\ntitle: The tunnel\nlang: en\n---\nA tunnel below the Ampel has been proposed. "
        "The council will vote on the tunnel in May. Nobody knows its price."
    ),
    "bruecke.txt": (
        "---\ntitle: Brücke gesperrt\nlang: de\n---\nDie Brücke über die Ampel ist seit Montag gesperrt. "
        "Die Reparatur kostet neun Millionen. Radfahrer müssen einen Umweg fahren."
    ),
}
COST = Question("What did the repair of the bridge cost?", "en")


@pytest.fixture(scope="module")
def embedder(shipped: None) -> Embedder:  # noqa: ARG001 - what is set on this machine does not count
    return open_embedder(IndexSettings.load())


@pytest.fixture(scope="module")
def index(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> Iterator[IndexReader]:
    root = tmp_path_factory.mktemp("index")
    (root / "texts").mkdir()
    for name, text in TEXTS.items():
        (root / "texts" / name).write_text(text, encoding="utf-8")
    settings = IndexSettings.load(data_dir=root / "data")
    build([root / "texts"], settings, embedder=embedder)
    with open_index(settings.data_dir) as opened:
        yield opened


@pytest.fixture(params=list(SYSTEMS))
def system(request: pytest.FixtureRequest, index: IndexReader, embedder: Embedder, tmp_path: Path) -> System:
    return SYSTEMS[request.param].make(index, embedder, tmp_path / "own", tmp_path / "kept")


def first(index: IndexReader, ranked: Ranked) -> str:
    best = ranked.sentences[0]
    return index.document(best.doc_id).text[best.span.start : best.span.end]


def test_the_sentence_that_answers_comes_first_and_confidence_is_no_more_than_its_score(
    index: IndexReader, system: System
) -> None:
    ranked = system.answer(COST, "bridges")
    assert first(index, ranked) == "Its repair cost nine million pounds."
    assert 0 < ranked.confidence <= ranked.sentences[0].score
    scores = [sentence.score for sentence in ranked.sentences]
    assert scores == sorted(scores, reverse=True)
    assert len(set(ranked.sentences)) == len(ranked.sentences)


def test_a_document_left_out_is_not_found_and_others_still_are(system: System) -> None:
    ranked = system.answer(COST, "bridges", without=frozenset({"bridge.txt"}))
    found = {sentence.doc_id for sentence in ranked.sentences}
    assert "bridge.txt" not in found
    assert "bruecke.txt" in found


def test_with_everything_left_out_there_is_nothing_and_no_confidence(system: System) -> None:
    assert system.answer(COST, "bridges", without=frozenset(TEXTS)) == Ranked((), 0.0)


def test_a_given_passage_is_read_alone_and_only_its_sentences(index: IndexReader, system: System) -> None:
    (whole,) = {p.chunk for p in index.passages(range(3)) if p.document.id == "bridge.txt"}
    passage = Passage.of(index.document("bridge.txt"), Chunk("bridge.txt", whole.sentences[1:]))
    ranked = system.read(COST, "bridges", passage)
    assert first(index, ranked) == "Its repair cost nine million pounds."
    assert {s.span for s in ranked.sentences} <= set(whole.sentences[1:])


def test_an_index_lacking_a_document_brings_as_many_hits_and_in_the_same_order(index: IndexReader) -> None:
    keys = range(sum(index.manifest.chunks.values()))
    document_of = [passage.document.id for passage in index.passages(keys)]
    lacking = Lacking(index, document_of, frozenset({"bridge.txt"}))
    assert index.manifest.encoder
    vector = np.eye(1, index.manifest.encoder.dimension, dtype=np.float32)[0]
    gone = document_of.index("bridge.txt")
    assert lacking.dense("en", vector, 1) == [hit for hit in index.dense("en", vector, 3) if hit[0] != gone][:1]
    assert lacking.lexical("en", "the bridge over the Ampel", "en", 5) == [
        hit for hit in index.lexical("en", "the bridge over the Ampel", "en", 5) if hit[0] != gone
    ]


def test_only_a_probability_has_a_threshold() -> None:
    assert SYSTEMS["bm25"].threshold() is None
    for name in ("signals", "reader"):
        shipped = SYSTEMS[name].threshold()
        assert shipped is not None
        assert 0 < shipped < 1


def test_an_article_is_answered_by_what_was_fitted_without_it() -> None:
    asked = []

    class Recording:
        def __init__(self, name: int) -> None:
            self.name = name

        def read(self, question: Question, found: Sequence[Found]) -> Reading:
            asked.append((question.text, self.name, len(found)))
            return Reading((), 0.0)

    readers = [Recording(0), Recording(1)]
    groups = ["xq00", "xq02", "xq04", "xq06"]
    assert {half(group) for group in groups} == {0, 1}
    document = Document("a", "Eins.", text_sha256("Eins."), "T", "de", "a")
    passage = Passage(document, Chunk("a", (Span(0, 5),)))
    pipeline = Pipeline(cast("IndexReader", None), cast("Embedder", None), lambda group: readers[half(group)])
    for group in groups:
        pipeline.read(Question(group, "de"), group, passage)
    assert asked == [(group, half(group), 1) for group in groups]
