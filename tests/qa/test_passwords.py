from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.errors import SettingsError
from qa.passwords import Secret, account_line, parse_name, parse_password

SALT, KEY = "TEh8xthqzsNz9xxPDcwYcw==", "yp5vMKc9QNid7caOlKAHW32azb6JmiVLiUa58y2wFFs="


@settings(max_examples=5, deadline=None)  # one takes a quarter of a second
@given(st.text())
def test_a_password_opens_what_was_made_of_it_and_no_other_does(password: str) -> None:
    kept = Secret.parse(str(Secret.of(password)))
    assert kept.matches(password)
    assert not kept.matches(f"{password}.")


def test_the_same_password_is_never_kept_the_same_way() -> None:
    first, second = account_line("ada", "correct horse", owner=True), account_line("ada", "correct horse", owner=True)
    assert first != second
    assert "correct horse" not in first
    assert first.startswith("ada:scrypt$")
    assert first.endswith(":owner")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "secret",
        f"md5$32768$8$3${SALT}${KEY}",
        f"scrypt$32768$8$3${SALT}",
        f"scrypt$1024$8$3${SALT}${KEY}",  # guessed too cheaply
        f"scrypt$1073741824$8$3${SALT}${KEY}",  # would take all memory
        f"scrypt$32769$8$3${SALT}${KEY}",
        f"scrypt$32768$8$1000000${SALT}${KEY}",
        f"scrypt$32768$999$3${SALT}${KEY}",
        f"scrypt$32768$8$3${SALT}${KEY[:20]}",
        f"scrypt$32768$8$3$ä${KEY}",
        f"scrypt$many$8$3${SALT}${KEY}",
    ],
)
def test_what_is_no_secret_or_would_cost_too_little_or_too_much_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        Secret.parse(text)


@pytest.mark.parametrize("name", ["ada", "a", "Ada Lovelace", "ada@example.org", "Jürgen", "x" * 64])
def test_a_name_can_be_what_people_are_called(name: str) -> None:
    assert parse_name(name) == name


@pytest.mark.parametrize("name", ["", " ada", "ada ", "#ada", "a:b", "a\nb", "x" * 65, "a\u202eb"])
def test_a_name_that_a_line_could_not_hold_is_refused(name: str) -> None:
    with pytest.raises(SettingsError, match="cannot name an account"):
        parse_name(name)


def test_a_password_that_is_soon_guessed_is_refused_without_being_shown() -> None:
    with pytest.raises(SettingsError, match="9 characters") as caught:
        parse_password("hunter2!!")
    assert "hunter" not in str(caught.value)
