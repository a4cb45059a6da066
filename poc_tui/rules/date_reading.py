"""A date phrase while it is read: its tokens, how far it is read, and what it has said so far."""

from __future__ import annotations

from datetime import date, time, timedelta, timezone

from poc_tui.rules import date_words as w
from poc_tui.rules.text import fold

TYPE_CHECKING = False  # importing typing for its own costs more than all of this module
if TYPE_CHECKING:
    from collections.abc import Container


class Token:
    """A run of digits, a run of letters, or one other character."""

    __slots__ = ("spaced", "text")

    def __init__(self, text: str, spaced: bool) -> None:
        self.text = text
        self.spaced = spaced
        """Whether a space stands before it."""


def tokens(phrase: str) -> list[Token]:
    """The phrase cut into tokens, folded; `Freitagabend` becomes `freitag` and `abend`."""
    found: list[Token] = []
    spaced = True
    kind = ""
    for char in fold(phrase).replace("o'clock", "uhr"):
        if char.isspace():
            spaced, kind = True, ""
            continue
        kind_before, kind = kind, _kind(char)
        if kind == kind_before and kind != "other":
            found[-1].text += char
        else:
            found.append(Token(char, spaced))
        spaced = False
    return [part for token in found for part in _parts(token)]


def _kind(char: str) -> str:
    if char in "0123456789":
        return "digits"
    return "letters" if char.isalpha() else "other"


def _parts(token: Token) -> list[Token]:
    for name in w.WEEKDAYS:
        rest = token.text.removeprefix(name)
        if name.endswith("tag") and rest != token.text:
            part = "morgens" if rest == "morgen" else rest
            if part in w.PARTS:
                return [Token(name, token.spaced), Token(part, spaced=False)]
    return [token]


class Reading:
    """What a phrase says, part by part, before it is held against the clock."""

    def __init__(self, today: date, *, day_first: bool) -> None:
        self.today = today
        self.day_first = day_first
        self.days: list[date] = []
        """The days it can be, earliest first: this year's and the next, if it has no year."""
        self.weekday: int | None = None
        self.week: int | None = None
        """Weeks from this one."""
        self.after_today = False
        """Whether today is ruled out, as in "next friday"."""
        self.clock: time | None = None
        self.part: str | None = None
        self.offset: timezone | None = None
        self.day_end = False
        self.elapsed: timedelta | None = None
        """Elapsed time from now, or from the same time of day in `days` if there are any."""

    @property
    def says_day(self) -> bool:
        return bool(self.days) or self.weekday is not None or self.week is not None

    @property
    def says_time(self) -> bool:
        return self.clock is not None or self.part is not None or self.day_end

    @property
    def says_anything(self) -> bool:
        return self.says_day or self.says_time or self.elapsed is not None

    def take_days(self, days: list[date]) -> bool:
        """Note the days; False if the phrase said something else before."""
        if self.elapsed is not None or self.week is not None:
            return False
        if self.days and self.days != days:
            return False
        self.days = days
        return True


class Cursor:
    """The tokens of a phrase, and how far it has been read."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens = tokens
        self.at = 0

    @property
    def done(self) -> bool:
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

    def take_any(self, words: Container[str]) -> str:
        """Step over the next token if it is one of these, and give it; else give nothing."""
        text = self.peek()
        if not text or text not in words:
            return ""
        self.at += 1
        return text


def months_on(day: date, months: int) -> date:
    """The same day so many months later, or the last of that month if it is shorter."""
    month = day.year * 12 + day.month - 1 + months
    first = date(month // 12, month % 12 + 1, 1)
    return first.replace(day=min(day.day, month_end(first).day))


def month_end(day: date) -> date:
    """The last day of that day's month."""
    return (day.replace(day=28) + timedelta(days=4)).replace(day=1) - timedelta(days=1)
