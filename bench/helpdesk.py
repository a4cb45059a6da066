"""Replays four years of a real helpdesk through the desk's verbs: `python -m bench.helpdesk`.

The log is the event log of an Italian software company's helpdesk: 4,580 tickets, 21,348 events,
13 January 2010 to 3 January 2014, one line an event with its ticket, activity, resource and time.
Its events are carried out in the order of their time across all tickets, with the clock set to
each. Every resource becomes a department, and works at a desk of its own over the one store, so
that every activity says who did it.

What the activities mean here:

- The first event of a ticket is its arrival: the request is captured at that time. The log has no
  customers and no channels; a request comes by e-mail, from nobody in particular.
- "Assign seriousness" triages. "Take in charge ticket" forwards to the resource's department.
- "Wait" asks the customer something: the department's words are logged, the customer is answered,
  the move is the customer's. "Resolve ticket" is the same with the solution.
- "Schedule intervention" is an interim word, for nobody makes an appointment without the customer.
- "Insert ticket", "Require upgrade", "Create SW anomaly" and "Resolve SW anomaly" are notes on
  work inside. "RESOLVED", "INVALID", "VERIFIED" and "DUPLICATE" are states of an entry in a bug
  tracker, not of the ticket: notes that move nothing.
- "Closed" resolves. It nearly always comes 15 days or more after the last "Resolve ticket", by one
  of two resources that do little else: the customer had that long to object. So the time to
  resolution is long by the calendar; what the customer waited for is what their own clock says,
  which stands still meanwhile. A ticket that is closed again while closed gets a note.
- A ticket lies with one resource. When another takes it up, asks, answers or works on it, the
  answer of the first is logged as handed on, and the ticket is forwarded to the other. Whatever
  but a note happens to a closed ticket reopens it first.
"""

from __future__ import annotations

import argparse
import csv
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import Enum, auto
from pathlib import Path
from typing import NamedTuple
from zoneinfo import ZoneInfo

from rich.console import Console

from bench import helpdesk_report as report
from poc_tui.models.values import Channel, Resolution
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.time_source import FixedClock
from poc_tui.settings.levels_file import starter
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.migrations import migrate
from poc_tui.store.queries.reader import Reader

LOG = Path(__file__).parents[2] / "shared/corpora/helpdesk/helpdesk.csv"
ABSENT = f"the log lies beside the repository, in ../{Path(*LOG.parts[-4:-1])}, or nowhere"

ZONE = ZoneInfo("Europe/Rome")
"""The company is Italian, and the log agrees: its lunch is at 12:00 UTC in winter and at 11:00 UTC
in summer."""


class Entry(NamedTuple):
    """One line of the log; `at` is aware UTC, of whole seconds."""

    ticket: str
    activity: str
    resource: str
    at: datetime


class Meaning(Enum):
    """What an activity of the log comes to at our desk."""

    REMARK = auto()
    """A note that moves nothing."""
    TRIAGE = auto()
    TAKEN = auto()
    WORK = auto()
    """A note of the resource that has the ticket."""
    INTERIM = auto()
    ANSWER = auto()
    END = auto()


MEANINGS = {
    "Insert ticket": Meaning.REMARK,
    "Assign seriousness": Meaning.TRIAGE,
    "Take in charge ticket": Meaning.TAKEN,
    "Require upgrade": Meaning.WORK,
    "Create SW anomaly": Meaning.WORK,
    "Resolve SW anomaly": Meaning.WORK,
    "Schedule intervention": Meaning.INTERIM,
    "Wait": Meaning.ANSWER,
    "Resolve ticket": Meaning.ANSWER,
    "Closed": Meaning.END,
    "RESOLVED": Meaning.REMARK,
    "INVALID": Meaning.REMARK,
    "VERIFIED": Meaning.REMARK,
    "DUPLICATE": Meaning.REMARK,
}

Replayed = Counter[tuple[str, str]]
"""How often an activity of the log became which verb."""


def entries(log: Path) -> list[Entry]:
    """The log in the order of its time; lines of one second stay as they stand.

    Raises ValueError if an activity has no meaning here: nothing is dropped in silence.
    """
    with log.open(newline="", encoding="utf-8") as file:
        lines = [
            Entry(
                line["case:concept:name"],
                line["Activity"],
                line["Resource"],
                datetime.fromisoformat(line["time:timestamp"]).astimezone(UTC),
            )
            for line in csv.DictReader(file)
        ]
    if unknown := {line.activity for line in lines} - MEANINGS.keys():
        raise ValueError(f"say in MEANINGS what these activities mean: {sorted(unknown)}")
    return sorted(lines, key=lambda line: line.at)


def each_nth(log: Sequence[Entry], every: int) -> list[Entry]:
    """Each so many-th ticket of the log, counted as they arrive."""
    chosen = set(list(dict.fromkeys(entry.ticket for entry in log))[::every])
    return [entry for entry in log if entry.ticket in chosen]


def deadlines() -> Deadlines:
    """What the desk promises as it ships, in business time that passes from Monday to Friday, nine
    to five, without holidays: nobody knows which days the company took off."""
    return Deadlines(Hours.standard(ZONE), starter())


