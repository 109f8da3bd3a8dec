"""Plugs go, news stays: each rule with lines it must know and lines it must not."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.clean import MAX_LINE_CHARS, kind_of, mark_boilerplate

SEED = Path(__file__).parents[2] / "seeds" / "000_bee6702c0391c86e.txt"

MARKED = [
    ("hashtags", "#ukraine #putin #trump #weltnachrichtensender"),
    ("hashtags", "#breaking"),
    ("hashtags", "#Klima, #Wetter"),
    ("channel plug", "Abonniere den WELT YouTube Channel https://www.youtube.com/WELTVideoTV"),
    ("channel plug", "Abonnieren Sie unseren Newsletter!"),
    ("channel plug", "Abonniert jetzt unseren Newsletter"),
    ("channel plug", "🔔 Abonniert unseren YouTube-Kanal"),
    ("channel plug", "Folgen Sie uns auf Facebook, Instagram und X"),
    ("channel plug", "Folgt uns auch auf TikTok: https://www.tiktok.com/@beispiel"),
    ("channel plug", "Subscribe to our channel"),
    ("channel plug", "Subscribe to our newsletter here: https://news.example/letter"),
    ("channel plug", "- Follow us on Twitter and Instagram!"),
    ("channel plug", "Like us on Facebook https://facebook.com/example"),
    ("share", "Teilen auf Facebook"),
    ("share", "Artikel teilen"),
    ("share", "Beitrag drucken"),
    ("share", "Share on Twitter"),
    ("share", "Share this article"),
    ("link", "https://www.example.org/a?b=c"),
    ("link", "WELT DOKU Channel https://www.youtube.com/c/WELTDoku"),
    ("link", "Der WELT Nachrichten-Livestream http://bit.ly/2fwuMPg"),
    ("link", "Die Mediathek auf WELT.de http://bit.ly/2Iydxv8"),
    ("link", "* Instagram: https://instagram.com/example"),
    ("link", "The Daily Example on YouTube: https://youtube.com/example"),
    ("service note", "In eigener Sache: Wegen vieler Beleidigungen können wir keine Kommentare mehr zulassen."),
    ("service note", "A note to our readers: we have moved the comments to a new page."),
    ("thanks", "Danke für euer Verständnis - das WELT-Team"),
    ("thanks", "Vielen Dank für Ihr Interesse!"),
    ("thanks", "Thanks for watching!"),
    ("thanks", "Thank you for your patience - the Example team"),
    ("production note", "Video 2025 erstellt"),
    ("production note", "Video produced in 2024."),
    ("separator", "---"),
    ("separator", "* * *"),
]

STORY = [
    "Trump schrieb auf Truth Social: «Wir werden sofort verhandeln.»",
    "Trump schrieb auf Truth Social https://truthsocial.example/1",
    "Der Kanzler sagte auf Instagram, er werde der Einladung folgen.",
    "Er abonnierte die Zeitung.",
    "Abonnieren Sie die Zukunft, rief er den Delegierten zu.",
    "Abonnenten des Dienstes zahlen künftig mehr.",
    "Folgen Sie uns in eine bessere Zeit, sagte sie.",
    "Folgen auf Facebook hat das selten.",
    "Teilen will die Regierung die Macht nicht.",
    "Teilen auf Facebook verbot das Gericht der Partei.",
    "Der Hashtag #MeToo veränderte die Debatte.",
    "#MeToo veränderte die Debatte.",
    "#1 ist er nicht geworden.",
    "In eigener Sache sprach der Minister vor Gericht.",
    "In eigener Sache: Merkel wirbt um Vertrauen",
    "Danke für Ihr Verständnis, sagte der Minister den Wartenden.",
    "„Danke für euer Verständnis“, sagte der Trainer.",
    "Das Video wurde 2025 erstellt und zeigt den Angriff.",
    "Das Dokument steht unter https://www.example.org/dokument",
    "Die Mitteilung lautet: https://www.example.org/x ist gesperrt.",
    "YouTube sperrte den Kanal des Senders.",
    "The president wrote on Truth Social: “We will negotiate.”",
    "Trump wrote on X https://x.example/1",
    "He subscribed to the newspaper.",
    "Subscribe to nothing you have not read, she told the students.",
    "Subscribers to the channel will pay more.",
    "Follow us into a better time, he said.",
    "Share prices on Twitter fell by a fifth.",
    "Share this burden with us, the minister asked Europe.",
    "The #MeToo movement changed the debate.",
    "A note to our readers was all the paper printed.",
    "Thanks for nothing, the mayor said.",
    "Thank you for your support, the president told the soldiers.",
    "The video was produced in 2024 and shows the attack.",
    "Was nun?",
    "…",
    "- Der Nato-Beitritt ist vom Tisch.",
]


@pytest.mark.parametrize(("kind", "line"), MARKED)
def test_lines_that_are_not_the_story_are_marked_with_the_rule(kind: str, line: str) -> None:
    assert kind_of(line) == kind


@pytest.mark.parametrize("line", STORY)
def test_news_that_resembles_a_plug_stays(line: str) -> None:
    assert kind_of(line) == ""


def test_the_seed_keeps_its_article_and_loses_its_tail() -> None:
    text = SEED.read_text(encoding="utf-8")
    marks = mark_boilerplate(text)
    tail = text.index("#ukraine #putin")
    assert "\n".join(text[mark.start : mark.end] for mark in marks) == text[tail:]
    assert [mark.kind for mark in marks] == [
        "hashtags",
        "channel plug",
        *["link"] * 8,
        "service note",
        "thanks",
        "production note",
    ]


def test_a_very_long_line_is_story() -> None:
    assert mark_boilerplate("https://example.org/" + "a" * MAX_LINE_CHARS) == ()


def test_a_plug_between_paragraphs_marks_only_itself() -> None:
    text = "Erster Absatz.\n\n  Artikel teilen \nZweiter Absatz.\n"
    (mark,) = mark_boilerplate(text)
    assert text[mark.start : mark.end] == "  Artikel teilen "


@given(st.text(alphabet="aA #:/.-*\n\u200b\u200fäöhttps"))
def test_marks_are_whole_lines_in_order_whatever_the_text(text: str) -> None:
    marks = mark_boilerplate(text)
    assert list(marks) == sorted(marks, key=lambda mark: mark.start)
    for mark in marks:
        assert "\n" not in text[mark.start : mark.end]
        assert mark.start == 0 or text[mark.start - 1] == "\n"
        assert mark.end == len(text) or text[mark.end] == "\n"
