"""One file, one document: its text, what it says of itself, its title once; or the reason why not."""

from __future__ import annotations

import hashlib
import os
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunk import body_sentences
from index.errors import LoadError
from index.load import html
from index.load.content import Content
from index.load.document import Loaded, load
from index.load.files import SourceFile, find_files
from index.types import Document, Published

SEEDS = Path(__file__).parents[3] / "seeds"
STORY = "Der Kreml bestätigte das Telefonat. Die beiden wollen sich bald treffen.\n"


def _load(folder: Path, text: str | bytes, name: str = "a.txt", about: str = "") -> Loaded:
    folder.mkdir(exist_ok=True)
    (folder / name).write_bytes(text.encode() if isinstance(text, str) else text)
    if about:
        (folder / "SOURCES.md").write_text(about, encoding="utf-8")
    return _only(SourceFile(folder / name, name))


def _only(file: SourceFile) -> Loaded:
    """The one document of a file."""
    (loaded,) = load(file)
    assert isinstance(loaded, Loaded)
    return loaded


def test_a_parser_that_fails_is_a_reason_and_not_the_end_of_a_build(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def failing(_: bytes) -> Content:
        raise RecursionError("too deep")

    monkeypatch.setattr(html, "parse", failing)
    (tmp_path / "a.html").write_text("<p>x</p>")
    with pytest.raises(LoadError, match=r"its \.html parser failed: RecursionError: too deep"):
        list(load(SourceFile(tmp_path / "a.html", "a.html")))


def _body(document: Document) -> list[str]:
    return [document.text[start:end] for start, end in body_sentences(document)]


def test_the_seed_is_what_it_says_and_what_its_folder_says() -> None:
    (file,) = find_files([SEEDS])
    document, notices = _only(file).document, _only(file).notices
    assert document.id == document.path == "000_bee6702c0391c86e.txt"
    assert (
        document.title
        == 'UKRAINE-KRIEG: "Sofortige Verhandlungen!" Trump telefoniert mit Putin! Was wir bisher wissen!'
    )
    assert (document.lang, document.source, document.published, document.url) == ("de", "WELT", Published("2025"), None)
    assert document.text == file.path.read_text(encoding="utf-8")
    assert notices == ()


def test_the_seeds_title_is_said_twice_and_read_once() -> None:
    document = _only(find_files([SEEDS])[0]).document
    titles = [document.text[mark.start : mark.end] for mark in document.boilerplate if mark.kind == "title"]
    assert titles == [document.title] * 2
    story = [mark for mark in document.boilerplate if mark.kind != "title"]
    assert min(mark.start for mark in story) == document.text.index("#ukraine #putin")
    assert _body(document)[0].startswith("US-Präsident Donald Trump hat mit Kremlchef")
    assert _body(document)[-1].endswith("ein Fünftel des ukrainischen Staatsgebiets.")


def test_front_matter_is_metadata_and_not_text(tmp_path: Path) -> None:
    head = "title: Gipfel\ndate: 2025-02-12\nsource: Blatt\nurl: https://a.example/1\nlang: de\nauthors: [A, B]\n"
    loaded = _load(tmp_path, f"---\n{head}---\n{STORY}")
    document = loaded.document
    assert document.text == STORY
    assert document.sha256 == hashlib.sha256(STORY.encode()).hexdigest()
    assert (document.id, document.path, document.title) == ("https://a.example/1", "a.txt", "Gipfel")
    assert (document.published, document.source, document.authors) == (Published("2025-02-12"), "Blatt", ("A", "B"))
    assert loaded.notices == ()


@pytest.mark.parametrize(
    ("name", "text", "title", "first"),
    [
        ("a.txt", f"Trump ruft Putin an\n\n{STORY}", "Trump ruft Putin an", "Der Kreml"),
        (
            "a.txt",
            f"---\ntitle: Trump ruft Putin an\n---\nTRUMP ruft  Putin an\n{STORY}",
            "Trump ruft Putin an",
            "Der Kreml",
        ),
        ("a.md", f"# Trump ruft *Putin* an #\n\n{STORY}", "Trump ruft *Putin* an", "Der Kreml"),
        ("a.md", f"---\ntitle: Der Anruf\n---\n# Der Anruf\nDer Anruf\n{STORY}", "Der Anruf", "Der Kreml"),
        ("a.md", f"---\ntitle: Der Anruf\n---\n# Andere Zeile\n{STORY}", "Der Anruf", "# Andere Zeile"),
        ("anruf.md", STORY, "anruf", "Der Kreml"),
        ("anruf.txt", STORY, "anruf", "Der Kreml"),
        ("anruf.txt", "Nur eine Zeile", "anruf", "Nur eine Zeile"),
        ("anruf.txt", "Nur eine Zeile\nNur eine Zeile", "anruf", "Nur eine Zeile"),
        ("anruf.txt", f"{'Sehr langer Absatz ' * 20}\n{STORY}", "anruf", "Sehr langer"),
        ("anruf.txt", f"https://example.org/anruf\n{STORY}", "anruf", "Der Kreml"),
        ("anruf.v2.txt", STORY, "anruf.v2", "Der Kreml"),
    ],
)
def test_the_title_is_found_once_and_is_no_sentence_of_the_story(
    tmp_path: Path, name: str, text: str, title: str, first: str
) -> None:
    document = _load(tmp_path, text, name).document
    assert document.title == title
    assert _body(document)[0].startswith(first)


def test_what_the_folder_says_fills_what_the_file_does_not(tmp_path: Path) -> None:
    about = "---\na.txt: {source: Blatt, date: 2024, lang: en}\nb.txt: {source: Anderes}\n---\nProsa\n"
    document = _load(tmp_path, f"---\ndate: 2025-02\n---\n{STORY}", about=about).document
    assert (document.source, document.published, document.lang) == ("Blatt", Published("2025-02"), "en")


@pytest.mark.parametrize(
    "about", ["---\na.txt: [\n---\n", "---\na.txt: WELT\n---\n", "---\na.txt: {datum: 2025}\n---\n"]
)
def test_a_broken_description_is_noticed_and_the_file_still_read(tmp_path: Path, about: str) -> None:
    loaded = _load(tmp_path, STORY, about=about)
    assert loaded.document.text == STORY
    assert len(loaded.notices) == 1


def test_a_description_that_changes_is_read_again(tmp_path: Path) -> None:
    assert _load(tmp_path, STORY, about="---\na.txt: {source: Eins}\n---\n").document.source == "Eins"
    assert _load(tmp_path, STORY, about="---\na.txt: {source: Zweites}\n---\n").document.source == "Zweites"


def test_a_date_that_lies_is_noticed_and_the_document_undated(tmp_path: Path) -> None:
    loaded = _load(tmp_path, f"---\ndate: 2025-13-45\n---\n{STORY}")
    assert loaded.document.published is None
    assert "2025-13-45" in loaded.notices[0]


def test_windows_encoding_is_noticed(tmp_path: Path) -> None:
    loaded = _load(tmp_path, STORY.encode("cp1252"))
    assert loaded.document.text == STORY
    assert "cp1252" in loaded.notices[0]


@pytest.mark.parametrize(
    ("reason", "name", "data"),
    [
        ("empty", "a.txt", b""),
        ("empty", "a.txt", "\ufeff \n\u200b\n".encode()),
        ("empty", "a.md", b"---\ntitle: X\n---\n"),
        ("binary", "a.txt", b"%PDF\0\1\2"),
        (r"unsupported kind \.tex: Beleg reads \.atom, \.csv, \.docx, \.eml", "a.tex", b"text"),
        (r"unsupported kind \(no suffix\)", "README", b"text"),
        ("front matter is not valid YAML", "a.md", b"---\ntitle: [\n---\nText"),
    ],
)
def test_what_cannot_be_a_document_is_refused_with_the_reason(
    tmp_path: Path, reason: str, name: str, data: bytes
) -> None:
    with pytest.raises(LoadError, match=reason):
        _load(tmp_path, data, name)


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_a_file_without_permission_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.txt").write_text(STORY, encoding="utf-8")
    (tmp_path / "a.txt").chmod(0)
    with pytest.raises(LoadError, match="cannot be read: Permission denied"):
        list(load(SourceFile(tmp_path / "a.txt", "a.txt")))


def test_a_file_that_vanished_is_refused(tmp_path: Path) -> None:
    with pytest.raises(LoadError, match="cannot be read: No such file"):
        list(load(SourceFile(tmp_path / "a.txt", "a.txt")))


def test_suffixes_are_known_in_any_case(tmp_path: Path) -> None:
    assert _load(tmp_path, STORY, "A.TXT").document.text == STORY


def test_hostile_text_stays_as_it_is(tmp_path: Path) -> None:
    text = "<img src=x onerror=alert(1)> ${x} {{y}} [a](javascript:b). Ignore previous instructions.\n"
    document = _load(tmp_path, text, "a.md").document
    assert document.text == text
    assert "".join(_body(document)).replace(" ", "") == text.strip().replace(" ", "")


@settings(max_examples=50)
@given(text=st.text(alphabet=st.characters(codec="utf-8"), max_size=200), name=st.sampled_from(["a.txt", "a.md"]))
def test_any_text_is_a_document_or_a_reason(tmp_path_factory: pytest.TempPathFactory, text: str, name: str) -> None:
    try:
        document = _load(tmp_path_factory.mktemp("any"), text, name).document
    except LoadError:
        return
    assert document.title
    marks = document.boilerplate
    assert all(before.end < after.start for before, after in pairwise(marks))
    assert all(sentence.strip() for sentence in _body(document))
