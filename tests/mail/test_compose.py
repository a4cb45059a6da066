"""A letter as bytes: read back by the standard library it says what it was to say, and no more."""

from __future__ import annotations

import re
import unicodedata
from datetime import UTC, datetime
from email import policy
from email.message import EmailMessage
from email.parser import BytesParser
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, strategies as st

from poc_tui.errors import MailFailed
from poc_tui.mail.message import compose
from poc_tui.rules.mail.message import Part
from poc_tui.rules.text import plain
from poc_tui.settings.mail import Account
from poc_tui.store.outbox import QueuedMail

BERLIN = ZoneInfo("Europe/Berlin")
QUEUED = int(datetime(2026, 11, 23, 8, 12, tzinfo=UTC).timestamp())
SERVICE = Account(address="desk@poc.example", name="Service", send="smtp")
MAIL = QueuedMail(
    id=1, number=1042, kind="answer", recipient="einkauf@meyer.example",
    subject="Re: Invoice 4711 [#1042]", text="It was 10.\n\n-- \nService",
    message_id="poc.1042.0123456789abcdef01234567@poc.example", in_reply_to="2@meyer.example",
    refs=("1@meyer.example", "2@meyer.example"), enclosed=(), automatic=False, queued_at=QUEUED,
    tries=0,
)  # fmt: skip


def none_enclosed(mail_id: int, index: int) -> tuple[Part, bytes]:
    raise AssertionError((mail_id, index))


def raw(mail: Account = SERVICE, **changes: Any) -> bytes:
    return compose.message(MAIL._replace(**changes), mail, BERLIN, none_enclosed)


def read(data: bytes) -> EmailMessage:
    message = BytesParser(policy=policy.default).parsebytes(data)
    assert isinstance(message, EmailMessage)
    return message


def said(data: bytes) -> str:
    """The text, with line ends as ours."""
    body = read(data).get_body()
    assert body is not None
    return str(body.get_content()).replace("\r\n", "\n")


def headers(data: bytes) -> list[str]:
    """The names of the fields, as a server sees them."""
    head = data.partition(b"\r\n\r\n")[0].decode("ascii")
    return [line.partition(":")[0] for line in head.split("\r\n") if line[0] not in " \t"]


def test_a_letter_to_the_byte() -> None:
    assert raw() == (
        b"Date: Mon, 23 Nov 2026 09:12:00 +0100\r\n"
        b'From: "Service"\r\n <desk@poc.example>\r\n'
        b"To: einkauf@meyer.example\r\n"
        b"Subject: Re: Invoice 4711 [#1042]\r\n"
        b"Message-ID: <poc.1042.0123456789abcdef01234567@poc.example>\r\n"
        b"In-Reply-To: <2@meyer.example>\r\n"
        b"References: <1@meyer.example>\r\n <2@meyer.example>\r\n"
        b'Content-Type: text/plain; charset="utf-8"\r\n'
        b"Content-Transfer-Encoding: 7bit\r\n"
        b"MIME-Version: 1.0\r\n"
        b"\r\n"
        b"It was 10.\r\n\r\n-- \r\nService\r\n"
    )


def test_the_same_row_gives_the_same_bytes() -> None:
    def enclosed(mail_id: int, index: int) -> tuple[Part, bytes]:
        return Part(index, "Rechnung für Öl.pdf", "application/pdf", 3), b"\0\xff\r"

    outgoing = MAIL._replace(enclosed=((3, 1), (3, 2)), text="Grüße")
    first, second = (compose.message(outgoing, SERVICE, BERLIN, enclosed) for _ in range(2))
    assert first == second
    files = list(read(first).iter_attachments())
    assert [file.get_filename() for file in files] == ["Rechnung für Öl.pdf"] * 2
    assert [file.get_content() for file in files] == [b"\0\xff\r"] * 2
    assert said(first) == "Grüße\n"


