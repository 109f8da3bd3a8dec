"""What the words of the page are, by name; `ui.english` and `ui.german` have them."""

from __future__ import annotations

from dataclasses import dataclass


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
    documents_asked: str
    remove_filter: str
    clear: str
    new_topic: str
    topic_opened: str
    other_language: str
    sign_out: str
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
    notice: str
    dismiss: str
    empty: str
    too_long: str

    one_source: str
    many_sources: str
    abstained: str
    not_an_answer: str
    read_in_article: str
    quotation: str
    permalink: str
    undated: str
    asked_as: str
    sure_meaning: str
    searched: tuple[str, str]
    try_lead: str
    try_all: str
    try_words: str
    try_index: str

    actions: str
    copy: str
    copy_markdown: str
    copied: str
    copy_failed: str
    again: str
    edit: str
    useful: str
    useless: str
    comment: str
    send: str
    thanks: str
    feedback_failed: str

    explanation: str
    by_meaning: str
    by_words: str
    passage_rank: str
    verdicts: tuple[tuple[str, str], ...]
    signals: tuple[tuple[str, str], ...]

    source_panel: str
    close: str
    passage_link: str
    previous_quotation: str
    next_quotation: str
    position: str
    only_this: str
    original: str
    fetching: str
    unreachable: str
    changed: str
    older: str
    gone: str
    missing: str

    rebuilding: str
    rebuilt: str
    unchanged: str
    skipped: str

    months: tuple[str, ...]
    day_form: str
    language_names: tuple[tuple[str, str], ...]
