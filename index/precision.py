"""Whether this processor is good at bfloat16. Imports torch only where it is called."""

from __future__ import annotations


def fast_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware (AVX512-BF16, AMX); elsewhere it is imitated, slowly."""
    import torch

    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001 - there is no public question
