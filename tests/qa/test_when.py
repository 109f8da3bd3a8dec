"""Which days a question names, in both languages, and what only looks like a date."""

from __future__ import annotations

import time
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Span
from qa.types import Lang
from qa.when import period, without
from qa.wording import _MONTHS

TODAY = date(2026, 11, 26)  # a Thursday
Row = tuple[str, str, str | None, str | None, bool]  # with the words in brackets, then first, last, relative

GERMAN: list[Row] = [
    ("Was geschah [heute]?", "de", "2026-11-26", "2026-11-26", True),
    ("Was geschah [gestern] in Kiew?", "de", "2026-11-25", "2026-11-25", True),
    ("[Gestern] trat wer zurück?", "de", "2026-11-25", "2026-11-25", True),
    ("Wer kam [vorgestern]?", "de", "2026-11-24", "2026-11-24", True),
    ("Was geschah [diese Woche]?", "de", "2026-11-23", "2026-11-29", True),
    ("Was geschah [letzte Woche]?", "de", "2026-11-16", "2026-11-22", True),
    ("Was geschah [in der vergangenen Woche] in Bonn?", "de", "2026-11-16", "2026-11-22", True),
    ("Was geschah [vorige Woche]?", "de", "2026-11-16", "2026-11-22", True),
    ("Wer kam [letzten Monat]?", "de", "2026-10-01", "2026-10-31", True),
    ("Wer kam [in diesem Monat]?", "de", "2026-11-01", "2026-11-30", True),
    ("Wer kam [im vergangenen Jahr]?", "de", "2025-01-01", "2025-12-31", True),
    ("Was geschah [in den letzten drei Tagen]?", "de", "2026-11-24", "2026-11-26", True),
    ("Was geschah [in den vergangenen 2 Wochen]?", "de", "2026-11-13", "2026-11-26", True),
    ("Was geschah [in den letzten zwölf Monaten]?", "de", "2025-11-27", "2026-11-26", True),
    ("Was geschah [vor 3 Tagen]?", "de", "2026-11-23", "2026-11-23", True),
    ("Was geschah [vor zwei Wochen]?", "de", "2026-11-09", "2026-11-15", True),
    ("Was geschah [vor einem Monat]?", "de", "2026-10-01", "2026-10-31", True),
    ("Was geschah [vor zwei Jahren]?", "de", "2024-01-01", "2024-12-31", True),
    ("Was geschah [seit Montag]?", "de", "2026-11-23", None, True),
    ("Was geschah [seit Donnerstag]?", "de", "2026-11-19", None, True),
    ("Was geschah [am letzten Montag]?", "de", "2026-11-23", "2026-11-23", True),
    ("Was geschah [seit gestern]?", "de", "2026-11-25", None, True),
    ("Was geschah [seit letzter Woche]?", "de", "2026-11-16", None, True),
    ("Was geschah [seit Februar]?", "de", "2026-02-01", None, True),
    ("Was geschah [seit Anfang 2025]?", "de", "2025-01-01", None, False),
    ("Was geschah [im Dezember]?", "de", "2025-12-01", "2025-12-31", True),
    ("Was geschah [im November]?", "de", "2026-11-01", "2026-11-30", True),
    ("Was geschah [im Februar 2025]?", "de", "2025-02-01", "2025-02-28", False),
    ("Was geschah [im Feb. 2025]?", "de", "2025-02-01", "2025-02-28", False),
    ("Was geschah [im Jänner 2025]?", "de", "2025-01-01", "2025-01-31", False),
    ("was geschah [im märz 2024]?", "de", "2024-03-01", "2024-03-31", False),
    ("Was geschah [am 12. Februar 2025]?", "de", "2025-02-12", "2025-02-12", False),
    ("Was geschah [am Mittwoch, dem 12. Februar 2025], dort?", "de", "2025-02-12", "2025-02-12", False),
    ("Was geschah [am 12.2.2025]?", "de", "2025-02-12", "2025-02-12", False),
    ("Was geschah [am 12.02.2025]?", "de", "2025-02-12", "2025-02-12", False),
    ("Was stand am Abend des [2025-02-12] fest?", "de", "2025-02-12", "2025-02-12", False),
    ("Was geschah [am 12. Februar]?", "de", "2026-02-12", "2026-02-12", True),
    ("Was geschah [am 12.2.]?", "de", "2026-02-12", "2026-02-12", True),
    ("Was geschah [am 27. November]?", "de", "2025-11-27", "2025-11-27", True),
    ("Was geschah [am 29. Februar]?", "de", "2024-02-29", "2024-02-29", True),
    ("Was geschah [seit 2024]?", "de", "2024-01-01", None, False),
    ("Was geschah [im Jahr 2025]?", "de", "2025-01-01", "2025-12-31", False),
    ("Was geschah [vor 2020]?", "de", None, "2019-12-31", False),
    ("Was geschah [nach Februar 2024]?", "de", "2024-03-01", None, False),
    ("Was geschah [nach dem 12. Februar 2025]?", "de", "2025-02-13", None, False),
    ("Was geschah [bis zum 12. Februar 2025]?", "de", None, "2025-02-12", False),
    ("Was geschah [bis Februar]?", "de", None, "2026-02-28", True),
    ("Was geschah [bis gestern]?", "de", None, "2026-11-25", True),
    ("Was geschah [zwischen 2020 und 2024]?", "de", "2020-01-01", "2024-12-31", False),
    ("Was geschah [2020 bis 2024]?", "de", "2020-01-01", "2024-12-31", False),
    ("Was geschah [von Januar bis März 2025]?", "de", "2025-01-01", "2025-03-31", False),
    ("Was geschah [von Dezember bis Februar 2025]?", "de", "2024-12-01", "2025-02-28", False),
    ("Was geschah [vom 3. bis 5. Februar 2025]?", "de", "2025-02-03", "2025-02-05", False),
    ("Was geschah [zwischen dem 28. und dem 3. März 2025]?", "de", "2025-02-28", "2025-03-03", False),
    ("Was geschah [im Januar und im Februar 2025]?", "de", "2025-01-01", "2025-02-28", False),
    ("Was geschah [vom 1. Juni 2025 bis heute]?", "de", "2025-06-01", "2026-11-26", True),
    ("Was geschah [am 31.12.2024] und am 1.1.2025?", "de", "2024-12-31", "2024-12-31", False),
]
ENGLISH: list[Row] = [
    ("What happened [today]?", "en", "2026-11-26", "2026-11-26", True),
    ("Who won [yesterday's] vote?", "en", "2026-11-25", "2026-11-25", True),
    ("Who came [the day before yesterday]?", "en", "2026-11-24", "2026-11-24", True),
    ("What happened [this week]?", "en", "2026-11-23", "2026-11-29", True),
    ("What happened [last week] in Bonn?", "en", "2026-11-16", "2026-11-22", True),
    ("[Last month], who came?", "en", "2026-10-01", "2026-10-31", True),
    ("Who came [last year]?", "en", "2025-01-01", "2025-12-31", True),
    ("What happened [in the last 3 days]?", "en", "2026-11-24", "2026-11-26", True),
    ("What happened in Rome [over the past two weeks]?", "en", "2026-11-13", "2026-11-26", True),
    ("What happened [in the past week]?", "en", "2026-11-20", "2026-11-26", True),
    ("What happened [3 days ago]?", "en", "2026-11-23", "2026-11-23", True),
    ("What happened [two weeks ago]?", "en", "2026-11-09", "2026-11-15", True),
    ("What happened [a month ago]?", "en", "2026-10-01", "2026-10-31", True),
    ("What happened [since Monday]?", "en", "2026-11-23", None, True),
    ("What happened [since last Friday]?", "en", "2026-11-20", None, True),
    ("What happened [last Monday]?", "en", "2026-11-23", "2026-11-23", True),
    ("What happened [since yesterday]?", "en", "2026-11-25", None, True),
    ("What happened [since last week's] vote?", "en", "2026-11-16", None, True),
    ("What happened [from Monday to yesterday]?", "en", "2026-11-23", "2026-11-25", True),
    ("What happened [since March]?", "en", "2026-03-01", None, True),
    ("What happened [until May]?", "en", None, "2026-05-31", True),
    ("What happened [in December]?", "en", "2025-12-01", "2025-12-31", True),
    ("What happened [in February 2025]?", "en", "2025-02-01", "2025-02-28", False),
    ("what happened [in february 2025]?", "en", "2025-02-01", "2025-02-28", False),
    ("What did the [Feb. 2025] deal say?", "en", "2025-02-01", "2025-02-28", False),
    ("What happened [on 12 February 2025]?", "en", "2025-02-12", "2025-02-12", False),
    ("What happened [on the 12th of February, 2025]?", "en", "2025-02-12", "2025-02-12", False),
    ("What happened [on Wednesday, February 12, 2025], there?", "en", "2025-02-12", "2025-02-12", False),
    ("What happened [on 12.02.2025]?", "en", "2025-02-12", "2025-02-12", False),
    ("What happened [on 2025-02-12]?", "en", "2025-02-12", "2025-02-12", False),
    ("What happened [on February 12]?", "en", "2026-02-12", "2026-02-12", True),
    ("What happened [on 27 November]?", "en", "2025-11-27", "2025-11-27", True),
    ("What happened [in 2025]?", "en", "2025-01-01", "2025-12-31", False),
    ("What happened [since 2024]?", "en", "2024-01-01", None, False),
    ("What happened [from 2024 onwards]?", "en", "2024-01-01", None, False),
    ("What happened [before 2020]?", "en", None, "2019-12-31", False),
    ("What happened [before March 1, 2024]?", "en", None, "2024-02-29", False),
    ("What happened [after February 2025]?", "en", "2025-03-01", None, False),
    ("What happened [until 2024]?", "en", None, "2024-12-31", False),
    ("What happened [between 2025 and 2020]?", "en", "2020-01-01", "2025-12-31", False),
    ("What happened [from January to March 2025]?", "en", "2025-01-01", "2025-03-31", False),
    ("What happened [between November and February]?", "en", "2025-11-01", "2026-02-28", True),
    ("What happened [from 3 to 5 February 2025]?", "en", "2025-02-03", "2025-02-05", False),
    ("Who said “we leave today” [yesterday]?", "en", "2026-11-25", "2026-11-25", True),
    ('Is it 5" [last week]?', "en", "2026-11-16", "2026-11-22", True),
    ("Was it on 31 February 2025 or [in March 2025]?", "en", "2025-03-01", "2025-03-31", False),
]
NO_PERIOD: dict[Lang, str] = {
    "de": (
        "Was beschloss der G20-Gipfel?|Was ist die Agenda 2030?|Was geschah vor 24 Stunden?|Wer bekam 80 Prozent?|"
        "Wo ist die Route 66?|Läuft Windows 2000?|Was war vor dem Krieg?|Wer reiste nach Berlin?|"
        "Was geschah am Mittwoch?|"
        "Was tat die Letzte Generation?|Die letzte Generation|Was geschah am 31. Februar 2025?|"
        "Wer starb in 2000 Metern Höhe?|"
        "Was gilt seit 2000 Jahren?|Wer kam im letzten Jahr des Krieges?|Was kam in der Heute-Show?|"
        "Wer gewann 2025?|"
        "Was geschah im Jahr 3025?|Was geschah am 1. Mai 0999?|Was geschah vor 9999 Jahren?|"
        "Wer ist Mai?|Was gilt ab Montag?|"
        "Wer kam in den letzten 99999 Tagen?|Was geschah am 12.13.2025?|"
        "Was sagte die Mai-Kundgebung?|Was sagte er zu „Sonde „Cassini“ fliegt heute vorbei“?|"
        'Wer schrieb »Im Februar 2025«?|Sagte er: "Wir fahren heute"?'
    ),
    "en": (
        "What did the G20 decide?|What is Agenda 2030?|Is it cheap in 5 countries?|What did COP 26 decide?|"
        "Who made Windows 2000?|What happened since the war?|What has May said?|Who is Theresa May?|"
        "Is it the last of us?|"
        "Who was the last president?|What happened on Wednesday?|Who wrote Yesterday?|What did USA Today write?|"
        "Who may march in may?|Who came in March's cabinet?|Who died in the last year of the war?|"
        "Who won 2025?|"
        "What happened on February 30?|Did it hit 2000 people in 2000 days?|"
        "What happened in 2020-2024?|Where is Route 66?|"
        "What happened on February 12,000 years?|What happened on 12/02/2025?|What happened 99999 weeks ago?|"
        "Did he say “we leave today”?|Who wrote “The ‘world’ of yesterday”?"
    ),
}  # fmt: skip


