"""An evaluation of a hand-made assistant: what is asked, what is kept, and that a rerun gives the same bytes."""

from __future__ import annotations

import json
import re
import sys
from dataclasses import dataclass, field, replace
from pathlib import Path
from subprocess import run
from typing import Any

import pytest

from index.errors import NoIndexError
from index.types import Chunk, Document, Hit, Leg, Span, text_sha256
from qa.errors import EvaluationError
from qa.evaluate import environment, evaluate, write_result
from qa.questions import GoldQuestion, GoldSpan, QuestionSet
from qa.types import Answer, Citation, Evidence, NearMiss, Question, excerpt_fields

TEXT = "Anna kam. Bert ging. Cora blieb."
FIRST, SECOND, THIRD = Span(0, 9), Span(10, 20), Span(21, 32)
DOCUMENT = Document(id="d", text=TEXT, sha256=text_sha256(TEXT), title="", lang="de", path="d")


def gold(*spans: Span) -> tuple[GoldSpan, ...]:
    return tuple(GoldSpan("d", span.start, span.end, TEXT[span.start : span.end]) for span in spans)


QUESTIONS = QuestionSet(
    "hand",
    "0" * 64,
    (
        GoldQuestion("went", "Wer ging?", "de", answerable=True, gold=gold(SECOND), tags=("who", "short")),
        GoldQuestion("stayed", "Who stayed?", "en", answerable=True, gold=gold(THIRD), tags=("who",)),
        GoldQuestion("slept", "Wer schlief?", "de", answerable=False, gold=(), tags=("absent-fact",)),
    ),
)


@dataclass(frozen=True)
class Trace:
    question: Question
    hits: tuple[Hit, ...]
    evidence: tuple[Evidence, ...]
    answer: Answer


@dataclass(frozen=True)
class Info:
    generation: str = "g1"
    documents: int = 1
    chunks: int = 2
    model: str = "some-encoder"


@dataclass
class HandMade:
    """Takes every question for German, always finds Bert first, and answers all but the last question with him."""

    documents: dict[str, Document] = field(default_factory=lambda: {"d": DOCUMENT})
    asked: list[str] = field(default_factory=list)

    def trace(self, question: str) -> Trace:
        self.asked.append(question)
        cited = () if "schlief" in question else (Citation(**excerpt_fields(DOCUMENT, SECOND), number=1, score=0.9),)
        hits = (Hit(Chunk("d", (FIRST, SECOND)), 2.0, dense=Leg(1, 0.5)), Hit(Chunk("d", (THIRD,)), 1.0, Leg(2, 0.4)))
        evidence = (Evidence("d", SECOND, 0.9), Evidence("d", THIRD, 0.1 + 0.2))
        status: Any = "answered" if cited else "abstained"
        near = () if cited else (NearMiss(**excerpt_fields(DOCUMENT, THIRD), score=0.1),)
        answer = Answer(question, "de", status, "", cited, near, 1 / 3, (), "g1", {"reading": len(self.asked) * 0.1})
        return Trace(Question(question, "de"), hits, evidence, answer)

    def rankings(self, trace: Trace) -> dict[str, tuple[Chunk, ...]]:
        found = tuple(hit.chunk for hit in trace.hits)
        return {"lexical": (), "dense": found[::-1], "fused": found, "reranked": found}

    def document(self, doc_id: str) -> Document:
        return self.documents[doc_id]

    def info(self) -> Info:
        return Info()


def repeatable(result: dict[str, Any]) -> str:
    return json.dumps({key: value for key, value in result.items() if key != "run"}, ensure_ascii=False)


def test_every_question_is_asked_once_in_order_without_its_language() -> None:
    assistant, seen = HandMade(), []
    evaluate(assistant, QUESTIONS, lambda done, total: seen.append((done, total)))
    assert assistant.asked == ["Wer ging?", "Who stayed?", "Wer schlief?"]
    assert seen == [(1, 3), (2, 3), (3, 3)]


