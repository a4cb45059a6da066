"""What is pasted becomes a request: its subject, its text, and who wrote where it is a mail."""

from __future__ import annotations

import pytest

from poc_tui.rules.mail.pasted import Pasted, taken_apart

MAIL = """\
From: Anna Meyer <anna@meyer.example>
Sent: Monday, 23 November 2026 09:02
To: desk@poc.example
Subject: AW: Invoice 4711

It shows 12 units.

We got 10.
"""


@pytest.mark.parametrize(
    ("pasted", "subject", "text"),
    [
        ("Invoice 4711 is wrong", "Invoice 4711 is wrong", ""),
        ("\n \nInvoice 4711\nit is 12\n\nwe got 10\n", "Invoice 4711", "it is 12\n\nwe got 10"),
        ("one\rtwo\r\nthree", "one", "two\nthree"),
        ("Note: call back\nSubject: money", "Note: call back", "Subject: money"),
        ("From: here to there", "From: here to there", ""),
        ("From: nobody\n\nwho writes?", "From: nobody", "who writes?"),
        (" \n\n", "", ""),
    ],
)  # fmt: skip
def test_the_first_line_is_the_subject_and_the_rest_the_text(
    pasted: str, subject: str, text: str
) -> None:
    found = taken_apart(pasted)
    assert (found.subject, found.text.strip("\n"), found.sender) == (subject, text, "")


def test_of_a_mail_the_header_says_subject_and_sender() -> None:
    words = "It shows 12 units.\n\nWe got 10."
    assert taken_apart(MAIL) == Pasted("Invoice 4711", words, "anna@meyer.example")
    assert taken_apart(MAIL.replace("\n", "\r\n")) == taken_apart(MAIL)


def test_a_mail_is_known_as_german_programs_show_it() -> None:
    pasted = "Von: Bäckerei Ott\nGesendet: gestern\nBetreff: Wo bleibt\n  die Lieferung?\n\nGruß"
    assert taken_apart(pasted) == Pasted("Wo bleibt die Lieferung?", "Gruß", "Bäckerei Ott")


def test_a_line_that_is_too_long_for_a_subject_stays_whole_in_the_text() -> None:
    line = "word " * 100
    found = taken_apart(f"{line}\nmore")
    assert found.subject.endswith("…")
    assert len(found.subject) <= 200
    assert found.text == f"{line.strip()}\n\nmore"


def test_nothing_of_a_huge_paste_is_lost() -> None:
    pasted = "first\n" + "some words in a line\n" * 50_000
    assert taken_apart(pasted).text.count("some words in a line") == 50_000
