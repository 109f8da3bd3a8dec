"""How torch computes here: what it must be told before it is loaded, and whether bfloat16 is fast."""

from __future__ import annotations

import os

# oneDNN and torch keep what they prepare for each shape of input, by default for 1,024 shapes each. Texts have many
# shapes: a program that answers grew by gigabytes. Both read this once, when the first network runs (docs/log.md).
for _cache in ("ONEDNN_PRIMITIVE_CACHE_CAPACITY", "LRU_CACHE_CAPACITY"):
    os.environ.setdefault(_cache, "64")
os.environ.setdefault("TOKENIZERS_PARALLELISM", "true")  # no process of ours forks and goes on in Python


def fast_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware (AVX512-BF16, AMX); elsewhere it is imitated, slowly."""
    import torch

    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001 - there is no public question
