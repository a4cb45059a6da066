"""What became of our mails, told by reports from which providers took the ids that we gave."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest

from poc_tui.models.values import Resolution
from poc_tui.rules.mail.message import MailPolicy
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries.reader import Reader
from tests.helpers import standing
from tests.helpers.letters import CUSTOMER, DESK, WORKSHOP, Letters
from tests.helpers.mail_setup import account_policy

CASES = Path(__file__).parents[3] / "shared/cases"

beside = pytest.mark.skipif(
    not CASES.is_dir(), reason="the cases lie beside the repository, in ../shared/cases, or nowhere"
)

REPORT = """Return-Path: <>
From: {sender}
To: desk@poc.example
Subject: {subject}
Message-ID: <report@net.example>
MIME-Version: 1.0
Content-Type: multipart/report; report-type=delivery-status; boundary="r"

--r
Content-Type: text/plain; charset=utf-8

{text}
--r
Content-Type: message/delivery-status

Reporting-MTA: dns; mx.net.example

Final-Recipient: rfc822; {recipient}
Action: {action}
Status: {status}
--r
Content-Type: {returned_as}

{returned}
--r--
"""


@pytest.fixture
def mail_policy() -> MailPolicy:
    return account_policy(DESK, (DESK,), sends=True)


@pytest.fixture
def letters(path: str, desk: Desk, reader: Reader, clock: FixedClock) -> Iterator[Letters]:
    opened = Letters(path, desk, reader, clock)
    opened.asked()
    opened.answered()
    opened.sent()
    yield opened
    broken = standing.broken_now(opened.connection)
    opened.connection.close()
    assert broken == []


def report(**given: str) -> bytes:
    usual = {
        "sender": "MAILER-DAEMON@net.example", "subject": "Delivery Status Notification (Failure)",
        "text": "An error.", "recipient": CUSTOMER, "action": "failed", "status": "5.1.1",
        "returned_as": "text/rfc822-headers", "returned": "Message-ID: <0102@provider.example>",
    }  # fmt: skip
    return REPORT.format(**usual | given).encode()


RETURNED = [
    "Message-ID: <{answer}>",
    # Amazon SES and others give an id of their own.
    "Message-ID: <0102@eu.amazonses.com>\nIn-Reply-To: <{first}>\nTo: {customer}",
    "Message-ID: <0102@eu.amazonses.com>\nReferences: <x@y> <{first}>",
    "Message-ID: <0102@eu.amazonses.com>\nSubject: Re: Filter {token}",
    "Message-ID: <0102@eu.amazonses.com>\nSubject: Re: Filter [#1]",
    "Message-ID: <new@exchange.example>\nX-Microsoft-Original-Message-ID: <{answer}>",
    "Message-ID: <new@gateway.example>\nX-Original-Message-ID:\n <{answer}>",
    "Message-ID: <new@gateway.example>\nFrom: Desk <desk@poc.example>",
    "Subject: something",
]


def named(letters: Letters, text: str) -> str:
    ((first,),) = letters.connection.execute("SELECT message_id FROM mail_read WHERE mail_id = 1")
    return text.format(
        answer=letters.ours("answer"), first=first, token=letters.token(), customer=CUSTOMER
    )


@pytest.mark.parametrize("returned", RETURNED)
@pytest.mark.parametrize("resolved", [False, True])
def test_an_answer_that_did_not_arrive_comes_back(
    letters: Letters, returned: str, resolved: bool
) -> None:
    if resolved:
        letters.desk.do(drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True), [1])
    letters.clock.advance(timedelta(hours=2))
    letters.bytes_came(report(returned=named(letters, returned)))
    request = letters.request()
    assert (request.state, request.court) == ("open", "me")
    last = request.activities[-1]
    assert (last.event, last.text) == ("not-delivered", f"{CUSTOMER}: {CUSTOMER}: 5.1.1")
    assert last.outgoing is None
    states = letters.connection.execute("SELECT kind, state FROM outbox ORDER BY id").fetchall()
    assert states == [("forward", "sent"), ("answer", "failed")]


@pytest.mark.parametrize("returned", RETURNED[:-2])
def test_a_delay_is_noted_and_moves_nothing(letters: Letters, returned: str) -> None:
    letters.desk.do(drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True), [1])
    before = letters.request()
    about = named(letters, returned)
    letters.bytes_came(report(action="delayed", status="4.4.1", returned=about))
    after = letters.request()
    assert (after.state, after.resolved_at, after.touched_at) == (
        before.state, before.resolved_at, before.touched_at,
    )  # fmt: skip
    last = after.activities[-1]
    assert (last.event, last.text) == ("auto-replied", f"delayed: {CUSTOMER}: 4.4.1")
    assert letters.aside() == []


def test_a_delay_that_only_names_our_subject_in_its_text_is_noted(letters: Letters) -> None:
    """As Exim writes it: without a delivery status, and without the header of our mail."""
    text = (
        "A message that you sent has not yet been delivered to one or more of its\n"
        "recipients after more than 24 hours on the queue on mx.net.example.\n\n"
        "The message identifier is:     1tabcd-0001\n"
        f"The subject of the message is: Re: Filter {letters.token()}\n"
        "The address to which the message has not yet been delivered is:\n\n"
        f"  {CUSTOMER}\n\nNo action is required on your part."
    )
    sender = "Mail Delivery System <Mailer-Daemon@mx.net.example>"
    subject = "Warning: message 1tabcd-0001 delayed 24 hours"
    letters.came(sender, subject, text, "Return-Path: <>", "Auto-Submitted: auto-replied")
    assert letters.events()[-1] == "auto-replied"
    assert letters.aside() == []


def test_the_mail_that_was_for_that_recipient_is_the_one_that_failed(letters: Letters) -> None:
    letters.bytes_came(report(recipient=WORKSHOP.upper(), returned="Subject: Filter [#1]"))
    states = letters.connection.execute("SELECT kind, state FROM outbox ORDER BY id").fetchall()
    assert states == [("forward", "failed"), ("answer", "sent")]
    assert letters.request().activities[-1].department == "Technical"


def test_of_several_to_one_recipient_the_last_one_failed(letters: Letters) -> None:
    letters.clock.advance(timedelta(minutes=5))
    letters.desk.do(drafts.Answer("or the red one"), [1])
    letters.sent()
    for failed in (["failed"], ["failed", "failed"]):
        letters.bytes_came(report(text=f"{len(failed)}"))
        found = letters.connection.execute(
            "SELECT state FROM outbox WHERE kind = 'answer' ORDER BY id DESC"
        )
        assert [state for (state,) in found][: len(failed)] == failed


@pytest.mark.parametrize(
    "given",
    [
        {"recipient": "somebody@elsewhere.example"},
        # What another program of ours sent, or nobody of us.
        {"returned": "From: x@elsewhere.example\nSubject: Offer"},
        {"recipient": "", "text": f"It did not reach {CUSTOMER}."},
    ],
)
def test_a_report_on_somebody_else_s_mail_lies_aside(
    letters: Letters, given: dict[str, str]
) -> None:
    before = letters.events()
    letters.bytes_came(report(**given))
    assert letters.events() == before
    assert len(letters.aside()) == 1


def test_a_report_that_comes_weeks_later_is_about_something_else(letters: Letters) -> None:
    letters.clock.advance(timedelta(days=20))
    before = letters.events()
    letters.bytes_came(report())
    assert letters.events() == before


def test_a_mail_that_waits_to_be_sent_did_not_fail(letters: Letters) -> None:
    letters.connection.execute(
        "UPDATE outbox SET state = 'queued', sent_at = NULL, next_try_at = 0"
    )
    before = letters.events()
    letters.bytes_came(report())
    assert letters.events() == before


PLAIN = [
    # Our number in the subject, and whom it was for in the text.
    (
        "postmaster@meyer.example", "Undeliverable: Re: Filter [#1]",
        f"Delivery has failed to these recipients: {CUSTOMER}\n550 5.1.1 User unknown",
        "550 5.1.1 User unknown",
    ),
    # Exchange, which sends the header in the text.
    (
        "Microsoft Outlook <MicrosoftExchange329e71ec88ae4615bbc36ab6ce41109e@meyer.example>",
        "Unzustellbar: Re: Filter",
        f"Fehler bei der Nachrichtenzustellung an folgende Empfänger:\n{CUSTOMER}\n"
        "#550 5.1.10 RESOLVER.ADR.RecipientNotFound ##\n\nOriginal message headers:\n\n"
        "Received: from a by b\nSubject: Re: Filter\nMessage-ID: <{answer}>\n",
        "#550 5.1.10 RESOLVER.ADR.RecipientNotFound ##",
    ),
    (
        "Mail Delivery System <noreply@provider.example>", "Mail delivery failed",
        f"{CUSTOMER}\n  550 mailbox full\n\n> Message-ID: <x@provider.example>\n"
        "> In-Reply-To: <{first}>\n> Subject: Re: Filter\n",
        "550 mailbox full",
    ),
    (
        "MAILER-DAEMON@provider.example", "failure notice",
        f"Hi. This is the qmail-send program.\n\n<{CUSTOMER}>:\nno mailbox here by that name\n\n"
        "--- Below this line is a copy of the message.\n\nSubject: Re: Filter {token}\nTo: x\n",
        "no mailbox here by that name",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("sender", "subject", "text", "why"), PLAIN)
def test_a_report_without_structure(
    letters: Letters, sender: str, subject: str, text: str, why: str
) -> None:
    letters.came(sender, subject, named(letters, text), "Return-Path: <>")
    last = letters.request().activities[-1]
    assert (last.event, last.text) == ("not-delivered", f"{CUSTOMER}: {why}")


def test_a_read_receipt_is_noted_where_the_mail_was(letters: Letters) -> None:
    letters.bytes_came(
        f"From: {CUSTOMER}\nTo: {DESK}\nSubject: Gelesen: Re: Filter\nMessage-ID: <mdn@x>\n"
        'Content-Type: multipart/report; report-type=disposition-notification; boundary="r"\n\n'
        "--r\nContent-Type: text/plain\n\nIhre Nachricht wurde gelesen.\n--r\n"
        "Content-Type: message/disposition-notification\n\nReporting-UA: x\n"
        f"Final-Recipient: rfc822; {CUSTOMER}\nOriginal-Message-ID: <{letters.ours('answer')}>\n"
        "Disposition: manual-action/MDN-sent-manually; displayed\n--r--\n".encode()
    )
    last = letters.request().activities[-1]
    assert (last.event, last.text) == ("auto-replied", "Ihre Nachricht wurde gelesen.")


# Who is away has answered nothing.


AWAY = [
    ("Automatische Antwort: Filter {token}", "Ich bin nicht da.", ()),
    ("Urlaub bis 7.12. Re: Filter {token}", "Ich bin im Urlaub.", ("Precedence: bulk",)),
    ("Re: Filter {token}", "I am on leave until Monday.", ("Precedence: bulk", "In-Reply-To: <x>")),
    ("Re: Filter {token}", "I am on leave until Monday.", ("X-Autoreply: yes",)),
    ("Re: Filter {token}", "I am on leave until Monday.", ()),
    # Neither number nor thread: but it comes from whom we have just asked, about that.
    ("Automatische Antwort: Filter", "Ich bin nicht da.", ()),
]


@pytest.mark.parametrize(("subject", "text", "fields"), AWAY)
def test_an_absence_is_noted_and_is_no_answer_of_the_department(
    letters: Letters, subject: str, text: str, fields: tuple[str, ...]
) -> None:
    before = letters.request()
    letters.came(WORKSHOP, named(letters, subject), text, *fields)
    after = letters.request()
    assert after.open_forwards == before.open_forwards
    assert (after.court, after.next_at) == (before.court, before.next_at)
    assert (after.activities[-1].event, after.activities[-1].text) == ("auto-replied", text)
    assert letters.aside() == []


def test_a_department_that_answers_before_it_is_away_has_answered(letters: Letters) -> None:
    letters.came(
        WORKSHOP, f"Re: Filter {letters.token()}", "The blue one. I am on leave from tomorrow."
    )
    assert letters.request().open_forwards == ()


def test_a_customer_who_says_that_they_are_away_has_written(letters: Letters) -> None:
    letters.came(CUSTOMER, f"Re: Filter {letters.token()}", "I am on leave until Monday.")
    assert letters.events()[-1] == "received"


@beside
@pytest.mark.parametrize(
    ("case", "asked", "told", "court"),
    [
        ("05", "f@lau.example", "not-delivered", "me"),
        ("08", "t@dept.example", "auto-replied", None),
    ],
)
def test_the_cases_of_reports_and_absences(
    path: str, clock: FixedClock, deadlines: Deadlines, reader: Reader,
    case: str, asked: str, told: str, court: str | None,
) -> None:  # fmt: skip
    policy = account_policy("desk@example.com", ("desk@example.com",), sends=True)
    desk = Desk(path, clock, deadlines, mail_policy=policy)
    letters = Letters(path, desk, reader, clock)
    letters.bytes_came((CASES / "mail" / case / "a.eml").read_bytes())
    if told == "auto-replied":
        technical = letters.department(asked)
        desk.do(drafts.ForwardDraft(technical, "Ersatz?"), [1])
    else:
        letters.answered()
    letters.sent()
    before = letters.request()
    ((ours,),) = letters.connection.execute("SELECT message_id FROM outbox")
    raw = (CASES / "mail" / case / "b.eml").read_bytes()
    letters.bytes_came(raw.replace(b"{MID}", ours.encode()))
    after = letters.request()
    assert after.activities[-1].event == told
    assert after.court == (court or before.court)
    assert after.open_forwards == before.open_forwards
    desk.close()
    letters.connection.close()


@beside
def test_the_case_of_a_delay_and_of_a_bounce_that_names_us(
    path: str, clock: FixedClock, deadlines: Deadlines, reader: Reader
) -> None:
    (folder,) = CASES.glob("28-*")
    script = (folder / "run.sh").read_text(encoding="utf-8")
    policy = account_policy("desk@spoc.example", ("desk@spoc.example",), sends=True)
    desk = Desk(path, clock, deadlines, mail_policy=policy)
    letters = Letters(path, desk, reader, clock)
    letters.bytes_came((folder / "frage.eml").read_bytes())
    desk.do(drafts.Answer("Antwort", resolve_as=Resolution.SOLVED), [1])
    letters.sent()
    told = []
    for name in ("delay", "bounce"):
        (mail,) = re.findall(rf"cat > {name}\.eml <<E\n(.*?)\nE\n", script, re.S)
        mail = mail.replace("$OID", letters.ours("answer"))
        letters.bytes_came(re.sub(r"Date: .*\n", "", mail).encode())
        told.append((letters.events()[-1], letters.request().state))
    assert told == [("auto-replied", "resolved"), ("not-delivered", "open")]
    assert letters.aside() == []
    desk.close()
    letters.connection.close()
