"""Windows of training tasks: whole sentences, the answer inside, nothing longer than is read at once."""

from __future__ import annotations

import random
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from train.encoder.data import Asked
from train.reader.tasks import (
    WINDOW_CHARS,
    Task,
    Window,
    from_data,
    from_statements,
    read_tasks,
    translated,
    window_around,
    write_tasks,
)

WORDS = st.lists(st.sampled_from(["Ein", "Wort", "folgt", "dem", "anderen", "Bericht"]), min_size=3, max_size=12)
TEXTS = st.lists(WORDS, min_size=1, max_size=30).map(lambda told: " ".join(f"{' '.join(one)}." for one in told))


@given(TEXTS, st.data())
def test_the_answer_is_in_the_window_and_the_window_in_the_passage(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 2))
    end = data.draw(st.integers(start + 1, min(len(text), start + 40)))
    window = window_around(Asked("Was?", text, start, end, "x", "Titel"), random.Random(1))
    assert window.gold
    assert all(sentence in text for sentence in window.sentences)
    touched = " ".join(window.sentences[i] for i in sorted(window.gold))
    assert text[start:end].strip() in touched or not text[start:end].strip()
    assert window.title == "Titel"


def test_a_window_is_no_longer_than_what_is_read_at_once_and_does_not_always_begin_with_the_answer() -> None:
    text = " ".join(f"Der Satz Nummer {i} steht hier in diesem langen Text." for i in range(80))
    at = text.index("Nummer 40")
    windows = [window_around(Asked("?", text, at, at + 9, "x"), random.Random(seed)) for seed in range(20)]
    assert all(sum(map(len, window.sentences)) <= WINDOW_CHARS for window in windows)
    assert len({min(window.gold) for window in windows}) > 3
    assert all("Nummer 40" in window.sentences[min(window.gold)] for window in windows)


def test_a_statement_stands_among_its_neighbours() -> None:
    pairs = [(f"question {i}?", f"the statement number {i} is made here.") for i in range(20)]
    for at, task in enumerate(from_statements(pairs, random.Random(3))):
        (window,) = task.windows
        assert [window.sentences[i] for i in window.gold] == [pairs[at][1]]
        assert len(set(window.sentences)) == len(window.sentences) > 1


def test_translation_keeps_which_sentence_answers() -> None:
    task = from_data([Asked("Who came?", "Nobody left. Anna came.", 13, 17, "x", "News")], random.Random(1))[0]
    loud = translated(task, windows=str.upper)
    assert loud.question == "Who came?"
    assert [loud.windows[0].sentences[i] for i in loud.windows[0].gold] == ["ANNA CAME."]
    assert loud.windows[0].title == "NEWS"


def test_tasks_come_back_as_they_were_written(tmp_path: Path) -> None:
    tasks = [
        Task("Wer\u2028 war „da“?", (Window("T", ("a\nb", "c"), frozenset([1])), Window("", ("d",))), "question"),
        Task("?", (Window("", ("e",)),), "changed name"),
    ]
    write_tasks(tmp_path / "tasks.jsonl", tasks)
    assert read_tasks(tmp_path / "tasks.jsonl") == tasks
    assert [task.answerable for task in tasks] == [True, False]
