"""Bytes that nobody thought of: whatever comes, a mail is read and stays within its bounds.

`POC_FUZZ=200000 pytest tests/proofs/test_mail_fuzz.py` tries so many instead of a few.
"""

from __future__ import annotations

import os
from datetime import UTC

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from poc_tui.errors import NotFound
from poc_tui.mail.message.bodies import MAX_TEXT
from poc_tui.mail.message.bounces import MAX_REASON
from poc_tui.mail.message.headers import MAX_LINE
from poc_tui.mail.message.parse import MAX_RECIPIENTS, MAX_REFS, parse
from poc_tui.mail.message.parts import part
from poc_tui.mail.message.structure import MAX_PARTS
from poc_tui.mail.worker.wire import from_json, to_json
from poc_tui.rules.mail.message import Mail, MailAddress
from poc_tui.rules.text import plain

pytestmark = pytest.mark.proof

EXAMPLES = int(os.environ.get("POC_FUZZ", "200"))

CHARSETS = (
    *("utf-8", "UTF8", "us-ascii", "iso-8859-1", "windows-1252", "utf-16", "utf-7", "utf-32-le"),
    *("gb2312", "big5", "shift_jis", "iso-2022-jp", "iso-2022-kr", "hz", "euc-jp", "koi8-r"),
    *("zlib", "base64", "idna", "punycode", "unicode_escape", "undefined", "\x00", "x" * 300, ""),
)
TYPES = (
    *("text/plain", "text/html", "text/enriched", "text/x-diff", "text", "", "/", "image/png"),
    *("multipart/mixed", "multipart/alternative", "multipart/related", "multipart/digest"),
    *("multipart/report", "multipart/signed", "multipart/encrypted", "multipart/"),
    *("message/rfc822", "message/delivery-status", "text/rfc822-headers", "application/ms-tnef"),
)
NAMES = (
    *("From", "To", "Cc", "Reply-To", "Sender", "Return-Path", "Subject", "Date", "Message-ID"),
    *("In-Reply-To", "References", "Content-Type", "Content-Disposition", "Precedence", "List-Id"),
    *("Content-Transfer-Encoding", "Auto-Submitted", "Action", "Status", "Diagnostic-Code"),
    *("Final-Recipient", "From ", "", " ", "X-Failed-Recipients", "\xfc"),
)
SNIPPETS = (
    *(
        "=?utf-8?Q?Gr=C3=BC?=",
        "=?utf-8?B?R3LDvA==?=",
        "=?",
        "?=",
        "=?x?q?",
        "<a@b.example>",
        "<",
        ">",
    ),
    *(
        '"',
        "\\",
        "(",
        ")",
        ",",
        ";",
        ":",
        "@",
        "a@b",
        "\r",
        "\n",
        "\r\n",
        "\n ",
        "\0",
        "\x1b$B",
        "ü",
    ),
    *("Mon, 23 Nov 2026 09:12:00 +0100", "99999999999", "-", "--", "--x", "--x--", "\n--x\n", "> "),
    *(
        "boundary=x",
        'boundary="x"',
        "charset=",
        "name*0*=utf-8''%C3",
        "name*1=x",
        "filename*=%",
        "'",
    ),
    *(
        "report-type=delivery-status",
        "format=flowed",
        "delsp=yes",
        "attachment",
        "inline",
        "%",
        "=",
    ),
    *(
        "quoted-printable",
        "base64",
        "x-uuencode",
        "begin 644 x\n#0V%T\n`\nend\n",
        "M\n",
        "`",
        "end\n",
    ),
    *(
        "On 1 May 2026, x wrote:\n",
        "Am 1.5.2026 um 10:00 schrieb x:\n",
        "-----Original Message-----\n",
    ),
    *(
        "Von: x <a@b.example>\nGesendet: 1\nAn: y\nBetreff: z\n",
        "________________________________\n",
    ),
    *(
        "Begin forwarded message:\n",
        "-- \n",
        "Sent from my x\n",
        "WG: ",
        "Fwd: ",
        "failed",
        "words ",
    ),
    *(
        "<p>",
        "<div>",
        "</div>",
        "<table><tr><td>",
        "</table>",
        "<blockquote>",
        "</blockquote>",
        "<a ",
    ),
    *(
        "href='https://x.example'",
        "<!--",
        "-->",
        "<script>",
        "<style>",
        "&amp;",
        "&#0;",
        "&#xd800;",
    ),
    *(
        "<ul><li>",
        "<ol>",
        "</ol>",
        "</ul>",
        "<pre>",
        "<td>",
        "</td>",
        "</tr>",
        "<img alt='x'>",
        "<br>",
    ),
    *(
        "\ue000",
        "\ue001",
        "\ud800",
        "\u202e",
        "\x85",
        "\u2028",
        "<meta charset=x>",
        "<svg>",
        "<title>",
    ),
)

