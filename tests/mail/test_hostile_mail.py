"""Mail at its worst, read as the desk reads it: in bounds, never a crash, never nothing."""

from __future__ import annotations

import base64
import os
import signal
import sys
from collections.abc import Callable, Iterator
from struct import pack

import pytest

from poc_tui.errors import NotFound, PocError
from poc_tui.mail.message.bodies import MAX_TEXT
from poc_tui.mail.message.parse import MAX_RECIPIENTS, MAX_REFS
from poc_tui.mail.message.structure import MAX_PARTS
from poc_tui.mail.worker.reader import MailReader
from poc_tui.rules.mail.message import Mail, Nature
from tests.helpers.wrapped_mail import (
    COMPRESSED,
    SIGNED,
    attribute,
    cms,
    file,
    of_type,
    packed_rtf,
    properties,
    tnef,
)

HEAD = b"From: Meyer AG <info@meyer.example>\nTo: desk@firm.example\nSubject: Where is my order?\n"
MAIL = HEAD + b"\nIt should have been here on Monday.\n"
HTML = HEAD + b"Content-Type: text/html; charset=utf-8\n\n"


@pytest.fixture(scope="module")
def reader() -> Iterator[MailReader]:
    """One reader for all, as in a fetch: what came before must not harm what comes next."""
    with MailReader(limit=60.0) as opened:  # six times the usual, for machines that are busy
        yield opened


def _nested(levels: int) -> bytes:
    text = b"Content-Type: text/plain\n\nthe innermost words\n"
    parts, ends = [], []
    for level in range(levels):
        mark = b"b%d" % level
        parts.append(b'Content-Type: multipart/mixed; boundary="%s"\n\n--%s\n' % (mark, mark))
        ends.append(b"--%s--\n" % mark)
    return HEAD + b"".join(parts) + text + b"".join(reversed(ends))


def _many_parts(count: int) -> bytes:
    part = b"--x\nContent-Type: text/plain\n\nwords\n"
    return HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + part * count + b"--x--\n"


def _attachment(size: int) -> bytes:
    return (
        HEAD
        + b"Content-Type: multipart/mixed; boundary=x\n\n--x\n\nSee the film.\n--x\n"
        + b"Content-Type: video/mp4; name=film.mp4\nContent-Transfer-Encoding: base64\n\n"
        + base64.encodebytes(bytes(size))
        + b"--x--\n"
    )


def _with(name: bytes, value: bytes) -> bytes:
    return name + b": " + value + b"\n" + MAIL


def _html(document: str) -> bytes:
    return HTML + document.encode()


def _wrapped(type: str, data: bytes) -> bytes:
    return HEAD + of_type(type, data).encode()


def _outlook(packed: bytes) -> bytes:
    return _wrapped(
        "application/ms-tnef", tnef(attribute(1, 0x69003, properties((0x102, 0x1009, packed))))
    )


def _signed_often() -> bytes:
    message = b"\nthe innermost words\n"
    for _ in range(1000):
        head = b"Content-Type: application/pkcs7-mime\nContent-Transfer-Encoding: binary\n\n"
        message = head + cms(SIGNED, message)
    return HEAD + message


EVENT = b"BEGIN:VEVENT\nUID:%d\nDTSTART:20261203T090000Z\nEND:VEVENT\n"


def _calendars(count: int, events: bytes) -> bytes:
    part = b"--x\nContent-Type: text/calendar\n\nBEGIN:VCALENDAR\n" + events
    return HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + part * count + b"--x--\n"


