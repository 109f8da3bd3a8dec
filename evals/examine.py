"""Asks the development questions of every system and judges what comes back, question by question.

It averages nothing: `reading.py` does. The data is not part of this project; its README says what the fields are.
"""

from __future__ import annotations

import gzip
import json
import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from systems import NOTHING, Contestant, Ranked, System
from xquad import LANGS, build_index, build_texts

from index.chunk import body_sentences
from index.embed import Embedder
from index.reader import IndexReader
from index.types import Chunk, Passage, Span
from qa.errors import EvaluationError
from qa.types import Lang, Question

XQUAD, QUOTES = Path("dev/xquad_dev_en_de.jsonl.gz"), Path("dev/quotes_dev_de.jsonl.gz")
SQUAD, NEWS = Path("dev/squad20_dev_half_en.jsonl.gz"), Path("corpus/wikinews_de_998.jsonl.gz")

Record = dict[str, Any]  # a line of the data, as it is
Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Asked:
    """A question with where its answers stand in the document `doc_id`; without `gold` there is no answer.

    `group` is the article that it is about, `pair` the languages of question and document.
    """

    part: str
    id: str
    group: str
    pair: str
    question: Question
    doc_id: str
    gold: tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Judged:
    """What one system did with one question. Ranks count from 1; 0 says not found, or nothing to find.

    `sentence_rank` is that of the first sentence that overlaps the gold, `document_rank` that of its document.
    """

    system: str
    part: str
    id: str
    group: str
    pair: str
    answerable: bool
    confidence: float
    sentence_rank: int
    document_rank: int


@dataclass(frozen=True, slots=True)
class Desk:
    """What every part works with: the encoder, a temporary folder, the systems, and how many questions to ask.

    In `kept` networks remember what they read.
    """

    embedder: Embedder
    folder: Path
    contestants: Mapping[str, Contestant]
    kept: Path
    limit: int | None
    track: Callable[[Iterable[Any], str, int], Iterable[Any]]  # shows progress over items, by name and number

    def taken(self, items: Sequence[Item]) -> Sequence[Item]:
        """At most `limit` of the items, evenly spread."""
        return items if self.limit is None else items[:: math.ceil(len(items) / self.limit) or 1]

    def systems(self, index: IndexReader, name: str) -> dict[str, System]:
        """Every system over `index`, whose `name` no other has."""
        own = self.folder / name
        return {key: one.make(index, self.embedder, own / key, self.kept) for key, one in self.contestants.items()}


def records(path: Path) -> list[Record]:
    """The lines of a data file.

    Raises:
        EvaluationError: it cannot be read.
    """
    try:
        with gzip.open(path, "rt", encoding="utf-8") as lines:
            return [json.loads(line) for line in lines]
    except (OSError, EOFError, ValueError) as error:
        raise EvaluationError(
            f"{path}: not gzipped JSON lines ({error}); name the folder with dev/ and corpus/"
        ) from error


def judge(asked: Asked, system: str, ranked: Ranked) -> Judged:
    """The verdict on what `system` gave for the question."""
    documents = list(dict.fromkeys(sentence.doc_id for sentence in ranked.sentences))
    hits = [
        sentence.doc_id == asked.doc_id and any(sentence.span.overlaps(span) for span in asked.gold)
        for sentence in ranked.sentences
    ]
    return Judged(
        system=system,
        part=asked.part,
        id=asked.id,
        group=asked.group,
        pair=asked.pair,
        answerable=bool(asked.gold),
        confidence=ranked.confidence,
        sentence_rank=_rank(hits),
        document_rank=_rank([bool(asked.gold) and doc_id == asked.doc_id for doc_id in documents]),
    )


def xquad(desk: Desk, data: Path) -> Iterator[Judged]:
    """Every question in both languages, over all paragraphs and over all but its article's (part ``absent``)."""
    paragraphs = records(data / XQUAD)
    articles: dict[str, set[str]] = {}
    for paragraph in paragraphs:
        articles.setdefault(article(paragraph["id"]), set()).add(f"{paragraph['id']}.txt")
    chosen = desk.taken([(paragraph, qa) for paragraph in paragraphs for qa in paragraph["qas"]])
    for lang in LANGS:
        with build_index(paragraphs, lang, desk.embedder, desk.folder) as index:
            check_texts(index, {f"{p['id']}.txt": p[f"context_{lang}"] for p in paragraphs})
            systems = desk.systems(index, f"xquad-{lang}")
            for paragraph, qa in desk.track(chosen, f"xquad, text in {lang}", len(chosen)):
                for asked, name in product(_both_ways(paragraph, qa, lang), systems):
                    without = NOTHING if asked.gold else frozenset(articles[asked.group])
                    yield judge(asked, name, systems[name].answer(asked.question, asked.group, without))