soup = st.lists(st.sampled_from(SNIPPETS) | st.text(max_size=8), max_size=12).map("".join)
types = st.builds(
    "{}; {}; charset={}".format,
    st.sampled_from(TYPES),
    st.just("boundary=x") | soup,
    st.sampled_from(CHARSETS) | soup,
)
fields = st.builds("{}: {}".format, st.sampled_from(NAMES), soup | types) | types.map(
    "Content-Type: {}".format
)
headers = st.lists(fields, max_size=6).map("\n".join)
entities = st.recursive(
    st.builds("{}\n\n{}".format, headers, soup),
    lambda inner: st.builds(
        "{}\nContent-Type: {}; boundary={}\n\n{}".format,
        headers,
        st.sampled_from(TYPES),
        st.just("x"),
        st.lists(inner, max_size=4).map(lambda parts: "".join(f"--x\n{one}\n" for one in parts)),
    ),
    max_leaves=6,
)
encoded = st.builds(
    lambda text, charset: text.encode(charset, "surrogatepass"),
    entities,
    st.sampled_from(("utf-8", "utf-8", "utf-16-le")),
) | entities.map(lambda text: text.encode("latin-1", "replace"))


@st.composite
def damaged(draw: st.DrawFn) -> bytes:
    """A mail that some bytes were lost of, doubled in or put into."""
    raw = draw(encoded)
    for _ in range(draw(st.integers(0, 4))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 30)))
        raw = raw[:start] + draw(st.binary(max_size=6) | st.just(raw[start:end] * 2)) + raw[end:]
    return raw


@settings(
    max_examples=EXAMPLES,
    deadline=None,
    database=None,
    suppress_health_check=list(HealthCheck),
)
@given(damaged() | st.binary(max_size=300))
def test_anything_is_read(raw: bytes) -> None:
    mail = parse(raw)
    assert from_json(to_json(mail)) == mail
    _is_plain(mail)
    _is_within_bounds(mail)
    assert not any("could not be read; the original" in sentence for sentence in mail.trouble)
    for one in mail.parts:
        described, data = part(raw, one.index)
        assert described == one
        assert len(data) == one.size
    try:
        part(raw, len(mail.parts) + MAX_PARTS * 2)
    except NotFound:
        return
    raise AssertionError("a part that is not there was found")


def _is_plain(mail: Mail) -> None:
    one_line = [mail.subject, mail.message_id, mail.bounce_why, *mail.refs, *mail.bounced]
    for somebody in (mail.sender, mail.reply_to, mail.original, *mail.recipients):
        if somebody is not None:
            assert isinstance(somebody, MailAddress)
            assert "@" in somebody.address
            one_line += somebody
    one_line += [text for one in mail.parts for text in (one.name, one.type)] + list(mail.trouble)
    for text in one_line:
        assert text == plain(text)
        assert text == " ".join(text.split())
        assert not any(char < " " or "\x7f" <= char < "\xa0" for char in text)
    for text in (mail.text, mail.quoted, mail.signature):
        assert text == plain(text)
    if mail.quoted.strip() or mail.signature.strip():
        assert mail.text.strip()
    if mail.sent_at is not None:
        assert mail.sent_at.tzinfo is UTC
        assert mail.sent_at.microsecond == 0


def _is_within_bounds(mail: Mail) -> None:
    assert len(mail.recipients) <= MAX_RECIPIENTS
    assert len(mail.refs) <= MAX_REFS
    assert len(mail.parts) <= 2 * MAX_PARTS
    assert len(mail.subject) <= MAX_LINE
    assert len(mail.bounce_why) <= MAX_REASON
    assert len(mail.text) <= MAX_TEXT
