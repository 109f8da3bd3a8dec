"""The encoder benchmark's result as tables; it computes nothing that is not in the result."""

from __future__ import annotations

from typing import Any

from rich.console import Console
from rich.table import Table

from bench.quality import PAIRS


def show(result: dict[str, Any], console: Console) -> None:
    """Print the tables, and what a reader must know to read them."""
    console.print(_speed(result))
    if any("quality" in row for row in result["rows"]):
        console.print(_quality(result))
    console.print(_encoders(result))
    for line in _notes(result):
        console.print(line, highlight=False)


def _speed(result: dict[str, Any]) -> Table:
    title = f"Speed: {result['chunks']} German chunks, {result['rounds']} rounds in turns, {result['threads']} threads"
    headings = ("chunks/s", "tokens/s", "x teacher fp32", "x teacher, same", "x ours fp32", "mean RR@10", "loss")
    table = Table("encoder", "backend", *headings, title=title, title_justify="left")
    for row in result["rows"]:
        if "left_out" in row:
            table.add_row(row["encoder"], row["backend"], f"left out: {row['left_out']}")
            continue
        ratios = (row[f"times_{name}"] for name in ("teacher_fp32", "teacher_same_backend", "ours_fp32"))
        shown = (f"{row['chunks_per_s']:.1f}", f"{row['tokens_per_s']:,.0f}", *map(_ratio, ratios), *_loss(row))
        table.add_row(row["encoder"], row["backend"], *shown)
    return table


def _quality(result: dict[str, Any]) -> Table:
    title = "XQuAD paragraphs by cosine alone: recall@1 / RR@10, question-document"
    table = Table("encoder", "backend", *PAIRS, title=title, title_justify="left")
    for row in result["rows"]:
        if found := row.get("quality"):
            cells = (f"{found['recall@1'][pair]:.3f} / {found['RR@10'][pair]:.3f}" for pair in PAIRS)
            table.add_row(row["encoder"], row["backend"], *cells)
    return table


def _encoders(result: dict[str, Any]) -> Table:
    headings = ("parameters", "in layers", "tokens/chunk", "tokens/sentence")
    table = Table("encoder", *headings, title="Sizes, special tokens included", title_justify="left")
    for name, facts in result["encoders"].items():
        sizes = (f"{facts[size] / 1e6:.1f}M" for size in ("parameters", "parameters_in_layers"))
        table.add_row(name, *sizes, *(str(facts.get(of, "–")) for of in ("tokens_per_chunk", "tokens_per_sentence")))
    return table


def _notes(result: dict[str, Any]) -> list[str]:
    assumed = result["e5_by_arithmetic"]
    times = ", ".join(f"{times:.2f} times with {name}" for name, times in assumed["ours_times_same_backend"].items())
    by_arithmetic = (
        f"By arithmetic: at {assumed['assumed_tokens_per_word']} tokens a German word (assumed) that network would "
        f"read {assumed['tokens_per_chunk']:.0f} tokens a chunk; ours would be as fast as it {times}."
    )
    notes = [
        "Measured: all of the above. multilingual-e5-small's shape has random weights and read our tokens.",
        by_arithmetic,
        "Not tried: torchao, which is not a dependency; PyTorch int8 is its deprecated predecessor torch.ao.",
    ]
    tokens, pieces = (result[f"{what}_per_sentence_to_teacher"] for what in ("tokens", "pieces"))
    if tokens:
        notes.insert(
            0, f"Tokens per German sentence: {tokens:.1%} of the teacher's; without special tokens {pieces:.1%}."
        )
    return notes


def _ratio(value: float | None) -> str:
    return "–" if value is None else f"{value:.2f}"


def _loss(row: dict[str, Any]) -> tuple[str, str]:
    found = row.get("quality")
    return (f"{found['mean_RR@10']:.4f}", f"{found['loss_to_fp32']:+.4f}") if found else ("–", "–")
