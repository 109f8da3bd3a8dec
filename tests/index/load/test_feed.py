"""Feeds: one document an entry, its story or, said so, its summary."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.errors import LoadError
from index.load.content import Unusable
from index.load.document import Loaded, load
from index.load.feed import SUMMARY_NOTICE
from index.load.files import SourceFile

RSS = """<?xml version="1.0" encoding="UTF-8"?>
<rss version="2.0" xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/">
<channel><title>Quellhavener Bote</title><link>https://bote.example</link><language>de-DE</language>
<item><title>Hafen &amp;amp; Kai gesperrt</title><link>https://bote.example/hafen</link>
<dc:creator>Anna Berg</dc:creator><pubDate>Wed, 12 Feb 2025 18:30:05 +0100</pubDate><guid>bote-1</guid>
<description>Kurz gesagt.</description>
<content:encoded><![CDATA[<p>Der Hafen ist gesperrt.</p><p>Das sagte die Ministerin.</p><script>x()</script>]]>
</content:encoded></item>
<item><title>Fähre teurer</title><guid isPermaLink="false">bote-2</guid>
<description>&lt;p&gt;Die Fähre wird teurer.&lt;/p&gt;</description></item>
<item><title>Leer</title></item>
</channel></rss>"""

ATOM = """<?xml version="1.0" encoding="utf-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xml:lang="en"><title>The Ampel Times</title>
<entry><title>Bridge reopens</title><id>tag:ampel.example,2025:1</id><link href="https://ampel.example/bridge"/>
<published>2025-02-12T18:30:05Z</published><updated>2025-02-14T09:00:00Z</updated><author><name>Max Holm</name></author>
<content type="html">&lt;p&gt;The bridge reopened.&lt;/p&gt;</content></entry></feed>"""


def _load(folder: Path, name: str, data: str) -> list[Loaded | Unusable]:
    (folder / name).write_text(data, encoding="utf-8")
    return list(load(SourceFile(folder / name, name)))


@pytest.mark.parametrize("name", ["a.rss", "a.xml"])
def test_an_entry_of_rss_has_all_that_the_feed_says(tmp_path: Path, name: str) -> None:
    whole, summary, empty = _load(tmp_path, name, RSS)
    assert isinstance(whole, Loaded)
    document = whole.document
    assert document.text == "Der Hafen ist gesperrt.\nDas sagte die Ministerin."
    assert (document.title, document.source, document.lang) == ("Hafen & Kai gesperrt", "Quellhavener Bote", "de")
    assert (document.id, document.authors) == ("https://bote.example/hafen", ("Anna Berg",))
    assert document.published
    assert document.published.value == "2025-02-12T18:30:05+01:00"
    assert SUMMARY_NOTICE not in whole.notices
    assert isinstance(summary, Loaded)
    assert (summary.document.id, summary.document.text) == (f"{name}#bote-2", "Die Fähre wird teurer.")
    assert SUMMARY_NOTICE in summary.notices
    assert empty == Unusable("entry 3", "neither a text nor a summary")


def test_an_entry_of_atom_is_dated_by_when_it_was_published(tmp_path: Path) -> None:
    (loaded,) = _load(tmp_path, "a.atom", ATOM)
    assert isinstance(loaded, Loaded)
    document = loaded.document
    assert (document.text, document.lang, document.authors) == ("The bridge reopened.", "en", ("Max Holm",))
    assert document.published
    assert document.published.value == "2025-02-12T18:30:05Z"


@pytest.mark.parametrize(
    "data", ["", " ", "<html><body>no</body></html>", "<svg/>", "text", '<?xml version="1.0"?><rss']
)
def test_what_is_no_feed_is_refused(tmp_path: Path, data: str) -> None:
    with pytest.raises(LoadError, match="no RSS or Atom feed"):
        _load(tmp_path, "a.xml", data)
