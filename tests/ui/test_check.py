"""A checked quotation on the page: every outcome says what it is, every place is a link, and no text does anything."""

from __future__ import annotations

from dataclasses import asdict
from html.parser import HTMLParser
from string import Formatter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Document, Published, Span, text_sha256
from qa.difference import Run
from qa.quotecheck import Check, Standing
from qa.types import Citation, Lang, NearMiss, Place, excerpt_fields
from ui import check, check_strings
from ui.reference import Reference
from ui.strings import EN as PAGE

TEXT = "Davor.\nDas Amt, so heißt es, prüft: «Wir warten nicht», sagte Kahl. Danach mehr.\nEnde."
QUOTED = Span(TEXT.index("Wir"), TEXT.index("»"))
HOSTILE = (
    '<img src=x onerror="alert(1)"></ins></div>\n\n- [a](https://evil.example) `x` $$x$$ {{y}} \u202e\x00 &lt;b&gt;'
)
hostile_text = st.one_of(
    st.just(HOSTILE), st.text(min_size=1), st.text(alphabet="<>&\"'`*_[]()!#$\\{}\n -1.x", min_size=1)
)


class Structure(HTMLParser):
    """The tags of some HTML with the names of their attributes, its links, its text, and what <del> and <ins> hold."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[str] = []
        self.links: list[str] = []
        self.marked: dict[str, str] = {"ins": "", "del": ""}
        self.text = ""
        self._open: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(f"{tag} {[name for name, _ in attrs]}")
        self.links += [value or "" for name, value in attrs if name == "href"]
        self._open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        self.tags.append(f"/{tag}")
        assert self._open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.text += data
        for tag in set(self._open) & self.marked.keys():
            self.marked[tag] += data


def document(text: str = TEXT, name: str = "a.txt") -> Document:
    return Document(name, text, text_sha256(text), name, "de", "a.txt", Published("2025-02-12"), source=name)


def checked(**fields: object) -> Check:
    given: dict[str, object] = {
        "quote": "Wir warten nicht",
        "lang": "de",
        "speaker": "",
        "document": "",
        "status": "not found",
        "places": (),
        "more": 0,
        "nearest": (),
        "difference": (),
        "read": 3,
        "documents": 12,
        "notices": (),
        "generation": "g",
    }
    return Check(**{**given, **fields})  # type: ignore[arg-type]


def verified(source: Document, span: Span = QUOTED, *, named: bool = True, **fields: object) -> Check:
    also = (Place("b.txt", "Anderswo", "Kurier", None, None),)
    citation = Citation(**excerpt_fields(source, span), number=1, also=also)
    place = Standing((citation,), named)
    return checked(status="verified" if named else "misattributed", places=(place,), **fields)


def altered(source: Document, word: str = "nie") -> Check:
    runs = (Run("equal", "Wir warten "), Run("only-in-source", "nicht "), Run("missing-in-source", word))
    return checked(status="altered", nearest=(_near(source),), difference=runs)


def unfound(source: Document) -> Check:
    return checked(nearest=(_near(source),))


def _near(source: Document) -> NearMiss:
    return NearMiss(**excerpt_fields(source, Span(0, len(source.text))), score=0.5)


@pytest.mark.parametrize(
    ("lang", "said"),
    [
        ("en", ("Quotation checked", "the words stand in the sources, and Kahl is named", "2 more places", "3 of 12")),
        ("de", ("Zitat geprüft", "Die Worte stehen in den Quellen, und Kahl ist", "2 weitere Stellen", "3 von 12")),
    ],
)
def test_verified_words_stand_with_their_place_and_where_else(lang: Lang, said: tuple[str, ...]) -> None:
    found = verified(document(), speaker="Kahl", more=2)
    shown = Structure(check.check(found, lang))
    assert all(part in shown.text for part in (*said, "Wir warten nicht", "Kurier", "12"))
    assert shown.links == [Reference.of(found.places[0].pieces[0]).href]
    assert shown.links[0].startswith("#cite/")


def test_where_the_speaker_is_not_named_the_words_around_are_shown() -> None:
    shown = Structure(check.check(verified(document(), named=False, speaker="Putin"), "en"))
    assert "The words are there, but Putin is not named beside them." in shown.text
    assert "Putin is not named here" in shown.text
    assert "Das Amt, so heißt es, prüft: «" in shown.text
    assert "», sagte Kahl. Danach mehr." in shown.text
    assert "Davor" not in shown.text


@pytest.mark.parametrize(
    ("lang", "left_out", "added"), [("en", "left out", "not in"), ("de", "ausgelassen", "nicht in")]
)
def test_a_difference_is_marked_for_the_eye_and_for_the_ear(lang: Lang, left_out: str, added: str) -> None:
    found = altered(document())
    shown = Structure(check.check(found, lang))
    assert "nicht" in shown.marked["ins"]
    assert "nie" in shown.marked["del"]
    assert left_out in shown.marked["ins"]
    assert added in shown.marked["del"]
    assert shown.links == [Reference.of(found.nearest[0]).href]


@pytest.mark.parametrize(("lang", "said"), [("en", "Not a match"), ("de", "Keine Übereinstimmung")])
def test_what_is_near_is_marked_as_no_match(lang: Lang, said: str) -> None:
    shown = Structure(check.check(unfound(document()), lang))
    assert said in shown.text
    assert shown.links[0].startswith("#near/")
    assert said not in Structure(check.check(checked(), lang)).text


@given(
    hostile_text, st.sampled_from(["verified", "misattributed", "altered", "not found"]), st.sampled_from(["de", "en"])
)
def test_no_text_from_outside_changes_the_structure(text: str, status: str, lang: Lang) -> None:
    def shown(said: str) -> str:
        source = document(said, name=said)
        whole = Span(0, len(said))
        if status in {"verified", "misattributed"}:
            found = verified(source, whole, named=status == "verified", quote=said, speaker=said)
        else:
            found = altered(source, said) if status == "altered" else unfound(source)
        return check.check(found, lang)

    assert Structure(shown(text)).tags == Structure(shown("x")).tags
    assert "\n" not in shown(text)


def test_both_languages_say_everything_and_fill_in_the_same_things() -> None:
    english, german = asdict(check_strings.EN), asdict(check_strings.DE)
    for key, template in english.items():
        assert template.strip()
        fields = [{field for _, field, _, _ in Formatter().parse(words)} for words in (template, german[key])]
        assert fields[0] == fields[1], key
    assert not english.keys() & asdict(PAGE).keys()
