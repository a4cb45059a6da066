"""What a date phrase says, held against the clock: which moment that is, or why it is none."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta, tzinfo

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates import words as w
from poc_tui.rules.dates.amounts import Amount
from poc_tui.rules.dates.clock_times import MIDNIGHT
from poc_tui.rules.dates.format import WEEKDAY_LABELS, date_label, named, say
from poc_tui.rules.dates.months import wall_moment
from poc_tui.rules.dates.office import Office
from poc_tui.rules.dates.phrase import read
from poc_tui.rules.dates.phrase_reading import AM, COLON, SPOKEN, UHR, Period, Reading, TimeOfDay
from poc_tui.rules.dates.tokens import EARLIEST_YEAR, LONGEST_PHRASE, YEARS_AHEAD, Token, tokens
from poc_tui.rules.text import safe

EXAMPLES = "tomorrow 14:00, fri, 27.11., in 3 days, +2h, eod, 2026-11-27 14:00"


_JUST_PASSED = timedelta(days=60)
"""Whoever gives a date of the last weeks with a weekday rarely means the next year's."""


class PhraseContext:
    """The circumstances in which a phrase is read: all that `understand` is told."""

    __slots__ = ("day_first", "future", "now", "office", "words", "zone")

    def __init__(
        self,
        words: str,
        now: datetime,
        zone: tzinfo,
        *,
        day_first: bool,
        office: Office,
        future: bool,
    ) -> None:
        self.words = words
        self.now = now.astimezone(UTC).replace(microsecond=0)
        self.zone = zone
        self.day_first = day_first
        self.office = office
        self.future = future

    @property
    def today(self) -> date:
        """The local day of `now`."""
        return self.now.astimezone(self.zone).date()

    def quoted(self) -> str:
        """The phrase as an error repeats it: safe, and cut at 40 characters."""
        shown = safe(self.words)
        return shown if len(shown) <= 40 else shown[:39] + "…"

    def say(self, moment: datetime) -> str:
        """A moment as an error says it, in the zone."""
        return say(moment, self.now, self.zone)


def moment_of(asked: PhraseContext) -> datetime:
    """The moment meant, aware UTC.

    Raises:
        NotUnderstood: there is none, with the reason.
    """
    phrase = tokens(asked.words) if len(asked.words) <= LONGEST_PHRASE else []
    try:
        found = resolved(phrase, asked)
        why = _why_none(phrase, asked) if found is None else ""
    except (OverflowError, ValueError):  # the calendar has the years 1 to 9999
        raise NotUnderstood(f"'{asked.quoted()}' is too far off. Give a nearer date.") from None
    if found is None:
        raise NotUnderstood(why)
    if not EARLIEST_YEAR < found.year < asked.now.year + YEARS_AHEAD:
        raise NotUnderstood(f"'{asked.quoted()}' is too far off. Give a date nearer to today.")
    if asked.future and found < asked.now:
        raise NotUnderstood(
            f"'{asked.quoted()}' is past: it means {asked.say(found)}. Give a later date."
        )
    return found


def _why_none(phrase: list[Token], asked: PhraseContext) -> str:
    from poc_tui.rules.dates.spans import two_ends

    return two_ends(phrase, asked.quoted(), lambda end: resolved(end, asked), asked.say) or (
        f"'{asked.quoted()}' is no date I know. Try one of: {EXAMPLES}."
    )


def resolved(phrase: list[Token], asked: PhraseContext) -> datetime | None:
    """The moment these tokens mean, past or not; None if they are no date."""
    reading = read(phrase, asked.today, day_first=asked.day_first, office=asked.office)
    if reading is None:
        return None
    if reading.conflict:
        raise NotUnderstood(f"'{asked.quoted()}': {reading.conflict}")
    if reading.now:
        return None if reading.says_day or reading.says_time or reading.amount else asked.now
    return _Resolution(reading, asked).moment()


