"""Question sets by name over the real seed: what can be run, what is kept, and what is refused."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.errors import NoIndexError
from qa.errors import EvaluationError
from qa.evaluate import Asked, Evaluation, evaluate
from qa.questions import read_questions
from qa.runs import MAX_SET_BYTES, Runs, from_json
from qa.settings import Settings

if TYPE_CHECKING:
    from qa.pipeline import Assistant

EVALS = Path(__file__).parents[2] / "evals"
LINES = (EVALS / "seed.jsonl").read_bytes().splitlines(keepends=True)
FEW = b"".join([*LINES[:3], LINES[-1]])


@pytest.fixture
def shipped(tmp_path: Path) -> Path:
    folder = tmp_path / "shipped"
    folder.mkdir()
    (folder / "few.jsonl").write_bytes(FEW)
    return folder


@pytest.fixture
def runs(assistant: Assistant, shipped: Path, tmp_path: Path) -> Runs:
    """Keeps what it keeps below the test's own folder."""
    return Runs(assistant, Settings.load(data_dir=tmp_path / "data", questions=shipped))


def run(runs: Runs, name: str = "few") -> Evaluation:
    *_, last = runs.run(name)
    assert isinstance(last, Evaluation)
    return last


def repeatable(evaluation: Evaluation) -> dict[str, object]:
    return {key: value for key, value in evaluation.to_json().items() if key != "run"}


def test_the_committed_sets_are_found_and_other_files_beside_them_are_not(assistant: Assistant, tmp_path: Path) -> None:
    names = Runs(assistant, Settings.load(data_dir=tmp_path / "data", questions=EVALS)).names()
    assert "seed" in names
    assert "followups" not in names


def test_what_only_ends_like_a_question_set_is_left_out(runs: Runs, shipped: Path) -> None:
    (shipped / "cases.jsonl").write_text('{"turns": []}\n', encoding="utf-8")
    (shipped / "empty.jsonl").write_text("\n", encoding="utf-8")
    (shipped / "binary.jsonl").write_bytes(b"\x00\xff" * 10)
    (shipped / "folder.jsonl").mkdir()
    (shipped / "blank first.jsonl").write_bytes(b"\n" + FEW)
    (shipped / "after-a-blank.jsonl").write_bytes(b"\n \n" + FEW)
    assert runs.names() == ("after-a-blank", "few")


def test_a_run_tells_how_far_it_is_and_gives_what_the_command_line_gives(
    runs: Runs, assistant: Assistant, shipped: Path
) -> None:
    *told, last = runs.run("few")
    assert told == [Asked(1, 4), Asked(2, 4), Asked(3, 4), Asked(4, 4)]
    assert isinstance(last, Evaluation)
    assert repeatable(last) == repeatable(
        evaluate(assistant, read_questions(shipped / "few.jsonl", assistant.document))
    )


def test_the_last_two_runs_are_kept(runs: Runs) -> None:
    assert (runs.last("few"), runs.before("few")) == (None, None)
    first = run(runs)
    assert runs.before("few") is None
    second, third = run(runs), run(runs)
    last, before = runs.last("few"), runs.before("few")
    assert last is not None
    assert before is not None
    assert last.to_json() == third.to_json() == json.loads(runs.result("few").read_bytes())
    assert before.environment == second.environment
    assert repeatable(last) == repeatable(first)


def test_a_kept_run_is_the_same_run_read_back(runs: Runs) -> None:
    made = run(runs)
    read = from_json(json.loads(json.dumps(made.to_json())))
    assert read.to_json() == made.to_json()
    assert [one.question for one in read.outcomes] == [one.question for one in made.outcomes]
    assert [one.near_misses for one in read.outcomes] == [one.near_misses for one in made.outcomes]
    assert any(one.near_misses for one in read.outcomes)


