"""The race's job and its measures: by hand, and against ir_measures itself."""

from __future__ import annotations

import gzip
import json
import re
from pathlib import Path
from typing import Any

import ir_measures
import pytest
from hypothesis import given
from hypothesis import strategies as st
from ir_measures import R, nDCG

from bench.peers.contestants import BELEG, contestants
from bench.peers.job import NEWS, Asked, Corpus, limited, read_job
from bench.peers.measures import FIRST, SENTENCE, documents, gain, length, values
from bench.peers.venvs import CONSTRAINTS, SHARED

TEXT = "Die Brücke in Riva ist gesperrt. Das kostet zwei Millionen."
GOLD = (33, 59)
ASKED = Asked("q", "de-de", "Was kostet die Brücke?", "a", (GOLD,))


def hit(doc: str, text: str = "", start: int = -1) -> dict[str, Any]:
    return {"doc": doc, "text": text, "start": start}


def write(path: Path, records: list[dict[str, Any]]) -> Path:
    with gzip.open(path, "wt", encoding="utf-8") as lines:
        lines.writelines(json.dumps(record) + "\n" for record in records)
    return path


@pytest.fixture
def job(tmp_path: Path) -> list[Corpus]:
    news = [{"id": f"n{i}", "title": f"T{i}", "date": "2025-02-10", "text": TEXT, "more": 1} for i in range(3)]
    quotes = [{"id": "n1:0", "question_de": "Was sagte X?", "doc_id": "n1", "quotes": [{"spans": [[0, 3], [4, 6]]}]}]
    answers = {f"answer_{lang}": {"text": "kostet", "answer_start": 37} for lang in ("de", "en")}
    asked = {"id": "q0", "question_de": "Was?", "question_en": "What?", **answers}
    paragraphs = [{"id": "p0", "context_de": TEXT, "context_en": f"{TEXT} in English", "qas": [asked]}]
    files = (write(tmp_path / f"{i}.gz", records) for i, records in enumerate((news, quotes, paragraphs)))
    return read_job(*files, None)


def test_news_are_asked_for_what_was_said_and_paragraphs_in_both_languages(job: list[Corpus]) -> None:
    news, german, english = job
    assert [corpus.name for corpus in job] == [NEWS, "xquad-de", "xquad-en"]
    assert news.records[0] == {"id": "n0", "title": "T0", "date": "2025-02-10", "text": TEXT, "lang": "de"}
    assert news.asked == [Asked("n1:0", "de-de", "Was sagte X?", "n1", ((0, 3), (4, 6)))]
    assert [(one.pair, one.text) for one in german.asked] == [("de-de", "Was?"), ("en-de", "What?")]
    assert [(one.pair, one.text) for one in english.asked] == [("de-en", "Was?"), ("en-en", "What?")]
    assert english.records == [{"id": "p0", "text": f"{TEXT} in English", "lang": "en"}]
    assert TEXT[slice(*german.asked[0].gold[0])] == "kostet"


def test_what_stands_around_a_paragraph_is_given_to_no_system_and_moves_no_answer(tmp_path: Path) -> None:
    answers = {f"answer_{lang}": {"text": "kostet", "answer_start": 39} for lang in ("de", "en")}
    asked = {"id": "q0", "question_de": "Was?", "question_en": "What?", **answers}
    paragraph = {"id": "p0", "context_de": f"\ufeff {TEXT}\n", "context_en": f" \n{TEXT} ", "qas": [asked]}
    _, *corpora = read_job(*(write(tmp_path / f"{i}.gz", each) for i, each in enumerate(([], [], [paragraph]))), None)
    for corpus in corpora:
        assert corpus.records[0]["text"] == TEXT
        assert {TEXT[slice(*one.gold[0])] for one in corpus.asked} == {"kostet"}


@given(texts=st.integers(1, 30), asked=st.integers(1, 30), limit=st.integers(1, 40))
def test_a_limited_corpus_has_the_texts_that_are_asked_for(texts: int, asked: int, limit: int) -> None:
    records = [{"id": str(i), "text": "x"} for i in range(texts)]
    questions = [Asked(str(i), "de-de", "?", str(i * 7 % texts), ()) for i in range(asked)]
    found = limited(Corpus("any", records, questions), limit)
    assert 0 < len(found.asked) <= limit
    assert len(found.records) <= max(limit, len({one.doc for one in found.asked}))
    assert {one.doc for one in found.asked} <= {record["id"] for record in found.records}


