"""A row of a file as a request that can be stored, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, time, timedelta, tzinfo
from typing import NamedTuple

from poc_tui.errors import NotUnderstood
from poc_tui.models.values import Resolution, State
from poc_tui.rules.capture_line import (
    SUBJECT_LIMIT,
    first_and_rest,
    is_blank,
    subject_and_text,
    tag_name,
)
from poc_tui.rules.dates.columns import DateReader
from poc_tui.rules.dates.tokens import EARLIEST_YEAR, YEARS_AHEAD
from poc_tui.rules.text import plain
from poc_tui.rules.time_source import Clock
from poc_tui.rules.value_words import is_absent
from poc_tui.store.exchange.columns import Cell, Found, is_utc
from poc_tui.store.exchange.values import ValueWords

_SUBJECT_FROM_TEXT = 80
"""Characters of a subject that was cut from a longer text."""
_SENTENCE = re.compile(r"(.+?[.!?])\s")
_START_OF_DAY, _END_OF_DAY = time(0, 0), time(23, 59)


class ImportedCustomer(NamedTuple):
    """Who a row says it is from; at least one of these is not empty."""

    name: str
    organisation: str
    email: str
    phone: str


class ImportedRequest(NamedTuple):
    """One request of an import. Times are aware UTC; `raw` is the row as it stood in the file.

    Kind, channel, priority, state and resolution are values of `models.values`.
    """

    line: int
    raw: bytes
    subject: str
    text: str
    party: ImportedCustomer | None
    kind: str | None
    channel: str | None
    priority: str | None
    tags: tuple[str, ...]
    received_at: datetime
    due_at: datetime | None
    first_answered_at: datetime | None
    resolved_at: datetime | None
    state: str
    resolution: str | None
    note: str = ""
    """What the row says of a state, a kind or the like that has no word here."""


class RowReader:
    """Reads the fields of rows.

    `readers`: how the dates of each column are written. One without a zone is meant in the zone
    of `clock`, unless its column is called one of UTC. `values`: what single words mean.
    """

    def __init__(self, clock: Clock, readers: Mapping[str, DateReader], values: ValueWords) -> None:
        self._now = clock.now()
        self._zone: tzinfo = clock.zone
        self._readers = readers
        self._values = values

    def read(self, line: int, raw: bytes, found: Found) -> ImportedRequest:
        """The request that the fields of one row make.

        Raises:
            NotUnderstood: it cannot be stored; the sentence is the reason.
        """
        subject, text = _words(found)
        received_at = self._past(found, "received_at", _START_OF_DAY) or self._now
        resolved_at = self._past(found, "resolved_at", _END_OF_DAY)
        noted: list[str] = []
        state, resolution = self._ending(found, noted, resolved=resolved_at is not None)
        if state == State.RESOLVED:
            resolved_at = resolved_at or received_at
            if resolved_at < received_at:
                raise NotUnderstood("it was resolved before it was received")
        return ImportedRequest(
            line=line,
            raw=raw,
            subject=subject,
            text=text,
            party=_party(found),
            kind=self._value(found, "kind", noted),
            channel=self._value(found, "channel", noted),
            priority=self._value(found, "priority", noted),
            tags=_tags(found),
            received_at=received_at,
            due_at=self._moment(found, "due_at", time(17, 0)),
            first_answered_at=self._past(found, "first_answered_at", _END_OF_DAY),
            resolved_at=resolved_at,
            state=state,
            resolution=resolution,
            note="\n".join(noted),
        )

    def _past(self, found: Found, field: str, without_time: time) -> datetime | None:
        moment = self._moment(found, field, without_time)
        # A day without a time may end in the future although it has begun.
        if moment is not None and moment > self._now + timedelta(days=1):
            raise NotUnderstood(f"{field} is in the future")
        return moment

    def _moment(self, found: Found, field: str, without_time: time) -> datetime | None:
        cell = _one(found, field)
        words = date_words(cell)
        if cell is None or not words:
            return None
        reader = self._readers.get(cell.column) or DateReader()
        try:
            zone = UTC if is_utc(cell.column) else self._zone
            moment = reader.moment(words, zone, without_time)
        except NotUnderstood as error:
            raise NotUnderstood(f"{field}: {error}") from error
        if not EARLIEST_YEAR <= moment.year < self._now.year + YEARS_AHEAD:
            raise NotUnderstood(f"{field}: the year {moment.year} is too far off")
        return moment

    def _ending(self, found: Found, noted: list[str], *, resolved: bool) -> tuple[str, str | None]:
        """How far it has come and how it ended, where the row says so."""
        given = self._value(found, "state", noted)
        ended = self._value(found, "resolution", noted)
        if given is None and (by_state := self._values.ending(_one(found, "state"))):
            given, ended = State.RESOLVED.value, ended or by_state
        over = resolved or ended is not None
        state = given or (State.RESOLVED if over else State.NEW).value
        if state != State.RESOLVED and over:
            raise NotUnderstood(f"it is {state} and yet has a resolution")
        if state == State.RESOLVED:
            return state, ended or Resolution.SOLVED.value
        return state, None

    def _value(self, found: Found, field: str, noted: list[str]) -> str | None:
        """The value that the words mean; where they mean none, or more, they are noted."""
        cell = _one(found, field)
        if cell is None:
            return None
        number = isinstance(cell.value, int) and not isinstance(cell.value, bool)
        words = str(cell.value) if number else _as_text(cell.value, field)
        if not words:
            return None
        meant, note = self._values.meaning(field, cell.column, words)
        if note:
            noted.append(f"{plain(cell.column)}: {words}")
        return meant


def date_words(cell: Cell | None) -> str:
    """What stands for a date, empty where a program wrote that there is none.

    Raises:
        NotUnderstood: it is neither text nor a number.
    """
    if cell is None:
        return ""
    value = cell.value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return str(value)
    words = _as_text(value, "a date")
    return "" if is_absent(words) else words


def _words(found: Found) -> tuple[str, str]:
    subject, text = _text(found, "subject"), _text(found, "text")
    if not subject and not text:
        raise NotUnderstood("it has no words")
    if not subject:
        subject = subject_of(text)
    if subject == text:
        text = ""
    subject, text = subject_and_text(subject, text)
    if is_blank(subject):
        raise NotUnderstood("it has no words")
    return subject, text


def subject_of(text: str) -> str:
    """A subject for a text that came without: all of it if it is one short line.

    Else its first line with words, or the first sentence of that, or as many words as fit.
    """
    text = plain(text).strip()
    if len(text) <= SUBJECT_LIMIT and "\n" not in text:
        return text
    first = first_and_rest(text)[0].strip()
    if len(first) > _SUBJECT_FROM_TEXT and (sentence := _SENTENCE.match(first)):
        first = sentence[1]
    if len(first) <= _SUBJECT_FROM_TEXT:
        return first
    cut = first[:_SUBJECT_FROM_TEXT]
    return (cut.rpartition(" ")[0] or cut) + "…"


def _party(found: Found) -> ImportedCustomer | None:
    party = ImportedCustomer(
        *(_text(found, f) for f in ("customer", "organisation", "email", "phone"))
    )
    if any((party.name, party.organisation, party.email, party.phone)):
        return party
    return None


def _tags(found: Found) -> tuple[str, ...]:
    names: list[str] = []
    for _, value in found.get("tags", ()):
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, str):
                raise NotUnderstood("tags must be text, or a list of texts")
            names.extend(re.split(r"[,;]", part))
    return tuple(sorted({cleaned for name in names if (cleaned := tag_name(name))}))


def _one(found: Found, field: str) -> Cell | None:
    cells = found.get(field)
    if not cells:
        return None
    if len(cells) > 1:
        raise NotUnderstood(f"{field} is given twice")
    return cells[0]


def _text(found: Found, field: str) -> str:
    cell = _one(found, field)
    return "" if cell is None else _as_text(cell.value, field)


def _as_text(value: object, what: str) -> str:
    if not isinstance(value, str):
        raise NotUnderstood(f"{what} must be text, not {_called(value)}")
    words = plain(value).strip()
    return "" if is_blank(words) else words


def _called(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "an object")
