"""What is read of the mails that people and their programs write."""

from __future__ import annotations

import base64
from datetime import UTC, datetime

import pytest

from poc_tui.errors import NotFound
from poc_tui.mail.message.html_text import stripped
from poc_tui.mail.message.parse import parse
from poc_tui.mail.message.parts import part
from poc_tui.rules.mail.message import Mail, MailAddress, Nature, Part
from tests.helpers.raw_mail import html, mail, mixed, read

BODY = "Die Bestellung fehlt."
AUF_DEUTSCH = "Über Möhren, Straße und Käse für 5 €"


def test_a_plain_mail_is_read_whole() -> None:
    got = parse(
        b"Return-Path: <bounce@meyer.example>\r\n"
        b"Message-ID: <1@meyer.example>\r\n"
        b"In-Reply-To: <b@firm.example>\r\n"
        b"References: <a@firm.example>\r\n <b@firm.example>\r\n"
        b'From: "Meyer AG" <info@meyer.example>\r\n'
        b"Reply-To: orders@meyer.example\r\n"
        b"To: desk@firm.example\r\n"
        b"Cc: Hotel Krone <krone@hotel.example>\r\n"
        b"Subject: Invoice 4711 is wrong\r\n"
        b"Date: Mon, 23 Nov 2026 09:12:00 +0100\r\n"
        b"\r\n"
        b"It shows 12 units.\r\n"
        b"\r\n"
        b"-- \r\n"
        b"Meyer AG\r\n"
    )
    assert got == Mail(
        cc=(MailAddress("Hotel Krone", "krone@hotel.example"),),
        headers=(("reply-to", "orders@meyer.example"),),
        message_id="1@meyer.example",
        refs=("b@firm.example", "a@firm.example"),
        sender=MailAddress("Meyer AG", "info@meyer.example"),
        reply_to=MailAddress("", "orders@meyer.example"),
        recipients=(
            MailAddress("", "desk@firm.example"),
            MailAddress("Hotel Krone", "krone@hotel.example"),
        ),
        subject="Invoice 4711 is wrong",
        sent_at=datetime(2026, 11, 23, 8, 12, tzinfo=UTC),
        text="It shows 12 units.",
        signature="Meyer AG",
    )


@pytest.mark.parametrize("ends", [b"\n", b"\r\n", b"\r"])
def test_any_line_ends_do(ends: bytes) -> None:
    got = parse(mail("Subject: Hello", "one\ntwo").replace(b"\n", ends))
    assert (got.subject, got.text) == ("Hello", "one\ntwo")


@pytest.mark.parametrize("before", [b"\n\n", b"From info@meyer.example Mon Nov 23\n"])
def test_what_a_pipe_or_an_mbox_puts_before_it_is_no_header(before: bytes) -> None:
    assert parse(before + mail("Subject: Hello", BODY)).subject == "Hello"


@pytest.mark.parametrize("raw", [b"", b"\n\n\n", b"\0\0\0"])
def test_nothing_is_unreadable_and_says_so(raw: bytes) -> None:
    got = parse(raw)
    assert got.nature is Nature.UNREADABLE
    assert got.trouble


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("=?utf-8?B?R3LDvMOfZQ==?=", "Grüße"),
        ("=?UTF-8?q?Gr=C3=BC=C3=9Fe_aus_K=C3=B6ln?=", "Grüße aus Köln"),
        ("=?iso-8859-1?Q?Gr=FC=DFe?= aus =?iso-8859-15?Q?5_=A4?=", "Grüße aus 5 €"),
        ("=?utf-8?Q?Gr=C3?= =?utf-8?Q?=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8?B?R3LDvA==?=\n =?utf-8?B?w59l?=", "Grüße"),
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe?==?utf-8?Q?_hier?=", "Grüße hier"),
        ("=?utf-8?Q?Gr=C3=BC=C3=9Fe mit Leerzeichen?=", "Grüße mit Leerzeichen"),
        ("=?utf-8?Q?Wirklich??=", "Wirklich?"),
        ("=?windows-1252?Q?=84Ja=93?=", "„Ja“"),
        ("=?no-such-charset?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?no-such-charset?Q?Gr=FC=DFe?=", "Grüße"),
        ("=?utf-8*de?Q?Gr=C3=BC=C3=9Fe?=", "Grüße"),
        ("=?utf-8?B?R3LDvMOfZQ?=", "Grüße"),
        ("=?iso-2022-jp?B?GyRCJDMkcyRLJEEkTxsoQg==?=", "こんにちは"),
        ("=?gb2312?B?xOO6ww==?=", "你好"),
        ("=?utf-8?X?nothing?=", "=?utf-8?X?nothing?="),
        ("Grüße", "Grüße"),
        ("Two\n  lines", "Two lines"),
        ("=?utf-8?Q?Hello=0D=0ABcc:_x=40meyer.example?=", "Hello Bcc: x@meyer.example"),
        ("a\x07b\x1b[31mc", "a b [31mc"),
    ],
)
def test_subjects_are_decoded(value: str, expected: str) -> None:
    assert read(f"Subject: {value}").subject == expected


