"""The whole way over real servers: mail comes, is asked about, answered, and answered again."""

from __future__ import annotations

import re
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP
from pathlib import Path

import pytest

from poc_tui.errors import Refused
from poc_tui.mail.outbox import SendReport as Sent
from poc_tui.mail.transport.source import Batch
from poc_tui.models.values import Resolution
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries.mail import counts
from poc_tui.store.raw_mail import position
from tests.helpers.made_up_mail import (
    DESK,
    a_mail,
    bounce,
    partition,
    reply,
    shuffled,
    threads,
    week,
)
from tests.helpers.mail_servers import Dovecot, Smtp, dovecot, smtp_server
from tests.helpers.post_office import Office, content, office
from tests.helpers.subjects import unproved
from tests.helpers.wrapped_mail import SIGNED, attribute, cms, file, of_type, tnef

TECHNICAL, LEGAL = "workshop@firm.example", "legal@firm.example"
SECRET = "the workshop says it was our own fault"  # noqa: S105  (nothing a customer may read)


@pytest.fixture
def imap(tmp_path: Path) -> Iterator[Dovecot]:
    with dovecot(tmp_path) as running:
        yield running


@pytest.fixture
def smtp(tmp_path: Path) -> Iterator[Smtp]:
    with smtp_server(tmp_path) as running:
        yield running


@pytest.fixture
def desk_with_mail(
    path: str, clock: FixedClock, deadlines: Deadlines, imap: Dovecot, smtp: Smtp
) -> Iterator[Office]:
    with office(path, clock, deadlines, imap.settings(), smtp.settings()) as opened:
        yield opened


def message(raw: bytes) -> EmailMessage:
    parsed = message_from_bytes(raw, policy=SMTP)
    assert isinstance(parsed, EmailMessage)
    return parsed


# Five hundred come in


@pytest.mark.proof
@pytest.mark.parametrize("order", ["in one go, shuffled", "in five goes"])
def test_five_hundred_mails_come_in_and_their_threads_are_whole(
    order: str, desk_with_mail: Office, imap: Dovecot
) -> None:
    sent = week(500)
    parts = [sent[start : start + 100] for start in range(0, 500, 100)]
    if order != "in five goes":
        parts = [shuffled(sent, 7)]
    new = known = 0
    for part in parts:
        imap.deliver(*part)
        report = desk_with_mail.fetch()
        assert report.trouble == ()
        new, known = new + report.new, known + report.known
    assert new == len(set(sent))
    assert new + known == 500
    desk_with_mail.check_nothing_is_lost_or_twice(sent)
    _check_threads(desk_with_mail)
    assert imap.flags() == [()] * 500
    assert desk_with_mail.fetch()[:4] == (0, 0, 0, 0)


def _check_threads(here: Office) -> None:
    """Two mails lie on the same request if, and only if, one leads to the other by their ids."""
    filed = here.filed()
    expected = {frozenset(thread & set(filed)) for thread in threads(here.kept())}
    assert partition(filed) == expected - {frozenset()}


# In the forms that programs give it


def test_mail_in_the_forms_of_outlook_and_of_calendars_comes_in_as_what_it_says(
    desk_with_mail: Office, imap: Dovecot
) -> None:
    here = desk_with_mail
    signed = b"Content-Type: text/plain; charset=utf-8\n\nDie Rechnung ist falsch.\n"
    invited, accepted = (
        f"BEGIN:VCALENDAR\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:u1\r\nSUMMARY:Ortstermin\r\n"
        "DTSTART:20261203T090000Z\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:anna@huber.example\r\n"
        "END:VEVENT\r\nEND:VCALENDAR\r\n".encode()
        for method in ("REQUEST", "REPLY")
    )
    sent = [
        ("Signiert", "application/pkcs7-mime; name=smime.p7m", cms(SIGNED, signed)),
        ("Outlook", "application/ms-tnef; name=winmail.dat",
         tnef(attribute(1, 0x2800C, b"Bitte pruefen.\0"), file(b"plan.pdf", b"%PDF"))),
        ("Ortstermin", "text/calendar; method=REQUEST", invited),
        ("Zugesagt: Ortstermin", "text/calendar; method=REPLY", accepted),
        ("Entwurf", "text/plain", b"Noch nicht fertig"),
    ]  # fmt: skip
    imap.deliver(
        *(
            f"From: Anna <anna@huber.example>\r\nMessage-ID: <{number}@huber.example>\r\n"
            f"Date: Mon, 23 Nov 2026 09:0{number}:00 GMT+01:00\r\nSubject: {subject}\r\n"
            f"{of_type(type, data)}".encode()
            for number, (subject, type, data) in enumerate(sent)
        )
    )
    with imap.box() as box:
        box.flag(box.uids("SUBJECT Entwurf"), [r"\Draft"], True)
    assert here.fetch().numbers == (1, 2, 3)
    assert [here.last(number)[1] for number in (1, 2)] == [
        "Die Rechnung ist falsch.",
        "Bitte pruefen.",
    ]
    assert here.last(3) == (
        "auto-replied",
        "anna@huber.example accepted: Ortstermin\nWhen: Thu 3 Dec 2026, 10:00 (Europe/Berlin)",
    )
    assert here.request(3).activities[0].text.startswith("Invitation: Ortstermin\nWhen: Thu 3 Dec")
    assert here.request(3).activities[0].at == datetime(2026, 11, 23, 8, 2, tzinfo=UTC)


