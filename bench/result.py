"""What the encoder benchmark writes down: measured figures, ratios, and the arithmetic for an absent tokenizer.

Plain lists, dicts, strings and numbers come out; how they are shown is bench/report.py's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from importlib import metadata
from statistics import fmean
from typing import Any

import torch
from sentence_transformers import SentenceTransformer

from bench.backends import E5, FP32, TEACHER, network_of
from bench.quality import Quality
from bench.speed import BATCH_SIZE, UNCUT, Key, Speed, token_counts
from bench.texts import Texts
from index.precision import fast_bfloat16
from qa.evaluate import environment

MORE_VERSIONS = ("transformers", "onnx", "onnxruntime")
# An assumption, not a measurement: the tokenizer is not in any package. mT5's, of the same kind and size, makes 1.7 to
# 1.9 of a German word (github.com/GermanT5/tokenizer); XLM-R's is finer on European languages.
E5_TOKENS_PER_WORD = 1.5
E5_TOKENS_PER_TEXT = 4  # "passage:" as two pieces, and two special tokens
PER_SENTENCE = ("tokens_per_sentence", "pieces_per_sentence")  # with and without special tokens


@dataclass(frozen=True, slots=True)
class Measured:
    """All that one run has found; `ours` is our encoder's name."""

    ours: str
    texts: Texts
    models: Mapping[Key, SentenceTransformer]
    left_out: Mapping[Key, str]
    speed: Mapping[Key, Speed]
    quality: Mapping[Key, Quality]


def to_json(found: Measured, tokens_per_word: float) -> dict[str, Any]:
    """The whole result; `tokens_per_word` is what multilingual-e5-small is assumed to make of German."""
    texts, facts = found.texts, _encoders(found)
    rows = [_row(key, found) for key in found.speed]
    return {
        "chunks": len(texts.chunks),
        "documents": texts.documents,
        "sentences": len(texts.sentences),
        "words_per_chunk": round(texts.words / len(texts.chunks), 2),
        "rounds": len(next(iter(found.speed.values())).seconds),
        "batch_size": BATCH_SIZE,
        "encoders": facts,
        **{f"{what}_to_teacher": _to_teacher(facts, found.ours, what) for what in PER_SENTENCE},
        "rows": rows + [{**key._asdict(), "left_out": reason} for key, reason in found.left_out.items()],
        "e5_by_arithmetic": _e5_arithmetic(found, tokens_per_word),
        **_machine(),
    }


def _row(key: Key, found: Measured) -> dict[str, Any]:
    own, speed = found.speed[key], found.speed
    references = {
        "times_teacher_fp32": Key(TEACHER, FP32),
        "times_teacher_same_backend": Key(TEACHER, key.backend),
        "times_ours_fp32": Key(found.ours, FP32),
    }
    line: dict[str, Any] = {
        **key._asdict(),
        "chunks_per_s": round(own.chunks_per_s, 2),
        "tokens_per_s": round(own.tokens_per_s, 1),
        **{name: round(own.times(speed[other]), 3) if other in speed else None for name, other in references.items()},
        "seconds": [round(seconds, 4) for seconds in own.seconds],
    }
    if key in found.quality:
        line["quality"] = _quality(found.quality[key], found.quality[Key(key.encoder, FP32)])
    return line


def _encoders(found: Measured) -> dict[str, dict[str, Any]]:
    """Sizes and tokens of each encoder. The network of multilingual-e5-small read our tokens, so they are not told."""
    models = {key.encoder: model for key, model in found.models.items() if key.backend == FP32}
    return {
        name: {**_sizes(network_of(model)), **({} if name == E5 else _tokens(model, found.texts))}
        for name, model in models.items()
    }


def _tokens(model: SentenceTransformer, texts: Texts) -> dict[str, Any]:
    (special,) = token_counts(model, [""])
    counts = token_counts(model, texts.chunks)
    per_sentence = fmean(token_counts(model, texts.sentences))
    return {
        "tokens_per_chunk": round(fmean(counts), 2),
        "chunks_cut_off": sum(count > UNCUT for count in counts),
        "tokens_per_sentence": round(per_sentence, 2),
        "pieces_per_sentence": round(per_sentence - special, 2),
    }


def _e5_arithmetic(found: Measured, tokens_per_word: float) -> dict[str, Any]:
    """Chunks per second of multilingual-e5-small, had it the assumed number of tokens, and ours in relation to it."""
    per_chunk = tokens_per_word * found.texts.words / len(found.texts.chunks) + E5_TOKENS_PER_TEXT
    speed = {key.backend: of.tokens_per_s / per_chunk for key, of in found.speed.items() if key.encoder == E5}
    ours = {backend: found.speed[Key(found.ours, backend)].chunks_per_s for backend in speed}
    return {
        "assumed_tokens_per_word": tokens_per_word,
        "tokens_per_chunk": round(per_chunk, 2),
        "chunks_per_s": {backend: round(value, 2) for backend, value in speed.items()},
        "ours_times_same_backend": {backend: round(ours[backend] / value, 3) for backend, value in speed.items()},
    }


def _quality(found: Quality, exact: Quality) -> dict[str, Any]:
    return {
        "recall@1": {pair: round(value, 4) for pair, value in found.recall.items()},
        "RR@10": {pair: round(value, 4) for pair, value in found.rr.items()},
        "mean_RR@10": round(found.mean_rr, 5),
        "loss_to_fp32": round(exact.mean_rr - found.mean_rr, 5),
    }


def _sizes(network: torch.nn.Module) -> dict[str, int]:
    named = [(name, parameter.numel()) for name, parameter in network.named_parameters() if "pooler" not in name]
    inside = sum(size for name, size in named if "embeddings." not in name)
    return {"parameters": sum(size for _, size in named), "parameters_in_layers": inside}


def _to_teacher(facts: Mapping[str, dict[str, Any]], ours: str, what: str) -> float | None:
    teacher = facts.get(TEACHER)
    return round(facts[ours][what] / teacher[what], 4) if teacher else None


def _machine() -> dict[str, Any]:
    known = {name for name in MORE_VERSIONS if _installed(name)}
    here = {k: v for k, v in asdict(environment("")).items() if k != "generation"}
    here["versions"] |= {name: metadata.version(name) for name in sorted(known)}
    bf16 = {"threads": torch.get_num_threads(), "bf16_in_hardware": fast_bfloat16()}
    return {**here, "processor": torch.backends.cpu.get_cpu_capability(), **bf16}


def _installed(package: str) -> bool:
    try:
        metadata.version(package)
    except metadata.PackageNotFoundError:
        return False
    return True