def test_a_subject_in_raw_latin_1_is_read() -> None:
    assert parse(b"Subject: Gr\xfc\xdfe\n\nx").subject == "Grüße"


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("info@meyer.example", MailAddress("", "info@meyer.example")),
        ("<info@meyer.example>", MailAddress("", "info@meyer.example")),
        ("Meyer AG <info@meyer.example>", MailAddress("Meyer AG", "info@meyer.example")),
        ('"Meyer, AG" <info@meyer.example>', MailAddress("Meyer, AG", "info@meyer.example")),
        ("Meyer, AG <info@meyer.example>", MailAddress("Meyer, AG", "info@meyer.example")),
        ('"Meyer \\"AG\\"" <info@meyer.example>', MailAddress('Meyer "AG"', "info@meyer.example")),
        ("info@meyer.example (Meyer AG)", MailAddress("Meyer AG", "info@meyer.example")),
        ("'info@meyer.example' <info@meyer.example>", MailAddress("", "info@meyer.example")),
        ("info@meyer.example <info@meyer.example>", MailAddress("", "info@meyer.example")),
        ("=?utf-8?Q?B=C3=A4ckerei?= <ott@b.example>", MailAddress("Bäckerei", "ott@b.example")),
        ('"=?utf-8?Q?B=C3=A4ckerei?=" <ott@b.example>', MailAddress("Bäckerei", "ott@b.example")),
        ("=?utf-8?Q?Ott=2C_Hof?= <ott@b.example>", MailAddress("Ott, Hof", "ott@b.example")),
        ("Bäckerei <ott@b.example>", MailAddress("Bäckerei", "ott@b.example")),
        ("Hotel [mailto:krone@h.example]", MailAddress("Hotel", "krone@h.example")),
        ("Team: a@m.example, b@m.example;", MailAddress("", "a@m.example")),
        ("a@m.example, b@m.example", MailAddress("", "a@m.example")),
        ("Meyer <@relay.example:info@meyer.example>", MailAddress("Meyer", "info@meyer.example")),
        ("Meyer < info@meyer.example >", MailAddress("Meyer", "info@meyer.example")),
        ("Meyer <info@meyer.example", MailAddress("Meyer", "info@meyer.example")),
        ("kürbis@bäcker.example", MailAddress("", "kürbis@bäcker.example")),
        ("=?utf-8?Q?A=0D=0AB?= <a@m.example>", MailAddress("A B", "a@m.example")),
        ("a\x07b@m.example", MailAddress("a", "b@m.example")),
        ("<a\x07 b@m.example>", MailAddress("", "ab@m.example")),
        ("o'brien@m.example", MailAddress("", "o'brien@m.example")),
        ("Pat 'pat@m.example'", MailAddress("Pat", "pat@m.example")),
        ('"a.b"@m.example', MailAddress("", "a.b@m.example")),
        ('Meyer <"a.b"@m.example>', MailAddress("Meyer", "a.b@m.example")),
        # RFC 5321, section 4.1.2, warns against such; to take half of it would be another mailbox.
        ('"a b"@m.example', None),
        ('"a@b"@m.example', None),
        ('"other@m.example" <"a b"@m.example>', None),
        (f"<{'a' * 400}@m.example>", None),
        ("undisclosed-recipients:;", None),
        ("Meyer AG", None),
    ],
)
def test_senders_are_read(value: str, expected: MailAddress | None) -> None:
    assert parse(f"From: {value}\nSubject: x\n\nx".encode()).sender == expected


def test_who_sent_it_stands_in_other_fields_too() -> None:
    assert parse(b"Sender: a@m.example\n\nx").sender == MailAddress("", "a@m.example")
    assert parse(b"Return-Path: <a@m.example>\nFrom: root\n\nx").sender == MailAddress(
        "", "a@m.example"
    )


