"""Question sets: what a writer of questions is told when a line is wrong, and that the committed set is right."""

from __future__ import annotations

import json
import re
import unicodedata
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.errors import CorruptIndexError
from index.types import Document, text_sha256
from qa.errors import EvaluationError
from qa.questions import GoldSpan, read_questions

ROOT = Path(__file__).parents[2]
SEED_SET = ROOT / "evals" / "seed.jsonl"
TEXT = "Anna kam. Bert ging am 2. Mai."
LINE: dict[str, Any] = {
    "id": "q1",
    "question": "Wer ging?",
    "lang": "de",
    "answerable": True,
    "gold": [{"doc_id": "a.txt", "start": 10, "end": 30, "quote": "Bert ging am 2. Mai."}],
    "tags": ["who"],
}
GOLD: dict[str, Any] = LINE["gold"][0]
ABOUT: dict[str, Any] = {**{key: value for key, value in LINE.items() if key != "gold"}, "documents": ["a.txt"]}


def stored(doc_id: str) -> Document:
    return _document(doc_id, {"a.txt": TEXT}[doc_id])


def seed_document(doc_id: str) -> Document:
    raw = (ROOT / "seeds" / doc_id).read_text(encoding="utf-8")
    return _document(doc_id, unicodedata.normalize("NFC", raw))


def _document(doc_id: str, text: str) -> Document:
    return Document(id=doc_id, text=text, sha256=text_sha256(text), title="", lang="de", path=doc_id)


def write(tmp_path: Path, *lines: dict[str, Any] | str) -> Path:
    path = tmp_path / "my.jsonl"
    encoded = (line if isinstance(line, str) else json.dumps(line, ensure_ascii=False) for line in lines)
    path.write_text("\n".join(encoded) + "\n", encoding="utf-8")
    return path


def test_a_set_is_read_in_file_order_with_its_name_and_digest(tmp_path: Path) -> None:
    other = {**LINE, "id": "q2", "answerable": False, "gold": []}
    read = read_questions(write(tmp_path, LINE, "", other), stored)
    assert [question.id for question in read.questions] == ["q1", "q2"]
    assert read.questions[0].gold == (GoldSpan("a.txt", 10, 30, "Bert ging am 2. Mai."),)
    assert read.name == "my"
    assert len(read.sha256) == 64


def test_tags_may_be_left_out(tmp_path: Path) -> None:
    line = {key: value for key, value in LINE.items() if key != "tags"}
    assert read_questions(write(tmp_path, line), stored).questions[0].tags == ()


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{not json", "Invalid JSON"),
        ("[]", "Input should be"),
        ({key: value for key, value in LINE.items() if key != "lang"}, "lang: Field required"),
        ({**LINE, "lang": "fr"}, "lang: "),
        ({**LINE, "answerable": "yes"}, "answerable: "),
        ({**LINE, "note": "x"}, "note: "),
        ({**LINE, "question": "  "}, "must not be blank"),
        ({**LINE, "answerable": False}, "an unanswerable question must not have a gold span"),
        ({**LINE, "gold": []}, "an answerable question needs a gold span"),
        ({**LINE, "gold": [{**GOLD, "start": 9, "end": 29}]}, "mend the offsets"),
        ({**LINE, "gold": [{**GOLD, "end": 31}]}, "has not the 20 characters"),
        ({**LINE, "gold": [{**GOLD, "start": 30, "end": 30, "quote": ""}]}, "empty or negative"),
        ({**LINE, "gold": [{**GOLD, "start": -20, "end": 0}]}, "empty or negative"),
        ({**LINE, "gold": [{**GOLD, "start": 10.0}]}, "start: "),
        ({**LINE, "gold": [{**GOLD, "sentence": 1}]}, "sentence: "),
        ({**LINE, "documents": ["a.txt"]}, "gold spans or documents, not both"),
        ({**ABOUT, "documents": ["b.txt"]}, "the index has no document 'b.txt'"),
        ({**ABOUT, "documents": ["a.txt", "a.txt"]}, "a document is named twice among a.txt, a.txt"),
        ({**ABOUT, "documents": "a.txt"}, "documents: "),
        ({**ABOUT, "grades": [1, 2]}, "2 grades for 1 documents"),
        ({**ABOUT, "grades": [0]}, "the grade 0 is below 1"),
        ({**LINE, "grades": [1]}, "1 grades for 0 documents"),
        ({**LINE, "answers": ["", "x"]}, "an answer must not be blank"),
        (
            {**LINE, "answerable": False, "gold": [], "answers": ["x"]},
            "must not have a gold span, documents or answers",
        ),
        ({**LINE, "twin": "q9"}, "twin: there is no question 'q9'"),
        ({**LINE, "twin": "q0"}, "twin: 'q0' is in de too; twins are in two languages"),
    ],
)
def test_a_wrong_line_is_named_by_file_and_number(tmp_path: Path, line: dict[str, Any] | str, said: str) -> None:
    path = write(tmp_path, {**LINE, "id": "q0"}, line)
    with pytest.raises(EvaluationError, match=re.escape(f"{path}:2: ")) as caught:
        read_questions(path, stored)
    assert said in str(caught.value)


