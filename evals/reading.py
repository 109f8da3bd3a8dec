"""Reading on the development data: from question to sentence, and knowing when there is none, system beside system.

Every figure has its 95 % bootstrap interval over articles. What is asked is in `examine.py`, who answers in
`systems.py`, what a measure is in `measures.py`. The data is not part of this project.

    python evals/reading.py ../shared/data --out evals/results/reading.json --plot docs/risk_coverage.svg
"""

from __future__ import annotations

import argparse
import json
import sys
import tempfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from shutil import get_terminal_size
from typing import Any

import numpy as np
from examine import PARTS, Desk, Judged
from measures import (
    coverage_at_risk,
    expected_calibration_error,
    hit_at,
    plot_risk_coverage,
    threshold_for,
)
from remembered import KEPT
from rich.console import Console
from rich.markup import escape
from rich.progress import track
from rich.table import Table
from systems import SYSTEMS

from index.embed import Embedder, open_embedder
from index.errors import BelegError
from index.settings import IndexSettings
from qa.curves import area_under_risk_coverage, auroc, risk_coverage
from qa.evaluate import environment
from qa.intervals import Floats, Interval, Statistic, bootstrap, mean
from qa.signals import read_calibrations

SEED = 4
RESAMPLES = 2000
ALLOWED = 0.1  # of the answerable questions may be abstained from, and of the answers may be wrong
ALL = "all"
_DIGITS = 4
_COLUMNS_OF_A_LOG = 180

TITLES = {
    "xquad": "XQuAD paragraphs, from question to first sentence (question-document)",
    "quotes": "Who said what, over Wikinews",
    "squad": "SQuAD 2.0, passage given: confidence against answerable",
    "absent": "XQuAD, as it is and with the article left out (question-document)",
}
NOTES = (
    "signals: weights and threshold were fitted on these XQuAD questions; qa/calibration.json has out-of-fold figures.",
    "reader: fitted on one half of the articles, measured on the other; of SQuAD the halves are drawn anew.",
    "absent: questions without their article, together with the same questions over all articles.",
    f"abstained: of the absent, at the threshold that abstains from at most {ALLOWED:.0%} of the answerable ones.",
    "That threshold is chosen on the questions it is judged by, in each row and in each resample anew.",
    "bm25: confidence is a score, so it has neither a shipped threshold nor a calibration error.",
    "squad: only title and passage are given; hit@1 is that of the answerable questions, within their passage.",
)


@dataclass(frozen=True, slots=True)
class Figure:
    """One measure of one system on `n` questions of a part, in one language pair or in all."""

    system: str
    part: str
    pair: str
    measure: str
    n: int
    interval: Interval


# A statistic sees questions as rows of these columns.
_COLUMNS = 4
CONFIDENCE, ANSWERABLE, SENTENCE, DOCUMENT = range(_COLUMNS)


def rows(judged: Sequence[Judged]) -> Floats:
    """Shape ``(len(judged), 4)``: confidence, answerable, rank of the sentence, rank of the document."""
    found = [(one.confidence, one.answerable, one.sentence_rank, one.document_rank) for one in judged]
    return np.array(found, dtype=np.float64).reshape(-1, _COLUMNS)


def right(asked: Floats) -> Floats:
    """Whether the first sentence is right; it cannot be where there is no answer."""
    return hit_at(1, asked[:, SENTENCE])


def _share_below(asked: Floats, threshold: float, *, answerable: bool) -> float:
    """The share of the answerable or of the other questions whose confidence is below; nan where there are none."""
    confidence = asked[asked[:, ANSWERABLE] == answerable, CONFIDENCE]
    return mean(confidence < threshold) if len(confidence) else float("nan")


def _abstained(asked: Floats) -> float:
    answerable = asked[asked[:, ANSWERABLE] == 1, CONFIDENCE]
    threshold = threshold_for(answerable, ALLOWED) if len(answerable) else float("nan")
    return _share_below(asked, threshold, answerable=False)


def _hit_where_answerable(asked: Floats) -> float:
    answerable = asked[asked[:, ANSWERABLE] == 1]
    return mean(right(answerable)) if len(answerable) else float("nan")


