"""Write the results tables of README and docs/performance.md from the committed results; ``--check`` only compares.

It measures nothing: what is in neither ``evals/results`` nor ``bench/results`` is in no table.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

from peers_table import peers_report, peers_table

ROOT = Path(__file__).resolve().parent.parent
START, END = "<!-- results:start -->", "<!-- results:end -->"
PEERS = ("<!-- peers:start -->", "<!-- peers:end -->")  # of docs/performance.md
SEED_COLUMNS = ("all", "de", "en")
DIRECTIONS = ("de-de", "en-en", "en-de", "de-en")
LEGS = ("lexical", "dense", "fused")
MEASURES = {
    "sentence_hit@1": "best sentence answers (hit@1)",
    "sentence_hit@3": "one of the three best answers (hit@3)",
    "RR@10": "RR@10 of the chunk",
    "nDCG@10": "nDCG@10 of the chunks",
    "answered_right": "answerable, answered with a right citation",
    "abstention_recall": "unanswerable, no answer given",
    "abstention_precision": "no answer given, rightly",
    "citation_exactness": "citations equal to the source",
    "language_accuracy": "language recognised",
}
READING = (  # label, and where the result has it: part, language pair, measure
    *((f"XQuAD {pair}, first sentence right", "xquad", pair, "hit@1") for pair in DIRECTIONS),
    *((f"XQuAD {pair}, right paragraph first", "xquad", pair, "recall@1") for pair in DIRECTIONS),
    ("who said what, first sentence right", "quotes", "de-de", "hit@1"),
    ("who said what, one of three right", "quotes", "de-de", "hit@3"),
    ("SQuAD 2.0, confidence against answerable (AUROC)", "squad", "en-en", "AUROC"),
    ("article left out, no answer given, where at most a tenth of the others get none", "absent", "all", "abstained"),
    ("area under the risk-coverage curve (less is better)", "absent", "all", "AURC"),
)

INDEXING = (  # label, where the result has it, format
    ("documents", ("documents",), ",d"),
    ("chunks", ("chunks",), ",d"),
    ("seconds", ("seconds",), ",.0f"),
    ("documents a second", ("documents_per_s",), ".1f"),
    ("chunks a second", ("chunks_per_s",), ".1f"),
    ("tokens a second", ("tokens_per_s",), ",.0f"),
    ("share of time inside the encoder", ("share_of_time_inside_encoder",), ".3f"),
    ("encoder, share of the matrix-multiply peak", ("multiplying", "share_of_peak_in_encoder"), ".3f"),
    ("peak memory, MB", ("peak_mb", "own"), ",.0f"),
    ("bytes on disk a chunk, vector cache included", ("bytes_per_chunk", "all"), ",.0f"),
    ("again, nothing changed: times the first", ("again", "unchanged", "times_first"), ".4f"),
    ("again, one record edited: times the first", ("again", "one record edited", "times_first"), ".3f"),
)
GROWTH = (  # label, name in the result, format
    ("building, s", "build_s", ",.0f"),
    ("building without the encoder, s", "build_s_without_encoder", ",.0f"),
    ("peak memory of building, MB", "build_peak_mb", ",.0f"),
    ("peak memory of searching, MB", "search_peak_mb", ",.0f"),
    ("index on disk, MB", "index_mb", ",.0f"),
    ("opening again, s", "opening_s", ".2f"),
    ("retrieval, p50, ms", "question_ms_p50", ".0f"),
    ("retrieval, p95, ms", "question_ms_p95", ".0f"),
)


class TableError(Exception):
    """The README has no place for the table, or a result cannot be read."""


def seed_table(result: Mapping[str, Any]) -> str:
    """The question set's measures, in total and by language."""
    groups = {"all": result["total"], **result["by_lang"]}
    rows = [(label, *(_score(groups[c].get(name)) for c in SEED_COLUMNS)) for name, label in MEASURES.items()]
    return f"{_seed_caption(result)}\n\n{_table(('measure', *SEED_COLUMNS), rows)}"


