"""Our number in the subject of a mail, and what mail programs put in front of it."""

from __future__ import annotations

import pytest
from hypothesis import given, strategies as st

from poc_tui.rules.mail.subject import bare, is_forward, number_in, token


def test_the_number_is_found_as_it_is_written() -> None:
    assert token(1042) == "[#1042]"
    assert number_in(f"AW: Rechnung 4711 {token(1042)}") == 1042


@given(st.integers(1, 10**18 - 1), st.text(max_size=40), st.text(max_size=40))
def test_the_number_is_found_wherever_it_stands(number: int, before: str, after: str) -> None:
    assert number_in(f"{before}{token(number)}{after}".replace("[#]", "")) is not None
    assert number_in(f"{token(number)} {before.replace('[', '(')}") == number


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
        "[#1234567890123456789]",
        "[#１０４２]",
        "(#1042)",
    ],
)
def test_what_only_looks_like_a_number_of_ours_is_none(subject: str) -> None:
    assert number_in(subject) is None


def test_of_several_numbers_the_last_one_counts() -> None:
    assert number_in("[#9981] Re: Invoice [#1042]") == 1042


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
    assert number_in(subject) is None
    assert not is_forward(subject)