def test_the_totals_are_the_ones_worked_out_by_hand() -> None:
    total = {name: found.value for name, found in evaluate(HandMade(), QUESTIONS).total.items()}
    assert total["recall@1"] == 0.5
    assert total["recall@5"] == total["recall@20"] == 1.0
    assert total["RR@10"] == 0.75
    assert total["nDCG@10"] == pytest.approx((1 + 0.63093) / 2, abs=1e-5)
    assert total["sentence_hit@1"] == 0.5
    assert total["sentence_hit@3"] == 1.0
    assert total["citation_exactness"] == 1.0
    assert total["citation_precision"] == total["answered_right"] == 0.5
    assert total["abstention_precision"] == total["abstention_recall"] == 1.0
    assert total["unanswerable_abstained"] == 1
    assert total["language_accuracy"] == pytest.approx(2 / 3)


def test_scores_are_broken_down_by_language_and_tag() -> None:
    evaluation = evaluate(HandMade(), QUESTIONS)
    assert {lang: scores["language_accuracy"].value for lang, scores in evaluation.by_lang.items()} == {
        "de": 1,
        "en": 0,
    }
    assert {tag: scores["language_accuracy"].n for tag, scores in evaluation.by_tag.items()} == {
        "absent-fact": 1,
        "short": 1,
        "who": 2,
    }
    assert "recall@1" not in evaluation.by_tag["absent-fact"]


def test_each_question_is_listed_with_its_ranks_and_verdicts() -> None:
    listed = {question["id"]: question for question in evaluate(HandMade(), QUESTIONS).to_json()["questions"]}
    assert (listed["went"]["chunk_rank"], listed["went"]["sentence_rank"]) == (1, 1)
    assert (listed["stayed"]["chunk_rank"], listed["stayed"]["sentence_rank"]) == (2, 2)
    assert listed["stayed"]["citations"] == [
        {"doc_id": "d", "start": 10, "end": 20, "quote": "Bert ging.", "exact": True, "right": False}
    ]
    assert listed["stayed"]["detected_lang"] == "de"
    assert listed["slept"]["status"] == "abstained"
    assert listed["slept"]["retrieval"] == {}
    assert listed["went"]["confidence"] == 0.333333


def test_each_question_is_listed_with_its_gold_and_what_lay_near_it() -> None:
    listed = {question["id"]: question for question in evaluate(HandMade(), QUESTIONS).to_json()["questions"]}
    assert listed["stayed"]["gold"] == [{"doc_id": "d", "start": 21, "end": 32, "quote": "Cora blieb."}]
    assert listed["stayed"]["gold_ranks"] == [2]
    assert listed["went"]["tags"] == ["who", "short"]
    assert listed["slept"]["gold"] == listed["slept"]["gold_ranks"] == []
    near = {"doc_id": "d", "start": 21, "end": 32, "quote": "Cora blieb.", "exact": True, "right": False}
    assert listed["slept"]["near_misses"] == [near]


def test_total_and_languages_have_their_intervals() -> None:
    told = evaluate(HandMade(), QUESTIONS).to_json()
    assert list(told["total"]["answered_right"]) == ["value", "low", "high", "n"]
    assert told["total"]["answered_right"] == {"value": 0.5, "low": 0.0, "high": 1.0, "n": 2}
    assert told["by_lang"]["de"]["answered_right"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 1}
    assert told["by_tag"]["who"]["answered_right"] == {"value": 0.5, "n": 2}


def test_each_leg_is_judged_by_its_own_ranking() -> None:
    told = evaluate(HandMade(), QUESTIONS).to_json()
    listed = {question["id"]: question["leg_ranks"] for question in told["questions"]}
    assert listed["went"] == {"lexical": [0], "dense": [2], "fused": [1], "reranked": [1]}
    assert listed["slept"] == {}
    assert {leg: scores["RR@10"]["value"] for leg, scores in told["legs"].items()} == {
        "lexical": 0.0,
        "dense": 0.75,
        "fused": 0.75,
        "reranked": 0.75,
    }
    assert list(told["legs"]["dense"]["nDCG@10"]) == ["value", "low", "high", "n"]


