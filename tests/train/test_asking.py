"""The ways in which development questions are asked: what is left out is not found, an exchanged name is another."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

import pytest

from index.embed import Embedder, open_embedder
from index.settings import IndexSettings
from index.types import Span
from train.asking import Case, archive, stories

HARBOUR = {
    "en": "The harbour of Quellhaven was dredged in 1987. The work took three years.",
    "de": "Der Hafen von Quellhaven wurde 1987 ausgebaggert. Die Arbeiten dauerten drei Jahre.",
}
RAILWAY = {
    "en": "The railway up Mount Grimmel was opened by Agathe Brandt. It is steep.",
    "de": "Die Bahn auf den Grimmel wurde von Agathe Brandt eröffnet. Sie ist steil.",
}


def paragraph(name: str, texts: dict[str, str], asked: dict[str, str], answer: str) -> dict[str, Any]:
    qa: dict[str, Any] = {"id": f"{name}-q"}
    for lang, text in texts.items():
        qa |= {f"question_{lang}": asked[lang], f"answer_{lang}": {"text": answer, "answer_start": text.index(answer)}}
    return {"id": name, **{f"context_{lang}": text for lang, text in texts.items()}, "qas": [qa]}


PARAGRAPHS = [
    paragraph("a-0", HARBOUR, {"en": "When was Quellhaven dredged?", "de": "Wann wurde Quellhaven gebaggert?"}, "1987"),
    paragraph("b-0", RAILWAY, {"en": "Who opened Grimmel?", "de": "Wer eröffnete Grimmel?"}, "Agathe Brandt"),
]


@pytest.fixture(scope="module")
def embedder() -> Embedder:
    return open_embedder(IndexSettings.load())


@pytest.fixture(scope="module")
def cases(embedder: Embedder, tmp_path_factory: pytest.TempPathFactory) -> list[Case]:
    def both() -> Iterator[Case]:
        yield from archive(PARAGRAPHS, embedder, tmp_path_factory.mktemp("archive"))
        yield from stories(PARAGRAPHS, embedder, tmp_path_factory.mktemp("stories"))

    return list(both())


def test_every_question_is_asked_in_both_languages_of_both_and_in_every_way(cases: list[Case]) -> None:
    asked = Counter((case.place, case.way) for case in cases)
    assert set(asked.values()) == {2 * 2 * 2}
    assert len(asked) == 2 * 3
    assert Counter(case.kind for case in cases) == {"same": len(cases) / 2, "across": len(cases) / 2}


def test_what_is_left_out_is_not_found_and_nothing_then_holds_the_answer(cases: list[Case]) -> None:
    for case in cases:
        found = {passage.document.id for _, passage in case.found}
        if case.way == "left out":
            assert case.doc_id not in found
        assert case.owns(case.doc_id) == (case.way == "as it is")
        assert case.holds(case.doc_id, case.gold[0]) == (case.way == "as it is")
        assert not case.holds(case.doc_id, Span(case.gold[0].end, case.gold[0].end + 1))


def test_another_name_is_that_of_another_article(cases: list[Case]) -> None:
    names = {"a": "Quellhaven", "b": "Grimmel"}
    for case in cases:
        own, other = names[case.article], names["b" if case.article == "a" else "a"]
        expected = other if case.way == "another name" else own
        assert expected in case.question.text


def test_the_gold_is_where_the_answer_stands(cases: list[Case]) -> None:
    for case in cases:
        texts = {passage.document.id: passage.document.text for _, passage in case.found}
        if case.doc_id in texts:
            (gold,) = case.gold
            assert texts[case.doc_id][gold.start : gold.end] in {"1987", "Agathe Brandt"}
