"""Text from outside: safe to show, fit to store, and folded so that both spellings meet.

Every capture and every row on screen passes through here, so nothing is imported at the top (`re`
alone costs half as much as starting Python), and ASCII text leaves early.
"""

from __future__ import annotations

UNREADABLE = "\ufffd"
"""Stands where there was something that cannot be shown."""

MARKS_PER_LETTER = 8
"""Combining marks kept on one letter; no living script stacks more, "Zalgo" text does."""

# ECMA-48: control strings (OSC, DCS, SOS, PM, APC) up to BEL or ST, then CSI sequences, then
# two-character and charset-selecting escapes. The quantifiers are possessive, and a string's body
# stops at any control, so each character is looked at a bounded number of times.
_SEQUENCES = (
    r"(?:\x1b[\]PX^_]|[\x90\x98\x9d-\x9f])[^\x00-\x1f\x7f-\x9f]*+(?:\x07|\x1b\\|\x9c)"
    r"|(?:\x1b\[|\x9b)[0-?]*+[ -/]*+[@-~]"
    r"|\x1b[ -/]*+[0-~]"
)
# ECMA-35/48 line ends and Unicode's own two: wherever a terminal or an editor may break a line.
_LINE_ENDS = "\n\v\f\r\x85\u2028\u2029"
# Letters and symbols by category, yet blank on the screen: a name made of them looks empty.
_BLANKS = "\u034f\u115f\u1160\u17b4\u17b5\u180b\u180c\u180d\u180f\u2800\u3164\uffa0"
# These change the width of what stands before them, and terminals do not agree on it; without
# them (and the joiners, which go by category) everybody counts the same cells.
_VARIATIONS = [*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0)]
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)

# Nobody sees these either, and a search would part words at them: soft hyphens, spaces and joiners
# without width, marks of direction and of byte order.
_UNSEEN = "\u00ad\u034f\u061c\u180e\ufeff" + "".join(
    map(chr, (*range(0x200B, 0x2010), *range(0x202A, 0x202F), *range(0x2060, 0x2070)))
)
# Beside these they mean something: they shape and order the letters of Hebrew, Arabic and the
# scripts of India, part the words of Thai and Khmer, and join emoji.
_SHAPED = (
    "\u0590-\u109f\u1700-\u18af\u1900-\u1cff\u2600-\u27bf\ua800-\uabff\ufb1d-\ufdff\ufe0f"
    "\ufe70-\ufefc\U00010800-\U0001ffff"
)

_BY_CATEGORY = {
    "Cf": "",  # bidi controls, zero-width characters, joiners, soft hyphen, tags
    "Cc": UNREADABLE,
    "Cs": UNREADABLE,
    "Co": UNREADABLE,  # private and unassigned: nobody knows how wide these are
    "Cn": UNREADABLE,
    "Zs": " ",
}


class _Shown(dict[int, str]):
    """What each code point is shown as; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        import unicodedata

        char = chr(code)
        self[code] = shown = _BY_CATEGORY.get(unicodedata.category(char), char)
        return shown


class _MarkOrNot(dict[int, str]):
    """`m` for a combining mark, `.` for all else; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        import unicodedata

        self[code] = kind = "m" if unicodedata.category(chr(code))[0] == "M" else "."
        return kind


