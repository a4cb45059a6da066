"""Dates as a person types them, in English or German.

`understand` turns a phrase into a moment; what `dates.format.say` makes of a moment it reads the
same again. It works in the person's own wall clock, in the zone that is handed in; what goes in
and out of the store is aware UTC.
"""

from __future__ import annotations

from datetime import datetime, time, tzinfo

TYPE_CHECKING = False  # importing typing for its own costs more than all of this module
if TYPE_CHECKING:
    from poc_tui.rules.dates.office import Office


def understand(
    words: str,
    now: datetime,
    zone: tzinfo,
    *,
    day_first: bool = True,
    day_ends: time = time(17, 0),
    office: Office | None = None,
    future: bool = True,
) -> datetime:
    """The moment that `words` mean at `now` in `zone`, as aware UTC of whole seconds.

    Right or refused: what two people would read in two ways raises, with both readings in the
    sentence; no word is left out of account. A date without a time means what `office` makes of
    it, the end of business or its beginning (without one, `day_ends` of an office that works
    Monday to Friday); so do spans of days ("in 3 days"), while spans of hours and minutes ("+2h")
    are elapsed time and exact. A weekday is the next such day; a date without a year, and a time
    without a day, the next one ahead; an hour alone ("at 4") the one in opening hours; a week, a
    month or a quarter its first business day, or the last of one that has begun. `day_first`
    decides how 3/4 is read; a date with dots has its day first and ISO 8601 its year, whatever it
    says. A wall time that a change of the clocks skips moves forward by the gap; one that comes
    twice is the first (PEP 495, fold 0).

    Raises:
        NotUnderstood: the words cannot be read as a date, mean one that does not exist, can
            mean two, or, with `future`, mean one that is past.
    """
    from poc_tui.rules.dates.office import Office
    from poc_tui.rules.dates.resolution import PhraseContext, moment_of

    place = office or Office(day_ends)
    return moment_of(
        PhraseContext(words, now, zone, day_first=day_first, office=place, future=future)
    )