RANKING: Mapping[str, Statistic] = {
    "hit@1": lambda asked: mean(right(asked)),
    "hit@3": lambda asked: mean(hit_at(3, asked[:, SENTENCE])),
    "recall@1": lambda asked: mean(hit_at(1, asked[:, DOCUMENT])),
}
GIVEN: Mapping[str, Statistic] = {
    "AUROC": lambda asked: auroc(asked[:, CONFIDENCE], asked[:, ANSWERABLE]),
    "hit@1": _hit_where_answerable,
}
ABSTAINING: Mapping[str, Statistic] = {
    "abstained": _abstained,
    "AUROC": lambda asked: auroc(asked[:, CONFIDENCE], asked[:, ANSWERABLE]),
    "AURC": lambda asked: area_under_risk_coverage(asked[:, CONFIDENCE], right(asked)),
    "coverage@risk": lambda asked: coverage_at_risk(asked[:, CONFIDENCE], right(asked), ALLOWED),
}


def calibrated(threshold: float) -> Mapping[str, Statistic]:
    """What can be said of a confidence that is a probability and has a `threshold`."""
    return {
        "abstained, shipped": lambda asked: _share_below(asked, threshold, answerable=False),
        "wrongly, shipped": lambda asked: _share_below(asked, threshold, answerable=True),
        "ECE": lambda asked: expected_calibration_error(asked[:, CONFIDENCE], right(asked)),
        "ECE, equal mass": lambda asked: expected_calibration_error(
            asked[:, CONFIDENCE], right(asked), equal_mass=True
        ),
    }


def figures(
    judged: Sequence[Judged], thresholds: Mapping[str, float | None], resamples: int = RESAMPLES
) -> Iterator[Figure]:
    """Every measure of every system, part by part; `thresholds` by the system's name, in the order to show."""
    for part, system in ((part, system) for part in TITLES for system in thresholds):
        found = [one for one in judged if one.system == system and one.part in _asked_in(part)]
        for pair, of_pair in _pairs(found):
            for measure, statistic in _measures(part, thresholds[system]).items():
                groups = [one.group for one in of_pair]
                interval = bootstrap(rows(of_pair), statistic, groups=groups, seed=SEED, resamples=resamples)
                yield Figure(system, part, pair, measure, len(of_pair), interval)


def _asked_in(part: str) -> tuple[str, ...]:
    """Absence is measured against what is there."""
    return ("xquad", "absent") if part == "absent" else (part,)


def _measures(part: str, threshold: float | None) -> Mapping[str, Statistic]:
    if part == "absent":
        return ABSTAINING if threshold is None else {**ABSTAINING, **calibrated(threshold)}
    return GIVEN if part == "squad" else RANKING


def _pairs(judged: Sequence[Judged]) -> Iterator[tuple[str, Sequence[Judged]]]:
    """The questions of each language pair and, where there are several pairs, of all."""
    pairs = sorted({one.pair for one in judged})
    yield from ((pair, [one for one in judged if one.pair == pair]) for pair in pairs)
    if len(pairs) > 1:
        yield ALL, judged


def tables(found: Sequence[Figure]) -> Iterator[Table]:
    """One for each part: the systems under each other for each measure, a column for each language pair."""
    for part in dict.fromkeys(figure.part for figure in found):
        shown = [figure for figure in found if figure.part == part]
        pairs = {figure.pair: f"{figure.pair}, n = {figure.n}" for figure in shown}
        table = Table("measure", "system", *pairs.values(), title=TITLES[part], title_justify="left")
        cells = {(figure.measure, figure.system, figure.pair): _shown(figure.interval) for figure in shown}
        for measure in dict.fromkeys(figure.measure for figure in shown):
            for system in dict.fromkeys(figure.system for figure in shown if figure.measure == measure):
                table.add_row(measure, system, *(cells[measure, system, pair] for pair in pairs))
            table.add_section()
        yield table


def _shown(interval: Interval) -> str:
    return escape(f"{interval.value:.3f} [{interval.low:.3f}, {interval.high:.3f}]")


def to_json(found: Iterable[Figure]) -> dict[str, Any]:
    """System, part, pair, measure, each a level of its own; what is not a number is left out."""
    nested: dict[str, Any] = {}
    for figure in found:
        values = {name: round(value, _DIGITS) for name, value in asdict(figure.interval).items() if not np.isnan(value)}
        of_pair = nested.setdefault(figure.system, {}).setdefault(figure.part, {}).setdefault(figure.pair, {})
        of_pair |= {"n": figure.n, figure.measure: values}
    return nested


