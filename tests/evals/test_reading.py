"""The evaluation of reading: its figures by hand, and the command as a developer runs it, on data in small."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Sequence
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from examine import Judged
from reading import Figure, curves, figures, tables, to_json
from rich.console import Console

SCRIPT = Path(__file__).parents[2] / "evals" / "reading.py"
PAIRS = ("de-de", "de-en", "en-de", "en-en")


def judged(part: str, group: str, confidence: float, rank: int, *, pair: str = "en-en", system: str = "s") -> Judged:
    """`rank` is that of the sentence and of its document; below 0 for a question without an answer."""
    return Judged(system, part, f"{group}{confidence}", group, pair, rank >= 0, confidence, max(rank, 0), max(rank, 0))


def printed(found: Sequence[Figure]) -> str:
    screen = StringIO()
    Console(width=200, file=screen).print(*tables(found))
    return screen.getvalue()


def by_name(found: Sequence[Figure], part: str, pair: str = "en-en") -> dict[str, float]:
    return {one.measure: one.interval.value for one in found if (one.part, one.pair) == (part, pair)}


# Ten answerable questions, the first of them unsure; and four without an answer.
ASKED = [judged("xquad", f"a{i}", 0.05 + i / 10, rank) for i, rank in enumerate([0, 1, 1, 2, 1, 1, 1, 1, 4, 1])]
ABSENT = [judged("absent", f"a{i}", confidence, -1) for i, confidence in enumerate([0.01, 0.1, 0.2, 0.9])]


def test_ranks_make_hits_and_only_questions_as_they_are_count_for_them() -> None:
    found = list(figures([*ASKED, *ABSENT], {"s": None}, resamples=20))
    assert by_name(found, "xquad") == pytest.approx({"hit@1": 0.7, "hit@3": 0.8, "recall@1": 0.7})
    assert {one.n for one in found if one.part == "xquad"} == {10}
    assert {one.n for one in found if one.part == "absent"} == {14}


def test_abstaining_is_judged_at_the_threshold_that_a_tenth_of_the_answerable_lie_below() -> None:
    found = list(figures([*ASKED, *ABSENT], {"s": None}, resamples=20))
    # 0.15 leaves one of ten below, and of the four without an answer 0.01 and 0.1.
    assert by_name(found, "absent")["abstained"] == pytest.approx(2 / 4)
    assert "ECE" not in by_name(found, "absent")


def test_a_probability_is_judged_at_its_own_threshold_too() -> None:
    found = list(figures([*ASKED, *ABSENT], {"s": 0.3}, resamples=20))
    shown = by_name(found, "absent")
    assert shown["abstained, shipped"] == pytest.approx(3 / 4)
    assert shown["wrongly, shipped"] == pytest.approx(3 / 10)
    assert 0 <= shown["ECE"] <= 1


def test_the_most_confident_answers_are_what_the_curve_begins_with() -> None:
    (drawn,) = curves([*ASKED, *ABSENT], ["s", "not asked"]).items()
    name, (coverage, risk) = drawn
    assert name == "s"
    assert coverage[-1] == 1
    # 0.95 right, 0.9 absent, 0.85 wrong
    assert risk[:3] == pytest.approx([0, 1 / 2, 2 / 3])
    assert risk[-1] == pytest.approx(7 / 14)


def test_a_passage_question_is_judged_by_whether_confidence_tells_answerable_from_not() -> None:
    asked = [judged("squad", "t", c, rank) for c, rank in [(0.9, 1), (0.5, 2), (0.6, -1), (0.1, -1)]]
    found = list(figures(asked, {"s": 0.3}, resamples=20))
    assert by_name(found, "squad") == pytest.approx({"AUROC": 3 / 4, "hit@1": 1 / 2})


def test_several_language_pairs_are_shown_each_and_together() -> None:
    asked = [judged("xquad", "a", 0.5, 1, pair="en-en"), judged("xquad", "a", 0.5, 0, pair="en-de")]
    found = list(figures(asked, {"s": None}, resamples=20))
    assert [by_name(found, "xquad", pair)["hit@1"] for pair in ("en-en", "en-de", "all")] == [1, 0, 0.5]


def test_what_is_not_a_number_stays_out_of_the_result_and_is_shown_as_such() -> None:
    found = list(figures(ASKED[:3], {"s": 0.3}, resamples=20))
    assert to_json(found)["s"]["absent"]["en-en"]["AUROC"] == {}
    assert "nan [nan, nan]" in printed(found)


def test_systems_stand_under_each_other_for_each_measure() -> None:
    other = [judged("xquad", one.group, 0.5, 0, system="other") for one in ASKED]
    found = list(figures([*ASKED, *other], {"s": None, "other": None}, resamples=20))
    rows = [line for line in printed(found).splitlines() if "hit@1" in line]
    assert "0.700 [" in rows[0]
    assert "0.000 [0.000, 0.000]" in rows[1]


@pytest.fixture(scope="module")
def ran(data: Path, shipped: None, tmp_path_factory: pytest.TempPathFactory) -> Path:  # noqa: ARG001 - see there
    """A folder with all that the command writes."""
    folder = tmp_path_factory.mktemp("results")
    wanted = ("--out", "new/reading.json", "--plot", "docs/curves.svg", "--judged", "judged.jsonl")
    command = [sys.executable, str(SCRIPT), str(data), *wanted, "--kept", "readings", "--resamples", "50"]
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False, encoding="utf-8")
    assert done.returncode == 0, done.stderr
    (folder / "printed.txt").write_text(done.stdout, encoding="utf-8")
    return folder


@pytest.fixture
def result(ran: Path) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((ran / "new" / "reading.json").read_text(encoding="utf-8"))
    return read


def test_the_result_says_when_where_and_with_what_it_was_made(result: dict[str, Any]) -> None:
    assert result.keys() >= {"date", "machine", "versions", "model", "notes", "limit", "resamples"}
    assert "generation" not in result


def test_every_system_has_every_part_in_every_pair(result: dict[str, Any]) -> None:
    for parts in result["systems"].values():
        assert {part: set(pairs) for part, pairs in parts.items()} == {
            "xquad": {*PAIRS, "all"},
            "quotes": {"de-de"},
            "squad": {"en-en"},
            "absent": {*PAIRS, "all"},
        }
        assert parts["xquad"]["all"]["n"] == 8
        assert parts["absent"]["all"]["n"] == 16


def test_words_find_what_is_asked_in_the_same_words(result: dict[str, Any]) -> None:
    parts = result["systems"]["bm25"]
    assert parts["xquad"]["en-en"]["hit@1"]["value"] == 1
    assert parts["xquad"]["de-de"]["recall@1"]["value"] == 1
    assert parts["quotes"]["de-de"]["hit@1"]["value"] == 1
    assert parts["squad"]["en-en"]["hit@1"]["value"] == 1
    assert parts["absent"]["en-en"]["abstained"]["value"] == 1


def test_every_verdict_can_be_looked_at(ran: Path) -> None:
    lines = (ran / "judged.jsonl").read_text(encoding="utf-8").splitlines()
    verdicts = [Judged(**json.loads(line)) for line in lines]
    assert len(verdicts) == 3 * (8 + 8 + 2 + 4)
    assert all(0 <= one.confidence <= 1 for one in verdicts if one.system == "signals")
    assert not any(one.sentence_rank for one in verdicts if not one.answerable)


def test_the_tables_and_the_curves_are_there(ran: Path) -> None:
    said = (ran / "printed.txt").read_text(encoding="utf-8")
    assert all(title in said for title in ("XQuAD paragraphs", "Who said what", "SQuAD 2.0", "article left out"))
    assert "fitted on these XQuAD questions" in said
    assert "<svg" in (ran / "docs" / "curves.svg").read_text(encoding="utf-8")


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (["--systems", "bm25,oracle"], "'oracle' is none of bm25, signals, reader"),
        (["--limit", "0"], "'0' is not a number above 0"),
    ],
)
def test_a_wrong_flag_is_named(flags: list[str], said: str) -> None:
    failed = subprocess.run(
        [sys.executable, str(SCRIPT), "data", *flags], capture_output=True, text=True, check=False, encoding="utf-8"
    )
    assert failed.returncode == 2
    assert said in failed.stderr
