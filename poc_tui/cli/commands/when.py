"""Saying how a date or a series is understood, without doing anything with it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from poc_tui.cli import arguments as args
from poc_tui.cli.context import Context
from poc_tui.cli.output.layout import Table
from poc_tui.errors import NotUnderstood
from poc_tui.rules.text import safe
from poc_tui.system.streams import standard_input

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime

    from poc_tui.rules.recurrence.series import Series

SHOWN = 5
"""Times of a series in JSON, the first included."""


def when(
    ctx: typer.Context,
    words: Annotated[
        list[str], args.argument("WORDS...", "A date or a series; - reads one a line.")
    ],
    start: Annotated[
        str | None, args.option("--from DATE", "Understand it as on that day, or at that moment.")
    ] = None,
    begins: Annotated[
        bool,
        args.flag(
            "--begins", "A day without a time is its start of business, as in snooze and remind."
        ),
    ] = False,
) -> None:
    """Say how a date or a series of dates is understood. Nothing is stored.

    Right or refused: words with two meanings are refused with both. With --json one object, with -
    an array of them: input, kind (date or series), at (the moment, or the first), said; of a series
    also rule (RFC 5545) and next (its first five times); or input and error. All moments are ISO
    8601 with their offset. If anything is refused, the exit code is 2.

    Example: poc when last friday of the month 14:00
    """
    context = Context.of(ctx)
    reading = _Reading(context, start, begins=begins)
    if words == ["-"]:
        lines = standard_input().decode("utf-8", "replace").splitlines()
        answers = [reading.of(line.strip()) for line in lines if line.strip()]
        if context.json:
            context.out.table(lambda: Table(()), answers)
        else:
            for answer in answers:
                print(_line(answer))
        refused = any("error" in answer for answer in answers)
    else:
        answer = reading.of(" ".join(words))
        refused = "error" in answer
        if context.json:
            context.out.say(answer)
        elif refused:
            raise NotUnderstood(answer["error"])
        else:
            print(answer["said"])
    if refused:
        raise typer.Exit(NotUnderstood.exit_code)


class _Reading:
    """How words are read at one moment, with the settings of the desk."""

    def __init__(self, context: Context, start: str | None, *, begins: bool) -> None:
        from poc_tui.rules.service.office_hours import OfficeHours

        hours = context.settings.hours
        self._context = context
        self._zone = context.clock.zone
        self._day_first = context.settings.day_first
        self._opening = OfficeHours(hours, begins=True)
        self._office = self._opening if begins else OfficeHours(hours)
        self._now = context.clock.now() if start is None else self._moment(start)

    def of(self, words: str) -> dict[str, Any]:
        """What the words mean, or why they mean nothing, as JSON has it."""
        from poc_tui.rules.dates.human_dates import understand
        from poc_tui.rules.recurrence.series import said

        answer: dict[str, Any] = {"input": words}
        try:
            series = self._series(words)
            at = (
                understand(
                    words, self._now, self._zone, day_first=self._day_first, office=self._office
                )
                if series is None
                else series.first
            )
        except NotUnderstood as error:
            return {**answer, "error": str(error)}
        rule = "" if series is None else series.rule
        answer |= {"kind": "series" if rule else "date", "at": self._local(at)}
        if rule:
            answer |= {"rule": rule, "next": [*self._times(at, rule)]}
        return {**answer, "said": said(at, rule, self._now, self._zone)}

    def _moment(self, words: str) -> datetime:
        from datetime import time

        from poc_tui.rules.dates.human_dates import understand

        now, midnight = self._context.clock.now(), time(0)
        return understand(
            words, now, self._zone, day_first=self._day_first, day_ends=midnight, future=False
        )

    def _series(self, words: str) -> Series | None:
        from poc_tui.rules.recurrence.series import understand

        return understand(
            words, self._now, self._zone, day_first=self._day_first, office=self._opening
        )

    def _times(self, first: datetime, rule: str) -> Iterator[str]:
        from poc_tui.rules.recurrence.rule import following

        at = first
        for left in range(SHOWN, 0, -1):
            yield self._local(at)
            if left > 1:
                at = following(rule, at, at, self._zone)

    def _local(self, at: datetime) -> str:
        return at.astimezone(self._zone).isoformat()


def _line(answer: dict[str, Any]) -> str:
    if "error" in answer:
        return f"{safe(answer['input'])}: refused: {answer['error']}"
    return f"{safe(answer['input'])} = {answer['said']}"
