"""Mails of mail programs: what did not arrive and why, who is away, what was read."""

from __future__ import annotations

import pytest

from poc_tui.mail.message.parse import parse
from poc_tui.mail.worker.wire import from_json, to_json
from poc_tui.rules.mail.message import Mail, Nature
from tests.helpers.raw_mail import mixed, read

POSTFIX = """Return-Path: <>
From: MAILER-DAEMON@mx.example (Mail Delivery System)
Subject: Undelivered Mail Returned to Sender
Auto-Submitted: auto-replied
Content-Type: multipart/report; report-type=delivery-status;
\tboundary="B/mx.example"

This is a MIME-encapsulated message.

--B/mx.example
Content-Description: Notification
Content-Type: text/plain; charset=us-ascii

This is the mail system at host mx.example.

<nobody@meyer.example>: host mail.meyer.example said: 550 5.1.1 no such user

--B/mx.example
Content-Description: Delivery report
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.example
X-Postfix-Queue-ID: B

Final-Recipient: rfc822; nobody@meyer.example
Action: {action}
Status: 5.1.1
Remote-MTA: dns; mail.meyer.example
Diagnostic-Code: smtp; 550 5.1.1 no such user

--B/mx.example
Content-Description: Undelivered Message
Content-Type: {returned}

Message-ID: <out-1@firm.example>
From: desk@firm.example
Subject: Your order

--B/mx.example--
"""


@pytest.mark.parametrize("returned", ["message/rfc822", "text/rfc822-headers"])
def test_a_bounce_says_what_and_why(returned: str) -> None:
    got = parse(POSTFIX.format(action="failed", returned=returned).encode())
    assert got.nature is Nature.BOUNCE
    assert got.bounced == ("out-1@firm.example",)
    assert got.bounce_why == "nobody@meyer.example: 550 5.1.1 no such user"
    assert got.text.startswith("This is the mail system")


def test_a_delay_is_no_bounce() -> None:
    got = parse(POSTFIX.format(action="delayed", returned="message/rfc822").encode())
    assert (got.nature, got.bounced) == (Nature.AUTO_REPLY, ("out-1@firm.example",))
    assert got.bounce_why == "delayed: nobody@meyer.example: 550 5.1.1 no such user"


def test_a_bounce_of_exchange_says_what_and_why() -> None:
    got = parse(
        b"From: postmaster@meyer.example\nSubject: Undeliverable: Your order\n"
        b'Content-Type: multipart/report; report-type=delivery-status; boundary="x"\n\n'
        b'--x\nContent-Type: multipart/alternative; boundary="y"\n\n'
        b"--y\nContent-Type: text/html; charset=us-ascii\n\n<p>Your message wasn't delivered.</p>\n"
        b"--y--\n--x\nContent-Type: message/delivery-status\n\n"
        b"Reporting-MTA: dns;mx.meyer.example\r\n\r\nFinal-Recipient: rfc822;box@meyer.example\r\n"
        b"Action: failed\r\nStatus: 5.2.2\r\nDiagnostic-Code: smtp;554 5.2.2 mailbox\r\n full\r\n"
        b"\n--x\nContent-Type: message/rfc822\n\nMessage-ID: <out-2@firm.example>\n\nwords\n--x--\n"
    )
    assert got.bounced == ("out-2@firm.example",)
    assert got.bounce_why == "box@meyer.example: 554 5.2.2 mailbox full"
    assert got.text == "Your message wasn't delivered."


def test_a_bounce_without_structure_is_read_from_its_words() -> None:
    got = parse(
        b"Return-Path: <>\nFrom: Mail Delivery System <Mailer-Daemon@mx.example>\n"
        b"Subject: Mail delivery failed\n\nA message that you sent could not be delivered.\n\n"
        b"  nobody@meyer.example\n    550 unknown user\n\n------ This is a copy ------\n\n"
        b"From: desk@firm.example\nMessage-Id: <out-3@firm.example>\nSubject: Your order\n\nwords\n"
    )
    assert (got.nature, got.bounced) == (Nature.BOUNCE, ("out-3@firm.example",))
    assert got.bounce_why == "550 unknown user"


def test_a_note_of_absence_is_an_automatic_reply() -> None:
    got = read(
        "Subject: Automatische Antwort: Ihre Bestellung\nIn-Reply-To: <out-1@firm.example>\n"
        "X-Auto-Response-Suppress: All\nAuto-Submitted: auto-generated\nList-Id: <x.example>",
        "Ich bin bis Montag nicht da.",
    )
    assert (got.nature, got.refs) == (Nature.AUTO_REPLY, ("out-1@firm.example",))


def test_a_read_receipt_is_an_automatic_reply() -> None:
    got = mixed(
        "Content-Type: text/plain\n\nYour message was read.",
        "Content-Type: message/disposition-notification\n\nDisposition: displayed",
        kind="report; report-type=disposition-notification; boundary=x",
    )
    assert (got.nature, got.text) == (Nature.AUTO_REPLY, "Your message was read.")


def test_a_mail_goes_through_the_pipe_unchanged() -> None:
    got = parse(POSTFIX.format(action="failed", returned="message/rfc822").encode())
    assert from_json(to_json(got)) == got
    assert from_json(to_json(Mail())) == Mail()
