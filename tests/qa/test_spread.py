from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.documents import Listing
from qa.spread import STRETCHES, spread

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


def test_a_small_outlet_is_heard_and_every_stretch_of_time() -> None:
    many = [Listing(f"{n}", "t", "de", "a", f"{2000 + n // 10}", 1) for n in range(100)]
    few = [Listing("b", "t", "de", "b", "2020", 1)]
    assert "b" in [one.id for one in spread([*many, *few], 1)][:2]
    years = {int(one.published or "") for one in list(spread(many, 1))[:STRETCHES]}
    assert min(years) <= 2001
    assert max(years) >= 2008
    assert len(years) == STRETCHES


def test_another_seed_samples_otherwise() -> None:
    many = [Listing(f"{n}", "t", "de", "a", "2020", 1) for n in range(50)]
    assert [one.id for one in spread(many, 1)] != [one.id for one in spread(many, 2)]
