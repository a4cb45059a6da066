"""Our number in the subject of a mail, and what mail programs put in front of it."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, strategies as st

from poc_tui.rules.mail.subject import bare, has_number, is_forward, number_in, token

KEY = "the secret of this store"


def test_the_number_is_found_and_proved_as_it_is_written() -> None:
    assert re.fullmatch(r"\[#1042-[0-9a-hjkmnp-tv-z]{4}\]", token(1042, KEY))
    assert number_in(f"AW: Rechnung 4711 {token(1042, KEY)}", KEY) == (1042, True)


@given(st.integers(1, 10**18 - 1), st.text(max_size=40), st.text(max_size=40))
def test_the_number_is_found_wherever_it_stands(number: int, before: str, after: str) -> None:
    named = token(number, KEY)
    assert number_in(f"{before}{named}{after}".replace("[#]", ""), KEY) == (number, True)
    assert number_in(f"{named} {before.replace('[', '(')}", KEY) == (number, True)


def test_a_number_alone_proves_nothing_nor_do_the_signs_of_another_number_or_desk() -> None:
    assert number_in("Re: Invoice [#1042]", KEY) == (1042, False)
    stolen = token(1042, KEY).replace("1042", "1043")
    assert number_in(f"Re: Invoice {stolen}", KEY) == (1043, False)
    assert number_in(f"Re: Invoice {token(1042, 'of another store')}", KEY) == (1042, False)
    assert number_in(f"Re: Invoice {token(1042, KEY)[:-2]}]", KEY) == (1042, False)


def test_the_signs_of_a_number_are_as_good_as_random() -> None:
    signs = {token(number, KEY).partition("-")[2] for number in range(1, 2001)}
    assert len(signs) > 1990
    assert {sign for each in signs for sign in each[:-1]} == set("0123456789abcdefghjkmnpqrstvwxyz")


def test_the_signs_are_read_as_a_person_types_them() -> None:
    number = next(n for n in range(1, 99) if {*"01"} & {*token(n, KEY).partition("-")[2]})
    head, dash, signs = token(number, KEY).partition("-")
    typed = head + dash + signs.upper().replace("0", "O").replace("1", "l")
    assert number_in(f"RE: {typed}", KEY) == (number, True)


@pytest.mark.parametrize(
    "subject",
    [
        "",
        "#1042",
        "[1042]",
        "[# 1042]",
        "[#1042",
        "[#10x42]",
        "[#0]",
        "[#0042]",
        "[#-1]",
        "[#1042-]",
        "[#1042-k7f3k7f3k7]",
        "[#1234567890123456789]",
        "[#１０４２]",
        "(#1042)",
    ],
)
def test_what_only_looks_like_a_number_of_ours_is_none(subject: str) -> None:
    assert number_in(subject, KEY) is None
    assert not has_number(subject)


def test_of_several_numbers_the_last_one_that_is_proved_counts_else_the_last() -> None:
    assert number_in("[#9981] Re: Invoice [#1042]", KEY) == (1042, False)
    ours, theirs = token(1042, KEY), token(77, "of another desk")
    for subject in (f"{ours} Re: Invoice {theirs}", f"{theirs} Re: Invoice {ours}"):
        assert number_in(subject, KEY) == (1042, True)


def test_a_subject_that_tries_many_signs_tries_no_more_than_a_few() -> None:
    guesses = " ".join([token(7, KEY), *(f"[#7-{n:04}]" for n in range(50))])
    assert number_in(guesses, KEY) == (7, False)


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Invoice 4711", "Invoice 4711"),
        ("Re: Invoice 4711", "Invoice 4711"),
        ("RE: re: Re:Invoice", "Invoice"),
        ("RE[2]: Invoice", "Invoice"),
        ("Re(3): Invoice", "Invoice"),
        ("AW: WG: Rechnung", "Rechnung"),
        ("Antw: Antwort: Rechnung", "Rechnung"),
        ("SV: VS: Faktura", "Faktura"),
        ("Fwd: FW: TR: RV: Factura", "Factura"),
        ("Re : Invoice", "Invoice"),
        ("Re： Invoice", "Invoice"),
        ("[#1042] Re: Invoice", "Invoice"),
        ("Re: Invoice [#1042-k7f3]", "Invoice"),
        ("Re: [#1042] AW: Invoice [#1042]", "Invoice"),
        ("Re: Invoice\r\n and more", "Invoice and more"),
        ("Repair: the lift", "Repair: the lift"),
        ("Re", "Re"),
        ("Re:", ""),
        ("", ""),
        ("Invoice Re: order", "Invoice Re: order"),
        ("[list] Re: patch", "[list] Re: patch"),
    ],
)
def test_prefixes_and_numbers_come_off(subject: str, expected: str) -> None:
    assert bare(subject) == expected
    assert bare(bare(subject)) == expected


@pytest.mark.parametrize(
    ("subject", "expected"),
    [
        ("Fwd: Invoice", True),
        ("WG: AW: Rechnung", True),
        ("TR: Facture", True),
        ("[#1042] FW: Invoice", True),
        ("Re: Fwd: Invoice", False),
        ("AW: Rechnung", False),
        ("Forward: Invoice", False),
        ("", False),
    ],
)
def test_a_forward_is_told_by_its_first_prefix(subject: str, expected: bool) -> None:
    assert is_forward(subject) is expected


@pytest.mark.parametrize(
    "subject", ["re:" * 300_000, " " * 900_000, "[#" * 400_000, "re[" * 300_000]
)
def test_a_subject_without_end_is_looked_through(subject: str) -> None:
    """What is quadratic in its length would take minutes."""
    bare(subject)
    assert number_in(subject, KEY) is None
    assert not is_forward(subject)