def day(value: str | None) -> date | None:
    return date.fromisoformat(value) if value else None


@pytest.mark.parametrize(("marked", "lang", "first", "last", "relative"), [*GERMAN, *ENGLISH])
def test_a_period_is_read_with_the_words_that_name_it(
    marked: str, lang: Lang, first: str | None, last: str | None, *, relative: bool
) -> None:
    text = marked.replace("[", "").replace("]", "")
    found = period(text, lang, TODAY)
    assert found
    assert (found.first, found.last, found.relative) == (day(first), day(last), relative)
    assert text[slice(*found.words)] == marked[marked.index("[") + 1 : marked.index("]")]


@pytest.mark.parametrize(("text", "lang"), [(t, lang) for lang, many in NO_PERIOD.items() for t in many.split("|")])
def test_what_only_looks_like_a_date_is_no_period(text: str, lang: Lang) -> None:
    assert period(text, lang, TODAY) is None


@pytest.mark.parametrize(
    ("text", "today", "first", "last"),
    [
        ("gestern", "2026-01-01", "2025-12-31", "2025-12-31"),
        ("diese Woche", "2026-01-01", "2025-12-29", "2026-01-04"),
        ("letzte Woche", "2026-01-05", "2025-12-29", "2026-01-04"),
        ("letzten Monat", "2026-01-31", "2025-12-01", "2025-12-31"),
        ("vor einem Monat", "2024-03-31", "2024-02-01", "2024-02-29"),
        ("letztes Jahr", "2024-02-29", "2023-01-01", "2023-12-31"),
        ("in den letzten 12 Monaten", "2024-02-29", "2023-03-01", "2024-02-29"),
        ("am 29. Februar", "1904-02-28", "1896-02-29", "1896-02-29"),
        ("im Januar", "2026-01-01", "2026-01-01", "2026-01-31"),
        ("seit Montag", "2026-11-23", "2026-11-16", None),
    ],
)
def test_a_period_crosses_months_years_and_leap_days(text: str, today: str, first: str, last: str | None) -> None:
    found = period(text, "de", date.fromisoformat(today))
    assert found
    assert (found.first, found.last) == (day(first), day(last))


