r"""How fast Beleg builds an index, where the time goes, and what memory and disk that takes.

Each corpus is indexed three times, each time in a new process and like `beleg index` would: first into an empty data
directory, then with nothing changed, then with one record edited. Shares are of the build's own time, which begins when
Python and our modules are loaded. What the encoder does is held against the fastest matrix multiplication that this
machine shows right after the build, in the numbers that the encoder multiplies.

    python -m bench.index --corpus ../shared/data/corpus/wikinews_de_998.jsonl.gz \
        ../shared/data/corpus/bundestag_speeches_de_37126.jsonl.gz --limit 2000
"""

from __future__ import annotations

import argparse
import gzip
import json
import tempfile
from collections.abc import Callable
from itertools import islice
from pathlib import Path
from time import perf_counter
from typing import Any

from rich.console import Console
from rich.progress import Progress
from rich.table import Table

from bench.builds import ENCODER, NETWORK, Built, Job, Shape, run_build, shares
from bench.child import Memory, Note, in_child
from bench.running import RESULTS, following, positive, run

PEAK_SIZES, _PEAK_ROUNDS = (1024, 2048, 4096), 10  # of a square matrix: one of these fits the caches best
_EDIT = " Ein Satz kam hinzu."


def measure(corpus: Path, limit: int, on_progress: Callable[[Any], None]) -> dict[str, Any]:
    """All figures of one corpus, of which the first `limit` records are indexed; its files are gone afterwards."""
    with tempfile.TemporaryDirectory(prefix="beleg-bench-") as folder:
        source, data_dir = Path(folder, f"{corpus.name.split('.')[0]}.jsonl"), Path(folder, "data")
        job = Job(source, data_dir)
        lines = unpack(corpus, limit)
        source.write_text("".join(lines), encoding="utf-8")
        first, memory = run_build(job, on_progress)
        peak, _ = in_child(matmul_peak, first.network.dtype if first.network else "float32")
        found = {"corpus": corpus.name, **figures(first, memory, disk(data_dir, first), peak)}
        same, _ = run_build(job, on_progress)
        source.write_text("".join(edited(lines)), encoding="utf-8")
        other, _ = run_build(job, on_progress)
    return {**found, "again": {"unchanged": again(same, first), "one record edited": again(other, first)}}


def unpack(corpus: Path, limit: int) -> list[str]:
    """The first `limit` lines of a file of JSON lines, gzipped or not."""
    with (
        gzip.open(corpus, "rt", encoding="utf-8") if corpus.suffix == ".gz" else corpus.open(encoding="utf-8") as lines
    ):
        return list(islice(lines, limit))


def edited(lines: list[str]) -> list[str]:
    """The lines, of which the middle one's text has one more sentence."""
    middle = len(lines) // 2
    record = json.loads(lines[middle])
    record["text"] += _EDIT
    return [*lines[:middle], json.dumps(record, ensure_ascii=False) + "\n", *lines[middle + 1 :]]


def disk(data_dir: Path, built: Built) -> dict[str, int]:
    """Bytes of each part of the generation, and of the cache of vectors beside it."""
    parts = {path.name: size(path) for path in sorted((data_dir / "generations" / built.generation).iterdir())}
    return {**parts, "vector cache": size(data_dir / "vectors")}


def size(path: Path) -> int:
    """Bytes of a file, or of all files in a folder."""
    return sum(file.stat().st_size for file in [path, *path.rglob("*")] if file.is_file())


def figures(built: Built, memory: Memory, on_disk: dict[str, int], peak: float) -> dict[str, Any]:
    """What a first build comes to; `peak` is in floating-point operations a second."""
    return {
        "documents": built.documents,
        "chunks": built.chunks,
        "encoded": {
            "chunks": built.embedded,
            "sentences": built.work.texts - built.embedded,
            "tokens": built.work.tokens,
        },
        "seconds": round(built.seconds, 2),
        **rates(built),
        "share_of_time": {name: round(share, 4) for name, share in shares(built.stages, built.seconds).items()},
        "share_of_time_inside_encoder": round(sum(built.stages.get(name, 0) for name in ENCODER) / built.seconds, 4),
        "multiplying": multiplying(built, built.network, peak) if built.network else None,
        "peak_mb": memory.to_json(),
        "bytes_per_chunk": {
            name: round(part / built.chunks, 1) for name, part in {**on_disk, "all": sum(on_disk.values())}.items()
        },
    }


