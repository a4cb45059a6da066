"""Four years of a real helpdesk, through the desk's verbs, held against its own log.

What the bench reads from the store is worked out here once more from the lines of the log alone,
without the desk and without its business time.
"""

from __future__ import annotations

import csv
import os
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import closing
from datetime import datetime, timedelta
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

import pytest

from bench import helpdesk
from bench.helpdesk_report import END, FIRST_ANSWER, Case, Line, Reached, Spread, cases, lines
from poc_tui.store.queries.reader import Reader, moment

pytestmark = pytest.mark.proof

ALL = os.environ.get("POC_REPLAY_ALL") == "1"
"""Replay every ticket, which takes minutes; else each fortieth, and every one that is unusual."""

FIRST_ANSWER_WITHIN = 8 * 3600
RESOLVED_WITHIN = 40 * 3600
"""Seconds of business time."""

TELLS_THE_CUSTOMER = {"Wait", "Resolve ticket", "Schedule intervention"}
WORKS = TELLS_THE_CUSTOMER | {
    "Take in charge ticket",
    "Require upgrade",
    "Create SW anomaly",
    "Resolve SW anomaly",
}
MAIN_VERBS = {
    "Insert ticket": {"Note"},
    "Assign seriousness": {"Triage"},
    "Take in charge ticket": {"ForwardDraft", "Note"},
    "Require upgrade": {"Note"},
    "Create SW anomaly": {"Note"},
    "Resolve SW anomaly": {"Note"},
    "Schedule intervention": {"Answer"},
    "Wait": {"Answer"},
    "Resolve ticket": {"Answer"},
    "Closed": {"Resolve", "Note"},
    "RESOLVED": {"Note"},
    "INVALID": {"Note"},
    "VERIFIED": {"Note"},
    "DUPLICATE": {"Note"},
}
"""Each line of the log becomes exactly one of these, beside what prepares it."""

ORDINARY = (
    "Insert ticket",
    "Assign seriousness",
    "Take in charge ticket",
    "Wait",
    "Resolve ticket",
)

needs_the_log = pytest.mark.skipif(not helpdesk.LOG.is_file(), reason=helpdesk.ABSENT)


class LogLine(NamedTuple):
    """A line of the file."""

    activity: str
    resource: str
    at: datetime


Tickets = Mapping[str, Sequence[LogLine]]


class Replayed(NamedTuple):
    """The tickets that were replayed, the store they are in, and what the bench counted."""

    tickets: Tickets
    reader: Reader
    verbs: helpdesk.Replayed


@pytest.fixture(scope="module")
def replayed(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Replayed]:
    """The replay, once for all tests."""
    tickets = _tickets()
    if not ALL:
        tickets = {
            name: ticket
            for index, (name, ticket) in enumerate(tickets.items())
            if index % 40 == 0 or _is_unusual(ticket)
        }
    store = str(tmp_path_factory.mktemp("helpdesk") / "poc.sqlite3")
    log = [entry for entry in helpdesk.entries(helpdesk.LOG) if entry.ticket in tickets]
    verbs = helpdesk.replay(log, store)
    with closing(Reader(store)) as reader:
        yield Replayed(tickets, reader, verbs)


def _tickets() -> Tickets:
    """The lines of each ticket, as they stand in the file."""
    found: dict[str, list[LogLine]] = defaultdict(list)
    with helpdesk.LOG.open(newline="", encoding="utf-8") as file:
        for row in csv.reader(file):
            if row[0] != "concept:name":
                at = datetime.strptime(row[3], "%Y-%m-%d %H:%M:%S%z")
                found[row[6]].append(LogLine(row[0], row[2], at))
    return found


def _is_unusual(ticket: Sequence[LogLine]) -> bool:
    """Something else happens than being sorted, worked on, answered and closed once at the end."""
    *before, last = (line.activity for line in ticket)
    return last != "Closed" or not set(before) <= set(ORDINARY)


