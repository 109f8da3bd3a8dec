"""The evaluation of near duplicates: its edits and figures by hand, and the command as it is run, on data in small."""

from __future__ import annotations

import gzip
import json
import subprocess
import sys
from pathlib import Path
from random import Random
from typing import Any

import pytest
from duplicates import ALL, EDITS, QUOTATIONS, Article, Figures, clustered, edited, grid

from index.duplicates import Rule

SCRIPT = Path(__file__).parents[2] / "evals" / "duplicates.py"


def article(name: str, sentences: int = 9) -> Article:
    words = [[f"{name}{number}w{place}" for place in range(12)] for number in range(sentences)]
    return Article(name, [" ".join(sentence) + " 1987." for sentence in words], 2)


HARBOUR, RAILWAY = article("harbour"), article("railway")


@pytest.mark.parametrize("kind", ALL)
def test_every_edit_changes_the_article_and_is_the_same_every_time(kind: str) -> None:
    made = [list(edited([HARBOUR, article("ferry")], [RAILWAY], kind)) for _ in range(2)]
    assert made[0] == made[1]
    assert len(made[0]) == 2
    assert all(pair.text != pair.article.text for pair in made[0])


@pytest.mark.parametrize("kind", EDITS)
def test_an_edited_article_is_a_version_of_its_own(kind: str) -> None:
    (pair,) = edited([HARBOUR], [RAILWAY], kind)
    assert pair.version_of == pair.article.id == "harbour"


@pytest.mark.parametrize("kind", QUOTATIONS)
def test_a_quotation_is_a_version_of_the_article_that_quotes(kind: str) -> None:
    first, second = edited([HARBOUR, RAILWAY], [], kind)
    assert (first.article.id, first.version_of) == ("harbour", "railway")
    assert (second.article.id, second.version_of) == ("railway", "harbour")
    assert all(sentence in first.text for sentence in RAILWAY.sentences)
    assert 0 < sum(sentence in first.text for sentence in HARBOUR.sentences) < 5


def test_what_does_not_fit_an_article_is_not_made_of_it() -> None:
    short = article("short", 5)
    assert list(edited([short], [RAILWAY], "other first paragraph")) == []
    assert next(edited([short, RAILWAY], [], "2-3 sentences quoted")).article == RAILWAY


def test_half_to_four_fifths_of_the_sentences_are_kept() -> None:
    rng = Random(1)  # noqa: S311 - nothing secret
    kept = {len(EDITS["first 50-80 %"](HARBOUR, RAILWAY, rng)) for _ in range(50)}
    assert kept == {5, 6, 7, 8}


def test_shares_are_of_pairs_and_one_where_there_are_none() -> None:
    assert Figures(4, 3, 1).shares == {"precision": 0.75, "recall": 0.75}
    assert Figures(0, 0, 0).shares == {"precision": 1.0, "recall": 1.0}


def test_clusters_are_counted_by_pairs_of_all_that_is_in_them() -> None:
    articles = [HARBOUR, RAILWAY]
    versions = [pair for kind in ("order changed", "agency line") for pair in edited(articles, articles, kind)]
    assert clustered(articles, versions) == Figures(pairs=6, right=6, wrong=0)
    assert clustered(articles, []) == Figures(0, 0, 0)


def test_the_grid_judges_single_pairs() -> None:
    made = [*edited([HARBOUR], [RAILWAY], "agency line"), *edited([HARBOUR, RAILWAY], [], "2-3 sentences quoted")]
    rules = dict(grid(made))
    assert rules[Rule()] == Figures(pairs=1, right=1, wrong=0)


def write_corpus(folder: Path) -> None:
    for name, lang, count in (("wikinews_de_998", "de", 16), ("wikinews_en_294", "en", 8)):
        records: list[dict[str, Any]] = [
            {"id": f"{lang}{i}", "lang": lang, "text": "\n".join(article(f"{lang}{i}n").sentences)}
            for i in range(count)
        ]
        lines = "".join(json.dumps(record) + "\n" for record in [*records, {**records[0], "id": "x", "text": "Kurz."}])
        (folder / "corpus").mkdir(exist_ok=True)
        (folder / f"corpus/{name}.jsonl.gz").write_bytes(gzip.compress(lines.encode()))


def test_the_command_prints_its_tables_and_writes_its_result(tmp_path: Path) -> None:
    write_corpus(tmp_path)
    out = tmp_path / "result.json"
    command = [sys.executable, str(SCRIPT), str(tmp_path), "--out", str(out)]
    printed = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    assert "Precision, recall by containment" in printed
    assert "2-10 % of words replaced" in printed
    result = json.loads(out.read_text(encoding="utf-8"))
    assert result["kinds"]["agency line"]["recall"] == 1
    assert result["kinds"]["not edited, both halves"] == {
        "pairs": 0, "right": 0, "wrong": 0, "precision": 1.0, "recall": 1.0,
    }  # fmt: skip
    assert {"date", "machine", "versions", "grid", "seconds"} <= set(result)
    assert "datasketch" in result["versions"]
