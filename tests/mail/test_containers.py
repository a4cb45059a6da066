"""What lies in a form of its own: signed and encrypted mail, and Outlook's `winmail.dat`."""

from __future__ import annotations

import base64

import pytest

from poc_tui.mail.message import rtf
from poc_tui.mail.message.parse import parse
from poc_tui.mail.message.parts import part
from poc_tui.rules.mail.filing import words_of
from poc_tui.rules.mail.message import ENCRYPTED, Mail
from tests.helpers.raw_mail import mixed, read
from tests.helpers.wrapped_mail import (
    AUTH_ENVELOPED,
    COMPRESSED,
    ENVELOPED,
    SIGNED,
    attribute,
    cms,
    file,
    of_type,
    packed_rtf,
    properties,
    tnef,
)  # fmt: skip

INNER = b"Content-Type: text/plain; charset=utf-8\r\n\r\nDie Rechnung 4711 ist falsch.\r\n"
WORDS = "Die Rechnung 4711 ist falsch."
UNCHECKED = "It is signed; the signature was not checked."


def whole(type: str, data: bytes, *more: str) -> Mail:
    return parse(f"From: a@b.example\nSubject: S\n{of_type(type, data, *more)}".encode())


@pytest.mark.parametrize(
    "type",
    [
        "application/pkcs7-mime; smime-type=signed-data; name=smime.p7m",
        "application/x-pkcs7-mime",
        "application/octet-stream; name=smime.p7m",
    ],
)
@pytest.mark.parametrize("told", [True, False], ids=["DER", "BER"])
@pytest.mark.parametrize("piece", [0, 7])
def test_what_was_signed_is_read_and_nobody_says_that_it_is_genuine(
    type: str, told: bool, piece: int
) -> None:
    got = whole(type, cms(SIGNED, INNER, told=told, piece=piece))
    assert (got.text, got.parts, got.trouble) == (WORDS, (), (UNCHECKED,))


def test_what_was_signed_twice_or_pressed_together_is_read() -> None:
    inside = of_type("application/pkcs7-mime", cms(COMPRESSED, INNER)).encode()
    assert whole("application/pkcs7-mime", cms(SIGNED, inside)).text == WORDS


def test_files_in_what_was_signed_are_listed_and_can_be_had() -> None:
    inner = (
        b"Content-Type: multipart/mixed; boundary=i\n\n--i\n\nSee the plan.\n--i\n"
        b"Content-Type: application/pdf; name=plan.pdf\n\nPDF\n--i--\n"
    )
    raw = f"Subject: S\n{of_type('application/pkcs7-mime', cms(SIGNED, inner))}".encode()
    got = parse(raw)
    assert got.text == "See the plan."
    (plan,) = got.parts
    assert plan.name == "plan.pdf"
    assert part(raw, plan.index) == (plan, b"PDF")


@pytest.mark.parametrize("kind", [ENVELOPED, AUTH_ENVELOPED])
def test_encrypted_mail_says_so_where_its_words_would_stand(kind: str) -> None:
    got = whole("application/pkcs7-mime; name=smime.p7m", cms(kind, b"\1\2"))
    assert got.trouble == (ENCRYPTED,)
    assert words_of(got) == f"({ENCRYPTED} Attached: smime.p7m)"


def test_what_pgp_encrypted_within_a_text_says_so() -> None:
    armour = "-----BEGIN PGP MESSAGE-----\n\nhQEMA7\n=abcd\n-----END PGP MESSAGE-----"
    got = read("Subject: S", f"Hello,\n\n{armour}\n")
    assert got.text == f"Hello,\n\n({ENCRYPTED})"
    assert got.trouble == (ENCRYPTED,)


def test_what_pgp_signed_within_a_text_is_plain_words() -> None:
    got = read(
        "Subject: S",
        "-----BEGIN PGP SIGNED MESSAGE-----\nHash: SHA256\n\nPlease send\n- -- three.\n"
        "-----BEGIN PGP SIGNATURE-----\n\niQEz\n=abcd\n-----END PGP SIGNATURE-----\n",
    )
    assert got.text == "Please send\n-- three."
    assert got.trouble == (UNCHECKED,)


@pytest.mark.parametrize("data", [b"", b"0", b"0\x80", b"no ASN.1", cms("2a03", INNER)])
def test_what_only_looks_signed_stays_attached(data: bytes) -> None:
    assert not whole("application/pkcs7-mime; name=smime.p7m", data).text


