"""The race itself: processes seen from outside, Beleg's whole course on three texts, and who is ahead."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pytest

from bench.peers.contestants import BELEG, BELEG_SYSTEM, LANGCHAIN, TXTAI, Contestant
from bench.peers.figures import plot
from bench.peers.job import NEWS, Asked, Corpus
from bench.peers.process import FailedError, reason, run, serving
from bench.peers.race import Course, Plan, hold
from bench.peers.venvs import setup
from bench.peers.verdicts import Lap, recall, verdicts
from bench.running import MODEL

TEXTS = {
    "bridge": "Die Brücke in Riva ist gesperrt. Sie wird bis Mai erneuert. Das kostet zwei Millionen Kronen.",
    "bakery": "In der Altstadt hat eine Bäckerei eröffnet. Sie verkauft Brot aus Roggen.",
    "rain": "Am Sonntag regnet es im ganzen Land. Der Montag bleibt trocken.",
}
ASKED = [
    Asked("q1", "de-de", "Wie viel kostet die Brücke in Riva?", "bridge", ((60, 93),)),
    Asked("q2", "en-de", "What does the bakery sell?", "bakery", ((44, 73),)),
]
PARTS = ("quotes", "de-de")


def everything(items: Iterable[Any], _: str, __: int) -> Iterable[Any]:
    return items


def plan(folder: Path, *contestants: Contestant) -> Plan:
    news = Corpus(NEWS, [{"id": name, "text": text, "lang": "de"} for name, text in TEXTS.items()], ASKED)
    return Plan([news], contestants, {BELEG: Path(sys.prefix)}, folder, 1, everything)


def test_beleg_runs_the_whole_course(tmp_path: Path) -> None:
    asking = Contestant(BELEG, "Beleg, ask", BELEG_SYSTEM, "", MODEL, "beleg", selects=True)
    course = Course()
    hold(plan(tmp_path, asking), {BELEG: course})
    assert course.left_out == ""
    assert course.chunks == len(TEXTS)
    assert 0 < course.disk_mb["vector cache"] < course.disk_mb["all"]
    lists = (course.index_s, course.p50_ms, course.p95_ms, course.cold_s)
    assert [len(one) for one in lists] == [1, 1, 1, 1]
    assert min(map(min, lists)) > 0
    assert course.values[NEWS]["R@1"] == {"q1": 1.0, "q2": 1.0}
    assert course.values[NEWS]["sentence_hit@1"] == {"q1": 1.0, "q2": 1.0}


def test_who_fails_is_left_out_with_the_reason_and_with_who_shares_the_index(tmp_path: Path) -> None:
    one = Contestant("one", "One", BELEG_SYSTEM, "", "", "shared")
    courses = {"one": Course(), "other": Course()}
    hold(plan(tmp_path, one, one._replace(key="other", variant="search")), courses)
    assert courses["one"].left_out.startswith("error: settings: model: ")
    assert courses["one"] == courses["other"]
    assert courses["one"].cold_s == []


def test_a_process_is_timed_and_weighed_from_outside(tmp_path: Path) -> None:
    held = "import time; held = bytearray(200_000_000); time.sleep(0.5); print(len(held))"
    ran = run([sys.executable, "-c", held], tmp_path)
    assert ran.stdout.strip() == "200000000"
    assert ran.seconds > 0.5
    if Path("/proc/self/status").exists():
        assert ran.memory.together > 200


def test_a_failing_process_gives_the_line_that_says_why(tmp_path: Path) -> None:
    broken = [sys.executable, "-c", "raise OSError('no hub here')"]
    with pytest.raises(FailedError, match=r"^OSError: no hub here$"):
        run(broken, tmp_path)
    with pytest.raises(FailedError, match=r"^OSError: no hub here$"), serving(broken, tmp_path):
        pass
    assert run([sys.executable, "-c", "raise SystemExit(3)"], tmp_path, accepted=(0, 3)).stdout == ""


@pytest.mark.parametrize(
    ("stderr", "told"),
    [("", "no word of why"), ("warning\nValueError: x\n\nnotice\n", "ValueError: x"), ("a\n b \n\n", "b")],
)
def test_the_reason_is_the_last_line_of_an_error(stderr: str, told: str) -> None:
    assert reason(stderr) == told


def test_a_set_up_is_what_lies_in_it_and_torch_is_told_apart(tmp_path: Path) -> None:
    packages = tmp_path / "lib" / "python3.11" / "site-packages"
    for name, length in (("torch/a.so", 3_000_000), ("nvidia/b.so", 1_000_000), ("txtai/c.py", 500_000)):
        (packages / name).parent.mkdir(parents=True)
        (packages / name).write_bytes(b"x" * length)
    assert setup(TXTAI, tmp_path) == (4.5, 4.0, 0.0)
    ours = setup(BELEG_SYSTEM, tmp_path)
    assert ours.total > ours.models + 4.5 > 4.5


def course(seconds: list[float], right: list[float]) -> Course:
    """As many questions as `right` has values, all of which are R@1 and nDCG@10 at once."""
    by_question = {str(i): value for i, value in enumerate(right)}
    values = {part: {"R@1": by_question, "nDCG@10": by_question} for part in PARTS}
    return Course(index_s=seconds, p50_ms=seconds, cold_s=seconds, values=values)


def laps(*peers: Course) -> list[Lap]:
    asking = Contestant(BELEG, "Beleg, ask", BELEG_SYSTEM, "", MODEL, "beleg", selects=True)
    ours = [
        Lap(asking, course([10.0, 20.0, 30.0], [1.0] * 8)),
        Lap(asking._replace(key="beleg-search"), course([10.0, 20.0, 30.0], [1.0] * 4 + [0.0] * 4)),
    ]
    names = (("langchain", LANGCHAIN), ("txtai", TXTAI))
    return ours + [
        Lap(Contestant(key, system.name, system, "", "folder", key), of)
        for (key, system), of in zip(names, peers, strict=False)
    ]


def test_a_ratio_is_the_median_over_the_rounds_against_the_fastest() -> None:
    found = verdicts(laps(course([40.0, 30.0, 30.0], [0.0] * 8), course([90.0, 90.0, 90.0], [0.0] * 8)))
    assert found["index"] == {"fastest": "langchain", "times": 1.5, "aim": 1.5, "met": True}  # of 4, 1.5 and 1
    assert found["cold ask"] == {"fastest": "langchain", "share": 0.667, "aim": 0.4, "met": False}


def test_speed_at_equal_recall_is_against_those_that_find_as_much() -> None:
    slow_and_good, fast_and_bad = course([60.0] * 3, [1.0] * 8), course([5.0] * 3, [0.0] * 8)
    found = verdicts(laps(fast_and_bad, slow_and_good))
    assert (found["query"]["fastest"], found["query"]["met"]) == ("langchain", False)
    assert found["query at equal recall"]["fastest"] == "txtai"
    assert found["query at equal recall"]["times"] == 3.0
    alone = verdicts(laps(fast_and_bad))["query at equal recall"]
    assert (alone["fastest"], alone["recall"], alone["best_peer"]) == (None, 0.5, 0.0)


def test_ahead_and_behind_need_an_interval_on_one_side_of_zero() -> None:
    found = verdicts(laps(course([60.0] * 3, [1.0] * 4 + [0.0] * 4), course([60.0] * 3, [0.0] * 8)))["quality"]
    assert found["ask"]["quotes"]["R@1"]["word"] == "ahead"
    assert found["search"]["quotes"]["R@1"] == {
        "best": "langchain",
        "gain": {"value": 0.0, "low": 0.0, "high": 0.0},
        "word": "level",
    }
    better = verdicts(laps(course([60.0] * 3, [1.0] * 8)))["quality"]
    assert better["search"]["de-de"]["nDCG@10"]["word"] == "behind"


def test_without_peers_or_without_beleg_there_is_no_verdict() -> None:
    alone = laps()
    assert verdicts(alone) == {}
    failed = laps(course([1.0] * 3, [1.0] * 8))
    failed[0].course.left_out = "for a reason"
    assert verdicts(failed) == {}


def test_a_mean_recall_counts_each_part_the_same() -> None:
    one = Course(values={"a": {"R@1": {"1": 1.0}}, "b": {"R@1": {"1": 0.0, "2": 0.0, "3": 0.0}}})
    assert recall(one) == 0.5


def test_the_same_result_gives_the_same_plot_without_those_left_out(tmp_path: Path) -> None:
    quality = {part: {"R@1": {"value": 0.5}} for part in PARTS}
    row = {"name": "One", "index_s": 1.0, "cold_s": 2.0, "p50_ms": 3.0, "quality": quality}
    result = {"contestants": [row, {"name": "Other", "left_out": "x"}]}
    for name in ("one", "other"):
        plot(result, tmp_path / f"{name}.svg")
    assert (tmp_path / "one.svg").read_bytes() == (tmp_path / "other.svg").read_bytes()
    plot({"contestants": [row, {**row, "name": "More"}]}, tmp_path / "more.svg")
    assert (tmp_path / "more.svg").read_bytes() != (tmp_path / "one.svg").read_bytes()