def quotes(desk: Desk, data: Path) -> Iterator[Judged]:
    """Who said what, over all news documents."""
    news = {f"{record['id']}.txt": record for record in records(data / NEWS)}
    chosen = desk.taken(records(data / QUOTES))
    texts = {doc_id: front_matter(record) + record["text"] for doc_id, record in news.items()}
    with build_texts(texts, desk.embedder, desk.folder / "quotes") as index:
        check_texts(index, {doc_id: record["text"] for doc_id, record in news.items()})
        systems = desk.systems(index, "quotes")
        for record in desk.track(chosen, "quotes", len(chosen)):
            asked = quoted(record)
            for name, system in systems.items():
                yield judge(asked, name, system.answer(asked.question, asked.group))


def squad(desk: Desk, data: Path) -> Iterator[Judged]:
    """Answerable and unanswerable questions, each with its passage given as a whole."""
    chosen = desk.taken(records(data / SQUAD))
    titles = {record["context"]: record["title"] for record in chosen}
    ids = {context: f"{number}.txt" for number, context in enumerate(titles)}
    head = {"lang": "en"}
    texts = {ids[context]: front_matter({**head, "title": title}) + context for context, title in titles.items()}
    with build_texts(texts, desk.embedder, desk.folder / "squad") as index:
        check_texts(index, {doc_id: context for context, doc_id in ids.items()})
        systems = desk.systems(index, "squad")
        for record in desk.track(chosen, "squad", len(chosen)):
            asked = _given(record, ids[record["context"]])
            passage = whole(index, asked.doc_id)
            for name, system in systems.items():
                yield judge(asked, name, system.read(asked.question, asked.group, passage))


PARTS: Mapping[str, Callable[[Desk, Path], Iterator[Judged]]] = {"xquad": xquad, "quotes": quotes, "squad": squad}


def whole(index: IndexReader, doc_id: str) -> Passage:
    """A document as one passage."""
    document = index.document(doc_id)
    return Passage.of(document, Chunk(doc_id, tuple(body_sentences(document))))


def check_texts(index: IndexReader, texts: Mapping[str, str]) -> None:
    """Make sure that the index holds the texts as the gold spans count their characters.

    Raises:
        EvaluationError: it does not; the text says how many are missing or different.
    """
    held = {listing.id for listing in index.documents()}
    other = [doc_id for doc_id, text in texts.items() if doc_id not in held or index.document(doc_id).text != text]
    if other:
        raise EvaluationError(
            f"{len(other)} of {len(texts)} documents are not indexed as they are, {other[0]} among them"
        )


def _both_ways(paragraph: Record, qa: Record, lang: Lang) -> Iterator[Asked]:
    """The question in each language, with and without an answer to be found."""
    answer = qa[f"answer_{lang}"]
    start = answer["answer_start"]
    gold = (Span(start, start + len(answer["text"])),)
    for asking, (part, spans) in product(LANGS, (("xquad", gold), ("absent", ()))):
        question = Question(qa[f"question_{asking}"], asking)
        doc_id = f"{paragraph['id']}.txt"
        yield Asked(part, qa["id"], article(paragraph["id"]), f"{asking}-{lang}", question, doc_id, spans)


def quoted(record: Record) -> Asked:
    """Who said what, as a question."""
    spans = tuple(Span(*span) for quote in record["quotes"] for span in quote["spans"])
    doc_id = f"{record['doc_id']}.txt"
    return Asked("quotes", record["id"], doc_id, "de-de", Question(record["question_de"], "de"), doc_id, spans)


def _given(record: Record, doc_id: str) -> Asked:
    start = record["answer_start"]
    gold = () if record["is_impossible"] else (Span(start, start + len(record["answer"])),)
    return Asked("squad", record["id"], record["title"], "en-en", Question(record["question"], "en"), doc_id, gold)


def article(paragraph_id: str) -> str:
    """The article that a paragraph, or the document made of it, is of."""
    return paragraph_id.split("-", maxsplit=1)[0]


def front_matter(record: Record) -> str:
    """What of a record stands above its text in a file; a JSON string is a YAML string, whatever is in it."""
    fields = [
        f"{key}: {json.dumps(record[key], ensure_ascii=False)}"
        for key in ("title", "date", "lang", "source")
        if key in record
    ]
    return "\n".join(["---", *fields, "---", ""])


def _rank(right: Sequence[bool]) -> int:
    return next((rank for rank, is_right in enumerate(right, start=1) if is_right), 0)
