"""Whether quotations are told to be real, altered or not there: sentences as they are, changed, and from elsewhere.

Half of the articles are indexed. Their sentences are checked as they are, in part, with words exchanged, negated, and
with another number: how often is that verified, and how often told to be altered, with the original found? Sentences of
the other half stand nowhere in the index: how often is a likeness seen all the same?

    python evals/quoted.py ../shared/data/corpus/wikinews_de_998.jsonl.gz --out evals/results/quoted.json
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import re
import tempfile
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from rich.console import Console
from rich.table import Table

from index.build import build
from index.chunk import body_sentences
from index.types import Document
from qa.evaluate import environment
from qa.pipeline import Assistant
from qa.quotecheck import Check
from qa.settings import Settings

SEED = 7
MIN_WORDS = 5
FRAGMENT = 6  # words
_NEGATIONS = ("nicht", "kein", "keine")


class Sentence(NamedTuple):
    """A sentence of a document."""

    document: Document
    start: int
    end: int

    @property
    def text(self) -> str:
        """Its words."""
        return self.document.text[self.start : self.end]


def exchanged(text: str, count: int, vocabulary: Sequence[str], rng: random.Random) -> str:
    """`text` with `count` words put in the place of others."""
    words = text.split()
    for place in rng.sample(range(len(words)), count):
        words[place] = rng.choice([word for word in vocabulary if word != words[place]])
    return " ".join(words)


def negated(text: str, rng: random.Random) -> str:
    """`text` without its negation, or with one."""
    words = text.split()
    for negation in _NEGATIONS:
        if negation in words:
            words.remove(negation)
            return " ".join(words)
    words.insert(rng.randrange(1, len(words)), _NEGATIONS[0])
    return " ".join(words)


def fragment(text: str, rng: random.Random) -> str:
    """Some words in a row."""
    words = text.split()
    first = rng.randrange(max(1, len(words) - FRAGMENT + 1))
    return " ".join(words[first : first + FRAGMENT])


def renumbered(text: str, rng: random.Random) -> str:
    """`text` with another first number; "" where it has none."""
    return (
        re.sub(r"\d+", lambda found: str(int(found[0]) + rng.randint(1, 9)), text, count=1)
        if re.search(r"\d", text)
        else ""
    )


def measure(inside: Sequence[Sentence], outside: Sequence[Sentence], assistant: Assistant) -> dict[str, dict[str, Any]]:
    """For each kind of quotation how often each status came out, and how often the original was found."""
    rng = random.Random(SEED)  # noqa: S311 - draws a sample
    vocabulary = sorted({word for sentence in inside for word in sentence.text.split()})
    kinds: dict[str, Callable[[str], str]] = {
        "as it stands": str,
        f"{FRAGMENT} words of it": lambda text: fragment(text, rng),
        **{
            f"{count} words exchanged": lambda text, count=count: exchanged(text, count, vocabulary, rng)  # type: ignore[misc]
            for count in (1, 2, 3)
        },
        "negated": lambda text: negated(text, rng),
        "another number": lambda text: renumbered(text, rng),
    }
    rows = {kind: _row(assistant, [(make(one.text), one) for one in inside]) for kind, make in kinds.items()}
    return {**rows, "of an article that is not indexed": _row(assistant, [(one.text, one) for one in outside])}


def _row(assistant: Assistant, quoted: Sequence[tuple[str, Sentence]]) -> dict[str, Any]:
    checks = [(assistant.verify(quote), sentence) for quote, sentence in quoted if quote]
    statuses = Counter(found.status for found, _ in checks)
    own = sum(_is_found(found, sentence) for found, sentence in checks)
    return {"n": len(checks), **{status: statuses[status] for status in sorted(statuses)}, "original found": own}


def _is_found(found: Check, sentence: Sentence) -> bool:
    places = [piece for place in found.places for piece in place.pieces]
    shown = places or (found.nearest if found.status == "altered" else ())
    document, start, end = sentence
    return any(one.doc_id == document.id and one.start < end and start < one.end for one in shown)


def sample(documents: Sequence[Document], count: int) -> list[Sentence]:
    """Sentences of some length, at random."""
    spans = (Sentence(document, *span) for document in documents for span in body_sentences(document))
    long_enough = [sentence for sentence in spans if len(sentence.text.split()) >= MIN_WORDS]
    return random.Random(SEED).sample(  # noqa: S311 - as above
        long_enough, min(count, len(long_enough))
    )


def run(corpus: Path, count: int) -> dict[str, Any]:
    """Index every other article, and check."""
    with tempfile.TemporaryDirectory() as folder:
        halves = [Path(folder, f"{name}.jsonl") for name in ("inside", "outside")]
        for path, lines in zip(halves, _halves(corpus), strict=True):
            path.write_text("".join(lines), encoding="utf-8")
        inside, outside = (_assistant(path, Path(folder, path.stem)) for path in halves)
        sentences = sample(_documents(inside), count)
        rows = measure(sentences, sample(_documents(outside), count), inside)
        here = environment(inside.info().generation)
        inside.close()
        outside.close()
    return {"corpus": corpus.name, "kinds": rows, "run": asdict(here)}


def _halves(corpus: Path) -> tuple[list[str], list[str]]:
    with gzip.open(corpus, "rt", encoding="utf-8") as file:
        lines = list(file)
    return lines[::2], lines[1::2]


def _assistant(path: Path, data_dir: Path) -> Assistant:
    settings = Settings.load(data_dir=data_dir)
    build([path], settings)
    return Assistant(settings)


def _documents(assistant: Assistant) -> list[Document]:
    return [assistant.document(row.id) for row in assistant.documents()]


def rows(result: dict[str, Any]) -> Iterator[tuple[str, ...]]:
    """The result as lines of a table."""
    names = ("n", "verified", "altered", "not found", "original found")
    for kind, row in result["kinds"].items():
        yield kind, *(str(row.get(name, 0)) for name in names)


def main() -> None:
    """Measure, show and write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--sentences", type=int, default=200)
    parser.add_argument("--out", type=Path, default=Path("evals/results/quoted.json"))
    arguments = parser.parse_args()
    result = run(arguments.corpus, arguments.sentences)
    table = Table("quotation", "n", "verified", "altered", "not found", "original found")
    for row in rows(result):
        table.add_row(*row)
    Console().print(table)
    arguments.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
