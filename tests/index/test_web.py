"""Addresses become files below the data directory: with permission only, over what was there, and read as they are."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from index.build import build, last_roots
from index.embed import Embedder
from index.errors import LoadError, SettingsError
from index.fetch import Fetched
from index.load.content import Unusable
from index.load.document import load
from index.load.files import DESCRIPTIONS, find_files
from index.reader import open_index
from index.settings import IndexSettings
from index.types import Document
from index.web import is_address, local_paths

URL = "http://bote.example/hafen"
FINAL = "https://www.bote.example/2025/hafen.html"
SAID = "Der Hafen von Rostock bleibt im Sommer offen, sagte die Ministerin am Mittwoch im Landtag."
LATER = "Der Hafen von Rostock wird im Sommer nun doch geschlossen, sagte die Ministerin am Freitag."
PAGE = """<!doctype html><html lang="de"><head><title>{title}</title></head><body><article><h1>{title}</h1>
<p>{said}</p><p>Die Reedereien hatten sich lange um eine solche Entscheidung bemüht, wie ihr Verband mitteilte.</p>
<p>Im vergangenen Jahr waren mehr als zwei Millionen Menschen von dort aus nach Schweden gefahren.</p>
</article></body></html>"""
FEED = """<?xml version="1.0" encoding="utf-8"?><rss version="2.0"><channel><title>Bote</title>
<item><title>Hafen</title><link>https://bote.example/1</link><description>{said}</description></item>
<item><title>Bahn</title><link>https://bote.example/2</link><description>Die Bahn fährt wieder.</description></item>
</channel></rss>"""

Fetch = Callable[[str], Fetched]


def giving(body: str, content_type: str = "text/html", final_url: str = FINAL) -> Fetch:
    return lambda url: Fetched(url, final_url, content_type, "utf-8", body.encode())


def page(said: str) -> Fetch:
    return giving(PAGE.format(title="Hafen bleibt offen", said=said))


def never(url: str) -> Fetched:
    raise AssertionError(f"{url} was fetched")


def fetched(settings: IndexSettings, fetch: Fetch, url: str = URL) -> Path:
    (path,) = local_paths([url], settings, network=True, fetch=fetch)
    return path


def documents(path: Path) -> list[Document]:
    loaded = [one for file in find_files([path]) for one in load(file)]
    assert not any(isinstance(one, Unusable) for one in loaded)
    return [one.document for one in loaded if not isinstance(one, Unusable)]


@pytest.mark.parametrize("url", [URL, "HTTPS://bote.example/hafen"])
def test_without_permission_nothing_is_fetched_and_the_flag_is_named(settings: IndexSettings, url: str) -> None:
    with pytest.raises(SettingsError, match=f"beleg index --allow-network {url}"):
        local_paths(["seeds", url], settings, network=False, fetch=never)
    assert not settings.data_dir.exists()


def test_paths_stay_as_they_are_and_in_order(settings: IndexSettings) -> None:
    names = ["seeds", "http", "https:/bote.example", "~/news", "ftp://bote.example/a", "a b.txt"]
    assert local_paths(names, settings, network=False, fetch=never) == list(map(Path, names))
    first, second, third = local_paths(["a", URL, "b"], settings, network=True, fetch=page(SAID))
    assert (first, third) == (Path("a"), Path("b"))
    assert second.is_relative_to(settings.data_dir)
    assert [is_address(name) for name in (*names, URL)] == [False] * len(names) + [True]


def test_a_page_is_one_document_known_by_the_address_that_it_came_from_in_the_end(settings: IndexSettings) -> None:
    (document,) = documents(fetched(settings, page(SAID)))
    assert (document.id, document.url) == (FINAL, FINAL)
    assert (document.title, document.lang) == ("Hafen bleibt offen", "de")
    assert SAID in document.text


def test_what_a_page_says_of_its_own_address_counts_more(settings: IndexSettings) -> None:
    own = PAGE.replace("<head>", '<head><link rel="canonical" href="https://www.bote.example/hafen">')
    (document,) = documents(fetched(settings, giving(own.format(title="Hafen", said=SAID))))
    assert document.url == "https://www.bote.example/hafen"


def test_plain_text_has_an_address_too_whatever_is_in_it(settings: IndexSettings) -> None:
    odd = "https://bote.example/a:-'b'?c=%22&d=~#null"
    (document,) = documents(fetched(settings, giving(SAID, "text/plain", odd)))
    assert (document.url, document.text.strip()) == (odd, SAID)


def test_fetching_again_replaces_what_was_there(settings: IndexSettings) -> None:
    path = fetched(settings, page(SAID))
    assert fetched(settings, page(LATER)) == path
    (document,) = documents(path)
    assert LATER in document.text
    assert SAID not in document.text
    assert sorted(one.name for one in path.parent.iterdir()) == sorted([path.name, DESCRIPTIONS])


def test_a_feed_is_many_documents_which_no_description_is_of(settings: IndexSettings) -> None:
    before = fetched(settings, page(SAID))
    path = fetched(settings, giving(FEED.format(said=SAID), "application/rss+xml"))
    assert (path.suffix, path.parent) == (".xml", before.parent)
    assert [one.name for one in path.parent.iterdir()] == [path.name]
    assert [document.url for document in documents(path)] == ["https://bote.example/1", "https://bote.example/2"]


def test_two_addresses_lie_apart_and_keep_their_own_descriptions(settings: IndexSettings) -> None:
    one = fetched(settings, page(SAID), "https://bote.example/a")
    two = fetched(settings, giving(LATER, "text/plain", "https://bote.example/b"), "https://bote.example/b")
    assert one.parent != two.parent
    assert [documents(path)[0].url for path in (one, two)] == [FINAL, "https://bote.example/b"]


def test_what_cannot_be_read_leaves_what_was_there(settings: IndexSettings) -> None:
    path = fetched(settings, page(SAID))
    before = {one.name: one.read_bytes() for one in path.parent.iterdir()}
    with pytest.raises(LoadError, match="application/pdf"):
        fetched(settings, giving("%PDF-1.7", "application/pdf"))
    assert {one.name: one.read_bytes() for one in path.parent.iterdir()} == before


def test_a_fetched_page_is_indexed_and_found_again_without_the_network(
    settings: IndexSettings, embedder: Embedder, texts: Path
) -> None:
    roots = local_paths([str(texts), URL], settings, network=True, fetch=page(SAID))
    assert build(roots, settings, embedder=embedder).changes == (5, 0, 0, 0)
    with open_index(settings.data_dir) as reader:
        assert SAID in reader.document(FINAL).text
    again = build(last_roots(settings.data_dir), settings, embedder=embedder)
    assert (again.unchanged, again.documents) == (True, 5)
    local_paths([URL], settings, network=True, fetch=page(LATER))
    after = build(last_roots(settings.data_dir), settings, embedder=embedder)
    assert after.changes == (0, 1, 0, 4)
    assert json.loads(json.dumps(after.to_json()))["reason"]
