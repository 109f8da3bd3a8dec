"""BERT as it is computed here, held against transformers and sentence-transformers, which say what it should be."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from threading import Thread

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from safetensors.torch import load_file, save_file
from transformers import AutoModelForTokenClassification

from index.bert import Bert, _fused, _in_steps, _packing, _shared_pool
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
    found = ours(rows, segments)
    assert [len(hidden) for hidden in found] == [len(row) for row in rows]
    together = torch.cat(found)
    assert ours.head is not None
    torch.testing.assert_close(together, expected.hidden_states[-1][mask.bool()], atol=1e-5, rtol=0)
    logits = together @ ours.head.weight.T + ours.head.bias
    torch.testing.assert_close(logits, expected.logits[mask.bool()], atol=1e-4, rtol=0)


def test_in_bfloat16_only_rounding_differs(ours: Bert) -> None:
    rows = [[101, *range(2000, 2000 + length), 102] for length in (3, 60, 17)]
    exact, halved = ours(rows), Bert(READER, bfloat16=True)(rows)
    for one, other in zip(exact, halved, strict=True):
        assert other.dtype == torch.float32
        assert torch.cosine_similarity(one, other).min() > 0.99


@settings(max_examples=50)
@given(
    scale=st.floats(0.1, 60), shift=st.floats(-300, 300), lengths=st.lists(st.integers(1, 20), min_size=1, max_size=3)
)
def test_attention_multiplied_out_is_the_fused_one_whatever_the_scores(
    scale: float, shift: float, lengths: list[int]
) -> None:
    """Scores too great or too small for an exponential as they are (e^88, e^-87) included."""
    heads, longest, width = 2, 32, 16
    generator = torch.Generator().manual_seed(0)
    shape = (len(lengths), heads, longest, width)
    query, key, value = (torch.randn(shape, generator=generator) for _ in range(3))
    query, key = query * scale, key.clone()
    query[..., 0], key[..., 0] = 4.0, shift  # adds as much to every score of a row, which changes no softmax
    bias = _packing(torch.tensor(lengths), torch.float32).bias
    bias = torch.nn.functional.pad(bias, (0, longest - bias.shape[-1]), value=torch.finfo(torch.float32).min)
    found, expected = _in_steps(query, key, value, bias), _fused(query, key, value, bias)
    torch.testing.assert_close(found, expected, atol=1e-3, rtol=1e-3)


TEXTS = (
    "Die Brücke bleibt gesperrt.",
    "  What did Hegseth say about NATO?  ",
    "",
    "«Ça va?», fragte sie: \u200bja \U0001f600",
    "Wort " * 400,
    "zwei\nZeilen\tund mehr",
)


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
    with pytest.raises(ModelError, match="not computed here: hidden_act 'relu'"):
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


@given(lengths=st.lists(st.integers(1, 300), max_size=12))
@settings(max_examples=15)
def test_rows_of_any_number_come_back_as_each_is_alone(ours: Bert, lengths: list[int]) -> None:
    rows = [[101, *range(1000, 1000 + length), 102] for length in lengths]
    found = ours.rows(rows)
    assert [len(hidden) for hidden in found] == [len(row) for row in rows]
    for hidden, row in zip(found, rows, strict=True):
        torch.testing.assert_close(hidden, ours([row])[0], atol=1e-4, rtol=0)


def test_the_threads_of_others_are_left_as_they_are(ours: Bert) -> None:
    before = torch.get_num_threads()
    ours.rows([[101, *range(1000, 1400), 102]] * 6)
    with ThreadPoolExecutor(1) as fresh:
        assert fresh.submit(torch.get_num_threads).result() == torch.get_num_threads() == before


def test_where_no_thread_can_be_started_all_is_computed_by_those_there_are(monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(_: Thread) -> None:
        raise RuntimeError("can't start new thread")

    before = torch.get_num_threads()
    torch.set_num_threads(3)
    try:
        with monkeypatch.context() as patched:
            patched.setattr(Thread, "start", refused)
            assert _shared_pool.__wrapped__() is None
        pool = _shared_pool.__wrapped__()
        assert pool is not None
        assert set(pool.threads.map(lambda _: torch.get_num_threads(), range(9))) == {1}
        pool.threads.shutdown()
        assert torch.get_num_threads() == 3
    finally:
        torch.set_num_threads(before)


def test_a_row_beyond_the_positions_is_refused_and_one_that_fills_them_is_not(ours: Bert) -> None:
    assert ours([[101] * 512])[0].shape == (512, 384)
    with pytest.raises(ValueError, match="513 pieces, this network has 512 positions"):
        ours.rows([[101] * 513])


def test_what_is_usual_need_not_be_said(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "model")
    config = json.loads((folder / "config.json").read_text())
    del config["position_embedding_type"], config["hidden_act"]
    (folder / "config.json").write_text(json.dumps(config))
    assert Bert(folder, bfloat16=False).width == 384


def test_weights_of_another_shape_are_named(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "model")
    weights = load_file(folder / "model.safetensors")
    weights["encoder.layer.0.attention.self.key.weight"] = torch.zeros(384, 7)
    save_file(weights, folder / "other.safetensors")
    (folder / "other.safetensors").replace(folder / "model.safetensors")
    with pytest.raises(ModelError, match="cannot be read"):
        Bert(folder, bfloat16=False)


def test_what_is_loaded_does_not_change_with_the_file(tmp_path: Path) -> None:
    folder = _folder(tmp_path / "model")
    network = Bert(folder, bfloat16=False)
    before = network([[101, 1000, 102]])
    with (folder / "model.safetensors").open("r+b") as file:
        file.seek(100_000)
        file.write(b"\0" * 40_000_000)
    torch.testing.assert_close(network([[101, 1000, 102]]), before)


def test_the_product_needs_neither_library(tmp_path: Path) -> None:
    """They take seconds to import: one stray import would bring those back to every command."""
    code = """
import sys
from pathlib import Path
from index.build import build
from qa.pipeline import Assistant
from qa.settings import Settings
(Path(sys.argv[1]) / "a.txt").write_text("Die Nato tagt in Madrid. Es geht um die Ukraine.", encoding="utf-8")
settings = Settings.load(data_dir=Path(sys.argv[1]) / "data")
build([Path(sys.argv[1]) / "a.txt"], settings)
Assistant(settings).ask("Wo tagt die Nato?")
print(sorted({"sentence_transformers", "transformers", "sklearn", "scipy.stats"} & set(sys.modules)))
"""
    command = [sys.executable, "-c", code, str(tmp_path)]
    done = subprocess.run(command, capture_output=True, text=True, check=True, cwd=MODELS.parent)
    assert done.stdout.strip() == "[]"
