"""Reads the training data: parallel sentences, questions with their passages, speeches; nothing that is evaluated on.

Sentence pairs are filtered and made distinct, and whatever shares a run of eight normalised words with an evaluation
set is left out and counted.
"""

from __future__ import annotations

import gzip
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, NamedTuple

NGRAM_WORDS = 8  # the length of a run of words that tells one text from another
MAX_LENGTH_RATIO = 2.2  # of characters; longer is a bad pair more often than a terse translation
FREE_CHARS = 25  # lengths that any ratio is forgiven at
MAX_CHARS = 1200
_GATHERED = re.compile(r"^(?:Filtered Reddit Comments|Amazon Reviews) ?\d*$")  # a collection's name, no title
_WORD = re.compile(r"\w+")
_LETTER = re.compile(r"[^\W\d_]")

Record = dict[str, Any]


class Pair(NamedTuple):
    """A sentence in both languages, and the collection it is from."""

    en: str
    de: str
    source: str


class Asked(NamedTuple):
    """A question and the English passage that answers it; `start` and `end` are the answer's characters in it."""

    question: str
    passage: str
    start: int
    end: int
    source: str  # the collection it is from
    title: str = ""  # of the article; reviews and forum posts have none


class Speech(NamedTuple):
    """A speech in German: who speaks, and the paragraphs without what others shouted."""

    speaker: str
    paragraphs: tuple[str, ...]


@dataclass(frozen=True)
class Evaluated:
    """The texts that Beleg is measured on, by their runs of `NGRAM_WORDS` words."""

    texts: Sequence[str]

    @cached_property
    def ngrams(self) -> frozenset[int]:
        """Hashes of all runs; shorter texts have none."""
        return frozenset(gram for text in self.texts for gram in _ngrams(text))

    def share_words_with(self, *texts: str) -> bool:
        """Whether one of `texts` has a run of words that is in the evaluation data too."""
        return any(gram in self.ngrams for text in texts for gram in _ngrams(text))


def read_jsonl(path: Path) -> Iterator[Record]:
    """The records of a JSON Lines file, gzipped or not."""
    opened = gzip.open if path.suffix == ".gz" else open
    with opened(path, "rt", encoding="utf-8") as lines:
        yield from (json.loads(line) for line in lines)


def evaluated(paths: Iterable[Path]) -> Evaluated:
    """All strings, however deep, of the evaluation files."""
    return Evaluated([text for path in paths for record in read_jsonl(path) for text in _strings(record)])


def read_pairs(paths: Sequence[Path], evaluation: Evaluated, caps: dict[str, int]) -> tuple[list[Pair], Counter[str]]:
    """Usable pairs in the files' order, and how many were left out by reason.

    `caps` bounds what a collection contributes: every n-th pair of it is taken, so that all of it is sampled.
    """
    dropped: Counter[str] = Counter()
    seen: set[tuple[str, str]] = set()
    kept: list[Pair] = []
    for path in paths:
        for record in read_jsonl(path):
            pair = Pair(_tidy(record["en"]), _tidy(record["de"]), record["src"])
            key = (pair.en.lower(), pair.de.lower())
            if reason := _unusable(pair) or ("twice" if key in seen else ""):
                dropped[reason] += 1
            elif evaluation.share_words_with(pair.en, pair.de):
                dropped["evaluated"] += 1
            else:
                seen.add(key)
                kept.append(pair)
    capped = _capped(kept, caps)
    dropped["capped"] = len(kept) - len(capped)
    return capped, dropped


def read_questions(path: Path, evaluation: Evaluated) -> tuple[list[Asked], Counter[str]]:
    """Questions with the passage that answers them, and how many were left out by reason."""
    dropped: Counter[str] = Counter()
    kept = []
    for record in read_jsonl(path):
        passage = str(record["context"]).strip("\n")
        start = int(record["answer_start"])
        if start < 0 or not record["question"].strip():
            dropped["no answer"] += 1
        elif evaluation.share_words_with(record["question"], passage):
            dropped["evaluated"] += 1
        else:
            end, title = start + len(record["answer"]), _GATHERED.sub("", record.get("title", ""))
            kept.append(Asked(_tidy(record["question"]), passage, start, end, record["set"], title))
    return kept, dropped


def read_statements(path: Path, evaluation: Evaluated) -> list[tuple[str, str]]:
    """Questions, each with the single sentence that answers it."""
    found = ((_tidy(record["question"]), _tidy(record["context"])) for record in read_jsonl(path))
    return [pair for pair in found if not evaluation.share_words_with(*pair)]


def read_speeches(path: Path, limit: int) -> list[Speech]:
    """Every n-th speech, so that about `limit` of them cover the whole time; interjections in brackets left out."""
    records = list(read_jsonl(path))
    step = max(1, len(records) // limit) if limit else len(records) + 1
    found = (
        Speech(record["speaker"], tuple(p for p in record["text"].split("\n") if p and not p.startswith("(")))
        for record in records[::step][:limit]
    )
    return [speech for speech in found if speech.paragraphs]


def _ngrams(text: str) -> Iterator[int]:
    words = _WORD.findall(text.lower())
    if len(words) >= NGRAM_WORDS:
        yield from (hash(tuple(words[i : i + NGRAM_WORDS])) for i in range(len(words) - NGRAM_WORDS + 1))


def _strings(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        yield from (text for inner in value.values() for text in _strings(inner))
    elif isinstance(value, list):
        yield from (text for inner in value for text in _strings(inner))


def _unusable(pair: Pair) -> str:
    if not (_LETTER.search(pair.en) and _LETTER.search(pair.de)):
        return "no words"
    shorter, longer = sorted((len(pair.en), len(pair.de)))
    if longer > MAX_CHARS:
        return "too long"
    if longer > FREE_CHARS and longer > MAX_LENGTH_RATIO * shorter:
        return "unlike lengths"
    return "not translated" if longer > FREE_CHARS and pair.en == pair.de else ""


def _capped(pairs: Sequence[Pair], caps: dict[str, int]) -> list[Pair]:
    total = Counter(pair.source for pair in pairs)
    place: Counter[str] = Counter()
    kept = []
    for pair in pairs:
        cap, count = caps.get(pair.source, total[pair.source]), total[pair.source]
        i = place[pair.source]
        place[pair.source] += 1
        if cap >= count or (i + 1) * cap // count > i * cap // count:
            kept.append(pair)
    return kept


def _tidy(text: str) -> str:
    return " ".join(text.split())