# The whole circle


@pytest.mark.proof
def test_a_request_goes_the_whole_way_by_mail_twenty_at_once(
    desk_with_mail: Office, imap: Dovecot, smtp: Smtp
) -> None:
    here = desk_with_mail
    technical, legal = here.contact("Technical", TECHNICAL), here.contact("Legal", LEGAL)
    now = here.clock.now()
    customers = {
        n: a_mail(
            f"circle.{n}",
            f"Firma {n} <info@firma{n}.example>",
            f"Größe {n}?",
            f"Frage {n}: ä?",
            now,
        )
        for n in range(20)
    }
    imap.deliver(*shuffled([mail.as_bytes() for mail in customers.values()], 1))
    assert here.fetch().filed == 20
    number_of = {
        n: here.value("SELECT id FROM request WHERE subject = ?", f"Größe {n}?") for n in customers
    }

    # Each is put to a department, by mail.
    for n, number in number_of.items():
        here.do(drafts.ForwardDraft(legal if n % 5 == 0 else technical, f"What of {n}?"), number)
    assert here.send() == Sent(20, 0, 0, 0, "20 sent")
    asked = {_number(mail.data): mail for mail in smtp.received}
    assert set(asked) == set(number_of.values())
    for n, number in number_of.items():
        mail = asked[number]
        assert mail.recipients == (LEGAL if n % 5 == 0 else TECHNICAL,)
        assert f"Frage {n}: ä?" in _words(mail.data)

    # It answers: as it should, from another address, and without naming what it answers.
    answers = []
    for n, number in number_of.items():
        answer = reply(
            asked[number].data, f"answer.{n}", f"{SECRET}: {n}", now,
            sender="Fred <fred@home.example>" if n % 5 == 1 else "",
        )  # fmt: skip
        if n % 5 == 2:
            del answer["In-Reply-To"], answer["References"]
        answers.append(answer.as_bytes())
    imap.deliver(*shuffled(answers, 2))
    assert here.fetch().filed == 20
    for n, number in number_of.items():
        found = here.request(number)
        assert here.last(number) == ("logged", f"{SECRET}: {n}")
        assert (found.court, len(found.activities)) == ("me", 3)
        assert found.open_forwards == ()
        assert found.forwards[0].answer == f"{SECRET}: {n}"

    # The customer is answered, and half of the requests end with that.
    for n, number in number_of.items():
        end = Resolution.SOLVED if n % 2 else None
        here.do(drafts.Answer(f"Es sind {n} Stück.", resolve_as=end), number)
    smtp.received.clear()
    assert here.send().sent == 20
    told = {_number(mail.data): mail for mail in smtp.received}
    for n, number in number_of.items():
        answer, question = message(told[number].data), customers[n]
        assert told[number].recipients == (f"info@firma{n}.example",)
        assert answer["From"] == DESK
        assert answer["In-Reply-To"] == question["Message-ID"]
        assert str(answer["References"]).split() == [question["Message-ID"]]
        assert unproved(answer["Subject"]) == f"Re: Größe {n}? [#{number}]"
        assert f"Es sind {n} Stück." in _words(told[number].data)
        for inside in (SECRET, f"What of {n}?", "firm.example", "home.example"):
            assert inside not in told[number].data.decode() + _words(told[number].data)

    # And says thank you, or has another question.
    words = {n: "Danke!" if n % 3 else "Und wann?" for n in customers}
    thanks = [
        reply(told[number].data, f"thanks.{n}", words[n], now).as_bytes()
        for n, number in number_of.items()
    ]
    imap.deliver(*shuffled(thanks, 3))
    assert here.fetch().filed == 20
    for n, number in number_of.items():
        found = here.request(number)
        stays = n % 2 == 1 and words[n] == "Danke!"
        assert here.last(number) == ("received", words[n])
        assert (found.state, found.court) == (("resolved", None) if stays else ("open", "me"))
        events = [activity.event for activity in found.activities]
        assert events.count("reopened") == (n % 2 == 1 and not stays)
    assert here.value("SELECT count(*) FROM request") == 20
    assert {row.state for row in here.posted()} == {"sent"}
    assert counts(here.reader) == (0, 0, 0)