def curves(judged: Sequence[Judged], systems: Iterable[str]) -> dict[str, tuple[Floats, Floats]]:
    """Risk and coverage of each system over questions with and without their article, in all language pairs."""
    found = {name: rows([o for o in judged if o.system == name and o.part in _asked_in("absent")]) for name in systems}
    return {name: risk_coverage(asked[:, CONFIDENCE], right(asked)) for name, asked in found.items() if len(asked)}


def main(arguments: Sequence[str] | None = None) -> int:
    """Ask, print the tables, and write what is wanted; 1 when the data or the encoder cannot be used."""
    options = _options(arguments)
    systems = {name: SYSTEMS[name] for name in options.systems}
    try:
        embedder = open_embedder(IndexSettings.load(model=options.model))
        with tempfile.TemporaryDirectory() as folder:
            desk = Desk(embedder, Path(folder), systems, options.kept, options.limit, _tracked)
            judged = [one for part in options.parts for one in PARTS[part](desk, options.data)]
    except BelegError as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    thresholds = {name: system.threshold() for name, system in systems.items()}
    found = list(figures(judged, thresholds, options.resamples))
    notes = [*NOTES, *_mismatch(embedder)]
    wide = get_terminal_size((_COLUMNS_OF_A_LOG, 0)).columns
    Console(width=wide).print(*tables(found), *notes, sep="\n")
    _write(options, judged, _result(options, embedder, notes, found))
    return 0


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=Path, help="folder that has dev/ and corpus/")
    parser.add_argument("--systems", type=_names(SYSTEMS), default=list(SYSTEMS), help=f"of {','.join(SYSTEMS)}")
    parser.add_argument("--parts", type=_names(PARTS), default=list(PARTS), help=f"of {','.join(PARTS)}")
    parser.add_argument("--limit", type=_positive, help="questions asked in each part, evenly spread; default: all")
    parser.add_argument(
        "--resamples", type=_positive, default=RESAMPLES, help="of each bootstrap; default: %(default)s"
    )
    parser.add_argument("--model", help="encoder: a folder or a hub name")
    parser.add_argument("--kept", type=Path, default=KEPT, help="what networks are remembered to make of a row")
    parser.add_argument("--out", type=Path, help="result file")
    parser.add_argument("--plot", type=Path, help="file for the risk-coverage curves, .svg or .png")
    parser.add_argument("--judged", type=Path, help="file for every question's verdicts, as JSON lines")
    return parser.parse_args(arguments)


def _names(known: Iterable[str]) -> Callable[[str], list[str]]:
    def names(text: str) -> list[str]:
        wanted = text.split(",")
        if unknown := [name for name in wanted if name not in known]:
            raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(known)}")
        return wanted

    return names


def _positive(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number above 0")
    return int(text)


def _tracked(items: Iterable[Any], name: str, total: int) -> Iterable[Any]:
    return track(items, name, total, console=Console(stderr=True))


def _mismatch(embedder: Embedder) -> Iterator[str]:
    if read_calibrations()["dense"].encoder != embedder.sha256:
        yield f"signals: its weights were not fitted for the encoder {embedder.name!r}: python -m train.calibrate."


def _result(
    options: argparse.Namespace, embedder: Embedder, notes: Sequence[str], found: Iterable[Figure]
) -> dict[str, Any]:
    run = {name: value for name, value in asdict(environment("")).items() if name != "generation"}
    asked = {"model": embedder.name, "limit": options.limit, "resamples": options.resamples, "notes": notes}
    return {**asked, "systems": to_json(found), **run}


def _write(options: argparse.Namespace, judged: Sequence[Judged], result: Mapping[str, Any]) -> None:
    """The files that were asked for, their folders made."""
    for path in filter(None, (options.out, options.judged, options.plot)):
        path.parent.mkdir(parents=True, exist_ok=True)
    if options.out:
        options.out.write_text(json.dumps(result, indent=1) + "\n", encoding="utf-8")
    if options.judged:
        lines = (json.dumps(asdict(one)) + "\n" for one in judged)
        options.judged.write_text("".join(lines), encoding="utf-8")
    if options.plot and (drawn := curves(judged, options.systems)):
        plot_risk_coverage(drawn, options.plot, mark=ALLOWED)


if __name__ == "__main__":
    sys.exit(main())
