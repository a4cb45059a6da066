"""The desk's opening hours as dates need them: what "friday", "eod" and "in 3 Werktagen" are."""

from __future__ import annotations

from datetime import date, datetime, time

from poc_tui.rules.dates.office import Office
from poc_tui.rules.service.opening_hours import Hours, closes, opens, usual_closing, usual_opening

_LAST_MINUTE = time(23, 59)


class OfficeHours(Office):
    """The office that keeps these hours, day by day, days off included.

    Args:
        hours: when it is open, and where.
        begins: whether a day without a time is its opening, at which something is to be on the
            desk again, rather than its closing, by which something is due.
    """

    def __init__(self, hours: Hours, *, begins: bool = False) -> None:
        opening, closing = usual_opening(hours), usual_closing(hours)
        super().__init__(opening if begins else closing, opening, closing)
        self._hours = hours
        self._begins = begins
        self._closing = closing

    def works(self, day: date) -> bool:
        """Whether it is open at all on that day."""
        return opens(self._hours, day) is not None

    def hour_on(self, day: date) -> time:
        """When that day opens or closes; of a closed day, when the desk commonly does."""
        if not self._begins:
            return self.ends_on(day)
        opening = opens(self._hours, day)
        return self.usual if opening is None else self._wall(opening, day)

    def ends_on(self, day: date) -> time:
        """When that day closes for good, the last minute of it for midnight."""
        closing = closes(self._hours, day)
        return self._closing if closing is None else self._wall(closing, day)

    def _wall(self, moment: datetime, day: date) -> time:
        local = moment.astimezone(self._hours.zone)
        return local.time() if local.date() == day else _LAST_MINUTE