def test_what_does_not_arrive_puts_the_request_back_and_absence_changes_nothing(
    desk_with_mail: Office, imap: Dovecot, smtp: Smtp
) -> None:
    here, now = desk_with_mail, desk_with_mail.clock.now()
    technical = here.contact("Technical", TECHNICAL)
    asking = [a_mail(n, f"info@firma{n}.example", f"Frage {n}", "?", now) for n in range(3)]
    imap.deliver(*(mail.as_bytes() for mail in asking))
    forwarded, answered, away = here.fetch().numbers
    here.do(drafts.ForwardDraft(technical, "how many?"), forwarded, away)
    here.do(drafts.Answer("ten", resolve_as=Resolution.SOLVED), answered)
    assert here.send().sent == 3
    by_number = {_number(mail.data): mail.data for mail in smtp.received}
    ids = {number: str(message(raw)["Message-ID"])[1:-1] for number, raw in by_number.items()}
    before = here.request(away)
    here.clock.advance(timedelta(minutes=30))
    imap.deliver(
        bounce(1, TECHNICAL, ids[forwarded], now),
        bounce(2, "info@firma1.example", ids[answered], now),
        reply(
            by_number[away], "away", "I am away until Monday.", now, Auto_Submitted="auto-replied"
        ).as_bytes(),
    )
    assert here.fetch().filed == 3
    for number, whom in ((forwarded, TECHNICAL), (answered, "info@firma1.example")):
        assert here.last(number) == ("not-delivered", f"{whom}: {whom}: 550 5.1.1 no such user")
        found = here.request(number)
        assert (found.state, found.court, found.next_at) == ("open", "me", here.clock.now())
    assert here.last(away) == ("auto-replied", "I am away until Monday.")
    after = here.request(away)
    assert (after.court, after.next_at, after.touched_at, after.forwards) == (
        before.court, before.next_at, before.touched_at, before.forwards,
    )  # fmt: skip
    assert counts(here.reader).stuck == 2
    # The same bounces once more, by another way: it is known already.
    imap.deliver(b"X-Way: 2\r\n" + bounce(1, TECHNICAL, ids[forwarded], now))
    here.fetch()
    events = [activity.event for activity in here.request(forwarded).activities]
    assert events.count("not-delivered") == 1


def test_who_forges_a_sender_moves_nothing_and_a_number_as_we_sent_it_leads_back(
    desk_with_mail: Office, imap: Dovecot, smtp: Smtp
) -> None:
    here, now = desk_with_mail, desk_with_mail.clock.now()
    technical = here.contact("Technical", TECHNICAL)
    imap.deliver(a_mail("a", "info@firma.example", "Frage", "?", now).as_bytes())
    (number,) = here.fetch().numbers
    here.do(drafts.ForwardDraft(technical, "how many?"), number)
    here.send()
    subject = str(message(smtp.received[0].data)["Subject"])
    assert re.fullmatch(rf"Frage \[#{number}-[0-9a-z]{{4}}\]", subject)
    before = here.request(number)

    guessed = a_mail("b", TECHNICAL, f"Re: Frage [#{number}]", "forged", now).as_bytes()
    other = a_mail("c", TECHNICAL, f"Re: {subject[:-5]}0000]", "forged", now).as_bytes()
    imap.deliver(guessed, other)
    report = here.fetch()
    assert len(report.remarks) == 2
    assert here.last(number) == ("unverified", "forged")
    after = here.request(number)
    assert (after.court, after.next_at, after.open_forwards) == (
        before.court, before.next_at, before.open_forwards,
    )  # fmt: skip

    imap.deliver(a_mail("d", TECHNICAL, f"Re: {subject}", "ten", now).as_bytes())
    here.fetch()
    assert here.last(number) == ("logged", "ten")
    assert here.request(number).court == "me"