HOSTILE: dict[str, Callable[[], bytes]] = {
    "1,000 nested parts": lambda: _nested(1000),
    "10,000 nested multiparts in one": lambda: HEAD + b"Content-Type: multipart/mixed\n" * 10_000,
    "20,000 recipients": lambda: _with(
        b"Cc", b",\n ".join(b"<w%d@meyer.example>" % n for n in range(20_000))
    ),
    "5,000 parameters": lambda: _with(
        b"Content-Type", b"text/plain" + b"".join(b"; p%d=x" % n for n in range(5000))
    ),
    "100,000 sections of one parameter": lambda: _with(
        b"Content-Disposition",
        b"inline" + b"".join(b"; filename*%d=x" % n for n in range(100_000)),
    ),
    "a section of a huge number": lambda: _with(
        b"Content-Type", b"text/plain; name*" + b"9" * 60_000 + b"=x"
    ),
    "20,000 references": lambda: _with(
        b"References", b"\n ".join(b"<r%d@meyer.example>" % n for n in range(20_000))
    ),
    "1,000,000 header lines": lambda: HEAD + b"X-Spam: no\n" * 1_000_000 + b"\nthe words\n",
    "1,000,000 continued lines": lambda: HEAD + b"X-Spam:\n" + b" no\n" * 1_000_000 + b"\nwords\n",
    "a header of 10 MB": lambda: _with(b"X-Long", b"x" * 10_000_000),
    "a subject of 10 MB": lambda: _with(b"Subject", b"x" * 10_000_000),
    "1,000,000 lines that are no header": lambda: HEAD + b"nothing\n" * 1_000_000 + b"Date: x\n\nw",
    "junk between every two headers": lambda: b"junk\nSubject: x\n" * 100_000 + b"\nthe words\n",
    "a 50 MB attachment": lambda: _attachment(50_000_000),
    "10,000 parts": lambda: _many_parts(10_000),
    "one boundary a byte": lambda: (
        HEAD + b"Content-Type: multipart/mixed; boundary=x\n\n" + b"--x\n" * 1_000_000
    ),
    "boundaries that are none": lambda: (
        HEAD
        + b'Content-Type: multipart/mixed; boundary="-"\n\n'
        + b"-" * 5_000_000
        + b"\n---x" * 500_000
    ),
    "an address of 100,000 openings": lambda: _with(b"From", b"<" * 100_000),
    "an address of 100,000 comments": lambda: _with(b"From", b"(" * 100_000),
    "an address of 100,000 quotes": lambda: _with(b"From", b'\\"' * 50_000),
    "an address of 100,000 commas": lambda: _with(b"To", b"," * 100_000),
    "an address of 60,000 at signs": lambda: _with(b"To", b"a@" * 30_000),
    "a long address without an at sign": lambda: _with(b"To", b"a" * 60_000),
    "60,000 broken encoded words": lambda: _with(b"Subject", b"=?" * 30_000),
    "encoded words without an end": lambda: _with(b"Subject", b"=?utf-8?q?a?" * 5000),
    "encoded words and spaces": lambda: _with(b"Subject", b"=?a?q?b?= " + b" " * 60_000),
    "a charset of zlib": lambda: _with(b"Subject", b"=?zlib?b?eJxLTAQAAkkBJg==?="),
    "a charset of punycode": lambda: _with(b"Subject", b"=?punycode?q?" + b"a-" * 30_000 + b"?="),
    "a date of 60,000 digits": lambda: _with(b"Date", b"1" * 60_000),
    "NULs": lambda: MAIL.replace(b"e", b"\0"),
    "nothing but NULs": lambda: bytes(1_000_000),
    "nothing but carriage returns": lambda: b"\r" * 1_000_000,
    "random bytes": lambda: bytes(range(256)) * 4000,
    "a line of 10 MB": lambda: MAIL + b"x" * 10_000_000,
    "10 MB of spaces": lambda: MAIL + b" " * 10_000_000,
    "1,000,000 empty lines": lambda: MAIL + b"\n" * 1_000_000,
    "1,000,000 signs of quotation": lambda: MAIL + b">" * 1_000_000 + b"\n> x" * 100_000,
    "quotations and answers": lambda: MAIL + b"> x\ny\n" * 100_000,
    "100,000 introductions": lambda: MAIL + b"On 1 May 2026 the firm wrote:\n> x\n" * 20_000,
    "introductions without an end": lambda: MAIL + b"On schrieb wrote " * 60_000,
    "lines of introductions": lambda: MAIL + (b"Am wrote schrieb " * 16 + b":\n") * 3000,
    "100,000 colons": lambda: MAIL + b"wrote:\n" * 100_000,
    "100,000 dates and brackets": lambda: MAIL + (b"2026/1/1 " + b"<@" * 90 + b">:\n") * 3000,
    "introductions behind words": lambda: (
        MAIL + b"x On 1 May 2026 10:11 a@b.example wrote:\n" * 25_000
    ),
    "introductions whose address has no end": lambda: MAIL + b"On 1 May 2026 <\n" * 60_000,
    "addresses that end introductions": lambda: MAIL + (b"<a@b.example" * 30 + b">:\n") * 2700,
    "160,000 rules": lambda: MAIL + b"_____\n" * 160_000,
    "30,000 separators": lambda: MAIL + b"-----Original Message-----\n> x\n" * 30_000,
    "all fields in each line": lambda: MAIL + b"From: To: Sent: Subject: Cc:\n" * 33_000,
    "senders and dates": lambda: MAIL + b"From: a@b.example\nDate: x\n\n" * 30_000,
    "50,000 telephones": lambda: MAIL + b"Sent from my iPhone\n" * 50_000,
    "80,000 names": lambda: MAIL + b"\n-Anna Meyer" * 80_000,
    "footers of lists": lambda: MAIL + (b"_" * 20 + b"\nunsubscribe\n") * 30_000,
    "introductions in Chinese": lambda: (
        MAIL.replace(b"Subject", b"Content-Type: text/plain; charset=utf-8\nSubject")
        + "写道写道写道：\n".encode() * 45_000
    ),
    "100,000 lines of a forwarded header": lambda: MAIL + b"From: x\nTo: y\n" * 50_000,
    "100,000 rules": lambda: MAIL + b"________________________________\n" * 100_000,
    "100,000 signatures": lambda: MAIL + b"-- \n" * 100_000,
    "100,000 flowed lines": lambda: (
        b"Content-Type: text/plain; format=flowed\n" + MAIL + b"words \n> words \n" * 50_000
    ),
    "one flowed line of 100,000": lambda: (
        b"Content-Type: text/plain; format=flowed\n" + MAIL + b"words \n" * 100_000
    ),
    "quoted-printable of equal signs": lambda: (
        b"Content-Transfer-Encoding: quoted-printable\n" + MAIL + b"=" * 5_000_000
    ),
    "quoted-printable of spaces": lambda: (
        b"Content-Transfer-Encoding: quoted-printable\n" + MAIL + b"=  " * 1_000_000
    ),
    "base64 without padding": lambda: (
        b"Content-Transfer-Encoding: base64\n" + HEAD + b"\n" + b"SGFsbG8" * 1_000_001
    ),
    "100,000 begins of uuencode": lambda: MAIL + b"begin 644 x\n" * 100_000,
    "100,000 files in uuencode": lambda: MAIL + b"begin 644 x\n#0V%T\n`\nend\n" * 50_000,
    "a delivery status of 100,000 groups": lambda: (
        HEAD
        + b"Content-Type: multipart/report; report-type=delivery-status; boundary=x\n\n"
        + b"--x\n\nnot delivered\n--x\nContent-Type: message/delivery-status\n\n"
        + b"Action: failed\n\n" * 100_000
        + b"--x--\n"
    ),
    "100,000 nested tags": lambda: _html("<div>" * 100_000 + "the words" + "</div>" * 100_000),
    "100,000 nested bold tags": lambda: _html("<b>" * 100_000 + "the words"),
    "100,000 nested tables": lambda: _html("<table><tr><td>" * 100_000 + "the words"),
    "100,000 nested quotations": lambda: _html("<blockquote>" * 100_000 + "the words"),
    "190 nested tables full of words": lambda: _html(
        "<table><tr><td>many words" * 45 + "the words"
    ),
    "100,000 links": lambda: _html("<a href='https://meyer.example'>the words" * 100_000),
    "100,000 images": lambda: _html(
        "<img alt='the words' src='https://meyer.example/x'>" * 100_000
    ),
    "100,000 lists": lambda: _html("<ul><li>the words" * 100_000),
    "one wide cell over 10,000 rows": lambda: _html(
        "<table><tr><td>" + "x" * 100_000 + "<td>y" + "<tr><td>the words<td>z" * 10_000
    ),
    "a huge margin": lambda: _html(
        "<p style='margin-top: 99999em; padding-left: 99999em'>the words</p>" * 2000
    ),
    "100,000 tags without an end": lambda: _html("the words" + "<a " * 100_000),
    "100,000 comments without an end": lambda: _html("the words" + "<!--" * 100_000),
    "100,000 scripts without an end": lambda: _html("the words" + "<script>" * 100_000),
    "100,000 characters by name": lambda: _html("the words" + "&amp;" * 100_000),
    "60,000 scripts before a comment": lambda: _html(
        "the words" + "<script></script>" * 60_000 + "<!-- -->"
    ),
    "100,000 comments before a script": lambda: _html(
        "the words" + "<!-- -->" * 100_000 + "<script></script>"
    ),
    "100,000 styles": lambda: _html("the words" + "<style>x{y:z}</style>" * 100_000),
    "scripts that end as styles": lambda: _html("the words" + "<script>" * 300_000 + "</style>"),
    "hidden elements without an end": lambda: _html(
        "the words" + "<title><style><head><template>" * 50_000
    ),
    "scripts whose tags have no end": lambda: _html("the words" + "<script " * 500_000),
    "comments around scripts, without an end": lambda: _html(
        "the words" + "<!--<script></script>" * 60_000
    ),
    "500,000 openings": lambda: _html("the words" + "<" * 500_000),
    "300,000 spaces in a line": lambda: _html("the words<pre>" + " " * 300_000 + "x"),
    "15,000 points in 150 lists": lambda: _html("the words" + "<ul>" * 150 + "<li>x" * 14_000),
    "100,000 attributes": lambda: _html(
        "the words<p " + " ".join(f"a{n}=1" for n in range(100_000)) + ">"
    ),
    "100,000 attributes side by side": lambda: _html(
        "the words<p " + "".join(f"a{n}='>'" for n in range(100_000)) + ">"
    ),
    "a character of 100,000 digits": lambda: _html(
        "the words" + "<b></b>" * 20_000 + "&#" + "9" * 100_000 + ";"
    ),
    "100,000 words struck out": lambda: _html("<s>the words</s> " * 100_000),
    "words struck out within words struck out": lambda: _html("<s>x<del>" * 90 + "the words"),
    "300,000 spaces struck out": lambda: _html(f"<s>the words{' ' * 290_000}x</s>"),
    "a type of 60,000 brackets": lambda: _with(b"Content-Type", b"(/" * 30_000),
    "a type of 10,000 types": lambda: _with(b"Content-Type", b"text/" * 10_000),
    "a date of 10,000 times": lambda: _with(b"Received", b"x; " + b"1:11 " * 10_000),
    "1,000,000 signs that nobody sees": lambda: MAIL + "\u05d0\u200b\u200b".encode() * 300_000,
    "20,000 armours without an end": lambda: (
        MAIL + b"-----BEGIN PGP SIGNED MESSAGE-----\n\n" * 20_000
    ),
    "an armour of 400,000 lines": lambda: (
        MAIL + b"-----BEGIN PGP MESSAGE-----\n" + b"a\n" * 400_000
    ),
    "a bomb of 100 MB in what was pressed together": lambda: _wrapped(
        "application/pkcs7-mime", cms(COMPRESSED, b"\n" + bytes(100_000_000))
    ),
    "signed 1,000 times": _signed_often,
    "1,000,000 elements without a length": lambda: _wrapped(
        "application/pkcs7-mime", cms(SIGNED, MAIL, told=False)[:60] + b"\x24\x80" * 1_000_000
    ),
    "a message in 300,000 pieces": lambda: _wrapped(
        "application/pkcs7-mime", cms(SIGNED, bytes(300_000), told=False, piece=1)
    ),
    "rich text of 2,000,000 groups": lambda: _outlook(packed_rtf(b"{\\rtf1 " + b"{}" * 2_000_000)),
    "rich text that repeats itself": lambda: _outlook(
        pack("<II4sI", 2_000_000, 2**31, b"LZFu", 0) + b"\xfe" + b"a" + b"\x0c\xef" * 900_000
    ),
    "5,000 files in a winmail.dat": lambda: _wrapped(
        "application/ms-tnef", tnef(file(b"a.txt", b"abc") * 5000)
    ),
    "a winmail.dat of lengths that lie": lambda: _wrapped(
        "application/ms-tnef", tnef(attribute(1, 0x69003, b"\xff" * 1_000_000))
    ),
    "100 appointments in 100 calendars": lambda: _calendars(100, EVENT * 100),
    "a calendar of 1,000,000 lines": lambda: _calendars(1, b"A\n" * 1_000_000),
    "a calendar of 1,000,000 folds": lambda: _calendars(1, b"\n " * 1_000_000),
    "20,000 attendees": lambda: _calendars(
        1, EVENT[: -len(b"END:VEVENT\n")] + b"ATTENDEE;CN=a:mailto:b@c\n" * 19_000
    ),
    "6 MB of style": lambda: _html("<style>" + "x{y:z}" * 1_000_000 + "</style>the words"),
}


