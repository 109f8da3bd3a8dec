"""Fits what makes a sentence evidence, and the threshold below which Beleg abstains; writes qa/calibration.json.

Data: XQuAD development paragraphs and their questions in all four language pairs, over all articles in one index (an
archive) and over each article in an index of its own (a story). Every question is asked three times: as it is, where
the sentence that holds the answer is the positive and all others that are read are negatives; with its article
(archive) or its paragraph (story) left out; and with its name exchanged for one of another article, as in "What did
Merkel say about the call?". The last two have no answer.

Weights: logistic regression over `qa.read.Signals`, apart for one language and across two, with and without an encoder.
Threshold: where accuracy is highest, a question counting as right if it is answered from its own paragraph, or not
answered where it has no answer; on out-of-fold probabilities, a fold being a fifth of the articles.

    python -m train.calibrate ../shared/data/dev
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
from typing import Any, Literal, NamedTuple
from zlib import crc32

import numpy as np
import numpy.typing as npt
from sklearn.linear_model import LogisticRegression

sys.path.insert(0, str(Path(__file__).parent.parent / "evals"))
from xquad import LANGS, build_index, read_paragraphs

from index.embed import Embedder, open_embedder
from index.lexical import query_terms
from index.reader import IndexReader
from index.settings import IndexSettings
from qa.read import CALIBRATION, Calibration, SignalReader, Signals
from qa.retrieve import Found, Retriever
from qa.settings import Settings
from qa.types import Lang, Question

FOLDS = 5
ENCODER_SIGNALS = ("similarity",)
NO_WEIGHTS = Calibration("", 0.0, {})

Record = dict[str, Any]  # a paragraph, or one of its questions, as the file has it
Way = Literal["as it is", "left out", "another name"]
Flags = npt.NDArray[np.bool_]
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Gold:
    """Where the answer to a question stands: characters of its paragraph."""

    paragraph: str
    start: int
    end: int

    def overlaps(self, doc_id: str, start: int, end: int) -> bool:
        """Whether a sentence of that document meets the answer."""
        return self.holds(doc_id) and start < self.end and self.start < end

    def holds(self, doc_id: str) -> bool:
        """Whether that document is the paragraph of the answer."""
        return doc_id == f"{self.paragraph}.txt"


@dataclass(frozen=True, slots=True)
class Asked:
    """A question asked in one way, with what was read for it, sentence by sentence."""

    article: str
    kind: Literal["same", "across"]
    index: Literal["archive", "story"]
    way: Way
    rows: Numbers  # (sentences, signals)
    holds_answer: Flags
    own_paragraph: Flags


class Judged(NamedTuple):
    """The best sentence for a question: its probability, whether it is right, whether there is an answer at all."""

    probability: float
    right_sentence: bool
    right_paragraph: bool
    answerable: bool


def ask_archive(paragraphs: Sequence[Record], embedder: Embedder, folder: Path) -> Iterator[Asked]:
    """All articles in one index."""
    asker = Asker(paragraphs, embedder, "archive", article)
    for lang in LANGS:
        with build_index(paragraphs, lang, embedder, folder) as index:
            yield from asker.ask(index, paragraphs, lang)


def ask_stories(paragraphs: Sequence[Record], embedder: Embedder, folder: Path) -> Iterator[Asked]:
    """Each article in an index of its own."""
    asker = Asker(paragraphs, embedder, "story", lambda doc_id: doc_id.removesuffix(".txt"))
    for name, of_article in groupby(paragraphs, key=lambda paragraph: article(paragraph["id"])):
        own = list(of_article)
        (folder / name).mkdir()
        for lang in LANGS:
            with build_index(own, lang, embedder, folder / name) as index:
                yield from asker.ask(index, own, lang)


def article(doc_id: str) -> str:
    """The article that a paragraph is of."""
    return doc_id.split("-", maxsplit=1)[0]


class Asker:
    """Asks questions in every way; `group` says what is left out together with the answer's own paragraph."""

    def __init__(
        self,
        paragraphs: Sequence[Record],
        embedder: Embedder,
        index: Literal["archive", "story"],
        group: Callable[[str], str],
    ) -> None:
        self._embedder = embedder
        self._kind_of_index = index
        self._group = group
        self._limit = Settings.load().passages
        self._names = {(article(p["id"]), name) for p in paragraphs for qa in p["qas"] for name in shared_names(qa)}

    def ask(self, index: IndexReader, paragraphs: Sequence[Record], lang: Lang) -> Iterator[Asked]:
        """Every question about `paragraphs`, in both languages and every way."""
        retriever = Retriever(index, self._embedder, candidates=Settings.load().candidates)
        reader = SignalReader(index, self._embedder, NO_WEIGHTS)
        for paragraph in paragraphs:
            for qa in paragraph["qas"]:
                answer = qa[f"answer_{lang}"]
                start = answer["answer_start"]
                gold = Gold(paragraph["id"], start, start + len(answer["text"]))
                for question_lang in LANGS:
                    question = Question(qa[f"question_{question_lang}"], question_lang)
                    for way, wording, found in self._ways(retriever, question, qa, gold):
                        kind: Literal["same", "across"] = "same" if question_lang == lang else "across"
                        yield self._read(reader, wording, found[: self._limit], gold, (kind, way))

    def _ways(
        self, retriever: Retriever, question: Question, qa: Record, gold: Gold
    ) -> Iterator[tuple[Way, Question, list[Found]]]:
        found = retriever.search(question, 2 * self._limit)
        yield "as it is", question, found
        out = self._group(f"{gold.paragraph}.txt")
        yield "left out", question, [one for one in found if self._group(one.passage.document.id) != out]
        if names := shared_names(qa):
            other = question._replace(text=question.text.replace(names[0], self._other_name(qa, gold)))
            yield "another name", other, retriever.search(other, self._limit)

    def _other_name(self, qa: Record, gold: Gold) -> str:
        others = sorted(name for of, name in self._names if of != article(gold.paragraph))
        return others[crc32(qa["id"].encode()) % len(others)]

    def _read(
        self,
        reader: SignalReader,
        question: Question,
        found: Sequence[Found],
        gold: Gold,
        asked: tuple[Literal["same", "across"], Way],
    ) -> Asked:
        best: dict[tuple[str, int, int], Signals] = {}
        for one, rows in zip(found, reader.signals(question, found), strict=True):
            for sentence, row in zip(one.passage.chunk.sentences, rows, strict=True):
                best.setdefault((one.passage.document.id, *sentence), row)
        answerable = asked[1] == "as it is"
        holds = np.array([answerable and gold.overlaps(*sentence) for sentence in best], dtype=bool)
        own = np.array([answerable and gold.holds(doc_id) for doc_id, _, _ in best], dtype=bool)
        rows = np.array(list(best.values())).reshape(-1, len(Signals._fields))
        return Asked(article(gold.paragraph), asked[0], self._kind_of_index, asked[1], rows, holds, own)


