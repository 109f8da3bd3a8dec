from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ui.reference import MAX_REFERENCE_CHARS, Reference

PLACES = st.tuples(st.integers(0, 10**6), st.integers(1, 10**6)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(st.text(min_size=1, max_size=60), PLACES, st.sampled_from(["cite", "near"]))
def test_a_link_leads_back_to_the_place_it_was_made_for(doc_id: str, place: tuple[int, int], kind: str) -> None:
    reference = Reference(kind, doc_id, "0123456789abcdef", *place)  # type: ignore[arg-type]
    assert Reference.parse(reference.href) == reference


@given(st.text(min_size=1))
def test_no_document_id_can_break_out_of_a_link(doc_id: str) -> None:
    href = Reference("cite", doc_id, "0" * 16, 0, 1).href
    assert re.fullmatch(r"#[A-Za-z0-9/._~%-]+", href)
    assert href.count("/") == 4


@given(st.one_of(st.none(), st.integers(), st.lists(st.text()), st.text()))
def test_whatever_a_browser_sends_it_is_refused_or_understood(sent: object) -> None:
    with pytest.raises(ValueError, match="not a reference"):
        Reference.parse(sent)


@pytest.mark.parametrize(
    "href",
    [
        "#cite/a/0123456789abcdef/5/5",
        "#cite/a/0123456789abcdef/6/5",
        "#cite/a/0123456789abcdef/-1/5",
        "#cite/a/0123456789abcdef/1/9999999999",
        "#cite//0123456789abcdef/1/2",
        "#cite/a/0123456789ABCDEF/1/2",
        "#cite/a/0123456789abcdef/1/2\n",
        "#cite/../etc/passwd/0123456789abcdef/1/2",
        "#else/a/0123456789abcdef/1/2",
        "#cite/a/0123456789abcdef/١/2",
        f"#cite/{'a' * MAX_REFERENCE_CHARS}/0123456789abcdef/1/2",
    ],
)
def test_a_malformed_link_is_refused(href: str) -> None:
    with pytest.raises(ValueError, match="not a reference"):
        Reference.parse(href)


def test_a_place_has_a_permanent_link_with_its_version() -> None:
    assert Reference("cite", "a/b c&d.txt", "0123456789abcdef", 3, 9).permalink == (
        "?doc=a%2Fb%20c%26d.txt&at=3-9&v=0123456789abcdef"
    )
    assert Reference("cite", "a", "", 3, 9).permalink == "?doc=a&at=3-9"


def test_a_link_may_mean_whatever_version_there_is_and_the_whole_document() -> None:
    assert Reference.parse("#cite/a/-/3/9") == Reference("cite", "a", "", 3, 9)
    assert Reference.parse("#near/a/-/0/0") == Reference("near", "a", "", 0, 0)
