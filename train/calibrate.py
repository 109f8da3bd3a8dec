"""Fits what makes a sentence evidence, and the threshold below which Beleg abstains; writes qa/calibration.json.

Data: XQuAD development paragraphs. Every question is asked twice in all four language pairs: with its own article in
the index, where the sentences that hold the answer are positives and all others that are read are negatives; and with
its article taken out, where answering at all is a mistake. Weights: logistic regression over `qa.read.Signals`, apart
for one language and across two, with and without an encoder. Threshold: where accuracy over both ways of asking is
highest, a question counting as right if it is answered from its own paragraph, or not answered without it. It is
chosen on out-of-fold probabilities; a fold is a fifth of the articles.

    python train/calibrate.py ../shared/data/dev
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import groupby
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parent.parent / "evals"))
from xquad import LANGS, build_index, read_paragraphs

from index.embed import Embedder, open_embedder
from index.reader import IndexReader
from index.settings import IndexSettings
from qa.read import CALIBRATION, Calibration, SignalReader, Signals
from qa.retrieve import Found, Retriever
from qa.settings import Settings
from qa.types import Lang, Question

FOLDS = 5
ENCODER_SIGNALS = ("similarity", "passage_similarity")
NO_WEIGHTS = Calibration("", 0.0, {})
Rows = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gold:
    """Where the answer to a question stands: characters of its paragraph."""

    paragraph: str
    answer: dict[str, Any]

    def overlaps(self, start: int, end: int) -> bool:
        """Whether the answer's characters meet ``[start, end)``."""
        first = self.answer["answer_start"]
        return bool(start < first + len(self.answer["text"]) and first < end)


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with what was read for it, sentence by sentence."""

    article: str
    kind: str  # "same" or "across"
    answerable: bool
    rows: Rows  # (sentences, signals)
    holds_answer: npt.NDArray[np.bool_]
    own_paragraph: npt.NDArray[np.bool_]


def ask_archive(paragraphs: Sequence[dict[str, Any]], embedder: Embedder, folder: Path) -> Iterator[Asked]:
    """All articles in one index: every question, in every language pair, with its article and without it."""
    for lang in LANGS:
        with build_index(paragraphs, lang, embedder, folder) as index:
            yield from ask(index, embedder, paragraphs, lang, article)


def ask_stories(paragraphs: Sequence[dict[str, Any]], embedder: Embedder, folder: Path) -> Iterator[Asked]:
    """Each article in an index of its own: every question, with its paragraph and without it."""
    by_article = groupby(paragraphs, key=lambda paragraph: article(paragraph["id"]))
    for name, own in [(name, list(own)) for name, own in by_article]:
        for lang in LANGS:
            (folder / name).mkdir(exist_ok=True)
            with build_index(own, lang, embedder, folder / name) as index:
                yield from ask(index, embedder, own, lang, lambda paragraph_id: paragraph_id.removesuffix(".txt"))


def ask(
    index: IndexReader,
    embedder: Embedder,
    paragraphs: Sequence[dict[str, Any]],
    lang: Lang,
    group: Callable[[str], str],
) -> Iterator[Asked]:
    """Every question about `paragraphs`, once as it is and once with all that is in the answer's `group` left out."""
    limit = Settings.load().passages
    retriever = Retriever(index, embedder, candidates=2 * limit)
    reader = SignalReader(index, embedder, NO_WEIGHTS)
    for paragraph, qa, question_lang in every_question(paragraphs):
        question = Question(qa[f"question_{question_lang}"], question_lang)
        found = retriever.search(question, 2 * limit)
        without = [one for one in found if group(one.passage.document.id) != group(paragraph["id"])]
        gold = Gold(paragraph["id"], qa[f"answer_{lang}"])
        kind = "same" if question_lang == lang else "across"
        for answerable, read in ((True, found[:limit]), (False, without[:limit])):
            yield asked(reader, question, read, gold, kind, answerable=answerable)


def every_question(paragraphs: Sequence[dict[str, Any]]) -> Iterator[tuple[dict[str, Any], dict[str, Any], Lang]]:
    """Paragraph, question record and question language, for every question."""
    for paragraph in paragraphs:
        for qa in paragraph["qas"]:
            for question_lang in LANGS:
                yield paragraph, qa, question_lang


def article(paragraph_id: str) -> str:
    """The article that a paragraph is of."""
    return paragraph_id.split("-", maxsplit=1)[0]


