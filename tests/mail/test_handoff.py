"""Mails given to the person's own mail program, to the clipboard, or to a file."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Callable
from contextlib import closing
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit

import pytest

from poc_tui.errors import MailFailed, Refused
from poc_tui.mail import hand_off as module
from poc_tui.mail.hand_off import LONGEST_URL, as_text, hand_over, mailto_url, open_with_system
from poc_tui.mail.worker import pipes
from poc_tui.mail.worker.wire import WorkerMessage
from poc_tui.models.values import AddressKind
from poc_tui.rules.mail.message import Mail, MailAddress, MailPolicy, Part
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.mail import MailSettings, Send
from poc_tui.store import drafts, outbox, raw_mail as kept
from poc_tui.store.connection import connect
from poc_tui.store.delivery import Attachment, Delivery
from poc_tui.store.desk import Desk
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.request_mail import outgoing_of_request
from poc_tui.store.records import OutgoingRow
from tests.helpers.mail_setup import changed, one_account
from tests.helpers.subjects import unproved

TO = "einkauf@meyer.example"


@pytest.fixture
def mail(tmp_path: Path) -> MailSettings:
    return one_account(address="desk@poc.example", send="mailto", eml_folder=str(tmp_path / "out"))


@pytest.fixture
def mail_policy(mail: MailSettings) -> MailPolicy:
    """A desk that hands mails over."""
    return mail.policy


@pytest.fixture
def told(desk: Desk, reader: Reader) -> Callable[..., OutgoingRow]:
    """Answers a customer; gives the mail."""
    address = drafts.AddressDraft(AddressKind.EMAIL, TO)
    desk.do(drafts.EditCustomer(name="Meyer AG", addresses=(address,)))

    def tell(text: str = "It was 10.\nSorry.", subject: str = "Grüße & <4711>") -> OutgoingRow:
        capture = drafts.Capture(subject, customer=drafts.CustomerName("Meyer AG"))
        number = desk.do(capture).numbers[0]
        desk.do(drafts.Answer(text), [number])
        (row,) = outgoing_of_request(reader, number)
        return row

    return tell


class Person:
    """Who sits there: a mail program that opens URLs, and a clipboard."""

    def __init__(self) -> None:
        self.opened: list[str] = []
        self.copied: list[str] = []

    def open(self, url: str) -> None:
        self.opened.append(url)

    def copy(self, text: str) -> str:
        self.copied.append(text)
        return "on the clipboard"


@pytest.fixture
def person() -> Person:
    return Person()


@pytest.fixture
def hand(
    path: str, clock: FixedClock, mail: MailSettings, person: Person
) -> Callable[[int, Send], str]:
    def now(id: int, send: Send) -> str:
        settings = changed(mail, send=send)
        return hand_over(path, id, clock, settings, person.copy, open_url=person.open)

    return now


def state(reader: Reader, row: OutgoingRow) -> list[str]:
    return [each.state for each in outgoing_of_request(reader, row.number)]


def queued(path: str, id: int) -> outbox.QueuedMail:
    with closing(connect(path)) as connection:
        outgoing = outbox.queued_mail(connection, id)
    assert outgoing is not None
    return outgoing


def test_the_mail_program_opens_with_the_same_words(
    told: Callable[..., OutgoingRow], hand: Callable[..., str], person: Person, reader: Reader
) -> None:
    row = told('Grüße +1 & 100% "quoted"?\n\n=> #1\n-- \nService')
    assert hand(row.id, "mailto") == f"the mail to {TO} is open in your mail program"
    (url,) = person.opened
    parts = urlsplit(url)
    assert (parts.scheme, unquote(parts.path)) == ("mailto", TO)
    # RFC 6068, section 5: line ends are %0D%0A; a plus is a plus.
    fields = dict(pair.split("=", 1) for pair in parts.query.split("&"))
    assert unquote(fields["subject"]) == row.subject
    assert unquote(fields["body"]) == row.text.replace("\n", "\r\n")
    assert "+" not in url
    assert url.isascii()
    assert url.isprintable()
    assert " " not in url
    assert state(reader, row) == ["handed"]


def test_a_url_holds_no_other_field_whatever_the_words_are(path: str) -> None:
    outgoing = outbox.QueuedMail(
        1, 7, "answer", "a?bcc=x@y.example", "s&bcc=x@y.example\r\nBcc: x", "b&cc=x\r\nb", "i@x",
        "q&cc=x@y.example", (), (), False, 0, 0,
    )  # fmt: skip
    parts = urlsplit(mailto_url(outgoing))
    assert set(parse_qs(parts.query)) == {"subject", "in-reply-to", "body"}
    assert unquote(parts.path) == "a?bcc=x@y.example"
    assert parts.fragment == ""


def test_a_text_too_long_for_a_url_is_copied_whole(
    told: Callable[..., OutgoingRow], hand: Callable[..., str], person: Person, reader: Reader,
    path: str,
) -> None:  # fmt: skip
    row = told("ä" * LONGEST_URL)
    outgoing = queued(path, row.id)
    said = hand(row.id, "mailto")
    assert "too long" in said
    assert said.endswith("its text is on the clipboard")
    assert len(person.opened[0]) < 500
    assert "body" not in parse_qs(urlsplit(person.opened[0]).query)
    assert person.copied == [as_text(outgoing)]
    assert "ä" * LONGEST_URL in person.copied[0]
    assert state(reader, row) == ["handed"]


def test_the_clipboard_gets_whom_it_goes_to_what_about_and_the_text(
    told: Callable[..., OutgoingRow], hand: Callable[..., str], person: Person, reader: Reader
) -> None:
    row = told("It was 10.\x1b]52;c;eA==\x07")
    assert hand(row.id, "clipboard") == f"the mail to {TO} is on the clipboard"
    (copied,) = person.copied
    assert unproved(copied) == f"To: {TO}\nSubject: Grüße & <4711> [#{row.number}]\n\nIt was 10.\n"
    assert person.opened == []
    assert state(reader, row) == ["handed"]


def read(file: Path) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    assert isinstance(message, EmailMessage)
    return message


def test_a_file_is_a_draft_that_a_mail_program_opens(
    told: Callable[..., OutgoingRow], hand: Callable[..., str], mail: MailSettings, reader: Reader
) -> None:
    row = told()
    said = hand(row.id, "eml")
    (file,) = Path(mail.first.eml_folder).iterdir()
    assert said == f"the mail to {TO} is in {file}"
    assert file.suffix == ".eml"
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    message = read(file)
    assert (message["To"], message["Subject"]) == (TO, row.subject)
    assert message["X-Unsent"] == "1"
    assert message.get_content().replace("\r\n", "\n") == "It was 10.\nSorry.\n"
    assert state(reader, row) == ["handed"]


def test_two_files_of_the_same_name_are_two_and_lie_where_they_should(
    told: Callable[..., OutgoingRow], hand: Callable[..., str], mail: MailSettings, desk: Desk,
    reader: Reader,
) -> None:  # fmt: skip
    row = told("first", subject="../../.. /etc/passwd")
    desk.do(drafts.Answer("second"), [row.number])
    for each in outgoing_of_request(reader, row.number):
        hand(each.id, "eml")
    files = sorted(Path(mail.first.eml_folder).iterdir())
    assert len(files) == 2
    assert {read(file).get_content().strip() for file in files} == {"first", "second"}
    assert set(Path(mail.first.eml_folder).parent.rglob("*.eml")) == set(files)


def test_a_file_takes_what_the_customer_sent_along_and_the_others_name_it(
    told: Callable[..., OutgoingRow], hand: Callable[..., str], mail: MailSettings, desk: Desk,
    reader: Reader, path: str, clock: FixedClock, person: Person,
) -> None:  # fmt: skip
    message = EmailMessage(policy.SMTP)
    message.set_content("see there")
    message.add_attachment(b"\0\1", "application", "pdf", filename="a.pdf")
    came = Mail(
        "1@meyer.example", (), MailAddress("Meyer AG", TO), subject="files", text="see there",
        parts=(Part(1, "a.pdf", "application/pdf", 2),),
    )  # fmt: skip
    with closing(connect(path)) as connection:
        ids = kept.keep(connection, [message.as_bytes()], "test", clock.now()).new
        kept.keep_read(connection, [(ids[0], came)])
    (number,) = desk.do(drafts.FileMails(ids)).numbers
    desk.do(drafts.EditDepartment(1, contact="w@workshop.example"))
    for _ in range(3):
        desk.do(drafts.ForwardDraft(1, "right?"), [number])
    first, second, third = outgoing_of_request(reader, number)
    by_hand = "; add what the customer sent (1) by hand"
    assert hand(first.id, "mailto").endswith(by_hand)
    assert hand(second.id, "clipboard").endswith(by_hand)
    assert not hand(third.id, "eml").endswith(by_hand)
    (file,) = Path(mail.first.eml_folder).iterdir()
    assert [part.get_content() for part in read(file).iter_attachments()] == [b"\0\1"]


def test_copies_and_files_of_ours_go_along_as_far_as_the_way_allows(
    told: Callable[..., OutgoingRow], hand: Callable[[int, Send], str], person: Person, desk: Desk,
    reader: Reader,
) -> None:  # fmt: skip
    number = told().number
    delivery = Delivery(
        copies=("paul@meyer.example", "anna@straße.example"),
        files=(Attachment("plan.pdf", b"%PDF"),),
    )
    ways: tuple[Send, ...] = ("mailto", "clipboard", "eml")
    for way in ways:
        desk.do(drafts.Answer("See there.", delivery=delivery), [number])
        said = hand(outgoing_of_request(reader, number)[-1].id, way)
        assert said.endswith("add plan.pdf by hand") == (way != "eml")
    assert "cc=paul%40meyer.example%2Canna%40xn--strae-oqa.example" in person.opened[0]
    assert "\nCc: paul@meyer.example, anna@straße.example\n" in person.copied[0]
    (file,) = Path(said.rpartition(" is in ")[2]).parent.iterdir()
    message = BytesParser(policy=policy.default).parsebytes(file.read_bytes())
    assert message["Cc"] == "paul@meyer.example, anna@xn--strae-oqa.example"
    assert b"plan.pdf" in file.read_bytes()


def test_a_file_whose_enclosures_take_too_long_is_not_written(
    hand: Callable[..., str], mail: MailSettings, desk: Desk, reader: Reader, path: str,
    clock: FixedClock, monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    message = EmailMessage(policy.SMTP)
    message.set_content("see there")
    message.add_attachment(b"\0\1", "application", "pdf", filename="a.pdf")
    came = Mail("1@x.example", parts=(Part(1, "a.pdf", "application/pdf", 2),))
    with closing(connect(path)) as connection:
        ids = kept.keep(connection, [message.as_bytes()], "test", clock.now()).new
        kept.keep_read(connection, [(ids[0], came)])
    (number,) = desk.do(drafts.FileMails(ids)).numbers
    desk.do(drafts.EditDepartment(1, contact="w@workshop.example"))
    desk.do(drafts.ForwardDraft(1, "right?"), [number])
    (row,) = outgoing_of_request(reader, number)

    def too_late(process: pipes.WorkerProcess, limit: float) -> WorkerMessage:
        raise TimeoutError

    monkeypatch.setattr(pipes.WorkerProcess, "answer", too_late)
    with pytest.raises(MailFailed, match="could not be read within 10 seconds"):
        hand(row.id, "eml")
    assert not Path(mail.first.eml_folder).exists()
    assert state(reader, row) == ["queued"]


def test_what_cannot_be_opened_waits_as_before(
    told: Callable[..., OutgoingRow], path: str, clock: FixedClock, mail: MailSettings,
    person: Person, reader: Reader,
) -> None:  # fmt: skip
    row = told()

    def broken(url: str) -> None:
        raise MailFailed("No mail program could be opened.")

    with pytest.raises(MailFailed):
        hand_over(path, row.id, clock, mail, person.copy, open_url=broken)
    assert state(reader, row) == ["queued"]


def test_a_folder_that_cannot_be_written_is_said(
    told: Callable[..., OutgoingRow], path: str, clock: FixedClock, mail: MailSettings,
    person: Person, reader: Reader, tmp_path: Path,
) -> None:  # fmt: skip
    row = told()
    (tmp_path / "file").touch()
    settings = changed(mail, send="eml", eml_folder=str(tmp_path / "file" / "out"))
    with pytest.raises(MailFailed, match=r'cannot be written.*"mail.eml_folder"'):
        hand_over(path, row.id, clock, settings, person.copy)
    assert state(reader, row) == ["queued"]


def test_what_was_taken_back_or_handed_already_is_refused(
    told: Callable[..., OutgoingRow], hand: Callable[..., str], desk: Desk, person: Person
) -> None:
    row = told()
    hand(row.id, "mailto")
    with pytest.raises(Refused, match="does not wait any more"):
        hand(row.id, "mailto")
    row = told()
    desk.undo()
    with pytest.raises(Refused, match="does not wait any more"):
        hand(row.id, "mailto")
    assert len(person.opened) == 1


def test_what_is_taken_back_while_it_opens_is_said(
    told: Callable[..., OutgoingRow], path: str, clock: FixedClock, mail: MailSettings,
    person: Person, desk: Desk,
) -> None:  # fmt: skip
    row = told()
    said = hand_over(path, row.id, clock, mail, person.copy, open_url=lambda url: _undo(desk))
    assert said == f"the mail to {TO} was taken back meanwhile; do not send it"


def _undo(desk: Desk) -> None:
    desk.undo()


@pytest.mark.parametrize("send", ["smtp", "none"])
def test_a_desk_that_sends_hands_nothing_over(
    send: Send, told: Callable[..., OutgoingRow], hand: Callable[..., str], reader: Reader
) -> None:
    row = told()
    with pytest.raises(Refused, match=r'"mail\.send"'):
        hand(row.id, send)
    assert state(reader, row) == ["queued"]


# The program of this computer

unix = pytest.mark.skipif(sys.platform == "win32", reason="Windows opens URLs by itself")


@pytest.fixture
def opener(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[str], None]:
    """Makes a shell script the program of this computer that opens URLs."""

    def make(script: str) -> None:
        folder = tmp_path / "bin"
        folder.mkdir()
        for name in ("xdg-open", "open"):
            (folder / name).write_text(f"#!/bin/sh\n{script}\n")
            (folder / name).chmod(0o755)
        monkeypatch.setenv("PATH", f"{folder}{os.pathsep}/usr/bin{os.pathsep}/bin")

    return make


@unix
def test_the_program_of_this_computer_gets_the_url_as_one_argument(
    opener: Callable[[str], None], tmp_path: Path
) -> None:
    got = tmp_path / "got"
    opener(f'printf "%s\\n" "$#" "$1" > {got}')
    open_with_system("mailto:a@b.example?subject=%24(id)&body='x;y`")
    assert got.read_text().splitlines() == ["1", "mailto:a@b.example?subject=%24(id)&body='x;y`"]


@unix
def test_a_program_that_fails_is_said(opener: Callable[[str], None]) -> None:
    opener("exit 3")
    with pytest.raises(MailFailed, match=r'failed with status 3.*"mail\.send"'):
        open_with_system("mailto:a@b.example")


@unix
def test_a_computer_without_such_a_program_is_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(MailFailed, match=r'there is no (xdg-)?open.*"mail.send"'):
        open_with_system("mailto:a@b.example")


@unix
def test_a_program_that_stays_has_opened_it(
    opener: Callable[[str], None], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(module, "_OPEN_SECONDS", 0.01)
    ended = tmp_path / "ended"
    os.mkfifo(ended)
    opener(f"read line < {ended}")
    open_with_system("mailto:a@b.example")
    ended.write_text("now\n")