@pytest.mark.parametrize("name", HOSTILE)
def test_it_is_read_within_bounds(reader: MailReader, name: str) -> None:
    mail = reader.read(HOSTILE[name]())
    expected = ("nothing but NULs", "nothing but carriage returns")
    assert (mail.nature is Nature.UNREADABLE) == (name in expected), mail.trouble
    assert mail.subject or mail.text or mail.parts or mail.trouble
    _within_bounds(mail)
    if name not in expected:
        assert not [sentence for sentence in mail.trouble if "could not be read" in sentence]
    if b"the words" in HOSTILE[name]() and b"text/html" in HOSTILE[name]():
        assert "the words" in mail.text


def _within_bounds(mail: Mail) -> None:
    assert len(mail.recipients) <= MAX_RECIPIENTS
    assert len(mail.refs) <= MAX_REFS
    assert len(mail.text) + len(mail.quoted) + len(mail.signature) <= 2 * MAX_TEXT + 10
    assert len(mail.parts) <= MAX_PARTS


def test_what_is_attached_is_taken_out_whole(reader: MailReader) -> None:
    raw = _attachment(50_000_000)
    (film,) = reader.read(raw).parts
    assert film.size == 50_000_000
    assert reader.part(raw, film.index) == bytes(50_000_000)
    with pytest.raises(NotFound, match="no part 7"):
        reader.part(raw, 7)
    assert reader.read(MAIL).subject == "Where is my order?"


