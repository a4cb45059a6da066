"""The texts of the chase ladder: what stands in for a placeholder, and what does not."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from poc_tui.rules.template import PLACEHOLDERS, fill, unknown
from poc_tui.settings.levels_file import starter

VALUES = {
    "customer": "Meyer AG",
    "question": "Is {customer} the {due} one? {{yes}} 100 %",
    "due": "Mon 09:00",
}


@pytest.mark.parametrize(
    ("template", "filled"),
    [
        ("For {customer}, due {due}.", "For Meyer AG, due Mon 09:00."),
        ("{customer}{customer}", "Meyer AGMeyer AG"),
        ("{{customer}}", "{customer}"),
        ("{{{customer}}}", "{Meyer AG}"),
        ("{{}}", "{}"),
        ("{{{{", "{{"),
        ("{nobody} and {customer}", "{nobody} and Meyer AG"),
        ("{Customer} {customer.upper} {customer[0]} {customer!r} {0} {}",) * 2,
        ("a { b } c } d {", "a { b } c } d {"),
        ("{cust\nomer}", "{cust\nomer}"),
        ("100 % of %s and $due", "100 % of %s and $due"),
        ("", ""),
    ],
)
def test_a_placeholder_becomes_its_value_and_all_else_stays(template: str, filled: str) -> None:
    assert fill(template, VALUES) == filled


def test_braces_in_the_words_of_a_customer_mean_nothing() -> None:
    assert fill("Asked: {question}", VALUES) == "Asked: Is {customer} the {due} one? {{yes}} 100 %"


@given(st.text(alphabet="{}ab \n"), st.text(alphabet="{}ab \n"))
def test_no_text_is_refused_and_a_value_is_put_in_as_it_is(around: str, value: str) -> None:
    fill(around, {"a": value})
    before, after = around.replace("{", "("), around.replace("}", ")").replace("{", "(")
    assert fill(f"{before.replace('}', ')')}{{a}}{after}", {"a": value}) == (
        f"{before.replace('}', ')')}{value}{after}"
    )


@given(st.text(alphabet="{}ab \n"))
def test_doubled_braces_give_any_text_back(text: str) -> None:
    assert fill(text.replace("{", "{{").replace("}", "}}"), {"a": "x", "b": "y"}) == text


def test_unknown_placeholders_are_named_once_in_their_order() -> None:
    template = "{due} {custmer} {customer} {x y} {{fine}} {} {custmer} {{{z}}}"
    assert unknown(template, PLACEHOLDERS) == ["custmer", "x y", "", "z"]


def test_the_shipped_texts_are_short_and_filled_without_a_rest() -> None:
    ladder = starter().ladder
    values = {name: f"<{name}>" for name in PLACEHOLDERS}
    for rung in ladder:
        assert unknown(rung.words, PLACEHOLDERS) == []
        assert 3 <= len(rung.words.splitlines()) <= 6
        filled = fill(rung.words, values)
        assert "{" not in filled
        for needed in ("person", "number", "question", "due", "me"):
            assert f"<{needed}>" in filled, f"{rung.template} does not say {needed}"