def test_an_answer_comes_back_from_a_provider_that_gave_it_another_id(
    desk_with_mail: Office, imap: Dovecot, smtp: Smtp
) -> None:
    here, now = desk_with_mail, desk_with_mail.clock.now()
    imap.deliver(a_mail("a", "info@firma.example", "Frage", "?", now).as_bytes())
    (number,) = here.fetch().numbers
    here.do(drafts.Answer("ten", resolve_as=Resolution.SOLVED), number)
    here.send()
    imap.deliver(bounce(1, "info@firma.example", "0102@eu.amazonses.example", now))
    here.fetch()
    assert here.last(number)[0] == "not-delivered"
    assert here.request(number).court == "me"
    assert [row.state for row in here.posted()] == ["failed"]


def test_an_absence_that_answers_every_mail_starts_no_loop(
    desk_with_mail: Office, imap: Dovecot, smtp: Smtp
) -> None:
    here, now = desk_with_mail, desk_with_mail.clock.now()
    imap.deliver(a_mail("a", "info@firma.example", "Frage", "?", now).as_bytes())
    (number,) = here.fetch().numbers
    here.do(drafts.Answer("ten"), number)
    for turn in range(3):
        here.send()
        answers = [
            reply(mail.data, f"{turn}.{at}", "Away.", now, Auto_Submitted="auto-replied").as_bytes()
            for at, mail in enumerate(smtp.received)
        ]
        imap.deliver(*answers)
        here.fetch()
    assert len(smtp.received) == 1
    assert here.request(number).court == "customer"


def test_a_reply_proves_that_arrived_what_nobody_was_sure_of(
    desk_with_mail: Office, imap: Dovecot, smtp: Smtp
) -> None:
    here, now = desk_with_mail, desk_with_mail.clock.now()
    imap.deliver(
        *(a_mail(n, f"info@firma{n}.example", f"Frage {n}", "?", now).as_bytes() for n in range(2))
    )
    numbers = here.fetch().numbers
    here.do(drafts.Answer("ten"), *numbers)
    smtp.drop = "after the dot"
    assert here.send().unsure == 2
    imap.deliver(
        reply(smtp.received[0].data, "b", "Danke für die Antwort, aber ...", now).as_bytes()
    )
    (proved,) = here.fetch().numbers
    states = {row.number: row.state for row in here.posted()}
    assert states == {proved: "sent", sum(numbers) - proved: "unsure"}
    assert here.request(proved).court == "me"
    smtp.drop = "never"
    assert here.send().sent == 0
    assert len(smtp.received) == 2


def test_what_we_sent_and_gets_back_as_a_copy_is_nothing_new(
    desk_with_mail: Office, imap: Dovecot, smtp: Smtp
) -> None:
    here = desk_with_mail
    imap.deliver(a_mail("a", "info@firma.example", "Frage", "?", here.clock.now()).as_bytes())
    (number,) = here.fetch().numbers
    here.do(drafts.Answer("ten"), number)
    here.send()
    imap.deliver(smtp.received[0].data)
    report = here.fetch()
    assert (report.new, report.filed, report.numbers) == (1, 0, ())
    assert counts(here.reader).aside == 0
    assert len(here.request(number).activities) == 2


def test_who_wrote_gets_the_answer_whatever_carried_their_mail(
    desk_with_mail: Office, imap: Dovecot, smtp: Smtp
) -> None:
    """A form, our own address as a group, and a domain as the DNS has it."""
    here, now = desk_with_mail, desk_with_mail.clock.now()
    berta, anna = "Berta Kundin <berta@privat.example>", "Anna Neu <anna@kunde.example>"
    group = f"list {DESK}; contact owners@poc.example"
    imap.deliver(
        a_mail(1, "Formular <noreply@shop.example>", "A", "Wo?", now, reply_to=berta).as_bytes(),
        a_mail(
            2, f"\"'Anna Neu' via Desk\" <{DESK}>", "B", "Wann?", now,
            reply_to=anna, x_original_from=anna, precedence="list", mailing_list=group,
        ).as_bytes(),
        a_mail(3, "info@xn--mller-kva.example", "C", "Wer?", now).as_bytes(),
    )  # fmt: skip
    numbers = here.fetch().numbers
    assert [here.request(number).customer for number in numbers] == [
        "Berta Kundin", "Anna Neu", "info@müller.example",
    ]  # fmt: skip
    here.do(drafts.Answer("Morgen."), *numbers)
    assert here.send().sent == 3
    assert [mail.recipients for mail in smtp.received] == [
        ("berta@privat.example",), ("anna@kunde.example",), ("info@xn--mller-kva.example",),
    ]  # fmt: skip
    imap.deliver(
        *(
            reply(mail.data, 4 + n, "Gut, und?", now).as_bytes()
            for n, mail in enumerate(smtp.received)
        )
    )
    assert here.fetch().numbers == numbers
    assert {here.last(number) for number in numbers} == {("received", "Gut, und?")}


