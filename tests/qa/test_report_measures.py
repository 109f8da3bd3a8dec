from __future__ import annotations

from qa.report_measures import language_name, measure_name


def test_a_measure_is_called_what_it_measures_and_a_new_one_by_its_name() -> None:
    assert measure_name("sentence_hit@1", "de") == "bester Satz ist Gold"
    assert measure_name("AUROC", "de") == "AUROC"


def test_a_language_is_called_as_its_readers_call_it() -> None:
    assert (language_name("de", "en"), language_name("en", "de"), language_name("und!", "de")) == (
        "German", "Englisch", "und!",
    )  # fmt: skip
