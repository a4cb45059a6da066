"""A date, or a series of them: "fri 9:00", "every monday 9:00", "alle 6 Wochen"."""

from __future__ import annotations

from datetime import datetime

from textual import events
from textual.content import Content

from poc_tui.errors import NotUnderstood
from poc_tui.rules.recurrence.series import Series, said, understand
from poc_tui.widgets.date_field import DateField


class SeriesField(DateField):
    """A date field that also knows what recurs, and echoes it below: "= Mon 30 Nov 09:00, then
    every Monday". Its `moment` is the first of the series.
    """

    DEFAULT_CSS = """
    SeriesField {
        layout: vertical; height: 2;
        & > LineField { width: 1fr; }
        & > Static { padding: 0 1; height: 1; }
    }
    """

    @property
    def every(self) -> str:
        """The rule by which it comes again, empty for once.

        Raises:
            NotUnderstood: the words are about a series and cannot be read.
        """
        series = self._series(self.value)
        return "" if series is None else series.rule

    def on_key(self, event: events.Key) -> None:
        """Shift a date by a day; a series stays as it is."""
        if event.key in ("up", "down") and self._recurs():
            event.stop()
            event.prevent_default()

    def _recurs(self) -> bool:
        try:
            return self._series(self.value) is not None
        except NotUnderstood:
            return True

    def _series(self, words: str) -> Series | None:
        now, zone = self._clock.now(), self._clock.zone
        return understand(words, now, zone, day_first=self._day_first, office=self._office)

    def understand(self, words: str) -> datetime:
        series = self._series(words)
        return super().understand(words) if series is None else series.first

    def _show_echo(self) -> None:
        super()._show_echo()
        try:
            series = self._series(self.value)
        except NotUnderstood:
            return  # said already
        if series is not None:
            understood = said(series.first, series.rule, self._clock.now(), self._clock.zone)
            self._echo.update(Content(f"= {understood}"))
