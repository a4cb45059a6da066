"""Putting service levels in force: what becomes of the dates of open requests."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from poc_tui.commands import COMMANDS
from poc_tui.errors import ConfigWrong
from poc_tui.models.values import Channel, Resolution
from poc_tui.rules.dates.human_dates import understand
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.service.opening_hours import Hours
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.desk_services import LevelsWatch
from poc_tui.screens.session import Session
from poc_tui.settings import active_levels
from poc_tui.settings.keymap import resolve
from poc_tui.settings.levels_file import starter_text
from poc_tui.settings.load import Settings
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import departments, requests
from poc_tui.store.queries.journal import applied_levels
from poc_tui.store.queries.reader import Reader
from poc_tui.store.records import Done, RequestDetail

QUICKER = b"""
[first_answer]
phone = "2h"
[next_update]
phone = "4h"
[resolution]
phone = "1d"
"""
ROWS = Callable[[], dict[str, list[tuple[object, ...]]]]


@pytest.fixture
def environ(tmp_path: Path) -> dict[str, str]:
    """An environment whose file of service levels is in the folder of this test."""
    return {"POC_LEVELS": str(tmp_path / "service-levels.toml"), "TZ": "Europe/Berlin"}


@pytest.fixture
def put_in_force(desk: Desk, deadlines: Deadlines, environ: dict[str, str]) -> Callable[..., Done]:
    """Puts a file of service levels in force over the desk, with other hours if wished."""

    def apply(source: bytes, hours: Hours | None = None, **rest: Any) -> Done:
        Path(environ["POC_LEVELS"]).write_bytes(source)
        wanted = Deadlines(hours or deadlines.hours, active_levels.check(source, environ))
        return desk.apply_levels(wanted, source, active_levels.spelled(wanted.hours), **rest)

    return apply


@pytest.fixture
def when(clock: FixedClock) -> Callable[[str], datetime]:
    """A moment by its words, seen from the Monday of the tests, 9:12."""
    monday = clock.now()
    return lambda words: understand(words, monday, clock.zone)


def by_phone(desk: Desk, **what: Any) -> int:
    number = desk.do(drafts.Capture("Invoice 4711", channel=Channel.PHONE, **what)).numbers[0]
    desk.do(drafts.Triage(), [number])
    return number


def detail(reader: Reader, number: int) -> RequestDetail:
    return requests.request(reader, number)


def test_dates_that_were_counted_are_counted_anew_and_given_ones_stay(
    desk: Desk,
    reader: Reader,
    put_in_force: Callable[..., Done],
    when: Callable[[str], datetime],
) -> None:
    counted, given = by_phone(desk), by_phone(desk, due_at=when("fri 12:00"))
    assert detail(reader, counted).due_at == when("today 17:00")
    put_in_force(QUICKER)
    assert detail(reader, counted).due_at == when("today 11:12")
    assert detail(reader, counted).resolve_by == when("tomorrow 9:12")
    assert detail(reader, given).due_at == when("fri 12:00")
    assert detail(reader, given).resolve_by is None


def test_the_time_spent_counts_under_the_new_levels(
    desk: Desk,
    reader: Reader,
    clock: FixedClock,
    put_in_force: Callable[..., Done],
    when: Callable[[str], datetime],
) -> None:
    """One of eight hours was spent before the customer had it for two; seven are left at 12:12,
    and the day ends at 17:00."""
    number = by_phone(desk)
    clock.at = when("today 10:12")
    desk.do(drafts.Answer("Which one?"), [number])
    clock.at = when("today 12:12")
    desk.do(drafts.CustomerWrote("That of May."), [number])
    put_in_force(QUICKER)
    assert detail(reader, number).resolve_by == when("tomorrow 11:12")
    assert detail(reader, number).due_at == when("today 16:12")


def test_longer_hours_bring_every_date_nearer(
    desk: Desk,
    reader: Reader,
    deadlines: Deadlines,
    put_in_force: Callable[..., Done],
    when: Callable[[str], datetime],
) -> None:
    """Three days of eight hours from 9:12, now with ten hours a day from 8:00 to 18:00: 8:48 of
    them today, ten tomorrow, 5:12 on Wednesday."""
    from datetime import time

    number = by_phone(desk)
    assert detail(reader, number).resolve_by == when("thu 9:12")
    day = ((time(8), time(18)),)
    longer = Hours((day,) * 5 + ((), ()), deadlines.hours.zone)
    put_in_force(starter_text(), longer)
    assert detail(reader, number).resolve_by == when("wed 13:12")


def test_nothing_is_due_while_the_customer_is_to_move(
    desk: Desk, reader: Reader, put_in_force: Callable[..., Done]
) -> None:
    number = by_phone(desk)
    desk.do(drafts.Answer("Which one?"), [number])
    before = detail(reader, number)
    put_in_force(QUICKER)
    after = detail(reader, number)
    assert (after.due_at, after.resolve_by, after.next_at) == (None, None, before.next_at)


def test_the_ladder_of_who_was_not_chased_yet_is_set_up_anew(
    desk: Desk,
    reader: Reader,
    put_in_force: Callable[..., Done],
    when: Callable[[str], datetime],
) -> None:
    """A department that is to be reminded at half its time: four of eight hours."""
    technical = departments.department(reader, "Technical").id
    fresh, chased = by_phone(desk), by_phone(desk)
    desk.do(drafts.ForwardDraft(technical), [fresh, chased])
    desk.do(drafts.Chase(early=True), [chased])
    before = detail(reader, chased).next_at
    put_in_force(b'[[ladder]]\nname = "remind"\nat = "50%"\nto = "contact"\ntemplate = "remind"\n')
    assert detail(reader, fresh).next_at == when("today 13:12")
    assert detail(reader, fresh).forwards[0].next_at == when("today 13:12")
    assert detail(reader, chased).next_at == before


def test_it_is_one_step_that_can_be_taken_back(
    desk: Desk, reader: Reader, put_in_force: Callable[..., Done], rows_of: ROWS
) -> None:
    for _ in range(3):
        by_phone(desk)
    before = rows_of()
    put_in_force(QUICKER)
    after = rows_of()
    assert after != before
    assert desk.undo().label == "apply the service levels"
    assert rows_of() == before
    assert applied_levels(reader) is None
    desk.redo()
    assert rows_of() == after


def test_the_same_levels_change_no_date(
    desk: Desk, clock: FixedClock, put_in_force: Callable[..., Done], rows_of: ROWS
) -> None:
    """Whatever the verbs have set is what the levels say, wherever a request stands."""
    for step in range(12):
        number = by_phone(desk)
        clock.advance(timedelta(hours=5))
        match step % 6:
            case 1:
                desk.do(drafts.ForwardDraft(1 + step % 7), [number])
            case 2:
                desk.do(drafts.Answer("so it is"), [number])
            case 3:
                desk.do(drafts.Answer("soon", still_working=True), [number])
            case 4:
                desk.do(drafts.Answer("so it is"), [number])
                clock.advance(timedelta(hours=30))
                desk.do(drafts.CustomerWrote("no"), [number])
            case 5:
                desk.do(drafts.Resolve(Resolution.SOLVED), [number])
    before = rows_of()
    put_in_force(starter_text())
    after = rows_of()
    assert after["request"] == before["request"]
    assert after["forward"] == before["forward"]


def test_progress_goes_on_to_the_end(desk: Desk, put_in_force: Callable[..., Done]) -> None:
    for _ in range(3):
        by_phone(desk)
    seen: list[tuple[int, int]] = []
    put_in_force(QUICKER, progress=lambda done, total: seen.append((done, total)))
    assert seen == sorted(seen)
    assert seen[-1] == (3, 3)


def test_a_wrong_file_leaves_the_old_levels_in_force(
    desk: Desk,
    reader: Reader,
    settings: Settings,
    environ: dict[str, str],
    put_in_force: Callable[..., Done],
    rows_of: ROWS,
) -> None:
    by_phone(desk)
    put_in_force(QUICKER)
    before = rows_of()
    with pytest.raises(ConfigWrong, match=r"service-levels\.toml, line 2: .*phone"):
        put_in_force(b'[first_answer]\nphone = "soon"\n')
    assert rows_of() == before
    found = active_levels.deadlines(reader, settings.hours, environ)
    assert found.levels.channels["phone"].first_answer.work == timedelta(hours=2)


def test_what_is_to_be_applied_is_what_differs(
    reader: Reader,
    settings: Settings,
    environ: dict[str, str],
    put_in_force: Callable[..., Done],
) -> None:
    file = Path(environ["POC_LEVELS"])
    assert not active_levels.compare(reader, settings.hours, environ).differs
    file.write_bytes(QUICKER)
    assert active_levels.compare(reader, settings.hours, environ).differs
    put_in_force(QUICKER, settings.hours)
    assert not active_levels.compare(reader, settings.hours, environ).differs
    file.unlink()
    assert active_levels.compare(reader, settings.hours, environ).differs


def test_the_words_of_the_ladder_are_kept_with_the_levels(
    desk: Desk,
    reader: Reader,
    settings: Settings,
    environ: dict[str, str],
    put_in_force: Callable[..., Done],
) -> None:
    folder = Path(environ["POC_LEVELS"]).parent / "templates"
    folder.mkdir()
    text = folder / "remind.txt"
    text.write_text("Dear {department}, please.")
    assert active_levels.compare(reader, settings.hours, environ).differs
    put_in_force(starter_text(), settings.hours)
    assert not active_levels.compare(reader, settings.hours, environ).differs
    text.write_text("Dear {departmnet}, please.")
    problem = active_levels.compare(reader, settings.hours, environ).problem
    assert re.search(r"remind\.txt, line 1: .*\{department\}", problem)
    found = active_levels.deadlines(reader, settings.hours, environ)
    assert found.levels.ladder[0].words == "Dear {department}, please."


def test_the_desk_says_once_that_the_file_is_not_in_force(
    path: str, clock: FixedClock, settings: Settings, environ: dict[str, str]
) -> None:
    session = Session(path, clock, settings, resolve(COMMANDS, {}), environ=environ)
    watch, file = LevelsWatch(session), Path(environ["POC_LEVELS"])
    assert watch.news() is None
    file.write_bytes(QUICKER)
    assert [watch.news(), watch.news()] == [
        "The service levels have changed; L applies them.",
        None,
    ]
    (file.parent / "templates").mkdir()
    (file.parent / "templates" / "remind.txt").write_text("Dear {departmnet}")
    said = [watch.news(), watch.news()]
    assert "remind.txt, line 1" in (said[0] or "")
    assert said[1] is None
    session.close()
