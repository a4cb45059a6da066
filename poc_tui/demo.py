"""The demo desk: a fortnight of work out of `data/demo.toml`, made anew around the present.

The script's steps go through the same verbs as a person's, each with the clock standing at its
own moment, so that timeline, journal and undo are those of a desk that was really used.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing
from datetime import UTC, datetime, time, timedelta, tzinfo
from functools import partial
from typing import TYPE_CHECKING, Any

from poc_tui.models.values import AddressKind, Channel, Kind, Priority, Resolution
from poc_tui.rules.recurrence.series import rhythm
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.time_source import Clock, FixedClock
from poc_tui.settings.levels_file import starter
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.migrations.migrate import ensure
from poc_tui.store.queries import customers, departments, requests
from poc_tui.store.queries.reader import Reader
from poc_tui.system import locations

if TYPE_CHECKING:
    from poc_tui.settings.load import Settings

FIRST_NUMBER = 1001
"""A desk with a past does not begin at #1."""

WHAT_IT_IS = "This is a demo desk: made up, thrown away when you leave it; your own is not touched."

Entry = Mapping[str, Any]
"""A table of the script."""

Step = Callable[[], None]

_WORKING_DAY = re.compile(r"([+-]\d+)d (\d\d:\d\d)")
_DISTANCE = re.compile(r"([+-]\d+)(min|h)")
_HALF_HOUR = timedelta(minutes=30)
_DATED: Mapping[str, tuple[Callable[[datetime, str], drafts.Draft], str]] = {
    "snooze": (drafts.Snooze, "until"),
    "remind": (drafts.Remind, "for"),
    "promise": (drafts.Promise, "for"),
}
"""The steps that leave a date with a reason, and where the date stands."""


def build(path: str, clock: Clock, settings: Settings) -> None:
    """Make a store at `path`, which must not exist yet, as the desk stands at `clock.now()`.

    Two stores built at the same moment with the same settings are the same.
    """
    script = tomllib.loads((locations.data_dir() / "demo.toml").read_text("utf-8"))
    ensure(path, clock, first=FIRST_NUMBER)
    moments = ScriptMoments(clock.now(), clock.zone, settings.hours)
    moved = FixedClock(clock.now(), clock.zone)
    with closing(_Stage(path, moved, settings, moments)) as stage:
        for at, step in sorted(stage.steps(script), key=lambda timed: timed[0]):
            moved.at = at
            step()


class ScriptMoments:
    """Reads the script's moments: aware UTC times that depend on what now is.

    `-9d 10:15` is a local time nine working days before today, whether or not today is one;
    `+2h` is a distance from now.
    """

    def __init__(self, now: datetime, zone: tzinfo, hours: Hours) -> None:
        self._now = now
        self._zone = zone
        self._hours = hours

    def read(self, words: str) -> datetime:
        """The moment meant.

        Raises:
            ValueError: it is anything else.
        """
        if found := _WORKING_DAY.fullmatch(words):
            return self._working_day(int(found[1]), time.fromisoformat(found[2]))
        if found := _DISTANCE.fullmatch(words):
            unit = timedelta(minutes=1) if found[2] == "min" else timedelta(hours=1)
            return self._now + int(found[1]) * unit
        raise ValueError(f"{words!r} is no moment of the demo; write -9d 10:15 or +2h")

    def deadline(self, words: str) -> datetime:
        """The moment as somebody would have set it: on the half hour."""
        at = self.read(words)
        return at - (at - datetime.min.replace(tzinfo=UTC)) % _HALF_HOUR

    def _working_day(self, count: int, at: time) -> datetime:
        day = self._now.astimezone(self._zone).date()
        onwards = timedelta(days=1 if count > 0 else -1)
        for _ in range(abs(count)):
            day += onwards
            while not self._hours.open_on(day):
                day += onwards
        return datetime.combine(day, at, self._zone).astimezone(UTC)


