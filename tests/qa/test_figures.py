from __future__ import annotations

from qa.figures import decimal, number, table


def test_numbers_are_written_as_the_language_writes_them() -> None:
    assert (number(0.625, "en", 3), number(0.625, "de", 3), number(14, "de", 0)) == ("0.625", "0,625", "14")
    assert (decimal("0.8", "en"), decimal("0.8", "de")) == ("0.8", "0,8")


def test_a_table_names_its_columns_and_rows_and_can_be_scrolled_by_keyboard() -> None:
    shown = table(["measure", "<b>"], [["recall", "1"]], 'a "label"')
    assert '<th scope="col">measure</th><th scope="col">&#60;b&#62;</th>' in shown
    assert '<tr><th scope="row">recall</th><td>1</td></tr>' in shown
    assert 'tabindex="0" aria-label="a &#34;label&#34;"' in shown
