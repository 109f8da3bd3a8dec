"""Question sets in the form of SQuAD: paragraphs, answers, what has none, several languages, and what is refused."""

from __future__ import annotations

import json
import unicodedata
from pathlib import Path
from typing import Any

import pytest

from qa.errors import EvaluationError
from qa.questions import GoldSpan
from qa.squad import is_squad, read_squad

ENGLISH = "The Panthers defense gave up just 308 points, ranking sixth in the league."
GERMAN = "Die Abwehr der Panthers gab nur 308 Punkte ab und belegte damit den sechsten Platz der Liga."


def answer(context: str, text: str) -> dict[str, Any]:
    return {"text": text, "answer_start": context.index(text)}


def qa(name: str, question: str, *answers: dict[str, Any], **more: Any) -> dict[str, Any]:  # noqa: ANN401 - any field
    return {"id": name, "question": question, "answers": list(answers), **more}


def squad(*paragraphs: dict[str, Any], title: str = "Super_Bowl_50") -> dict[str, Any]:
    return {"version": "2.0", "data": [{"title": title, "paragraphs": list(paragraphs)}]}


def paragraph(context: str, *qas: dict[str, Any]) -> dict[str, Any]:
    return {"context": context, "qas": list(qas)}


EN = squad(
    paragraph(
        ENGLISH,
        qa(
            "p1", "How many points did the defense give up?", answer(ENGLISH, "308"), answer(ENGLISH, "just 308 points")
        ),
        qa("p2", "How many points did the offense score?", is_impossible=True, plausible_answers=[]),
    )
)
DE = squad(
    paragraph(
        GERMAN,
        qa("p1", "Wie viele Punkte gab die Verteidigung der Panthers ab?", answer(GERMAN, "308")),
        qa("p2", "Wie viele Punkte erzielte der Angriff der Panthers?", is_impossible=True),
    )
)


def write(path: Path, *contents: dict[str, Any], names: tuple[str, ...] = ("en.json", "de.json")) -> Path:
    for name, content in zip(names, contents, strict=False):
        (path / name).write_text(json.dumps(content), encoding="utf-8")
    return path if len(contents) > 1 else path / names[0]


def test_paragraphs_are_documents_and_answers_are_gold(tmp_path: Path) -> None:
    bundle = read_squad(write(tmp_path, EN))
    first, second = bundle.questions.questions
    doc_id = "en-000-000-Super_Bowl_50.txt"
    start = ENGLISH.index("308")
    assert first.gold == (
        GoldSpan(doc_id, start, start + 3, "308"),
        GoldSpan(doc_id, start - 5, start + 10, "just 308 points"),
    )
    assert (first.id, first.lang, first.lang_stated, first.answers) == ("p1", "en", False, ("308", "just 308 points"))
    assert (second.answerable, second.gold, second.answers) == (False, (), ())
    assert bundle.questions.name == "en"
    assert bundle.places[1] == f"{tmp_path}/en.json: data[0].paragraphs[0].qas[1]"


def test_a_paragraph_is_a_file_under_its_articles_title(tmp_path: Path) -> None:
    bundle = read_squad(write(tmp_path, EN))
    into = tmp_path / "documents"
    into.mkdir()
    bundle.write(into)
    (written,) = into.iterdir()
    assert written.name == "en-000-000-Super_Bowl_50.txt"
    assert written.read_text(encoding="utf-8") == f'---\ntitle: "Super Bowl 50"\n---\n{ENGLISH}'


def test_version_1_has_neither_a_version_nor_what_is_impossible(tmp_path: Path) -> None:
    old = {"data": [{"paragraphs": [paragraph(ENGLISH, qa("p1", "How many points?", answer(ENGLISH, "308")))]}]}
    assert read_squad(write(tmp_path, old)).questions.questions[0].answerable


def test_questions_of_the_same_id_in_two_languages_are_twins_with_the_gold_of_both(tmp_path: Path) -> None:
    bundle = read_squad(write(tmp_path, EN, DE))
    asked = {question.id: question for question in bundle.questions.questions}
    assert list(asked) == ["de:p1", "de:p2", "en:p1", "en:p2"]
    german, english = asked["de:p1"], asked["en:p1"]
    assert (german.twin, english.twin) == ("en:p1", "de:p1")
    assert (german.lang, english.lang) == ("de", "en")
    assert set(german.gold) == set(english.gold)
    assert {span.doc_id for span in german.gold} == {"de-000-000-Super_Bowl_50.txt", "en-000-000-Super_Bowl_50.txt"}
    assert (asked["de:p2"].answerable, asked["de:p2"].twin) == (False, "en:p2")


def test_offsets_are_those_of_the_text_as_it_is_indexed(tmp_path: Path) -> None:
    composed = "Zürich liegt am See. Köln liegt am Rhein."
    text = unicodedata.normalize("NFD", composed)
    read = read_squad(
        write(tmp_path, squad(paragraph(text, qa("k", "Was liegt am Rhein?", answer(text, text[22:27])))))
    )
    (span,) = read.questions.questions[0].gold
    assert text[22:27] == unicodedata.normalize("NFD", "Köln")
    assert composed[span.start : span.end] == span.quote == "Köln"


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ({}, r"en\.json: data: Field required"),
        ({"data": []}, r"en\.json: data: "),
        (squad({"qas": []}), r"en\.json: data\[0\]\.paragraphs\[0\]\.context: Field required"),
        (squad(paragraph(ENGLISH, {"id": "x"})), r"data\[0\]\.paragraphs\[0\]\.qas\[0\]\.question: Field required"),
        (squad(paragraph(ENGLISH, qa("x", "Who?"))), r"data\[0\]\.paragraphs\[0\]\.qas\[0\]\.answers: there is none"),
        (
            squad(paragraph(ENGLISH, qa("x", "Who?", {"text": "308", "answer_start": 3}))),
            r"qas\[0\]\.answers\[0\]\.answer_start: characters 3 to 6 of the context are ' Pa', not the answer '308'",
        ),
        (
            squad(paragraph(ENGLISH, qa("x", "Who?", {"text": "308", "answer_start": "3"}))),
            r"qas\[0\]\.answers\[0\]\.answer_start: Input should be a valid integer",
        ),
        (
            squad(paragraph(ENGLISH, *(qa("x", "Who?", answer(ENGLISH, "308")),) * 2)),
            r"qas\[1\]\.id: 'x' is already that of .*qas\[0\]",
        ),
        (squad(paragraph(ENGLISH)), r"en\.json: no questions in it"),
    ],
)
def test_what_is_malformed_is_named_by_file_and_field(tmp_path: Path, content: dict[str, Any], said: str) -> None:
    with pytest.raises(EvaluationError, match=said):
        read_squad(write(tmp_path, content))


@pytest.mark.parametrize("data", [b"{", b"\xff\xfe", b""])
def test_what_is_no_json_is_named(tmp_path: Path, data: bytes) -> None:
    (tmp_path / "bad.json").write_bytes(data)
    with pytest.raises(EvaluationError, match=r"bad\.json: no JSON"):
        read_squad(tmp_path / "bad.json")


def test_only_json_files_and_folders_with_some_look_like_it(tmp_path: Path) -> None:
    assert not is_squad(tmp_path)
    assert not is_squad(tmp_path / "questions.jsonl")
    assert is_squad(write(tmp_path, EN))
    assert is_squad(tmp_path)