@needs_the_log
def test_every_ticket_took_as_long_as_its_lines_say(replayed: Replayed) -> None:
    found = {case.name: case for case in cases(replayed.reader, helpdesk.deadlines())}
    as_of = max(line.at for ticket in replayed.tickets.values() for line in ticket)
    assert found.keys() == replayed.tickets.keys()
    for name, ticket in replayed.tickets.items():
        assert found[name] == _expected(name, ticket, as_of)


@needs_the_log
def test_every_line_is_on_the_timeline_of_its_ticket_at_its_time_by_its_resource(
    replayed: Replayed,
) -> None:
    stored = replayed.reader.rows(
        "SELECT DISTINCT r.subject, a.at, a.actor FROM activity a JOIN request r"
        " ON r.id = a.request_id"
    )
    assert {(name, moment(int(at)), actor) for name, at, actor in stored} == {
        (name, line.at, line.resource)
        for name, ticket in replayed.tickets.items()
        for line in ticket
    }


@needs_the_log
def test_no_line_is_dropped(replayed: Replayed) -> None:
    written = Counter(line.activity for ticket in replayed.tickets.values() for line in ticket)
    assert written == Counter(
        {
            activity: sum(replayed.verbs[activity, verb] for verb in verbs)
            for activity, verbs in MAIN_VERBS.items()
        }
    )
    captured = sum(count for (_, verb), count in replayed.verbs.items() if verb == "Capture")
    assert captured == len(replayed.tickets)


@needs_the_log
def test_the_figures_of_a_resource_are_those_of_its_tickets(replayed: Replayed) -> None:
    as_of = max(line.at for ticket in replayed.tickets.values() for line in ticket)
    expected = [_expected(name, ticket, as_of) for name, ticket in replayed.tickets.items()]
    found = cases(replayed.reader, helpdesk.deadlines())
    for milestone in (FIRST_ANSWER, END):
        *resources, together = lines(found, milestone)
        assert len(resources) > 10
        assert sum(line.cases for line in resources) == together.cases == len(expected)
        for line in resources:
            own = [case for case in expected if milestone.of(case).by == line.resource]
            _check_line(line, own, [milestone.of(case) for case in own])


def _check_line(line: Line, own: Sequence[Case], reached: Sequence[Reached]) -> None:
    done = [one for one in reached if one.calendar is not None]
    assert (line.cases, line.pending) == (len(own), len(own) - len(done))
    assert line.late == pytest.approx(sum(one.late for one in reached) / len(own))
    times = [[one.business for one in done], [one.calendar for one in done]]
    if len(line.spreads) == 3:
        times.append([case.waited for case in own if case.resolution.calendar is not None])
    for spread, taken in zip(line.spreads, times, strict=True):
        sorted_times = sorted(one for one in taken if one is not None)
        assert spread == (
            Spread(_at_share(sorted_times, 0.5), _at_share(sorted_times, 0.9)) if done else None
        )


def _at_share(times: Sequence[timedelta], share: float) -> timedelta:
    """The time that so many stay below, on the line between its two neighbours."""
    below, rest = divmod(share * (len(times) - 1), 1)
    following = times[min(int(below) + 1, len(times) - 1)]
    return times[int(below)] + (following - times[int(below)]) * rest


def _expected(name: str, ticket: Sequence[LogLine], as_of: datetime) -> Case:
    """What the lines of a ticket say, if one goes through them with a finger."""
    received, answered, closed = ticket[0].at, None, None
    waited, waits_since, first_by, last_by = 0, received, None, None
    is_our_move = True
    for line in ticket:
        if line.activity in WORKS:
            last_by, closed = line.resource, None
        if line.activity in TELLS_THE_CUSTOMER and answered is None:
            answered, first_by = line.at, last_by
        if line.activity == "Closed" and closed is None:
            closed = line.at
        if line.activity in {"Wait", "Resolve ticket", "Closed"}:
            if is_our_move:
                waited += _worked(line.at) - _worked(waits_since)
            is_our_move = False
        elif line.activity in WORKS and not is_our_move:
            is_our_move, waits_since = True, line.at
    if is_our_move:
        waited += _worked(as_of) - _worked(waits_since)
    # Late is who still had not answered in the last second before, with all the time used up.
    second_before = (answered or as_of) - timedelta(seconds=1)
    first_late = _worked(second_before) - _worked(received) >= FIRST_ANSWER_WITHIN
    return Case(
        name,
        _reached(first_by or last_by, received, answered, first_late),
        _reached(last_by, received, closed, waited > RESOLVED_WITHIN),
        timedelta(seconds=waited),
    )


