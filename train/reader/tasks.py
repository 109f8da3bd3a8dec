"""What the reader is trained on: questions, each with windows of text and the sentences in them that answer it.

A task without such a sentence teaches that there is no answer. This module makes tasks from the question data; other
kinds have modules of their own.
"""

from __future__ import annotations

import json
import random
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from index.sentences import sentences
from index.types import Span
from train.encoder.data import Asked

WINDOW_CHARS = 900  # about 200 pieces, what is read at once when answering
NEIGHBOURS = 12  # questions further away in the data are about another article
STATEMENTS = (3, 6)  # sentences of a window that is put together from neighbours


class Window(NamedTuple):
    """A run of sentences of one text; `gold` are the numbers of those that answer."""

    title: str
    sentences: tuple[str, ...]
    gold: frozenset[int] = frozenset()


class Task(NamedTuple):
    """A question and what is to be read for it."""

    question: str
    windows: tuple[Window, ...]
    kind: str

    @property
    def answerable(self) -> bool:
        """Whether a sentence answers it."""
        return any(window.gold for window in self.windows)


def from_data(asked: Sequence[Asked], draw: random.Random) -> list[Task]:
    """The question data: each question with a window of its passage that holds the answer, wherever in the window."""
    return [Task(one.question, (window_around(one, draw),), "question") for one in asked]


def window_around(asked: Asked, draw: random.Random) -> Window:
    """Up to `WINDOW_CHARS` characters of whole sentences around the answer; all sentences that it touches are gold."""
    spans = sentences(asked.passage, Span(0, len(asked.passage)), "en")
    touched = [i for i, span in enumerate(spans) if span.overlaps(Span(asked.start, asked.end))]
    if not touched:  # an answer between sentences: white space or a stray mark
        touched = [min(range(len(spans)), key=lambda i: abs(spans[i].start - asked.start))]
    first, last = touched[0], touched[-1]
    sides = [True] * len(spans) + [False] * len(spans)
    draw.shuffle(sides)
    for before in sides:
        wider = (max(0, first - 1), last) if before else (first, min(len(spans) - 1, last + 1))
        if spans[wider[1]].end - spans[wider[0]].start <= WINDOW_CHARS:
            first, last = wider
    told = tuple(asked.passage[start:end] for start, end in spans[first : last + 1])
    return Window(asked.title, told, frozenset(i - first for i in touched))


def from_statements(pairs: Sequence[tuple[str, str]], draw: random.Random) -> list[Task]:
    """Questions with a single sentence each, put among sentences of their neighbours, which are of the same article."""
    tasks = []
    for at, (question, answer) in enumerate(pairs):
        near = {sentence for _, sentence in pairs[max(0, at - NEIGHBOURS) : at + NEIGHBOURS]} - {answer}
        others = draw.sample(sorted(near), min(len(near), draw.randint(*STATEMENTS)))
        place = draw.randint(0, len(others))
        told = (*others[:place], answer, *others[place:])
        tasks.append(Task(question, (Window("", told, frozenset([place])),), "statement"))
    return tasks


def translated(
    task: Task, question: Callable[[str], str] | None = None, windows: Callable[[str], str] | None = None
) -> Task:
    """The task with its question or its windows, sentence by sentence, in another language."""
    asked = task.question if question is None else question(task.question)
    told = task.windows if windows is None else tuple(_translated(window, windows) for window in task.windows)
    return task._replace(question=asked, windows=told)


def write_tasks(path: Path, tasks: Sequence[Task]) -> None:
    """One task a line, in place at once."""
    lines = (
        json.dumps([task.question, [[w.title, w.sentences, sorted(w.gold)] for w in task.windows], task.kind])
        for task in tasks
    )
    part = path.with_suffix(".part")
    part.write_text("\n".join(lines), encoding="utf-8")
    part.replace(path)


def read_tasks(path: Path) -> list[Task]:
    """What `write_tasks` wrote."""
    made = map(json.loads, path.read_text(encoding="utf-8").split("\n"))
    return [
        Task(question, tuple(Window(title, tuple(told), frozenset(gold)) for title, told, gold in windows), kind)
        for question, windows, kind in made
    ]


def _translated(window: Window, translate: Callable[[str], str]) -> Window:
    return Window(translate(window.title), tuple(map(translate, window.sentences)), window.gold)
