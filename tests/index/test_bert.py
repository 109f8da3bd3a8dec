"""BERT as it is computed here, held against transformers and sentence-transformers, which say what it should be."""

from __future__ import annotations

import json
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from transformers import AutoModelForTokenClassification

from index.bert import Batch, Bert
from index.embed import NetworkEmbedder
from index.errors import ModelError
from index.model_files import MODELS, find_model
from index.networks import BertNetwork
from index.settings import DEFAULT_MODEL

READER = MODELS / "reader-de-en"
PIECES = 47_000
ROWS = st.lists(st.lists(st.integers(1, PIECES), min_size=1, max_size=40), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def reference() -> torch.nn.Module:
    """The reader, which has segments and a head besides, as transformers loads it."""
    network: torch.nn.Module = AutoModelForTokenClassification.from_pretrained(READER, local_files_only=True)
    return network.float().eval()


@pytest.fixture(scope="module")
def ours() -> Bert:
    return Bert(READER, bfloat16=False)


@settings(max_examples=30)
@given(rows=ROWS, data=st.data())
def test_every_piece_is_what_transformers_makes_of_it(
    ours: Bert, reference: torch.nn.Module, rows: list[list[int]], data: st.DataObject
) -> None:
    segments = [data.draw(st.lists(st.integers(0, 1), min_size=len(row), max_size=len(row))) for row in rows]
    longest = max(map(len, rows))
    mask = torch.tensor([[1] * len(row) + [0] * (longest - len(row)) for row in rows])
    ids, kinds = (
        torch.tensor([[*one, *[0] * (longest - len(one))] for one in several]) for several in (rows, segments)
    )
    with torch.inference_mode():
        expected = reference(input_ids=ids, token_type_ids=kinds, attention_mask=mask, output_hidden_states=True)
    found = ours(rows, segments)[:, :longest]
    assert ours.head is not None
    for i, row in enumerate(rows):
        torch.testing.assert_close(found[i, : len(row)], expected.hidden_states[-1][i, : len(row)], atol=1e-5, rtol=0)
    logits = found @ ours.head.weight.T + ours.head.bias
    torch.testing.assert_close(logits[mask.bool()], expected.logits[mask.bool()], atol=1e-4, rtol=0)


def test_in_bfloat16_only_rounding_differs(ours: Bert) -> None:
    rows = [[101, *range(2000, 2000 + length), 102] for length in (3, 60, 17)]
    exact, halved = ours(rows), Bert(READER, bfloat16=True)(rows)
    assert halved.dtype == torch.float32
    for row, one, other in zip(rows, exact, halved, strict=True):
        assert torch.cosine_similarity(one[: len(row)], other[: len(row)]).min() > 0.99


TEXTS = (
    "Die Brücke bleibt gesperrt.",
    "  What did Hegseth say about NATO?  ",
    "",
    "«Ça va?», fragte sie: \u200bja \U0001f600",
    "Wort " * 400,
    "zwei\nZeilen\tund mehr",
)


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> NetworkEmbedder:
    """The packaged encoder under another name: that is the library's to compute."""
    folder = tmp_path_factory.mktemp("models") / "own"
    folder.symlink_to(find_model(DEFAULT_MODEL))
    return NetworkEmbedder(str(folder))


@pytest.fixture(scope="module")
def packaged() -> NetworkEmbedder:
    return NetworkEmbedder(DEFAULT_MODEL)


def test_the_packaged_encoder_is_the_librarys(library: NetworkEmbedder, packaged: NetworkEmbedder) -> None:
    same = 0.999  # ours rounds to bfloat16 where the processor is good at that
    assert packaged.sha256 == library.sha256
    assert (packaged.dimension, packaged.window) == (library.dimension, library.window)
    assert packaged.count_tokens(TEXTS) == library.count_tokens(TEXTS)
    for embed in ("embed_queries", "embed_documents"):
        one, other = getattr(packaged, embed)(TEXTS), getattr(library, embed)(TEXTS)
        assert np.sum(one * other, axis=1).min() > same
    for one, other in zip(packaged.document_tokens(TEXTS), library.document_tokens(TEXTS), strict=True):
        assert one.shape == other.shape
        assert np.sum(one * other, axis=1).mean() > same


def _folder(path: Path, without: Sequence[str] = (), **config: object) -> Path:
    source = find_model(DEFAULT_MODEL)
    path.mkdir()
    changed = json.loads((source / "config.json").read_text()) | config
    (path / "config.json").write_text(json.dumps(changed))
    save_file({k: v for k, v in load_file(source / "model.safetensors").items() if k not in without},
              path / "model.safetensors")  # fmt: skip
    return path


def test_another_network_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="another network than BERT: hidden_act 'relu'"):
        Bert(_folder(tmp_path / "model", hidden_act="relu"), bfloat16=False)


def test_weights_that_are_not_there_are_named(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "model", without=["encoder.layer.3.output.dense.weight"])
    with pytest.raises(ModelError, match=r"layer\.3\.output\.dense\.weight"):
        Bert(folder, bfloat16=False)


@pytest.mark.parametrize("content", [None, b"", b"{}", b"\xff", b"[]"])
def test_a_damaged_configuration_is_named(tmp_path: Path, content: bytes | None) -> None:
    if content is not None:
        (tmp_path / "config.json").write_bytes(content)
    with pytest.raises(ModelError, match=str(tmp_path)):
        Bert(tmp_path, bfloat16=False)


def test_what_the_encoder_needs_beside_its_weights_is_named(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "model")
    with pytest.raises(ModelError, match=r"tokenizer in .* cannot be loaded"):
        BertNetwork(folder)
    (folder / "tokenizer.json").symlink_to(find_model(DEFAULT_MODEL) / "tokenizer.json")
    with pytest.raises(ModelError, match=r"sentence_bert_config\.json cannot be read"):
        BertNetwork(folder)


def test_each_batch_on_a_core_of_its_own_is_computed_as_alone(ours: Bert) -> None:
    batches = [Batch([[101, *range(1000, 1000 + length), 102]] * 2) for length in (3, 40, 17, 5, 60)]
    for together, batch in zip(ours.each(batches), batches, strict=True):
        torch.testing.assert_close(together, ours(*batch), atol=1e-5, rtol=0)


def test_the_threads_of_others_are_left_as_they_are(ours: Bert) -> None:
    before = torch.get_num_threads()
    ours.each([Batch([[101, 102]]), Batch([[101, 1000, 102]])])
    with ThreadPoolExecutor(1) as fresh:
        assert fresh.submit(torch.get_num_threads).result() == torch.get_num_threads() == before
