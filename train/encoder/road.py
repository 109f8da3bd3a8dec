"""The road from the data to trained weights; what takes long is kept in a working folder and found again."""

from __future__ import annotations

import logging
import random
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch
from tokenizers import Tokenizer

from train.encoder import distil, initialise, questions, retrieve, texts
from train.encoder.config import Config
from train.encoder.evaluate import Development, figures
from train.encoder.material import Material, glossers
from train.encoder.model import Encoder, extended, interpolate, load_teacher
from train.encoder.optimise import Checkpoints
from train.encoder.teacher import taught
from train.encoder.vocabulary import extend, german_pieces
from train.gloss import Glosser
from train.watch import Watch

logger = logging.getLogger(__name__)

ARTICLES = frozenset({"squadshifts_newwiki_en", "timeqa_human_train_en", "covidqa_en"})
RUNNING = frozenset({
    "europarl_sample", "mlqe_pe_wikipedia", "mt_geneval_wikipedia", "pud_news_wikipedia", "wmt_newstest_2008_2024",
})  # fmt: skip


def untrained(
    config: Config, material: Material, teacher_folder: Path, to_english: Glosser, work: Path
) -> tuple[Encoder, Encoder]:
    """The teacher, and the student before any training.

    The vocabulary is kept in the working folder: pieces that are as frequent as each other are found in an order that
    changes from run to run, and checkpoints belong to their own.
    """
    how = config.vocabulary
    teacher = load_teacher(teacher_folder)
    described = teacher_folder / "tokenizer.json"
    kept = work / "tokenizer.json"
    if not kept.exists():
        pieces = german_pieces(material.words, described, how.pieces, keep_umlauts=how.keep_umlauts)
        extend(described, pieces, keep_umlauts=how.keep_umlauts).save(str(kept))
    tokenizer = Tokenizer.from_file(str(kept))
    rows = teacher.network.embeddings.word_embeddings.weight.detach().numpy()
    table = initialise.first_rows(how.first_rows, rows, teacher.tokenizer, tokenizer, material.words, to_english)
    return teacher, extended(teacher, tokenizer, table)


def lessons(config: Config, material: Material, to_english: Glosser, to_german: Glosser) -> list[texts.Lesson]:
    """What is distilled, in the shares that the settings give."""
    draw, how = random.Random(config.seed), config.data
    found = list(_sentences(config, material, draw))
    scattered = [p for p in material.pairs if p.source in texts.SCATTERED and p.source != "tatoeba_de_en"]
    passages = texts.passages([*material.pairs, *scattered], draw)
    found += [lesson for lesson in passages if draw.random() < how.passage_share]
    english = texts.windows(material.asked) + [one.question for one in material.asked]
    english += [text for pair in material.statements for text in pair]
    english = [text for text in english if draw.random() < how.switched_share]
    found += texts.switched(english, to_german, draw)
    speeches = texts.speech_windows(material.speeches)
    found += texts.glossed(draw.sample(speeches, min(how.speech_windows, len(speeches))), to_english)
    anchors = draw.sample(found, int(config.distillation.english_share * len(found)))
    return found + [lesson._replace(text=lesson.english, kind="english") for lesson in anchors]


def examples(config: Config, material: Material, to_english: Glosser, to_german: Glosser) -> list[questions.Example]:
    """What retrieval is trained on."""
    draw = random.Random(config.seed)
    share = config.data.other_questions
    asked = [one for one in material.asked if one.source in ARTICLES or draw.random() < share]
    told = [pair for pair in material.pairs if pair.source in RUNNING]
    return [
        *questions.from_data(asked, to_german, draw),
        *questions.from_statements(material.statements, to_german, draw),
        *questions.from_passages(texts.runs(told, draw), draw),
        *questions.from_speeches(material.speeches, to_english, draw),
    ]


def train(
    config: Config, material: Material, development: Development, teacher_folder: Path, work: Path
) -> tuple[Encoder, Watch]:
    """All stages; interrupted, the next call goes on from the last checkpoint."""
    torch.manual_seed(config.seed)
    np.random.seed(config.seed)  # noqa: NPY002 - libraries draw from it
    to_english, to_german = glossers(material, work)
    teacher, student = untrained(config, material, teacher_folder, to_english, work)
    student.max_tokens = config.max_tokens
    beginning = {name: weight.clone() for name, weight in student.network.state_dict().items()}
    watch = Watch(student, lambda: figures(student, development, bitext=False), "mean mrr@10", work)
    watch.stage = "untrained"
    watch.measure()
    taken = lessons(config, material, to_english, to_german)
    logger.info("%d texts to distil: %s", len(taken), dict(Counter(lesson.kind for lesson in taken)))
    targets, target_of = taught(teacher, [lesson.english for lesson in taken], work)
    prepared = distil.Lessons(student, taken, targets, target_of)
    watch.stage = "distillation"
    distil.distil(student, prepared, config.distillation, config.seed, Checkpoints(work / "distilled.pt", watch))
    watch.restore()
    watch.stage = "retrieval"
    mined = retrieve.mine(student, examples(config, material, to_english, to_german), config.retrieval)
    anchor = retrieve.Anchor(prepared, config.distillation)
    retrieve.train(student, mined, config.retrieval, anchor, config.seed, Checkpoints(work / "retrieval.pt", watch))
    watch.restore()
    interpolate(student, beginning, config.trained_share)
    watch.stage = "interpolation"
    watch.measure()
    return student, watch


def _sentences(config: Config, material: Material, draw: random.Random) -> Iterator[texts.Lesson]:
    how = config.data
    for lesson in texts.sentences(material.pairs):
        if len(lesson.text) >= how.short_chars or draw.random() < how.short_share:
            yield lesson