def shared_names(qa: Record) -> list[str]:
    """Names that the question has in both languages, in the order of the English one."""
    german = {term.surface for term in query_terms(qa["question_de"], "de", "de")}
    english = query_terms(qa["question_en"], "en", "en")
    return [t.surface for t in english if t.is_name and t.surface[0].isupper() and t.surface in german]


def fit(asked: Sequence[Asked]) -> tuple[float, ...]:
    """Bias and one weight per signal."""
    model = LogisticRegression(C=10.0, max_iter=1000)
    model.fit(np.concatenate([a.rows for a in asked]), np.concatenate([a.holds_answer for a in asked]))
    return (round(float(model.intercept_[0]), 4), *(round(float(w), 4) for w in model.coef_[0]))


def probabilities(weights: Sequence[float], rows: Numbers) -> Numbers:
    """As `Calibration.probability`, for many sentences."""
    return np.asarray(1 / (1 + np.exp(-(weights[0] + rows @ np.array(weights[1:])))))


def out_of_fold(asked: Sequence[Asked]) -> list[tuple[Asked, Judged]]:
    """Every question judged by weights that saw nothing of its article; without any sentence it is not answered."""
    fold = {name: i % FOLDS for i, name in enumerate(sorted({a.article for a in asked}))}
    judged = []
    for held_out in range(FOLDS):
        for kind in ("same", "across"):
            of_kind = [a for a in asked if a.kind == kind]
            weights = fit([a for a in of_kind if fold[a.article] != held_out])
            judged += [(a, judge(a, weights)) for a in of_kind if fold[a.article] == held_out]
    return judged