def xquad_table(result: Mapping[str, Any]) -> str:
    """Retrieval of each leg by direction: the question's language, then the paragraphs'."""
    rows = [(leg, *(_pair(result["legs"][leg][direction]) for direction in DIRECTIONS)) for leg in LEGS]
    caption = f"XQuAD, recall@1 / RR@10 by language of question and paragraph ({_run(result)}):"
    return f"{caption}\n\n{_table(('leg', *DIRECTIONS), rows)}"


def reading_table(result: Mapping[str, Any]) -> str:
    """From question to sentence and knowing when there is none, system beside system, with 95 % intervals."""
    systems = result["systems"]
    rows = [
        (label, *(_interval(of[part][pair][measure]) for of in systems.values()))
        for label, part, pair, measure in READING
    ]
    caption = f"Reading on development data, 95 % intervals in brackets ({_run(result)}):"
    return f"{caption}\n\n{_table(('measure', *systems), rows)}"


def index_table(result: Mapping[str, Any]) -> str:
    """What building an index of each corpus takes."""
    corpora = result["corpora"]
    rows = [(label, *(_figure(corpus, path, form) for corpus in corpora)) for label, path, form in INDEXING]
    caption = f"Building an index on {result['cpus']} CPUs, {result['processor']} ({_run(result)}; `make bench`):"
    return f"{caption}\n\n{_table(('', *(corpus['corpus'].split('.')[0] for corpus in corpora)), rows)}"


def growth_table(result: Mapping[str, Any]) -> str:
    """How building, opening and searching grow with the number of chunks."""
    rows = [(label, *(_figure(size, (name,), form) for size in result["sizes"])) for label, name, form in GROWTH]
    caption = f"Growth, Bundestag speeches ({_run(result)}; `make bench`):"
    sizes = (format(size["chunks"], ",d") for size in result["sizes"])
    return f"{caption}\n\n{_table(('chunks', *sizes), rows)}"


