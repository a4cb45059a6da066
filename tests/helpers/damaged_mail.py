"""Bytes that could be a mail, or could have been one: for tests with Hypothesis."""

from __future__ import annotations

from hypothesis import strategies as st

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
    *("application/pkcs7-mime", "text/calendar", "text/rtf", "text/markdown", "html", "plain"),
)
NAMES = (
    *("From", "To", "Cc", "Reply-To", "Sender", "Return-Path", "Subject", "Date", "Message-ID"),
    *("In-Reply-To", "References", "Content-Type", "Content-Disposition", "Precedence", "List-Id"),
    *("Content-Transfer-Encoding", "Auto-Submitted", "Action", "Status", "Diagnostic-Code"),
    *("Final-Recipient", "From ", "", " ", "X-Failed-Recipients", "\xfc"),
    "Received",
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
    *("BEGIN:VCALENDAR\n", "BEGIN:VEVENT\n", "DTSTART:20261203T090000Z\n", "{\\rtf1 ", "<s>"),
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
