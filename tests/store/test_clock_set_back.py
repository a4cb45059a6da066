"""The timeline of a request stays in order, whoever writes to it at once and whatever clocks say.

`POC_ACTIONS=1600 pytest tests/store/test_clock_set_back.py` has eight processes do so many
steps at once instead of a few.
"""

from __future__ import annotations

import multiprocessing
import os
import random
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, suppress
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from poc_tui.errors import NotFound, Refused, StoreBusy
from poc_tui.models.values import Resolution
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.time_source import FixedClock, SystemClock
from poc_tui.settings.levels_file import starter
from poc_tui.store import drafts, outbox
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries import requests
from poc_tui.store.queries.reader import Reader
from tests.helpers import standing

BERLIN = ZoneInfo("Europe/Berlin")
ACTIONS = int(os.environ.get("POC_ACTIONS", "160"))
REQUESTS = 5

ORDERED = {
    "what was done to a request is on its timeline in the order of the clock": """
        SELECT a.id FROM activity a JOIN activity b ON b.request_id = a.request_id AND b.id < a.id
        WHERE b.at > a.at""",
    "nothing was done to a request before it came": """
        SELECT a.id FROM activity a JOIN request r ON r.id = a.request_id
        WHERE a.at < r.received_at""",
    "turns and the present one cover the time without a gap": """
        SELECT t.id FROM turn t WHERE NOT EXISTS (SELECT 1 FROM turn n
        WHERE n.request_id = t.request_id AND n.since = t.until)
        AND NOT EXISTS (SELECT 1 FROM request r WHERE r.id = t.request_id
        AND (r.court_since = t.until OR r.resolved_at = t.until))
        AND NOT EXISTS (SELECT 1 FROM activity a WHERE a.request_id = t.request_id
        AND a.event = 'resolved' AND a.at = t.until)""",
}
"""What holds besides `STANDING` where every activity was made by a person at a desk."""


class SteppingClock(SystemClock):
    """A clock that is set back, and forward again, by up to ten seconds now and then."""

    def __init__(self, chance: random.Random) -> None:
        super().__init__(BERLIN)
        self._chance = chance
        self._off = timedelta(0)

    def now(self) -> datetime:
        if self._chance.random() < 0.2:
            self._off = -timedelta(seconds=self._chance.randint(0, 10))
        return super().now() + self._off


def act(desk: Desk, chance: random.Random) -> None:
    """One step of a person at a desk, which may make no sense by now."""
    draft: drafts.Draft
    match chance.randint(0, 9):
        case 0:
            desk.undo()
            return
        case 1:
            desk.redo()
            return
        case 2:
            draft = drafts.ForwardDraft(chance.randint(1, 3), "how many?")
        case 3:
            draft = drafts.LogAnswer("ten")
        case 4:
            draft = drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True, reminders_done=True)
        case 5:
            draft = drafts.Reopen("again")
        case 6:
            draft = drafts.CustomerWrote("well?")
        case 7:
            draft = drafts.Triage()
        case _:
            draft = drafts.Answer("soon", still_working=chance.random() < 0.5)
    numbers = chance.sample(range(1, REQUESTS + 1), k=chance.choice((1, 1, 2)))
    desk.do(draft, numbers)


def work(path: str, seed: int, actions: int) -> None:
    """One desk among several, in a process of its own."""
    chance = random.Random(seed)
    deadlines = Deadlines(Hours.standard(BERLIN), starter())
    with closing(Desk(path, SteppingClock(chance), deadlines, actor=f"desk {seed}")) as desk:
        done = 0
        while done < actions:
            # Busy: nobody rests here, so one may well wait too long; then it tries again.
            with suppress(Refused, NotFound, StoreBusy):
                act(desk, chance)
                done += 1


def broken(path: str) -> list[str]:
    with closing(connect(path)) as connection:
        found = [
            f"{sentence}; not so: {rows}"
            for sentence, sql in ORDERED.items()
            if (rows := connection.execute(sql).fetchall())
        ]
        return found + standing.broken_now(connection)


