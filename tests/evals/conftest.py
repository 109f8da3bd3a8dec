"""Development data in small, written for these tests, and what the evaluation of reading makes of it.

The evaluations are scripts that import each other by name, so their folder is where Python looks for them.
"""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

sys.path.insert(0, str(Path(__file__).parents[2] / "evals"))

HARBOUR_EN = (
    "The harbour of Quellhaven was dredged in 1987. The work took three years and cost four million crowns. "
    "Since then ferries have called there twice a day."
)
HARBOUR_DE = (
    "Der Hafen von Quellhaven wurde 1987 ausgebaggert. Die Arbeiten dauerten drei Jahre und kosteten vier Millionen "
    "Kronen. Seitdem legen dort zweimal am Tag Fähren an."
)
RAILWAY_EN = (
    "The rack railway up Mount Grimmel was opened by Agathe Brandt. Its steepest stretch rises by one metre in three. "
    "Steam engines ran on it until electricity came."
)
RAILWAY_DE = (
    "Die Zahnradbahn auf den Grimmel wurde von Agathe Brandt eröffnet. Ihr steilstes Stück steigt auf drei Metern um "
    "einen Meter. Dampflokomotiven fuhren dort, bis der Strom kam."
)
LIBRARY = (
    "In Quellhaven steht seit Montag eine neue Bibliothek. Bürgermeisterin Lotte Sander sagte, das Haus sei „für alle "
    "da“. Es hat 40.000 Bände."
)
FERRY = (
    "Die Fähre nach Norden fährt seltener. Reeder Hinnerk Wolters nannte die Preise „nicht zu halten“. Pendler sind "
    "verärgert."
)


def _answer(text: str, answer: str) -> dict[str, Any]:
    return {"answer_start": text.index(answer), "text": answer}


def _paragraph(name: str, texts: tuple[str, str], questions: tuple[str, str], answer: str) -> dict[str, Any]:
    """English before German."""
    (en, de), (asked_en, asked_de) = texts, questions
    qa: dict[str, Any] = {"id": f"{name}-q", "question_en": asked_en, "question_de": asked_de}
    qa |= {"answer_en": _answer(en, answer), "answer_de": _answer(de, answer)}
    return {"id": name, "context_en": en, "context_de": de, "qas": [qa]}


def _passage_question(title: str, context: str, question: str, answer: str = "") -> dict[str, Any]:
    start = context.index(answer) if answer else -1
    told = {"id": question, "title": title, "context": context, "question": question, "is_impossible": not answer}
    return told | {"answer": answer, "answer_start": start}


def _news(name: str, title: str, text: str) -> dict[str, Any]:
    return {"id": name, "title": title, "text": text, "date": "2025-02-10", "lang": "de", "source": "Der Bote"}


def _said(doc: dict[str, Any], speaker: str, words: str) -> dict[str, Any]:
    start = doc["text"].index(words)
    quote = {"spans": [[start, start + len(words)]], "quote": words}
    question = f"Was sagte {speaker} zum Thema „{doc['title']}“?"
    return {"id": f"{doc['id']}:0", "question_de": question, "doc_id": doc["id"], "quotes": [quote]}


def _write(path: Path, records: Sequence[dict[str, Any]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(record) + "\n" for record in records)


@pytest.fixture(scope="session")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder like that of the development data: two articles, two pieces of news, two passages."""
    folder = tmp_path_factory.mktemp("development")
    dredged = ("When was the harbour of Quellhaven dredged?", "Wann wurde der Hafen von Quellhaven ausgebaggert?")
    opened = ("Who opened the rack railway up Mount Grimmel?", "Wer eröffnete die Zahnradbahn auf den Grimmel?")
    library = _news("n1", "Bürgermeisterin eröffnet Bibliothek: „endlich“", LIBRARY)
    ferry = _news("n2", "Streit um die Fähre", FERRY)
    _write(
        folder / "dev/xquad_dev_en_de.jsonl.gz",
        [
            _paragraph("xq00-0", (HARBOUR_EN, HARBOUR_DE), dredged, "1987"),
            _paragraph("xq02-0", (RAILWAY_EN, RAILWAY_DE), opened, "Agathe Brandt"),
        ],
    )
    _write(folder / "corpus/wikinews_de_998.jsonl.gz", [library, ferry])
    _write(
        folder / "dev/quotes_dev_de.jsonl.gz",
        [_said(library, "Lotte Sander", "„für alle da“"), _said(ferry, "Hinnerk Wolters", "„nicht zu halten“")],
    )
    _write(
        folder / "dev/squad20_dev_half_en.jsonl.gz",
        [
            _passage_question("Quellhaven", HARBOUR_EN, "How many years did the work take?", "three years"),
            _passage_question("Quellhaven", HARBOUR_EN, "Which bishop blessed the lighthouse?"),
            _passage_question("Grimmel", RAILWAY_EN, "Who opened the rack railway?", "Agathe Brandt"),
            _passage_question("Grimmel", RAILWAY_EN, "Which emperor forbade tunnels?"),
        ],
    )
    return folder


@pytest.fixture(scope="session")
def shipped() -> Iterator[None]:
    """Nothing is set on this machine, while what is shared by several tests is made."""
    with pytest.MonkeyPatch.context() as patch:
        for name in [name for name in os.environ if name.startswith("BELEG_")]:
            patch.delenv(name)
        yield