def rates(built: Built) -> dict[str, float]:
    """Per second of the build: documents and chunks of the index, sentences and tokens that the encoder ran on."""
    sentences = built.work.texts - built.embedded
    counts = {"documents": built.documents, "chunks": built.chunks, "sentences": sentences, "tokens": built.work.tokens}
    return {f"{name}_per_s": round(count / built.seconds, 2) for name, count in counts.items()}


def multiplying(built: Built, shape: Shape, peak: float) -> dict[str, Any]:
    """How near the encoder, and the network in it, come to the machine's `peak`, of what is not mere filling."""
    work = built.work
    useful, done = flops(shape, work.tokens, work.squares), flops(shape, work.tokens, work.padded_squares)
    inside = sum(built.stages.get(name, 0) for name in ENCODER)
    network = built.stages[NETWORK]
    return {
        "dtype": shape.dtype,
        "peak_gflops": round(peak / 1e9, 1),
        "mflop_per_token": round(useful / work.tokens / 1e6, 2),
        "share_of_peak_in_encoder": round(useful / inside / peak, 4),
        "share_of_peak_in_network": round(useful / network / peak, 4),
        "share_of_peak_in_network_with_padding": round(done / network / peak, 4),
        "padding_of_attention": round(1 - work.squares / work.padded_squares, 4),
    }


def flops(shape: Shape, tokens: int, squares: int) -> int:
    """Floating-point operations of the layers' matrix products: two for a multiplication and its addition.

    A token meets four square matrices and the two of the feed-forward part; of attention, each pair of tokens of a text
    makes two products of the hidden size, so `squares` is the sum over texts of their squared number of tokens.
    """
    weights = 4 * shape.hidden**2 + 2 * shape.hidden * shape.intermediate
    return 2 * shape.layers * (tokens * weights + 2 * shape.hidden * squares)


def matmul_peak(dtype: str, note: Note) -> float:
    """The most floating-point operations a second that torch.matmul reaches here in `dtype`."""
    import torch

    best = 0.0
    for length in PEAK_SIZES:
        note(f"matrices of {length}")
        one, other = (torch.randn(length, length).to(getattr(torch, dtype)) for _ in range(2))
        for _ in range(_PEAK_ROUNDS):
            started = perf_counter()
            torch.matmul(one, other)
            best = max(best, 2 * length**3 / (perf_counter() - started))
    return best


def again(built: Built, first: Built) -> dict[str, Any]:
    """What another build took in relation to the first."""
    return {
        "seconds": round(built.seconds, 3),
        "times_first": round(built.seconds / first.seconds, 4),
        "chunks_encoded": built.embedded,
        "seconds_by_stage": {name: round(took, 3) for name, took in sorted(built.stages.items(), key=lambda i: -i[1])},
    }


def show(result: dict[str, Any], console: Console) -> None:
    """Print the figures of every corpus side by side."""
    corpora = result["corpora"]
    table = Table("", *(found["corpus"] for found in corpora), title="Building an index", title_justify="left")
    for name in (
        "documents",
        "chunks",
        "seconds",
        "documents_per_s",
        "chunks_per_s",
        "sentences_per_s",
        "tokens_per_s",
    ):
        table.add_row(name.replace("_", " "), *(f"{found[name]:,}" for found in corpora))
    for group in ("share_of_time", "multiplying", "peak_mb", "bytes_per_chunk"):
        table.add_section()
        for name in corpora[0][group] or ():
            table.add_row(
                f"{group.replace('_', ' ')}: {name}", *(str((found[group] or {}).get(name, "–")) for found in corpora)
            )
    table.add_section()
    for name in corpora[0]["again"]:
        table.add_row(f"{name}: times first", *(str(found["again"][name]["times_first"]) for found in corpora))
    console.print(table)


def main() -> None:
    """Measure, print and write."""
    parser = argparse.ArgumentParser(
        prog="python -m bench.index", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--corpus", type=Path, nargs="+", required=True, help="JSON lines, gzipped or not")
    parser.add_argument("--limit", type=positive, default=2000, help="records of each, at most (default: %(default)s)")
    parser.add_argument("--out", type=Path, default=RESULTS / "index.json", help="default: bench/results/index.json")
    arguments = parser.parse_args()

    def measured(progress: Progress) -> dict[str, Any]:
        each = [(corpus, following(progress, corpus.name)) for corpus in arguments.corpus]
        return {"corpora": [measure(corpus, arguments.limit, follow) for corpus, follow in each]}

    show(run(measured, arguments.out), Console())


if __name__ == "__main__":
    main()