def test_a_sender_without_an_address_is_trouble() -> None:
    got = parse(b"From: root\nSubject: x\n\nx")
    assert (got.sender, got.trouble) == (None, ("Its sender has no address: root",))


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("Mon, 23 Nov 2026 09:12:30 +0100", datetime(2026, 11, 23, 8, 12, 30, tzinfo=UTC)),
        ("23 Nov 2026 09:12 GMT", datetime(2026, 11, 23, 9, 12, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 09:12:30 -0000", datetime(2026, 11, 23, 9, 12, 30, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 09:12:30", datetime(2026, 11, 23, 9, 12, 30, tzinfo=UTC)),
        ("Mon, 23 Nov 2026 23:59:60 +0000", datetime(2026, 11, 23, 23, 59, 59, tzinfo=UTC)),
        ("Mon, 23 Nov 26 09:12:30 +0100 (CET)", datetime(2026, 11, 23, 8, 12, 30, tzinfo=UTC)),
        ("Fri, 31 Dec 9999 23:59:59 -1200", None),
        ("Fri, 31 Dec 9999 23:59:59 +0000", None),
        ("Fri, 1 Jan 9999 00:30:00 +0100", datetime(9998, 12, 31, 23, 30, tzinfo=UTC)),
        ("Mon, 1 Jan 1601 00:00:00 +0000", None),
        ("Wed, 31 Dec 1969 23:59:59 +0000", None),
        ("Wed, 31 Dec 1969 19:00:00 -0500", datetime(1970, 1, 1, tzinfo=UTC)),
        ("Mon, 99 Nov 2026 09:12:30 +0100", None),
        ("Mon, 23 Nov 99999999999 09:12:30", None),
        ("yesterday", None),
        ("", None),
    ],
)
def test_dates_are_utc_or_nothing(value: str, expected: datetime | None) -> None:
    got = read(f"Date: {value}")
    assert got.sent_at == expected
    assert bool(got.trouble) == (expected is None and value != "")


@pytest.mark.parametrize(
    ("headers", "expected"),
    [
        ("References: <a@m.example> <b@m.example>", ("a@m.example", "b@m.example")),
        ("References: <a@m.example><b@m.example>", ("a@m.example", "b@m.example")),
        ("References: a@m.example b@m.example", ("a@m.example", "b@m.example")),
        ("References: <a@m.\n example>", ("a@m.example",)),
        ("In-Reply-To: Your message of Monday <a@m.example>", ("a@m.example",)),
        ("In-Reply-To: Your message to info@m.example", ()),
        ("In-Reply-To: <a@m.example>\nReferences: <a@m.example>", ("a@m.example",)),
        ("In-Reply-To: =?utf-8?Q?=3Ca=40m.example=3E?=", ("a@m.example",)),
        ("References: <>", ()),
    ],
)
def test_what_it_answers_is_found(headers: str, expected: tuple[str, ...]) -> None:
    assert read(headers).refs == expected


def test_of_a_long_thread_the_beginning_and_the_end_are_kept() -> None:
    refs = read("References: " + " ".join(f"<{n}@m.example>" for n in range(1000))).refs
    assert (len(refs), refs[0], refs[-1]) == (200, "0@m.example", "999@m.example")


def test_a_very_long_id_is_the_same_each_time_and_unlike_others() -> None:
    one, again, other = (
        read(f"Message-ID: <{'x' * 5000}{end}@m.example>").message_id for end in ("a", "a", "b")
    )
    assert one == again != other
    assert len(one) <= 512


@pytest.mark.parametrize(
    ("label", "codec"),
    [
        ("utf-8", "utf-8"),
        ("UTF8", "utf-8"),
        ("iso-8859-1", "cp1252"),  # Outlook
        ("iso-8859-1", "utf-8"),
        ("us-ascii", "utf-8"),
        ("us-ascii", "cp1252"),
        ("utf-8", "cp1252"),
        ("windows-1252", "cp1252"),
        ("iso-8859-15", "iso-8859-15"),
        ("macintosh", "mac_roman"),
        ("utf-7", "utf-7"),
        ("utf-16", "utf-16"),
        ("x-unknown", "utf-8"),
        ("", "utf-8"),
        ("", "cp1252"),
        ("no such thing", "cp1252"),
        ("zlib", "utf-8"),
        ("idna", "utf-8"),
    ],
)
def test_a_wrong_label_is_repaired(label: str, codec: str) -> None:
    got = read(f'Content-Type: text/plain; charset="{label}"', AUF_DEUTSCH, charset=codec)
    assert got.text == AUF_DEUTSCH


@pytest.mark.parametrize("label", ["iso-2022-jp", ""])
def test_signs_that_windows_adds_to_japanese_are_read(label: str) -> None:
    text = b"\x1b$B$3-!-j\x1b(B Meyer"
    assert read(f"Content-Type: text/plain; charset={label}", text).text == "こ①㈱ Meyer"


