"""Parts of days on which nobody works: Christmas Eve from noon on, this year or every year."""

from __future__ import annotations

import re
from datetime import date, time
from typing import NamedTuple

from poc_tui.errors import NotUnderstood
from poc_tui.rules.text import one_line

EXAMPLES = "2026-12-24 12:00-, 12-24 12:00- (every year), 2026-10-07 -13:00, 12-31 (every year)"

_DAY = r"(?:(?P<year>[0-9]{4})-)?(?P<month>[0-9]{1,2})-(?P<day>[0-9]{1,2})"
_CLOCK = r"[0-9]{1,2}:[0-9]{2}"
_PART = rf"{_DAY}(?:\s+(?P<start>{_CLOCK})?\s?-\s?(?P<end>{_CLOCK})?)?"
_MIDNIGHT = time(0)


class PartOff(NamedTuple):
    """A part of a day that is off; in every year if `year` is None.

    An `end` at 0:00 is the end of that day: from 0:00 to 0:00 it is the whole day.
    """

    year: int | None
    month: int
    day: int
    start: time
    end: time

    def __str__(self) -> str:
        """As `parse` reads it again."""
        day = f"{self.month:02}-{self.day:02}"
        begins = "" if self.start == _MIDNIGHT else f"{self.start:%H:%M}"
        ends = "" if self.end == _MIDNIGHT else f"{self.end:%H:%M}"
        year = "" if self.year is None else f"{self.year:04}-"
        return f"{year}{day} {begins}-{ends}" if begins or ends else f"{year}{day}"


def parse(text: str) -> PartOff:
    """What a person writes: a day, with or without its year, and what of it is off.

    `12:00-` is off from then on, `-12:00` until then, `10:00-14:00` in between. Without a span it
    is the whole day, in every year; a whole day of one year is a date and no text. Raises
    NotUnderstood for everything else.
    """
    found = re.fullmatch(_PART, text.strip())
    if found is None:
        raise _unknown(text)
    year = None if found["year"] is None else int(found["year"])
    month, day = int(found["month"]), int(found["day"])
    start, end = found["start"], found["end"]
    if not start and not end and (year is not None or "-" in text[found.end("day") :]):
        raise _unknown(text)
    try:
        # Of no year, 29 February is a day that some years have.
        date(2000 if year is None else year, month, day)
        part = PartOff(year, month, day, _clock(start), _clock(end))
    except ValueError as error:
        raise _unknown(text) from error
    if part.end != _MIDNIGHT and part.end <= part.start:
        raise _unknown(text)
    return part


def _clock(written: str | None) -> time:
    if not written or written == "24:00":
        return _MIDNIGHT
    return time.fromisoformat(written.zfill(len("09:00")))


def _unknown(text: str) -> NotUnderstood:
    return NotUnderstood(f"'{one_line(text, 40)}' is no part of a day. Write {EXAMPLES}.")