def judge(asked: Asked, weights: Sequence[float]) -> Judged:
    """The best sentence by these weights."""
    answerable = asked.way == "as it is"
    if not len(asked.rows):
        return Judged(0.0, right_sentence=False, right_paragraph=False, answerable=answerable)
    p = probabilities(weights, asked.rows)
    top = int(np.argmax(p))
    return Judged(float(p[top]), bool(asked.holds_answer[top]), bool(asked.own_paragraph[top]), answerable)


def choose_threshold(judged: Sequence[Judged]) -> float:
    """The threshold of the highest accuracy."""
    confidence, _, paragraph, answerable = np.array(judged, dtype=float).T
    candidates = np.unique(np.round(confidence, 3))
    accuracy = [np.mean(np.where(confidence >= t, paragraph, 1 - answerable)) for t in candidates]
    return float(candidates[int(np.argmax(accuracy))])


def figures(judged: Sequence[tuple[Asked, Judged]], threshold: float) -> dict[str, dict[str, float]]:
    """What the threshold comes to, for each kind of index."""
    shown = {}
    for index in ("archive", "story"):
        of = {way: [j for a, j in judged if a.index == index and a.way == way] for way in Way.__args__}  # type: ignore[attr-defined]
        real = of["as it is"]
        given = [j for way in of.values() for j in way if j.probability >= threshold]
        shown[index] = {
            "right_sentence_first": _share(j.right_sentence for j in real),
            "right_paragraph_first": _share(j.right_paragraph for j in real),
            "answered": _share(j.probability >= threshold for j in real),
            "abstained_when_left_out": _share(j.probability < threshold for j in of["left out"]),
            "abstained_with_another_name": _share(j.probability < threshold for j in of["another name"]),
            "right_sentence_of_answers_given": _share(j.right_sentence for j in given),
        }
    return shown


def _share(values: Iterator[bool]) -> float:
    return round(float(np.mean(list(values))), 4)


def calibrate(asked: Sequence[Asked], embedder: Embedder | None) -> dict[str, Any]:
    """One calibration with its provenance figures; without an encoder its signals count nothing."""
    if embedder is None:
        asked = [replace(a, rows=a.rows * ~np.isin(Signals._fields, ENCODER_SIGNALS)) for a in asked]
    judged = out_of_fold(asked)
    threshold = choose_threshold([j for _, j in judged])
    return {
        "encoder": embedder.sha256 if embedder else "",
        "encoder_name": embedder.name if embedder else "",
        "threshold": round(threshold, 3),
        "signals": list(Signals._fields),
        "weights": {kind: fit([a for a in asked if a.kind == kind]) for kind in ("same", "across")},
        "out_of_fold": figures(judged, threshold),
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
        asked = [
            *ask_archive(paragraphs, embedder, Path(folder)),
            *ask_stories(paragraphs, embedder, Path(folder)),
        ]
    kinds = {"dense": calibrate(asked, embedder), "lexical": calibrate(asked, None)}
    text = json.dumps({"data": "xquad_dev_en_de", "paragraphs": len(paragraphs), "calibrations": kinds}, indent=1)
    arguments.out.write_text(text + "\n", encoding="utf-8")
    print(text)


if __name__ == "__main__":
    main()
