"""A date, typed in words and echoed as it was understood."""

from __future__ import annotations

from datetime import datetime, timedelta

from textual import events, on
from textual.containers import Horizontal
from textual.content import Content
from textual.widgets import Input

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates.format import say
from poc_tui.rules.dates.human_dates import understand
from poc_tui.rules.dates.office import Office
from poc_tui.rules.text import safe
from poc_tui.rules.time_source import Clock
from poc_tui.widgets.text_fields import UnderstoodField


class DateField(Horizontal, UnderstoodField):
    """An input for a date, beside it the date that its words mean, or why they mean none.

    Empty means the default. Up and down shift the date by a day.

    Args:
        clock: tells now and the person's zone.
        day_first: how 3/4 is read.
        office: when business begins or ends, which is the time of a date given without one.
        value: the words to start with.
        default: the date when nothing is typed (aware UTC), shown in the empty input; None where
            there is none, or another than a date stands for it.
        remark: shown beside an empty input, such as where the default comes from.
    """

    DEFAULT_CSS = """
    DateField {
        height: 1; width: 1fr;
        & > LineField { width: 26; }
        & > Static { width: 1fr; padding: 0 0 0 2; color: $text-muted; text-wrap: nowrap; text-overflow: ellipsis; }
        & > Static.-wrong { color: $text-warning; }
    }
    """  # noqa: E501

    def __init__(
        self,
        clock: Clock,
        *,
        day_first: bool,
        office: Office,
        value: str = "",
        default: datetime | None = None,
        remark: str = "",
        id: str | None = None,
    ) -> None:
        super().__init__(value, id)
        self._clock = clock
        self._day_first = day_first
        self._office = office
        self._remark = remark
        self._show_default(default)

    @property
    def moment(self) -> datetime | None:
        """The date meant (aware UTC), None when nothing was typed.

        Raises:
            NotUnderstood: the words are no date, or one that is past.
        """
        words = self._line.value.strip()
        return self.understand(words) if words else None

    @property
    def in_words(self) -> str:
        """The date, else the words that mean none; what stands for an empty field."""
        try:
            moment = self.moment or self._default
        except NotUnderstood:
            return self.value
        return "" if moment is None else self._say(moment)

    def set_default(self, default: datetime | None, remark: str = "") -> None:
        """Show another default, as other fields of the dialog change."""
        self._remark = remark
        self._show_default(default)
        self._show_echo()

    @on(Input.Changed)
    def _typed(self) -> None:
        self._show_echo()

    def on_key(self, event: events.Key) -> None:
        by = {"up": 1, "down": -1}.get(event.key)
        if by is None:
            return
        event.stop()
        event.prevent_default()
        try:
            moment = self.moment or self._default or self._clock.now()
            words = self._say(moment.astimezone(self._clock.zone) + timedelta(days=by))
            self.understand(words)
        except (NotUnderstood, OverflowError):
            return
        self._line.put(words)

    def understand(self, words: str) -> datetime:
        """The date that these words mean, read as those in the field; raises what that raises."""
        return understand(
            words,
            self._clock.now(),
            self._clock.zone,
            day_first=self._day_first,
            office=self._office,
        )

    def _show_default(self, default: datetime | None) -> None:
        self._default = default
        self._line.placeholder = "" if default is None else self._say(default)

    def _say(self, moment: datetime) -> str:
        return say(moment, self._clock.now(), self._clock.zone)

    def _show_echo(self) -> None:
        wrong = ""
        try:
            said = self._remark if (moment := self.moment) is None else f"= {self._say(moment)}"
        except NotUnderstood as error:
            said = wrong = first_sentence(str(error))
        self._echo.update(Content(safe(said)))
        self._echo.set_class(bool(wrong), "-wrong")


def first_sentence(text: str) -> str:
    """The first sentence without its stop; a stop inside words that it quotes ends none."""
    after_quotation = max(text.find("' "), 0)
    end = after_quotation
    while (end := text.find(". ", end + 1)) >= 0:
        if text[end + 2 : end + 3].isupper():
            return text[:end]
    return text.rstrip(".")