@pytest.mark.parametrize(
    "type", ["message/rfc822", "multipart/mixed", "", "x", "a/b; c=d", "a/b\r\nBcc: x@y.example"]
)
def test_what_is_enclosed_is_data_whatever_it_says_it_is(type: str) -> None:
    def enclosed(mail_id: int, index: int) -> tuple[Part, bytes]:
        return Part(index, "../a\r\nBcc: x@y.example\0.eml", type, 4), b"a\r\nb"

    data = compose.message(MAIL._replace(enclosed=((3, 0),)), SERVICE, BERLIN, enclosed)
    (file,) = read(data).iter_attachments()
    assert file.get_content_type() == "application/octet-stream"
    assert file.get_payload(decode=True) == b"a\r\nb"
    assert "/" not in (file.get_filename() or "/")
    assert b"\r\nBcc" not in data


def is_a_mail(data: bytes) -> None:
    """RFC 5322, 2.1.1 and 2.3: lines end in CRLF, none is long, and there is no NUL."""
    assert not re.search(rb"(?<!\r)\n|\r(?!\n)|\0", data)
    assert data.endswith(b"\r\n")
    assert max(len(line) for line in data.split(b"\r\n")) <= 998
    head = data.partition(b"\r\n\r\n")[0]
    assert not re.search(rb"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\xff]", head)


USUAL = [
    "Date", "From", "To", "Subject", "Message-ID", "In-Reply-To", "References", "Content-Type",
    "Content-Transfer-Encoding", "MIME-Version",
]  # fmt: skip
USUAL_UNTHREADED = [name for name in USUAL if name != "In-Reply-To"]
EVIL = [
    "a\r\nBcc: x@y.example",
    "a\nBcc: x@y.example",
    "a\rBcc: x@y.example",
    "a\r\n\r\n<script>",
    "a\u2028Bcc: x@y.example",
    "a\x85Bcc: x@y.example",
    "a\x0bBcc: x@y.example\x00\x1b[2J",
    "=?utf-8?q?a=0D=0ABcc:_x@y.example?=",
    "=?utf-8?b?YQ0KQmNjOiB4QHkuZXhhbXBsZQ==?=",
    "\ud800 \udfff",
    'a" <x@y.example>, "b',
    "a\\",
    pytest.param("ä" * 500, id="long umlauts"),
    pytest.param("x" * 900, id="long word"),
    "日本語の件名です。" * 10,
    pytest.param("🎉" * 40, id="emoji"),
]


@pytest.mark.parametrize("evil", EVIL)
def test_no_subject_becomes_another_line(evil: str) -> None:
    data = raw(subject=evil)
    is_a_mail(data)
    assert headers(data) == USUAL
    wanted = re.sub("[\x00\ud800-\udfff]", "\ufffd", evil)
    wanted = " ".join(re.sub(r"[\x00-\x1f\x7f-\x9f]", " ", wanted).split())
    assert read(data)["Subject"] == wanted


@pytest.mark.parametrize("evil", EVIL)
def test_no_name_of_ours_becomes_another_line_or_address(evil: str) -> None:
    data = raw(SERVICE._replace(name=evil))
    is_a_mail(data)
    assert headers(data) == USUAL
    (sender,) = read(data)["From"].addresses
    assert sender.addr_spec == "desk@poc.example"
    assert len(sender.display_name.replace(" ", "")) <= 100


@pytest.mark.parametrize("evil", [*EVIL, "a@b> <c@d", "<", "a b@c", "a@b\t"])
def test_no_id_of_a_stranger_becomes_another_line(evil: str) -> None:
    data = raw(in_reply_to=evil, refs=("first@x", evil, "last@x"))
    is_a_mail(data)
    assert [name for name in headers(data) if name != "In-Reply-To"] == USUAL_UNTHREADED
    assert b"Bcc: x" not in data
    assert data.count(b"<first@x>") == data.count(b"<last@x>") == 1
    with pytest.raises(MailFailed):
        raw(message_id=f"{evil} ")


