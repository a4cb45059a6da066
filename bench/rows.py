"""What eight years at a desk leave behind, as rows for the store; moments are UTC seconds.

Requests come in the order of their numbers. All but the newest are resolved, a few old ones
still wait, and the very last have not been looked at; those keep their original and their journal
entry, so that they can be undone.
"""

from __future__ import annotations

import json
import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import NamedTuple

from bench.texts import Texts
from poc_tui.models.values import Channel, Kind, Priority, Resolution

YEARS = 8
BATCH = 20_000

_HOUR = 3600
_DAY = 24 * _HOUR
_KINDS = tuple(kind.value for kind in Kind)
_CHANNELS = tuple(channel.value for channel in Channel)
_PRIORITIES = (Priority.NORMAL.value,) * 6 + tuple(priority.value for priority in Priority)
_RESOLUTIONS = (Resolution.SOLVED.value,) * 8 + tuple(r.value for r in Resolution)


@dataclass(frozen=True, slots=True)
class Size:
    """How much there is; the same size and seed give the same rows around the same moment."""

    requests: int
    open: int
    customers: int = 20_000
    seed: int = 1


class CustomerRow(NamedTuple):
    id: int
    name: str
    name_folded: str
    organisation: str
    prefers: str | None
    preferences: str
    vip: int
    notes: str
    since: int


class AddressRow(NamedTuple):
    customer_id: int
    kind: str
    value: str
    value_folded: str


class RequestRow(NamedTuple):
    id: int
    subject: str
    text: str
    customer_id: int | None
    kind: str
    channel: str
    priority: str
    state: str
    court: str | None
    court_since: int | None
    received_at: int
    touched_at: int
    due_at: int | None
    next_at: int | None
    first_answered_at: int | None
    resolved_at: int | None
    resolution: str | None
    snoozed_until: int | None
    due_for: str | None
    due_since: int | None
    resolve_by: int | None


class TurnRow(NamedTuple):
    request_id: int
    court: str
    since: int
    until: int


class ActivityRow(NamedTuple):
    id: int
    request_id: int
    at: int
    actor: str
    event: str
    text: str
    channel: str | None = None
    department_id: int | None = None
    forward_id: int | None = None
    until: int | None = None
    changes: str | None = None


class ForwardRow(NamedTuple):
    id: int
    request_id: int
    department_id: int
    question: str
    asked_at: int
    due_at: int
    next_at: int
    answer: str | None = None
    answered_at: int | None = None


class ReminderRow(NamedTuple):
    request_id: int
    kind: str
    at: int
    text: str


class OriginalRow(NamedTuple):
    request_id: int
    raw: bytes


class JournalRow(NamedTuple):
    at: int
    actor: str
    step: str
    label: str
    changes: str
    undone: int = 0


@dataclass(slots=True)
class Batch:
    """Rows of some requests, by table."""

    request: list[RequestRow] = field(default_factory=list)
    turn: list[TurnRow] = field(default_factory=list)
    forward: list[ForwardRow] = field(default_factory=list)
    activity: list[ActivityRow] = field(default_factory=list)
    reminder: list[ReminderRow] = field(default_factory=list)
    original: list[OriginalRow] = field(default_factory=list)
    journal: list[JournalRow] = field(default_factory=list)


