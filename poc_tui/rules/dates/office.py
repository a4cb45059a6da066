"""What dates need to know of opening hours: which days are worked, when one begins and ends."""

from __future__ import annotations

from datetime import date, time, timedelta

from poc_tui.errors import NotUnderstood

TYPE_CHECKING = False  # importing typing for its own costs more than all of this module
if TYPE_CHECKING:
    from collections.abc import Iterable

_FURTHEST = 3653
"""Days: business days that take over ten years are a slip of the finger."""


class Office:
    """An office that works Monday to Friday; other hours are a class derived from it.

    Args:
        usual: what a day without a time stands for.
        opens: when work commonly begins.
        closes: when it commonly ends.
    """

    def __init__(
        self, usual: time = time(17), opens: time = time(9), closes: time = time(17)
    ) -> None:
        self.usual = usual
        self.opens = opens
        self.closes = max(closes, usual)

    def works(self, day: date) -> bool:
        """Whether it is open at all on that day."""
        return day.weekday() < 5

    def hour_on(self, day: date) -> time:
        """What that day stands for if no time is said."""
        return self.usual

    def ends_on(self, day: date) -> time:
        """When that day's business ends; of a closed day, when business commonly does."""
        return self.usual

    def workdays_from(self, day: date, count: int) -> date:
        """The day that many business days after, or before for a negative number.

        The day itself never counts.

        Raises:
            NotUnderstood: more than pass in ten years.
        """
        step = timedelta(days=1 if count >= 0 else -1)
        left = abs(count)
        for _ in range(_FURTHEST):
            if not left:
                return day
            day += step
            left -= self.works(day)
        raise NotUnderstood("That many business days take over ten years. Give fewer.")

    def first_of(self, days: Iterable[date]) -> date | None:
        """The first of the days that is worked, None if none is."""
        return next((day for day in days if self.works(day)), None)

    def is_hour(self, hour: int, *, margin: int = 0) -> bool:
        """Whether the hour lies in common opening hours, or no more than `margin` hours beside."""
        opens = self.opens.hour - margin
        closes = self.closes.hour + (self.closes.minute > 0) + margin
        return opens <= hour < closes or (bool(margin) and hour == closes)
