"""How well near duplicates are told: edited versions of articles, against articles that only look alike.

The grid judges single pairs by the exact measure; the shipped rule was chosen on one half of the articles. On the other
half `origins` clusters all of them together with one edited version of each, one kind of edit after the other, and
precision and recall are of all pairs that are in one cluster. The data is not part of this project.

    python evals/duplicates.py ../shared/data --out evals/results/duplicates.json
"""

from __future__ import annotations

import argparse
import json
import math
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, replace
from importlib import metadata
from itertools import cycle, product
from pathlib import Path
from random import Random
from time import process_time

import numpy as np
from rich.console import Console
from rich.table import Table
from sklearn.feature_extraction.text import TfidfVectorizer
from systems import half
from xquad import read_paragraphs

from index.duplicates import MIN_WORDS, SHIPPED, Rule, containment, hash_words, origins, shingles
from index.sentences import sentences
from index.types import Span
from qa.evaluate import environment

SEED, COPIES = 8, 5
CHOOSING, REPORTING = 0, 1  # halves
FILES = ("corpus/wikinews_de_998.jsonl.gz", "corpus/wikinews_en_294.jsonl.gz")
# Read by eye: a report of a start that takes two thirds of the announcement of a month before; either answer is right.
UNJUDGED = ("wndeq-8562",)
SIZES, SHARES, RATIOS = (2, 3, 4, 5), (0.55, 0.6, 0.65, 0.7, 0.75), (0.4, 0.45, 0.5)
_NOTE = "Korrektur: In einer früheren Fassung dieses Berichts war eine Angabe falsch. Wir haben das berichtigt."
_QUOTED, _WIDTH = 3, 120
_DATE_LINE = re.compile(r"\A\w+, \w+ \d+, \d{4}\s+")


@dataclass(frozen=True, slots=True)
class Article:
    """An article as its sentences, the first `opening` of which are its first paragraph."""

    id: str
    sentences: list[str]
    opening: int

    @property
    def text(self) -> str:
        """All of it; where paragraphs end does not matter here."""
        return " ".join(self.sentences)


@dataclass(frozen=True, slots=True)
class Pair:
    """An article and a text that was made of it or resembles it, which is a version of the article `version_of`."""

    article: Article
    text: str
    version_of: str


@dataclass(frozen=True, slots=True)
class Figures:
    """Counts of pairs: those of one report, and of the joined ones the right and the wrong."""

    pairs: int
    right: int
    wrong: int

    @property
    def shares(self) -> dict[str, float]:
        """Precision and recall; 1 where nothing was joined, or nothing was to be."""
        of = {"precision": self.right + self.wrong, "recall": self.pairs}
        return {name: round(self.right / count, 4) if count else 1.0 for name, count in of.items()}


Edit = Callable[[Article, Article, Random], list[str]]  # of an article, with another at hand; empty where it fits not


def _shorten(own: Article, _: Article, rng: Random) -> list[str]:
    return own.sentences[: math.ceil(rng.uniform(0.5, 0.8) * len(own.sentences))]


def _drop(own: Article, _: Article, rng: Random) -> list[str]:
    kept = math.floor(rng.uniform(0.7, 0.9) * len(own.sentences))
    return [own.sentences[i] for i in sorted(rng.sample(range(len(own.sentences)), kept))]


def _reword(own: Article, other: Article, rng: Random, least: float = 0.02, most: float = 0.1) -> list[str]:
    share, words = rng.uniform(least, most), other.text.split()
    return [rng.choice(words) if rng.random() < share else word for word in own.text.split()]


def _reorder(own: Article, _: Article, rng: Random) -> list[str]:
    places = [i + rng.uniform(0, 2.5) for i in range(len(own.sentences))]
    return [own.sentences[i] for i in sorted(range(len(places)), key=places.__getitem__)]


def _mix(own: Article, other: Article, rng: Random) -> list[str]:
    return _reword(replace(own, sentences=[other.sentences[0], *_shorten(own, other, rng)[1:]]), other, rng)