@pytest.mark.parametrize("today", [date.min, date.max])
@pytest.mark.parametrize("text", ["last week", "this month", "in February", "after today", "before today", "on May 5"])
def test_the_ends_of_the_calendar_raise_nothing(text: str, today: date) -> None:
    period(text, "en", today)


_PIECES = (
    "vor nach bis seit zwischen und von am im in since between to the last ſeit lAſt weeK days ago 3 12. 2 2025 1000 "
    "2999 31. 31.2.2025 Februar März may March heute week Jahr letzten drei Tagen Montag ’s , . \u0130n \u0661\u0662"
)
_PIECED = st.lists(st.sampled_from(_PIECES.split()), max_size=12).map(" ".join)


@given(st.text(max_size=300) | _PIECED, st.sampled_from(["de", "en"]), st.dates())
def test_no_text_raises_and_the_words_lie_in_it(text: str, lang: Lang, today: date) -> None:
    found = period(text, lang, today)
    if found:
        assert 0 <= found.words.start < found.words.end <= len(text)
        assert found.first is not None or found.last is not None
        assert (found.first or date.min) <= (found.last or date.max)
        assert without(text, found.words) == " ".join(without(text, found.words).split())


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)), st.dates())
def test_every_day_is_read_as_it_is_written(of: date, today: date) -> None:
    german, english = _MONTHS["de"][of.month - 1], _MONTHS["en"][of.month - 1]
    written: list[tuple[str, Lang]] = [
        (f"am {of.day}. {german} {of.year}", "de"),
        (f"am {of.day}.{of.month}.{of.year}", "de"),
        (f"on {english} {of.day}, {of.year}", "en"),
        (f"on {of.day} {english} {of.year}", "en"),
        *((of.isoformat(), lang) for lang in ("de", "en")),
    ]
    for text, lang in written:
        found = period(f"({text})", lang, today)
        assert found
        assert (found.first, found.last, found.relative) == (of, of, False)
        assert found.words == Span(1, 1 + len(text))