@pytest.mark.parametrize(
    ("label", "codec", "text"),
    [
        ("gb2312", "gb18030", "镕你好"),
        ("big5", "big5", "訂單在哪裡"),
        ("shift_jis", "cp932", "ご注文①"),
        ("iso-2022-jp", "iso2022_jp", "こんにちは"),
        ("", "iso2022_jp", "こんにちは"),
        ("ks_c_5601-1987", "cp949", "주문"),
        ("koi8-r", "koi8-r", "Где заказ"),
        ("windows-1251", "cp1251", "Где мой заказ"),
        ("iso-8859-8-i", "iso-8859-8", "שלום"),
    ],
)
def test_other_scripts_are_read(label: str, codec: str, text: str) -> None:
    got = read(f"Content-Type: text/plain; charset={label}", text, charset=codec)
    assert got.text == text


def test_a_broken_character_does_not_spoil_the_others() -> None:
    body = AUF_DEUTSCH.encode() + "Ü".encode()[:1]
    got = read("Content-Type: text/plain; charset=utf-8", body)
    assert got.text == AUF_DEUTSCH + "\ufffd"


@pytest.mark.parametrize(
    ("encoding", "body", "expected"),
    [
        ("quoted-printable", "Gr=C3=BC=C3=9Fe=\n aus K=C3=B6ln", "Grüße aus Köln"),
        ("Quoted-Printable", "Gr=C3=BC=C3=9Fe= \t\n hier", "Grüße hier"),
        ("quoted-printable", "100 =% =ZZ =", "100 =% =ZZ "),
        ("base64", "R3LDvMOf\nZSBhdXMg\nS8O2bG4=\n", "Grüße aus Köln"),
        ("base64", "R3LD!vMOf\n-ZSBh dXMg\nS8O2bG4", "Grüße aus Köln"),
        ("base64", "R3LDvMOfZQ==\n-- \nfooter of a list", "Grüße"),
        ("8bit", "Grüße", "Grüße"),
        ("no-such-encoding", "Grüße", "Grüße"),
    ],
)
def test_broken_encodings_give_what_is_left(encoding: str, body: str, expected: str) -> None:
    headers = f"Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: {encoding}"
    assert read(headers, body).text == expected


def test_a_header_without_an_empty_line_behind_it_hides_no_words() -> None:
    assert parse(b"Subject: x\nThis is no header.\nNor this.\n").text.startswith("This is no")


def test_a_line_that_is_no_header_hides_no_headers() -> None:
    got = parse(b"Subject: x\nThis is no header.\nTo: a@m.example\n\nwords\n")
    assert got.recipients == (MailAddress("", "a@m.example"),)
    assert got.text == "words"
    assert got.trouble


def test_plain_text_is_preferred() -> None:
    got = mixed(
        "Content-Type: text/plain\n\nthe plain words",
        "Content-Type: text/html\n\n<p>the <b>other</b> words",
        kind="alternative; boundary=x",
    )
    assert (got.text, got.parts) == ("the plain words", ())


@pytest.mark.parametrize(
    "plain",
    [
        "",
        " \n\n",
        "Your mail client cannot display HTML messages.",
        "Diese E-Mail ist im HTML-Format. Ihr Programm kann das nicht anzeigen.",
    ],
)
def test_html_is_read_where_the_plain_text_says_nothing(plain: str) -> None:
    got = mixed(
        f"Content-Type: text/plain\n\n{plain}",
        "Content-Type: text/html\n\n<p>the <b>real</b> words",
        kind="alternative; boundary=x",
    )
    assert got.text == "the real words"


def test_texts_that_follow_each_other_are_joined() -> None:
    got = mixed(
        "Content-Type: text/plain\n\nabove",
        "Content-Type: image/png; name=a.png\n\nx",
        "Content-Type: text/html\n\n<p>below",
    )
    assert got.text == "above\n\nbelow"
    assert got.parts == (Part(1, "a.png", "image/png", 1),)


def test_an_unknown_boundary_is_found() -> None:
    got = read("Content-Type: multipart/mixed", "--q\nContent-Type: text/plain\n\nwords\n--q--\n")
    assert got.text == "words"


def test_links_show_where_they_lead() -> None:
    got = html(
        '<p>See <a href="https://meyer.example/4711">the invoice</a>, '
        '<a href="https://meyer.example/">https://meyer.example</a>, '
        '<a href="mailto:info@meyer.example">us</a>, <a href="javascript:x()">this</a>, '
        '<a href="#top">top</a>.'
    )
    assert got.text == (
        "See the invoice <https://meyer.example/4711>, https://meyer.example, "
        "us <info@meyer.example>, this, top."
    )


