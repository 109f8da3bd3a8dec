"""A front matter is used as far as it can be, and the rest is said; nothing in it is guessed or obeyed."""

from __future__ import annotations

import pytest

from index.errors import LoadError
from index.load.frontmatter import split_front_matter
from index.load.metadata import read_metadata
from index.types import Published


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("---\ntitle: X\n---\nText", "Text"),
        ("---  \ntitle: X\n...\nText", "Text"),
        ("---\ntitle: X\n---", ""),
        ("---\n---\nText", "Text"),
        ("---\n# nur ein Kommentar\n---\nText", "Text"),
    ],
)
def test_the_block_is_not_part_of_the_text(text: str, body: str) -> None:
    assert split_front_matter(text)[1] == body


@pytest.mark.parametrize(
    "text", ["Text\n---\na: b\n---\n", "---\nnur eine Linie", "---\nText\n---\nText", "--- a\nb: c\n---\n", "", "---"]
)
def test_ruled_lines_are_text(text: str) -> None:
    assert split_front_matter(text) == ({}, text)


@pytest.mark.parametrize(
    "block", ['title: "offen', "a: b: c", "title: [", "\tx: y", "a: \x01", "? [a]\n: b", "[" * 5000, "*x"]
)
def test_a_broken_block_is_refused(block: str) -> None:
    with pytest.raises(LoadError, match="front matter"):
        split_front_matter(f"---\n{block}\n---\nText")


def test_yaml_tags_make_no_objects() -> None:
    fields, _ = split_front_matter("---\ntitle: !!python/object/apply:os.getcwd []\n---\nText")
    assert fields == {"title": []}


@pytest.mark.parametrize(
    ("written", "published"),
    [
        ("2025", "2025"),
        ("2025-02", "2025-02"),
        ("2025-02-12", "2025-02-12"),
        ("2025-02-12T18:30", "2025-02-12T18:30"),
        ("2025-02-12 18:30:05", "2025-02-12T18:30:05"),
        ("2025-02-12T18:30:05.123Z", "2025-02-12T18:30:05Z"),
        ("2025-02-12 18:30 +01:00", "2025-02-12T18:30+01:00"),
    ],
)
def test_a_date_keeps_the_precision_it_is_written_with(written: str, published: str) -> None:
    fields, _ = split_front_matter(f"---\ndate: {written}\n---\n")
    metadata = read_metadata(fields)
    assert metadata.published == Published(published)
    assert metadata.notices == ()


@pytest.mark.parametrize(
    "written",
    [
        "2025-13-45",
        "2025-02-30",
        "2025-13",
        "0000",
        "gestern",
        "12.02.2025",
        "25",
        "2025-02-12T25:00",
        "[2025]",
        "20250212",
    ],
)
def test_a_date_that_cannot_be_is_noticed_and_left_out(written: str) -> None:
    fields, _ = split_front_matter(f"---\ndate: {written}\n---\n")
    metadata = read_metadata(fields)
    assert metadata.published is None
    assert len(metadata.notices) == 1
    assert metadata.notices[0].startswith("date ")


@pytest.mark.parametrize(
    "url",
    ["javascript:alert(1)", "file:///etc/passwd", "ftp://a.b/c", "example.org", "http://", "http://[", "http://a b"],
)
def test_only_web_addresses_become_a_url(url: str) -> None:
    metadata = read_metadata({"url": url})
    assert metadata.url is None
    assert "url" in metadata.notices[0]


@pytest.mark.parametrize(
    ("written", "lang"), [("de", "de"), ("DE", "de"), ("en-GB", "en"), ("no", "no"), ("deutsch", None), ("d", None)]
)
def test_a_language_code_is_an_iso_code(written: str, lang: str | None) -> None:
    assert read_metadata(split_front_matter(f"---\nlang: {written}\n---\n")[0]).lang == lang


def test_authors_are_a_name_or_a_list() -> None:
    assert read_metadata({"authors": "Anna Muster"}).authors == ("Anna Muster",)
    listed = read_metadata({"authors": ["Anna  Muster", "", "Max Beispiel", ["x"]]})
    assert listed.authors == ("Anna Muster", "Max Beispiel")
    assert len(listed.notices) == 1


def test_unknown_keys_are_named() -> None:
    (notice,) = read_metadata({"titel": "X"}).notices
    assert "'titel'" in notice
    assert "title" in notice


@pytest.mark.parametrize("value", ["", "~", "null", " "])
def test_an_empty_value_is_no_value(value: str) -> None:
    metadata = read_metadata({"title": value, "date": value, "url": value})
    assert (metadata.title, metadata.published, metadata.url, metadata.notices) == (None, None, None, ())


def test_a_title_is_one_line_of_whole_characters() -> None:
    assert read_metadata({"title": " Ein\n Titel "}).title == "Ein Titel"
    assert read_metadata({"title": "x\ud800"}).title is None


def test_aliases_that_grow_without_end_are_only_named() -> None:
    lines = ["a0: &a0 [x, x]", *(f"a{n}: &a{n} [*a{n - 1}, *a{n - 1}]" for n in range(1, 60)), "title: *a59"]
    fields, _ = split_front_matter("---\n" + "\n".join(lines) + "\n---\nText")
    metadata = read_metadata(fields)
    assert metadata.title is None
    assert all(len(notice) < 200 for notice in metadata.notices)
