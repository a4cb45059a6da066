"""What the store says after the replay of a helpdesk: how long each resource took, how often late.

All of it is read from the store, in plain SQL; nothing comes from the log.
"""

from __future__ import annotations

import statistics
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter
from typing import NamedTuple

from rich.table import Table
from rich.text import Text

from poc_tui.rules.service.business_time import elapsed
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.levels import Facts
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.service.turns import Turn, spent_time
from poc_tui.rules.text import safe
from poc_tui.store.queries.reader import Reader, moment

_LAST_ASKED = """
    SELECT d.name FROM activity a JOIN department d ON d.id = a.department_id
    WHERE a.request_id = r.id AND a.event = 'forwarded' AND {condition}
    ORDER BY a.id DESC LIMIT 1"""

_BEFORE_FIRST_ANSWER = """a.id <= coalesce((
    SELECT min(b.id) FROM activity b WHERE b.request_id = r.id AND b.event = 'answered'), a.id)"""

_CASES = f"""
    SELECT r.id, r.subject, r.channel, r.kind, r.priority,
        r.received_at, r.first_answered_at, r.resolved_at,
        ({_LAST_ASKED.format(condition=_BEFORE_FIRST_ANSWER)}),
        ({_LAST_ASKED.format(condition="TRUE")})
    FROM request r ORDER BY r.id"""

_TURNS = """
    SELECT request_id, court, since, until FROM turn
    UNION ALL SELECT id, court, court_since, NULL FROM request WHERE court IS NOT NULL
    ORDER BY 1"""


class Reached(NamedTuple):
    """When a request got its first answer, or its end."""

    by: str | None
    """The department that had been asked last by then."""
    calendar: timedelta | None
    """How long it took; None where it was not reached yet."""
    business: timedelta | None
    """The same in business time."""
    late: bool
    """It came too late, or has not come and is overdue. For the end what counts is the customer's
    clock: how long they waited for us, not how long they had the answer before it was closed."""


class Case(NamedTuple):
    """One request of the log, as the store has it."""

    name: str
    first_answer: Reached
    resolution: Reached
    waited: timedelta
    """The time spent on the customer's clock, business time: it stands still while the move is
    the customer's."""


def cases(reader: Reader, deadlines: Deadlines) -> list[Case]:
    """Every request of the store, in the order in which they came.

    What still waits for its first answer, or for its end, is held against the time of the last
    activity in the store.
    """
    as_of = moment(int(reader.value("SELECT max(at) FROM activity")))
    waited = _waited(reader, deadlines.hours, as_of)
    found: list[Case] = []
    for row in reader.rows(_CASES):
        number, name, *about, first_by, last_by = row
        received, answered, resolved = (moment(at) for at in about[3:])
        facts = Facts(*about[:3])
        first_due = deadlines.first_answer(facts, received).at
        within = deadlines.levels.of(facts).resolution
        waits = waited.get(number, timedelta())
        found.append(
            Case(
                name,
                _reached(
                    first_by,
                    deadlines.hours,
                    received,
                    answered,
                    (as_of if answered is None else answered) > first_due,
                ),
                _reached(
                    last_by,
                    deadlines.hours,
                    received,
                    resolved,
                    within is not None and waits > within,
                ),
                waits,
            )
        )
    return found


def _reached(
    by: str | None, hours: Hours, since: datetime, until: datetime | None, late: bool
) -> Reached:
    if until is None:
        return Reached(by, None, None, late)
    return Reached(by, until - since, elapsed(hours, since, until), late)


def _waited(reader: Reader, hours: Hours, as_of: datetime) -> dict[int, timedelta]:
    """The time spent on the customer's clock of each request; none whose clock never ran."""
    return {
        number: spent_time(
            hours,
            [Turn(court, moment(since), moment(until)) for _, court, since, until in turns],
            as_of,
        ).ours
        for number, turns in groupby(reader.rows(_TURNS), key=itemgetter(0))
    }


class Milestone(NamedTuple):
    """What a table is about, and the times that it shows of each case."""

    title: str
    of: Callable[[Case], Reached]
    times: Mapping[str, Callable[[Case], timedelta | None]]


