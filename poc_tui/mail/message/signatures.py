"""What stands at the end of a mail and is no part of what it says: the signature, the name of the
telephone that it was written on, the footer of a mailing list."""

from __future__ import annotations

import re

from poc_tui.mail.message.quote_words import JOINED, alike, all_words

_MAX_SIGNATURE = 40
"""Lines; what is longer is no signature."""

_MAX_FOOTER = 8
"""Lines below the rule above it."""

_MAX_DEVICE = 200
"""Characters of a line that names a telephone."""

_MOST_WORDS = 16
_MOST_OF_A_LINK = 7
_MOST_BEFORE = 5
"""Words with which such a line begins."""

_MARKS = ("-- ", "--")
_LIKE_MARKS = ("—", "––", "__")
"""Below these stands a signature if it is short; they may also part one paragraph from another."""

_SHORT = 5
_SHORT_LINE = 60
"""Characters."""

_RULE = re.compile(r"[_-]{20,}$")
_NOTHING = re.compile(r"[-_=*~#+—–]{3,}$|ᐧ$")
"""A line that parts the text from what is not there."""
_FOOTER = re.compile(r"mailing list|listinfo|unsubscribe|abmelden|abbestellen|désabonner", re.I)
_NAME = re.compile(r"[-–—]\s?[^\W\d_a-z][^\W\d_]+(?:\s[^\W\d_a-z][^\W\d_]+){1,2}$")

_SENT = all_words("sent")
_SENT_JOINED = tuple(word for word in _SENT if word >= JOINED)
_SENT_AT_THE_END = (
    "gesendet", "beziehen", "herunterladen", "edinin", "verschickt", "geschickt", "versendet",
    "verzonden", "gönderildi", "gönderilmiştir", "发送", "發送", "傳送", "传送", "送信", "보냄",
)  # fmt: skip
_GET = frozenset((
    "get", "holen", "obtenir", "téléchargez", "télécharger", "obtener", "obtén", "scarica",
    "ottieni", "download", "downloaden", "pobierz", "získejte", "stáhnout", "hent", "få",
    "skaffa", "hämta", "hanki", "скачать", "получить", "obter", "obtenha", "获取", "取得",
))  # fmt: skip
_OUTLOOK = re.compile(r"\boutlook\b.{0,40}?\b(?:ios|android|mac|mobile)", re.I)
_DEVICE = re.compile(
    r"(?<![a-zà-ž])(?:iphon|ipad|ipod|i(?:os|mac)\b|android|galaxy|samsung|blackberry|outlook"
    r"|windows|mailbox|airmail|typeapp|acompli|yahoo|proton|gmail|hotmail|thunderbird|superhuman|fairmail"
    r"|mailspring|spark\b|canary|edison|k-9|gmx\b|web\.de|t-online|zoho|bluemail|hey\b|aol\b|telekom"
    r"|vodafone|verizon|t-mobile|mobil|móvil|smart\s?phone|phone|cell(?:phone|ular\w?)?\b|handy\b"
    r"|tablet|tél[ée]phone|telefo|teléfono|telemóvel|puhelim|смартфон|телефон|huawei|xiaomi|redmi"
    r"|htc\b|nokia|lumia|nexus|pixel|motorola|oneplus|xperia|kindle|macbook|apple|device\b"
    r"|gerät|appareil|dispositivo|apparaat|enhe[td]|urządzen|zařízen|laittee|устройств|手机|手機|邮箱)",
    re.I,
)
_OWN_DEVICE = re.compile(r"[Ss]ent\sfrom\smy(?:\s[A-Z0-9][\w-]{0,20}){1,4}$")
_SOMEBODY_ON_A_DEVICE = re.compile(
    r"(?:\w{1,20}\s){0,2}from\s(?:my\s)?(?:i?phone|ipad|mobile|android)(?:\s\w{1,9})?$", re.I
)
_LINK = re.compile(r"\(?(?:https?://|mailto:)[^\s<>()]{1,200}[)>]?|<[^<>]{0,200}[:@/][^<>]{0,200}>")
_NUMBER = re.compile(r"\d{1,2}[.:/]\d{1,2}|\d{5}|[?@]")
_HAPPENED = frozenset((
    "was", "were", "is", "are", "has", "have", "had", "did", "will", "yesterday", "today",
    "tomorrow", "monday", "tuesday", "wednesday", "thursday", "friday", "war", "waren", "wurde",
    "ist", "sind", "hat", "wird", "gestern", "heute", "morgen", "montag", "dienstag",
    "mittwoch", "donnerstag", "freitag", "est", "sont", "était", "hier", "fue", "es", "ayer",
    "foi", "è", "ieri", "but", "aber", "not", "nicht",
))  # fmt: skip
"""Of a sentence that says more than what it was written on."""


