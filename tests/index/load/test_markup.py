"""HTML in titles and texts is shown as a browser would; what only looks a little like it is left alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.load.markup import plain


@pytest.mark.parametrize(
    ("written", "shown"),
    [
        ("<p>Der Hafen  ist\nzu.</p><p>Seit Montag.</p>", "Der Hafen ist zu.\nSeit Montag."),
        ("Der <b>Hafen</b> ist <em>zu</em>.", "Der Hafen ist zu."),
        ("Eins<br>Zwei<br/>Drei", "Eins\nZwei\nDrei"),
        ("<p>Zu.</p><script>alert('<p>')</script><style>p{}</style>", "Zu."),
        ("<p>AT&amp;T &quot;kauft&quot;</p>", 'AT&T "kauft"'),
        ("AT&amp;T kauft", "AT&T kauft"),
        ("<ul><li>Eins</li><li>Zwei</li></ul>", "Eins\nZwei"),
        ("<p>Nie geschlossen <b>fett", "Nie geschlossen fett"),
    ],
)
def test_html_becomes_what_it_shows(written: str, shown: str) -> None:
    assert plain(written) == shown


@pytest.mark.parametrize("text", ["5 < 6 und 7 > 3", "if a<b: pass", "Müller & Söhne", "a\n\nb  c", "<3", ""])
def test_other_text_is_left_alone(text: str) -> None:
    assert plain(text) == text


@given(st.text(alphabet=st.characters(blacklist_characters="<&")))
def test_without_markup_nothing_changes(text: str) -> None:
    assert plain(text) == text
