"""What is carried into a follow-up question, and that nothing is carried into a whole one."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from qa.follow import MAX_TURNS, Turn, follow, language
from qa.settings import MAX_QUESTION_CHARS
from qa.types import Lang

SAID = Turn("What did Hegseth say about NATO?", ("«Nein», sagte Hegseth.",))
SAGTE = Turn("Was hat Hegseth zur NATO gesagt?", ("«Nein», sagte Hegseth.",))
BRIDGE = Turn("Warum wurde die Brücke in Altenwerder gesperrt?", ("Petra Hinrichs begründete das mit Rissen.",))
DAM = Turn("Is the dam at Lake Orrin safe?", ("Chief engineer Gavin Strachan said no.",))
WHO = Turn("Who leads the clinic?", ("Chefarzt Yusuf Karaca leitet die Klinik.",))
BOTH = Turn("Worauf haben sich Trump und Putin geeinigt?")


def carried(turn: Turn, question: str) -> str:
    return follow(question, [turn]).text


@pytest.mark.parametrize(
    ("turn", "question", "asked"),
    [
        (SAID, "And what about Ukraine?", "What did Hegseth say about Ukraine?"),
        (SAID, "and about the war", "What did Hegseth say about the war?"),
        (SAID, "And Putin?", "What did Putin say about NATO?"),
        (SAID, "and in Brussels?", "What did Hegseth say about NATO in Brussels?"),
        (SAID, "Who else?", "Who else said something about NATO?"),
        (SAID, "What else?", "What else did Hegseth say about NATO?"),
        (SAGTE, "Und was ist mit der Ukraine?", "Was hat Hegseth zu der Ukraine gesagt?"),
        (SAGTE, "Und über die Krim?", "Was hat Hegseth über die Krim gesagt?"),
        (SAGTE, "Und Selenskyj?", "Was hat Selenskyj zur NATO gesagt?"),
        (BRIDGE, "Und die Straße?", "Warum wurde die Straße in Altenwerder gesperrt?"),
        (DAM, "And the reservoir?", "Is the reservoir at Lake Orrin safe?"),
    ],
)
def test_a_phrase_takes_the_place_of_what_it_is_parallel_to(turn: Turn, question: str, asked: str) -> None:
    assert carried(turn, question) == asked


@pytest.mark.parametrize(
    ("turn", "question", "asked"),
    [
        (SAID, "Why?", "Why did Hegseth say that about NATO?"),
        (SAGTE, "Und wann genau?", "Wann hat Hegseth das zur NATO gesagt?"),
        (BRIDGE, "Seit wann?", "Seit wann wurde die Brücke in Altenwerder gesperrt?"),
        (DAM, "Why?", "Why is the dam at Lake Orrin safe?"),
        (Turn("How many jobs will the harbour create?"), "When?", "When will the harbour create jobs?"),
        (Turn("What was stolen from the museum?"), "When?", "When was it stolen from the museum?"),
        (Turn("Was wurde aus dem Museum gestohlen?"), "Wann?", "Wann wurde das aus dem Museum gestohlen?"),
        (Turn("Which minister refused it?", ("Jesper Holm said no.",)), "Why?", "Why Jesper Holm refused it?"),
    ],
)
def test_a_question_word_asks_the_question_before_anew(turn: Turn, question: str, asked: str) -> None:
    assert carried(turn, question) == asked


@pytest.mark.parametrize(
    ("turn", "question", "asked"),
    [
        (SAID, "What did he say then?", "What did Hegseth say then?"),
        (SAID, "When did he say that?", "When did Hegseth say that about NATO?"),
        (SAID, "What did Trump say about him?", "What did Trump say about Hegseth?"),
        (SAID, "What does his brother think?", "What does Hegseth’s brother think?"),
        (SAGTE, "Was sagte Putin dazu?", "Was sagte Putin zur NATO?"),
        (SAGTE, "Was hält er davon?", "Was hält Hegseth von NATO?"),
        (SAGTE, "Was plant seine Regierung?", "Was plant Hegseths Regierung?"),
        (SAGTE, "Er sagte was zur Krim?", "Hegseth sagte was zur Krim?"),
        (BRIDGE, "Wann wird sie wieder geöffnet?", "Wann wird die Brücke in Altenwerder wieder geöffnet?"),
        (Turn("Was sagte Kahl über den Hafen?"), "Und was sagte er dazu?", "Und was sagte Kahl über den Hafen?"),
        (DAM, "When was it built?", "When was the dam at Lake Orrin built?"),
        (DAM, "Who lives there?", "Who lives at Lake Orrin?"),
        (DAM, "What will its repair cost?", "What will the dam at Lake Orrin’s repair cost?"),
        (WHO, "What did he say?", "What did Yusuf Karaca say?"),
        (Turn("Wie reagierte die Chefin auf den Streik?"), "Was sagte sie?", "Was sagte die Chefin?"),
        (Turn("Wie reagierte die Chefin auf den Streik?"), "Wann begann er?", "Wann begann der Streik?"),
        (BOTH, "Was haben sie noch besprochen?", "Was haben Trump und Putin noch besprochen?"),
        (Turn("Where did she go?", ("Vossberg travels to Odesa.",)), "Who is there?", "Who is in Odesa?"),
    ],
)
def test_a_pronoun_is_replaced_by_what_it_points_at(turn: Turn, question: str, asked: str) -> None:
    assert carried(turn, question) == asked


@pytest.mark.parametrize(
    ("turn", "question", "asked", "lang"),
    [
        (SAID, "und was sagte er dazu?", "und was sagte Hegseth zu NATO?", "de"),
        (SAID, "Und Selenskyj?", "Was sagte Selenskyj zu NATO?", "de"),
        (SAID, "Und zur Krim?", "Was sagte Hegseth zur Krim?", "de"),
        (SAID, "Und was ist mit den Kosten?", "Was sagte Hegseth zu den Kosten?", "de"),
        (SAID, "Und wann?", "When did Hegseth say that about NATO?", "en"),
        (SAGTE, "And what about Ukraine?", "What did Hegseth say about Ukraine?", "en"),
        (SAGTE, "why?", "Warum hat Hegseth das zur NATO gesagt?", "de"),
        (BOTH, "When did they talk?", "When did Trump and Putin talk?", "en"),
        (DAM, "Wem gehört er?", "Wem gehört er (dam at Lake Orrin)?", "de"),
    ],
)
def test_the_language_may_change_between_turns(turn: Turn, question: str, asked: str, lang: Lang) -> None:
    followed = follow(question, [turn])
    assert (followed.text, followed.lang) == (asked, lang)


@pytest.mark.parametrize(
    ("turn", "question", "asked"),
    [
        (SAID, "Is that true?", "Is that true (Hegseth, NATO)?"),
        (SAID, "How many?", "How many (Hegseth, NATO)?"),
        (BRIDGE, "Welche Folgen hat das?", "Welche Folgen hat das (Brücke, Altenwerder, gesperrt)?"),
        (BRIDGE, "Wie viele Lastwagen", "Wie viele Lastwagen (Brücke, Altenwerder, gesperrt)?"),
        (DAM, "Why not?", "Why not (Lake Orrin, dam, safe)?"),
    ],
)
def test_where_nothing_can_be_put_in_place_the_words_follow_in_brackets(turn: Turn, question: str, asked: str) -> None:
    assert carried(turn, question) == asked


COMPLETE = (
    "What did Hegseth say about NATO?",
    "And what did Putin say about peace?",
    "Is it true that the bridge has collapsed?",
    "How long does it take to get to Gothenburg?",
    "Is there a strike in Norderoog?",
    "What did Trump say when he had spoken to Putin?",
    "When he arrived in Kyiv, what did Macron say?",
    "Did the museum say that its alarm was off?",
    "Which minister said that he would resign?",
    "What do you think?",
    "NATO?",
    "Was sagte Lindholm über Polen?",
    "Und was hat Trump nach dem Telefonat geschrieben?",
    "Gibt es Verletzte?",
    "Worum geht es in dem Verfahren?",
    "Wie viel kostet es, das Schiff zu bergen?",
    "Stimmt es, dass die Klinik schließt?",
    "Warum sagt Putin, dass er verhandeln will?",
    "Was sagt Hegseth dazu, dass die Ukraine in die Nato will?",
    "Was wissen Sie über Macron?",
    "wissen sie etwas über macron?",
    "Wann soll der Bahnhof fertig sein?",
    "Was ist mit der Brücke passiert?",
    "Danke!",
)


@pytest.mark.parametrize("turn", [SAID, SAGTE, BRIDGE, WHO, BOTH])
@pytest.mark.parametrize("question", COMPLETE)
def test_a_whole_question_is_left_exactly_as_it_is(question: str, turn: Turn) -> None:
    followed = follow(question, [turn])
    assert (followed.text, followed.carried) == (question, ())


def test_no_question_of_the_seed_is_touched() -> None:
    seed = Path(__file__).parents[2] / "evals" / "seed.jsonl"
    asked = [json.loads(line)["question"] for line in seed.read_text(encoding="utf-8").splitlines()]
    assert [question for question in asked if carried(BRIDGE, question) != question] == []


def test_nothing_is_carried_from_nowhere() -> None:
    for question in ("Why?", "What did he say?", "Und Selenskyj?"):
        assert follow(question, []).text == question
        assert follow(question, [Turn("")]).text == question
    assert carried(Turn("What happened?"), "What did he say?") == "What did he say?"


def test_what_was_carried_is_told_for_display() -> None:
    assert follow("And what about Ukraine?", [SAID]).carried == ("Hegseth",)
    assert follow("und was sagte er dazu?", [SAID]).carried == ("Hegseth", "NATO")
    assert follow("Is that true?", [SAID]).carried == ("Hegseth", "NATO")


def test_carrying_goes_on_from_turn_to_turn() -> None:
    turns = [Turn("Wer leitet das Museum?", ("Direktorin Franziska Ohlsen sagte das.",))]
    for question, asked in (
        ("Was sagte sie?", "Was sagte Franziska Ohlsen?"),
        ("Und zur Versicherung?", "Was sagte Franziska Ohlsen zur Versicherung?"),
        ("Warum?", "Warum sagte Franziska Ohlsen das zur Versicherung?"),
    ):
        followed = follow(question, turns)
        assert followed.text == asked
        turns.append(Turn(followed.text))


def test_a_name_is_looked_for_in_the_latest_turn_first_and_not_beyond_the_last_three() -> None:
    other = Turn("What does a berth cost?", ("A berth costs 79 euros.",))
    assert follow("What did he say?", [SAID, other]).text == "What did Hegseth say?"
    assert follow("What did he say?", [SAID, Turn("What did Putin say?")]).text == "What did Putin say?"
    assert follow("What did he say?", [SAID, *[other] * MAX_TURNS]).text == "What did he say?"


def test_a_query_that_would_be_too_long_to_ask_is_left_as_it_is() -> None:
    long = f"Was sagte er zu {'x' * (MAX_QUESTION_CHARS - 18)}?"
    assert len(long) < MAX_QUESTION_CHARS < len(long.replace("er", "Hegseth"))
    assert carried(SAGTE, long) == long


def test_a_question_without_capitals_is_understood_too() -> None:
    turn = Turn("what did hegseth say about russia")
    assert carried(turn, "and what about ukraine") == "What did hegseth say about ukraine?"
    assert carried(turn, "what did he say about nato") == "what did hegseth say about nato"


@pytest.mark.parametrize(
    ("question", "lang"),
    [("Und wann?", "de"), ("Why?", "en"), ("Wer noch?", "de"), ("And Putin?", "en"), ("Dazu?", "de")],
)
def test_the_language_of_a_word_or_two_is_told(question: str, lang: Lang) -> None:
    assert language(question) == lang


WORDS = [
    *("and", "und", "what about", "was ist mit", "why", "wann", "he", "er", "it", "es", "dazu", "that", "das", "there"),
    *(
        "their",
        "seine",
        "sie",
        "Sie",
        "Hegseth",
        "NATO",
        "die Ukraine",
        "the dam",
        "say",
        "sagte",
        "did",
        ",",
        "?",
        "(",
    ),
]
questions = st.text(max_size=60) | st.lists(st.sampled_from(WORDS), max_size=12).map(" ".join)
turns = st.lists(st.builds(Turn, questions, st.lists(questions, max_size=2).map(tuple)), max_size=4)


@given(questions, turns)
def test_no_conversation_is_too_odd_and_only_what_is_told_changes_a_question(question: str, before: list[Turn]) -> None:
    followed = follow(question, before)
    assert followed.lang in {"de", "en"}
    assert (followed.text == question) == (followed.carried == ())


@pytest.mark.parametrize("piece", ["and ", "what about ", "er ", "?", "die Ü", " sagte ", "a" * 3, "„", "\ud800", "("])
def test_a_long_question_takes_no_long_time(piece: str) -> None:
    long = (piece * 2000)[:2000]
    for question in (long, f"And what about {long[:1980]}", f"Was sagte er {long[:1980]}"):
        assert isinstance(follow(question, [SAID, Turn(long, (long,))]).text, str)