# Two at once


def test_of_two_that_fetch_at_once_one_does_it(desk_with_mail: Office, imap: Dovecot) -> None:
    imap.deliver(*week(30))
    refused: list[str] = []

    def second(what: str, done: int, total: int) -> None:
        try:
            desk_with_mail.fetch()
        except Refused as error:
            refused.append(str(error))

    desk_with_mail.fetch(progress=second)
    assert set(refused) == {"another poc takes in mail just now; wait for it to end"}
    desk_with_mail.check_nothing_is_lost_or_twice(week(30))
    assert desk_with_mail.fetch().new == 0


def test_a_desk_goes_on_writing_while_mail_comes_in(
    desk_with_mail: Office, imap: Dovecot, clock: FixedClock, deadlines: Deadlines
) -> None:
    sent = week(120)
    imap.deliver(*sent)
    made: list[int] = []
    with closing(Desk(desk_with_mail.path, clock, deadlines)) as other:

        def write(what: str, done: int, total: int) -> None:
            number = other.do(drafts.Capture("on the phone")).numbers[0]
            other.do(drafts.Answer("told"), [number])
            made.append(number)

        desk_with_mail.fetch(progress=write)
    assert len(made) > 4
    assert {desk_with_mail.last(number) for number in made} == {("answered", "told")}
    assert set(desk_with_mail.kept().values()) == set(sent)
    _check_threads(desk_with_mail)


def test_what_is_taken_in_twice_from_two_places_is_one(
    desk_with_mail: Office, imap: Dovecot
) -> None:
    sent = week(40)
    imap.deliver(*sent)
    imap.deliver(*sent, folder="Copies")
    both = [
        desk_with_mail.account(imap.settings()),
        desk_with_mail.account(imap.settings(folder="Copies")),
    ]
    report = desk_with_mail.fetch(*both)
    assert (report.new, report.known) == (len(set(sent)), 80 - len(set(sent)))
    desk_with_mail.check_nothing_is_lost_or_twice(sent)
    with closing(connect(desk_with_mail.path)) as connection:
        assert all(position(connection, source.name).last_uid == 40 for source in both)


def test_a_folder_numbered_anew_brings_nothing_twice(desk_with_mail: Office, imap: Dovecot) -> None:
    sent = week(30)
    server = imap.settings(folder="Desk")
    imap.deliver(*sent, folder="Desk")
    desk_with_mail.fetch(desk_with_mail.account(server))
    before = content(desk_with_mail.path)
    with imap.box() as box:
        box.folder.delete("Desk")
    imap.deliver(*sent, folder="Desk")
    report = desk_with_mail.fetch(desk_with_mail.account(server))
    assert (report.new, report.known, report.filed) == (0, 30, 0)
    assert content(desk_with_mail.path) == before


def test_only_what_is_kept_is_marked_on_the_server(desk_with_mail: Office, imap: Dovecot) -> None:
    sent = week(30)
    imap.deliver(*sent)
    source = desk_with_mail.account(imap.settings(after="flagged"))
    kept: list[int] = []
    flagged = source.taken

    def taken(batch: Batch) -> None:
        kept.append(len(desk_with_mail.kept()))
        flagged(batch)

    source.taken = taken  # type: ignore[method-assign]
    desk_with_mail.fetch(source)
    assert kept == [len(set(sent))]
    assert imap.flags() == [(r"\Flagged",)] * 30


def _number(raw: bytes) -> int:
    """The request whose token the subject of a mail bears."""
    return int(str(message(raw)["Subject"]).rpartition("[#")[2].partition("-")[0])


def _words(raw: bytes) -> str:
    body = message(raw).get_body(("plain",))
    assert body is not None
    return str(body.get_content())
