"""The bench of indexing: its arithmetic by hand, and the whole road on three documents."""

from __future__ import annotations

import json
import operator
import os
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest

from bench.builds import ENCODER, Built, Clock, Shape, Work, shares
from bench.child import in_child
from bench.index import edited, flops, multiplying, rates, unpack

ROOT = Path(__file__).parent.parent.parent
SHAPE = Shape(layers=2, hidden=4, intermediate=8, dtype="float32")
BUILT = Built(
    generation="20261126T000000000000",
    documents=3,
    chunks=6,
    embedded=4,
    seconds=2.0,
    stages={"encode": 0.25, "tokenise": 0.25, "network": 0.5, "chroma": 0.5},
    work=Work(texts=14, tokens=10, squares=50, padded_squares=200),
    network=SHAPE,
)
TEXTS = {
    "Brücke in Riva gesperrt": "Die Brücke in Riva ist gesperrt. Sie wird bis Mai erneuert. Das kostet zwei Millionen.",
    "Neue Bäckerei": "In der Altstadt hat eine Bäckerei eröffnet. Sie verkauft Brot aus Roggen.",
    "Regen am Sonntag": "Am Sonntag regnet es im ganzen Land. Der Montag bleibt trocken.",
}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bench-index")


@pytest.fixture(scope="module")
def result(folder: Path) -> dict[str, Any]:
    corpus, scratch = folder / "news.jsonl", folder / "scratch"
    scratch.mkdir()
    records = [{"id": title, "title": title, "text": text, "date": "2026-05-01"} for title, text in TEXTS.items()]
    corpus.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    command = [
        sys.executable,
        "-W",
        "error",
        "-m",
        "bench.index",
        "--corpus",
        str(corpus),
        "--out",
        str(folder / "i.json"),
    ]
    environment = {**os.environ, "TMPDIR": str(scratch), "PYTHONPATH": str(ROOT)}
    done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=ROOT, env=environment)
    assert not done.returncode, done.stderr
    written: dict[str, Any] = json.loads((folder / "i.json").read_text(encoding="utf-8"))
    return written


def test_three_documents_are_counted_and_every_figure_is_there(result: dict[str, Any]) -> None:
    (found,) = result["corpora"]
    assert (found["documents"], found["chunks"], found["encoded"]["chunks"]) == (3, 3, 3)
    assert found["encoded"]["sentences"] == 7
    assert min(found[f"{what}_per_s"] for what in ("documents", "chunks", "sentences", "tokens")) > 0
    assert (
        set(ENCODER) | {"load", "duplicates", "embed", "lexical", "chroma", "verify"} <= found["share_of_time"].keys()
    )
    assert {"documents.sqlite", "chroma", "lexical", "chunks.npy", "sentences"} < found["bytes_per_chunk"].keys()


def test_shares_of_time_are_parts_of_one_whole(result: dict[str, Any]) -> None:
    (found,) = result["corpora"]
    assert sum(found["share_of_time"].values()) == pytest.approx(1, abs=0.01)
    assert 0 < found["multiplying"]["share_of_peak_in_encoder"] < found["multiplying"]["share_of_peak_in_network"] < 1


def test_a_build_of_what_has_not_changed_encodes_nothing_and_an_edit_one_chunk(result: dict[str, Any]) -> None:
    again = result["corpora"][0]["again"]
    assert (again["unchanged"]["chunks_encoded"], again["one record edited"]["chunks_encoded"]) == (0, 1)
    assert again["unchanged"]["times_first"] < again["one record edited"]["times_first"]


def test_nothing_stays_behind(folder: Path, result: dict[str, Any]) -> None:
    assert result["cpus"]
    assert not list((folder / "scratch").glob("beleg*"))


def test_operations_are_those_of_a_network_small_enough_to_count() -> None:
    # A layer has 4 matrices of 4 x 4 and 2 of 4 x 8: 128 multiply-adds a token. Texts of 3 and 1 tokens make 9 + 1
    # pairs, each of which costs 2 x 4. Two layers, two operations a multiply-add.
    assert flops(SHAPE, tokens=4, squares=9 + 1) == 2 * 2 * (4 * 128 + 10 * 8)


def test_the_work_of_a_batch_is_its_lengths_and_what_fills_them_up() -> None:
    work = Work()
    work.add([3, 1], 3)
    assert work == Work(texts=2, tokens=4, squares=10, padded_squares=18)


def test_rates_are_per_second_of_the_build() -> None:
    assert rates(BUILT) == {"documents_per_s": 1.5, "chunks_per_s": 3, "sentences_per_s": 5, "tokens_per_s": 5}


def test_the_share_of_the_peak_is_of_useful_operations() -> None:
    useful = flops(SHAPE, 10, 50)
    found = multiplying(BUILT, SHAPE, peak=useful * 10)
    assert found["share_of_peak_in_encoder"] == 0.1  # in the second that the encoder took
    assert found["share_of_peak_in_network"] == 0.2  # in the half of it that the network took
    assert found["padding_of_attention"] == 0.75


def test_a_stage_inside_another_counts_once() -> None:
    ticks = iter([0.0, 1.0, 4.0, 6.0])
    clock = Clock(now=lambda: next(ticks))
    inner = clock.timed("inner", lambda: None)
    clock.timed("outer", inner)()
    assert dict(clock.seconds) == {"inner": 3.0, "outer": 3.0}
    assert shares(clock.seconds, 8.0) == {"inner": 0.375, "outer": 0.375, "other": 0.25}


def test_what_another_thread_does_is_left_out() -> None:
    clock = Clock()
    with clock.stage("waiting"), ThreadPoolExecutor(1) as thread:
        assert thread.submit(clock.timed("alongside", lambda: 7)).result() == 7
    assert set(clock.seconds) == {"waiting"}


def test_only_the_middle_record_is_edited(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text("".join(f'{{"text": "{n}"}}\n' for n in range(5)), encoding="utf-8")
    lines = unpack(path, 3)
    assert [json.loads(line)["text"] for line in edited(lines)] == ["0", "1 Ein Satz kam hinzu.", "2"]


def test_an_error_in_the_child_is_raised_here() -> None:
    with pytest.raises(TypeError, match="unsupported operand"):
        in_child(operator.truediv, 1)
