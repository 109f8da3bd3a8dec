"""The race's result as Markdown: the README's table, and all of it for docs/performance.md. It computes nothing."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

PARTS = {"quotes": "who said what, de-de", **{pair: f"XQuAD {pair}" for pair in ("de-de", "en-en", "en-de", "de-en")}}
COSTS = (  # label, name in the row of a contestant, format
    ("indexing, s", "index_s", ",.0f"),
    ("peak memory of indexing, MB", "index_mb", ",.0f"),
    ("a question, p50, ms", "p50_ms", ",.1f"),
    ("a question, p95, ms", "p95_ms", ",.1f"),
    ("peak memory of answering, MB", "serve_mb", ",.0f"),
    ("cold start, s", "cold_s", ",.1f"),
)
RANKED = (("R@1", "nDCG@10"),)
MORE = (("R@5",), ("answer_in_first_hit",), ("sentence_hit@1",))
LABELS = {
    "answer_in_first_hit": "whole answer in the first hit",
    "sentence_hit@1": "first sentence answers (hit@1)",
}
VERDICTS = {"met": "met", "missed": "**not met**"}

Row = Mapping[str, Any]


def peers_table(result: Mapping[str, Any]) -> str:
    """What everybody takes and finds, a column for each way of a system."""
    return f"{_caption(result)}\n\n{_table(result, RANKED)}\n\n{_in_short(result)}"


def peers_report(result: Mapping[str, Any]) -> str:
    """The same with every measure, where Beleg is ahead and where not, who did not run and why, and what to know."""
    parts = (
        _caption(result),
        _table(result, (*RANKED, *MORE)),
        _verdict_table(result),
        "Did not run:\n\n" + _list(f"{row['name']}: {row['left_out']}" for row in _out(result)) if _out(result) else "",
        "What to know:\n\n" + _list(_notes(result)),
        _versions(result),
    )
    return "\n\n".join(filter(None, parts))


def _caption(result: Mapping[str, Any]) -> str:
    news, limited = (
        result["corpora"]["quotes"],
        f", at most {result['limit']} texts a corpus" if result["limit"] else "",
    )
    paragraphs = sum(of["questions"] for name, of in result["corpora"].items() if name != "quotes")
    return (
        f"The same job for Beleg and for what people use, each as its documentation says, with the encoder "
        f"{result['encoder']}: {news['texts']:,} German news texts, {news['questions']:,} questions on them and "
        f"{paragraphs:,} on paragraphs{limited}; medians of {result['rounds']} rounds in turns on {result['cpus']} "
        f"CPUs ({result['date'][:10]}, {result['machine']}; `make bench-peers`):"
    )


def _table(result: Mapping[str, Any], measures: Sequence[Sequence[str]]) -> str:
    rows = _in(result)
    setup = ("set-up on disk, MB: all / without PyTorch", *(_setup(row["setup_mb"]) for row in rows))
    disk = ("index on disk, MB", *(_disk(row["disk_mb"]) for row in rows))
    costs = [(label, *(format(row[name], form) for row in rows)) for label, name, form in COSTS]
    chunks = ("chunks", *(format(row["chunks"], ",d") for row in rows))
    found = [
        (
            f"{label}, {' / '.join(LABELS.get(name, name) for name in names)}",
            *(_values(row, part, names) for row in rows),
        )
        for names in measures
        for part, label in PARTS.items()
    ]
    return _markdown(("", *(row["name"] for row in rows)), (setup, chunks, *costs, disk, *found))


def _setup(setup: Mapping[str, float]) -> str:
    models = f" (models {setup['models']:,.0f})" if setup["models"] else ""
    return f"{setup['total']:,.0f} / {setup['total'] - setup['torch']:,.0f}{models}"


def _disk(disk: Mapping[str, float]) -> str:
    cache = f" (cache {disk['vector cache']:,.0f})" if disk["vector cache"] else ""
    return f"{disk['all'] - disk['vector cache']:,.0f}{cache}"


def _values(row: Row, part: str, names: Sequence[str]) -> str:
    """Means; '-' is what a system does not give."""
    of = row["quality"][part]
    cells = [f"{of[name]['value']:.3f}" if name in of else "-" for name in names]
    length = f" ({row['first_hit_characters'][part]:,.0f} characters)" if "answer_in_first_hit" in names else ""
    return " / ".join(cells) + length


def _verdict_table(result: Mapping[str, Any]) -> str:
    if not result["verdicts"]:
        return ""
    lines = (*_speed_lines(result), *_quality_lines(result))
    caption = "Beleg against the best of the others at each, 95 % intervals of the paired difference in brackets:"
    return f"{caption}\n\n{_markdown(('', 'found', 'verdict'), lines)}"


def _speed_lines(result: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    found, names = result["verdicts"], _names(result)
    for label, name in (("indexing", "index"), ("a question, search", "query")):
        one = found[name]
        told = f"{one['times']:.2f} times the speed of {names[one['fastest']]} (aim {one['aim']:g})"
        yield label, told, _met(one)
    equal = found["query at equal recall"]
    against = (
        f"{equal['times']:.2f} times the speed of {names[equal['fastest']]}" if equal["fastest"] else "nobody has it"
    )
    recalls = f"mean R@1 {equal['recall']:.3f}, best of the others {equal['best_peer']:.3f}"
    yield "a question, search, at equal recall", f"{against} ({recalls})", _met(equal)
    cold = found["cold ask"]
    yield (
        "cold start, ask",
        f"{cold['share']:.0%} of {names[cold['fastest']]} (aim below {cold['aim']:.0%})",
        _met(cold),
    )


def _quality_lines(result: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    names = _names(result)
    for way, parts in result["verdicts"]["quality"].items():
        for part, measures in parts.items():
            for measure, one in measures.items():
                gain = one["gain"]
                told = f"{gain['value']:+.3f} [{gain['low']:+.3f}, {gain['high']:+.3f}] to {names[one['best']]}"
                yield f"{PARTS[part]}, {measure}, {way}", told, _worded(one["word"])


def _in_short(result: Mapping[str, Any]) -> str:
    """Where Beleg is not ahead, in one sentence; there is none where it is everywhere."""
    lines = (*_speed_lines(result), *_quality_lines(result)) if result["verdicts"] else ()
    behind = [f"{label}: {told}" for label, told, verdict in lines if verdict.startswith("**")]
    if not behind:
        return "More, and what must be known of each: [docs/performance.md](docs/performance.md)."
    return (
        f"Where Beleg is not ahead: {'; '.join(behind)}. Why, and what must be known of each: "
        "[docs/performance.md](docs/performance.md)."
    )


def _notes(result: Mapping[str, Any]) -> Iterator[str]:
    for name, notes in result["notes"].items():
        yield from notes if name == "all" else (f"{name}: {note}" for note in notes)
    before, after = (" ".join(f"{load:.2f}" for load in result["load"][when]) for when in ("before", "after"))
    yield f"Load averages of the machine before: {before}; after, of this alone where it was alone: {after}."


def _versions(result: Mapping[str, Any]) -> str:
    told = ("; ".join(f"{key}: {_packages(of)}" for key, of in result["packages"].items())).replace("_", "\\_")
    return f"Versions: {told}."


def _packages(versions: Mapping[str, str]) -> str:
    return ", ".join(f"{name} {version}" for name, version in versions.items())


def _names(result: Mapping[str, Any]) -> dict[str, str]:
    return {row["key"]: row["name"] for row in result["contestants"]}


def _in(result: Mapping[str, Any]) -> list[Row]:
    return [row for row in result["contestants"] if "left_out" not in row]


def _out(result: Mapping[str, Any]) -> list[Row]:
    return [row for row in result["contestants"] if "left_out" in row]


def _met(found: Mapping[str, Any]) -> str:
    return VERDICTS["met" if found["met"] else "missed"]


def _worded(word: str) -> str:
    return word if word == "ahead" else f"**{word}**"


def _list(lines: Iterable[str]) -> str:
    return "\n".join(f"- {line}" for line in lines)


def _markdown(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    rule = ("---", *("---:" for _ in head[1:]))
    return "\n".join(f"| {' | '.join(row)} |" for row in (head, rule, *rows))
