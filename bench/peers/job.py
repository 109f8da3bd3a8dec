"""The job of the race: the texts to index, and the questions with where their answers stand."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from itertools import product
from pathlib import Path
from string import whitespace
from typing import Any, NamedTuple

from bench.quality import LANGS

NEWS = "quotes"
Record = dict[str, Any]
Span = tuple[int, int]


class Asked(NamedTuple):
    """A question; `pair` is its language and that of the texts, `gold` are the places of answers in the text `doc`."""

    id: str
    pair: str
    text: str
    doc: str
    gold: tuple[Span, ...]


class Corpus(NamedTuple):
    """Texts as the drivers take them, and what is asked over them."""

    name: str
    records: list[dict[str, str]]
    asked: list[Asked]


def read_job(news: Path, quotes: Path, paragraphs: Path, limit: int | None) -> list[Corpus]:
    """News with who said what, and paragraphs in each language with questions in both.

    `limit` is the number of texts and of questions of each corpus, at most; the texts that are asked for come first.

    Raises:
        OSError: a file cannot be read.
        ValueError: it is not JSON lines.
    """
    corpora = [_news(_lines(news), _lines(quotes)), *_paragraphs(_lines(paragraphs))]
    return corpora if limit is None else [limited(corpus, limit) for corpus in corpora]


def limited(corpus: Corpus, limit: int) -> Corpus:
    """At most `limit` questions, evenly spread, over at most `limit` texts, those of the questions among them."""
    asked = corpus.asked[:: -(-len(corpus.asked) // limit)]
    wanted = {one.doc for one in asked}
    first = sorted(corpus.records, key=lambda record: record["id"] not in wanted)
    return Corpus(corpus.name, first[: max(limit, len(wanted))], asked)


def write_texts(corpus: Corpus, folder: Path) -> Path:
    """The file of JSON lines that every system is given."""
    path = folder / f"{corpus.name}.jsonl"
    lines = (json.dumps(record, ensure_ascii=False) + "\n" for record in corpus.records)
    path.write_text("".join(lines), encoding="utf-8")
    return path


def _news(news: Sequence[Record], quotes: Sequence[Record]) -> Corpus:
    records = [{name: record[name] for name in ("id", "title", "date", "text")} | {"lang": "de"} for record in news]
    asked = [Asked(one["id"], "de-de", one["question_de"], one["doc_id"], _told(one["quotes"])) for one in quotes]
    return Corpus(NEWS, records, asked)


def _told(quotes: Sequence[Record]) -> tuple[Span, ...]:
    return tuple((start, end) for quote in quotes for start, end in quote["spans"])


def _paragraphs(paragraphs: Sequence[Record]) -> list[Corpus]:
    return [
        Corpus(
            f"xquad-{lang}",
            [{"id": one["id"], "text": _trimmed(one[f"context_{lang}"]), "lang": lang} for one in paragraphs],
            [_asked(one, qa, asking, lang) for asking, one in product(LANGS, paragraphs) for qa in one["qas"]],
        )
        for lang in LANGS
    ]


def _asked(paragraph: Record, qa: Record, asking: str, lang: str) -> Asked:
    answer, context = qa[f"answer_{lang}"], paragraph[f"context_{lang}"]
    start = answer["answer_start"] - context.index(_trimmed(context))
    gold = (start, start + len(answer["text"]))
    return Asked(f"{qa['id']}:{asking}", f"{asking}-{lang}", qa[f"question_{asking}"], paragraph["id"], (gold,))


def _trimmed(text: str) -> str:
    """A paragraph without the blanks and marks of byte order around it, which are no system's business."""
    return text.strip(f"{whitespace}\ufeff")


def _lines(path: Path) -> list[Record]:
    with gzip.open(path, "rt", encoding="utf-8") as lines:
        return [json.loads(line) for line in lines]
