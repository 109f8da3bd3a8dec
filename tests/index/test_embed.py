"""The real encoder: what it gives for any text, and what happens when it is missing or not the expected one."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunk import chunk, overlong
from index.embed import Embedder, NetworkEmbedder, Vectors, embedder_sha256, open_embedder, unit
from index.errors import ModelError
from index.load.document import Loaded, load
from index.load.files import find_files
from index.model_files import find_model
from index.settings import DEFAULT_MODEL, IndexSettings
from index.types import Passage, Span, embedded_text

SEEDS = Path(__file__).parents[2] / "seeds"
SAME = 0.999  # cosine of two vectors that differ by the rounding of bfloat16
QUESTION = "Who was invited to Moscow?"


@pytest.fixture(scope="module", params=["packaged", "library"])
def embedder(request: pytest.FixtureRequest) -> NetworkEmbedder:
    """The default encoder, computed in both ways."""
    found: NetworkEmbedder = request.getfixturevalue(request.param)
    return found


@pytest.fixture(scope="module")
def e5(tmp_path_factory: pytest.TempPathFactory) -> NetworkEmbedder:
    """The default's weights under a name whose family wants prompts."""
    folder = tmp_path_factory.mktemp("models") / "multilingual-e5-small"
    folder.symlink_to(find_model(DEFAULT_MODEL))
    return NetworkEmbedder(str(folder))


def _assert_unit(vectors: Vectors, rows: int) -> None:
    assert vectors.shape == (rows, 384)
    assert vectors.dtype == np.float32
    np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1, rtol=1e-5)


def test_vectors_are_unit_length_and_float32(embedder: NetworkEmbedder) -> None:
    assert embedder.dimension == 384
    _assert_unit(embedder.embed_documents(["Die Nato tagt.", "NATO meets.", ""]), 3)


def test_nothing_in_gives_nothing_out(embedder: NetworkEmbedder) -> None:
    assert embedder.embed_queries([]).shape == (0, 384)
    assert embedder.count_tokens([]) == embedder.document_tokens([]) == []


@pytest.mark.parametrize(
    "text", ["Die Brücke bleibt gesperrt.", "«Ça va?», fragte sie: \u200bja \U0001f600", "ナトー Nato"]
)
def test_the_tokens_of_the_whole_text_are_those_of_the_text(embedder: NetworkEmbedder, text: str) -> None:
    ((whole, nothing),) = embedder.span_tokens([text], [[Span(0, len(text)), Span(0, 0)]])
    (tokens,) = embedder.document_tokens([text])
    np.testing.assert_allclose(whole, tokens, atol=1e-5)
    assert nothing.shape == (0, 384)


def test_spans_share_the_tokens_of_their_text_among_them(embedder: NetworkEmbedder, e5: NetworkEmbedder) -> None:
    text, other = "Die Brücke ist gesperrt. Es regnet.", "Heute."
    spans = [Span(0, 24), Span(25, 35)]
    for one in (embedder, e5):
        (first, second), (alone,) = one.span_tokens([text, other], [spans, [Span(0, 6)]])
        (tokens,) = one.document_tokens([text])
        assert min(len(first), len(second), len(alone)) > 0
        assert len(first) + len(second) == len(tokens)
        assert (np.sum(first * tokens[: len(first)], axis=1) > SAME).all()


def test_where_places_and_tokens_do_not_fit_a_span_has_no_tokens(
    embedder: NetworkEmbedder, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = np.array([[0, 0], [0, 4], [0, 0]])
    monkeypatch.setattr(embedder, "_places", lambda texts: [places] * len(texts))
    ((tokens,),) = embedder.span_tokens(["Die Brücke ist gesperrt."], [[Span(0, 24)]])
    assert tokens.shape == (0, 384)


def test_beyond_the_window_a_span_has_no_tokens(embedder: NetworkEmbedder) -> None:
    text = "Wort " * 400
    ((begin, end),) = embedder.span_tokens([text], [[Span(0, 4), Span(1990, 1999)]])
    assert (len(begin) > 0, len(end)) == (True, 0)
    assert embedder.span_tokens([], []) == []


@pytest.mark.parametrize(
    ("near", "far"),
    [
        ("Putin asked Trump to visit Moscow.", "The bakery sells rye bread."),
        ("Putin lud Trump nach Moskau ein.", "Der Bäcker verkauft Brot."),
    ],
)
def test_a_paraphrase_in_either_language_is_nearer_than_another_subject(
    embedder: NetworkEmbedder, near: str, far: str
) -> None:
    fits, fits_not = embedder.embed_documents([near, far]) @ embedder.embed_queries([QUESTION])[0]
    assert fits > fits_not


def test_german_question_and_english_answer_meet(embedder: NetworkEmbedder) -> None:
    question = embedder.embed_queries(["Wer wurde nach Moskau eingeladen?"])[0]
    near, far = embedder.embed_documents(["Putin invited Trump to Moscow.", "The bakery sells rye bread."]) @ question
    assert near > far


def test_tokens_are_counted_beyond_the_window(embedder: NetworkEmbedder) -> None:
    assert embedder.window == 256
    assert embedder.count_tokens(["word " * 1000])[0] > 1000


def test_counting_while_others_encode_changes_no_vector(embedder: NetworkEmbedder) -> None:
    long = ["wort " * 2000]
    expected = embedder.embed_documents(long)
    with ThreadPoolExecutor(2) as pool:
        counting = pool.submit(lambda: [embedder.count_tokens(long) for _ in range(20)])
        found = [embedder.embed_documents(long) for _ in range(5)]
        assert {count for (count,) in counting.result()} == {2002}
    for vectors in found:
        np.testing.assert_allclose(vectors, expected, atol=1e-5)


def test_no_passage_of_the_seed_is_cut_off(embedder: NetworkEmbedder) -> None:
    (loaded,) = load(find_files([SEEDS])[0])
    assert isinstance(loaded, Loaded)
    document = loaded.document
    chunks = chunk(document, window=embedder.window, count_tokens=embedder.count_tokens)
    texts = [embedded_text(Passage(document, part)) for part in chunks]
    assert max(embedder.count_tokens(texts)) <= embedder.window
    assert overlong(document, chunks, window=embedder.window, count_tokens=embedder.count_tokens) == 0


HOSTILE = {
    "empty": "",
    "one character": "a",
    "one unknown character": "\U000e0041",
    "one word without end": "x" * 100_000,
    "many words": "Krieg und Frieden " * 6_000,
    "emoji": "😀👨‍👩‍👧🏳️‍🌈" * 5_000,
    "Arabic": "الحرب انتهت. " * 8_000,
    "Chinese": "战争结束了。" * 17_000,
    "nothing visible": "\u200b\u200d\ufeff\u2060",
    "control characters": "\x00\x07\x1b[31m\x7f",
    "half of a pair": "\ud83d und \ude00",
    "accents without a letter": "\u0301" * 100_000,
}


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE)
def test_a_hostile_text_has_a_vector_like_any_other(embedder: NetworkEmbedder, text: str) -> None:
    _assert_unit(embedder.embed_documents([text]), 1)
    _assert_unit(embedder.embed_queries([text]), 1)
    (tokens,) = embedder.document_tokens([text])
    _assert_unit(tokens, len(tokens))
    assert 1 <= len(tokens) <= embedder.window
    assert embedder.count_tokens([text])[0] >= 2


