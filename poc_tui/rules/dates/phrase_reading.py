"""What a date phrase says, part by part, before it is held against the clock."""

from __future__ import annotations

from datetime import date, time, timedelta, timezone

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates import words as w
from poc_tui.rules.dates.amounts import Amount
from poc_tui.rules.dates.format import named
from poc_tui.rules.dates.office import Office

SURE, AM, SPOKEN, COLON, UHR = "sure", "am", "spoken", "colon", "uhr"
"""How an hour was said: beyond doubt ("14:00", "2pm"), before noon ("2am"), as people speak ("at
4"), or in digits that a clock of twelve hours shows as well ("4:00", "4 Uhr")."""


class TimeOfDay:
    """A time of day as it was said. Hour 24 is the end of the day."""

    __slots__ = ("hour", "how", "minute", "second")

    def __init__(self, hour: int, minute: int = 0, second: int = 0, how: str = SURE) -> None:
        if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
            said = f"{hour}:{minute:02}" + (f":{second:02}" if second else "")
            raise NotUnderstood(f"There is no {said} on a clock. Times run from 0:00 to 24:00.")
        self.hour = hour
        self.minute = minute
        self.second = second
        self.how = how if 1 <= hour <= 12 or how == AM else SURE

    def at(self, hour: int) -> time:
        """The same minute at another hour."""
        return time(hour % 24, self.minute, self.second)


class Period:
    """From one day to another, both included: a week, a month, a quarter."""

    __slots__ = ("first", "kind", "last")

    def __init__(self, first: date, last: date, kind: str) -> None:
        self.first = first
        self.last = last
        self.kind = kind

    def days(self) -> list[date]:
        """All its days."""
        return [self.first + timedelta(days=n) for n in range((self.last - self.first).days + 1)]


class Reading:
    """What a phrase has said so far."""

    def __init__(self, today: date, *, day_first: bool, office: Office) -> None:
        self.today = today
        self.day_first = day_first
        self.office = office
        self.days: list[date] = []
        """The days it can be, earliest first: this year's and the next, if it has no year."""
        self.last_day: date | None = None
        """Of what takes several days, like Christmas, the last."""
        self.has_year = False
        self.numeric = False
        """Whether the date stands in digits."""
        self.weekday: int | None = None
        self.weekdays_on = 0
        """0: today may be meant; 1: after today; 2: the second such day."""
        self.monday: date | None = None
        """The week, if the phrase names one, by its Monday."""
        self.periods: list[Period] = []
        """The periods it can be, earliest first."""
        self.clock: TimeOfDay | None = None
        self.part: str | None = None
        self.part_time: time | None = None
        """Of "late afternoon" and the like, when it is."""
        self.offset: timezone | None = None
        self.day_end = False
        self.now = False
        self.amount: Amount | None = None
        self.sign = 1
        self.anchored = False
        """Whether the amount counts from the day or time said, not from now."""
        self.bound = ""
        self.german = False
        """Whether its words are German, whose clock has 24 hours."""
        self.recurs = False
        """Whether the date is to come again every year."""
        self.lead: set[str] = set()
        """The small words just before the part that is read."""
        self.conflict = ""
        """Why the parts do not go together, where that can be said."""

    @property
    def says_day(self) -> bool:
        """Whether a day was named, or days to choose from."""
        return bool(self.days or self.periods or self.monday) or self.weekday is not None

    @property
    def says_time(self) -> bool:
        """Whether a time of day was named."""
        return self.clock is not None or self.part is not None or self.day_end

    @property
    def says_anything(self) -> bool:
        """Whether anything was that makes a date."""
        return self.says_day or self.says_time or self.amount is not None or self.now

    def take_days(self, days: list[date]) -> bool:
        """Note the days; False if the phrase said something else before."""
        if self.periods or self.monday is not None or not days:
            return False
        both = [day for day in self.days if day in days]
        if self.days and not both:
            self.conflict = (
                f"It says two days: {named(self.days[0])} and {named(days[0])}. "
                "Leave one of them out."
            )
            return False
        self.days = both or days
        return True

    def take_weekday(self, weekday: int, on: int = 0) -> bool:
        """Note the weekday; False if the phrase named another before."""
        if self.weekday is not None or any(period.kind != w.WEEK for period in self.periods):
            return False
        if self.periods:
            self.monday, self.periods = self.periods[0].first, []
        self.weekday = weekday
        self.weekdays_on = on
        return True

    def take_periods(self, periods: list[Period]) -> bool:
        """Note the period; False if the phrase said something else before."""
        if self.periods or self.days or self.monday is not None or not periods:
            return False
        if self.weekday is not None:
            if periods[0].kind != w.WEEK or self.weekdays_on:
                return False
            self.monday = periods[0].first
            return True
        self.periods = periods
        return True

    def take_clock(self, clock: TimeOfDay) -> bool:
        """Note the time; False if the phrase said one before."""
        if self.clock is not None or self.day_end:
            return False
        self.clock = clock
        return True
