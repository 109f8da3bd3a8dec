r"""How fast the shipped encoder is on German news, beside its teacher and a multilingual network, and at what loss.

One run times every encoder and backend in turns on the same chunks, so that the ratios hold on a busy machine too. The
network of multilingual-e5-small has random weights and reads our tokens: its tokens per second are measured, its chunks
per second are arithmetic from an assumed number of tokens per German word. No answers are judged here.

    python -m bench.encoder --corpus ../shared/data/corpus/wikinews_de_998.jsonl.gz \
        --paragraphs ../shared/data/dev/xquad_dev_en_de.jsonl.gz --texts 256 --rounds 5
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import tempfile
from collections.abc import Collection, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from sentence_transformers import SentenceTransformer

from bench.backends import (
    BACKENDS,
    E5,
    FP32,
    OURS,
    TEACHER,
    TORCH_FLOATS,
    UnavailableError,
    e5_shape,
    load_encoder,
    load_teacher,
)
from bench.quality import Paragraphs, Quality, quality, read_paragraphs
from bench.report import show
from bench.result import E5_TOKENS_PER_WORD, Measured, to_json
from bench.speed import UNCUT, Key, Ready, Speed, encode, prepare, time_in_turns, token_counts
from bench.texts import Texts, read_texts

OUT = Path(__file__).parent / "results" / "encoder.json"


def ready(ours: SentenceTransformer, name: str, asked: Collection[str], folder: Path) -> Ready:
    """Every encoder with every backend that it is measured with, float32 always among them."""
    all_of = [
        prepare(name, lambda: ours, tuple(BACKENDS), folder, asked={FP32, *asked}),
        prepare(TEACHER, load_teacher, TORCH_FLOATS, folder, asked={FP32, *asked}),
        prepare(E5, lambda: e5_shape(ours), TORCH_FLOATS, folder, asked={FP32, *asked}),
    ]
    models = {key: model for each in all_of for key, model in each.models.items()}
    return Ready(models, {key: reason for each in all_of for key, reason in each.left_out.items()})


def qualities(models: Mapping[Key, SentenceTransformer], data: Paragraphs, progress: Progress) -> dict[Key, Quality]:
    """Retrieval by every encoder that has learnt something, each reading as many tokens as it was made for."""
    learnt = {key: model for key, model in models.items() if key.encoder != E5}
    task = progress.add_task("quality", total=len(learnt))
    found = {}
    for key, model in learnt.items():
        progress.update(task, description=f"quality: {key.encoder}, {key.backend}")
        found[key] = quality(partial(encode, model), data)
        progress.advance(task)
    return found


def speeds(
    models: Mapping[Key, SentenceTransformer], texts: Texts, rounds: int, progress: Progress
) -> dict[Key, Speed]:
    """Every model in turns, with a bar."""
    task = progress.add_task("speed", total=(rounds + 1) * len(models), completed=-1)

    def on_turn(key: Key) -> None:
        progress.update(task, advance=1, description=f"speed: {key.encoder}, {key.backend}")

    found = time_in_turns(models, texts.chunks, rounds, on_turn)
    progress.update(task, advance=1)
    return found


def measure(arguments: argparse.Namespace, progress: Progress) -> dict[str, Any]:
    """The whole result; files that a backend needs are gone when this returns or is stopped.

    Raises:
        UnavailableError: our own encoder is not there.
    """
    ours, name = load_encoder(arguments.model), arguments.model.resolve().name
    texts = read_texts(
        arguments.corpus,
        arguments.texts,
        window=int(ours.max_seq_length or UNCUT),
        count_tokens=partial(token_counts, ours),
    )
    with tempfile.TemporaryDirectory() as folder:
        models, left_out = ready(ours, name, arguments.backends, Path(folder))
        # Quality first: for the timing the windows are widened.
        found = qualities(models, read_paragraphs(arguments.paragraphs), progress) if arguments.paragraphs else {}
        speed = speeds(models, texts, arguments.rounds, progress)
    return to_json(Measured(name, texts, models, left_out, speed, found), arguments.e5_tokens_per_word)


def write(result: dict[str, Any], path: Path) -> None:
    """Write the result, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    written = path.with_name(f"{path.name}.{os.getpid()}.tmp")
    try:
        written.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
        written.replace(path)
    finally:
        written.unlink(missing_ok=True)


def main() -> None:
    """Measure, print, and write the result file."""
    arguments = _arguments()
    try:
        with _progress() as progress:
            result = measure(arguments, progress)
    except KeyboardInterrupt:
        sys.exit("stopped; nothing was written")
    except (UnavailableError, OSError) as error:
        sys.exit(f"error: {error}. See python -m bench.encoder --help")
    write(result, arguments.out)
    if arguments.json:
        print(json.dumps(result))
    else:
        show(result, Console())


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m bench.encoder", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", type=Path, default=OURS, help="our encoder's folder (default: the shipped one)")
    parser.add_argument(
        "--corpus", type=Path, help="German news besides seeds/: gzipped JSON lines: id, title, text, date"
    )
    parser.add_argument("--paragraphs", type=Path, help="XQuAD, as evals/xquad.py reads it; without it, speed alone")
    parser.add_argument(
        "--backends", nargs="+", choices=BACKENDS, default=list(BACKENDS), help="these and fp32 (default: all)"
    )
    parser.add_argument("--texts", type=_positive, default=256, help="chunks, at most (default: %(default)s)")
    parser.add_argument("--rounds", type=_positive, default=5, help="rounds that count (default: %(default)s)")
    parser.add_argument(
        "--e5-tokens-per-word", type=float, default=E5_TOKENS_PER_WORD, help="assumed for German (default: %(default)s)"
    )
    parser.add_argument("--out", type=Path, default=OUT, help="result file (default: bench/results/encoder.json)")
    parser.add_argument("--json", action="store_true", help="print the result as one line of JSON, not as tables")
    return parser.parse_args()


def _positive(text: str) -> int:
    number = int(text)
    if number < 1:
        raise argparse.ArgumentTypeError(f"{text} is not a positive number")
    return number


def _progress() -> Progress:
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    return Progress(*columns, console=Console(stderr=True))


if __name__ == "__main__":
    main()