def test_html_shows_words_and_nothing_else() -> None:
    got = html(
        "<html><head><title>x</title><style>p {}</style></head><body><!-- no --><script>no()"
        '</script><div style="display:none">preview</div><p>Gr&uuml;&szlig;e<br>aus K&ouml;ln</p>'
        '<img src="https://spy.example/1.gif"><img src="cid:1" alt="Logo">'
        "<ul><li>one<li>two</ul><table><tr><td>a</td><td>b</td></tr><tr><td>1</td><td>2</td></tr>"
        "</table>&nbsp;</body></html>"
    )
    words = [line.strip() for line in got.text.split("\n") if line.strip()]
    assert words == ["Grüße", "aus Köln", "[Logo]", "* one", "* two", "a  b", "1  2"]


def test_html_names_its_own_charset() -> None:
    document = '<meta http-equiv="Content-Type" content="text/html; charset=koi8-r"><p>Где заказ'
    assert read("Content-Type: text/html", document, charset="koi8-r").text == "Где заказ"


def test_what_is_hidden_is_left_out_where_tags_are_only_taken_out() -> None:
    assert stripped("İİİ<script>no()</SCRIPT >a<!-- no -->b<style x='y'>no{}</style>c") == "İİİabc"
    assert stripped("<script>a</style>b<!-- c <title d").split() == ["ab", "c"]


def test_a_page_laid_out_by_tables_is_read_from_top_to_bottom() -> None:
    words = "A sentence that is far too long for a cell of a table with data in it. " * 4
    got = html(f"<table><tr><td>Hello,<td><table><tr><td>{words}</table></tr><tr><td>Bye</table>")
    assert [line for line in got.text.split("\n") if line] == ["Hello,", words.strip(), "Bye"]


def test_flowed_lines_are_put_together() -> None:
    got = read(
        "Content-Type: text/plain; charset=utf-8; format=flowed",
        "One \nparagraph.\n From here\n\n> quoted \n> words\n> \n>> deep \n>> er\nand \nmine\n"
        "-- \nM\n",
    )
    assert got.text == "One paragraph.\nFrom here\n\n> quoted words\n> \n>> deep er\nand mine"
    assert got.signature == "M"


def test_flowed_lines_lose_the_space_that_was_added() -> None:
    headers = "Content-Type: text/plain; charset=utf-8; format=flowed; delsp=yes"
    assert read(headers, "Donaudampf \nschiff\n").text == "Donaudampfschiff"


@pytest.mark.parametrize(
    ("headers", "name"),
    [
        ("Content-Disposition: attachment; filename=a.pdf", "a.pdf"),
        ('Content-Disposition: attachment; filename="a b; c.pdf"', "a b; c.pdf"),
        ("Content-Disposition: attachment; filename=a b.pdf", "a b.pdf"),
        ("Content-Disposition: attachment; filename*=utf-8''%C3%9Cber%20uns.pdf", "Über uns.pdf"),
        ("Content-Disposition: attachment; filename*=iso-8859-1'de'%DCber.pdf", "Über.pdf"),
        (
            "Content-Disposition: attachment; filename*1*=%20uns; filename*0*=utf-8''%C3%9Cber;\n"
            ' filename*2=".pdf"',
            "Über uns.pdf",
        ),
        ('Content-Disposition: attachment; filename="=?utf-8?Q?=C3=9Cber.pdf?="', "Über.pdf"),
        ("Content-Disposition: attachment; filename==?utf-8?B?w5xiZXIucGRm?=", "Über.pdf"),
        ('Content-Disposition: attachment; filename="Über.pdf"', "Über.pdf"),
        ('Content-Disposition: attachment; filename="a \\"b\\".pdf"', 'a "b".pdf'),
        ('Content-Disposition: attachment; filename="../../etc/passwd"', "../../etc/passwd"),
        ('Content-Disposition: attachment; filename="C:\\tmp\\a.pdf"', "C:\\tmp\\a.pdf"),
        ('Content-Disposition: attachment; filename="a\x00\x1bb.pdf"', "a b.pdf"),
        ("Content-Disposition: inline", "from-the-type.pdf"),
        ("Content-Disposition: attachment; filename*=utf-8'x", "utf-8'x"),
    ],
)
def test_names_of_parts_are_decoded(headers: str, name: str) -> None:
    type = "Content-Type: application/pdf; name=from-the-type.pdf"
    (only,) = mixed("\nwords", f"{type}\n{headers}\n\nabc").parts
    assert only == Part(1, name, "application/pdf", 3)


