from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.asking import MAX_CHARS, questions_of
from qa.types import Lang

TURNED: tuple[tuple[Lang, str, str, str], ...] = (
    ("de", "Am 3. Mai 2024 wurde der Hafen von Husum tiefer.", "Wann wurde der Hafen von Husum tiefer?", "when"),
    ("de", "Am Montag, dem 3. Mai streikten die Lotsen in Oslo.", "Wann streikten die Lotsen in Oslo?", "when"),
    ("de", "Im Jahr 1987 starb Agathe Brandt in Oslo.", "Wann starb Agathe Brandt in Oslo?", "when"),
    ("de", "Seit dem Jahr 2000 gehört Brakenhude zu Oslo.", "Seit wann gehört Brakenhude zu Oslo?", "when"),
    ("de", "In Norwegen streikten die Lotsen von Vossberg.", "Wo streikten die Lotsen von Vossberg?", "where"),
    ("de", "Mehr als 2.000 Lotsen streikten in Oslo.", "Wie viele Lotsen streikten in Oslo?", "how-much"),
    ("de", "Minister Quirin Seebald kam nach Oslo zurück.", "Wer kam nach Oslo zurück?", "who"),
    ("en", "The Marlow Bridge was opened in 1987 by Ada.", "When was the Marlow Bridge opened by Ada?", "when"),
    ("en", "On May 4, 2019, Jane Zettel was elected mayor.", "When was Jane Zettel elected mayor?", "when"),
    ("en", "Jane Zettel was first elected in Norway.", "Where was Jane Zettel first elected?", "where"),
    ("en", "Nineteen people were killed near Marlow.", "How many people were killed near Marlow?", "how-much"),
    ("en", "Minister Jane Zettel opened the fair in Marlow.", "Who opened the fair in Marlow?", "who"),
)


@pytest.mark.parametrize(("lang", "statement", "question", "kind"), TURNED)
def test_what_stands_first_makes_room_for_a_question_word(lang: Lang, statement: str, question: str, kind: str) -> None:
    assert (question, kind) in list(questions_of(statement, lang))


@pytest.mark.parametrize(
    ("lang", "statement"),
    [
        ("de", "Er eröffnete am Montag den Hafen von Brakenhude."),  # who is that
        ("de", "Am Montag eröffnete er den Hafen von Brakenhude."),
        ("de", "Am Montag wurde der Hafen eröffnet."),  # nothing is named
        ("de", "39 Menschen starben beim Brand einer Halle."),
        ("de", "440 Australier leben in der großen Stadt."),  # only what is counted is
        ("de", "Am 3. Mai gegen Mittag brannte eine Halle in Brakenhude."),  # the verb stands third
        ("de", "Neun Jahre altes Fleisch wurde in Brakenhude gefunden."),
        ("de", "Am Montag wurde „der Hafen von Brakenhude“ eröffnet."),
        ("de", "Am Montag wurde der Hafen von Brakenhude eröffnet, der alt ist, und bleibt offen."),
        ("de", "Am Montag wurde der Hafen von Brakenhude eröffnet"),
        ("en", "The bridge was opened in 1987 by the old mayor of the town."),
        ("en", "She opened the fair in Marlow."),
        ("en", "The old ferry was sold to Marlow but came back in 1987."),
        ("en", "Marlow is a town in Kent."),
    ],
)
def test_another_form_gives_no_question(lang: Lang, statement: str) -> None:
    assert list(questions_of(statement, lang)) == []


WORDS = ("Am", "Im", "In", "3.", "Mai", "1987", "39", "wurde", "was", "starb", "opened", "people", "Jane", "Zettel")


@given(st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join).map("{}.".format), st.sampled_from(["de", "en"]))
def test_a_question_is_made_of_the_statements_words(text: str, lang: Lang) -> None:
    for question, _ in questions_of(text, lang):
        assert question.endswith("?")
        assert len(question) <= MAX_CHARS
        asked = re.findall(r"\w+", question)
        known = {word.lower() for word in re.findall(r"\w+", text)} | {"wie", "viele", "seit", "ab", "how", "many"}
        assert {word.lower() for word in asked[1:]} <= known | {"wann"}
