"""Phrases about what recurs, read and held against the clock; `recurrence` says what is meant."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, time, timedelta, tzinfo

from poc_tui.errors import NotUnderstood
from poc_tui.rules.dates import human_dates
from poc_tui.rules.dates.months import wall_moment
from poc_tui.rules.dates.office import Office
from poc_tui.rules.dates.phrase_reading import AM, COLON, SURE
from poc_tui.rules.dates.tokens import LONGEST_PHRASE, YEARS_AHEAD, Token, tokens
from poc_tui.rules.recurrence.grammar import read
from poc_tui.rules.recurrence.phrase import (
    START_OPENERS,
    Phrase,
    lists_weekdays,
    on_workdays,
    recurs,
)
from poc_tui.rules.recurrence.rule import DAILY, Rule, keeping_clock, keeping_day, next_time
from poc_tui.rules.text import one_line

EXAMPLES = "every monday 9:00, every 6 weeks, every workday, every month on the 1st, daily"
RHYTHM_EXAMPLES = "6 weeks, monthly, every quarter, alle 6 Wochen"


def series(
    words: str, now: datetime, zone: tzinfo, *, day_first: bool, office: Office
) -> tuple[datetime, str] | None:
    """The first moment and the rule, None if the words are about no series."""
    phrase = tokens(words[:LONGEST_PHRASE])
    if not _about_recurrence(phrase):
        return None
    now = now.astimezone(UTC).replace(microsecond=0)
    today = now.astimezone(zone).date()
    often, start_words = _cut(phrase)
    said, rule = _read(often, words, today, day_first=day_first, office=office)
    clock = _time_of_day(said, now, office)
    if start_words:
        start = _start(start_words, now, zone, day_first=day_first, clock=clock, usual=office.usual)
        day, clock = start.astimezone(zone).date(), clock or start.astimezone(zone).time()
        past = max(now, start - timedelta(seconds=1))
    else:
        day, clock, past = today, clock or office.usual, now
        if not (rule.weekdays or rule.month_day or said.days or rule == Rule(DAILY)):
            past = max(now, wall_moment(day, clock, zone))
    first, rule = _series(said, rule, said.days[0] if said.days else day, clock, past, zone)
    if first.year >= now.year + YEARS_AHEAD:
        raise NotUnderstood(f"'{one_line(words, 40)}' is too far off. Give a date nearer to today.")
    return first, str(rule)


def rhythm(words: str) -> str:
    """The rule of a contact rhythm, in its canonical form."""
    phrase = tokens(words[:LONGEST_PHRASE])
    if not _about_recurrence(phrase):
        phrase = [Token("every", spaced=True), *phrase]
    # No date can be part of a rhythm, so it does not matter which day it is.
    fits = len(words) <= LONGEST_PHRASE
    said = read(phrase, date(2000, 1, 1), day_first=True) if fits else None
    rule = said.rule() if said else None
    named = said is not None and (said.weekdays or said.month_day or said.days or said.times)
    if rule is None or named:
        raise NotUnderstood(
            f"'{one_line(words, 40)}' is no rhythm I know. Try one of: {RHYTHM_EXAMPLES}."
        )
    return str(rule)


def _about_recurrence(phrase: list[Token]) -> bool:
    named = any(recurs(token.text) for token in phrase)
    return named or lists_weekdays(phrase) or on_workdays(phrase)


def _cut(phrase: list[Token]) -> tuple[list[Token], list[Token]]:
    """What says how often, and what follows "from", wherever in the phrase it stands."""
    opener = next((at for at, token in enumerate(phrase) if token.text in START_OPENERS), None)
    if opener is None:
        return phrase, []
    end = opener + 1
    while end < len(phrase) and not recurs(phrase[end].text):
        end += 1
    if end == opener + 1:
        return phrase, []
    return phrase[:opener] + phrase[end:], phrase[opener + 1 : end]


def _text(phrase: list[Token]) -> str:
    return "".join(f"{' ' * token.spaced}{token.text}" for token in phrase).strip()


def _read(
    often: list[Token], words: str, today: date, *, day_first: bool, office: Office
) -> tuple[Phrase, Rule]:
    fits = len(words) <= LONGEST_PHRASE
    said = read(often, today, day_first=day_first, office=office) if fits else None
    rule = said.rule() if said else None
    if said is None or rule is None:
        raise NotUnderstood(
            f"'{one_line(words, 40)}' recurs in a way I do not know. Try one of: {EXAMPLES}."
        )
    return said, rule


def _time_of_day(said: Phrase, now: datetime, office: Office) -> time | None:
    """The time the phrase names, "monday evening at 8" included; None if it names none.

    Digits with a colon are those of a clock of 24 hours, as this desk shows it: 2:30 is at night.
    """
    if not said.times:
        return None
    clock = said.reading.clock
    if clock is not None and said.reading.part is None and clock.how in (SURE, AM, COLON):
        return clock.at(clock.hour)
    # In UTC no change of the clocks moves it.
    words = f"today at {_text(said.times)}"
    return human_dates.understand(words, now, UTC, office=office, future=False).time()


def _start(
    phrase: list[Token],
    now: datetime,
    zone: tzinfo,
    *,
    day_first: bool,
    clock: time | None,
    usual: time,
) -> datetime:
    """The start that the phrase names, at the time it names, else at `clock`, else at `usual`.

    A day without a time may be today, even if that time is past.
    """
    words = _text(phrase)
    last_seconds = (time(23, 59, 58), time(23, 59, 59))
    one, other = (
        human_dates.understand(words, now, zone, day_first=day_first, day_ends=last)
        for last in last_seconds
    )
    at_clock = wall_moment(other.astimezone(zone).date(), clock or usual, zone)
    if one != other:
        return at_clock
    if clock is not None and one != at_clock:
        raise NotUnderstood(
            f"The start '{one_line(words, 40)}' has another time of day than the rest. "
            "Leave one of them out."
        )
    return one


def _series(
    said: Phrase, rule: Rule, began: date, clock: time, past: datetime, zone: tzinfo
) -> tuple[datetime, Rule]:
    """The first moment after `past`, and the rule to go on by from there.

    Where the rule names days, the first such day begins the series; its interval counts from there.
    """
    every_turn = replace(rule, interval=1) if rule.weekdays or rule.month_day else rule
    first = next_time(every_turn, began, clock, past, zone)
    while said.months and first.astimezone(zone).month not in said.months:
        first = next_time(every_turn, began, clock, first, zone)
    return first, keeping_clock(keeping_day(rule, began), began, clock, zone)