class _Stage:
    """The desk on which the script is played, and what the script's names stand for."""

    def __init__(self, path: str, clock: Clock, settings: Settings, moments: ScriptMoments) -> None:
        self._moments = moments
        deadlines = Deadlines(settings.hours, starter())
        self._desk = Desk(path, clock, deadlines, actor=settings.name)
        self._reader = Reader(path)

    def close(self) -> None:
        self._reader.close()
        self._desk.close()

    def steps(self, script: Entry) -> Iterator[tuple[datetime, Step]]:
        """Every step of the script with its moment, each request's in their order."""
        for entry in script["department"]:
            yield datetime(1970, 1, 1, tzinfo=UTC), partial(self._department, entry)
        for entry in script["customer"]:
            yield self._moments.read(entry["since"]), partial(self._customer, entry)
        for entry in script["reminder"]:
            yield self._moments.read(entry["at"]), partial(self._reminder, entry)
        for entry in script["request"]:
            yield from self._request(entry)

    def _request(self, entry: Entry) -> Iterator[tuple[datetime, Step]]:
        numbers: list[int] = []
        yield self._moments.read(entry["came"]), partial(self._take_down, entry, numbers)
        for step in entry.get("then", ()):
            yield self._moments.read(step["at"]), partial(self._carry_on, step, numbers)

    def _take_down(self, entry: Entry, numbers: list[int]) -> None:
        numbers.extend(self._desk.do(_capture(entry)).numbers)

    def _carry_on(self, step: Entry, numbers: list[int]) -> None:
        self._desk.do(self._draft(step, numbers[0]), numbers)

    def _draft(self, step: Entry, number: int) -> drafts.Draft:
        text = step.get("text", "")
        draft: drafts.Draft
        match step["do"]:
            case "triage":
                priority = Priority(step["priority"]) if "priority" in step else None
                draft = drafts.Triage(priority=priority, due_at=self._deadline(step, "due"))
            case "forward":
                to = departments.department(self._reader, step["to"]).id
                draft = drafts.ForwardDraft(to, text, self._deadline(step, "due"))
            case "log":
                draft = drafts.LogAnswer(text, self._forward(step, number))
            case "wrote":
                draft = drafts.CustomerWrote(text)
            case "answer":
                draft = drafts.Answer(
                    text,
                    check_back_at=self._deadline(step, "check"),
                    still_working=step.get("still", False),
                    next_update_at=self._deadline(step, "due"),
                    resolve_as=Resolution(step["as"]) if "as" in step else None,
                )
            case "chase":
                draft = drafts.Chase()
            case "escalate":
                draft = drafts.Escalate(step["to"], text)
            case "note":
                draft = drafts.Note(text)
            case "resolve":
                draft = drafts.Resolve(Resolution(step["as"]), text, withdraw_forwards=True)
            case _:
                draft = self._dated(step, text)
        return draft

    def _dated(self, step: Entry, text: str) -> drafts.Draft:
        what = step["do"]
        if what not in _DATED:
            raise ValueError(f"{what!r} is no step of the demo")
        draft, name = _DATED[what]
        return draft(self._moments.deadline(step[name]), text)

    def _deadline(self, step: Entry, name: str) -> datetime | None:
        return self._moments.deadline(step[name]) if name in step else None

    def _forward(self, step: Entry, number: int) -> int | None:
        """The forward to the department that answers, where the step says which it is."""
        for forward in requests.request(self._reader, number).open_forwards:
            if forward.department == step.get("of"):
                return forward.id
        return None

    def _department(self, entry: Entry) -> None:
        id = departments.department(self._reader, entry["name"]).id
        self._desk.do(
            drafts.EditDepartment(
                id, contact=entry["contact"], deputy=entry.get("deputy"), lead=entry.get("lead")
            )
        )

    def _customer(self, entry: Entry) -> None:
        addresses = (
            drafts.AddressDraft(kind, entry[kind]) for kind in AddressKind if kind in entry
        )
        self._desk.do(
            drafts.EditCustomer(
                name=entry["name"],
                organisation=entry["organisation"],
                prefers=Channel(entry["prefers"]),
                preferences=entry.get("preferences"),
                vip=entry.get("vip", False),
                notes=entry.get("notes"),
                rhythm=rhythm(entry["every"]) if "every" in entry else None,
                addresses=tuple(addresses),
            )
        )

    def _reminder(self, entry: Entry) -> None:
        who = customers.find(self._reader, entry["customer"]).id if "customer" in entry else None
        at = self._moments.deadline(entry["for"])
        every = rhythm(entry["every"]) if "every" in entry else ""
        self._desk.do(drafts.Remind(at, entry["text"], who, every))


def _capture(entry: Entry) -> drafts.Capture:
    return drafts.Capture(
        entry["subject"],
        entry["text"],
        customer=drafts.CustomerName(entry["from"]) if "from" in entry else None,
        kind=Kind(entry["kind"]) if "kind" in entry else None,
        channel=Channel(entry["by"]),
        priority=Priority(entry["priority"]) if "priority" in entry else None,
        tags=tuple(entry.get("tags", ())),
    )