@pytest.mark.proof
def test_of_many_at_once_whose_clocks_are_set_back_the_timelines_stay_in_order(
    path: str, desk: Desk
) -> None:
    for number in range(REQUESTS):
        desk.do(drafts.Capture(f"request {number}"))
    processes = 8 if ACTIONS >= 1600 else 3
    spawn = multiprocessing.get_context("spawn")
    running = [
        spawn.Process(target=work, args=(path, seed, ACTIONS // processes))
        for seed in range(processes)
    ]
    for process in running:
        process.start()
    for process in running:
        process.join()
    assert [process.exitcode for process in running] == [0] * processes
    with closing(connect(path)) as connection:
        assert len(connection.execute("SELECT DISTINCT actor FROM journal").fetchall()) > processes
    assert broken(path) == []


STEPS: dict[str, drafts.Draft] = {
    "triage": drafts.Triage(),
    "forward": drafts.ForwardDraft(1, "how many?"),
    "log": drafts.LogAnswer("ten"),
    "answer": drafts.Answer("ten"),
    "the customer": drafts.CustomerWrote("and now?"),
    "note": drafts.Note("nice"),
    "escalate": drafts.Escalate("management", "late"),
    "stand down": drafts.StandDown(),
    "resolve": drafts.Resolve(Resolution.SOLVED),
    "reopen": drafts.Reopen("not so"),
}


@pytest.mark.parametrize("back", [1, 10, 3600, 100 * 86400], ids=lambda seconds: f"{seconds} s")
def test_a_clock_that_is_set_back_before_every_step_leaves_the_timeline_in_order(
    desk: Desk, path: str, clock: FixedClock, reader: Reader, back: int
) -> None:
    desk.do(drafts.Capture("one"))
    clock.advance(timedelta(minutes=30))
    for draft in STEPS.values():
        desk.do(draft, [1])
        assert broken(path) == []
        clock.advance(timedelta(seconds=-back))
    moments = [activity.at for activity in requests.request(reader, 1).activities]
    assert moments == sorted(moments)
    while "new" not in desk.undo().label:
        assert broken(path) == []


def test_what_is_taken_down_while_the_clock_is_set_back_has_the_time_of_the_clock(
    desk: Desk, clock: FixedClock, reader: Reader
) -> None:
    desk.do(drafts.Capture("one"))
    clock.advance(timedelta(hours=-1))
    desk.do(drafts.Capture("two"))
    first, second = (requests.request(reader, number) for number in (1, 2))
    assert first.received_at - second.received_at == timedelta(hours=1)


def test_an_entry_that_left_the_request_as_it_was_counts_too(
    desk: Desk, path: str, clock: FixedClock, reader: Reader
) -> None:
    desk.do(drafts.Capture("one"))
    clock.advance(timedelta(hours=2))
    desk.do(drafts.Note("as mail leaves one that nobody waits for"), [1])
    with closing(connect(path)) as connection:
        connection.execute("UPDATE request SET touched_at = received_at")
    clock.advance(timedelta(hours=-1))
    desk.do(drafts.Answer("now"), [1])
    moments = [activity.at for activity in requests.request(reader, 1).activities]
    assert moments == sorted(moments)


def test_of_several_requests_each_goes_by_its_own_timeline(
    desk: Desk, clock: FixedClock, reader: Reader
) -> None:
    desk.do(drafts.Capture("one"))
    start = clock.now()
    clock.advance(timedelta(hours=2))
    desk.do(drafts.Capture("two"))
    clock.advance(timedelta(hours=-1))
    desk.do(drafts.Note("both"), [2, 1])
    noted = [requests.request(reader, number).activities[-1].at - start for number in (1, 2)]
    assert noted == [timedelta(hours=1), timedelta(hours=2)]


def test_a_clock_that_is_set_back_by_days_is_said_and_one_by_hours_is_not(
    desk: Desk, clock: FixedClock
) -> None:
    desk.do(drafts.Capture("one"))
    desk.do(drafts.Capture("two"))
    clock.advance(timedelta(hours=-20))
    assert desk.do(drafts.Note("fine"), [1]).remarks == ()
    clock.advance(timedelta(days=-3))
    said = desk.do(drafts.Note("odd"), [1]).remarks
    assert said == (
        "the last entry is of 2026-11-22 13:12, and this computer's clock says 2026-11-19 13:12; "
        "set the clock, and look at the dates of what was done meanwhile",
    )
    assert desk.do(drafts.Note("odd"), [2]).remarks == (
        "#2: the last entry is of 2026-11-23 09:12, and this computer's clock says 2026-11-19"
        " 13:12; set the clock, and look at the dates of what was done meanwhile",
    )


def test_the_clock_is_read_once_the_turn_to_write_has_come(
    path: str, desk: Desk, clock: FixedClock, deadlines: Deadlines, reader: Reader
) -> None:
    """Who waited for another acts after them, whenever they began to wait."""
    desk.do(drafts.Capture("one"))
    with closing(connect(path)) as first, ThreadPoolExecutor(1) as pool:
        first.execute("BEGIN IMMEDIATE")
        waits = pool.submit(desk.do, drafts.Note("second"), [1])
        clock.advance(timedelta(seconds=5))
        first.execute("COMMIT")
        waits.result()
    assert requests.request(reader, 1).activities[-1].at == clock.now()


def test_no_mail_of_ours_goes_out_before_it_was_written(
    desk: Desk, path: str, clock: FixedClock
) -> None:
    desk.do(drafts.Capture("one"))
    desk.do(drafts.Answer("ten"), [1])
    now = int(clock.now().timestamp())
    with closing(connect(path)) as connection:
        connection.execute(
            "INSERT INTO outbox (request_id, activity_id, kind, recipient, subject, text,"
            " message_id, refs, enclosed, queued_at, state)"
            " VALUES (1, 2, 'answer', 'a@b.example', 's', 't', 'm', '[]', '[]', ?, 'sending')",
            (now,),
        )
        outbox.sent(connection, 1, clock.now() - timedelta(seconds=10))
        assert connection.execute("SELECT sent_at FROM outbox").fetchone() == (now,)
