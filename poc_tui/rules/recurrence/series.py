"""What recurs, as a person types it in English or German, and when it does.

`understand` turns a phrase in a date field into the first moment of a series and its rule;
`rhythm` a length of time into the rule of a customer's contact rhythm. A rule is the text of an
RFC 5545 RRULE, see `recurrence.rule`. The grammar is loaded when the first words are read.
"""

from __future__ import annotations

from datetime import datetime, time, tzinfo
from typing import TYPE_CHECKING

from poc_tui.rules.dates.format import say
from poc_tui.rules.frozen import Frozen
from poc_tui.rules.recurrence.rule import say as say_rule

if TYPE_CHECKING:
    from poc_tui.rules.dates.office import Office


class Series(Frozen):
    """A series: its first moment, aware UTC, and its rule, in canonical form."""

    first: datetime
    rule: str


def understand(
    words: str, now: datetime, zone: tzinfo, *, day_first: bool = True, office: Office | None = None
) -> Series | None:
    """The series that `words` mean at `now` in `zone`; None if they are not about one at all.

    None is for `dates.understand` to read. The first moment is the first after `now` that fits
    the rule: of "every monday" today, if the time is still to come; of an interval with no day
    named ("every 6 weeks") one interval from now. Words without a time mean the usual one of
    `office` (without one, 9:00), which also tells which hour "um 8" is. A start ("from 1.12.", "ab
    morgen") is read by `dates.understand`; the series then begins on that day, or the first after
    it that fits. `day_first` decides how 3/4 is read.

    Raises:
        NotUnderstood: the words are about something that recurs and yet cannot be read, or name
            a day or a start that cannot be.
    """
    from poc_tui.rules.dates.office import Office
    from poc_tui.rules.recurrence.parsing import series

    place = office or Office(time(9))
    found = series(words, now, zone, day_first=day_first, office=place)
    return None if found is None else Series(*found)


def said(at: datetime, rule: str, now: datetime, zone: tzinfo) -> str:
    """How a date, or a series by its rule, was understood: "Mon 30 Nov 09:00, then every Monday".

    `at` is the moment or the first of the series; `rule` is empty for a single date.
    """
    first = say(at, now, zone)
    return f"{first}, then {say_rule(rule)}" if rule else first


def rhythm(words: str) -> str:
    """The rule of a contact rhythm: "6 weeks", "six weeks", "6w", "monthly", "alle 6 Wochen".

    It has no weekday, no day of the month and no time: `after` counts from the last contact.

    Raises:
        NotUnderstood: it is anything else.
    """
    from poc_tui.rules.recurrence.parsing import rhythm as read_rhythm

    return read_rhythm(words)
