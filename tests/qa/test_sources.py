"""Sets that bring their documents, through a real index in a scratch directory that is gone afterwards."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from qa.errors import EvaluationError
from qa.evaluate import Evaluation, evaluate
from qa.settings import Settings
from qa.sources import asked_of

if TYPE_CHECKING:
    from qa.pipeline import Assistant

SEED_SET = Path(__file__).parents[2] / "evals" / "seed.jsonl"
ENGLISH = (
    "The harbour of Marnes was closed on Monday. Its director, Ada Lund, said that the crane had failed.",
    "Rain fell on the vineyards of Tolk for eleven days. The growers expect half of the usual harvest.",
)
GERMAN = (
    "Der Hafen von Marnes wurde am Montag geschlossen. Direktorin Ada Lund sagte, der Kran sei ausgefallen.",
    "Elf Tage lang fiel Regen auf die Weinberge von Tolk. Die Winzer erwarten die Hälfte der üblichen Ernte.",
)


@pytest.fixture
def scratch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Where temporary folders are made."""
    folder = tmp_path / "scratch"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def settings(tmp_path: Path) -> Settings:
    """Of somebody who has no index."""
    return Settings.load(data_dir=tmp_path / "data", reader=False)


def run(path: Path, tmp_path: Path) -> Evaluation:
    with asked_of(path, settings(tmp_path)) as (assistant, questions):
        return evaluate(assistant, questions)


def squad(contexts: tuple[str, ...], asked: tuple[tuple[str, int, str, str], ...]) -> str:
    paragraphs = [
        {
            "context": context,
            "qas": [
                {"id": name, "question": question, "is_impossible": not text,
                 "answers": [{"text": text, "answer_start": context.index(text)}] if text else []}
                for name, number, question, text in asked
                if number == place
            ],
        }
        for place, context in enumerate(contexts)
    ]  # fmt: skip
    return json.dumps({"version": "2.0", "data": [{"title": "News", "paragraphs": paragraphs}]})


def test_a_beir_folder_is_indexed_asked_and_forgotten(tmp_path: Path, scratch: Path) -> None:
    folder = tmp_path / "harbours"
    (folder / "qrels").mkdir(parents=True)
    documents = [{"_id": f"d{n}", "title": "", "text": text} for n, text in enumerate(ENGLISH)]
    queries = [{"_id": "q1", "text": "Why was the harbour closed?"}, {"_id": "q2", "text": "Wie lange fiel Regen?"}]
    for name, lines in (("corpus", documents), ("queries", queries)):
        (folder / f"{name}.jsonl").write_text("\n".join(map(json.dumps, lines)), encoding="utf-8")
    (folder / "qrels" / "test.tsv").write_text("query-id\tcorpus-id\tscore\nq1\td0\t1\nq2\td1\t1\n", encoding="utf-8")
    evaluation = run(folder, tmp_path)
    assert (evaluation.question_set, evaluation.documents) == ("harbours", 2)
    assert {leg: scores["R@1"].value for leg, scores in evaluation.legs.items()} == dict.fromkeys(
        ("lexical", "dense", "fused", "reranked"), 1.0
    )
    assert evaluation.outcomes[0].verdict == "right: cited"
    assert list(scratch.glob("beleg*")) == []
    assert not (tmp_path / "data").exists()


def test_squad_files_in_two_languages_are_one_set_with_twins(tmp_path: Path, scratch: Path) -> None:
    folder = tmp_path / "marnes"
    folder.mkdir()
    english = (("a", 0, "Who is the director of the harbour?", "Ada Lund"), ("b", 1, "Who bought the vineyards?", ""))
    german = (("a", 0, "Wer leitet den Hafen von Marnes?", "Ada Lund"), ("b", 1, "Wer hat die Weinberge gekauft?", ""))
    (folder / "en.json").write_text(squad(ENGLISH, english), encoding="utf-8")
    (folder / "de.json").write_text(squad(GERMAN, german), encoding="utf-8")
    evaluation = run(folder, tmp_path)
    assert [outcome.question.id for outcome in evaluation.outcomes] == ["de:a", "de:b", "en:a", "en:b"]
    assert evaluation.documents == 4
    assert evaluation.total["recall@5"].value == 1.0
    assert evaluation.total["token_recall"].n == 2
    assert {name: n for name, (_, n) in evaluation.twins.items()} == {"rank, de-en": 1, "same verdict": 2}
    assert "language_accuracy" not in evaluation.total, "nobody stated the language"
    assert list(scratch.glob("beleg*")) == []


def test_what_goes_wrong_while_asking_leaves_nothing_either(tmp_path: Path, scratch: Path) -> None:
    path = tmp_path / "en.json"
    path.write_text(squad(ENGLISH, (("a", 0, "Who is the director?", "Ada Lund"),)), encoding="utf-8")
    seen: list[Path] = []

    def interrupted() -> None:
        with asked_of(path, settings(tmp_path)):
            seen.extend(scratch.glob("beleg-eval-*/index"))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(seen) == 1
    assert list(scratch.glob("beleg*")) == []


def test_lines_of_our_own_are_put_to_the_index_that_serves(assistant: Assistant) -> None:
    with asked_of(SEED_SET, assistant.settings) as (asked, questions):
        assert asked.info().generation == assistant.info().generation
        assert questions.name == "seed"


def test_only_beir_folders_have_splits(tmp_path: Path) -> None:
    with (
        pytest.raises(EvaluationError, match="only these have splits; leave out --split dev"),
        asked_of(SEED_SET, settings(tmp_path), split="dev"),
    ):
        pass


def test_a_folder_that_is_none_of_them_says_what_one_is(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"no question set\. A folder of one has corpus\.jsonl"):
        run(tmp_path, tmp_path)
