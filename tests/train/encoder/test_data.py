"""What is trained on: usable, distinct, and nothing that is evaluated on."""

from __future__ import annotations

import json
from pathlib import Path

from hypothesis import given
from hypothesis import strategies as st

from train.encoder.data import Evaluated, Pair, evaluated, read_pairs, read_questions, read_speeches

SAMPLE = Path(__file__).parent.parent.parent.parent / "train/encoder/sample"
PARALLEL = SAMPLE / "train/parallel_open_en_de.jsonl.gz"


def written(folder: Path, records: list[dict[str, object]]) -> Path:
    path = folder / "data.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
    return path


def pairs_of(folder: Path, *sides: tuple[str, str], caps: dict[str, int] | None = None) -> list[Pair]:
    path = written(folder, [{"en": en, "de": de, "src": "test"} for en, de in sides])
    return read_pairs([path], Evaluated([]), caps or {})[0]


def test_the_sample_loses_its_deliberate_defects() -> None:
    _, dropped = read_pairs([PARALLEL], evaluated(sorted((SAMPLE / "dev").glob("*.gz"))), {})
    assert dropped == {"twice": 1, "evaluated": 2, "unlike lengths": 1, "not translated": 1, "capped": 0}


def test_a_sentence_of_an_evaluation_set_is_left_out_whatever_its_case_and_punctuation() -> None:
    evaluation = Evaluated(["The old bridge over the river was closed on Monday morning."])
    assert evaluation.share_words_with("said: THE OLD BRIDGE, over the river, was closed on a Monday")
    assert not evaluation.share_words_with("the old bridge over the river was open")


@given(st.lists(st.text("ab ", min_size=1), min_size=8, max_size=20))
def test_every_text_shares_words_with_itself_if_it_is_long_enough(words: list[str]) -> None:
    text = " ".join(f"w{word.replace(' ', '')}" for word in words)
    assert Evaluated([text]).share_words_with(f"before {text} after")


def test_lengths_that_cannot_be_a_translation_are_left_out(tmp_path: Path) -> None:
    assert not pairs_of(tmp_path, ("A long sentence about a monastery and its many monks.", "Es brannte."))
    assert pairs_of(tmp_path, ("Hi.", "Guten Morgen!"))


def test_a_cap_takes_pairs_from_all_of_a_collection(tmp_path: Path) -> None:
    sides = [(f"house number {i}", f"Haus Nummer {i}") for i in range(100)]
    taken = pairs_of(tmp_path, *sides, caps={"test": 10})
    assert len(taken) == 10
    numbers = [int(pair.en.rsplit(" ", 1)[1]) for pair in taken]
    assert max(numbers) > 80
    assert min(numbers) < 20


def test_answers_stand_where_the_data_says() -> None:
    asked, _ = read_questions(SAMPLE / "train/qa_en.jsonl.gz", Evaluated([]))
    assert asked
    assert all(0 <= one.start < one.end <= len(one.passage) for one in asked)


def test_interjections_are_no_part_of_a_speech() -> None:
    speeches = read_speeches(SAMPLE / "corpus/bundestag_speeches_de_37126.jsonl.gz", 24)
    assert len(speeches) == 24
    assert not any(paragraph.startswith("(") for speech in speeches for paragraph in speech.paragraphs)