def crowd_table(result: Mapping[str, Any]) -> str:
    """What many readers at once get while the index is rebuilt, and how memory grows with their questions."""
    held = result["memory"]["mb"]
    noted = [held[0], held[len(held) // 2], held[-1]]
    rows = (
        ("answers, with rebuilds meanwhile", f"{result['answers']}, {result['rebuilds']}"),
        ("citations checked, of them wrong", f"{result['citations']}, {result['wrong_citations']}"),
        ("polite refusals, errors", f"{sum(result['refusals'].values())}, {sum(result['errors'].values())}"),
        ("an answer, p50 and p95, s", f"{result['answer_s']['p50']:.1f}, {result['answer_s']['p95']:.1f}"),
        *((f"memory after {questions:,d} questions more, MB", f"{mb:,.0f}") for questions, mb in noted),
    )
    caption = f"{result['clients']} readers at once for {result['seconds']} s ({_run(result)}; `make bench-crowd`):"
    return f"{caption}\n\n{_table(('', result['corpus'].split('.')[0]), rows)}"


def warm_table(result: Mapping[str, Any]) -> str:
    """How long an answer takes over many chunks, with the reader, without it and for a search."""
    ways = result["milliseconds"]
    columns = list(next(iter(ways.values())))
    rows = [(f"`beleg {way}`", *(f"{taken[column]:,.0f}" for column in columns)) for way, taken in ways.items()]
    rows += [(f"times, {name}", *(f"{of[column]:.2f}" for column in columns)) for name, of in result["ratios"].items()]
    caption = f"{result['questions']} questions over {result['chunks']:,d} chunks ({_run(result)}; `make bench-warm`):"
    return f"{caption}\n\n{_table(('', *columns), rows)}"


RENDERERS = {
    "seed.json": seed_table,
    "xquad.json": xquad_table,
    "reading.json": reading_table,
    "index.json": index_table,
    "growth.json": growth_table,
    "warm.json": warm_table,
    "crowd.json": crowd_table,
    "peers.json": peers_table,
}


def render(folders: Sequence[Path]) -> str:
    """The block between the markers: a table for each known result that is in one of `folders`.

    Raises:
        TableError: there is none, or one has another shape.
    """
    found = [folder / name for name in RENDERERS for folder in folders if (folder / name).is_file()]
    if not found:
        named = ", ".join(map(str, folders))
        raise TableError(f"{named}: none of {', '.join(RENDERERS)} there; `make eval` and `make bench` write them")
    return "\n\n".join(map(_render, found))


def replaced(page: str, block: str, markers: tuple[str, str] = (START, END)) -> str:
    """`page` with `block` between the markers.

    Raises:
        TableError: the markers are not there exactly once and in order.
    """
    start, end = markers
    if page.count(start) != 1 or page.count(end) != 1 or page.index(start) > page.index(end):
        raise TableError(f"the page needs {start} and {end}, once each and in this order")
    before, rest = page.split(start)
    return f"{before}{start}\n{block}\n{end}{rest.split(end)[1]}"


def main(arguments: Sequence[str] | None = None) -> int:
    """Rewrite the pages, or with ``--check`` compare; 1 when one is out of date or cannot be made."""
    options = _options(arguments)
    try:
        pages = {options.readme: (render(options.results), (START, END)), **_performance(options)}
        old = {page: page.read_text(encoding="utf-8") for page in pages}
        new = {page: replaced(old[page], *block) for page, block in pages.items()}
    except (OSError, TableError) as error:
        print(f"error: {error}", file=sys.stderr)
        return 1
    stale = [page for page in pages if old[page] != new[page]]
    if options.check:
        return _checked(stale)
    for page in stale:
        page.write_text(new[page], encoding="utf-8")
    return 0


def _performance(options: argparse.Namespace) -> dict[Path, tuple[str, tuple[str, str]]]:
    """What goes into docs/performance.md beside the README, where there is one and a race was held."""
    page = options.readme.parent / "docs" / "performance.md"
    found = [folder / "peers.json" for folder in options.results if (folder / "peers.json").is_file()]
    return {page: (_render(found[0], peers_report), PEERS)} if found and page.is_file() else {}


def _options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="change nothing; exit 1 when the README is out of date")
    parser.add_argument("--readme", type=Path, default=ROOT / "README.md")
    folders = [ROOT / "evals" / "results", ROOT / "bench" / "results"]
    parser.add_argument("--results", type=Path, nargs="+", default=folders, help="folders of results")
    return parser.parse_args(arguments)


def _checked(stale: Sequence[Path]) -> int:
    for page in stale:
        print(f"{page}: the results table is out of date; run python evals/readme_table.py", file=sys.stderr)
    return int(bool(stale))


def _render(path: Path, renderer: Callable[[Mapping[str, Any]], str] | None = None) -> str:
    try:
        return (renderer or RENDERERS[path.name])(json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise TableError(
            f"{path}: not a result ({type(error).__name__}: {error}); `make eval` or `make bench` writes it anew"
        ) from error


def _seed_caption(result: Mapping[str, Any]) -> str:
    questions, run = result["questions"], result["run"]
    unanswerable = sum(not question["answerable"] for question in questions)
    latency = run["latency_ms"]
    return (
        f"`evals/{result['question_set']}.jsonl`, {len(questions)} questions, {unanswerable} of them without an answer "
        f"in the text; encoder {result['model']}; {latency['p50']:.0f} ms per question (p50), "
        f"{latency['p95']:.0f} ms (p95) on {run['cpus']} CPUs ({run['date'][:10]}):"
    )


def _run(result: Mapping[str, Any]) -> str:
    return f"{result['date'][:10]}, {result['machine']}"


def _figure(found: Mapping[str, Any], path: Sequence[str], form: str) -> str:
    value: Any = found
    for name in path:
        value = value[name]
    return format(value, form)


def _score(score: Mapping[str, float] | None) -> str:
    return "-" if score is None else f"{score['value']:.2f}"


def _pair(values: Mapping[str, float]) -> str:
    return f"{values['recall@1']:.3f} / {values['RR@10']:.3f}"


def _interval(found: Mapping[str, float]) -> str:
    return f"{found['value']:.3f} [{found['low']:.3f}, {found['high']:.3f}]"


def _table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """A Markdown table, all columns but the first aligned right."""
    rule = ("---", *("---:" for _ in head[1:]))
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))


if __name__ == "__main__":
    sys.exit(main())