@given(st.dates(date(1000, 1, 1), date(2999, 12, 31)), st.dates(date(1000, 1, 1), date(2999, 12, 31)))
def test_before_between_and_after_leave_out_no_day(one: date, other: date) -> None:
    early, late = min(one, other), max(one, other)
    before, between, after = (
        period(f"{words}?", "en", TODAY) for words in (f"before {early}", f"between {one} and {other}", f"after {late}")
    )
    assert before
    assert between
    assert after
    assert (before.last, after.first) == (early - timedelta(1), late + timedelta(1))
    assert (between.first, between.last) == (early, late)


@pytest.mark.parametrize("lang", ["de", "en"])
@pytest.mark.parametrize(
    "piece", ["vor ", "12 ", "3. ", "from 2020 to ", "in the last ", "between 1 and ", " ", "Montag, "]
)
def test_a_long_text_is_read_at_once(piece: str, lang: Lang) -> None:
    period("", lang, TODAY)  # compiles the grammar
    started = time.process_time()
    period(("in" + piece * 2000)[:2000], lang, TODAY)
    assert time.process_time() - started < 0.5


@pytest.mark.parametrize(
    ("marked", "left"),
    [
        ("Was geschah [letzte Woche]?", "Was geschah?"),
        ("Was geschah [im Februar 2025] in Bonn?", "Was geschah in Bonn?"),
        ("[Last week], who won?", "who won?"),
        ("Who won, [in 2025], the race?", "Who won the race?"),
        ("Wer sagte [gestern] „Nein“?", "Wer sagte „Nein“?"),
        ("[heute]?", "?"),
        ("[heute]", ""),
    ],
)
def test_the_question_without_its_period_reads_well(marked: str, left: str) -> None:
    words = Span(marked.index("["), marked.index("]") - 1)
    assert without(marked.replace("[", "").replace("]", ""), words) == left
