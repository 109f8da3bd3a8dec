"""Every word of the page, in English and in German.

What Beleg's errors and notices say is not here: they come from below and are shown as they are.
"""

from __future__ import annotations

from dataclasses import dataclass

from qa.types import Lang

_PRECISE_TO_MONTH, _PRECISE_TO_DAY = len("2025-02"), len("2025-02-12")


@dataclass(frozen=True, slots=True)
class Words:
    """One language of the interface. The names are also the keys under which Gradio's front end looks them up."""

    tagline: str
    question: str
    placeholder: str
    ask: str
    stop: str
    filters: str
    since: str
    until: str
    day_example: str
    outlets: str
    document_languages: str
    any_time: str
    clear: str
    welcome: str
    chat_tab: str
    index_tab: str
    conversation: str

    loading: str
    searching: str
    reading: str
    interrupted: str
    failed: str
    problem: str
    empty: str
    too_long: str

    one_source: str
    many_sources: str
    abstained: str
    not_an_answer: str
    read_in_article: str
    quotation: str
    undated: str

    explanation: str
    by_meaning: str
    by_words: str
    passage_rank: str
    verdicts: tuple[tuple[str, str], ...]
    signals: tuple[tuple[str, str], ...]

    source_panel: str
    close: str
    passage_link: str
    original: str
    fetching: str
    unreachable: str
    changed: str
    missing: str

    rebuild: str
    rebuilding: str
    rebuilt: str
    unchanged: str
    skipped: str
    documents: str
    passages: str
    languages: str
    model: str
    generation: str

    months: tuple[str, ...]
    day_form: str
    language_names: tuple[tuple[str, str], ...]


EN = Words(
    tagline="Exact quotations from your news, or none.",
    question="Question",
    placeholder="In English or German",
    ask="Ask",
    stop="Stop",
    filters="Filter",
    since="Published since",
    until="Published until",
    day_example="e.g. 2025-02-12 or 2025-02",
    outlets="Outlets",
    document_languages="Languages of the articles",
    any_time="Search all days, even if “last week” is asked for",
    clear="Clear conversation",
    welcome=(
        "### What do the sources say?\n\nYou get the sentences that answer, verbatim, in the language they appeared in."
    ),
    chat_tab="Questions",
    index_tab="Sources",
    conversation="Conversation",
    loading="Loading the models",
    searching="Searching the sources",
    reading="Reading the passages",
    interrupted="Stopped before an answer was found.",
    failed="Something went wrong on our side; the log of the program says what. You can go on asking.",
    problem="No answer",
    empty="Write a question first.",
    too_long="The question has {length} characters; at most {limit} are read. Shorten it.",
    one_source="One source answers, in its own words:",
    many_sources="{count} sources answer, in their own words:",
    abstained="The indexed sources do not answer this.",
    not_an_answer="Not an answer: the nearest passages",
    read_in_article="Read in the article",
    quotation="Quotation",
    undated="undated",
    explanation="Why these sentences? The {count} most probable",
    by_meaning="by meaning",
    by_words="by words",
    passage_rank="passage {rank}",
    verdicts=(
        ("quoted", "quoted"),
        ("enough quoted", "not quoted: enough are"),
        ("far below the best", "not quoted: far less probable than the best"),
        ("below the threshold", "not quoted: too improbable"),
        ("name missing", "not quoted: the passage lacks a name of the question"),
    ),
    signals=(
        ("evidence", "answers the question"),
        ("relevance", "passage on the question"),
        ("similarity", "meaning"),
        ("in_context", "meaning in its passage"),
        ("coverage", "words of the question"),
        ("names", "names of the question"),
        ("retrieval", "search"),
        ("cosine", "meaning of the passage"),
    ),
    source_panel="Source",
    close="Close the source",
    passage_link="Read at the source",
    original="in {language}",
    fetching="Fetching the article",
    unreachable="The program does not answer. Is it still running?",
    changed=(
        "This article has changed since the answer was given. "
        "The quotation is not marked, because its place is no longer certain."
    ),
    missing="This article is no longer among the sources.",
    rebuild="Rebuild the index",
    rebuilding="Rebuilding",
    rebuilt=(
        "Rebuilt in {seconds} s: {documents} documents ({added} added, {changed} changed, {removed} removed), "
        "{passages} passages, {embedded} newly embedded."
    ),
    unchanged="Nothing has changed; the index stays as it is.",
    skipped="Skipped files",
    documents="Documents",
    passages="Passages",
    languages="Languages",
    model="Encoder",
    generation="Generation",
    months=(
        *("January", "February", "March", "April", "May", "June", "July"),
        *("August", "September", "October", "November", "December"),
    ),
    day_form="{day} {month} {year}",
    language_names=(("de", "German"), ("en", "English")),
)