def test_parts_of_one_mail_are_taken_in_one_go_in_the_order_wanted(reader: MailReader) -> None:
    raw = (
        b"Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\n"
        b"see there\r\nbegin 644 c.bin\r\n#0V%T\r\n`\r\nend\r\n"
        + b"".join(
            b'--b\r\nContent-Type: image/png; name="%d\\n.png"\r\n\r\n%d\r\n' % (at, at)
            for at in range(MAX_PARTS)
        )
        + b"--b--\r\n"
    )
    listed = {part.index: part for part in reader.read(raw).parts}
    wanted = sorted(listed, reverse=True)
    taken = reader.parts(raw, wanted)
    assert [part for part, _ in taken] == [listed[index] for index in wanted]
    assert taken[0][1] == b"Cat"
    assert taken[-1][1] == b"0"
    assert [len(data) for _, data in taken] == [listed[index].size for index in wanted]
    assert reader.parts(raw, []) == []
    with pytest.raises(NotFound):
        reader.parts(raw, [1, 10 * MAX_PARTS])


def test_names_that_lead_elsewhere_are_kept_as_they_came(reader: MailReader) -> None:
    raw = _with(
        b"Content-Type",
        b"multipart/mixed; boundary=x\n\n--x\nContent-Disposition: attachment; "
        b'filename="../../etc/passwd"\n\nroot\n--x--\n',
    )
    assert [part.name for part in reader.read(raw).parts] == ["../../etc/passwd"]