def replay(log: Sequence[Entry], store: str) -> Replayed:
    """Carry out every entry (in the order of their time, at least one) on a new store.

    Returns how many entries of each activity became which verb, not counting the departments.
    """
    clock, promised = FixedClock(log[0].at, ZONE), deadlines()
    migrate.ensure(store, clock)
    with ExitStack() as stack:
        desks = {
            resource: stack.enter_context(closing(Desk(store, clock, promised, actor=resource)))
            for resource in dict.fromkeys(entry.resource for entry in log)
        }
        player = _Player(desks, _departments(desks, store))
        for entry in log:
            clock.at = entry.at
            player.play(entry)
    return player.replayed


def _departments(desks: dict[str, Desk], store: str) -> dict[str, int]:
    """Make a department of each resource; gives its id by its name."""
    for resource, desk in desks.items():
        desk.do(drafts.EditDepartment(name=resource))
    with closing(Reader(store)) as reader:
        return dict(reader.rows("SELECT name, id FROM department"))


@dataclass(slots=True)
class _Ticket:
    """What must be known of a request to carry out the next entry on it."""

    number: int
    with_resource: str | None = None
    """Whose department was asked and has not answered."""
    is_closed: bool = False


class _Player:
    """Turns entries into verbs, and counts them."""

    def __init__(self, desks: dict[str, Desk], departments: dict[str, int]) -> None:
        self.replayed: Replayed = Counter()
        self._desks = desks
        self._departments = departments
        self._tickets: dict[str, _Ticket] = {}

    def play(self, entry: Entry) -> None:
        """Carry the entry out; at least one verb."""
        ticket = self._tickets.get(entry.ticket)
        if ticket is None:
            arrival = drafts.Capture(entry.ticket, channel=Channel.EMAIL)
            (number,) = self._do(entry, arrival)
            ticket = self._tickets[entry.ticket] = _Ticket(number)
        for draft in self._drafts(entry, ticket):
            self._do(entry, draft, ticket.number)

    def _do(self, entry: Entry, draft: drafts.Draft, *numbers: int) -> tuple[int, ...]:
        done = self._desks[entry.resource].do(draft, numbers)
        self.replayed[entry.activity, type(draft).__name__] += 1
        return done.numbers

    def _drafts(self, entry: Entry, ticket: _Ticket) -> Iterator[drafts.RequestDraft]:
        meaning = MEANINGS[entry.activity]
        if meaning is Meaning.REMARK or (meaning is Meaning.END and ticket.is_closed):
            yield drafts.Note(entry.activity)
            return
        if ticket.is_closed:
            ticket.is_closed = False
            yield drafts.Reopen(entry.activity)
        match meaning:
            case Meaning.TRIAGE:
                yield drafts.Triage()
            case Meaning.END:
                yield drafts.Resolve(
                    Resolution.SOLVED, withdraw_forwards=ticket.with_resource is not None
                )
                ticket.with_resource, ticket.is_closed = None, True
            case _:
                yield from self._at_work(entry, ticket, meaning)

    def _at_work(
        self, entry: Entry, ticket: _Ticket, meaning: Meaning
    ) -> Iterator[drafts.RequestDraft]:
        """What the resource does with a ticket that it has, or now gets."""
        had = ticket.with_resource == entry.resource
        if not had:
            yield from self._hand_on(entry, ticket)
        match meaning:
            case Meaning.WORK:
                yield drafts.Note(entry.activity)
            case Meaning.TAKEN if had:
                yield drafts.Note(entry.activity)
            case Meaning.INTERIM:
                yield drafts.Answer(entry.activity, still_working=True)
            case Meaning.ANSWER:
                yield drafts.LogAnswer(entry.activity)
                yield drafts.Answer(entry.activity)
                ticket.with_resource = None

    def _hand_on(self, entry: Entry, ticket: _Ticket) -> Iterator[drafts.RequestDraft]:
        if ticket.with_resource is not None:
            yield drafts.LogAnswer(f"handed on to {entry.resource}")
        yield drafts.ForwardDraft(self._departments[entry.resource], entry.activity)
        ticket.with_resource = entry.resource


def main() -> None:
    """Replay the log and print what the store then says."""
    parser = _parser()
    given = parser.parse_args()
    if given.every < 1:
        parser.error("--every counts from 1, which is all tickets")
    if given.keep is not None and given.keep.exists():
        parser.error(f"{given.keep} exists already; name a new file")
    if not LOG.is_file():
        sys.exit(ABSENT)
    log = each_nth(entries(LOG), given.every)
    with tempfile.TemporaryDirectory(prefix="poc-bench-") as folder:
        store = str(given.keep or Path(folder, "helpdesk.sqlite3"))
        with Console(stderr=True).status(f"replaying {len(log):,} entries"):
            started = time.perf_counter()
            replayed = replay(log, store)
            seconds = time.perf_counter() - started
        with closing(Reader(store)) as reader:
            cases = report.cases(reader, deadlines())
    console = Console(width=None if Console().is_terminal else 120)
    for table in (
        report.verbs(replayed),
        report.table(cases, report.FIRST_ANSWER),
        report.table(cases, report.END),
    ):
        console.print(table)
        console.print()
    verbs = replayed.total()
    console.print(
        f"{len(cases):,} cases, {len(log):,} entries, {verbs:,} verbs"
        f" in {seconds:.0f} s: {verbs / seconds:.0f} verbs a second"
    )


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m bench.helpdesk",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--every", type=int, default=1, help="only each so many-th ticket")
    parser.add_argument("--keep", type=Path, help="keep the store at this path, a new file")
    return parser


if __name__ == "__main__":
    main()
