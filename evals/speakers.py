"""Who is quoted: how often the speaker that a sentence is given is the one who was annotated, over Wikinews.

Every sentence that overlaps an annotated quotation is given to `qa.speaker`. Right: the surname that comes back is in
the annotated speaker's name. Precision is of the sentences that got a name; recall of those whose annotated speaker
ends in a capital, so that offices without a name count against it; intervals draw whole articles. Where nothing is
wrong, no resample has anything wrong: `precision_at_least` is the lower end of Wilson's interval (1927), as if the
sentences were independent. The data is not part of this project.

    python evals/speakers.py ../shared/data --out evals/results/speakers.json --show
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
from examine import NEWS, QUOTES, Record, quoted, records
from rich.console import Console
from rich.markup import escape

from index.chunk import body_sentences
from index.errors import BelegError
from index.types import Document, text_sha256
from qa.evaluate import environment
from qa.intervals import Floats, Statistic, bootstrap
from qa.speaker import speaker

SEED = 7
_DIGITS = 4
_NAMED, _NAMEABLE, _RIGHT = range(3)
_Z = 1.96  # standard deviations that have 95 % of a normal distribution between them
_NAME = re.compile(r"\b[^\W\d_a-zäöüß][\w’'-]*\)?,?$")


@dataclass(frozen=True, slots=True)
class Judged:
    """A sentence, who says it by its annotations, and who by its text; `found` is "" for nobody."""

    doc_id: str
    sentence: str
    annotated: tuple[str, ...]
    found: str

    @property
    def right(self) -> bool:
        """Whether the surname found is in an annotated name."""
        surname = self.found.rpartition(" ")[2]
        return bool(surname) and any(surname in name for name in self.annotated)

    @property
    def nameable(self) -> bool:
        """Whether an annotated speaker ends in a capital, as names do."""
        return any(_NAME.search(name) for name in self.annotated)


def judge(data: Path) -> Iterator[Judged]:
    """Every sentence that has a part in an annotated quotation.

    Raises:
        EvaluationError: the data cannot be read.
    """
    news = {record["id"]: record for record in records(data / NEWS)}
    asked = defaultdict[str, list[Record]](list)
    for record in records(data / QUOTES):
        asked[record["doc_id"]].append(record)
    for doc_id, of_document in asked.items():
        yield from _judged(news[doc_id], of_document)


def _judged(news: Record, asked: Sequence[Record]) -> Iterator[Judged]:
    text = news["text"]
    document = Document(news["id"], text, text_sha256(text), news["title"], "de", news["id"])
    for sentence in body_sentences(document):
        annotated = [one["speaker"] for one in asked if any(span.overlaps(sentence) for span in quoted(one).gold)]
        if annotated:
            found = speaker(document, sentence)
            yield Judged(document.id, text[sentence.start : sentence.end], tuple(annotated), found)


def rows(judged: Sequence[Judged]) -> Floats:
    """Shape ``(len(judged), 3)``: whether it got a name, whether it has one to get, whether it is right."""
    found = [(bool(one.found), one.nameable, one.right) for one in judged]
    return np.array(found, dtype=np.float64).reshape(-1, 3)


def _share(of: int) -> Statistic:
    def share(sentences: Floats) -> float:
        among = sentences[sentences[:, of] == 1, _RIGHT]
        return float(among.mean()) if len(among) else float("nan")

    return share


def at_least(right: int, of: int) -> float:
    """The lower end of Wilson's 95 % interval of a share; 0 of none."""
    if not of:
        return 0.0
    share, z = right / of, _Z**2 / of
    return (share + z / 2 - (z * share * (1 - share) + z * z / 4) ** 0.5) / (1 + z)


def figures(judged: Sequence[Judged], resamples: int) -> dict[str, Any]:
    """Counts, and precision and recall with their intervals."""
    measured, groups = rows(judged), [one.doc_id for one in judged]
    counts = dict(zip(("named", "nameable", "right"), (int(n) for n in measured.sum(axis=0)), strict=True))
    found: dict[str, Any] = {"sentences": len(judged), **counts}
    for name, of in (("precision", _NAMED), ("recall", _NAMEABLE)):
        interval = bootstrap(measured, _share(of), groups=groups, seed=SEED, resamples=resamples)
        found[name] = {key: round(value, _DIGITS) for key, value in asdict(interval).items()}
    found["precision_at_least"] = round(at_least(counts["right"], counts["named"]), _DIGITS)
    return found


def main() -> int:
    """Judge, print, and write the result file; 1 when the data cannot be used."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder that has dev/ and corpus/")
    parser.add_argument("--out", type=Path, help="result file")
    parser.add_argument("--resamples", type=int, default=2000, help="of the bootstrap")
    parser.add_argument("--show", action="store_true", help="print what is wrong")
    options = parser.parse_args()
    try:
        judged = list(judge(options.data))
    except BelegError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    found = figures(judged, options.resamples)
    console = Console()
    console.print(found)
    for one in judged if options.show else ():
        if one.found and not one.right:
            console.print(escape(f"{one.found!r} for {', '.join(one.annotated)}: {one.sentence}"))
    if options.out:
        run = {name: value for name, value in asdict(environment("")).items() if name != "generation"}
        result = {"resamples": options.resamples, "seed": SEED, **found, **run}
        options.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
