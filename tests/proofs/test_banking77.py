"""The real input: ten thousand questions to a bank come in and are found again."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from textual.pilot import Pilot

from poc_tui.app import PocApp
from poc_tui.rules.text import plain
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk import DeskScreen
from poc_tui.store.exchange.importing import ImportOptions, ImportReport, import_file
from poc_tui.store.migrations import migrate
from poc_tui.store.queries.queue import counts
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.requests import request
from poc_tui.store.queries.search import search
from poc_tui.store.records import QueueRow
from tests.helpers.desks import desk_over, queue_of, until

QUESTIONS = Path(__file__).parents[3] / "shared/corpora/requests/banking77.csv"
CLOCK = FixedClock(datetime(2026, 11, 23, 8, 12, tzinfo=UTC))

pytestmark = [
    pytest.mark.proof,
    pytest.mark.skipif(
        not QUESTIONS.is_file(),
        reason="the questions lie beside the repository, in ../shared/corpora/requests, or nowhere",
    ),
]


@pytest.fixture(scope="module")
def bank(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Reader, ImportReport]]:
    """A store with all questions, and what the import reported."""
    folder = tmp_path_factory.mktemp("bank")
    store = str(folder / "poc.sqlite3")
    migrate.ensure(store, CLOCK)
    report = import_file(
        str(QUESTIONS),
        store,
        CLOCK,
        ImportOptions(str(folder), mapping={"category": "tag"}, defaults={"channel": "chat"}),
        rest=lambda seconds: None,
    )
    reader = Reader(store)
    yield reader, report
    reader.close()


@pytest.fixture(scope="module")
def questions() -> list[dict[str, str]]:
    """The rows of the file."""
    with QUESTIONS.open(newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def test_all_of_them_come_in(
    bank: tuple[Reader, ImportReport], questions: list[dict[str, str]]
) -> None:
    reader, report = bank
    assert report.imported == len(questions) == 10_003
    assert (report.refused, report.not_stored, report.remarks) == (0, (), ())
    assert counts(reader, CLOCK.now()).new == 10_003


def test_each_is_found_by_its_words(
    bank: tuple[Reader, ImportReport], questions: list[dict[str, str]]
) -> None:
    reader, _ = bank
    for index in range(0, len(questions), 200):
        number, row = index + 1, questions[index]
        stored = request(reader, number)
        assert (stored.text or stored.subject).split() == plain(row["text"]).split()
        assert stored.tags == (row["category"].lower(),)
        assert number in {found.number for found in search(reader, row["text"])}


async def test_twenty_are_worked_through_by_keys(
    bank: tuple[Reader, ImportReport],
) -> None:
    reader, _ = bank
    numbers = range(7, 10_003, 500)[:20]
    app = desk_over(reader.path, demo=False)
    async with app.run_test(size=(80, 24)) as pilot:
        for number in numbers:
            await _work_through(pilot, app, reader, number)
    worked = [request(reader, number) for number in numbers]
    assert {(one.state, one.resolution, one.court) for one in worked} == {
        ("resolved", "solved", None)
    }
    assert all(
        [activity.event for activity in one.activities]
        == ["received", "triaged", "forwarded", "logged", "answered", "resolved"]
        for one in worked
    )
    assert counts(reader, CLOCK.now()).resolved == 20


async def _work_through(pilot: Pilot[None], app: PocApp, reader: Reader, number: int) -> None:
    """Find it by its number, then triage, forward, log, answer, resolve.

    The letters behind `f` choose a department where no words point to one, else they are asked.
    """
    await until(pilot, lambda: isinstance(app.screen, DeskScreen))
    await pilot.press("slash", *f"#{number}", "enter")
    await until(pilot, lambda: _highlighted(app) == number)
    for done, (key, words) in enumerate(
        (("t", ""), ("f", "tech"), ("l", "yes"), ("a", "yes"), ("r", "")), start=2
    ):
        if _highlighted(app) != number:  # one is led on to the next
            await pilot.press("number_sign", *str(number), "enter")
            await until(pilot, lambda: _highlighted(app) == number)
        await pilot.press(key)
        await until(pilot, lambda: not isinstance(app.screen, DeskScreen))
        await pilot.press(*words, "enter")
        await until(pilot, lambda: isinstance(app.screen, DeskScreen))
        assert len(request(reader, number).activities) == done
    await pilot.press("escape")


def _highlighted(app: PocApp) -> int | None:
    row = queue_of(app).highlighted_row if isinstance(app.screen, DeskScreen) else None
    return row.number if isinstance(row, QueueRow) else None
