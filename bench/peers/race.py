"""Lets the contestants do the job, stage by stage and in turns, so that whatever slows the machine slows them all."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from bench.index import size
from bench.peers.contestants import BELEG, Contestant
from bench.peers.job import NEWS, Asked, Corpus, write_texts
from bench.peers.measures import Hits, Values, length, values
from bench.peers.process import FailedError, Ran, run, serving

FOUND, SHOWN = 100, 10  # hits asked for when quality is measured, and when time is
_WARMING = 10  # questions that are not timed: libraries import lazily, and kernels are made for each shape
_ABSTAINED = 3  # what `beleg ask` exits with when it does not answer
_CACHE = "vectors"  # what of Beleg's data directory is no index

Track = Callable[[Iterable[Any], str, int], Iterable[Any]]  # shows progress over items, by name and number


@dataclass(slots=True)
class Course:
    """What one contestant has shown: seconds, milliseconds and megabytes of each round, and what it found by pair.

    `left_out` says why it stopped.
    """

    left_out: str = ""
    chunks: int = 0
    index_s: list[float] = field(default_factory=list)
    index_mb: list[float] = field(default_factory=list)
    disk_mb: dict[str, float] = field(default_factory=dict)
    p50_ms: list[float] = field(default_factory=list)
    p95_ms: list[float] = field(default_factory=list)
    serve_mb: list[float] = field(default_factory=list)
    cold_s: list[float] = field(default_factory=list)
    values: dict[str, Values] = field(default_factory=dict)
    first_hit_characters: dict[str, float] = field(default_factory=dict)


Courses = Mapping[str, Course]  # by the contestant's key


class Plan(NamedTuple):
    """What is to be done, by whom and where, and how often what takes time is repeated; `venvs` by system's key."""

    corpora: Sequence[Corpus]
    contestants: Sequence[Contestant]
    venvs: Mapping[str, Path]
    folder: Path
    rounds: int
    track: Track

    @property
    def news(self) -> Corpus:
        """The texts that everything but the quality of paragraphs is measured with."""
        return next(corpus for corpus in self.corpora if corpus.name == NEWS)

    def store(self, one: Contestant, corpus: Corpus) -> Path:
        """Where its index is."""
        return self.folder / one.store / corpus.name


def hold(plan: Plan, courses: Courses) -> None:
    """The whole race; a contestant that fails is left out of what follows."""
    texts = {corpus.name: write_texts(corpus, plan.folder) for corpus in plan.corpora}
    for corpus in plan.corpora:
        rounds = plan.rounds if corpus is plan.news else 1
        for one, _ in _turns(plan, courses, rounds, f"index {corpus.name}", _builders(plan.contestants)):
            with _leaving_out(plan, courses, one):
                _index(plan, one, corpus, texts[corpus.name], [courses[other.key] for other in _sharing(plan, one)])
    for one, course in _turns(plan, courses, plan.rounds, "time questions"):
        with _leaving_out(plan, courses, one):
            _time(plan, one, course)
    for one, course in _turns(plan, courses, plan.rounds, "cold start"):
        with _leaving_out(plan, courses, one):
            course.cold_s.append(_cold(plan, one).seconds)
    _ask_all(plan, courses)


def _ask_all(plan: Plan, courses: Courses) -> None:
    """What all find, a contestant on each core: no time is taken here."""
    running = [one for one in plan.contestants if not courses[one.key].left_out]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        asked = {one: pool.submit(_asked, plan, one) for one in running}
        for one in plan.track(running, "ask everything", len(running)):
            with _leaving_out(plan, courses, one):
                for corpus, found in asked[one].result():
                    _judge(plan, one, corpus, found, courses[one.key])


def _asked(plan: Plan, one: Contestant) -> list[tuple[Corpus, list[Hits]]]:
    """All hits for all questions."""
    return [(corpus, _ask(plan, one, corpus)) for corpus in plan.corpora]


def _builders(contestants: Sequence[Contestant]) -> list[Contestant]:
    """Of those that share an index the first."""
    return list({one.store: one for one in reversed(contestants)}.values())[::-1]


def _turns(
    plan: Plan, courses: Courses, rounds: int, what: str, among: Sequence[Contestant] | None = None
) -> Iterator[tuple[Contestant, Course]]:
    """Those `among` all who are still in the race, round by round."""
    turns = [one for _ in range(rounds) for one in (plan.contestants if among is None else among)]
    for one in plan.track(turns, what, len(turns)):
        if not courses[one.key].left_out:
            yield one, courses[one.key]


