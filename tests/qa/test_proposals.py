"""Proposals from a real index: what they ask, and that their gold is what the documents have."""

from __future__ import annotations

from itertools import islice

import pytest

from index.chunk import body_sentences
from index.reader import IndexReader
from index.types import Span
from qa.drafts import Draft
from qa.holders import holders, near_holders
from qa.proposals import drafts
from qa.types import Lang, Question

BOTH: tuple[Lang, ...] = ("de", "en")


def made(index: IndexReader, langs: tuple[Lang, ...] = BOTH, seed: int = 0) -> list[Draft]:
    return list(islice(drafts(index, langs, seed), 200))


def asked(found: list[Draft], *, answerable: bool = True) -> dict[str, tuple[str, ...]]:
    return {one.question.question: one.question.tags for one in found if one.question.answerable is answerable}


def test_each_kind_is_asked_in_both_languages(news: IndexReader) -> None:
    found = asked(made(news))
    assert found["Was sagte Quirin Seebald zum Thema Chile?"] == ("what", "quotation", "de-de")
    assert found["What did Quirin Seebald say about Chile?"] == ("what", "quotation", "en-de")
    assert found["Was sagte Jane Zettel zum Thema Peru?"] == ("what", "quotation", "de-en")
    assert found["Wann wurde der Hafen von Brakenhude eröffnet?"] == ("when", "de-de")
    assert found["Wie viele Menschen starben beim Brand einer Halle in Brakenhude?"] == ("how-much", "de-de")
    assert found["When was the Marlow Bridge opened by Agatha Brandt?"] == ("when", "en-en")
    assert found["Wer ist Bero Haldane?"] == ("who", "person", "de-de")
    assert found["Who is Bero Haldane?"] == ("who", "person", "en-de")


@pytest.mark.parametrize("lang", BOTH)
def test_questions_are_in_the_languages_that_are_asked_for(news: IndexReader, lang: Lang) -> None:
    found = made(news, (lang,))
    assert len(found) > 5
    assert {one.question.lang for one in found} == {lang}


def test_gold_is_a_whole_sentence_of_its_document(news: IndexReader) -> None:
    golds = [gold for one in made(news) for gold in one.question.gold]
    assert golds
    for gold in golds:
        document = news.document(gold.doc_id)
        assert document.text[gold.start : gold.end] == gold.quote
        assert Span(gold.start, gold.end) in body_sentences(document)


def test_the_same_report_at_another_outlet_is_gold_too(news: IndexReader) -> None:
    (found,) = (one for one in made(news) if one.question.question == "Who is Jane Zettel?")
    assert {gold.doc_id for gold in found.question.gold} == {"marlow.md", "again.md"}
    assert len({gold.quote for gold in found.question.gold}) == 1


def test_no_passage_of_another_report_names_what_is_asked_about(news: IndexReader) -> None:
    for one in made(news):
        named = near_holders(news, Question(one.question.question, one.question.lang))
        assert named is not None
        assert named <= {gold.doc_id for gold in one.question.gold}


def test_what_has_no_answer_is_named_by_nobody_and_says_why(news: IndexReader) -> None:
    found = [one for one in made(news) if not one.question.answerable]
    assert {one.question.tags for one in found} == {("absent-fact",), ("absent-person",)}
    for one in found:
        assert holders(news, Question(one.question.question, one.question.lang)) == ()
        assert one.why.startswith("no document names ")
    assert any(one.why.startswith("no document names both ") for one in found)


def test_a_quarter_has_no_answer(news: IndexReader) -> None:
    found = made(news)
    absent = sum(not one.question.answerable for one in found)
    assert absent == (len(found) - absent) // 3


def test_the_seed_decides_the_order_and_nothing_else(news: IndexReader) -> None:
    one, again, other = made(news), made(news), made(news, seed=1)
    assert one == again
    assert [draft.question for draft in one] != [draft.question for draft in other]
    assert asked(one) == asked(other)


def test_no_id_comes_twice_and_twins_share_theirs_but_for_the_language(news: IndexReader) -> None:
    ids = {one.question.question: one.question.id for one in made(news)}
    assert len(set(ids.values())) == len(made(news))
    assert ids["Wer ist Bero Haldane?"].removesuffix("-de") == ids["Who is Bero Haldane?"].removesuffix("-en")


def test_the_beginning_is_spread_over_documents_and_kinds(news: IndexReader) -> None:
    first = made(news)[:9]
    assert len({one.document.id for one in first}) > 2
    assert len({one.question.tags[0] for one in first}) > 2


def test_other_languages_and_texts_without_persons_give_nothing(news: IndexReader) -> None:
    assert not {"foire.md", "match.md"} & {one.document.id for one in made(news)}
