"""BEIR folders: what is read of them, what is indexed, and what is refused with its place."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from qa.beir import is_beir, read_beir
from qa.errors import EvaluationError

CORPUS = [
    {"_id": "c1", "title": "Gipfel", "text": "Die Nato traf sich in Washington."},
    {"_id": "c2", "title": "Nur ein Titel", "text": ""},
    {"_id": "c3", "title": "", "text": "…", "metadata": {}},
]
QUERIES = [
    {"_id": "q1", "text": "Wo traf sich die Nato?"},
    {"_id": "q2", "text": "What is the weather like?", "metadata": {"lang": "en"}},
    {"_id": "q3", "text": "Ungefragt?"},
]
HEAD = "query-id\tcorpus-id\tscore\n"
JUDGED = HEAD + "q1\tc1\t2\nq1\tc2\t1\nq2\tc3\t1\nq2\tc1\t0\n"


def jsonl(lines: list[Any]) -> str:
    return "".join(f"{line if isinstance(line, str) else json.dumps(line, ensure_ascii=False)}\n" for line in lines)


def folder(tmp_path: Path, corpus: list[Any] = CORPUS, queries: list[Any] = QUERIES, **splits: str) -> Path:
    made = tmp_path / "small"
    (made / "qrels").mkdir(parents=True)
    (made / "corpus.jsonl").write_text(jsonl(corpus), encoding="utf-8")
    (made / "queries.jsonl").write_text(jsonl(queries), encoding="utf-8")
    for name, text in (splits or {"test": JUDGED}).items():
        (made / "qrels" / f"{name}.tsv").write_text(text, encoding="utf-8")
    return made


def test_queries_with_a_relevant_document_are_the_questions(tmp_path: Path) -> None:
    bundle = read_beir(folder(tmp_path))
    first, second = bundle.questions.questions
    assert (bundle.questions.name, len(bundle.questions.sha256)) == ("small", 64)
    assert (first.id, first.question, first.answerable) == ("q1", "Wo traf sich die Nato?", True)
    assert (first.documents, first.grades) == (("corpus.jsonl#c1", "corpus.jsonl#c2"), (2, 1))
    assert second.documents == ("corpus.jsonl#c3",), "a grade of 0 is no relevance"
    assert bundle.places == (f"{tmp_path}/small/queries.jsonl:1", f"{tmp_path}/small/queries.jsonl:2")


def test_a_language_is_judged_only_where_it_is_stated(tmp_path: Path) -> None:
    first, second = read_beir(folder(tmp_path)).questions.questions
    assert (second.lang, second.lang_stated) == ("en", True)
    assert not first.lang_stated


def test_the_corpus_is_written_as_an_export_without_what_has_no_words(tmp_path: Path) -> None:
    into = tmp_path / "documents"
    into.mkdir()
    read_beir(folder(tmp_path)).write(into)
    (written,) = into.iterdir()
    assert [json.loads(line) for line in written.read_text(encoding="utf-8").splitlines()] == [
        {"id": "c1", "title": "Gipfel", "text": "Die Nato traf sich in Washington."},
        {"id": "c2", "title": "Nur ein Titel", "text": "Nur ein Titel"},
    ]


def test_the_split_is_test_or_the_only_one_or_the_one_that_is_named(tmp_path: Path) -> None:
    only = HEAD + "q3\tc1\t1\n"
    made = folder(tmp_path, dev=only)
    assert [one.id for one in read_beir(made).questions.questions] == ["q3"]
    (made / "qrels" / "train.tsv").write_text(JUDGED, encoding="utf-8")
    with pytest.raises(EvaluationError, match=r"qrels: no test\.tsv there; splits: dev, train\. Choose one with"):
        read_beir(made)
    assert len(read_beir(made, "train").questions.questions) == 2
    assert [one.id for one in read_beir(made, "dev").questions.questions] == ["q3"]
    (made / "qrels" / "test.tsv").write_text(JUDGED, encoding="utf-8")
    assert len(read_beir(made).questions.questions) == 2


def test_other_judgements_are_another_question_set(tmp_path: Path) -> None:
    made = folder(tmp_path, test=JUDGED, dev=HEAD + "q3\tc1\t1\n")
    assert read_beir(made).questions.sha256 != read_beir(made, "dev").questions.sha256


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"test": HEAD + "q1\tc1\n"}, r"test\.tsv:2: 3 columns with tabs between are expected, not 2"),
        ({"test": HEAD + "q1\tc1\thigh\n"}, r"test\.tsv:2: score: a whole number is expected, not 'high'"),
        ({"test": HEAD + "q9\tc1\t1\n"}, r"test\.tsv:2: query-id: queries\.jsonl has no query 'q9'"),
        ({"test": HEAD + "\nq1\tc9\t1\n"}, r"test\.tsv:3: corpus-id: corpus\.jsonl has no document 'c9'"),
        ({"test": HEAD + "q1\tc1\t0\n"}, r"test\.tsv: no document is relevant"),
        ({"corpus": [CORPUS[0], "{"]}, r"corpus\.jsonl:2: no JSON"),
        ({"corpus": ["[]"]}, r"corpus\.jsonl:1: an object with fields is expected, not a list"),
        ({"corpus": [{"title": "x"}]}, r"corpus\.jsonl:1: _id: a text that is not blank is expected, not None"),
        ({"queries": [{"_id": 1, "text": "x"}]}, r"queries\.jsonl:1: _id: .*, not 1"),
        ({"queries": [{**QUERIES[0], "text": 3}, *QUERIES[1:]]}, r"queries\.jsonl:1: text: a text is expected, not 3"),
        ({"queries": [{**QUERIES[0], "text": " "}, *QUERIES[1:]]}, r"queries\.jsonl:1: id and question must not be"),
    ],
)
def test_what_is_malformed_is_named_by_file_line_and_field(tmp_path: Path, changed: dict[str, Any], said: str) -> None:
    with pytest.raises(EvaluationError, match=said):
        read_beir(folder(tmp_path, **changed))


@pytest.mark.parametrize("missing", ["corpus.jsonl", "queries.jsonl", "qrels/test.tsv"])
def test_a_missing_file_is_named(tmp_path: Path, missing: str) -> None:
    made = folder(tmp_path)
    (made / missing).unlink()
    with pytest.raises(EvaluationError, match=missing.rsplit("/", maxsplit=1)[-1]):
        read_beir(made)


def test_a_folder_is_told_by_its_files(tmp_path: Path) -> None:
    assert is_beir(folder(tmp_path))
    assert not is_beir(tmp_path)