def outlook(*attributes: bytes, words: str = "") -> Mail:
    wrapped = of_type("application/ms-tnef; name=winmail.dat", tnef(*attributes))
    return mixed(f"Content-Type: text/plain\n\n{words}", wrapped)


def test_the_text_and_the_files_of_winmail_dat_are_read() -> None:
    got = outlook(
        attribute(1, 0x69007, b"\xe4\4\0\0"),
        attribute(1, 0x2800C, "Bitte Rechnung prüfen.\0".encode("cp1252")),
        file("Plänchen.pdf".encode("cp1252"), b"%PDF-1.4"),
    )
    assert got.text == "Bitte Rechnung prüfen."
    assert [(one.name, one.type, one.size) for one in got.parts] == [
        ("Plänchen.pdf", "application/pdf", 8)
    ]


def test_a_text_beside_winmail_dat_is_not_said_twice() -> None:
    got = outlook(attribute(1, 0x2800C, b"Das gleiche.\0"), words="Das gleiche.")
    assert (got.text, got.parts) == ("Das gleiche.", ())


def test_properties_name_a_file_better_than_its_title() -> None:
    long = "Angebot für Müller.docx".encode("utf-16-le")
    got = outlook(file(b"ANGEBO~1.DOC", b"", (0x1F, 0x3707, long), (0x102, 0x3701, b"PK")))
    assert [(one.name, one.size) for one in got.parts] == [("Angebot für Müller.docx", 2)]


def test_html_of_winmail_dat_is_laid_out_by_its_codepage() -> None:
    text = "<p>Grüße aus <s>Wien</s> Köln</p>".encode("cp1252")
    page = (3, 0x3FDE, b"\xe4\4\0\0")
    got = outlook(attribute(1, 0x69003, properties(page, (0x102, 0x1013, text))))
    assert got.text == "Grüße aus ~~Wien~~ Köln"


@pytest.mark.parametrize(
    ("document", "text"),
    [
        (rb"{\rtf1\ansi\ansicpg1252{\fonttbl{\f0 Arial;}}\pard Gr\'fc\'dfe\par aus K\u246?ln}",
         "Grüße\naus Köln"),
        (rb"{\rtf1 am {\strike 5.12.} 7.12.}", "am ~~5.12.~~ 7.12."),
        (rb"{\rtf1{\fonttbl{\f1\fcharset204 Arial;}}\f1 \'cf\'f0\'e8\'e2\'e5\'f2}", "Привет"),
        (rb"{\rtf1\ansi\fromhtml1{\*\htmltag64 <p>}\htmlrtf{\htmlrtf0 one\htmlrtf\par}\htmlrtf0"
         rb"{\*\htmltag72 </p>}{\*\htmltag64 <p>}two{\*\htmltag72 </p>}}", "one\n\ntwo"),
        (rb"{\rtf1 \u-10179?\u-8704?}", "\U0001f600"),
    ],
)  # fmt: skip
def test_rich_text_of_winmail_dat_is_words(document: bytes, text: str) -> None:
    packed = (0x102, 0x1009, packed_rtf(document))
    assert outlook(attribute(1, 0x69003, properties(packed))).text == text


def test_rich_text_that_repeats_itself_is_unpacked() -> None:
    """The example of MS-OXRTFCP, 3.2."""
    data = base64.b16decode(
        "2D0000002B0000004C5A4675F1C5C7A703000A007263706731323542320AF32068656C090020627705B06C647D"
        "0A800FA0"
    )
    assert rtf.unpacked(data) == rb"{\rtf1\ansi\ansicpg1252\pard hello world}" + b"\r\n"


def test_a_mail_in_winmail_dat_is_attached_as_one() -> None:
    inner = tnef(attribute(1, 0x2800C, b"Innen.\0"))
    message = bytes.fromhex("0703020000000000c000000000000046") + inner
    got = outlook(file(b"Anfrage", b"", (0x0D, 0x3701, message)), words="Siehe Mail.")
    assert [(one.name, one.type) for one in got.parts] == [("Anfrage.eml", "message/rfc822")]


@pytest.mark.parametrize("end", range(0, 120, 7))
def test_a_winmail_dat_that_is_cut_off_gives_what_is_there(end: int) -> None:
    data = tnef(attribute(1, 0x2800C, b"Words.\0"), file(b"a.txt", b"abc"))[:end]
    got = mixed("\nSee below.", of_type("application/ms-tnef; name=winmail.dat", data))
    assert got.text == "See below."
    assert got.parts or end > 6
