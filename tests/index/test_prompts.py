"""Prompts come from the model's files, else from its family's name, else there are none."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from index.errors import ModelError
from index.prompts import Prompts, prompts_of

CONFIG = "config_sentence_transformers.json"
E5 = Prompts("query: ", "passage: ")


@pytest.mark.parametrize(
    "model",
    [
        "intfloat/multilingual-e5-small",
        "intfloat/e5-base-v2",
        "intfloat/multilingual-e5-large",
        "~/models/Multilingual-E5-small",
        "/home/a/.cache/huggingface/hub/models--intfloat--multilingual-e5-small/snapshots/0123abc",
    ],
)
def test_e5_gets_its_prompts(model: str, tmp_path: Path) -> None:
    assert prompts_of(model, tmp_path) == E5


@pytest.mark.parametrize(
    "model",
    [
        "minilm-de-en",
        "BAAI/bge-m3",
        "intfloat/multilingual-e5-large-instruct",
        "intfloat/e5-mistral-7b-instruct",
        "type5-small",
        "/home/a/e5-small/bge-m3",
        ".",
        "",
    ],
)
def test_others_get_none(model: str, tmp_path: Path) -> None:
    assert prompts_of(model, tmp_path) == Prompts()


@pytest.mark.parametrize("name", ["document", "passage", "corpus"])
def test_what_the_model_declares_wins(name: str, tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text(json.dumps({"prompts": {"query": "Q: ", name: "D: "}}))
    assert prompts_of("intfloat/e5-small", tmp_path) == Prompts("Q: ", "D: ")


@pytest.mark.parametrize("config", [{}, {"prompts": None}, {"prompts": {}}, {"prompts": {"query": "", "document": ""}}])
def test_declaring_nothing_leaves_it_to_the_family(config: object, tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text(json.dumps(config))
    assert prompts_of("intfloat/e5-small", tmp_path) == E5
    assert prompts_of("minilm-de-en", tmp_path) == Prompts()


@pytest.mark.parametrize("text", ["", "[]", "{", '{"prompts": 3}'])
def test_a_broken_configuration_is_named(text: str, tmp_path: Path) -> None:
    (tmp_path / CONFIG).write_text(text)
    with pytest.raises(ModelError, match=CONFIG):
        prompts_of("intfloat/e5-small", tmp_path)