def test_parts_are_taken_out_by_their_index() -> None:
    data = bytes(range(256))
    raw = mail(
        "Content-Type: multipart/mixed; boundary=x",
        "--x\nContent-Type: text/plain\n\nwords\n--x\nContent-Type: image/png; name=a.png\n"
        f"Content-Transfer-Encoding: base64\n\n{base64.encodebytes(data).decode()}\n--x\n"
        "Content-Type: text/csv; name=b.csv\n\n1;2\n--x\n"
        "Content-Type: application/ms-tnef; name=winmail.dat\n\nxyz\n--x--\n",
    )
    parts = parse(raw).parts
    assert [(one.index, one.name, one.size) for one in parts] == [
        (1, "a.png", 256),
        (2, "b.csv", 3),
        (3, "winmail.dat", 3),
    ]
    assert [part(raw, one.index) for one in parts] == [
        (parts[0], data),
        (parts[1], b"1;2"),
        (parts[2], b"xyz"),
    ]
    for index in (-1, 4, 10**9):
        with pytest.raises(NotFound):
            part(raw, index)


def test_text_that_is_attached_is_a_part() -> None:
    got = mixed(
        "Content-Type: text/plain\n\nwords",
        "Content-Type: text/plain\nContent-Disposition: attachment; filename=log.txt\n\nlines",
    )
    assert (got.text, got.parts) == ("words", (Part(1, "log.txt", "text/plain", 5),))


def test_a_file_in_uuencode_is_a_part() -> None:
    raw = mail("Subject: x", "See below.\n\nbegin 644 cat.txt\n#0V%T\n`\nend\n\nBye.\n")
    got = parse(raw)
    assert got.text.split() == ["See", "below.", "Bye."]
    assert got.parts == (Part(1, "cat.txt", "application/octet-stream", 3),)
    assert part(raw, 1)[1] == b"Cat"


def test_an_encrypted_mail_says_so() -> None:
    got = mixed(
        "Content-Type: application/pgp-encrypted\n\nVersion: 1",
        "Content-Type: application/octet-stream\n\nxyz",
        kind="encrypted; boundary=x",
    )
    assert "encrypted" in got.trouble[0]
    assert len(got.parts) == 2


@pytest.mark.parametrize(
    "type",
    [
        "text/plain charset=utf-8", "text/plaincharset=utf-8", "text/plain, charset=utf-8",
        "text/plain: charset=utf-8", "plain", "text", "text/", "; charset=utf-8", "UTF-8", "8bit",
        "=?utf-8?Q?text/plain?=", "plain/text", "text\\plain", "(a note) text/plain",
        "text/markdown", "text/x-unheard-of; charset=utf-8", "text/csv", "text/xml",
        "application/text", "text/plain/utf-8", "foo bar",
    ],
)  # fmt: skip
def test_a_type_that_is_malformed_or_of_an_unknown_text_is_text(type: str) -> None:
    got = read(f"Content-Type: {type}", BODY)
    assert (got.text, got.parts) == (BODY, ())


@pytest.mark.parametrize(
    "type",
    [
        "text/html charset=utf-8",
        "text/htmlcharset=utf-8",
        "html",
        "text/html, text/plain",
        "text/htm",
        "html/text",
        "text/html;\ncharset=utf-8",
    ],
)
def test_a_malformed_type_that_means_html_is_html(type: str) -> None:
    assert read(f"Content-Type: {type}", f"<p>{BODY}</p>").text == BODY


@pytest.mark.parametrize("field", ["Content-Type: charset=utf-8", "X-Mailer: a form"])
def test_a_document_without_a_type_that_begins_as_html_is_html(field: str) -> None:
    assert read(field, f"<!DOCTYPE html><p>{BODY}</p>").text == BODY


def test_a_parameter_that_is_not_indented_is_no_text() -> None:
    got = read('Content-Type: multipart/mixed;\nboundary="x"', f"--x\n\n{BODY}\n--x--\n")
    assert got.text == BODY


def test_a_multipart_without_a_semicolon_still_has_its_parts() -> None:
    got = read("Content-Type: multipart/mixed boundary=x", f"--x\n\n{BODY}\n--x--\n")
    assert got.text == BODY


@pytest.mark.parametrize("named", ["name=scan", "name=scan.bin"])
def test_a_file_of_a_malformed_type_stays_a_file(named: str) -> None:
    got = mixed(f"\n{BODY}", f"Content-Type: pdf-file; {named}\n\nabc")
    assert (got.text, len(got.parts)) == (BODY, 1)


def test_a_text_with_a_name_is_the_body_where_it_comes_first() -> None:
    named = "Content-Type: text/plain; name=message.txt"
    assert mixed(f"{named}\nContent-Disposition: inline\n\n{BODY}").text == BODY
    got = mixed(f"{named}\n\n{BODY}", "Content-Type: text/plain; name=log.txt\n\nlines")
    assert got.text == BODY
    assert [one.name for one in got.parts] == ["message.txt", "log.txt"]
    got = mixed(f"{named}\nContent-Disposition: inline\n\n{BODY}", "\nThe footer of a list.")
    assert (got.text, got.parts) == (f"{BODY}\n\nThe footer of a list.", ())


