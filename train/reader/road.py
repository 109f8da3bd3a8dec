"""The road from the data to a trained reader; what takes long is kept in a working folder and found again."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Callable, Sequence
from pathlib import Path

import torch

from train.encoder import texts
from train.encoder.material import Material, glossers
from train.encoder.model import Encoder, load_teacher
from train.encoder.optimise import Checkpoints
from train.encoder.road import ARTICLES, RUNNING
from train.gloss import Glosser
from train.reader import cloze, quoted
from train.reader.changed import Changer, Siblings, common_words, names
from train.reader.config import Config
from train.reader.evaluate import Development, figures
from train.reader.learn import learn
from train.reader.mine import mine
from train.reader.model import Reader, started
from train.reader.tasks import Task, from_data, from_statements, read_tasks, translated, write_tasks
from train.watch import Watch

logger = logging.getLogger(__name__)

LEAST_QUESTIONS = 5  # that have a word whose siblings are looked for
SWITCHED = (0.8, 1.0)  # share of the words of a switched text
DEBATE = "europarl_sample"
NEARBY = 3


class Translators:
    """Switches texts between the languages word for word, for training alone."""

    def __init__(self, to_english: Glosser, to_german: Glosser, draw: random.Random) -> None:
        self.to_german = to_german
        self._draw = draw
        self.into_other = {"de": to_english.gloss, "en": to_german.gloss}

    def german(self, text: str) -> str:
        """English text with most words in German."""
        return self.to_german.switch(text, self._draw.uniform(*SWITCHED), self._draw)

    def maybe(self, share: float) -> Callable[[str], str] | None:
        """`german` with the probability `share`."""
        return self.german if self._draw.random() < share else None


def asked_tasks(config: Config, material: Material, encoder: Encoder, into: Translators) -> list[Task]:
    """The question data and the statements, with windows of others, and some once more with nothing that answers."""
    draw, how = random.Random(config.seed), config.data
    asked = [one for one in material.asked if one.source in ARTICLES or draw.random() < how.other_questions]
    plain = from_data(asked, draw)
    plain += from_statements([pair for pair in material.statements if draw.random() < how.statements], draw)
    answers = [one.passage[one.start : one.end] for one in asked]
    answers += [""] * (len(plain) - len(answers))
    mined = mine(encoder, plain, answers, how.skip, 2 * how.negatives)
    drawn = [draw.sample(found, min(len(found), how.negatives)) for found in mined]
    read = [task._replace(windows=(*task.windows, *others)) for task, others in zip(plain, drawn, strict=True)]
    changer = Changer(names([task.question for task in plain]), siblings(encoder, plain, into.to_german))
    again = [changer.change(task, draw) for task in read if draw.random() < how.changed]
    both = read + [task for task in again if task]
    return [translated(task, into.maybe(how.german), into.maybe(how.german)) for task in both]


def siblings(encoder: Encoder, tasks: Sequence[Task], to_german: Glosser) -> Siblings:
    """Siblings of the words that the questions have, by the encoder's own table of them."""
    common = common_words([task.question for task in tasks], LEAST_QUESTIONS)
    number = {word: encoder.tokenizer.token_to_id(word) for word in common}
    words = [word for word in common if number[word] is not None]
    table = encoder.body.embeddings.word_embeddings.weight.detach()
    return Siblings(words, table[[number[word] for word in words]].numpy(), to_german)


def told_tasks(config: Config, material: Material, into: Translators) -> list[Task]:
    """Who said what, and questions about translated text; each with a window of another of its kind and language."""
    draw, how = random.Random(config.seed + 1), config.data
    speakers = sorted({quoted.Speaker.of(speech.speaker) for speech in material.speeches})
    said = [pair.en for pair in material.pairs if pair.source == DEBATE][: how.debates_en]
    debates = quoted.german_debates(material.speeches, draw) + quoted.english_debates(said, speakers, draw)
    reports = [task for _, task in quoted.from_debates(debates, into.into_other, draw)]
    found = _with_others(reports, draw)
    runs = list(texts.runs([pair for pair in material.pairs if pair.source in RUNNING], draw))
    clozes = cloze.from_runs(draw.sample(runs, min(len(runs), how.clozes)), draw)
    german, english = [task for task, _ in clozes], [task for _, task in clozes]
    for asked, told in ((german, german), (english, german), (german, english)):
        crossed = [one._replace(windows=other.windows) for one, other in zip(asked, told, strict=True)]
        found += _with_others(draw.sample(crossed, len(crossed) // 2), draw)
    return found


def tasks(config: Config, material: Material, encoder: Encoder, work: Path) -> list[Task]:
    """All that the reader is trained on, kept in the working folder."""
    kept = work / "tasks.jsonl"
    if not kept.exists():
        into = Translators(*glossers(material, work), random.Random(config.seed + 2))
        write_tasks(kept, asked_tasks(config, material, encoder, into) + told_tasks(config, material, into))
    made = read_tasks(kept)
    logger.info("%d tasks: %s", len(made), dict(Counter(task.kind for task in made)))
    return made


def train(
    config: Config, material: Material, development: Development, encoder: Path, work: Path
) -> tuple[Reader, Watch]:
    """All of it, from the encoder in a folder; interrupted, the next call goes on from the last checkpoint."""
    torch.manual_seed(config.seed)
    reader = started(encoder)
    made = tasks(config, material, load_teacher(encoder), work)
    watch = Watch(reader, lambda: figures(reader, development), "mean", work)
    watch.stage = "reading"
    learn(reader, made, config.learning, config.seed, Checkpoints(work / "reader.pt", watch))
    watch.restore()
    return reader, watch


def _with_others(made: Sequence[Task], draw: random.Random) -> list[Task]:
    """Each task with the window of another one of its kind, from nearby, where the subject is like its own."""
    found = []
    for at, task in enumerate(made):
        near = [*made[max(0, at - NEARBY) : at], *made[at + 1 : at + 1 + NEARBY]]
        others = [window._replace(gold=frozenset()) for window in draw.choice(near).windows] if near else []
        found.append(task._replace(windows=(*task.windows, *others)))
    return found
