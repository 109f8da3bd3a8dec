"""Filters let through what they should, in each leg, and cost nothing of the ranking among what passes."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from itertools import repeat
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.build import build
from index.embed import Embedder
from index.errors import CorruptIndexError
from index.exact import ChunkVectors
from index.filters import EVERYTHING, Facet, Facets, Filter, day_numbers, folded
from index.npy import RowsWriter
from index.reader import IndexReader, open_index
from index.settings import IndexSettings
from index.types import Published

DAYS = st.dates(date(1, 1, 1), date(9999, 12, 31))
DATES = st.one_of(
    st.none(),
    DAYS.map(lambda day: Published(f"{day:%Y-%m-%d}".zfill(10))),
    DAYS.map(lambda day: Published(f"{day.year:04}-{day.month:02}")),
    DAYS.map(lambda day: Published(f"{day.year:04}")),
    DAYS.map(lambda day: Published(f"{day:%Y-%m-%d}".zfill(10) + "T23:30:00-05:00")),
)
SOURCES, LANGS = ["WELT", "Der Spiegel", "taz", None], ["de", "en", "fr"]
DOCUMENTS = st.lists(st.tuples(DATES, st.sampled_from(SOURCES), st.sampled_from(LANGS), st.integers(1, 3)), max_size=12)


@st.composite
def filters(draw: st.DrawFn) -> Filter:
    since, until = sorted([draw(DAYS), draw(DAYS)])
    return Filter(
        draw(st.sampled_from([None, since])),
        draw(st.sampled_from([None, until])),
        frozenset(draw(st.lists(st.sampled_from(["welt", "DER SPIEGEL", "taz", "Nobody"]), max_size=2))),
        frozenset(draw(st.lists(st.sampled_from([*LANGS, "it"]), max_size=2))),
    )


def passes(only: Filter, published: Published | None, source: str | None, lang: str) -> bool:
    """What a filter says of one document, said plainly."""
    if only.sources and (source or "").lower() not in {name.lower() for name in only.sources}:
        return False
    if only.langs and lang not in only.langs:
        return False
    if not (only.since or only.until):
        return True
    if published is None:
        return False
    first, last = published.days
    return (only.since is None or last >= only.since) and (only.until is None or first <= only.until)


@given(documents=DOCUMENTS, only=filters())
def test_what_is_selected_is_what_the_filter_says(
    documents: list[tuple[Published | None, str | None, str, int]], only: Filter
) -> None:
    rows = [
        Facet(*day_numbers(date), folded(source), lang, number, chunks)
        for number, (date, source, lang, chunks) in enumerate(documents)
    ]
    selection = Facets(rows).select(only)
    expected = [passes(only, *document[:3]) for document in documents]
    assert selection.documents.tolist() == expected
    by_chunk = [flag for ok, (*_, chunks) in zip(expected, documents, strict=True) for flag in repeat(ok, chunks)]
    assert selection.chunks.tolist() == by_chunk
    dateless = Filter(sources=only.sources, langs=only.langs)
    undated = [document for document in documents if document[0] is None and passes(dateless, *document[:3])]
    assert selection.undated == (len(undated) if only.has_days else 0)


@pytest.mark.parametrize(
    ("published", "first", "last"),
    [
        ("2024", date(2024, 1, 1), date(2024, 12, 31)),
        ("2024-02", date(2024, 2, 1), date(2024, 2, 29)),
        ("2024-12", date(2024, 12, 1), date(2024, 12, 31)),
        ("2024-02-12", date(2024, 2, 12), date(2024, 2, 12)),
        ("2024-02-12T23:30:00-05:00", date(2024, 2, 12), date(2024, 2, 12)),
        ("1969-12-31", date(1969, 12, 31), date(1969, 12, 31)),
    ],
)
def test_a_date_stands_for_the_days_that_it_may_mean(published: str, first: date, last: date) -> None:
    assert Published(published).days == (first, last)
    numbers = day_numbers(Published(published))
    assert numbers == tuple((day - date(1970, 1, 1)).days for day in (first, last))


@pytest.mark.parametrize("value", ["2025-13", "2025-02-30", "0000", "2025-00-10"])
def test_a_day_that_does_not_exist_is_no_date(value: str) -> None:
    with pytest.raises(ValueError, match=r"month|day|year"):
        Published(value)


def test_days_the_wrong_way_round_are_refused() -> None:
    with pytest.raises(ValueError, match="lies after"):
        Filter(date(2025, 2, 2), date(2025, 2, 1))


@given(count=st.integers(1, 40), seed=st.integers(0, 99), k=st.integers(0, 50), data=st.data())
def test_looking_at_every_vector_finds_the_nearest(
    tmp_path_factory: pytest.TempPathFactory, count: int, seed: int, k: int, data: st.DataObject
) -> None:
    rows = np.random.default_rng(seed).normal(size=(count + 1, 8)).astype(np.float32)
    rows /= np.linalg.norm(rows, axis=1, keepdims=True)
    path = tmp_path_factory.mktemp("exact") / "chunks.npy"
    with RowsWriter(path, count, 8, np.float16) as writer:
        writer.add(rows[1:])
    keys = sorted(data.draw(st.sets(st.integers(0, count - 1))))
    found = ChunkVectors(path).nearest(np.array(keys, dtype=np.intp), rows[0], k)
    kept = rows[1:].astype(np.float16).astype(np.float32)
    assert [key for key, _ in found] == sorted(keys, key=lambda key: (-float(kept[key] @ rows[0]), key))[:k]


def test_damaged_vectors_are_said(tmp_path: Path) -> None:
    (tmp_path / "chunks.npy").write_bytes(b"no")
    with pytest.raises(CorruptIndexError, match="cannot be read"):
        ChunkVectors(tmp_path / "chunks.npy")


@pytest.fixture(scope="module")
def papers(tmp_path_factory: pytest.TempPathFactory, builder: ModuleType) -> Iterator[IndexReader]:
    """Twelve articles on one bridge: every second one in English, a month and an outlet apart; the last is undated."""
    folder = tmp_path_factory.mktemp("papers")
    for month in range(1, 13):
        lang, text = (
            ("de", f"Die Brücke über die Ampel wurde zum {month}. Mal gesperrt.")
            if month % 2
            else ("en", f"The bridge over the Ampel was closed for the time number {month}.")
        )
        head = f"title: Brücke {month}\nlang: {lang}\nsource: {'WELT' if month % 3 else 'taz'}"
        dated = "" if month == 12 else f"\ndate: 2025-{month:02}-10"
        (folder / f"{month:02}.txt").write_text(f"---\n{head}{dated}\n---\n{text}\n", encoding="utf-8")
    data_dir = tmp_path_factory.mktemp("data")
    build([folder], IndexSettings(data_dir=data_dir), embedder=builder.HashingEmbedder([]))
    with open_index(data_dir) as reader:
        yield reader


@pytest.mark.parametrize("few", [10_000, 0])
@pytest.mark.parametrize(
    "only",
    [
        Filter(since=date(2025, 5, 1)),
        Filter(until=date(2025, 3, 10)),
        Filter(date(2025, 3, 1), date(2025, 9, 30), frozenset({"welt"})),
        Filter(sources=frozenset({"TAZ"})),
        Filter(langs=frozenset({"en"})),
        Filter(since=date(2030, 1, 1)),
    ],
)
def test_each_leg_ranks_what_passes_as_it_does_without_a_filter(
    papers: IndexReader, embedder: Embedder, monkeypatch: pytest.MonkeyPatch, only: Filter, few: int
) -> None:
    monkeypatch.setattr("index.reader.FEW", few)
    vector = embedder.embed_queries(["When was the bridge closed?"])[0]
    for lang in papers.languages:
        for ranked in (
            lambda only, lang=lang: papers.dense(lang, vector, 12, only),
            lambda only, lang=lang: papers.lexical(lang, "Brücke Ampel bridge", lang, 12, only),
        ):
            everything, found = ranked(EVERYTHING), ranked(only)
            documents = [passage.document for passage in papers.passages([key for key, _ in everything])]
            expected = [
                hit
                for hit, document in zip(everything, documents, strict=True)
                if passes(only, document.published, document.source, document.lang)
            ]
            assert {key for key, _ in found} == {key for key, _ in expected}  # half precision may part equals
            assert [score for _, score in found] == pytest.approx([score for _, score in expected], abs=2e-3)


def test_documents_without_a_date_are_counted(papers: IndexReader) -> None:
    assert papers.manifest.undated == 1
    assert papers.select(Filter(since=date(2025, 1, 1))).undated == 1
    assert papers.select(Filter(sources=frozenset({"taz"}))).undated == 0
    assert papers.sources() == ["taz", "WELT"]
