"""Follow-up questions asked with and without carrying the conversation into them.

A real index of `evals/followups/` (written for this) and `seeds/` is built in a temporary folder; every case is a
conversation of two or three turns, of which the last is judged. The baseline asks it as it is typed. Cases that must
not be touched count by whether they were left alone. Cases tagged held-out were written before the rules.

    python evals/followups.py --out evals/results/followups.json
"""

from __future__ import annotations

import argparse
import hashlib
import json
import tempfile
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from pydantic import ConfigDict, TypeAdapter, ValidationError
from rich.console import Console
from rich.table import Table

from index.build import build
from qa.errors import EvaluationError
from qa.evaluate import environment
from qa.follow import Turn, follow
from qa.intervals import Interval, bootstrap
from qa.metrics import Outcome, judge, judge_citation
from qa.pipeline import Assistant
from qa.questions import DocumentLookup, GoldQuestion, GoldSpan
from qa.settings import Settings
from qa.types import Lang

HERE = Path(__file__).parent
CASES, TEXTS = HERE / "followups.jsonl", (HERE / "followups", HERE.parent / "seeds")
HELD_OUT = "held-out"
SYSTEMS = ("as typed", "carried")
MEASURES = ("recall@1", "recall@5", "answered_right")
SEED = 6


@dataclass(frozen=True, slots=True)
class Case:
    """A conversation: `gold` answers its last turn, into which something has to be carried or nothing may be.

    Raises:
        ValueError: fewer than two turns, or gold where nothing may be carried, or none where something must.
    """

    __pydantic_config__ = ConfigDict(extra="forbid")

    id: str
    turns: tuple[str, ...]
    lang: Lang
    carry: bool
    gold: tuple[GoldSpan, ...]
    tags: tuple[str, ...]

    def __post_init__(self) -> None:
        """Check that the parts fit."""
        if len(self.turns) < 2:  # noqa: PLR2004 - one to follow, one that follows
            raise ValueError("a case needs two turns")
        if self.carry != bool(self.gold):
            raise ValueError("a case needs gold exactly where something must be carried")


@dataclass(frozen=True, slots=True)
class Judged:
    """A case with what was asked in place of its last turn, what was carried, and the outcome of each system."""

    case: Case
    asked: str
    carried: tuple[str, ...]
    outcomes: tuple[Outcome, ...]

    @property
    def left_alone(self) -> bool:
        """Whether the last turn was asked exactly as it was typed."""
        return self.asked == self.case.turns[-1]


def read_cases(path: Path, document: DocumentLookup) -> list[Case]:
    """The cases of a file, each gold span checked against its document.

    Raises:
        EvaluationError: a line is malformed, or names characters that are not its quote; the text names the line.
    """
    parser = TypeAdapter(Case)
    cases = []
    for number, line in enumerate(path.read_bytes().splitlines(), 1):
        try:
            case = parser.validate_json(line, strict=True)
        except ValidationError as error:
            raise EvaluationError(f"{path}:{number}: {error}") from error
        for span in case.gold:
            _check(f"{path}:{number}", span, document)
        cases.append(case)
    return cases


def _check(place: str, span: GoldSpan, document: DocumentLookup) -> None:
    try:
        found = document(span.doc_id).text[span.start : span.end]
    except KeyError as error:
        raise EvaluationError(f"{place}: the index has no document {span.doc_id!r}; mend the id") from error
    if found != span.quote:
        raise EvaluationError(f"{place}: {found!r} is not the gold quote {span.quote!r}; mend the offsets")


def opened(folder: Path) -> Assistant:
    """An assistant over an index of the texts, made in `folder`."""
    settings = Settings.load(data_dir=folder / "data")
    build(TEXTS, settings)
    return Assistant(settings)


def ask(case: Case, assistant: Assistant) -> Judged:
    """A conversation up to its last turn, which is then asked as typed and as carried, and judged where it has gold."""
    turns: list[Turn] = []
    for question in case.turns[:-1]:
        followed = follow(question, turns)
        citations = assistant.ask(followed.text).citations
        turns.append(Turn(followed.text, tuple(c.quote for c in citations)))
    followed = follow(case.turns[-1], turns)
    asked = (case.turns[-1], followed.text) if case.carry else ()
    return Judged(case, followed.text, followed.carried, tuple(_judged(case, text, assistant) for text in asked))


