"""Writes the student as a standard sentence-transformers folder: fp16 safetensors, tokenizer, pooling, normalisation.

The weights are stored in fp16 and declared float32, so that whoever loads the folder computes in full precision.
"""

from __future__ import annotations

import json
from pathlib import Path

import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer
from transformers import PreTrainedModel, PreTrainedTokenizerFast

from index.types import file_sha256
from train.encoder.model import Encoder

WEIGHTS = "model.safetensors"
_SPECIAL = {"unk": "[UNK]", "sep": "[SEP]", "pad": "[PAD]", "cls": "[CLS]", "mask": "[MASK]"}
_MODULES = [
    {"idx": 0, "name": "0", "path": "", "type": "sentence_transformers.models.Transformer"},
    {"idx": 1, "name": "1", "path": "1_Pooling", "type": "sentence_transformers.models.Pooling"},
    {"idx": 2, "name": "2", "path": "2_Normalize", "type": "sentence_transformers.models.Normalize"},
]


def export(encoder: Encoder, folder: Path) -> str:
    """Write the folder; returns the weights' hex SHA-256. The model card is `train.encoder.card`'s."""
    (folder / "1_Pooling").mkdir(parents=True, exist_ok=True)
    _write_json(folder / "modules.json", _MODULES)
    _write_json(folder / "sentence_bert_config.json", {"max_seq_length": encoder.max_tokens, "do_lower_case": False})
    _write_json(folder / "config_sentence_transformers.json", {"similarity_fn_name": "cosine"})
    pooling = {"word_embedding_dimension": encoder.network.config.hidden_size, "pooling_mode_mean_tokens": True}
    _write_json(folder / "1_Pooling" / "config.json", pooling)
    return export_network(encoder.network, encoder.tokenizer, encoder.max_tokens, folder)


def export_network(network: PreTrainedModel, tokenizer: Tokenizer, max_tokens: int, folder: Path) -> str:
    """Write a network and its tokenizer as transformers reads them; returns the weights' hex SHA-256."""
    folder.mkdir(parents=True, exist_ok=True)
    _write_tokenizer(tokenizer, max_tokens, folder)
    config = network.config.to_dict() | {"dtype": "float32", "architectures": [type(network).__name__]}
    for machine_made in ("_name_or_path", "transformers_version"):
        config.pop(machine_made, None)
    _write_json(folder / "config.json", config)
    state = {name: tensor.to(torch.float16).contiguous() for name, tensor in network.state_dict().items()}
    state = {name: tensor for name, tensor in state.items() if not name.endswith("position_ids")}
    save_file(state, folder / WEIGHTS, metadata={"format": "pt"})
    (folder / WEIGHTS).chmod(0o644)  # the library makes it readable by its owner alone
    sha256 = file_sha256(folder / WEIGHTS)
    (folder / f"{WEIGHTS}.sha256").write_text(f"{sha256}  {WEIGHTS}\n", encoding="utf-8")
    return sha256


def _write_tokenizer(tokenizer: Tokenizer, max_tokens: int, folder: Path) -> None:
    special = {f"{role}_token": token for role, token in _SPECIAL.items()}
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, model_max_length=max_tokens, **special)
    fast.save_pretrained(folder)
    described = json.loads((folder / "tokenizer_config.json").read_text(encoding="utf-8"))
    described.pop("backend", None)
    described["tokenizer_class"] = "PreTrainedTokenizerFast"  # the name that every version of the library knows
    _write_json(folder / "tokenizer_config.json", described)


def _write_json(path: Path, value: object) -> None:
    path.write_text(json.dumps(value, indent=2, sort_keys=True) + "\n", encoding="utf-8")
