"""What calibration takes down of the development questions: in every place and way, in processes of their own."""

from __future__ import annotations

import gzip
import json
from collections import Counter
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from qa.trained import Clues
from train.reader.gather import Asked, gather

TEXTS = {
    "a-0": {"en": "The harbour of Quellhaven was dredged in 1987. The work took three years.",
            "de": "Der Hafen von Quellhaven wurde 1987 ausgebaggert. Die Arbeiten dauerten drei Jahre."},
    "b-0": {"en": "The railway up Mount Grimmel was opened in 1912. It is steep.",
            "de": "Die Bahn auf den Grimmel wurde 1912 eröffnet. Sie ist steil."},
}  # fmt: skip
ASKED = {
    "a-0": {"en": "When was Quellhaven dredged?", "de": "Wann wurde Quellhaven gebaggert?", "answer": "1987"},
    "b-0": {"en": "When was Grimmel opened?", "de": "Wann wurde der Grimmel eröffnet?", "answer": "1912"},
}
NEWS = {"id": "n1", "title": "Neue Bibliothek", "text": "Sie öffnet. „Für alle“, sagte Lotte Sander.", "lang": "de"}


def paragraph(name: str, number: int) -> dict[str, Any]:
    asked, texts = ASKED[name], TEXTS[name]
    answers = {
        f"answer_{lang}": {"text": asked["answer"], "answer_start": texts[lang].index(asked["answer"])}
        for lang in ("de", "en")
    }
    # Of stories one question in four is asked, drawn by its id.
    qa = {"id": f"q{number}", "question_de": asked["de"], "question_en": asked["en"], **answers}
    return {"id": name, **{f"context_{lang}": text for lang, text in texts.items()}, "qas": [qa]}


def write(path: Path, records: list[dict[str, Any]]) -> None:
    path.parent.mkdir(exist_ok=True)
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(record) + "\n" for record in records)


@pytest.fixture(scope="module")
def asked(untrained_reader: Path, tmp_path_factory: pytest.TempPathFactory) -> list[Asked]:
    data = tmp_path_factory.mktemp("data")
    said = NEWS["text"].index("„")
    quote = {
        "id": "n1:0",
        "doc_id": "n1",
        "question_de": "Was sagte Lotte Sander?",
        "quotes": [{"spans": [[said, said + 10]]}],
    }
    write(data / "dev/xquad_dev_en_de.jsonl.gz", [paragraph(name, number) for number, name in enumerate(TEXTS)])
    write(data / "dev/quotes_dev_de.jsonl.gz", [quote])
    write(data / "corpus/wikinews_de_998.jsonl.gz", [NEWS])
    return gather(data, untrained_reader, tmp_path_factory.mktemp("kept"))


def test_archive_and_news_are_asked_as_they_are_and_with_the_article_left_out(asked: list[Asked]) -> None:
    found = Counter((one.place, one.way) for one in asked)
    assert found["archive", "as it is"] == found["archive", "left out"] == 2 * 2 * 2
    assert found["news", "as it is"] == found["news", "left out"] == 1


def test_a_sentence_answers_only_where_its_article_is_there(asked: list[Asked]) -> None:
    for one in asked:
        assert one.clues.shape == (len(one.holds), len(Clues._fields))
        assert np.isfinite(one.clues).all()
        assert one.holds.sum() == (one.way == "as it is")