def _judged(case: Case, asked: str, assistant: Assistant) -> Outcome:
    question = GoldQuestion(case.id, asked, case.lang, answerable=True, gold=case.gold, tags=case.tags)
    trace = assistant.trace(asked)
    citations = (judge_citation(c, assistant.document(c.doc_id), case.gold) for c in trace.answer.citations)
    return judge(question, trace, tuple(citations))


def values(outcome: Outcome) -> dict[str, float]:
    """What each measure says of one outcome."""
    right = any(citation.right for citation in outcome.citations)
    return {name: outcome.retrieval[name] for name in MEASURES[:2]} | {"answered_right": float(right)}


def figures(judged: Sequence[Judged], resamples: int) -> dict[str, Any]:
    """Every measure of every system with its interval, and how many of the whole questions were left alone."""
    asked, whole = [one for one in judged if one.case.carry], [one for one in judged if not one.case.carry]
    rows = {name: [values(one.outcomes[i]) for one in asked] for i, name in enumerate(SYSTEMS)}
    found: dict[str, Any] = {
        "cases": len(asked),
        "must_stay": len(whole),
        "left_alone": sum(o.left_alone for o in whole),
    }
    for name, measured in rows.items():
        found[name] = {m: asdict(_interval([row[m] for row in measured], resamples)) for m in MEASURES} if asked else {}
    pairs = list(zip(*(rows[name] for name in SYSTEMS), strict=True))
    gained = {m: asdict(_interval([after[m] - before[m] for before, after in pairs], resamples)) for m in MEASURES}
    return found | {"gain": gained} if asked else found


def _interval(measured: Sequence[float], resamples: int) -> Interval:
    return bootstrap(measured, seed=SEED, resamples=resamples)


def parts(judged: Sequence[Judged]) -> Iterator[tuple[str, list[Judged]]]:
    """All cases, those written before the rules, the others, and each tag that is no language pair of its own."""
    yield "all", list(judged)
    yield HELD_OUT, [one for one in judged if HELD_OUT in one.case.tags]
    yield "seen", [one for one in judged if HELD_OUT not in one.case.tags]
    for tag in sorted({tag for one in judged if one.case.carry for tag in one.case.tags} - {HELD_OUT}):
        yield tag, [one for one in judged if tag in one.case.tags]


def table(found: dict[str, dict[str, Any]]) -> Table:
    """Two rows a part, as typed and as carried: each measure with its interval."""
    shown = Table("part", "n", "asked", *MEASURES, "left alone", title="Follow-ups", title_justify="left")
    for part, of in found.items():
        alone = f"{of['left_alone']} of {of['must_stay']}" if of["must_stay"] else ""
        for name in SYSTEMS if of["cases"] else ():
            shown.add_row(part, str(of["cases"]), name, *(_cell(of[name][m]) for m in MEASURES), alone)
            part = alone = ""  # noqa: PLW2901 - said once
    return shown


def _cell(interval: dict[str, float]) -> str:
    return f"{interval['value']:.2f} [{interval['low']:.2f}, {interval['high']:.2f}]"


def _to_json(one: Judged) -> dict[str, Any]:
    case = one.case
    told: dict[str, Any] = {"id": case.id, "turns": case.turns, "asked": one.asked, "put": one.carried}
    told |= {"tags": case.tags, "carry": case.carry}
    if not case.carry:
        return told | {"left_alone": one.left_alone}
    return told | {name: values(outcome) for name, outcome in zip(SYSTEMS, one.outcomes, strict=True)}


def main() -> None:
    """Build, ask, print, and write the result file."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", type=Path, help="result file")
    parser.add_argument("--resamples", type=int, default=2000, help="of the bootstrap")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        assistant = opened(Path(folder))
        judged = [ask(case, assistant) for case in read_cases(CASES, assistant.document)]
        model = assistant.info().model
        assistant.close()
    found = {part: figures(of, arguments.resamples) for part, of in parts(judged)}
    Console().print(table(found))
    if arguments.out:
        run = {name: value for name, value in asdict(environment("")).items() if name != "generation"}
        digest = hashlib.sha256(CASES.read_bytes()).hexdigest()
        result = {
            "cases_sha256": digest,
            "model": model,
            "resamples": arguments.resamples,
            "seed": SEED,
            "parts": found,
        }
        result |= {"cases": [_to_json(one) for one in judged], **run}
        arguments.out.parent.mkdir(parents=True, exist_ok=True)
        arguments.out.write_text(json.dumps(result, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
