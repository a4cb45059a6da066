"""From bytes to text, when the label on the bytes may be missing, misspelt or wrong."""

from __future__ import annotations

import codecs
import re
from functools import lru_cache

# The Windows and the newer national sets hold the older ones and more, so they stand for them, as
# browsers have it (WHATWG Encoding, labels).
_HELD_BY = {
    "ascii": "utf-8", "big5": "big5hkscs", "euc_kr": "cp949", "gb2312": "gb18030", "gbk": "gb18030",
    "iso8859-1": "cp1252", "iso8859-9": "cp1254", "iso8859-11": "cp874", "shift_jis": "cp932",
    "tis-620": "cp874",
}  # fmt: skip
# What mail programs write and Python does not know, without its signs.
_MEANT = {
    "": "utf-8", "gb231280": "gb18030", "iso88591": "cp1252", "iso885911": "cp874",
    "iso88596e": "iso8859-6", "iso88596i": "iso8859-6", "iso88598e": "iso8859-8",
    "iso88598i": "iso8859-8", "iso88599": "cp1254", "ksc56011987": "cp949",
    "macintosh": "mac-roman", "unicode11utf7": "utf-7", "xmacce": "mac-latin2",
    "xmacgerman": "mac-roman", "xmacroman": "mac-roman", "xsjis": "cp932",
}  # fmt: skip
# Codecs of Python that are no charset of any mail, and whose time grows with the square.
_NO_CHARSETS = {"idna", "punycode", "undefined", "unicode-escape", "raw-unicode-escape", "mbcs"}
# Where two bytes make one character, short text may happen to be valid UTF-8: the label holds.
_TRUSTED = ("gb", "big5", "cp9", "euc", "iso2022", "hz", "johab", "utf-7", "utf-16", "utf-32")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_META = re.compile(rb"<meta[^>]{0,200}?charset\s{0,9}=\s{0,9}[\"']?([\w.:-]{1,40})", re.I)
_JAPANESE = re.compile(rb"\x1b\$[@B]")


def decode(data: bytes, label: str = "") -> str:
    """The text of `data`. Never raises; what is no character becomes U+FFFD.

    `label` is the charset that the mail names. It is not believed where the bytes are valid UTF-8
    and the label is one of a single byte a character, nor where they do not fit it: then UTF-8 is
    tried, and Windows-1252 is what remains.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return data[len(mark) :].decode(name, "replace")
    name = _codec(label)
    if data.isascii() and not name.startswith(("iso2022", "hz", "utf-7", "utf-16", "utf-32")):
        return _with_escapes(data) if _JAPANESE.search(data) else data.decode("ascii")
    if name.startswith("iso2022_jp") and _JAPANESE.search(data):
        return _with_escapes(data)
    if not name.startswith(_TRUSTED):
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    return _as_labelled(data, name)


def in_html(data: bytes) -> str:
    """The charset that an HTML document names for itself near its top, or ""."""
    found = _META.search(data[:4096])
    return found[1].decode("ascii") if found else ""


def _codec(label: str) -> str:
    """The name of the codec that is meant by a charset's label; UTF-8 where nobody knows."""
    return _codec_named(label.strip(" \t\"'").lower()[:40])


@lru_cache(maxsize=200)
def _codec_named(name: str) -> str:
    short = "".join(filter(str.isalnum, name)).removeprefix("cs") if name.isascii() else ""
    bare = re.sub(r"^(?:x-|cs)|[^a-z0-9]", "", name)
    for candidate in (_MEANT.get(short, name), bare, f"cp{short[-4:]}"):
        try:
            codec = codecs.lookup(candidate).name
            # Python's codecs from bytes to bytes, such as zlib, are found by the same way.
            b" ".decode(codec, "replace")
        except (LookupError, ValueError):
            continue
        if codec not in _NO_CHARSETS:
            return _HELD_BY.get(codec, codec)
    return "utf-8"


def _with_escapes(data: bytes) -> str:
    """Japanese in seven bits (RFC 1468). JIS X 0213 holds what programs put into gaps of the older
    set: numbers in circles and the signs of firms."""
    try:
        return data.decode("iso2022_jp_ext")
    except UnicodeDecodeError:
        wider = _JAPANESE.sub(b"\x1b$(Q", data)
        return wider.decode("iso2022_jp_2004", "replace")


def _as_labelled(data: bytes, name: str) -> str:
    """Bytes that are not valid UTF-8, read by the codec or by what comes nearest."""
    try:
        return data.decode(name)
    except (UnicodeDecodeError, LookupError):
        pass
    high = len(data) - len(data.decode("ascii", "ignore"))
    for guess in dict.fromkeys((name, "utf-8")):
        try:
            text = data.decode(guess, "replace")
        except LookupError:
            continue
        # A few broken characters are damage on the way; many mean that it is another charset.
        if text.count("\ufffd") * 8 <= high:
            return text
    return data.decode("cp1252", "replace")