class History:
    """The rows of a store of that size, as it would stand at `now` (aware UTC)."""

    def __init__(self, size: Size, now: datetime, departments: Sequence[int]) -> None:
        self._size = size
        self._now = int(now.timestamp())
        self._customers = range(1, size.customers + 1)
        self._departments = departments
        self._random = random.Random(size.seed)
        self._texts = Texts(size.seed)
        self._batch = Batch()
        self._activities = 0
        self._forwards = 0
        last_day = now.astimezone(UTC).replace(hour=8, minute=0, second=0, microsecond=0)
        monday = last_day - timedelta(days=last_day.weekday() + 7 * 52 * YEARS)
        self._first_monday = int(monday.timestamp())
        # The last request came yesterday at the latest, whatever the hour of now.
        weeks, rest = divmod((last_day - monday).days - 1, 7)
        self._working_days = 5 * weeks + min(rest + 1, 5)

    def customers(self) -> Iterator[tuple[CustomerRow, AddressRow]]:
        """Every customer with an address."""
        from poc_tui.rules.text import fold

        for id in self._customers:
            name = self._texts.firm()
            email = f"office{id}@{fold(name).replace(' ', '-')}.example"
            vip = int(id % 50 == 0)
            yield (
                CustomerRow(id, name, fold(name), name, None, "", vip, "", self._first_monday),
                AddressRow(id, "email", email, email),
            )

    def batches(self) -> Iterator[Batch]:
        """Every request with what hangs on it, `BATCH` requests at a time."""
        waiting, fresh = self._unresolved()
        for number in range(1, self._size.requests + 1):
            if number > fresh:
                self._new(number, undoable=True)
            elif number in waiting:
                self._waiting(number)
            else:
                self._resolved(number)
            if number % BATCH == 0 or number == self._size.requests:
                yield self._batch
                self._batch = Batch()

    def _unresolved(self) -> tuple[set[int], int]:
        """The numbers that still wait, and the number after which nobody has looked yet."""
        requests, count = self._size.requests, self._size.open
        untouched = min(200, count // 10)
        fresh = requests - untouched
        old = min(count // 100, fresh - min(fresh, 2 * count))
        recent = range(max(1, fresh - 2 * count + 1), fresh + 1)
        numbers = set(self._random.sample(recent, count - untouched - old))
        numbers.update(self._random.sample(range(1, recent.start), old))
        return numbers, fresh

    def _received(self, number: int) -> int:
        """When it came: spread over the working hours of all working days, in order."""
        passed = (number - 1) * self._working_days / self._size.requests
        day, share = divmod(passed, 1)
        week, weekday = divmod(int(day), 5)
        return self._first_monday + (7 * week + weekday) * _DAY + int(share * 9 * _HOUR)

    def _resolved(self, number: int) -> None:
        chance = self._random.random
        received = self._received(number)
        took = _HOUR // 2 + int(self._random.expovariate(1 / (1.5 * _DAY)))
        resolved = min(received + took, self._now)
        resolution = self._texts.pick(_RESOLUTIONS)
        text = self._texts.message()
        self._activity(number, received, "received", text)
        path, half = chance(), (received + resolved) // 2
        if path < 0.2:
            self._asked(number, received, answered_at=half)
            self._turns(number, received, ("department", half), ("me", resolved))
        elif path < 0.5:
            self._activity(number, half, "answered", self._texts.message())
            self._turns(number, received, ("me", half), ("customer", resolved))
        else:
            self._turns(number, received, ("me", resolved))
        changes = json.dumps({"resolution": [None, resolution]})
        self._activity(number, resolved, "resolved", self._texts.message(), changes=changes)
        self._request(
            number, text, "resolved", received, resolved,
            first_answered_at=resolved, resolved_at=resolved, resolution=resolution,
        )  # fmt: skip

    def _waiting(self, number: int) -> None:
        chance = self._random.random()
        received = self._received(number)
        due = self._now + self._random.randrange(-_DAY, 7 * _DAY)
        if chance < 0.1:
            self._new(number)
            return
        text = self._texts.message()
        self._activity(number, received, "received", text)
        if chance < 0.4:
            self._activity(number, received, "triaged", "", until=due)
            self._request(number, text, "open", received, received, "me", due, due_at=due)
        elif chance < 0.7:
            asked = min(received + _HOUR, self._now)
            self._turns(number, received, ("me", asked))
            self._asked(number, asked, due_at=due - _HOUR)
            self._request(
                number, text, "open", received, asked, "department", due - _HOUR, due_at=due
            )
        elif chance < 0.9:
            answered = min(received + _HOUR, self._now)
            self._turns(number, received, ("me", answered))
            self._activity(number, answered, "answered", self._texts.message(), until=due)
            self._request(
                number, text, "open", received, answered, "customer", due,
                first_answered_at=answered,
            )  # fmt: skip
        else:
            until = self._now + self._random.randrange(_DAY, 14 * _DAY)
            why = self._texts.subject()
            self._activity(number, received, "snoozed", why, until=until)
            self._batch.reminder.append(ReminderRow(number, "snooze", until, why))
            self._request(
                number, text, "open", received, received, "me", until,
                due_at=until + _DAY, snoozed_until=until,
            )  # fmt: skip

    def _new(self, number: int, *, undoable: bool = False) -> None:
        received = self._received(number)
        text = self._texts.message()
        self._activity(number, received, "received", text)
        self._request(
            number, text, "new", received, received, "me", received, due_at=received + 3 * _DAY
        )
        if undoable:
            changes = [
                ["request", number, None],
                ["original", number, None],
                ["activity", self._activities, None],
            ]
            self._batch.original.append(OriginalRow(number, text.encode()))
            self._batch.journal.append(
                JournalRow(received, "me", "new", f"new #{number}", json.dumps(changes))
            )

    def _asked(
        self, number: int, at: int, *, answered_at: int | None = None, due_at: int | None = None
    ) -> None:
        """A forward, answered or still open."""
        self._forwards += 1
        id = self._forwards
        department = self._texts.pick(self._departments)
        due = due_at or at + _DAY
        question = self._texts.subject()
        answer = None if answered_at is None else self._texts.message()
        self._batch.forward.append(
            ForwardRow(id, number, department, question, at, due, due, answer, answered_at)
        )
        self._activity(
            number, at, "forwarded", question, department_id=department, forward_id=id, until=due
        )
        if answer is not None and answered_at is not None:
            self._activity(
                number, answered_at, "logged", answer, department_id=department, forward_id=id
            )

    def _turns(self, number: int, since: int, *turns: tuple[str, int]) -> None:
        """Whose move it was, one after the other, and until when."""
        for court, until in turns:
            self._batch.turn.append(TurnRow(number, court, since, until))
            since = until

    def _activity(self, number: int, at: int, event: str, text: str, **rest: object) -> None:
        self._activities += 1
        row = ActivityRow(self._activities, number, at, "me", event, text, **rest)  # type: ignore[arg-type]
        self._batch.activity.append(row)

    def _request(
        self,
        number: int,
        text: str,
        state: str,
        received: int,
        touched: int,
        court: str | None = None,
        next_at: int | None = None,
        *,
        due_at: int | None = None,
        first_answered_at: int | None = None,
        resolved_at: int | None = None,
        resolution: str | None = None,
        snoozed_until: int | None = None,
    ) -> None:
        """What is due is the first answer; a clock that runs says when all must be resolved."""
        pick = self._texts.pick
        runs = court in ("me", "department")
        self._batch.request.append(
            RequestRow(
                number,
                self._texts.subject(),
                text,
                pick(self._customers),
                pick(_KINDS),
                pick(_CHANNELS),
                pick(_PRIORITIES),
                state,
                court,
                touched if court else None,
                received,
                touched,
                due_at,
                next_at,
                first_answered_at,
                resolved_at,
                resolution,
                snoozed_until,
                None if due_at is None else "first-answer",
                None if due_at is None else received,
                self._now + self._random.randrange(-_DAY, 14 * _DAY) if runs else None,
            )
        )