def _retell(own: Article, other: Article, _: Random) -> list[str]:
    is_own_report = 3 * own.opening > len(own.sentences)  # as of who replaces more than a third
    return [] if is_own_report else other.sentences[: other.opening] + own.sentences[own.opening :]


def _quote(own: Article, other: Article, rng: Random, count: int) -> list[str]:
    if len(own.sentences) < 2 * _QUOTED:  # three sentences would be most of the article
        return []
    start, place = rng.randrange(max(1, len(own.sentences) - count + 1)), rng.randrange(len(other.sentences) + 1)
    return [*other.sentences[:place], *own.sentences[start : start + count], *other.sentences[place:]]


EDITS: Mapping[str, Edit] = {
    "first 50-80 %": _shorten,
    "10-30 % dropped": _drop,
    "2-10 % of words replaced": _reword,
    "numbers changed": lambda own, _, rng: [re.sub(r"\d+", lambda _: str(rng.randrange(99)), s) for s in own.sentences],
    "order changed": _reorder,
    "correction added": lambda own, _, __: [*own.sentences, _NOTE],
    "agency line": lambda own, _, __: ["BERLIN (dpa) –", *own.sentences, "© dpa"],
    "other lead": lambda own, other, _: [other.sentences[0], *own.sentences[1:]],
    "other first paragraph": _retell,
    "other lead, shortened, words replaced": _mix,
}
QUOTATIONS: Mapping[str, Edit] = {
    "2-3 sentences quoted": lambda own, other, rng: _quote(own, other, rng, rng.choice((2, _QUOTED))),
    "quoted in a text twice as long": lambda own, other, rng: _quote(own, other, rng, len(other.sentences) // 2),
}
ALL = {**EDITS, **QUOTATIONS}


def read_articles(data: Path) -> Iterator[Article]:
    """All articles that are long enough, without the date that stands over the English ones."""
    for record in (record for name in FILES for record in read_paragraphs(data / name)):
        text = _DATE_LINE.sub("", record["text"])
        spans = sentences(text, Span(0, len(text)), record["lang"])
        if len(hash_words(text)) >= MIN_WORDS and record["id"] not in UNJUDGED:
            opening = sum("\n" not in text[spans[0].start : span.end] for span in spans)
            yield Article(record["id"], [text[span.start : span.end] for span in spans], opening)


def edited(articles: Sequence[Article], strangers: Sequence[Article], kind: str) -> Iterator[Pair]:
    """Each article with what the edit makes of it and of a stranger; or with another of `articles` that quotes it."""
    rng, edit = Random(f"{SEED} {kind}"), ALL[kind]  # noqa: S311 - nothing secret
    pool = articles if kind in QUOTATIONS else strangers
    for own, other in zip(articles, cycle([*pool[1:], pool[0]]), strict=False):
        text = " ".join(edit(own, other, rng))
        if len(hash_words(text)) >= MIN_WORDS:
            yield Pair(own, text, (other if kind in QUOTATIONS else own).id)


def alike(articles: Sequence[Article], size: int) -> Iterator[Pair]:
    """Each article with the one that it shares most with, runs of `size` words weighted by how rare they are."""
    runs = TfidfVectorizer(ngram_range=(size, size), binary=True).fit_transform(article.text for article in articles)
    cosines = (runs @ runs.T).toarray() - 2 * np.eye(len(articles))  # never with itself
    for own, other in zip(articles, cosines.argmax(axis=1), strict=True):
        yield Pair(own, articles[other].text, articles[other].id)


def grid(judged: Sequence[Pair]) -> Iterator[tuple[Rule, Figures]]:
    """What each rule makes of single pairs."""
    same = np.array([pair.version_of == pair.article.id for pair in judged])
    for size in SIZES:
        contained, ratio = np.array([_measures(pair, size) for pair in judged]).T
        for at_least, limit in product(SHARES, RATIOS):
            joined = (contained >= at_least) & (ratio >= limit)
            counts = map(int, (same.sum(), (joined & same).sum(), (joined & ~same).sum()))
            yield Rule(size, at_least, limit), Figures(*counts)


def _measures(pair: Pair, size: int) -> tuple[float, float]:
    shorter, longer = sorted((shingles(hash_words(text), size) for text in (pair.article.text, pair.text)), key=len)
    return containment(shorter, longer), len(shorter) / len(longer)


def clustered(articles: Sequence[Article], made: Sequence[Pair]) -> Figures:
    """What `origins` makes of the articles and of what was made of them, all at once."""
    found = origins([*(article.text for article in articles), *(pair.text for pair in made)])
    reports = [*(article.id for article in articles), *(pair.version_of for pair in made)]
    right = _pairs_in(zip(found, reports, strict=True))
    return Figures(_pairs_in(reports), right, _pairs_in(found) - right)


def _pairs_in(groups: Iterable[Hashable]) -> int:
    return sum(math.comb(count, 2) for count in Counter(groups).values())


def pace(articles: Sequence[Article]) -> dict[str, float]:
    """Processor time for 1,000 documents none of which is like another, and how often that of reading them it is."""
    rng = Random(SEED)  # noqa: S311 - nothing secret
    others = [other for _ in range(COPIES) for other in rng.sample(articles, len(articles))]
    texts = [" ".join(_reword(own, other, rng, 0.5, 0.5)) for own, other in zip(cycle(articles), others, strict=False)]
    start = process_time()
    for text in texts:
        shingles(hash_words(text), SHIPPED.shingle)
    middle = process_time()
    origins(texts)
    reading, whole = middle - start, process_time() - middle
    return {"seconds_per_1000": round(1000 * whole / len(texts), 3), "times_reading": round(whole / reading, 2)}


def tables(rules: Mapping[Rule, Figures], kinds: Mapping[str, Figures]) -> Iterator[Table]:
    """The grid, a row for each shingle and ratio; and the shipped rule, a row for each kind."""
    shown = Table("shingle", "ratio", *map(str, SHARES), title="Precision, recall by containment", title_justify="left")
    for size, ratio in product(SIZES, RATIOS):
        row = ("{:.3f} {:.3f}".format(*rules[Rule(size, share, ratio)].shares.values()) for share in SHARES)
        shown.add_row(str(size), str(ratio), *row)
    yield shown
    shown = Table("kind", "pairs", "wrong", "precision", "recall", title=f"Clusters, {SHIPPED}", title_justify="left")
    for kind, found in kinds.items():
        shown.add_row(kind, str(found.pairs), str(found.wrong), *(f"{share:.3f}" for share in found.shares.values()))
    yield shown


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder that has corpus/")
    parser.add_argument("--out", type=Path, help="result file")
    options = parser.parse_args()
    articles = list(read_articles(options.data))
    ours, theirs = ([a for a in articles if half(a.id) == own] for own in (REPORTING, CHOOSING))
    made = (pair for kind in ALL for pair in edited(theirs, ours, kind))
    rules = dict(grid([*made, *alike(theirs, 1), *alike(theirs, 2)]))  # of one topic, of one template
    kinds = {kind: clustered(ours, list(edited(ours, theirs, kind))) for kind in ALL}
    kinds["not edited, both halves"] = clustered(articles, [])
    Console(width=_WIDTH).print(*tables(rules, kinds), seconds := pace(articles), sep="\n")
    if options.out:
        run = {name: value for name, value in asdict(environment("")).items() if name != "generation"}
        run["versions"] |= {"datasketch": metadata.version("datasketch")}
        tried = [asdict(rule) | asdict(found) | found.shares for rule, found in rules.items()]
        by_kind = {kind: asdict(found) | found.shares for kind, found in kinds.items()}
        result = {"shipped": asdict(SHIPPED), "kinds": by_kind, "seconds": seconds, "grid": tried, **run}
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
