"""Reports of who said what, and questions about translated text."""

from __future__ import annotations

import random

import pytest

from train.encoder.data import Pair, Speech
from train.reader import cloze, quoted
from train.reader.quoted import Debate, Speaker

SPEAKERS = [Speaker("Anna Berg", "", "SPD"), Speaker("Carl Damm", "Bundesminister", ""), Speaker("Eva Fink", "", "FDP")]


@pytest.mark.parametrize(
    ("described", "speaker"),
    [
        ("Dr. Angela Merkel, Bundeskanzlerin", Speaker("Angela Merkel", "Bundeskanzlerin", "")),
        ("Josef Philip Winkler (BÜNDNIS 90/DIE GRÜNEN)", Speaker("Josef Philip Winkler", "", "BÜNDNIS 90/DIE GRÜNEN")),
        (
            "Dr. h. c. Ole Schröder, Parl. Staatssekretär beim Bundesminister des Innern",
            Speaker("Ole Schröder", "Staatssekretär", ""),
        ),
    ],
)
def test_a_speaker_is_read_from_the_protocol(described: str, speaker: Speaker) -> None:
    assert Speaker.of(described) == speaker


def debates(lang: str) -> list[Debate]:
    topics = ["Haushalt", "Rente", "Klima"] if lang == "de" else ["budget", "pension", "climate"]
    said = {
        "de": "Wir müssen heute die {} mit aller Kraft und Sorgfalt im Ausschuss beraten, Nummer {}.",
        "en": "We must discuss the {} carefully together with the committee today, number {}.",
    }[lang]
    return [
        Debate(lang, tuple((who, tuple(said.format(topics[(n + i) % 3], f"{n}{i}{k}") for k in range(3)))
                           for i, who in enumerate(SPEAKERS)))
        for n in range(40)
    ]  # fmt: skip


@pytest.mark.parametrize("lang", ["de", "en"])
def test_only_what_the_asked_speaker_says_answers(lang: str) -> None:
    translate = {"de": str.upper, "en": str.upper}
    tasks = list(quoted.from_debates(debates(lang), translate, random.Random(5)))
    assert {asked for asked, _ in tasks} == {"de", "en"}
    kinds = {task.kind for _, task in tasks}
    assert kinds == {"quoted", "quoted by nobody"}
    for _, task in tasks:
        (who,) = [one for one in SPEAKERS if one.name.split()[1] in task.question]
        (window,) = task.windows
        others = [one.name.split()[1] for one in SPEAKERS if one != who]
        for i in window.gold:
            assert not any(name in window.sentences[i] for name in others)
        named = {i for i, text in enumerate(window.sentences) if who.name.split()[1] in text}
        assert named <= window.gold
        assert bool(window.gold) == (task.kind == "quoted")


def test_speeches_that_follow_each_other_are_one_debate() -> None:
    sentence = "Dieser Satz ist lang genug, um in einem Bericht zitiert zu werden."
    speeches = [Speech(f"Person {i} (SPD)", (sentence, f"({i} ruft dazwischen)")) for i in range(9)]
    found = quoted.german_debates(speeches, random.Random(2))
    assert 2 <= len(found) <= 4
    assert all(len(debate.said) > 1 for debate in found)


def test_a_cloze_asks_for_what_it_takes_out() -> None:
    run = [
        Pair("The old treaty was finally signed by both sides in Vienna in 1995.",
             "Der alte Vertrag wurde 1995 in Vienna endlich von beiden Seiten unterzeichnet.", "x"),
        Pair("It rained.", "Es regnete.", "x"),
    ]  # fmt: skip
    for seed in range(12):
        ((german, english),) = cloze.from_runs([run], random.Random(seed))
        assert german.windows[0].gold == english.windows[0].gold == frozenset([0])
        assert german.windows[0].sentences == (run[0].de, run[1].de)
        gaps = {gap for gap in ("1995", "Vienna") if gap not in english.question}
        assert gaps & {gap for gap in ("1995", "Vienna") if gap not in german.question}
        assert english.question.endswith("?")


def test_a_run_with_nothing_to_take_out_gives_no_cloze() -> None:
    run = [Pair("It rained all day long and nobody was out in the street.", "Es regnete den ganzen Tag lang.", "x")] * 2
    assert cloze.from_runs([run], random.Random(1)) == []