def test_line_ends_in_encoded_words_make_no_second_line(reader: MailReader) -> None:
    mail = reader.read(
        b"Subject: =?utf-8?Q?Hello=0D=0ABcc:_all=40firm.example?=\n"
        b"From: =?utf-8?Q?Meyer=0D=0AAG?= <info@meyer.example>\n"
        b"Message-ID: <a\r\n\tb@meyer.example>\n\nx\n"
    )
    assert mail.subject == "Hello Bcc: all@firm.example"
    assert mail.sender == ("Meyer AG", "info@meyer.example")
    assert mail.message_id == "ab@meyer.example"


def test_a_reading_that_takes_too_long_is_ended_and_the_next_mail_is_read() -> None:
    with MailReader(limit=0.0) as hurried:
        late = hurried.read(_attachment(5_000_000))
        assert late.nature is Nature.UNREADABLE
        assert late.trouble == ("It could not be read within 0 seconds; the original is kept.",)
        with pytest.raises(PocError, match="save the original"):
            hurried.part(_attachment(5_000_000), 1)


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="nothing can be stopped here")
def test_a_process_that_stands_still_is_replaced() -> None:
    with MailReader(limit=2.0) as reader:
        assert reader.read(MAIL).nature is Nature.ORDINARY
        _signal(reader, signal.SIGSTOP)
        assert reader.read(MAIL).nature is Nature.UNREADABLE
        assert reader.read(MAIL).nature is Nature.ORDINARY