def without_signature(lines: list[str]) -> tuple[list[str], list[str]]:
    """The lines, and the signature that ends them (RFC 3676, section 4.3), its mark left out.

    The name of a telephone and the footer of a mailing list are part of it.
    """
    lines, footer = _without_footer(_without_rules(lines))
    first = max(0, len(lines) - _MAX_SIGNATURE - 1)
    for at in range(first, len(lines)):
        if _is_mark(lines[at], lines[at + 1 :]):
            before, device = _without_devices(lines[:at])
            return before, [*device, *lines[at + 1 :], *footer]
    lines, device = _without_devices(lines)
    lines, name = _without_name(lines)
    return lines, [*name, *device, *footer]


def _is_mark(line: str, below: list[str]) -> bool:
    """Whether what stands below a line is a signature."""
    if line in _LIKE_MARKS:
        said = [each.strip() for each in below if each.strip()]
        return 0 < len(said) <= _SHORT and not any(
            len(each) > _SHORT_LINE or each[-1] in ".?!:>" for each in said
        )
    return line in _MARKS and not any(each.startswith(">") for each in below)


def _last_with_words(lines: list[str], end: int | None = None) -> int:
    """Behind the last line before `end` that is not empty."""
    end = len(lines) if end is None else end
    while end and not lines[end - 1].strip():
        end -= 1
    return end


def _without_rules(lines: list[str]) -> list[str]:
    """The lines without those that part them from nothing."""
    end = _last_with_words(lines)
    for _ in range(_MAX_FOOTER):
        if not end or not _NOTHING.match(lines[end - 1].strip()[:_MAX_DEVICE]):
            return lines[:end] if end else lines
        end = _last_with_words(lines, end - 1)
    return lines


def _without_footer(lines: list[str]) -> tuple[list[str], list[str]]:
    end = _last_with_words(lines)
    for at in range(max(0, end - _MAX_FOOTER - 1), end):
        if _RULE.match(lines[at].strip()) and any(map(_FOOTER.search, lines[at + 1 : end])):
            return lines[:at], lines[at:]
    return lines, []


def _without_devices(lines: list[str]) -> tuple[list[str], list[str]]:
    end = at = _last_with_words(lines)
    first = max(0, at - _MAX_SIGNATURE)
    while at > first and (not (bare := lines[at - 1].strip()) or _is_device(bare)):
        at -= 1
        if bare:
            end = at
    return (lines[:end], lines[end:]) if end < _last_with_words(lines) else (lines, [])


def _without_name(lines: list[str]) -> tuple[list[str], list[str]]:
    """`-Anna Meyer`, below an empty line and in no list."""
    end = _last_with_words(lines)
    above = _last_with_words(lines, max(0, end - 1))
    if not 0 < above < end - 1 or not _NAME.match(lines[end - 1].strip()[:_MAX_DEVICE]):
        return lines, []
    listed = lines[above - 1].strip().endswith(":") or any(
        line.lstrip()[:1] in ("-", "–", "—") for line in lines[: end - 1]
    )
    return (lines, []) if listed else (lines[: end - 1], lines[end - 1 :])


def _is_device(line: str) -> bool:
    """Whether a line says what the mail was written on, and nothing else."""
    bare = _LINK.sub(" ", line[:_MAX_DEVICE] if len(line) <= _MAX_DEVICE else "")
    bare = bare.strip("<>()[]*_.! ").replace("[", "").replace("]", "")
    said = alike(bare).split()
    if not 0 < len(said) <= _MOST_WORDS or _NUMBER.search(bare):
        return False
    if said[0] in _GET and _OUTLOOK.search(bare):
        return len(said) <= _MOST_OF_A_LINK
    if said[0].startswith(_SENT_JOINED):
        return _DEVICE.search(bare) is not None
    for length in range(min(_MOST_BEFORE, len(said) - 1), 0, -1):
        if " ".join(said[:length]) in _SENT:
            rest = said[length:]
            named = _DEVICE.search(" ".join(rest)) and _HAPPENED.isdisjoint(rest)
            return bool(named or _OWN_DEVICE.match(bare))
    if said[-1].endswith(_SENT_AT_THE_END) and _HAPPENED.isdisjoint(said):
        return _DEVICE.search(bare) is not None
    return _SOMEBODY_ON_A_DEVICE.match(bare) is not None