class _Folded(dict[int, str]):
    """Each code point of NFC text as the search index holds it; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = folded = self._folded(chr(code))
        return folded

    @staticmethod
    def _folded(char: str) -> str:
        if char in _ACCENTS:
            return ""
        import unicodedata

        lower = char.casefold()
        if len(lower) != 1:  # FTS5 folds one character to one
            lower = char.lower() if len(char.lower()) == 1 else char
        base = unicodedata.normalize("NFD", lower)[0].lower()
        # unicode61 takes accents off Latin letters only: a Greek or Cyrillic one keeps its own.
        return base if base.isascii() and base.isalpha() else lower


class _WordOrGap(dict[int, str]):
    """Each code point of folded text as itself if it belongs to a word, else a space."""

    def __missing__(self, code: int) -> str:
        import unicodedata

        char = chr(code)
        category = unicodedata.category(char)
        inside = category[0] in "LN" or category == "Co"
        self[code] = kept = char if inside else " "
        return kept


# The marks that unicode61 drops when they stand alone; it splits a word at any other.
_ACCENTS = (
    "\u0300\u0301\u0302\u0303\u0304\u0306\u0307\u0308\u0309\u030a\u030b\u030c\u030f\u0311"
    "\u031b\u0323\u0324\u0325\u0326\u0327\u0328\u032d\u032e\u0330\u0331"
)
_UMLAUTS = {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "ae", "Ö": "oe", "Ü": "ue", "ß": "ss", "ẞ": "ss"}
_SHOWN = _Shown(
    {ord("\t"): " "}
    | dict.fromkeys(map(ord, _LINE_ENDS), "\n")
    | dict.fromkeys([*map(ord, _BLANKS), *_VARIATIONS, *_SKIN_TONES], "")
    | {code: chr(code - _FLAG_LETTERS.start + ord("A")) for code in _FLAG_LETTERS}
)
_MARKS = _MarkOrNot()
_FOLDED = _Folded({ord(letter): pair for letter, pair in _UMLAUTS.items()})
_WORDS = _WordOrGap()


def safe(text: str, *, newline: bool = False) -> str:
    r"""Outside text made harmless for a terminal, every character of an agreed width.

    Terminal sequences (ECMA-48) vanish whole. What then remains of controls, lone surrogates,
    private and unassigned characters becomes U+FFFD; bidi controls, zero-width characters,
    joiners and variation selectors vanish, so emoji stand side by side rather than joined; flags
    become their two letters; tabs and other spaces become a space; a letter keeps at most
    `MARKS_PER_LETTER` combining marks. Line ends of every kind become `\n` with `newline`,
    else a run of them becomes one space. Never raises; linear in the length of the text.
    """
    if text.isascii() and text.isprintable():
        return text
    if not text.isprintable():
        if "\x1b" in text or not text.isascii():
            import re

            text = re.sub(_SEQUENCES, "", text)
        text = text.replace("\r\n", "\n")
    elif _is_latin_1(text):
        return text
    text = text.translate(_SHOWN)
    if not newline and "\n" in text:
        while "\n\n" in text:
            text = text.replace("\n\n", "\n")
        text = text.replace("\n", " ")
    return text if text.isascii() else _cap_marks(text)


def _is_latin_1(text: str) -> bool:
    """Whether it has letters of Western Europe only: without marks, one cell each.

    Found out in a twentieth of the time that looking at each letter takes.
    """
    try:
        text.encode("latin-1")
    except UnicodeEncodeError:
        return False
    return True


def _cap_marks(text: str) -> str:
    """`text` without marks that have no letter, and with no more than the cap on any letter."""
    kinds = text.translate(_MARKS)
    if "m" * (MARKS_PER_LETTER + 1) not in kinds and not kinds.startswith("m"):
        return text
    kept = []
    run = MARKS_PER_LETTER  # so that marks before the first letter fall away
    for char, kind in zip(text, kinds, strict=True):
        run = run + 1 if kind == "m" else 0
        if run <= MARKS_PER_LETTER:
            kept.append(char)
    return "".join(kept)


def one_line(text: str, width: int) -> str:
    """`text` made safe, spaces collapsed, cut with `…` to at most `width` terminal cells.

    A wide character counts two cells. A width below one gives the empty string.
    """
    from rich.cells import cell_len

    if width < 1:
        return ""
    # No need to clean 100 kB for 40 cells; the allowance is for what vanishes on the way.
    looked_at = 16 * width + 1024
    line = " ".join(safe(text[:looked_at]).split())
    whole = len(text) <= looked_at
    if whole and cell_len(line) <= width:
        return line
    head = line[: width - 1]
    if len(head) < len(line) and cell_len(head) == width - 1 and cell_len(line[width - 1]):
        return head.rstrip() + "…"  # as nearly every line is: one cell a character
    cells = 0
    for end, char in enumerate(line):
        cells += cell_len(char)
        if cells > width - 1:
            return line[:end].rstrip() + "…"
    return line + "…"


def fold(text: str) -> str:
    """`text` as it is compared and searched: lower case, `ä` as `ae`, `ß` as `ss`, `é` as `e`, and
    without what `plain` leaves out.

    Agrees with SQLite's FTS5 `unicode61 remove_diacritics 2` over text whose umlauts were
    replaced by their pairs beforehand, letter for letter. Punctuation and spaces stay.
    """
    if text.isascii():
        return text.lower()
    import unicodedata

    return unicodedata.normalize("NFC", _without_unseen(text)).translate(_FOLDED)


def words(text: str) -> list[str]:
    """The folded words of `text`, split where FTS5 `unicode61` splits: at all but L*, N*, Co."""
    return fold(text).translate(_WORDS).split()


def plain(text: str) -> str:
    r"""`text` as it is stored: NFC, line ends `\n`, lone surrogates and NUL as U+FFFD, without
    soft hyphens, zero-width spaces and the like unless they shape the letters beside them.

    The bytes as they came are kept elsewhere; this is the form that is read, edited and searched.
    """
    text = text.replace("\r\n", "\n").replace("\r", "\n").replace("\0", UNREADABLE)
    if text.isascii():
        return text
    try:
        text.encode()
    except UnicodeEncodeError:
        text = "".join(UNREADABLE if "\ud800" <= char <= "\udfff" else char for char in text)
    import unicodedata

    return unicodedata.normalize("NFC", _without_unseen(text))


def _without_unseen(text: str) -> str:
    """`text` without formatting characters that nobody sees, where they mean nothing."""
    if not any(map(text.__contains__, _UNSEEN)):
        return text
    import re

    return re.sub(f"(?<![{_SHAPED}{_UNSEEN}])[{_UNSEEN}]++(?![{_SHAPED}])", "", text)


def size(bytes: int) -> str:
    """`812 B`, `12 kB`, `1.4 MB`, `1.2 GB`: decimal, as the SI has it."""
    if bytes < 1_000:
        return f"{bytes} B"
    if bytes < 999_500:
        return f"{round(bytes / 1_000)} kB"
    unit, factor = ("MB", 1_000_000) if bytes < 999_950_000 else ("GB", 1_000_000_000)
    return f"{bytes / factor:.1f} {unit}".replace(".0 ", " ")


def counted(count: int, thing: str) -> str:
    """`1 mail`, `1,200 mails`: so many of what takes an s."""
    return f"{count:,} {thing}" + ("" if count == 1 else "s")
