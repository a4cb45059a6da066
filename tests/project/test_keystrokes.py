"""The ten most common jobs take as many keys as README says.

Each row of its table is pressed as it stands there, on the demo desk, and nothing besides: keys
are in code, what a person words themselves is in italics. What must come of each job is here.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from contextlib import closing
from datetime import timedelta
from pathlib import Path
from typing import NamedTuple

import pytest

from poc_tui.app import PocApp
from poc_tui.commands import COMMANDS
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.screens.session import Session
from poc_tui.settings.keymap import resolve
from poc_tui.settings.load import load
from poc_tui.store.queries import queue, requests, views
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import RequestDetail
from tests.helpers.desks import demo_store, fixed_clock, point_at, press, queue_of, until

README = (Path(__file__).parents[2] / "README.md").read_text("utf-8")
SECTION = re.search(r"^## Ten jobs.*?\n(.*?)^## ", README, re.MULTILINE | re.DOTALL)
ROW = re.compile(r"^\| (\w.*?) \| (.*`.*?) \| (\d) \|$", re.MULTILINE)
PIECE = re.compile(r"`(\S+?)`|\*(.+?)\*")
NAMES = {"/": "slash"}
"""Keys that Textual calls otherwise."""

LATER = timedelta(days=1)
"""After the moment of the demo, when several departments are late."""


class Row(NamedTuple):
    """A row of the table: in `pieces` keys and the words between them, of which one is empty."""

    job: str
    pieces: list[tuple[str, str]]
    taken: int


def table() -> list[Row]:
    """Its rows."""
    assert SECTION is not None
    found = ROW.findall(SECTION[1])
    return [Row(job, PIECE.findall(keys), int(count)) for job, keys, count in found]


ROWS = table()


class After(NamedTuple):
    """What a job has left: the request that it was about, the store, what is highlighted now."""

    request: RequestDetail
    reader: Reader
    highlighted: int | None
    words: list[str]

    @property
    def last(self) -> str:
        """The text of the last thing that was done."""
        return self.request.activities[-1].text


def taken_down(after: After) -> bool:
    new = requests.request(after.reader, 1049)
    return new.customer == "Meyer AG" and new.subject in after.words[0]


def triaged_and_on(after: After) -> bool:
    return after.request.state == "open" and after.highlighted not in (None, 1048)


def forwarded(after: After) -> bool:
    (forward,) = after.request.open_forwards
    return forward.department == "Sales" and forward.question == after.words[-1]


def forwarded_elsewhere(after: After) -> bool:
    (forward,) = after.request.open_forwards
    return forward.department == "Legal" and forward.question == after.words[-1]


def answered(after: After) -> bool:
    return after.request.court == "customer" and after.last == after.words[0]


def answered_and_resolved(after: After) -> bool:
    said = [each.text for each in after.request.activities if each.event == "answered"]
    return after.request.resolution == "solved" and said[-1] == after.words[0]


def snoozed(after: After) -> bool:
    until = after.request.snoozed_until
    return until is not None and until.strftime("%a %d %b") == "Fri 27 Nov"


def found_and_forwarded(after: After) -> bool:
    (forward,) = after.request.open_forwards
    return forward.question == after.words[-1]


def all_chased(after: After) -> bool:
    moment = fixed_clock().now() + LATER
    return not queue.total(after.reader, views.TO_CHASE, moment)


def taken_back(after: After) -> bool:
    return after.request.state == "new"


class Job(NamedTuple):
    """What a row is about, how many keys it may take, and what must have come of it."""

    number: int
    most: int
    holds: Callable[[After], bool]


JOBS = {
    "take something down": Job(1042, 2, taken_down),
    "triage as guessed, and on to the next": Job(1048, 1, triaged_and_on),
    "forward where the guess is right": Job(1046, 2, forwarded),
    "forward where it is wrong": Job(1046, 4, forwarded_elsewhere),
    "answer": Job(1042, 2, answered),
    "answer and resolve": Job(1042, 3, answered_and_resolved),
    "snooze": Job(1047, 2, snoozed),
    "find, and act": Job(1046, 5, found_and_forwarded),
    "chase all that are late": Job(1042, 3, all_chased),
    "undo": Job(1048, 1, taken_back),
}


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> str:
    return demo_store(tmp_path_factory.mktemp("demo"))


@pytest.fixture
def clock() -> FixedClock:
    return fixed_clock()


@pytest.fixture
def app(made: str, tmp_path: Path, clock: FixedClock) -> PocApp:
    path = str(tmp_path / "demo.sqlite3")
    shutil.copyfile(made, path)
    settings = load("/nonexistent/poc.toml", {"TZ": "Europe/Berlin"})
    return PocApp(Session(path, clock, settings, resolve(COMMANDS, {}), demo=True))


def test_the_table_has_the_ten_jobs() -> None:
    assert [row.job for row in ROWS] == list(JOBS)


@pytest.mark.parametrize("row", ROWS, ids=[row.job for row in ROWS])
async def test_a_job_takes_the_keys_that_its_row_says(
    row: Row, app: PocApp, clock: FixedClock
) -> None:
    job = JOBS[row.job]
    assert len([key for key, _ in row.pieces if key]) == row.taken <= job.most
    async with app.run_test(size=(120, 36)) as pilot:
        await until(pilot, lambda: app.is_at_rest and queue_of(app).row_count > 0)
        if row.job == "chase all that are late":
            clock.advance(LATER)
        if row.job != "find, and act":
            await point_at(pilot, app, job.number)
        if row.job == "undo":
            await press(pilot, app, "T")
        for key, typed in row.pieces:
            await press(pilot, app, *typed or (NAMES.get(key, key),))
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        words = [words for _, words in row.pieces if words]

        def holds() -> bool:
            with closing(app.session.patient_reader()) as reader:
                at = queue_of(app).highlighted_row
                number = getattr(at, "number", None)
                request = requests.request(reader, job.number)
                return job.holds(After(request, reader, number, words))

        await until(pilot, holds)