def asked(  # noqa: PLR0913 - all of it is the question's circumstances
    reader: SignalReader, question: Question, found: Sequence[Found], gold: Gold, kind: str, *, answerable: bool
) -> Asked:
    """Read what was found, and mark which sentences hold the answer."""
    best: dict[tuple[str, int, int], Signals] = {}
    for one, rows in zip(found, reader.signals(question, found), strict=True):
        for sentence, row in zip(one.passage.chunk.sentences, rows, strict=True):
            best.setdefault((one.passage.document.id, *sentence), row)
    own = np.array([doc == f"{gold.paragraph}.txt" for doc, _, _ in best], dtype=bool)
    holds = np.array([gold.overlaps(start, end) for _, start, end in best], dtype=bool) & own
    return Asked(article(gold.paragraph), kind, answerable, np.array(list(best.values())), holds, own)


def fit(asked: Sequence[Asked]) -> tuple[float, ...]:
    """Bias and one weight per signal."""
    model = LogisticRegression(C=10.0, max_iter=1000)
    model.fit(np.concatenate([a.rows for a in asked]), np.concatenate([a.holds_answer for a in asked]))
    return (round(float(model.intercept_[0]), 4), *(round(float(w), 4) for w in model.coef_[0]))


def probabilities(weights: Sequence[float], rows: Rows) -> npt.NDArray[np.float64]:
    """As `Calibration.probability`, for many sentences."""
    return np.asarray(1 / (1 + np.exp(-(weights[0] + rows @ np.array(weights[1:])))))


def out_of_fold(asked: Sequence[Asked]) -> list[tuple[float, bool, bool, bool]]:
    """Per question: the best sentence's probability, whether it holds the answer, is of the paragraph, answerable."""
    articles = sorted({a.article for a in asked})
    fold = {article: i % FOLDS for i, article in enumerate(articles)}
    results = []
    for held_out in range(FOLDS):
        for kind in ("same", "across"):
            weights = fit([a for a in asked if fold[a.article] != held_out and a.kind == kind])
            for a in asked:
                if fold[a.article] == held_out and a.kind == kind and len(a.rows):
                    p = probabilities(weights, a.rows)
                    top = int(np.argmax(p))
                    results.append((float(p[top]), bool(a.holds_answer[top]), bool(a.own_paragraph[top]), a.answerable))
    return results


def choose_threshold(results: Sequence[tuple[float, bool, bool, bool]]) -> tuple[float, dict[str, float]]:
    """The threshold of the highest accuracy, and what it comes to."""
    table = np.array(results, dtype=float)
    confidence, sentence, paragraph, answerable = table.T
    candidates = np.unique(np.round(confidence, 3))
    accuracy = [np.mean(np.where(confidence >= t, paragraph * answerable, 1 - answerable)) for t in candidates]
    threshold = float(candidates[int(np.argmax(accuracy))])
    given = confidence >= threshold
    has = answerable == 1
    return threshold, {
        "accuracy": float(np.max(accuracy)),
        "answered_when_answerable": float(np.mean(given[has])),
        "abstained_when_not": float(np.mean(~given[~has])),
        "right_paragraph_when_answerable": float(np.mean(paragraph[has])),
        "right_sentence_when_answerable": float(np.mean(sentence[has])),
        "right_sentence_of_answers_to_answerable": float(np.mean(sentence[has & given])),
        "wrong_share_of_all_answers": float(np.mean(1 - sentence[given])),
    }


def calibrate(asked: Sequence[Asked], embedder: Embedder | None) -> dict[str, Any]:
    """One calibration with its provenance figures; without an encoder its signals count nothing."""
    if embedder is None:
        asked = [replace(a, rows=a.rows * ~np.isin(Signals._fields, ENCODER_SIGNALS)) for a in asked]
    threshold, figures = choose_threshold(out_of_fold(asked))
    weights = {kind: fit([a for a in asked if a.kind == kind]) for kind in ("same", "across")}
    return {
        "encoder": embedder.sha256 if embedder else "",
        "encoder_name": embedder.name if embedder else "",
        "threshold": round(threshold, 3),
        "signals": list(Signals._fields),
        "weights": weights,
        "out_of_fold": {name: round(value, 4) for name, value in figures.items()},
    }


def main() -> None:
    """Fit with and without an encoder, print and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("dev", type=Path, help="folder of the development data")
    parser.add_argument("--model", help="encoder: a folder or a hub name")
    parser.add_argument("--out", type=Path, default=CALIBRATION)
    arguments = parser.parse_args()
    paragraphs = read_paragraphs(arguments.dev / "xquad_dev_en_de.jsonl.gz")
    embedder = open_embedder(IndexSettings.load(model=arguments.model))
    with tempfile.TemporaryDirectory() as folder:
        everything = [
            *ask_archive(paragraphs, embedder, Path(folder)),
            *ask_stories(paragraphs, embedder, Path(folder)),
        ]
    kinds = {"dense": calibrate(everything, embedder), "lexical": calibrate(everything, None)}
    text = json.dumps({"data": "xquad_dev_en_de", "paragraphs": len(paragraphs), "calibrations": kinds}, indent=1)
    arguments.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