FIRST_ANSWER = Milestone(
    "First answer, in hours, by who gave it",
    lambda case: case.first_answer,
    {
        "business": lambda case: case.first_answer.business,
        "calendar": lambda case: case.first_answer.calendar,
    },
)
END = Milestone(
    "Resolution, in hours, by who had it last",
    lambda case: case.resolution,
    {
        "business": lambda case: case.resolution.business,
        "calendar": lambda case: case.resolution.calendar,
        "their clock": lambda case: None if case.resolution.business is None else case.waited,
    },
)


class Spread(NamedTuple):
    """The middle of some times, and what nine of ten stay below."""

    median: timedelta
    ninetieth: timedelta


class Line(NamedTuple):
    """What is said of one resource."""

    resource: str
    cases: int
    pending: int
    """How many of them have not come so far; they are in no spread."""
    spreads: tuple[Spread | None, ...]
    """One for each of the milestone's times; None where nothing has come so far."""
    late: float
    """A share of all its cases, 0 to 1."""


def lines(cases: Sequence[Case], milestone: Milestone) -> list[Line]:
    """A line for each resource, the busiest first, and one for all together."""
    of_resource: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        of_resource[milestone.of(case).by or "nobody"].append(case)
    found = [_line(name, own, milestone) for name, own in of_resource.items()]
    found.sort(key=lambda line: (-line.cases, line.resource))
    return [*found, _line("all", cases, milestone)]


def _line(resource: str, cases: Sequence[Case], milestone: Milestone) -> Line:
    reached = [milestone.of(case) for case in cases]
    return Line(
        resource,
        len(cases),
        sum(one.calendar is None for one in reached),
        tuple(
            _spread([took for case in cases if (took := time(case)) is not None])
            for time in milestone.times.values()
        ),
        sum(one.late for one in reached) / len(cases),
    )


def _spread(times: Sequence[timedelta]) -> Spread | None:
    """Between two times the ninetieth percentile lies on the line from one to the other."""
    if not times:
        return None
    seconds = [took.total_seconds() for took in times]
    # One time alone is its own percentile, which `quantiles` refuses to say.
    at_least_two = seconds * 2 if len(seconds) == 1 else seconds
    ninetieth = statistics.quantiles(at_least_two, n=10, method="inclusive")[-1]
    return Spread(timedelta(seconds=statistics.median(seconds)), timedelta(seconds=ninetieth))


def table(cases: Sequence[Case], milestone: Milestone) -> Table:
    """The lines as a table."""
    shown = Table(title=milestone.title, title_justify="left", pad_edge=False)
    shown.add_column("resource")
    for heading in ("cases", "pending"):
        shown.add_column(heading, justify="right")
    for name in milestone.times:
        for part in ("median", "90 %"):
            shown.add_column(f"{name}\n{part}", justify="right")
    shown.add_column("late", justify="right")
    *resources, together = lines(cases, milestone)
    for line in resources:
        shown.add_row(*_cells(line))
    shown.add_section()
    shown.add_row(*_cells(together))
    return shown


def _cells(line: Line) -> list[Text]:
    hours = [
        "-" if span is None else f"{span / timedelta(hours=1):,.1f}"
        for spread in line.spreads
        for span in spread or (None, None)
    ]
    cells = (line.resource, f"{line.cases:,}", f"{line.pending:,}", *hours, f"{line.late:.0%}")
    return [Text(safe(cell)) for cell in cells]


def verbs(replayed: Mapping[tuple[str, str], int]) -> Table:
    """How many entries of each activity became which verbs."""
    shown = Table(title="What the entries became", title_justify="left", pad_edge=False)
    shown.add_column("activity")
    shown.add_column("verbs of the desk")
    for activity, pairs in groupby(sorted(replayed), key=itemgetter(0)):
        counted = ", ".join(f"{verb} {replayed[activity, verb]:,}" for _, verb in pairs)
        shown.add_row(Text(safe(activity)), Text(counted))
    return shown
