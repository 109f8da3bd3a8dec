from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.documents import Listing
from qa.spread import spread

LISTINGS = st.lists(
    st.builds(
        Listing,
        id=st.text(min_size=1),
        title=st.just("t"),
        lang=st.sampled_from(["de", "en", "fr"]),
        source=st.sampled_from(["a", "b", None]),
        published=st.sampled_from(["2020-01-02", "2021", None]),
        chunks=st.just(1),
    ),
    unique_by=lambda one: one.id,
    max_size=30,
)


@given(LISTINGS, st.integers())
def test_every_document_comes_once_and_the_order_is_the_seeds_alone(listings: list[Listing], seed: int) -> None:
    order = list(spread(listings, seed))
    assert sorted(order, key=lambda one: one.id) == sorted(listings, key=lambda one: one.id)
    assert list(spread(reversed(listings), seed)) == order


@given(LISTINGS, st.integers())
def test_languages_take_turns(listings: list[Listing], seed: int) -> None:
    langs = {one.lang for one in listings}
    assert {one.lang for one in list(spread(listings, seed))[: len(langs)]} == langs


def test_outlets_and_years_take_turns_and_another_seed_samples_otherwise() -> None:
    many = [Listing(f"{n}", "t", "de", "a", "2020", 1) for n in range(50)]
    few = [Listing("b", "t", "de", "b", "2020", 1), Listing("old", "t", "de", "a", "1999", 1)]
    first = [one.id for one in spread([*many, *few], 1)][:4]
    assert {"b", "old"} <= set(first)
    assert [one.id for one in spread(many, 1)] != [one.id for one in spread(many, 2)]
