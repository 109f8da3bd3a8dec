"""The bench of filters: its arithmetic, and the whole road on a small synthetic index."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bench.filters import (
    SHARES,
    UNFILTERED,
    Crossing,
    Took,
    costs,
    crossover,
    recalls,
    time_filters,
    time_ways,
    to_json,
    window,
)
from bench.synthetic import DAYS, FIRST_DAY, UNDATED, draw, questions, write_index
from index.embed import open_embedder
from index.generation import CHUNKS, generation_path, serving
from index.reader import open_index
from index.settings import IndexSettings

WORDS = ["Brücke", "Minister", "Regen", "Bäckerei", "Haushalt", "und", "der", "Wahlkampf", "Sonntag", "Gipfel"]


def test_a_window_has_the_days_of_its_share_and_moves() -> None:
    one, other = window(0.1, 0), window(0.1, 1)
    assert one.since
    assert one.until
    assert one.since == FIRST_DAY
    assert (one.until - one.since).days + 1 == round(DAYS * 0.1 / (1 - UNDATED))
    assert one != other


def test_costs_are_medians_and_multiples_of_the_unfiltered_search() -> None:
    took = {
        UNFILTERED: [Took(1, 1), Took(2, 2), Took(9, 9)],
        (0.5, "first"): [Took(6, 6)],
        (0.1, "first"): [Took(1, 0)],
    }
    rows = costs(took)
    assert [(row["lets_through"], row["ms"], row["times_unfiltered"]) for row in rows] == [
        (1.0, 4, 1.0),
        (0.5, 12, 3.0),
        (0.1, 1, 0.25),
    ]
    assert to_json(10, rows, {}, [])["above"] == []
    assert to_json(10, [{**rows[1], "times_unfiltered": 3.1}], {}, [])["above"] == ["0.5, first"]


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        ([Crossing(1000, 1.0, 4.0, 1.0), Crossing(4000, 4.0, 1.0, 1.0)], 2000),
        ([Crossing(1000, 1.0, 2.0, 1.0), Crossing(4000, 2.0, 2.5, 1.0)], None),
        ([Crossing(1000, 2.0, 1.0, 1.0)], 1000),
        ([Crossing(1, 2.0, 1.0, 1.0), Crossing(1000, 1.0, 4.0, 1.0), Crossing(4000, 4.0, 1.0, 1.0)], 2000),
    ],
)
def test_the_crossover_is_where_the_graph_stays_quicker(ways: list[Crossing], expected: int | None) -> None:
    assert crossover(ways) == expected


def test_a_synthetic_index_opens_and_every_case_is_timed(tmp_path: Path) -> None:
    made = draw(300, seed=1)
    write_index(tmp_path, made, WORDS, 1, lambda _: None)
    asked = questions(made, WORDS, 2, seed=1)
    generation = generation_path(tmp_path, serving(tmp_path))
    with open_index(tmp_path) as reader:
        took = time_filters(reader, open_embedder(IndexSettings()), asked)
        lost = recalls(reader, np.load(generation / CHUNKS).astype(np.float32), asked)
        ways = time_ways(reader, generation, asked)
        passing = reader.select(window(0.5, 0)).chunks.mean()
    assert took.keys() == {UNFILTERED, *((share, case) for share in SHARES for case in ("first", "repeated"))}
    assert min(lost.values()) == 1.0  # so few that every vector is looked at
    assert [way.passing for way in ways] == sorted(way.passing for way in ways)
    assert passing == pytest.approx(0.5, abs=0.15)