@contextmanager
def _leaving_out(plan: Plan, courses: Courses, failing: Contestant) -> Iterator[None]:
    """Who fails in the block is left out, with all who share its index."""
    try:
        yield
    except FailedError as error:
        for one in _sharing(plan, failing):
            courses[one.key].left_out = str(error)


def _sharing(plan: Plan, one: Contestant) -> list[Contestant]:
    """All who use the index that `one` uses."""
    return [other for other in plan.contestants if other.store == one.store]


def _index(plan: Plan, one: Contestant, corpus: Corpus, texts: Path, courses: Sequence[Course]) -> None:
    """Build; what the news took is noted for all who use the index."""
    store = plan.store(one, corpus)
    shutil.rmtree(store, ignore_errors=True)
    store.parent.mkdir(parents=True, exist_ok=True)
    beleg = [str(plan.venvs[BELEG] / "bin" / "beleg")] if one.system.key == BELEG else []
    command = (
        [*beleg, "index", str(texts), "--json", *_options(one, store)]
        if beleg
        else _driving(plan, one, "index", str(texts), str(store))
    )
    ran = run(command, plan.folder)
    if corpus is not plan.news:
        return
    disk = {"all": size(store) / 1e6, "vector cache": size(store / _CACHE) / 1e6 if beleg else 0.0}
    for course in courses:
        course.chunks, course.disk_mb = int(json.loads(ran.stdout)["chunks"]), disk
        course.index_s.append(ran.seconds)
        course.index_mb.append(ran.memory.together)


def _time(plan: Plan, one: Contestant, course: Course) -> None:
    asked = plan.news.asked
    with serving(_serving(plan, one, plan.news), plan.folder) as answers:
        for question in asked[:_WARMING]:
            answers.ask(question.text, SHOWN)
        milliseconds = [answers.ask(question.text, SHOWN)[1] * 1000 for question in asked[_WARMING:] or asked]
    course.p50_ms.append(float(np.percentile(milliseconds, 50)))
    course.p95_ms.append(float(np.percentile(milliseconds, 95)))
    course.serve_mb.append(answers.memory.together)


def _cold(plan: Plan, one: Contestant) -> Ran:
    store, question = plan.store(one, plan.news), plan.news.asked[0].text
    if one.system.key != BELEG:
        return run(_driving(plan, one, "ask", str(store), question=question), plan.folder)
    command = [str(plan.venvs[BELEG] / "bin" / "beleg"), one.variant or "ask", question, *_options(one, store)]
    return run(command, plan.folder, accepted=(0, _ABSTAINED))


def _ask(plan: Plan, one: Contestant, corpus: Corpus) -> list[Hits]:
    with serving(_serving(plan, one, corpus), plan.folder) as answers:
        return [answers.ask(question.text, FOUND)[0] for question in corpus.asked]


def _judge(plan: Plan, one: Contestant, corpus: Corpus, found: Sequence[Hits], course: Course) -> None:
    texts = {record["id"]: record["text"] for record in corpus.records}
    parts = [NEWS if corpus is plan.news else question.pair for question in corpus.asked]
    for part in dict.fromkeys(parts):
        of_part = [both for both, own in zip(zip(corpus.asked, found, strict=True), parts, strict=True) if own == part]
        try:
            course.values[part], course.first_hit_characters[part] = _judged(of_part, texts, sentences=one.selects)
        except ValueError as error:  # an hour of others' results must not go with it
            raise FailedError(str(error)) from error


def _judged(found: Sequence[tuple[Asked, Hits]], texts: Mapping[str, str], *, sentences: bool) -> tuple[Values, float]:
    asked, hits = zip(*found, strict=True)
    return values(asked, hits, texts, sentences=sentences), length(hits)


def _serving(plan: Plan, one: Contestant, corpus: Corpus) -> list[str]:
    return _driving(plan, one, "serve", str(plan.store(one, corpus)))


def _driving(plan: Plan, one: Contestant, command: str, *paths: str, question: str = "") -> list[str]:
    python = str(plan.venvs[one.system.key] / "bin" / "python")
    more = [f"--variant={one.variant}", *([question] if question else [])]
    return [python, str(one.system.driver), command, *paths, one.encoder, *more]


def _options(one: Contestant, store: Path) -> list[str]:
    return ["--data-dir", str(store), "--model", one.encoder]
