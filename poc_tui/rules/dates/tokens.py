"""A date phrase cut into tokens, how far it has been read, and how far dates may go."""

from __future__ import annotations

from poc_tui.rules.dates import words as w
from poc_tui.rules.text import fold

TYPE_CHECKING = False  # importing typing for its own costs more than all of this module
if TYPE_CHECKING:
    from collections.abc import Container

LONGEST_PHRASE = 100
"""Characters; more than this is no date."""
EARLIEST_YEAR = 1970
YEARS_AHEAD = 50
"""A date further off than this is taken for a slip of the finger."""

_DASHES = dict.fromkeys(map(ord, "‐‑‒–—―−"), "-") | dict.fromkeys(map(ord, "’‘`´"), "'")
_MERIDIEM = ("a", "p")


class Token:
    """A run of digits, a run of letters, or one other character."""

    __slots__ = ("raw", "spaced", "text")

    def __init__(self, text: str, spaced: bool, raw: str = "") -> None:
        self.text = text
        """Folded."""
        self.raw = raw or text
        """As it was typed."""
        self.spaced = spaced
        """Whether a space stands before it."""


def tokens(phrase: str) -> list[Token]:
    """The phrase cut into tokens, folded; `Freitagabend` becomes `freitag` and `abend`.

    Apostrophes inside words vanish (`o'clock`), `p.m.` and `week-end` become one token.
    """
    found: list[Token] = []
    spaced = True
    kind = ""
    typed = phrase.translate(_DASHES)
    for at, char in enumerate(typed):
        if char.isspace():
            spaced, kind = True, ""
            continue
        if char == "'" and kind == "letters" and typed[at + 1 : at + 2].isalpha():
            continue
        kind_before, kind = kind, _kind(char)
        if kind == kind_before and kind != "other":
            found[-1].raw += char
        else:
            found.append(Token("", spaced, char))
        spaced = False
    for token in found:
        token.text = fold(token.raw)
    return _joined([part for token in found for part in _parts(token)])


def _kind(char: str) -> str:
    if char in "0123456789":
        return "digits"
    return "letters" if char.isalpha() else "other"


def _parts(token: Token) -> list[Token]:
    for name in w.WEEKDAYS:
        rest = token.text.removeprefix(name)
        if name.endswith(("tag", "mittwoch", "abend")) and rest != token.text:
            part = "morgens" if rest == "morgen" else rest
            if part in w.PARTS:
                return [Token(name, token.spaced), Token(part, spaced=False)]
    return [token]


def _joined(found: list[Token]) -> list[Token]:
    """The tokens with `a . m .` as `am` and `week - end` as `weekend`."""
    put: list[Token] = []
    at = 0
    while at < len(found):
        texts = [token.text for token in found[at : at + 4]]
        if texts[0] in _MERIDIEM and texts[1:3] == [".", "m"]:
            put.append(Token(texts[0] + "m", found[at].spaced))
            at += 4 if texts[3:] == ["."] else 3
        elif texts[:3] == ["week", "-", "end"]:
            put.append(Token("weekend", found[at].spaced))
            at += 3
        else:
            put.append(found[at])
            at += 1
    return put


class Cursor:
    """The tokens of a phrase, and how far it has been read."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def done(self) -> bool:
        """Whether every token was read."""
        return self.at >= len(self.tokens)

    def peek(self, ahead: int = 0) -> str:
        """The text of a token; empty beyond either end."""
        place = self.at + ahead
        return self.tokens[place].text if 0 <= place < len(self.tokens) else ""

    def joined(self, ahead: int = 0) -> bool:
        """Whether that token exists and follows the one before without a space."""
        place = self.at + ahead
        return place < len(self.tokens) and not self.tokens[place].spaced

    def number(self, ahead: int = 0, *, digits: int = 4) -> int | None:
        """The token as a number of at most so many digits, or None."""
        text = self.peek(ahead)
        return int(text) if text.isdecimal() and text.isascii() and len(text) <= digits else None

    def take(self, *options: str) -> bool:
        """Step over the next tokens if they are these, one after the other."""
        if any(self.peek(ahead) != option for ahead, option in enumerate(options)):
            return False
        self.at += len(options)
        return True

    def take_one(self, *options: tuple[str, ...]) -> bool:
        """Step over the first of these runs of tokens that comes next, if one does."""
        return any(self.take(*option) for option in options)

    def take_any(self, words: Container[str]) -> str:
        """Step over the next token if it is one of these, and give it; else give nothing."""
        text = self.peek()
        if not text or text not in words:
            return ""
        self.at += 1
        return text

    def skip(self, words: Container[str]) -> None:
        """Step over the next tokens as long as they are of these."""
        while self.take_any(words):
            pass

    def take_dot(self) -> bool:
        """Step over a dot that belongs to the token before, as in `Fr.`, `Std.`, `27.`."""
        return self.joined() and self.take(".")
