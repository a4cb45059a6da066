"""Addresses, message ids and dates out of header fields as mail programs really write them."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from itertools import islice

from poc_tui.mail.message.headers import one_line, words
from poc_tui.rules.mail.address import LONGEST, readable_address
from poc_tui.rules.mail.message import MailAddress
from poc_tui.rules.text import plain

MAX_ID = 512
YEARS = range(1970, 9999)
"""Years of a Date that is believed. RFC 5322, section 3.3, allows 1900 and later; before 1970 there
was no mail, and the last moments of 9999 have no wall time in zones ahead of UTC."""

_MAX_TOKENS = 4000
# Whatever has no end within the bound counts as the single character it begins with, so that
# many openings without an end cost no more than the bound each.
# An encoded word is one whatever it holds, also such commas as RFC 2047, section 5, forbids in it.
_TOKEN = re.compile(
    r"=\?[^?\s]{1,80}\?[bBqQ]\?(?:[^?]|\?(?!=)){0,998}+\?="
    r"|\"((?:[^\"\\]|\\.){0,998}+)\""
    r"|\(((?:[^()\\]|\\.){0,998}+)\)"
    r"|<([^<>]{0,998}+)>"
    r"|([,;:])"
    r"|((?:[^\"(<,;:=]++|=(?!\?))++|.)",
    re.S,
)
_BARE = re.compile(
    r"[^\s@\"'<>()\[\],;]{1,200}+(?:(?<=\w)'(?=\w)[^\s@\"'<>()\[\],;]{1,200}+){0,3}+@"
    r"[^\s@\"'<>()\[\],;]{1,255}+"
    r"(?!\"?@)"
)
_NEEDS_NO_QUOTES = re.compile(r"[^\s@\"<>()\[\],;:\\]+")
_ESCAPED = re.compile(r"\\(.)", re.S)
_IN_ANGLES = re.compile(r"<([^<>]++)>")
# What stands behind the time. RFC 5322, section 3.3, wants `+0100`; programs write `GMT+01:00`,
# `UTC+2`, `+01:00`, `MEZ` or `(CEST)`, which the standard library takes for UTC.
_BEHIND_TIME = re.compile(r"(?<=[:.]\d\d)(?:[.,]\d{3,9})?\s{0,9}(?![\d:.])(.{0,100})$", re.S)
_USUAL_ZONE = re.compile(r"[+-]\d{4}\b|(?:GMT|UTC?|Z)\s*$")
_ANY_ZONE = re.compile(r"[+-]\d{4}\b|(?:GMT|UTC?|Z|[ECMP][SD]T)\b|\d[+-]\d\d:\d\d$")
_OFFSET = re.compile(r"\(?(?:GMT|UTC?|Z)?\s?([+-])(\d{1,2}):?(\d\d)?(?!\d)", re.I)
# Those of Europe, in hours east of UTC; those of America are known to the standard library.
_ZONES = {
    "WEST": 1, "BST": 1, "CET": 1, "MEZ": 1, "MET": 1, "CEST": 2, "MESZ": 2, "MEST": 2, "EET": 2,
    "EEST": 3, "MSK": 3, "TRT": 3,
}  # fmt: skip
_MONTH = re.compile(r"\.?\s([a-zä]{3})[a-zä]*", re.I)
_MONTHS = {"jän": "Jan", "mär": "Mar", "mrz": "Mar", "mai": "May", "okt": "Oct", "dez": "Dec"}
_NOT_IN_ID = re.compile(r"[\s\x00-\x1f\x7f-\x9f<>]+")


class _Piece:
    """What stands between two commas."""

    __slots__ = ("angle", "comment", "words")

    def __init__(self) -> None:
        self.words: list[str] = []
        self.comment = ""
        self.angle: str | None = None


def addresses(value: str, most: int) -> list[MailAddress]:
    """The addresses of a field such as To, at most `most`, group names left out (RFC 5322, 3.4).

    What has no `@` is none. A comma in a name that should have been quoted is put back.
    """
    found: list[MailAddress] = []
    before = ""  # a piece without an address: the first half of `Meyer, AG <x@meyer.example>`
    for piece in _pieces(value):
        name = one_line(words(" ".join("".join(piece.words).split())))
        if piece.angle is not None and before:
            name = f"{before}, {name}" if name else before
        address = _without_spaces(_clean(piece.angle or ""))
        if "@" not in address or len(address) > LONGEST:
            bare = None if "@" in (piece.angle or "") else _BARE.search(name)
            if bare is None:
                before = name if piece.angle is None else ""
                continue
            address = _without_spaces(bare[0].removeprefix("mailto:"))
            rest = f"{name[: bare.start()]} {name[bare.end() :]}".replace("mailto:", "")
            name = one_line(rest).strip(" []'<>")
        before = ""
        if name[:1] == name[-1:] == '"':
            name = name[1:-1]
        name = name.strip("' ") or one_line(words(piece.comment))
        name = "" if name == address else one_line(name)
        found.append(MailAddress(name, readable_address(address)))
        if len(found) >= most:
            break
    return found


def _without_spaces(address: str) -> str:
    return "".join(one_line(address).split())


def _pieces(value: str) -> list[_Piece]:
    pieces = [_Piece()]
    for token in islice(_TOKEN.finditer(value), _MAX_TOKENS):
        piece = pieces[-1]
        kind = token.lastindex
        if kind == 4 and token[4] == ":" and "mailto" not in "".join(piece.words)[-6:]:
            pieces[-1] = _Piece()  # the name of a group
        elif kind == 4 and token[4] != ":":
            pieces.append(_Piece())
        elif kind == 1:
            bare = _ESCAPED.sub(r"\1", token[1])
            # A part before the @ that needs its quotes is no name, and what ends it no address.
            is_local = value.startswith("@", token.end()) and not _NEEDS_NO_QUOTES.fullmatch(bare)
            piece.words.append(token[0] if is_local else bare)
        elif kind == 2:
            piece.comment = piece.comment or _ESCAPED.sub(r"\1", token[2])
        elif kind == 3:
            piece.angle = token[3] if piece.angle is None else piece.angle
        else:
            piece.words.append(token[0])
    return pieces


def _clean(angle: str) -> str:
    """The address between angle brackets: without a route, a scheme or spaces."""
    address = words(angle).strip(" \t\r\n'\"").removeprefix("mailto:")
    if '"' in address:
        local, _, domain = address.rpartition('"@')
        return f"{local}@{domain}" if domain and _NEEDS_NO_QUOTES.fullmatch(local) else ""
    address = "".join(address.split())
    return address.rpartition(":")[2] if address.startswith("@") else address


def ids(value: str) -> list[str]:
    """The message ids of a field, without their brackets; text around them is left out."""
    if "=?" in value:
        value = words(value)
    found = _IN_ANGLES.findall(value)
    if not found:
        found = value.split()
        if not all("@" in one for one in found):
            return []
    return [clean for one in found if (clean := clean_id(one))]


def clean_id(text: str) -> str:
    """An id fit to store and compare; a longer one than `MAX_ID` as its digest."""
    clean = plain(_NOT_IN_ID.sub("", text))
    if len(clean) <= MAX_ID:
        return clean
    import hashlib

    return f"sha256-{hashlib.sha256(clean.encode()).hexdigest()}"


def moment(value: str) -> datetime | None:
    """A Date field as aware UTC of whole seconds; without a zone it is UTC.

    None for nonsense, and for a year, in UTC, outside of `YEARS`.
    """
    from email.utils import parsedate_tz

    value = value[:200]
    try:
        value = _with_usual_zone(value)
        parts = parsedate_tz(value) or parsedate_tz(_in_english(value))
        if parts is None:
            at = datetime.fromisoformat(value.strip())
            at = (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
            return at.replace(microsecond=0) if at.year in YEARS else None
        year, month, day, hour, minute, second = parts[:6]
        offset = parts[9] or 0
        # Second 60 is a leap second (RFC 5322, section 3.3), which datetime does not know.
        local = datetime(year, month, day, hour, minute, min(second, 59), tzinfo=UTC)
        at = local - timedelta(seconds=offset if abs(offset) < 86_400 else 0)
    except (ValueError, OverflowError, TypeError, IndexError):
        return None
    return at if at.year in YEARS else None


def has_zone(value: str) -> bool:
    """Whether a Date says in which zone its time is."""
    return _ANY_ZONE.search(_with_usual_zone(value[:200])) is not None


def _with_usual_zone(value: str) -> str:
    """A Date with its zone as RFC 5322, section 3.3, has it."""
    behind = _BEHIND_TIME.search(value)
    if behind is None:
        return value
    zone = behind[1]
    if _USUAL_ZONE.match(zone):
        return value if value[behind.start()] == " " else f"{value[: behind.start()]} {zone}"
    if found := _OFFSET.match(zone):
        zone = f"{found[1]}{int(found[2]):02}{found[3] or '00'}"
    else:
        name, _, rest = zone.strip("( ").upper().replace(")", " ").partition(" ")
        zone = f"+{_ZONES[name]:02}00 {rest}" if name in _ZONES else zone
    return f"{value[: behind.start()]} {zone}"


def _in_english(value: str) -> str:
    """A Date without the dot behind its day, and with its month as English has it."""
    return _MONTH.sub(lambda found: f" {_MONTHS.get(found[1].lower(), found[1])}", value)
