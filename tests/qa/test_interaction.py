"""Late interaction: its formula, and that remembered sentences score as new ones do."""

from __future__ import annotations

import numpy as np
import pytest

from index.embed import open_embedder
from index.settings import IndexSettings
from qa.interaction import SentenceTokens, late_interaction


def test_late_interaction_is_the_mean_best_cosine_of_the_questions_tokens() -> None:
    query = np.array([[1, 0], [0, 1]], np.float32)
    sentence = np.array([[1, 0], [0.6, 0.8]], np.float32)
    assert late_interaction(query, sentence) == pytest.approx((1 + 0.8) / 2)
    assert late_interaction(query, query) == pytest.approx(1)


def test_a_sentence_that_is_remembered_is_as_near_as_at_first() -> None:
    tokens = SentenceTokens(open_embedder(IndexSettings()))
    texts = ["Die Brücke bleibt gesperrt.", "Am Abend regnete es.", "Die Brücke bleibt gesperrt."]
    first = tokens.similarities("Is the bridge closed?", texts)
    assert first["Die Brücke bleibt gesperrt."] > first["Am Abend regnete es."]
    assert tokens.similarities("Is the bridge closed?", texts[:1]) == pytest.approx(
        {texts[0]: first[texts[0]]}, abs=0.02
    )
