"""The gate over development data: a fixed sample of 300 questions, compared with an accepted run of the same ones.

180 are 90 questions of XQuAD in both languages, over paragraphs half of which are indexed in German and half in
English; 60 are 30 whose articles are left out, so that nothing answers them; and 60 ask who said what, over the 20
Wikinews articles that they are about. It fails where a measure is clearly below the baseline, as `qa/baseline.py` tells
it. To be quick enough for every run of the tests the reader is given fewer passages than in the product. The data is
not part of this project, and the baseline has numbers alone.

    python evals/gate.py ../shared/data
    python evals/gate.py ../shared/data --accept    # make this run the baseline
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

from examine import Record, records
from rich.console import Console

from index.errors import BelegError
from qa.baseline import accept, read_baseline, regressions
from qa.bundles import Bundle, opened
from qa.evaluate import Evaluation, evaluate, write_result
from qa.questions import GoldQuestion, GoldSpan, QuestionSet
from qa.report import render
from qa.settings import Settings
from qa.types import Lang

BASELINE = Path(__file__).parent / "baselines" / "dev.json"
XQUAD, QUOTES = Path("dev/xquad_dev_en_de.jsonl.gz"), Path("dev/quotes_dev_de.jsonl.gz")
NEWS = Path("corpus/wikinews_de_998.jsonl.gz")
PASSAGES = 3  # that are read, of the product's 20
ABSENT_ARTICLES, PRESENT, ABSENT = 4, 90, 30  # of XQuAD
REPORTS, QUOTED = 20, 60  # articles of Wikinews, and questions about them
LANGS: tuple[Lang, Lang] = ("de", "en")

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Gate:
    """The sample's documents, file by file, and its questions."""

    documents: Mapping[str, str]
    questions: tuple[GoldQuestion, ...]

    def bundle(self) -> Bundle:
        """As a question set that brings its documents."""
        told = json.dumps([(q.id, q.question, q.documents, [g.quote for g in q.gold]) for q in self.questions])
        sha256 = hashlib.sha256(told.encode()).hexdigest()
        places = tuple(f"dev sample: {question.id}" for question in self.questions)
        return Bundle(QuestionSet("dev", sha256, self.questions), places, self._write)

    def _write(self, folder: Path) -> None:
        for name, text in self.documents.items():
            (folder / name).write_text(text, encoding="utf-8")


def has_data(data: Path) -> bool:
    """Whether all files of the sample are there."""
    return all((data / path).is_file() for path in (XQUAD, QUOTES, NEWS))


def sample(data: Path) -> Gate:
    """The same questions each time.

    Raises:
        EvaluationError: a file of the data cannot be read.
    """
    paragraphs = records(data / XQUAD)
    articles = list(dict.fromkeys(map(_article, paragraphs)))
    langs = {article: LANGS[number % 2] for number, article in enumerate(articles[:-ABSENT_ARTICLES])}
    there = [paragraph for paragraph in paragraphs if _article(paragraph) in langs]
    gone = [paragraph for paragraph in paragraphs if _article(paragraph) not in langs]
    quotes = records(data / QUOTES)
    wanted = set(_spread(list(dict.fromkeys(record["doc_id"] for record in quotes)), REPORTS))
    quoted = _spread([record for record in quotes if record["doc_id"] in wanted], QUOTED)
    news = [record for record in records(data / NEWS) if record["id"] in wanted]
    documents = {
        **{f"{p['id']}.txt": _file(p[f"context_{langs[_article(p)]}"], lang=langs[_article(p)]) for p in there},
        **{f"{n['id']}.txt": _file(n["text"], title=n["title"], date=n["date"], lang="de") for n in news},
    }
    questions = (
        *_both(there, PRESENT, lambda paragraph, qa: _answered(paragraph, qa, langs[_article(paragraph)])),
        *_both(gone, ABSENT, lambda _, __: {"answerable": False, "tags": ("absent",)}),
        *_who_said_what(quoted, {record["id"]: record["text"] for record in news}),
    )
    return Gate(documents, questions)


def run(data: Path, on_progress: Callable[[int, int], None] | None = None) -> Evaluation:
    """The sample put to Beleg as it is set by default, but for how many passages are read.

    Raises:
        BelegError: the data cannot be read, or not be indexed.
    """
    bundle = sample(data).bundle()
    with opened(bundle, Settings.load(passages=PASSAGES)) as assistant:
        return evaluate(assistant, bundle.questions, on_progress)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run the gate and say what is worse; 1 where something is, or where the data cannot be used."""
    options = _options(arguments)
    try:
        evaluation = run(options.data)
        if options.out:
            write_result(evaluation, options.out)
        Console().print(render(evaluation))
        if options.accept:
            accept(evaluation, BASELINE)
        failures = regressions(evaluation, read_baseline(BASELINE))
    except BelegError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    for failure in failures:
        print(f"not met: {failure}", file=sys.stderr)
    return int(bool(failures))


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder that has dev/ and corpus/")
    parser.add_argument("--accept", action="store_true", help="make this run the baseline")
    parser.add_argument("--out", type=Path, help="result file")
    return parser.parse_args(arguments)


def _both(
    paragraphs: Sequence[Record], count: int, gold: Callable[[Record, Record], dict[str, Any]]
) -> Iterator[GoldQuestion]:
    """So many questions, each in both languages; the two are twins."""
    asked = [(paragraph, qa) for paragraph in paragraphs for qa in paragraph["qas"]]
    for paragraph, qa in _spread(asked, count):
        for lang, other in (LANGS, LANGS[::-1]):
            question = qa[f"question_{lang}"]
            yield GoldQuestion(
                id=f"{qa['id']}-{lang}", question=question, lang=lang, twin=f"{qa['id']}-{other}", **gold(paragraph, qa)
            )


def _answered(paragraph: Record, qa: Record, lang: Lang) -> dict[str, Any]:
    """The gold of a question whose paragraph is indexed in `lang`."""
    answer, start = qa[f"answer_{lang}"]["text"], qa[f"answer_{lang}"]["answer_start"]
    gold = (GoldSpan(f"{paragraph['id']}.txt", start, start + len(answer), answer),)
    return {"answerable": True, "gold": gold, "answers": (answer,), "tags": (f"text-{lang}",)}


def _who_said_what(quotes: Sequence[Record], texts: Mapping[str, str]) -> Iterator[GoldQuestion]:
    for record in quotes:
        doc_id, text = f"{record['doc_id']}.txt", texts[record["doc_id"]]
        places = dict.fromkeys((start, end) for quote in record["quotes"] for start, end in quote["spans"])
        gold = tuple(GoldSpan(doc_id, start, end, text[start:end]) for start, end in places)
        yield GoldQuestion(record["id"], record["question_de"], "de", answerable=True, gold=gold, tags=("quotation",))


def _spread(items: Sequence[Item], count: int) -> list[Item]:
    """So many of the items, evenly spread."""
    return [items[number * len(items) // count] for number in range(count)]


def _article(paragraph: Record) -> str:
    return str(paragraph["id"]).split("-", maxsplit=1)[0]


def _file(text: str, **fields: str) -> str:
    """A text under its front matter; a JSON string is a YAML string, whatever is in it."""
    head = "".join(f"{key}: {json.dumps(value)}\n" for key, value in fields.items())
    return f"---\n{head}---\n{text}"


if __name__ == "__main__":
    sys.exit(main())
