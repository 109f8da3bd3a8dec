"""Near duplicates: versions of one report have one origin, and what only shares a quotation or a template has not."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.duplicates import MAX_SHINGLE, MIN_WORDS, Rule, containment, hash_words, origins, shingles

MARKS = [".", ",", "!", "?", ":", ";", "…", "–", "„", "“", "”", "»", "«", '"', "(", ")", "\n", "\u00a0"]


def sentence(topic: str, number: int) -> str:
    """Fourteen words that no other topic and no other number has."""
    return " ".join(f"{topic}{number}word{place}" for place in range(14)).capitalize() + "."


def report(topic: str, count: int = 10) -> list[str]:
    return [sentence(topic, number) for number in range(count)]


def joined(*texts: list[str]) -> list[int]:
    return origins([" ".join(text) for text in texts])


FERRY = report("ferry")

# Texts of few words and many, often equal or cut from each other, so that clusters do occur.
texts = st.lists(
    st.builds(
        lambda topic, start, count: " ".join(report(topic)[start : start + count]),
        st.sampled_from(["ferry", "harbour", "library"]),
        st.integers(0, 3),
        st.integers(0, 10),
    ),
    max_size=8,
)


@given(texts)
def test_every_origin_is_at_or_before_its_text_and_is_its_own(given_texts: list[str]) -> None:
    found = origins(given_texts)
    assert len(found) == len(given_texts)
    assert all(origin <= i and found[origin] == origin for i, origin in enumerate(found))


@given(texts)
def test_equal_texts_have_one_origin_unless_they_are_empty(given_texts: list[str]) -> None:
    found = origins(given_texts)
    for i, text in enumerate(given_texts):
        assert found[i] == (found[given_texts.index(text)] if text else i)


@given(texts, st.randoms(use_true_random=False))
def test_the_order_of_articles_does_not_decide_which_are_one_report(given_texts: list[str], rng: Random) -> None:
    # One of each length: of texts of one length the first becomes the centre.
    different = list({len(text.split()): text for text in given_texts if text}.values())
    shuffled = rng.sample(different, len(different))

    def clusters(ordered: list[str]) -> set[frozenset[str]]:
        found = origins(ordered)
        return {frozenset(text for text, origin in zip(ordered, found, strict=True) if origin == o) for o in found}

    assert clusters(shuffled) == clusters(different)


@given(st.lists(st.integers(0, 12), max_size=6), st.randoms(use_true_random=False))
def test_texts_without_a_common_word_never_join(counts: list[int], rng: Random) -> None:
    apart = [" ".join(report(f"topic{i}x", count)) for i, count in enumerate(counts)]
    rng.shuffle(apart)
    assert origins(apart) == list(range(len(apart)))


@given(texts, st.data())
def test_a_mark_between_words_and_upper_case_change_nothing(given_texts: list[str], data: st.DataObject) -> None:
    def marked(text: str) -> str:
        words = text.split(" ")
        place = data.draw(st.integers(0, len(words)))
        return " ".join([*words[:place], data.draw(st.sampled_from(MARKS)), *words[place:]]).upper()

    assert origins([marked(text) for text in given_texts]) == origins(given_texts)


def test_no_texts_have_no_origins() -> None:
    assert origins([]) == []


def test_texts_without_a_word_stay_apart() -> None:
    assert origins(["", "…", "", "— !"]) == [0, 1, 2, 3]


def test_a_ligature_and_a_long_s_are_the_letters_that_they_stand_for() -> None:
    assert origins(["Straße der Oﬃziere", "STRASSE DER OFFIZIERE"]) == [0, 0]


def test_an_agency_report_in_another_outlet_joins() -> None:
    outlet = ["BERLIN (dpa) –", sentence("outlet", 1), *FERRY[1:], "© dpa 2025"]
    assert joined(report("harbour"), FERRY, outlet) == [0, 1, 1]


def test_a_corrected_version_joins() -> None:
    corrected = [
        FERRY[0].replace("word3", "word99"),
        *FERRY[1:],
        "Korrektur: In einer früheren Fassung war das falsch.",
    ]
    assert joined(FERRY, report("harbour"), corrected) == [0, 1, 0]


@pytest.mark.parametrize("kept", [5, 6, 8])
def test_a_version_shortened_to_its_first_half_or_more_joins_whichever_comes_first(kept: int) -> None:
    assert joined(FERRY, FERRY[:kept]) == [0, 0]
    assert joined(FERRY[:kept], FERRY) == [0, 0]


def test_both_halves_of_a_report_join_it_though_they_share_nothing() -> None:
    assert joined(FERRY[:5], FERRY[5:]) == [0, 1]
    assert joined(FERRY[:5], FERRY[5:], FERRY) == [0, 0, 0]


def test_three_sentences_quoted_in_another_article_do_not_join() -> None:
    own = report("harbour")
    assert joined(FERRY, [*own[:4], *FERRY[2:5], *own[4:]]) == [0, 1]


def test_a_whole_report_quoted_in_a_text_twice_as_long_does_not_join() -> None:
    own = report("harbour", 20)
    assert joined(FERRY, [*own[:9], *FERRY, *own[9:]]) == [0, 1]


def test_reports_of_one_template_do_not_join() -> None:
    frame = report("match", 5)
    assert joined([*frame, *report("first", 5)], [*frame, *report("second", 5)]) == [0, 1]


def test_versions_that_drift_do_not_chain() -> None:
    drifting = [[sentence("ticker", number) for number in range(start, start + 10)] for start in range(0, 30, 2)]
    assert joined(drifting[0], drifting[1]) == [0, 0]  # each is one report with the next
    found = joined(*drifting)
    for i, origin in enumerate(found):
        assert len(set(drifting[i]) & set(drifting[origin])) >= 6
    assert len(set(found)) > 3


def test_a_short_text_joins_only_one_of_the_same_words() -> None:
    words = [f"wort{i}" for i in range(MIN_WORDS - 1)]
    short = " ".join(words)
    assert origins([short, f"„{short}!“", f"{short[:-1]}x", short]) == [0, 0, 2, 0]
    assert origins([f"{short} ende", f"{short} schluss"]) == [0, 0]


def test_a_rule_may_be_stricter() -> None:
    halved = [" ".join(FERRY), " ".join(FERRY[:6])]
    assert origins(halved, Rule(ratio=0.7)) == [0, 1]
    assert origins(halved, Rule(ratio=0.5)) == [0, 0]


def test_containment_is_the_share_of_the_shorter_ones_shingles() -> None:
    whole = hash_words("eins zwei drei vier fünf sechs")
    part = hash_words("zwei drei vier acht")
    assert len(shingles(whole, 2)) == 5
    assert containment(shingles(part, 2), shingles(whole, 2)) == pytest.approx(2 / 3)
    assert containment(shingles(whole, 3), shingles(whole, 3)) == 1


def test_repeated_runs_of_words_count_once() -> None:
    assert len(shingles(hash_words("so so so so so"), 3)) == 1


@pytest.mark.parametrize("size", [3, MAX_SHINGLE + 1])
def test_a_shingle_longer_than_its_text_or_than_all_is_an_error(size: int) -> None:
    words = hash_words("zwei worte" if size == 3 else " ".join(FERRY))
    with pytest.raises(ValueError, match=r"size|window|dimension"):
        shingles(words, size)


def test_another_process_with_another_hash_seed_finds_the_same() -> None:
    rng = Random(3)  # noqa: S311 - nothing secret
    reports = [report(f"topic{i}x") for i in range(20)]
    versions = [" ".join(rng.sample(told, rng.randint(5, 10))) for told in reports for _ in range(4)]
    program = "import json, sys; from index.duplicates import origins; print(json.dumps(origins(json.load(sys.stdin))))"
    found = [
        subprocess.run(
            [sys.executable, "-c", program],
            input=json.dumps(versions),
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert json.loads(found[0]) == json.loads(found[1]) == origins(versions)
    assert 20 <= len(set(origins(versions))) < 60