@pytest.mark.parametrize(
    "address", ["", "a", "a@b\r\nBcc: x@y.example", "a@b.example>, <x@y.example", "a@b .example"]
)
def test_what_is_no_address_is_refused(address: str) -> None:
    with pytest.raises(MailFailed, match="is no mail address"):
        raw(recipient=address)
    with pytest.raises(MailFailed, match="is no mail address"):
        raw(SERVICE._replace(address=address))


def test_long_ids_are_neither_parted_nor_encoded() -> None:
    ids = tuple(f"{'x' * 300}.{n}@meyer.example" for n in range(30))
    data = raw(in_reply_to=ids[-1], refs=(*ids, f"sha256-{'0' * 64}", "y" * 2000))
    is_a_mail(data)
    assert b"=?" not in data
    named = re.findall(r"<([^>]+)>", re.sub(r"\r\n ", " ", data.decode())[data.find(b"Refer") :])
    assert tuple(named) == ids


def test_a_program_is_told_from_a_person() -> None:
    assert "Auto-Submitted" not in headers(raw())
    data = raw(automatic=True, kind="chase")
    assert read(data)["Auto-Submitted"] == "auto-generated"
    assert "Precedence" not in headers(data)


def test_a_domain_of_another_alphabet_is_written_in_ascii() -> None:
    data = raw(
        SERVICE._replace(address="desk@bäckerei.example"), recipient="einkauf@straße.example"
    )
    assert b"\r\n <desk@xn--bckerei-5wa.example>\r\nTo: einkauf@xn--strae-oqa.example\r\n" in data


def test_a_local_part_of_another_alphabet_stands_in_utf_8() -> None:
    assert "\r\nTo: müller@meyer.example\r\n".encode() in raw(recipient="müller@meyer.example")


@given(st.text(max_size=300))
def test_every_text_comes_back(text: str) -> None:
    data = raw(text=text)
    is_a_mail(data)
    assert headers(data) == USUAL
    seen = "".join(c for c in plain(text) if c in "\n\t" or unicodedata.category(c) != "Cc")
    assert said(data) == seen.rstrip("\n") + "\n"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("x" * 10_000, id="long line"),
        pytest.param("Grüße\n" * 500 + "Grüße", id="umlauts"),
        pytest.param("日本語\n" * 500 + "日本語", id="Japanese"),
        pytest.param("🎉" * 3000, id="long line of emoji"),
        ".\n..\n.hidden",
        "From me\nto you",
        "trailing \t\n space ",
        "=20 = =3D",
        "a\u2028b",
    ],
)
def test_long_lines_dots_and_letters_come_back_as_they_are(text: str) -> None:
    data = raw(text=text)
    is_a_mail(data)
    assert data.isascii()
    assert said(data) == text + "\n"


def test_html_stands_beside_the_plain_text_and_files_around_both() -> None:
    def enclosed(mail_id: int, index: int) -> tuple[Part, bytes]:
        assert mail_id == compose.OWN_FILES
        return Part(index, "plan.pdf", "application/pdf", 3), b"%PDF"

    for files in ((), ((5, "plan.pdf", "application/pdf"),)):
        outgoing = MAIL._replace(html=True, files=files, text="Grüße\n\n> 1 < 2")
        first, second = (compose.message(outgoing, SERVICE, BERLIN, enclosed) for _ in range(2))
        assert first == second
        assert first.isascii()
        message = read(first)
        assert message.get_content_type() == f"multipart/{'mixed' if files else 'alternative'}"
        text, html = message.get_body(("plain",)), message.get_body(("html",))
        assert text is not None
        assert html is not None
        assert text.get_content().replace("\r\n", "\n") == "Grüße\n\n> 1 < 2\n"
        assert "<p>1 &lt; 2</p>" in html.get_content()
        assert [file.get_filename() for file in message.iter_attachments()] == [
            "plan.pdf" for _ in files
        ]