DE = Words(
    tagline="Wörtliche Zitate aus Ihren Nachrichten, oder keine.",
    question="Frage",
    placeholder="Deutsch oder Englisch",
    ask="Fragen",
    stop="Anhalten",
    filters="Filter",
    since="Erschienen seit",
    until="Erschienen bis",
    day_example="z. B. 2025-02-12 oder 2025-02",
    outlets="Medien",
    document_languages="Sprachen der Artikel",
    any_time="Alle Tage durchsuchen, auch wenn nach „letzter Woche“ gefragt wird",
    clear="Gespräch leeren",
    welcome=(
        "### Was sagen die Quellen?\n\n"
        "Sie erhalten die Sätze, die antworten: im Wortlaut und in der Sprache, in der sie erschienen sind."
    ),
    chat_tab="Fragen",
    index_tab="Quellen",
    conversation="Gespräch",
    loading="Die Modelle werden geladen",
    searching="Die Quellen werden durchsucht",
    reading="Die Fundstellen werden gelesen",
    interrupted="Angehalten, bevor eine Antwort gefunden war.",
    failed="Bei uns ist etwas schiefgegangen; Näheres steht im Protokoll des Programms. Sie können weiterfragen.",
    problem="Keine Antwort",
    empty="Schreiben Sie zuerst eine Frage.",
    too_long="Die Frage hat {length} Zeichen, gelesen werden höchstens {limit}. Kürzen Sie sie.",
    one_source="Eine Quelle antwortet, im Wortlaut:",
    many_sources="{count} Quellen antworten, im Wortlaut:",
    abstained="Die Quellen beantworten das nicht.",
    not_an_answer="Keine Antwort: die nächstliegenden Stellen",
    read_in_article="Im Artikel lesen",
    quotation="Zitat",
    undated="ohne Datum",
    explanation="Warum diese Sätze? Die {count} wahrscheinlichsten",
    by_meaning="nach Bedeutung",
    by_words="nach Wörtern",
    passage_rank="Stelle {rank}",
    verdicts=(
        ("quoted", "zitiert"),
        ("enough quoted", "nicht zitiert: es sind genug"),
        ("far below the best", "nicht zitiert: weit weniger wahrscheinlich als der beste"),
        ("below the threshold", "nicht zitiert: zu unwahrscheinlich"),
        ("name missing", "nicht zitiert: der Stelle fehlt ein Name aus der Frage"),
    ),
    signals=(
        ("evidence", "beantwortet die Frage"),
        ("relevance", "Passage zur Frage"),
        ("similarity", "Bedeutung"),
        ("in_context", "Bedeutung in der Passage"),
        ("coverage", "Wörter der Frage"),
        ("names", "Namen der Frage"),
        ("retrieval", "Suche"),
        ("cosine", "Bedeutung der Passage"),
    ),
    source_panel="Quelle",
    close="Quelle schließen",
    passage_link="Beim Anbieter lesen",
    original="auf {language}",
    fetching="Der Artikel wird geholt",
    unreachable="Das Programm antwortet nicht. Läuft es noch?",
    changed=(
        "Dieser Artikel hat sich seit der Antwort geändert. "
        "Das Zitat ist nicht markiert, weil seine Stelle nicht mehr sicher ist."
    ),
    missing="Dieser Artikel gehört nicht mehr zu den Quellen.",
    rebuild="Index neu aufbauen",
    rebuilding="Wird neu aufgebaut",
    rebuilt=(
        "In {seconds} s neu aufgebaut: {documents} Dokumente ({added} neu, {changed} geändert, {removed} entfernt), "
        "{passages} Passagen, davon {embedded} neu eingebettet."
    ),
    unchanged="Nichts hat sich geändert; der Index bleibt, wie er ist.",
    skipped="Übergangene Dateien",
    documents="Dokumente",
    passages="Passagen",
    languages="Sprachen",
    model="Encoder",
    generation="Generation",
    months=(
        *("Januar", "Februar", "März", "April", "Mai", "Juni", "Juli"),
        *("August", "September", "Oktober", "November", "Dezember"),
    ),
    day_form="{day}. {month} {year}",
    language_names=(("de", "Deutsch"), ("en", "Englisch")),
)

_BY_LANG: dict[Lang, Words] = {"en": EN, "de": DE}


def words(lang: Lang) -> Words:
    """The interface in `lang`."""
    return _BY_LANG[lang]


def preferred_lang(accept_language: str | None) -> Lang:
    """What a browser's ``Accept-Language`` header asks for first; English where that is neither German nor stated."""
    first = (accept_language or "").split(",", 1)[0].strip().lower()
    return "de" if first.split("-", 1)[0].split(";", 1)[0] == "de" else "en"


def dateline(published: str | None, lang: Lang) -> str:
    """An ISO 8601 prefix (`index.types.Published.value`) as people write it, no more precise than it is."""
    speech = words(lang)
    if published is None:
        return speech.undated
    if len(published) < _PRECISE_TO_MONTH:
        return published
    year, month = published[:4], speech.months[int(published[5:7]) - 1]
    if len(published) < _PRECISE_TO_DAY:
        return f"{month} {year}"
    return speech.day_form.format(day=int(published[8:10]), month=month, year=year)


def language_name(code: str, lang: Lang) -> str | None:
    """The name of the language `code` in `lang`; None for one the page has no name for."""
    return dict(words(lang).language_names).get(code)
