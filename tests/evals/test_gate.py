"""The sample of development data: what it is made of, and that Beleg is not worse on it than the accepted run."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest
from gate import BASELINE, has_data, run, sample

from qa.baseline import read_baseline, regressions

DATA = Path(__file__).parents[3] / "shared" / "data"

pytestmark = pytest.mark.skipif(not has_data(DATA), reason="the development data is not in ../shared/data")


def test_the_sample_has_300_questions_in_both_languages_the_same_each_time() -> None:
    drawn = sample(DATA)
    assert len(drawn.questions) == 300
    assert Counter(question.answerable for question in drawn.questions) == {True: 240, False: 60}
    assert sum(bool(question.twin) for question in drawn.questions) == 240
    assert {span.doc_id for question in drawn.questions for span in question.gold} <= drawn.documents.keys()
    assert sample(DATA).bundle().questions == drawn.bundle().questions


def test_the_baseline_is_of_this_sample_and_has_no_text() -> None:
    baseline = read_baseline(BASELINE)
    assert baseline.questions_sha256 == sample(DATA).bundle().questions.sha256
    assert {len(values) for values in baseline.samples.values()} == {300}


def test_nothing_is_worse_than_in_the_accepted_run() -> None:
    assert regressions(run(DATA), read_baseline(BASELINE)) == ()