def _reached(by: str | None, since: datetime, until: datetime | None, late: bool) -> Reached:
    if until is None:
        return Reached(by, None, None, late)
    return Reached(by, until - since, timedelta(seconds=_worked(until) - _worked(since)), late)


def _worked(at: datetime) -> int:
    """Seconds of business time since a Monday before the log begins: whole weeks have five days
    of eight hours, whole days eight hours, and the day itself what is past nine o'clock in Rome."""
    local = at.astimezone(ZoneInfo("Europe/Rome")).replace(tzinfo=None)
    since = local - datetime(2010, 1, 4)  # noqa: DTZ001 - wall time; the clocks change at night
    weeks, weekday = divmod(since.days, 7)
    today = min(max(since.seconds - 9 * 3600, 0), 8 * 3600) if weekday < 5 else 0
    return (5 * weeks + min(weekday, 5)) * 8 * 3600 + today


def _written(path: Path, *written: tuple[str, str, str]) -> Path:
    """A log of one ticket, in the form of the real one."""
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(("case:concept:name", "Activity", "Resource", "time:timestamp"))
        writer.writerows(("Case1", *line) for line in written)
    return path


def _hours(count: int) -> timedelta:
    return timedelta(hours=count)


def test_a_ticket_over_the_change_of_the_clocks_worked_out_by_hand(tmp_path: Path) -> None:
    """The clocks go forward in the night to Sunday, 31 March 2013: Friday is UTC+1, Monday UTC+2.

    Business time from Friday 16:00 is one hour on Friday; until Tuesday 10:00 it is 1 + 8 + 1 = 10
    hours; the answer was due after 8, on Monday at 16:00. The customer is to move from then to
    Wednesday 9:00, when the ticket is handed on; the last answer comes at 11:00. So their clock
    has run 10 + 2 = 12 hours when it is closed, two weeks later, at Wednesday 11:00.
    """
    log = _written(
        tmp_path / "log.csv",
        ("Assign seriousness", "Value 1", "2013-03-29 15:00:00+00:00"),
        ("Take in charge ticket", "Value 2", "2013-04-01 07:00:00+00:00"),
        ("Wait", "Value 2", "2013-04-02 08:00:00+00:00"),
        ("Take in charge ticket", "Value 3", "2013-04-03 07:00:00+00:00"),
        ("Resolve ticket", "Value 3", "2013-04-03 09:00:00+00:00"),
        ("Closed", "Value 5", "2013-04-17 09:00:00+00:00"),
    )
    store = str(tmp_path / "poc.sqlite3")
    helpdesk.replay(helpdesk.entries(log), store)
    with closing(Reader(store)) as reader:
        assert cases(reader, helpdesk.deadlines()) == [
            Case(
                "Case1",
                Reached("Value 2", _hours(4 * 24 - 7), _hours(10), late=True),
                Reached("Value 3", _hours(19 * 24 - 6), _hours(1 + 12 * 8 + 2), late=False),
                waited=_hours(12),
            )
        ]


def test_an_activity_that_means_nothing_here_is_refused(tmp_path: Path) -> None:
    log = _written(tmp_path / "log.csv", ("Nod", "Value 1", "2013-03-29 15:00:00+00:00"))
    with pytest.raises(ValueError, match="Nod"):
        helpdesk.entries(log)
