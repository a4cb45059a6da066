"""The fixed words around what a person wrote, and when a mail is tried again."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from poc_tui.rules.mail import outgoing_text
from poc_tui.rules.mail.address import ascii_address, ascii_domain
from poc_tui.rules.mail.outgoing_text import Quotation
from poc_tui.rules.mail.retries import GIVE_UP_AFTER, next_try, until_reachable
from poc_tui.rules.mail.subject import number_in, token

BERLIN = ZoneInfo("Europe/Berlin")
MONDAY = datetime(2026, 11, 23, 8, 12, tzinfo=UTC)
KEY = "the secret of this store"
TOKEN = token(1042, KEY)
DUE = datetime(2026, 11, 24, 14, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("words", "reply", "expected"),
    [
        ("Invoice 4711", False, "Invoice 4711 {}"),
        ("Invoice 4711", True, "Re: Invoice 4711 {}"),
        ("AW: Re: Invoice 4711 [#1042]", True, "Re: Invoice 4711 {}"),
        ("Re: [#7] Invoice", True, "Re: Invoice {}"),
        ("Re:", True, "Re: {}"),
        ("", False, "{}"),
        ("two\r\nBcc: x@y.example", True, "Re: two Bcc: x@y.example {}"),
        ("a\u2028b\x85c\x0bd\x00e", False, "a b c d\ufffde {}"),
        ("Grüße 🎉", True, "Re: Grüße 🎉 {}"),
    ],
)
def test_a_subject_is_one_line_with_one_token(words: str, reply: bool, expected: str) -> None:
    assert outgoing_text.subject(words, TOKEN, reply=reply) == expected.format(TOKEN)


@given(st.text(max_size=500), st.booleans())
def test_every_subject_is_short_names_the_request_and_has_no_control(
    words: str, reply: bool
) -> None:
    subject = outgoing_text.subject(words, TOKEN, reply=reply)
    assert number_in(subject, KEY) == (1042, True)
    assert len(subject.splitlines()) == 1
    assert len(subject) <= 9 * (outgoing_text.LONGEST_SUBJECT + 20)
    assert not any(ord(char) < 32 or 127 <= ord(char) < 160 for char in subject)


def test_an_answer_is_what_was_said_then_who_said_it_then_what_it_answers() -> None:
    said = Quotation("Meyer AG", MONDAY, "12 units?\n> 10, I said\n\nRegards\n")
    assert outgoing_text.answer("It was 10.\n", "Service\n", said, BERLIN) == (
        "It was 10.\n\n-- \nService\n\n"
        "On Mon 23 Nov 2026 at 09:12, Meyer AG wrote:\n"
        "> 12 units?\n>> 10, I said\n>\n> Regards"
    )


@pytest.mark.parametrize("signature", ["", "\n", "  "])
def test_without_a_signature_there_is_no_line_for_it(signature: str) -> None:
    assert outgoing_text.answer("It was 10.", signature, None, BERLIN) == "It was 10."


@pytest.mark.parametrize("signature", ["-- \nService", "--\nService"])
def test_a_signature_that_brings_its_line_gets_no_second_one(signature: str) -> None:
    assert outgoing_text.answer("Yes.", signature, None, BERLIN) == f"Yes.\n\n{signature}"


def test_a_long_letter_is_quoted_in_part() -> None:
    said = Quotation("", MONDAY, "line\n" * 1000)
    lines = outgoing_text.answer("Yes.", "", said, BERLIN).split("\n")
    assert lines[2] == "On Mon 23 Nov 2026 at 09:12, the customer wrote:"
    assert lines[3:] == ["> line"] * outgoing_text.MOST_QUOTED + ["> [...]"]
    endless = outgoing_text.answer("Yes.", "", Quotation("", MONDAY, "x" * 1_000_000), BERLIN)
    assert len(endless) < 50_000
    assert endless.endswith("\n> [...]")


def test_what_is_quoted_is_harmless() -> None:
    said = Quotation("Meyer\r\nAG\x1b[2J", MONDAY, "a\rb\x1b]52;c;eA==\x07\x00c\u202ed")
    quoted = outgoing_text.answer("Yes.", "", said, BERLIN)
    assert quoted == "Yes.\n\nOn Mon 23 Nov 2026 at 09:12, Meyer AG wrote:\n> a\n> b\ufffdcd"


def test_a_forward_says_by_when_for_whom_and_what_the_customer_said() -> None:
    words = [Quotation("Meyer AG", MONDAY, "12 units?"), Quotation("Meyer AG", MONDAY, "Hello?")]
    question = "Delivery note right?"
    assert outgoing_text.forward(question, TOKEN, "Meyer AG", DUE, words, "Service", BERLIN) == (
        "Delivery note right?\n\n"
        "An answer for Meyer AG is needed by Tue 24 Nov 15:00.\n\n"
        "On Mon 23 Nov 2026 at 09:12, Meyer AG wrote:\n> 12 units?\n\n"
        "On Mon 23 Nov 2026 at 09:12, Meyer AG wrote:\n> Hello?\n\n"
        f"Please reply to this mail; your answer then reaches request {TOKEN}.\n\n"
        "-- \nService"
    )


def test_a_forward_does_not_say_twice_what_the_question_says() -> None:
    said = Quotation("", MONDAY, "Where is my order?")
    text = outgoing_text.forward("Where is my order?", TOKEN, "", DUE, [said], "", BERLIN)
    assert text.count("Where is my order?") == 1
    assert "An answer is needed by Tue 24 Nov 15:00." in text


def test_a_chase_repeats_the_question_only_where_its_words_do_not() -> None:
    own = outgoing_text.chase(
        "Any news?", 1042, TOKEN, "Glue", "Delivery note\nright?", "Me", "Service"
    )
    assert own == (
        "Any news?\n\nThe question was:\n> Delivery note\n> right?\n\n"
        f"Please reply to this mail; your answer then reaches request {TOKEN}.\n\n-- \nService"
    )
    template = outgoing_text.chase(
        "Reminder:\nright?\nThank you.", 1042, TOKEN, "Glue", "right?", "Me", ""
    )
    assert template.count("right?") == 1


def test_a_chase_is_headed_by_its_subject_alone_and_signed_once() -> None:
    about = "Where is the glue, " * 20
    words = f"Reminder: request #7, {about[:110]}…\nHello Workshop,\nright?\nThe point of contact"
    signed = outgoing_text.chase(
        words, 7, TOKEN, about, "right?", "The point of contact", "Service"
    )
    assert signed.startswith("Hello Workshop,\nright?\n\nPlease reply")
    assert signed.endswith("\n-- \nService")
    assert "The point of contact" not in signed
    unsigned = outgoing_text.chase(words, 7, TOKEN, about, "right?", "The point of contact", "")
    assert unsigned.startswith("Hello Workshop,\nright?\nThe point of contact")


def test_the_first_line_of_a_chase_stays_where_it_says_more_than_the_subject() -> None:
    for words in ("Glue #7?\nIt is late.", "Hello,\nGlue?", "Reminder: request #7, Glue again"):
        about = "Glue again"
        assert outgoing_text.chase(words, 7, TOKEN, about, "?", "", "").startswith(
            words.partition("\n")[0]
        )


@pytest.mark.parametrize(
    ("written", "on_the_way"),
    [
        ("poc.example", "poc.example"),
        ("POC.Example", "poc.example"),
        ("bäckerei.example", "xn--bckerei-5wa.example"),
        ("BÄCKEREI.example", "xn--bckerei-5wa.example"),
        ("ba\u0308ckerei.example", "xn--bckerei-5wa.example"),
        ("straße.example", "xn--strae-oqa.example"),
        ("例え.テスト", "xn--r8jz45g.xn--zckzah"),
    ],
)
def test_a_domain_is_written_as_idna_2008_has_it(written: str, on_the_way: str) -> None:
    assert ascii_domain(written) == on_the_way
    assert ascii_address(f"Öl+x@{written}") == f"Öl+x@{on_the_way}"


def test_a_mail_is_tried_for_five_days_with_growing_pauses() -> None:
    waited, tries, pauses = timedelta(0), 0, []
    while (pause := next_try(tries + 1, waited)) is not None:
        tries, waited = tries + 1, waited + pause
        pauses.append(pause)
    minutes = [pause / timedelta(minutes=1) for pause in pauses]
    assert minutes[:6] == [1, 5, 15, 60, 240, 480]
    assert set(minutes[6:]) == {480}
    assert GIVE_UP_AFTER <= waited < GIVE_UP_AFTER + timedelta(hours=8)


def test_what_waited_for_days_offline_is_tried_more_than_once() -> None:
    waited, tries = timedelta(days=9), 0
    while next_try(tries + 1, waited) is not None:
        tries += 1
    assert tries == 6


def test_an_unreachable_server_is_asked_again_within_ten_minutes() -> None:
    minutes = [until_reachable(timedelta(minutes=m)) / timedelta(minutes=1) for m in range(60)]
    assert minutes == sorted(minutes)
    assert (minutes[0], minutes[-1]) == (1, 10)
    assert set(minutes) == {1, 2, 5, 10}
