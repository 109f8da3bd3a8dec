"""The bench of growth: how many records make a size, what a row says, and that its plot is the same each time."""

from __future__ import annotations

import json
from pathlib import Path

from bench.builds import Built, Work
from bench.child import Memory
from bench.growth import Latency, enough, plot, row
from bench.plots import Panel, plot_panels

BUILT = Built("20261126T000000000000", 3, 6, 4, 2.0, {"encode": 0.25, "network": 0.5}, Work(), None)
LATENCY = Latency(2.0, [0.2, 0.1, 0.3], list(map(float, range(1, 22))), [1.0, 2.0, 3.0])


def test_records_are_taken_until_their_texts_make_the_size() -> None:
    lines = [json.dumps({"text": "x" * 250}) for _ in range(10)]
    assert len(enough(lines, 4)) == 4
    assert len(enough(lines, 100)) == 10


def test_a_row_tells_the_build_without_the_encoder_and_the_median_of_latencies() -> None:
    found = row(BUILT, {"chroma": 3_000_000, "vector cache": 2_000_000}, LATENCY, (Memory(900.0, 90.0), Memory(700.0)))
    assert (found["build_s"], found["build_s_without_encoder"]) == (2.0, 1.25)
    assert (found["index_mb"], found["vector_cache_mb"]) == (3.0, 2.0)
    assert (found["opening_s"], found["question_ms_p50"], found["question_ms_p95"]) == (0.2, 11.0, 20.0)


def test_the_same_rows_give_the_same_plot_byte_for_byte(tmp_path: Path) -> None:
    memory = Memory(900.0, 90.0), Memory(700.0)
    rows = [{**row(BUILT, {"chroma": 3_000_000, "vector cache": 9}, LATENCY, memory), "chunks": n} for n in (10, 100)]
    for name in ("one", "other"):
        plot(rows, tmp_path / f"{name}.svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()
    assert b"<date>" not in (tmp_path / "one.svg").read_bytes()


def test_another_number_gives_another_plot(tmp_path: Path) -> None:
    for name, value in (("one", 2.0), ("other", 3.0)):
        plot_panels([1, 10], [Panel("seconds", {"all": [1.0, value]})], "chunks", tmp_path / f"{name}.svg")
    assert (tmp_path / "one.svg").read_bytes() != (tmp_path / "other.svg").read_bytes()