@pytest.mark.parametrize(("lines", "shown"), [(10, True), (10_000, False)])
def test_a_short_text_to_be_shown_behind_another_is_read_and_listed(
    lines: int, shown: bool
) -> None:
    named = "Content-Type: text/plain; name=details.txt\nContent-Disposition: inline"
    got = mixed(f"\n{BODY}", f"{named}\n\n" + "a line\n" * lines)
    assert [one.name for one in got.parts] == ["details.txt"]
    assert ("a line" in got.text) == shown


def test_a_text_that_is_all_there_is_is_read_though_it_is_attached() -> None:
    got = read("Content-Disposition: attachment; filename=note.txt", BODY)
    assert (got.text, [one.name for one in got.parts]) == (BODY, ["note.txt"])


def test_forms_of_a_text_are_no_files_though_they_have_names() -> None:
    got = mixed(
        f"Content-Type: text/plain; name=text.txt\n\n{BODY}",
        f"Content-Type: text/html; name=text.html\n\n<p>{BODY}</p>",
        kind="alternative; boundary=x",
    )
    assert (got.text, got.parts) == (BODY, ())


@pytest.mark.parametrize(
    ("type", "name"),
    [
        ("image/jpeg", "part-2.jpg"),
        ("text/calendar", "part-2.ics"),
        ("application/pdf", "part-2.pdf"),
        ("application/x-unheard-of", "part-2"),
    ],
)
def test_a_part_without_a_name_gets_one_of_its_type(type: str, name: str) -> None:
    (only,) = mixed(f"\n{BODY}", f"Content-Type: {type}\n\nabc").parts
    assert only.name == name


def test_a_mail_that_is_attached_is_called_by_its_subject() -> None:
    inner = "Content-Type: message/rfc822\n\nSubject: =?utf-8?Q?Angebot_f=C3=BCr_33?=\n\ninside"
    (only,) = mixed(f"\n{BODY}", inner).parts
    assert only.name == "Angebot für 33.eml"


def test_a_mail_in_a_mail_in_a_mail_is_read_to_the_first_words() -> None:
    inner = f"Content-Type: message/rfc822\n\nFrom: c@d.example\nSubject: In\n\n{BODY}"
    middle = f"Content-Type: message/rfc822\n\nFrom: a@b.example\nSubject: Mid\n{inner}"
    got = mixed(middle)
    assert got.text == BODY
    assert got.original == MailAddress("", "a@b.example")


@pytest.mark.parametrize(
    ("document", "text"),
    [
        ("am <s>5.</s> 7.", "am ~~5.~~ 7."),
        ("am <del>5.</del> <ins>7.</ins>", "am ~~5.~~ 7."),
        ("am <strike>5.</strike> 7.", "am ~~5.~~ 7."),
        ('<span style="color:red; text-decoration: line-through">5.</span> 7.', "~~5.~~ 7."),
        ('<p style="text-decoration-line:underline line-through">5.</p>7.', "~~5.~~\n\n7."),
        ("<style>.x{text-decoration:line-through}</style><i class='a x'>5.</i> 7.", "~~5.~~ 7."),
        ('<span><span style="text-decoration:line-through">5. <b>12.</b> </span></span>7.',
         "~~5. 12.~~ 7."),
        ("<s>a <del>b</del> c</s> d", "~~a b c~~ d"),
        ("<s>one<br>two</s> three", "~~one~~\n~~two~~ three"),
        ("<del><p>one</p><p>two</p></del>", "~~one~~\n\n~~two~~"),
        ('<s style="text-decoration:none">5.</s> 7.', "5. 7."),
        ("<s> </s>7.", "7."),
    ],
)  # fmt: skip
def test_what_is_struck_out_is_marked(document: str, text: str) -> None:
    assert read("Content-Type: text/html", document).text == text


@pytest.mark.parametrize(
    "tag", ["<s>5.</s>", "<del>5.</del>", "<span style='text-decoration:line-through'>5.</span>"]
)
def test_what_is_struck_out_is_marked_though_the_layout_is_lost(tag: str) -> None:
    assert stripped(f"<p>am {tag} 7.</p>").strip() == "am ~~5.~~ 7."


@pytest.mark.parametrize("sign", ["\u00ad", "\u200b", "\u2060", "\ufeff", "\u200c", "\u200d"])
def test_signs_that_nobody_sees_part_no_words(sign: str) -> None:
    got = read(f"Subject: Garantie{sign}frage", f"Die Kunden{sign}nummer")
    assert (got.subject, got.text) == ("Garantiefrage", "Die Kundennummer")