@pytest.mark.skipif(not hasattr(signal, "SIGSTOP"), reason="nothing can be stopped here")
def test_the_mails_behind_one_that_stood_still_are_read() -> None:
    with MailReader(limit=2.0) as reader:
        found = reader.read_ahead((number, MAIL) for number in range(5))
        read = [next(found)]
        _signal(reader, signal.SIGSTOP)
        read += found
    assert [number for number, _ in read] == [0, 1, 2, 3, 4]
    natures = [mail.nature for _, mail in read]
    assert natures.count(Nature.UNREADABLE) <= 1
    assert natures[-1] is Nature.ORDINARY


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal here")
def test_a_process_that_died_between_two_mails_costs_none_of_them() -> None:
    with MailReader() as reader:
        assert reader.read(MAIL).nature is Nature.ORDINARY
        _signal(reader, signal.SIGKILL)
        assert reader.read(MAIL).nature is Nature.ORDINARY


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="there is no such signal here")
def test_ctrl_c_does_not_reach_the_process() -> None:
    with MailReader() as reader:
        assert reader.read(MAIL).nature is Nature.ORDINARY
        before = _pid(reader)
        _signal(reader, signal.SIGINT)
        assert reader.read(MAIL).nature is Nature.ORDINARY
        assert _pid(reader) == before
        assert os.getsid(before) != os.getsid(0)


def test_large_mails_are_read_ahead_in_their_order() -> None:
    mails = [(n, MAIL.replace(b"Monday", b"day %d" % n) + b" " * n * 400_000) for n in range(12)]
    with MailReader() as reader:
        read = list(reader.read_ahead(mails))
    assert [number for number, _ in read] == list(range(12))
    assert all(f"day {number}." in mail.text for number, mail in read)


def test_what_was_read_ahead_and_not_taken_does_not_come_later() -> None:
    other = MAIL.replace(b"order", b"invoice")
    with MailReader() as reader:
        found = reader.read_ahead([(number, MAIL) for number in range(4)])
        next(found)
        found.close()  # type: ignore[attr-defined]
        assert reader.read(other).subject == "Where is my invoice?"


def test_a_source_that_breaks_off_breaks_off_here_too() -> None:
    def broken() -> Iterator[tuple[int, bytes]]:
        yield 0, MAIL
        yield 1, MAIL
        raise OSError

    with MailReader() as reader:
        found = reader.read_ahead(broken())
        assert next(found)[0] == 0
        with pytest.raises(OSError):  # noqa: PT011
            list(found)
        assert reader.read(MAIL).nature is Nature.ORDINARY


def test_a_process_that_cannot_start_is_no_fault_of_the_mail(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    for program in ("/nonexistent/python", "/bin/false"):
        monkeypatch.setattr(sys, "executable", program)
        with MailReader() as reader, pytest.raises(PocError, match="reads mail"):
            reader.read(MAIL)


def _pid(reader: MailReader) -> int:
    assert reader.pid is not None
    return reader.pid


def _signal(reader: MailReader, number: int) -> None:
    os.kill(_pid(reader), number)
