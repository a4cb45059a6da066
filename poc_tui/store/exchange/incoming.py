"""A row of a file as a request that can be stored, checked."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta, tzinfo
from enum import StrEnum
from typing import TypeVar

from poc_tui.errors import NotUnderstood
from poc_tui.models.values import Channel, Kind, Priority, Resolution, State
from poc_tui.rules.capture_line import (
    SUBJECT_LIMIT,
    first_and_rest,
    is_blank,
    subject_and_text,
    tag_name,
)
from poc_tui.rules.clock import Clock
from poc_tui.rules.dates import EARLIEST_YEAR, YEARS_AHEAD, understand
from poc_tui.rules.text import fold, plain, safe
from poc_tui.store.drafts import one_of

_Value = TypeVar("_Value", bound=StrEnum)
_Found = Mapping[str, list[object]]

_STATES = {
    "new": State.NEW, "neu": State.NEW,
    "open": State.OPEN, "offen": State.OPEN, "pending": State.OPEN, "in progress": State.OPEN,
    "resolved": State.RESOLVED, "closed": State.RESOLVED, "solved": State.RESOLVED,
    "done": State.RESOLVED, "erledigt": State.RESOLVED, "geschlossen": State.RESOLVED,
}  # fmt: skip

_SUBJECT_FROM_TEXT = 80
"""Characters of a subject that was cut from a longer text."""
_SENTENCE = re.compile(r"(.+?[.!?])\s")
_START_OF_DAY, _END_OF_DAY = time(0, 0), time(23, 59)


@dataclass(frozen=True, slots=True)
class Party:
    """Who a row says it is from; at least one of these is not empty."""

    name: str
    organisation: str
    email: str
    phone: str


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request of an import. Times are aware UTC; `raw` is the row as it stood in the file."""

    line: int
    raw: bytes
    subject: str
    text: str
    party: Party | None
    kind: Kind
    channel: Channel
    priority: Priority
    tags: tuple[str, ...]
    received_at: datetime
    due_at: datetime | None
    first_answered_at: datetime | None
    resolved_at: datetime | None
    state: State
    resolution: Resolution | None


class Intake:
    """Reads the fields of rows.

    Dates are ISO 8601 or what `rules.dates` understands; one without a zone is meant in the
    zone of `clock`, 3/4 as `day_first` says.
    """

    def __init__(self, clock: Clock, *, day_first: bool) -> None:
        self._now = clock.now()
        self._zone: tzinfo = clock.zone
        self._day_first = day_first

    def read(self, line: int, raw: bytes, found: _Found) -> Incoming:
        """The request that the fields of one row make.

        Raises:
            NotUnderstood: it cannot be stored; the sentence is the reason.
        """
        subject, text = _words(found)
        received_at = self._past(found, "received_at", _START_OF_DAY) or self._now
        resolved_at = self._past(found, "resolved_at", _END_OF_DAY)
        state, resolution = _ending(found, resolved=resolved_at is not None)
        if state == State.RESOLVED:
            resolved_at = resolved_at or received_at
            if resolved_at < received_at:
                raise NotUnderstood("it was resolved before it was received")
        return Incoming(
            line=line,
            raw=raw,
            subject=subject,
            text=text,
            party=_party(found),
            kind=_value(found, "kind", Kind, Kind.QUESTION),
            channel=_value(found, "channel", Channel, Channel.EMAIL),
            priority=_value(found, "priority", Priority, Priority.NORMAL),
            tags=_tags(found),
            received_at=received_at,
            due_at=self._moment(found, "due_at", time(17, 0)),
            first_answered_at=self._past(found, "first_answered_at", _END_OF_DAY),
            resolved_at=resolved_at,
            state=state,
            resolution=resolution,
        )

    def _past(self, found: _Found, field: str, without_time: time) -> datetime | None:
        moment = self._moment(found, field, without_time)
        # A day without a time may end in the future although it has begun.
        if moment is not None and moment > self._now + timedelta(days=1):
            raise NotUnderstood(f"{field} is in the future")
        return moment

    def _moment(self, found: _Found, field: str, without_time: time) -> datetime | None:
        words = _text(found, field)
        if not words:
            return None
        moment = self._iso(words)
        if moment is None:
            try:
                moment = understand(
                    words,
                    self._now,
                    self._zone,
                    day_first=self._day_first,
                    day_ends=without_time,
                    future=False,
                )
            except NotUnderstood as error:
                raise NotUnderstood(f"{field}: {error}") from error
        if not EARLIEST_YEAR <= moment.year < self._now.year + YEARS_AHEAD:
            raise NotUnderstood(f"{field}: the year {moment.year} is too far off")
        return moment

    def _iso(self, words: str) -> datetime | None:
        """An ISO 8601 date with a time; a mere day is left to `rules.dates`."""
        if len(words) <= len("2026-11-27"):
            return None
        try:
            moment = datetime.fromisoformat(words)
            local = moment if moment.tzinfo else moment.replace(tzinfo=self._zone)
            return local.astimezone(UTC).replace(microsecond=0)
        except (ValueError, OverflowError):
            return None


def _words(found: _Found) -> tuple[str, str]:
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


def _party(found: _Found) -> Party | None:
    party = Party(*(_text(found, f) for f in ("customer", "organisation", "email", "phone")))
    if any((party.name, party.organisation, party.email, party.phone)):
        return party
    return None


def _ending(found: _Found, *, resolved: bool) -> tuple[State, Resolution | None]:
    words = _text(found, "state")
    state = _STATES.get(fold(words).replace("-", " ").replace("_", " "))
    if words and state is None:
        raise NotUnderstood(f"state “{safe(words)}” is not known; choose from {', '.join(State)}")
    given = _text(found, "resolution")
    resolution = one_of(Resolution, given, "resolution") if given else None
    ended = resolved or resolution is not None
    if state is None:
        state = State.RESOLVED if ended else State.NEW
    if state != State.RESOLVED and ended:
        raise NotUnderstood(f"it is {state} and yet has a resolution")
    if state == State.RESOLVED:
        return state, resolution or Resolution.SOLVED
    return state, None


def _value(found: _Found, field: str, values: type[_Value], default: _Value) -> _Value:
    words = _text(found, field)
    return one_of(values, words, field) if words else default


def _tags(found: _Found) -> tuple[str, ...]:
    names: list[str] = []
    for value in found.get("tags", ()):
        for part in value if isinstance(value, list) else [value]:
            if not isinstance(part, str):
                raise NotUnderstood("tags must be text, or a list of texts")
            names.extend(re.split(r"[,;]", part))
    return tuple(sorted({cleaned for name in names if (cleaned := tag_name(name))}))


def _text(found: _Found, field: str) -> str:
    values = found.get(field)
    if values is None:
        return ""
    if len(values) > 1:
        raise NotUnderstood(f"{field} is given twice")
    if not isinstance(values[0], str):
        raise NotUnderstood(f"{field} must be text, not {_called(values[0])}")
    words = plain(values[0]).strip()
    return "" if is_blank(words) else words


def _called(value: object) -> str:
    names = {bool: "true or false", int: "a number", float: "a number", list: "a list"}
    return names.get(type(value), "an object")