def test_a_document_counts_where_its_first_chunk_is() -> None:
    found = [hit("b"), hit("b"), hit("c"), hit("a"), hit("a")]
    assert documents(found) == ["b", "c", "a"]
    measured = values([ASKED], [found], {"a": TEXT}, sentences=False)
    assert measured == {"R@1": {"q": 0.0}, "R@5": {"q": 1.0}, "nDCG@10": {"q": 0.5}, FIRST: {"q": 0.0}}  # 1 / log2(4)


@given(st.lists(st.sampled_from("abcdefghijklmnopq"), max_size=40))
def test_measures_are_those_of_ir_measures_over_documents(docs: list[str]) -> None:
    measured = values([ASKED], [[hit(doc) for doc in docs]], {"a": TEXT}, sentences=False)
    order = list(dict.fromkeys(docs))
    run = {"q": {doc: float(len(order) - rank) for rank, doc in enumerate(order)}}
    direct = ir_measures.calc_aggregate([R @ 1, R @ 5, nDCG @ 10], {"q": {"a": 1}}, run) if order else {}
    expected = {str(measure): value for measure, value in direct.items()}
    assert {name: measured[name]["q"] for name in ("R@1", "R@5", "nDCG@10")} == {
        name: pytest.approx(expected.get(name, 0.0)) for name in ("R@1", "R@5", "nDCG@10")
    }


@pytest.mark.parametrize(
    ("found", "whole", "overlapping"),
    [
        ([hit("a", TEXT, 0)], 1.0, 1.0),
        ([hit("a", TEXT[33:45], 33)], 0.0, 1.0),
        ([hit("a", TEXT[:32], 0)], 0.0, 0.0),
        ([hit("b", TEXT, 0)], 0.0, 0.0),
        ([], 0.0, 0.0),
    ],
)
def test_the_first_hit_has_the_answer_whole_or_in_part(
    found: list[dict[str, Any]], whole: float, overlapping: float
) -> None:
    measured = values([ASKED], [found], {"a": TEXT}, sentences=True)
    assert (measured[FIRST]["q"], measured[SENTENCE]["q"]) == (whole, overlapping)


def test_a_sentence_that_is_not_where_it_says_is_an_error() -> None:
    with pytest.raises(ValueError, match="characters 1 to 4 of a are not 'Die'"):
        values([ASKED], [[hit("a", "Die", 1)]], {"a": TEXT}, sentences=True)


def test_the_length_of_a_first_hit_is_a_mean_over_those_that_there_are() -> None:
    assert length([[hit("a", "four"), hit("b", "longer")], [hit("a", "ab")], []]) == 3.0
    assert length([[], []]) == 0.0


def test_a_gain_is_paired_by_question() -> None:
    ours, theirs = {"a": 1.0, "b": 1.0, "c": 0.0}, {"c": 0.0, "b": 0.0, "a": 0.0}
    assert gain(ours, theirs)["value"] == pytest.approx(0.6667)
    assert gain(ours, ours) == {"value": 0.0, "low": 0.0, "high": 0.0}


def test_every_requirement_is_pinned_and_what_all_compute_with_is_in_the_constraints() -> None:
    pinned = {line.split("==")[0] for line in CONSTRAINTS.read_text(encoding="utf-8").splitlines() if "==" in line}
    assert set(SHARED) <= pinned
    systems = {one.system for one in contestants() if one.system.key != BELEG}
    assert len(systems) == 4
    for system in systems:
        lines = [line for line in system.requirements.read_text(encoding="utf-8").splitlines() if line[0] != "#"]
        free = [line for line in lines if not re.fullmatch(r"[\w.-]+==[\w.]+", line)]
        assert set(free) <= set(SHARED), system.key
        assert "torch" in free


def test_every_contestant_has_a_driver_and_a_key_of_its_own() -> None:
    everybody = contestants()
    assert len({one.key for one in everybody}) == len(everybody)
    assert all(one.system.driver.is_file() for one in everybody)