ANYTHING = st.text(st.characters(exclude_categories=()), max_size=60)
SCRIPTS = st.text(st.sampled_from("aß😀👩\u200d\u200b\u202eالحرب战争\u0301\ud83d\x00 \n"), max_size=60)


@settings(max_examples=40)
@given(st.lists(ANYTHING | SCRIPTS, min_size=1, max_size=4))
def test_any_text_has_a_finite_unit_vector(embedder: NetworkEmbedder, texts: Sequence[str]) -> None:
    _assert_unit(embedder.embed_documents(texts), len(texts))
    assert min(embedder.count_tokens(texts)) >= 2


def test_a_hostile_neighbour_changes_no_vector(embedder: NetworkEmbedder) -> None:
    (alone,) = embedder.embed_documents([QUESTION])
    beside = embedder.embed_documents([QUESTION, *HOSTILE.values()])[0]
    assert float(beside @ alone) > SAME


def test_tokens_are_unit_vectors_one_row_each(embedder: NetworkEmbedder) -> None:
    (query,), (german, empty) = embedder.query_tokens(["Who called?"]), embedder.document_tokens(["Der Kreml.", ""])
    _assert_unit(query, 3)
    assert german.shape[1] == empty.shape[1] == 384


def test_a_family_that_wants_prompts_gets_them(embedder: NetworkEmbedder, e5: NetworkEmbedder) -> None:
    text = "Die Nato tagt."
    assert float(e5.embed_documents([text])[0] @ embedder.embed_documents([f"passage: {text}"])[0]) > SAME
    assert float(e5.embed_queries([text])[0] @ embedder.embed_queries([f"query: {text}"])[0]) > SAME
    assert float(e5.embed_queries([text])[0] @ embedder.embed_queries([text])[0]) < SAME


def test_prompts_count_as_tokens_but_are_not_read_as_the_text(embedder: NetworkEmbedder, e5: NetworkEmbedder) -> None:
    text = "Die Nato tagt."
    assert e5.count_tokens([text]) == embedder.count_tokens([f"passage: {text}"])
    assert e5.document_tokens([text])[0].shape == embedder.document_tokens([text])[0].shape
    assert e5.query_tokens([text])[0].shape == embedder.query_tokens([text])[0].shape


def test_with_prompts_the_vectors_are_another_encoders(embedder: NetworkEmbedder, e5: NetworkEmbedder) -> None:
    assert e5.sha256 != embedder.sha256


def test_the_digest_is_known_without_loading(embedder: NetworkEmbedder, tmp_path: Path) -> None:
    assert embedder.sha256 == embedder_sha256(IndexSettings(data_dir=tmp_path))


def test_the_settings_name_the_encoder(tmp_path: Path) -> None:
    opened: Embedder = open_embedder(IndexSettings(data_dir=tmp_path))
    assert opened.name == DEFAULT_MODEL


def test_a_missing_model_names_the_setting() -> None:
    with pytest.raises(ModelError, match=r"no-such/model.*BELEG_MODEL"):
        NetworkEmbedder("no-such/model")


def test_a_folder_with_broken_weights_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not weights")
    with pytest.raises(ModelError, match="cannot be loaded"):
        NetworkEmbedder(str(tmp_path))


@pytest.mark.parametrize("row", [[0.0, 0.0], [float("nan"), 1.0], [float("inf"), 1.0]])
def test_a_vector_that_cosine_cannot_rank_is_refused(row: list[float]) -> None:
    with pytest.raises(ModelError, match="not finite"):
        unit([row])