class _Resolution:
    """One reading held against the clock."""

    def __init__(self, reading: Reading, asked: PhraseContext) -> None:
        self._reading = reading
        self._asked = asked
        self._office = asked.office

    def moment(self) -> datetime | None:
        """The moment, None if its parts do not go together."""
        reading, asked = self._reading, self._asked
        if reading.offset is not None and not reading.says_day:
            return None
        if reading.periods and reading.says_time:
            return None
        if reading.amount is not None:
            return self._with_amount(reading.amount)
        found = [moment for day in self._days() if (moment := self._at(day)) is not None]
        if not found:
            return None
        if asked.future:
            return next((moment for moment in found if moment >= asked.now), found[0])
        return found[0]

    def _with_amount(self, amount: Amount) -> datetime | None:
        reading, asked = self._reading, self._asked
        clock_part = timedelta(seconds=reading.sign * amount.seconds)
        if reading.anchored:
            return self._anchored(amount, clock_part)
        if amount.is_clock:
            if reading.says_day or reading.says_time:
                return None
            return asked.now + clock_part
        day = amount.from_day(asked.today, reading.sign)
        if amount.workdays:
            day = self._office.workdays_from(day, reading.sign * amount.workdays)
        if amount.seconds:
            if reading.says_day or reading.says_time:
                return None
            wall = asked.now.astimezone(asked.zone).time()
            return _moment(day, wall, asked.zone) + clock_part
        if reading.weekday is not None:
            day = self._weekday_near(day, reading.weekday, amount.units)
        elif reading.says_day:
            return None
        return self._at(day)

    def _weekday_near(self, day: date, weekday: int, units: set[str]) -> date:
        """`in 2 weeks on friday`: that day of the week in which the time is over."""
        meant = day + timedelta(days=weekday - day.weekday())
        if meant != day and units != {w.WEEK}:
            raise self._contradiction(day, weekday)
        return meant

    def _anchored(self, amount: Amount, clock_part: timedelta) -> datetime | None:
        reading = self._reading
        if amount.seconds and not reading.says_time:
            return None
        if reading.periods:
            return None
        day = self._anchor()
        if day is None:
            return None
        # "Freitag in acht Tagen" is the Friday after, as eight days are a week in German.
        eight_days = reading.weekday is not None and amount.days == 8
        moved = amount.from_day(day, reading.sign) - timedelta(days=eight_days)
        if amount.workdays:
            moved = self._office.workdays_from(moved, reading.sign * amount.workdays)
        moment = self._at(moved)
        return None if moment is None else moment + clock_part

    def _anchor(self) -> date | None:
        """The day from which an amount counts: the next one that the rest of the words mean."""
        reading, asked = self._reading, self._asked
        days = self._days()
        lasting = (reading.last_day or days[0]) - days[0]
        if lasting > timedelta(days=1 if reading.sign < 0 else 0):
            raise NotUnderstood(
                f"'{asked.quoted()}' can count from {named(days[0])} or from "
                f"{named(days[0] + lasting)}. Write the day it counts from."
            )
        if not asked.future or len(days) == 1:
            return days[0]
        moments = ((day, self._at(day)) for day in days)
        return next((day for day, at in moments if at is not None and at >= asked.now), None)

    def _days(self) -> list[date]:
        """The days it can be, the likeliest first."""
        reading = self._reading
        today = reading.today
        if reading.periods:
            return self._days_of_periods()
        if reading.days:
            days = reading.days
            if reading.weekday is not None:
                days = self._fitting(days, reading.weekday)
        elif reading.monday is not None:
            return self._bounded([reading.monday + timedelta(days=reading.weekday or 0)])
        elif reading.weekday is not None:
            ahead = (reading.weekday - today.weekday()) % 7
            if reading.weekdays_on and ahead == 0:
                ahead = 7
            if reading.weekdays_on == 2:
                ahead += 7
            days = [today + timedelta(days=ahead), today + timedelta(days=ahead + 7)]
        elif reading.day_end:
            return [today]
        else:
            return [today, today + timedelta(days=1)]
        return self._bounded(days)

    def _bounded(self, days: list[date]) -> list[date]:
        """The days with "before" and "after": the business day on that side, if no time is said."""
        reading = self._reading
        if reading.says_time or reading.bound not in (w.BEFORE, w.AFTER) or reading.amount:
            return days
        if reading.bound == w.BEFORE:
            return [self._office.workdays_from(day, -1) for day in days]
        return [self._office.workdays_from(reading.last_day or day, 1) for day in days]

    def _days_of_periods(self) -> list[date]:
        """A period as one day: its first business day, or its last if it has begun."""
        reading = self._reading
        days = []
        for period in reading.periods:
            if reading.bound == w.BEFORE or (reading.bound == w.BY and period.kind == w.WEEKEND):
                days.append(self._office.workdays_from(period.first, -1))
            elif reading.bound == w.AFTER:
                days.append(self._office.workdays_from(period.last, 1))
            elif reading.bound == w.BY and period.first > reading.today:
                raise NotUnderstood(
                    f"'{self._asked.quoted()}' can mean before {named(period.first)}, or until "
                    f"{named(period.last)}. Say “end of”, “before”, or a day."
                )
            else:
                days.append(self._day_of(period))
        return days

    def _day_of(self, period: Period) -> date:
        today = self._reading.today
        if period.kind == w.WEEKEND:
            return max(period.first, today)
        # A period that has begun is meant as what is left of it, not as its start.
        if period.first <= today and self._reading.bound != w.FROM:
            if period.kind == w.WEEK:
                return self._office.first_of(reversed(period.days())) or period.days()[4]
            return period.last
        return self._office.first_of(period.days()) or period.first

    def _fitting(self, days: list[date], weekday: int) -> list[date]:
        """The days with the weekday that the phrase names beside them.

        Raises NotUnderstood with both readings where the next such date is another weekday.
        """
        reading = self._reading
        ahead = [day for day in days if day >= reading.today] or days
        nearest = ahead[0] if self._asked.future else days[0]
        just_passed = timedelta(0) < reading.today - days[0] < _JUST_PASSED
        if nearest.weekday() == weekday and just_passed and nearest != days[0]:
            raise NotUnderstood(
                f"{named(days[0])} is past, and {named(nearest)} is nearly a year off. "
                "Give a later date, or its year."
            )
        if nearest.weekday() == weekday:
            return [nearest]
        if days[0].weekday() == weekday:
            return [days[0]]
        raise self._contradiction(nearest, weekday)

    def _contradiction(self, day: date, weekday: int) -> NotUnderstood:
        off = (weekday - day.weekday() + 3) % 7 - 3
        return NotUnderstood(
            f"{date_label(day)} is a {WEEKDAY_LABELS[day.weekday()]}, not a "
            f"{WEEKDAY_LABELS[weekday]}. Write {named(day)} or {named(day + timedelta(days=off))}."
        )

    def _at(self, day: date) -> datetime | None:
        """The moment on that day; None if it says "evening" and means the morning."""
        reading = self._reading
        zone = reading.offset or self._asked.zone
        clock = reading.clock
        if clock is None:
            return _moment(day, self._hour(day), zone)
        if clock.hour == 24:
            if clock.how == MIDNIGHT and reading.says_day and day != reading.today:
                raise NotUnderstood(
                    f"Midnight can begin {named(day)} or end it. "
                    f"Write 0:00 for the one, 24:00 for the other."
                )
            return _moment(day + timedelta(days=1), time(0), zone)
        hour = self._sure_hour(clock, day)
        return None if hour is None else _moment(day, clock.at(hour), zone)

    def _hour(self, day: date) -> time:
        reading = self._reading
        if reading.day_end and reading.bound == w.AFTER:
            raise NotUnderstood(
                f"'{self._asked.quoted()}' has no time of its own. Give one, as in 18:00."
            )
        if reading.day_end:
            return self._office.ends_on(day)
        if reading.part is None:
            return self._office.hour_on(day)
        usual = reading.part_time or w.PART_TIMES.get(reading.part)
        if usual is None:
            raise NotUnderstood(
                f"'{self._asked.quoted()}' needs its hour: a night belongs to two days."
            )
        if reading.bound == w.AFTER and reading.part == w.NOON:
            return time(14)
        first, _ = w.PART_HOURS[reading.part]
        ends = self._office.ends_on(day)
        # An afternoon that is over at one o'clock ends then.
        short = self._office.works(day) and time(first) < ends < usual
        return ends if short and reading.part == w.AFTERNOON else usual

    def _sure_hour(self, clock: TimeOfDay, day: date) -> int | None:
        """The hour of 24 that is meant; None if it contradicts the part of the day.

        Raises NotUnderstood with both where two people would take two.
        """
        reading = self._reading
        hour = clock.hour
        other = (hour + 12) % 24
        if reading.part is not None:
            first, after = w.PART_HOURS[reading.part]
            if reading.part == w.NIGHT and clock.hour >= 9:
                first, after = 21, 24
            for each in (hour, hour + 12) if hour < 12 and clock.how != AM else (hour,):
                if first <= each < after:
                    return each
            return None
        by_24 = reading.german or reading.numeric or not self._asked.future
        if clock.how == COLON and not by_24:
            raise self._either(clock)
        if clock.how == UHR:
            raise self._either(clock)
        if clock.how != SPOKEN:
            return hour
        for margin in (0, 1):
            fits = [each for each in (hour, other) if self._office.is_hour(each, margin=margin)]
            if len(fits) == 1:
                return self._unless_both_ahead(fits[0], clock, day)
            if fits:
                break
        raise self._either(clock)

    def _unless_both_ahead(self, hour: int, clock: TimeOfDay, day: date) -> int:
        """The hour, unless it is over today and the evening's is still ahead."""
        asked = self._asked
        if self._reading.says_day or not asked.future:
            return hour
        now = asked.now.astimezone(asked.zone)
        past = clock.at(hour) < now.time()
        if past and hour < 12 and clock.at(hour + 12) > now.time():
            raise self._either(clock)
        return hour

    def _either(self, clock: TimeOfDay) -> NotUnderstood:
        hour = clock.hour % 12
        early, late = f"{hour:02}:{clock.minute:02}", f"{hour + 12}:{clock.minute:02}"
        return NotUnderstood(
            f"'{self._asked.quoted()}' can mean {early} or {late}. Write one of them."
        )


def _moment(day: date, clock: time, zone: tzinfo) -> datetime:
    if not EARLIEST_YEAR <= day.year < 9999:
        raise NotUnderstood(f"The year {day.year} is too far off. Give a date nearer to today.")
    return wall_moment(day, clock, zone)
