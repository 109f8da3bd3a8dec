"""The lexical leg on a real tantivy index."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.lexical import LexicalIndex, Row, build_lexical, query_terms, terms, words

ROWS = [
    (0, "de", "Der Nato-Beitritt der Ukraine ist unrealistisch, sagte Hegseth."),
    (1, "de", "Die Häuser am Fluß wurden überflutet."),
    (2, "en", "NATO membership for Ukraine is unrealistic."),
    (3, "en", "Houses near the river were flooded."),
    (4, "fr", "L'adhésion de l'Ukraine à l'OTAN."),
    (5, "de", "Die Verhandlungen beginnen sofort."),
]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> LexicalIndex:
    folder = tmp_path_factory.mktemp("lexical") / "index"
    build_lexical(folder, [Row(*row) for row in ROWS])
    return LexicalIndex(folder)


def keys(found: list[tuple[int, float]]) -> list[int]:
    return [key for key, _ in found]


def test_everything_is_in_it(index: LexicalIndex) -> None:
    assert index.count() == len(ROWS)
    assert index.keys() == {key for key, _, _ in ROWS}


@pytest.mark.parametrize("question", ["Nato", "NATO", "Beitritt", "Nato-Beitritt", "Natobeitritt", "Beitritte"])
def test_a_hyphenated_compound_is_found_whole_and_by_part(index: LexicalIndex, question: str) -> None:
    assert keys(index.search("de", question, "de", 5)) == [0]


@pytest.mark.parametrize("question", ["Haus", "haeuser am fluss", "Flusses", "FLUSS", "hauser"])
def test_inflection_and_folding_are_seen_through(index: LexicalIndex, question: str) -> None:
    assert keys(index.search("de", question, "de", 5)) == [1]


def test_only_documents_of_the_language_are_ranked(index: LexicalIndex) -> None:
    assert keys(index.search("en", "Ukraine", "en", 5)) == [2]
    assert keys(index.search("fr", "Ukraine", "en", 5)) == [4]
    assert index.search("it", "Ukraine", "en", 5) == []


def test_an_english_word_finds_its_german_translation(index: LexicalIndex) -> None:
    assert keys(index.search("de", "When do negotiations start?", "en", 5)) == [5]
    assert keys(index.search("en", "Welche Häuser?", "de", 5)) == [3]


def test_names_match_across_languages_without_a_lexicon_entry(index: LexicalIndex) -> None:
    assert keys(index.search("de", "Hegseth's words", "en", 1)) == [0]


@pytest.mark.parametrize(
    "question", ["", "?!", "what did he say about the", '"unclosed', "C++ (x AND a:b OR *", "\x00", "]" * 99]
)
def test_no_character_of_a_question_is_syntax(index: LexicalIndex, question: str) -> None:
    assert isinstance(index.search("de", question, "en", 5), list)


@given(st.text(max_size=200), st.sampled_from(["de", "en"]), st.sampled_from(["de", "en", "fr"]))
def test_any_question_is_turned_into_terms(question: str, question_lang: str, lang: str) -> None:
    found = query_terms(question, question_lang, lang)
    assert all(0 < weight <= 1 for term in found for _, weight in term.alternatives)
    assert len({term.alternatives for term in found}) == len(found)


def test_equal_scores_are_ordered_by_key(tmp_path: Path) -> None:
    build_lexical(tmp_path / "i", [Row(key, "en", "same words") for key in (3, 1, 2)])
    assert keys(LexicalIndex(tmp_path / "i").search("en", "words", "en", 3)) == [1, 2, 3]


def test_many_threads_get_the_same_answer(index: LexicalIndex) -> None:
    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(lambda _: tuple(index.search("de", "Nato", "de", 5)), range(64)))
    assert len(set(answers)) == 1


def test_rarer_words_have_lower_document_frequency(index: LexicalIndex) -> None:
    assert index.document_frequency("de", "nato") == 1
    assert index.document_frequency("de", "putin") == 0


def test_a_line_without_a_gap_is_indexed_in_one_pass() -> None:
    assert terms("x" * 3_000_000 + " haus-boot", "de") == ["haus", "boot", "hausboot"]


def test_words_keep_compounds_and_drop_possessives_and_initials() -> None:
    assert words("J.D. Vance's Nato-Beitritt in 5 days, x") == ["Vance", "Nato-Beitritt", "in", "5", "days"]


def test_function_words_are_no_query_terms() -> None:
    assert [term.surface for term in query_terms("What did Hegseth say about NATO?", "en", "de")] == [
        "Hegseth",
        "say",
        "NATO",
    ]
    assert [term.surface for term in query_terms("Was hat Putin über die Ukraine gesagt?", "de", "de")] == [
        "Putin",
        "Ukraine",
        "gesagt",
    ]


def test_names_and_numbers_are_told_from_words() -> None:
    found = {term.surface: term.is_name for term in query_terms("Did Hegseth negotiate in 2014?", "en", "de")}
    assert found == {"Hegseth": True, "negotiate": False, "2014": True}


def test_invisible_characters_do_not_hide_a_word() -> None:
    assert "nato" in terms("Na\u00adto", "de")
    assert "nato" in terms("\u200fNa\u200bto", "de")