def test_abstention_is_told_with_its_intervals() -> None:
    told = evaluate(HandMade(), QUESTIONS).to_json()["abstention"]
    assert told["AUROC"]["value"] == 0.5, "it is always as sure"
    assert told["accuracy"] == {"value": 1.0, "low": 1.0, "high": 1.0, "n": 3}
    assert told["AURC"]["value"] == pytest.approx(2 / 3)
    assert evaluate(HandMade(), QUESTIONS).to_json()["risk_coverage"] == [
        [0.333333, 0.666667],
        [0.666667, 0.666667],
        [1.0, 0.666667],
    ]


def test_twins_are_told_where_there_are_some() -> None:
    assert evaluate(HandMade(), QUESTIONS).to_json()["twins"] == {}
    english = replace(QUESTIONS.questions[0], id="went-en", lang="en", twin="went")
    told = evaluate(HandMade(), replace(QUESTIONS, questions=(*QUESTIONS.questions, english))).to_json()["twins"]
    assert told["rank, across"] == {"value": 0.0, "low": 0.0, "high": 0.0, "n": 1}


def test_the_quotation_that_answers_most_probably_is_held_against_the_gold_answer() -> None:
    @dataclass
    class Talking(HandMade):
        def trace(self, question: str) -> Trace:
            made = super().trace(question)
            first = Citation(**excerpt_fields(DOCUMENT, FIRST), number=1, score=0.2)
            second = Citation(**excerpt_fields(DOCUMENT, SECOND), number=2, score=0.9)
            return replace(made, answer=replace(made.answer, status="answered", citations=(first, second)))

    answered = replace(QUESTIONS.questions[0], answers=("Bert", "der Bert"))
    evaluation = evaluate(Talking(), replace(QUESTIONS, questions=(answered, *QUESTIONS.questions[1:])))
    assert evaluation.total["token_f1"].value == pytest.approx(2 / 3)
    assert evaluation.total["token_f1"].n == 1
    assert evaluation.to_json()["questions"][0]["tokens"]["token_recall"] == 1.0


def test_gold_may_be_documents() -> None:
    question = GoldQuestion("about", "Wer ging?", "de", answerable=True, documents=("d",))
    evaluation = evaluate(HandMade(), replace(QUESTIONS, questions=(question,)))
    (outcome,) = evaluation.outcomes
    assert (outcome.gold_ranks, outcome.sentence_rank, outcome.verdict) == ((1,), 1, "right: cited")
    assert evaluation.to_json()["questions"][0]["documents"] == ["d"]
    assert outcome.gold_lang == "de"


def test_an_index_that_is_exchanged_after_the_last_question_is_no_evaluation_either() -> None:
    @dataclass
    class Late(HandMade):
        def info(self) -> Info:
            return Info("g2") if len(self.asked) == len(QUESTIONS.questions) else Info()

    with pytest.raises(EvaluationError, match="from g1 to g2; run it again"):
        evaluate(Late(), QUESTIONS)


def test_stages_have_their_percentiles_and_each_question_its_own() -> None:
    told = evaluate(HandMade(), QUESTIONS).to_json()["run"]
    assert told["stage_ms"] == {"reading": {"p50": 200.0, "p95": 300.0, "p99": 300.0}}
    assert told["question_stage_ms"]["stayed"] == {"reading": 200.0}


def test_questions_put_to_two_indexes_are_no_evaluation() -> None:
    @dataclass
    class Rebuilt(HandMade):
        def trace(self, question: str) -> Trace:
            made = super().trace(question)
            return replace(made, answer=replace(made.answer, generation=f"g{len(self.asked)}"))

    with pytest.raises(EvaluationError, match="rebuilt during the evaluation, from g1 to g2; run it again"):
        evaluate(Rebuilt(), QUESTIONS)