@pytest.mark.parametrize("content", [b"", b"[]", b'{"question_set": "few"}', b"\xff", b'{"run": {}, "questions": [1]}'])
def test_a_kept_run_that_cannot_be_read_is_none_and_the_next_one_replaces_it(runs: Runs, content: bytes) -> None:
    runs.result("few").parent.mkdir(parents=True)
    runs.result("few").write_bytes(content)
    assert runs.last("few") is None
    run(runs)
    assert runs.last("few") is not None
    assert runs.before("few") is None


def test_there_is_one_evaluation_at_a_time_and_leaving_it_lets_the_next_one_in(runs: Runs) -> None:
    first = runs.run("few")
    next(first)
    with pytest.raises(EvaluationError, match="an evaluation is already running"):
        next(runs.run("few"))
    first.close()
    assert runs.last("few") is None
    run(runs)


def test_a_run_that_fails_lets_the_next_one_in(runs: Runs, shipped: Path) -> None:
    question = json.loads(LINES[0])
    question["gold"][0]["start"] += 1
    question["gold"][0]["end"] += 1
    (shipped / "bad.jsonl").write_text(json.dumps(question), encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"^bad\.jsonl:1: characters"):
        run(runs, "bad")
    run(runs)


@pytest.mark.parametrize("name", ["", "other", "../few", "few.jsonl", "/etc/passwd", "few\n"])
def test_only_a_known_name_can_be_run(runs: Runs, name: str) -> None:
    with pytest.raises(EvaluationError, match=r"there is no question set .* there are: few"):
        next(runs.run(name))


@pytest.mark.parametrize("name", ["", "../few", ".few", "a/b", "few\n"])
def test_no_name_leads_out_of_the_folder_of_results(runs: Runs, name: str) -> None:
    with pytest.raises(EvaluationError, match="no name of a question set"):
        runs.last(name)


def test_without_an_index_a_run_says_so(shipped: Path, tmp_path: Path) -> None:
    from qa.pipeline import Assistant

    settings = Settings.load(data_dir=tmp_path / "nowhere", questions=shipped)
    with pytest.raises(NoIndexError, match="beleg index"):
        next(Runs(Assistant(settings), settings).run("few"))


def test_an_added_set_is_kept_and_can_be_run_and_replaced(runs: Runs) -> None:
    assert runs.add("mine.jsonl", FEW) == "mine"
    assert runs.names() == ("few", "mine")
    assert len(run(runs, "mine").outcomes) == 4
    runs.add("mine.jsonl", LINES[0])
    assert len(run(runs, "mine").outcomes) == 1


@pytest.mark.parametrize(
    ("file", "content", "said"),
    [
        ("mine.jsonl", b"", "no questions in it"),
        ("mine.jsonl", b'{"id": 1}', r"^mine\.jsonl:1: id: "),
        ("mine.jsonl", LINES[0] + LINES[0], r"^mine\.jsonl:2: the id .* is already"),
        ("mine.jsonl", LINES[0].replace(b".txt", b".md"), r"^mine\.jsonl:1: the index has no document"),
        ("mine.jsonl", b" " * (MAX_SET_BYTES + 1), "at most"),
        ("few.jsonl", FEW, "already; rename"),
        ("mine.txt", FEW, "names no question set"),
        ("../mine.jsonl", FEW, "names no question set"),
        (".jsonl", FEW, "names no question set"),
        ("a b.jsonl", FEW, "names no question set"),
    ],
)
def test_what_is_no_question_set_over_this_index_is_not_added(
    runs: Runs, tmp_path: Path, file: str, content: bytes, said: str
) -> None:
    with pytest.raises(EvaluationError, match=said):
        runs.add(file, content)
    assert runs.names() == ("few",)
    assert not (tmp_path / "data").exists()


def test_expectations_are_those_beside_the_set(runs: Runs, shipped: Path) -> None:
    assert runs.expectations("few") == ()
    (shipped / "expectations.yaml").write_text("few:\n  recall@1: 0.5\nother:\n  RR@10: 1\n", encoding="utf-8")
    assert [(one.measure, one.minimum) for one in runs.expectations("few")] == [("recall@1", 0.5)]
