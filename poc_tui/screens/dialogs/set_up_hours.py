"""The first question to a new desk: in which country it stands, and when it is open."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterable
from functools import partial
from typing import TYPE_CHECKING

from textual.widget import Widget

from poc_tui.errors import NotUnderstood
from poc_tui.rules.service.opening_hours import MIDNIGHT
from poc_tui.rules.text import one_line
from poc_tui.screens.dialogs.fields import Field, FieldRemark
from poc_tui.screens.dialogs.set_up import SetUpDialog
from poc_tui.settings import week_words
from poc_tui.settings.days_off import Country, DaysOff, country
from poc_tui.settings.week_words import DAYS, Week
from poc_tui.store.records import Done
from poc_tui.widgets.choice import Choice
from poc_tui.widgets.text_fields import LineField

if TYPE_CHECKING:
    from poc_tui.screens.session import Session

_EVERYWHERE = ("", "no region in particular")
_ECHO_WIDTH = 56
"""Cells of the line that says what the country means."""


class SetUpHoursDialog(SetUpDialog):
    """Business time runs by what is said here; it goes into the settings.

    Args:
        session: the open desk.
        title: which of the questions it is.
        here: the code of the country in which the computer stands; empty if nobody knows.
    """

    NAME, MAIN = "set-up-hours", "country"

    def __init__(self, session: Session, title: str, here: str) -> None:
        super().__init__(session, title)
        days = session.settings.hours.holidays
        named = isinstance(days, DaysOff) and days.country is not None
        self._country_now = (days.country or "") if isinstance(days, DaysOff) else ""
        self._region_now = (days.region or "") if isinstance(days, DaysOff) else ""
        self._week_now = _week_of(session)
        self._suggested = self._country_now if named else here
        self._known: Country | None = None

    def fields(self) -> Iterable[Widget]:
        found = self._understood(self._suggested)
        suggested = self._suggested if found is not None else ""
        yield Field(
            "country", LineField(suggested, placeholder="such as DE, Germany", id="country")
        )
        yield Field("", FieldRemark(self._said(found), id="echo"))
        yield Field("region", Choice(_regions(found), self._region_now, id="region"))
        week = week_words.say(self._suggested_week(found))
        yield Field("open", LineField(week, placeholder="mon-fri 9-17", id="open"))

    def on_fields_changed(self) -> None:
        """Let region and hours follow the country."""
        echo = self.query_one("#echo", FieldRemark)
        try:
            found = country(words) if (words := self.form.value("country").strip()) else None
        except NotUnderstood as error:
            echo.say(one_line(str(error), _ECHO_WIDTH))
            return
        region = self.query_one("#region", Choice)
        if found != self._known:
            self._known = found
            region.offer(_regions(found))
            self.form.prefill("open", week_words.say(self._suggested_week(found)))
        echo.say(self._said(found, region.value))

    def act(self) -> Callable[[], Awaitable[Done]]:
        with self.form.at("country"):
            words = self.form.value("country").strip()
            code = country(words).code if words else ""
        with self.form.at("open"):
            week = week_words.read(self.form.value("open"))
        region = self.form.value("region") if code else ""
        values: dict[str, object] = {
            f"hours.{day}": list(week[day]) for day in DAYS if week[day] != self._week_now[day]
        }
        if code != self._country_now:
            values["hours.country"] = code
        if region != self._region_now:
            values["hours.region"] = region
        said = "country and hours are set" if values else "country and hours stay as they are"
        return partial(self.set, values, said)

    def _understood(self, words: str) -> Country | None:
        """The country, None where the computer stands in none whose holidays are known."""
        try:
            self._known = country(words) if words else None
        except NotUnderstood:
            self._known = None
        return self._known

    def _said(self, found: Country | None, region: str = "") -> str:
        if found is None:
            return "no public holidays are days off"
        year = self.session.clock.now().astimezone(self.session.clock.zone).year
        days = found.days(region or self._region_now_of(found), year)
        return one_line(f"{found.name}: {days} public holidays in {year} are off", _ECHO_WIDTH)

    def _region_now_of(self, found: Country) -> str:
        return self._region_now if found.code == self._country_now else ""

    def _suggested_week(self, found: Country | None) -> Week:
        """The hours as they are, or the usual ones on the working days of that country."""
        usual = week_words.off_days({5, 6})
        if found is None or self._week_now != usual:
            return self._week_now
        return week_words.off_days(set(found.weekend))


def _regions(found: Country | None) -> list[tuple[str, str]]:
    return [_EVERYWHERE, *(found.regions if found is not None else ())]


def _week_of(session: Session) -> Week:
    """The hours in force, as the settings spell them."""
    return {
        day: tuple(
            f"{opens:%H:%M}-{'24:00' if closes == MIDNIGHT else f'{closes:%H:%M}'}"
            for opens, closes in spans
        )
        for day, spans in zip(DAYS, session.settings.hours.week, strict=True)
    }