def test_a_rerun_is_byte_identical_but_for_the_run_itself(tmp_path: Path) -> None:
    first, second = tmp_path / "first.json", tmp_path / "second.json"
    for path in (first, second):
        write_result(evaluate(HandMade(), QUESTIONS), path)
    parts = [path.read_bytes().split(b'\n "run": ') for path in (first, second)]
    assert parts[0][0] == parts[1][0]
    assert [len(part) for part in parts] == [2, 2]
    assert not re.search(rb"second|_ms|timing|generation|date", parts[0][0])


def test_the_run_names_machine_versions_generation_and_every_latency() -> None:
    evaluation = evaluate(HandMade(), QUESTIONS)
    told = evaluation.to_json()["run"]
    assert told["generation"] == "g1"
    assert told["cpus"] >= 1
    assert set(told["versions"]) == {"python", "torch", "sentence-transformers", "chromadb", "tantivy", "ir-measures"}
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\+00:00", told["date"])
    assert set(told["question_ms"]) == {"went", "stayed", "slept"}
    assert set(told["latency_ms"]) == {"p50", "p95", "p99", "first"}


def test_latencies_are_percentiles_of_the_questions_seconds() -> None:
    evaluation = replace(evaluate(HandMade(), QUESTIONS), seconds=(0.9, 0.1, 0.2))
    assert evaluation.to_json()["run"]["latency_ms"] == {"p50": 200.0, "p95": 900.0, "p99": 900.0, "first": 900.0}


@pytest.mark.parametrize(
    "stored",
    [{}, {"d": replace(DOCUMENT, text=TEXT.upper(), sha256=text_sha256(TEXT.upper()))}],
    ids=["gone", "changed"],
)
def test_a_citation_that_the_store_does_not_bear_out_is_inexact(stored: dict[str, Document]) -> None:
    assert evaluate(HandMade(documents=stored), QUESTIONS).total["citation_exactness"].value == 0.0


def test_an_assistant_without_an_index_says_so_instead_of_scoring_zero() -> None:
    class Empty(HandMade):
        def trace(self, question: str) -> Trace:
            raise NoIndexError(f"no index for {question}")

    with pytest.raises(NoIndexError):
        evaluate(Empty(), QUESTIONS)


def test_a_result_is_written_whole_into_a_folder_that_need_not_exist(tmp_path: Path) -> None:
    path = tmp_path / "new" / "hand.json"
    evaluation = evaluate(HandMade(), QUESTIONS)
    write_result(evaluation, path)
    assert json.loads(path.read_text(encoding="utf-8")) == evaluation.to_json()
    assert list(path.parent.iterdir()) == [path]


def test_a_result_that_cannot_be_written_names_the_path_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "hand.json").mkdir()
    with pytest.raises(EvaluationError, match=r"hand\.json: the result cannot be written"):
        write_result(evaluate(HandMade(), QUESTIONS), tmp_path / "hand.json")
    assert [path.name for path in tmp_path.iterdir()] == ["hand.json"]


def test_a_package_that_is_not_installed_is_said_to_be_missing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.evaluate.VERSIONS_OF", ("no-such-package-at-all",))
    assert environment("g").versions["no-such-package-at-all"] == "not installed"


def test_evaluating_imports_none_of_the_heavy_packages() -> None:
    code = (
        "import sys, qa.expectations, qa.report; print({'torch', 'chromadb', 'tantivy', 'gradio'} & set(sys.modules))"
    )
    done = run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_language_groups_keep_what_the_total_has() -> None:
    evaluation = evaluate(HandMade(), QUESTIONS)
    for name, found in evaluation.total.items():
        groups = [scores[name] for scores in evaluation.by_lang.values() if name in scores]
        assert sum(group.n for group in groups) == found.n
