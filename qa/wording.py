"""What the frame around quotations says, in the question's language; it never touches or paraphrases a quotation."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

from index.types import Published
from qa.types import Citation, Lang, Place, Scope

_GRADES = (0.85, 0.6, 0.0)  # the least confidence of each

_GERMAN_MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember"
_ENGLISH_MONTHS = "January February March April May June July August September October November December"
_MONTHS = {"de": _GERMAN_MONTHS.split(), "en": _ENGLISH_MONTHS.split()}


class _Words(NamedTuple):
    by_source: str  # with {source} and {date}, the date's preposition included
    undated_source: str
    by_title: str  # where no source is known
    abstained: str
    nearest: str
    unmentioned: str  # with {names}
    foreign: str
    subjectless: str
    scope: str  # with {about}, {documents} and {total}
    published: tuple[str, str, str, str]  # from {since} to {until}, since, until, on {since}
    by_outlet: str  # with {names}
    in_language: str  # with {names}
    by_id: str  # with {names}
    undated: tuple[str, str]  # one document, and with {count}
    unfitting: str  # with {words}
    widened: str  # with {words}
    day: str  # with {d}, {month} and {y}
    grades: tuple[str, str, str]  # of `_GRADES`
    confidence: str  # with {grade} and {percent}
    also: str  # with {names}
    outlets: str  # with {count}
    quote_marks: tuple[str, str]
    date_by_precision: dict[str, str]


_WORDS: dict[Lang, _Words] = {
    "en": _Words(
        by_source="{source} wrote {date}:",
        undated_source="{source} wrote (undated):",
        by_title="In “{title}”{date}:",
        abstained="The sources do not answer this.",
        nearest="The nearest passages are shown below; they are not an answer.",
        unmentioned="The passage found does not mention {names}.",
        foreign="The question seems to be in neither German nor English; Beleg reads these two only.",
        subjectless="The question has no word that says what it is about.",
        scope="Only documents {about} were searched: {documents} of {total}.",
        published=("published {since} to {until}", "published since {since}", "published until {until}", "of {since}"),
        by_outlet="by {names}",
        in_language="in the language {names}",
        by_id="with the id {names}",
        undated=("One document without a date was left out.", "{count} documents without a date were left out."),
        unfitting="No document was published {words}, so all days were searched.",
        widened="What was published {words} does not answer this, so all days were searched.",
        day="{d} {month} {y}",
        grades=("Quite sure", "Likely", "Unsure"),
        confidence="{grade}: confidence {percent} %",
        also="Also in {names}",
        outlets=": {count} outlets, one origin",
        quote_marks=("“", "”"),
        date_by_precision={"year": "in {y}", "month": "in {month} {y}", "day": "on {d} {month} {y}"},
    ),
    "de": _Words(
        by_source="{source} schrieb {date}:",
        undated_source="{source} schrieb (ohne Datum):",
        by_title="In „{title}“{date}:",
        abstained="Die Quellen beantworten das nicht.",
        nearest="Die nächstliegenden Stellen stehen darunter; sie sind keine Antwort.",
        unmentioned="Die gefundene Stelle erwähnt {names} nicht.",
        foreign="Die Frage scheint weder deutsch noch englisch zu sein; nur diese beiden liest Beleg.",
        subjectless="Die Frage enthält kein Wort, das sagt, worum es geht.",
        scope="Durchsucht wurden nur Dokumente {about}: {documents} von {total}.",
        published=("vom {since} bis {until}", "seit dem {since}", "bis zum {until}", "vom {since}"),
        by_outlet="von {names}",
        in_language="in der Sprache {names}",
        by_id="mit der Kennung {names}",
        undated=("Ein Dokument ohne Datum blieb außen vor.", "{count} Dokumente ohne Datum blieben außen vor."),
        unfitting="Zu „{words}“ ist kein Dokument erschienen; durchsucht wurden alle Tage.",
        widened="Was zu „{words}“ erschienen ist, beantwortet das nicht; durchsucht wurden alle Tage.",
        day="{d}. {month} {y}",
        grades=("Ziemlich sicher", "Wahrscheinlich", "Unsicher"),
        confidence="{grade}: Konfidenz {percent} %",
        also="Auch in {names}",
        outlets=": {count} Medien, ein Ursprung",
        quote_marks=("„", "“"),
        date_by_precision={"year": "{y}", "month": "im {month} {y}", "day": "am {d}. {month} {y}"},
    ),
}


def answer_text(citations: Sequence[Citation], lang: Lang) -> str:
    """The quotations in order, each verbatim with its number, under a line that states source and date."""
    words = _WORDS[lang]
    opening, closing = words.quote_marks
    lines: list[str] = []
    heading = ""
    for citation in citations:
        new_heading = byline(citation, lang)
        if new_heading != heading:
            lines.append(new_heading)
            heading = new_heading
        lines.append(f"{opening}{citation.quote}{closing} [{citation.number}]")
        if citation.also:
            lines.append(also_text(citation, lang))
    return "\n".join(lines)


def abstained_text(lang: Lang, *, near_misses: bool) -> str:
    """That the sources do not answer, and where to look instead."""
    words = _WORDS[lang]
    return f"{words.abstained} {words.nearest}" if near_misses else words.abstained


def unmentioned_text(names: Sequence[str], lang: Lang) -> str:
    """Which names and numbers of the question the passage that fits it best does not have."""
    opening, closing = _WORDS[lang].quote_marks
    quoted = ", ".join(f"{opening}{name}{closing}" for name in names)
    return _WORDS[lang].unmentioned.format(names=quoted)


def foreign_text(lang: Lang) -> str:
    """That the question is in no language that is read."""
    return _WORDS[lang].foreign


def subjectless_text(lang: Lang) -> str:
    """That the question is of words like "the" and "what" alone."""
    return _WORDS[lang].subjectless


def scope_text(scope: Scope, lang: Lang) -> str:
    """Which documents were searched, and how many."""
    words = _WORDS[lang]
    about = [*_days(scope, lang)]
    if scope.words:
        about.append(f"({words.quote_marks[0]}{scope.words}{words.quote_marks[1]})")
    if scope.sources:
        about.append(words.by_outlet.format(names=", ".join(scope.sources)))
    if scope.langs:
        about.append(words.in_language.format(names=", ".join(scope.langs)))
    if scope.ids:
        about.append(words.by_id.format(names=", ".join(scope.ids)))
    return words.scope.format(about=" ".join(about), documents=scope.documents, total=scope.total)


def undated_text(count: int, lang: Lang) -> str:
    """How many documents were not searched for want of a date."""
    one, many = _WORDS[lang].undated
    return one if count == 1 else many.format(count=count)


def unfitting_text(named: str, lang: Lang) -> str:
    """That no document was published on the days that a question names, so that all were searched."""
    return _WORDS[lang].unfitting.format(words=named)


def widened_text(named: str, lang: Lang) -> str:
    """That what was published on the days that a question names does not answer it, so that all were searched."""
    return _WORDS[lang].widened.format(words=named)


def confidence_text(confidence: float, lang: Lang) -> str:
    """How sure the answer is, in a word and in percent."""
    words = _WORDS[lang]
    grade = next(name for name, least in zip(words.grades, _GRADES, strict=True) if confidence >= least)
    return words.confidence.format(grade=grade, percent=percent_of(confidence))


def percent_of(confidence: float) -> int:
    """A confidence in percent, of which nothing has a hundred."""
    return min(99, round(100 * confidence))


def also_text(citation: Citation, lang: Lang) -> str:
    """Where else the same report has the quote, and how many outlets that makes; "" where it stands alone."""
    if not citation.also:
        return ""
    words = _WORDS[lang]
    names = dict.fromkeys(_name(place, citation) for place in citation.also)
    outlets = {citation.source, *(place.source for place in citation.also)} - {None}
    count = words.outlets.format(count=len(outlets)) if len(outlets) > 1 else ""
    return f"{words.also.format(names=', '.join(names))}{count}."


def _name(place: Place, citation: Citation) -> str:
    """What tells another place best from where the citation is: outlet, title or id."""
    if place.source and place.source != citation.source:
        return place.source
    return place.title if place.title and place.title != citation.title else place.doc_id


def byline(citation: Citation, lang: Lang) -> str:
    """Who wrote what follows, and when, as far as it is known."""
    words = _WORDS[lang]
    date = published_text(citation.published, lang)
    if citation.source is None:
        return words.by_title.format(title=citation.title, date=f", {date}" if date else "")
    return (words.by_source if date else words.undated_source).format(source=citation.source, date=date)


def _days(scope: Scope, lang: Lang) -> Iterator[str]:
    """The days of publication, if any are asked for."""
    both, since, until, on = _WORDS[lang].published
    if not (scope.since or scope.until):
        return
    form = both if scope.since and scope.until else since if scope.since else until
    form = on if scope.since == scope.until else form
    yield form.format(since=_day(scope.since, lang), until=_day(scope.until, lang))


def _day(day: str | None, lang: Lang) -> str:
    if day is None:
        return ""
    year, month, number = map(int, day.split("-"))
    return _WORDS[lang].day.format(d=number, month=_MONTHS[lang][month - 1], y=year)


def published_text(published: str | None, lang: Lang) -> str:
    """The date in words with its preposition, as precise as it is known; "" for an undated document."""
    if published is None:
        return ""
    date = Published(published)
    precision = "day" if date.precision == "time" else date.precision
    year, month, day = (*(int(part) for part in date.value[:10].split("-")), 1, 1)[:3]
    template = _WORDS[lang].date_by_precision[precision]
    return template.format(y=year, month=_MONTHS[lang][month - 1], d=day)
