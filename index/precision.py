"""Whether networks compute in bfloat16, and making one do so. Imports torch only where it is called."""

from __future__ import annotations

from typing import Any


def fast_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 in hardware (AVX512-BF16, AMX); elsewhere it is imitated, slowly."""
    import torch

    return bool(torch.ops.mkldnn._is_mkldnn_bf16_supported())  # noqa: SLF001 - there is no public question


def halve_layers(network: Any) -> None:  # noqa: ANN401 - transformers' networks have no common type with an encoder
    """Compute a network's layers in bfloat16, in place; embeddings, pooling and what comes out stay float32.

    Measured for the default model by bench/encoder.py; vectors differ from float32's by rounding, so the digest is the
    same.
    """
    import torch

    layers = network.encoder.to(torch.bfloat16)
    layers.register_forward_pre_hook(lambda _, args: (args[0].to(torch.bfloat16), *args[1:]))
    layers.register_forward_hook(_in_float32)


def _in_float32(_layers: object, _args: object, output: Any) -> Any:  # noqa: ANN401 - what transformers gives
    output.last_hidden_state = output.last_hidden_state.float()
    return output