def test_gold_may_be_documents_with_grades_and_there_may_be_answers(tmp_path: Path) -> None:
    (question,) = read_questions(write(tmp_path, {**ABOUT, "grades": [2], "answers": ["ja"]}), stored).questions
    assert (question.documents, question.grades, question.answers) == (("a.txt",), (2,), ("ja",))


def test_a_twin_may_name_the_other_or_both_may(tmp_path: Path) -> None:
    other = {**LINE, "id": "q0", "lang": "en"}
    one, two = read_questions(write(tmp_path, other, {**LINE, "twin": "q0"}), stored).questions
    assert (one.twin, two.twin) == ("", "q0")
    assert len(read_questions(write(tmp_path, {**other, "twin": "q1"}, {**LINE, "twin": "q0"}), stored).questions) == 2


def test_a_question_has_one_twin(tmp_path: Path) -> None:
    english = {**LINE, "id": "q0", "lang": "en"}
    both = write(tmp_path, english, {**LINE, "twin": "q0"}, {**LINE, "id": "q2", "twin": "q0"})
    with pytest.raises(EvaluationError, match=re.escape(f"{both}:3: twin: 'q0' ({both}:1) has another twin")):
        read_questions(both, stored)
    other = write(tmp_path, {**english, "twin": "q2"}, {**LINE, "twin": "q0"}, {**LINE, "id": "q2"})
    with pytest.raises(EvaluationError, match=re.escape(f"{other}:2: twin: 'q0' ({other}:1) has another twin")):
        read_questions(other, stored)


def test_a_repeated_id_names_both_lines(tmp_path: Path) -> None:
    path = write(tmp_path, LINE, LINE)
    with pytest.raises(EvaluationError, match=re.escape(f"{path}:2: the id 'q1' is already that of {path}:1")):
        read_questions(path, stored)


def test_gold_in_a_document_that_is_not_indexed_says_so(tmp_path: Path) -> None:
    path = write(tmp_path, {**LINE, "gold": [{**GOLD, "doc_id": "b.txt"}]})
    with pytest.raises(EvaluationError, match=re.escape(f"{path}:1: the index has no document 'b.txt'; `beleg index`")):
        read_questions(path, stored)


def test_an_index_that_cannot_be_read_speaks_for_itself(tmp_path: Path) -> None:
    def corrupt(doc_id: str) -> Document:
        raise CorruptIndexError(f"{doc_id} is damaged")

    with pytest.raises(CorruptIndexError):
        read_questions(write(tmp_path, LINE), corrupt)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"none\.jsonl: cannot be read"):
        read_questions(tmp_path / "none.jsonl", stored)


def test_a_file_without_questions_is_an_error_not_a_perfect_score(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="no questions in it"):
        read_questions(write(tmp_path, "", "  "), stored)


def test_a_line_that_is_not_utf8_is_named(tmp_path: Path) -> None:
    path = tmp_path / "latin.jsonl"
    path.write_bytes(json.dumps(LINE | {"question": "Wer fährt?"}, ensure_ascii=False).encode("cp1252"))
    with pytest.raises(EvaluationError, match=r"latin\.jsonl:1: "):
        read_questions(path, stored)


@given(st.binary(max_size=200))
def test_no_bytes_at_all_raise_anything_else(tmp_path_factory: pytest.TempPathFactory, content: bytes) -> None:
    path = tmp_path_factory.mktemp("any") / "any.jsonl"
    path.write_bytes(content)
    with pytest.raises(EvaluationError):
        read_questions(path, stored)


def test_the_committed_set_fits_the_seed_and_is_as_large_as_promised() -> None:
    questions = read_questions(SEED_SET, seed_document).questions
    answerable = Counter(question.lang for question in questions if question.answerable)
    assert len(questions) >= 36
    assert abs(2 * sum(question.lang == "de" for question in questions) - len(questions)) <= 2
    assert min(answerable["de"], answerable["en"]) >= 10
    assert sum(not question.answerable for question in questions) >= 10
    assert len({question.question for question in questions}) == len(questions)


def test_no_gold_of_the_committed_set_is_in_the_title_or_the_channel_plugs() -> None:
    text = seed_document("000_bee6702c0391c86e.txt").text
    story = text.index("US-Präsident Donald"), text.index("#ukraine")
    spans = [span for q in read_questions(SEED_SET, seed_document).questions for span in q.gold]
    assert all(story[0] <= span.start < span.end <= story[1] for span in spans)


def test_the_line_that_the_guide_shows_is_a_line_of_the_committed_set() -> None:
    guide = (ROOT / "evals" / "README.md").read_text(encoding="utf-8")
    shown = json.loads(guide[guide.index('{"id"') : guide.index("\n\n", guide.index('{"id"'))])
    assert shown in map(json.loads, SEED_SET.read_text(encoding="utf-8").splitlines())