@pytest.mark.parametrize(
    ("value", "name"),
    [
        ("=?iso-8859-1?Q?B=F6hm,=20Ute?= <u@b.example>", "Böhm, Ute"),
        ('"=?iso-8859-1?Q?B=F6hm,_Ute?=" <u@b.example>', "Böhm, Ute"),
        ("=?utf-8?Q?B=C3=B6hm?=, =?utf-8?Q?_Ute?= <u@b.example>", "Böhm, Ute"),
        ("=?utf-8?Q?Ute_(Firma;_AG)?= <u@b.example>", "Ute (Firma; AG)"),
        ("=?utf-8?Q?Ute_<u@b.example>?=", "Ute"),
        ('=?utf-8?Q?"B=C3=B6hm,_Ute"?= <u@b.example>', "Böhm, Ute"),
    ],
)
def test_an_encoded_word_is_one_whatever_it_holds(value: str, name: str) -> None:
    assert read(f"To: {value}").recipients == (MailAddress(name, "u@b.example"),)


@pytest.mark.parametrize(
    ("zone", "hour"),
    [
        ("GMT+01:00", 9), ("GMT+0100", 9), ("(GMT+01:00)", 9), ("UTC+2", 8), ("UTC-03:30", 13),
        ("+01:00", 9), ("+01", 9), ("MEZ", 9), ("MESZ", 8), ("CEST", 8), ("(CEST)", 8), ("CET", 9),
        ("EST", 15), ("+0100 (GMT+02:00)", 9), ("GMT", 10), ("UTC", 10), ("", 10),
    ],
)  # fmt: skip
def test_a_zone_is_understood_however_it_is_written(zone: str, hour: int) -> None:
    sent_at = read(f"Date: Fri, 27 Nov 2026 10:00:00 {zone}").sent_at
    assert sent_at is not None
    assert sent_at.hour == hour


@pytest.mark.parametrize(
    "value", ["2026-12-03T10:00:00+01:00", "Do, 3. Dezember 2026 10:00:00 +0100"]
)
def test_a_date_is_understood_in_other_forms(value: str) -> None:
    assert read(f"Date: {value}").sent_at == datetime(2026, 12, 3, 9, tzinfo=UTC)


RECEIVED = "Received: from a.example by b.example; Fri, 27 Nov 2026 11:00:00 +0100"


@pytest.mark.parametrize(
    "date", ["Date: Sat, 1 Jan 2000 00:12:00 +0100\n", "Date: whenever\n", "", "Date: 1 Jan 2040\n"]
)
def test_a_date_that_the_server_contradicts_is_not_believed(date: str) -> None:
    older = "Received: from c.example by a.example; Fri, 20 Nov 2026 11:00:00 +0100"
    got = read(f"{RECEIVED}\n{older}\n{date}X-Mailer: x")
    assert got.sent_at == datetime(2026, 11, 27, 10, tzinfo=UTC)
    assert bool(got.trouble) == bool(date)


@pytest.mark.parametrize("first", ["Received: by b.example (from userid 7)", "X-Received: soon"])
def test_the_first_line_that_says_when_it_was_received_counts(first: str) -> None:
    assert read(f"{first}\n{RECEIVED}").sent_at == datetime(2026, 11, 27, 10, tzinfo=UTC)


def test_a_date_that_is_a_day_old_is_believed() -> None:
    date = "Date: Thu, 26 Nov 2026 11:00:00 +0100"
    assert read(f"{RECEIVED}\n{date}").sent_at == datetime(2026, 11, 26, 10, tzinfo=UTC)


def test_of_a_date_without_a_zone_the_server_knows_better() -> None:
    got = read(f"{RECEIVED}\nDate: Fri, 27 Nov 2026 10:59:00")
    assert got.sent_at == datetime(2026, 11, 27, 10, tzinfo=UTC)


def test_the_text_of_related_parts_is_the_one_that_they_belong_to() -> None:
    got = mixed(
        "Content-Type: text/html\nContent-ID: <frame>\n\n<p>An advertisement</p>",
        f"Content-Type: text/html\nContent-ID: <root>\n\n<p>{BODY}</p>",
        kind='related; start="<root>"; boundary=x',
    )
    assert got.text == BODY


def test_a_mail_whose_encryption_a_server_took_apart_says_so() -> None:
    got = mixed(
        "Content-Type: text/plain\n\n",
        "Content-Type: application/pgp-encrypted\n\nVersion: 1",
        "Content-Type: application/octet-stream; name=encrypted.asc\n\nxyz",
    )
    assert "encrypted" in got.trouble[0]
