"""How often the names guard is wrong: on XQuAD questions and their own paragraphs, in all four language pairs.

False: questions with a name or number said to be missing from the paragraph that answers them. Caught: questions whose
name was exchanged for one of another article (as train.asking does it), and the guard says that it is missing; of
those where the paragraph does not have the other name. The data is not part of this project.

    python evals/names.py ../shared/data/dev/xquad_dev_en_de.jsonl.gz --out evals/results/names.json --show 30
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from itertools import product
from pathlib import Path
from time import process_time
from typing import Any
from zlib import crc32

from rich.console import Console
from rich.table import Table

sys.path.insert(0, str(Path(__file__).parent.parent))  # train is not installed
from examine import article
from xquad import LANGS, read_paragraphs

from qa.evaluate import environment
from qa.names import Mention, mentions, unmentioned
from qa.spelling import fold
from qa.types import Lang, Question
from train.asking import shared_names

Record = dict[str, Any]  # a paragraph, or one of its questions, as the file has it


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares for one language pair, and the counts that they are of."""

    pair: str
    questions: int
    with_mentions: float
    false: float
    exchanged: int
    caught: float
    deciding: int
    caught_deciding: float


@dataclass(frozen=True, slots=True)
class Checked:
    """A question checked against its paragraph; with a name exchanged, whether that one decides, and is caught."""

    question: Question
    found: tuple[Mention, ...]
    missing: tuple[Mention, ...]
    is_deciding: bool = False
    is_caught: bool = False


def check(paragraphs: Sequence[Record], question_lang: Lang, lang: Lang) -> Iterator[Checked]:
    """Every question against its own paragraph."""
    for paragraph in paragraphs:
        for qa in paragraph["qas"]:
            question = Question(qa[f"question_{question_lang}"], question_lang)
            found = mentions(question)
            yield Checked(question, found, unmentioned(found, paragraph[f"context_{lang}"], lang))


def exchange(paragraphs: Sequence[Record], question_lang: Lang, lang: Lang) -> Iterator[Checked]:
    """Every question with a name that it has in both languages, under another one that the paragraph has not."""
    names = sorted({(article(p["id"]), name) for p in paragraphs for qa in p["qas"] for name in shared_names(qa)})
    for paragraph in paragraphs:
        text = paragraph[f"context_{lang}"]
        others = [name for of, name in names if of != article(paragraph["id"]) and fold(name) not in fold(text)]
        for qa in paragraph["qas"]:
            for name in shared_names(qa)[:1]:
                other = others[crc32(qa["id"].encode()) % len(others)]
                asked = qa[f"question_{question_lang}"]
                question = Question(asked.replace(name, other), question_lang)
                found = mentions(question)
                missing = unmentioned(found, text, lang)
                is_deciding = not re.search(rf"{re.escape(name)}[ -][A-ZÄÖÜ]", asked)
                is_caught = any(re.search(rf"(?<!\w){re.escape(other)}", mention.surface) for mention in missing)
                yield Checked(question, found, missing, is_deciding, is_caught)


def measure(paragraphs: Sequence[Record]) -> list[Figures]:
    """The figures of every language pair, question language first."""
    figures = []
    for question_lang, lang in product(LANGS, LANGS):
        checked = list(check(paragraphs, question_lang, lang))
        exchanged = list(exchange(paragraphs, question_lang, lang))
        deciding = [one for one in exchanged if one.is_deciding]
        figures.append(
            Figures(
                f"{question_lang}-{lang}",
                len(checked),
                _share([bool(one.found) for one in checked]),
                _share([bool(one.missing) for one in checked]),
                len(exchanged),
                _share([one.is_caught for one in exchanged]),
                len(deciding),
                _share([one.is_caught for one in deciding]),
            )
        )
    return figures


def _share(values: Sequence[bool]) -> float:
    return round(sum(values) / len(values), 4) if values else 0.0


def milliseconds(paragraphs: Sequence[Record]) -> tuple[float, float]:
    """Mean processor time of `mentions` and of `unmentioned`, warm, over English questions and German paragraphs."""
    asked = [(Question(qa["question_en"], "en"), p["context_de"]) for p in paragraphs for qa in p["qas"]]
    start = process_time()
    found = [mentions(question) for question, _ in asked]
    middle = process_time()
    for names, (_, text) in zip(found, asked, strict=True):
        unmentioned(names, text, "de")
    return 1000 * (middle - start) / len(asked), 1000 * (process_time() - middle) / len(asked)


def table(figures: Sequence[Figures]) -> Table:
    """One row a language pair (question-document)."""
    columns = ("pair", "questions", "named", "false", "changed", "caught", "surname", "caught")
    shown = Table(*columns, title="Names and numbers guard, XQuAD", title_justify="left")
    for f in figures:
        shares = [f"{share:.1%}" for share in (f.with_mentions, f.false, f.caught, f.caught_deciding)]
        shown.add_row(f.pair, str(f.questions), *shares[:2], str(f.exchanged), shares[2], str(f.deciding), shares[3])
    return shown


def show(paragraphs: Sequence[Record], limit: int) -> Iterator[str]:
    """Up to `limit` false alarms of each language pair, spread over the questions."""
    for question_lang, lang in product(LANGS, LANGS):
        wrong = [one for one in check(paragraphs, question_lang, lang) if one.missing]
        for one in wrong[:: max(1, len(wrong) // limit)][:limit]:
            yield f"{question_lang}-{lang} {[m.surface for m in one.missing]} {one.question.text}"


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("paragraphs", type=Path, help="gzipped JSON lines")
    parser.add_argument("--show", type=int, default=0, metavar="N", help="print N false alarms of each pair")
    parser.add_argument("--out", type=Path, help="result file")
    arguments = parser.parse_args()
    paragraphs = read_paragraphs(arguments.paragraphs)
    figures = measure(paragraphs)
    finding, looking = milliseconds(paragraphs)
    if arguments.out:
        run = {name: value for name, value in asdict(environment("")).items() if name != "generation"}
        result = {"pairs": [asdict(f) for f in figures], "ms": {"mentions": finding, "unmentioned": looking}, **run}
        arguments.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    Console().print(table(figures), f"mentions {finding:.2f} ms, unmentioned {looking:.2f} ms")
    for line in show(paragraphs, arguments.show) if arguments.show else ():
        print(line)


if __name__ == "__main__":
    main()
