from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ui import limits
from ui.limits import Limiter


class Clock:
    def __init__(self) -> None:
        self.now = 1000.0

    def __call__(self) -> float:
        return self.now


def test_a_client_may_ask_so_often_then_waits_as_long_as_it_was_told() -> None:
    clock = Clock()
    limiter = Limiter(30, clock)
    assert [limiter.take("ada") for _ in range(30)] == [0] * 30
    assert limiter.take("ada") == 2
    assert limiter.take("bob") == 0
    clock.now += 2
    assert limiter.take("ada") == 0
    assert limiter.take("ada") > 0


def test_refusals_cost_nothing() -> None:
    clock = Clock()
    limiter = Limiter(1, clock)
    limiter.take("ada")
    for _ in range(10):
        assert limiter.take("ada") > 0
    clock.now += 60
    assert limiter.take("ada") == 0


def test_what_is_given_back_can_be_taken_again_and_no_more_than_that() -> None:
    limiter = Limiter(2, Clock())
    limiter.take("ada")
    for _ in range(5):
        limiter.give_back("ada")
    assert [limiter.take("ada") > 0 for _ in range(3)] == [False, False, True]


def test_zero_is_no_limit() -> None:
    limiter = Limiter(0, Clock())
    assert not any(limiter.take("ada") for _ in range(1000))


@given(st.integers(1, 100), st.lists(st.floats(0, 5), max_size=200))
def test_no_minute_ever_sees_more_than_twice_the_limit(per_minute: int, pauses: list[float]) -> None:
    clock = Clock()
    limiter = Limiter(per_minute, clock)
    times = []
    for pause in pauses:
        clock.now += pause
        if not limiter.take("ada"):
            times.append(clock.now)
    assert all(sum(start <= time < start + 60 for time in times) <= 2 * per_minute for start in times)


def test_those_who_were_quiet_longest_are_forgotten_first() -> None:
    limiter = Limiter(1, Clock())
    for number in range(limits._MOST_CLIENTS + 5):
        limiter.take(str(number))
    assert len(limiter._buckets) == limits._MOST_CLIENTS
    assert limiter.take(str(limits._MOST_CLIENTS)) > 0
    assert limiter.take("0") == 0
