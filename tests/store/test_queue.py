"""The views of the queue: what they hold, in which order, found page by page."""

from __future__ import annotations

import random
from datetime import timedelta

import pytest

from poc_tui.models.values import Resolution
from poc_tui.rules.service import shown_date
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.list_sources import ViewSource
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import queue, views
from poc_tui.store.queries.reader import Reader


@pytest.fixture
def busy_desk(desk: Desk, clock: FixedClock) -> Desk:
    """120 requests, some in every view, several at the same moment."""
    dice = random.Random(7)
    for i in range(120):
        due = clock.now() + timedelta(hours=dice.randrange(-5, 5)) if i % 3 else None
        number = desk.do(drafts.Capture(f"request {i}", due_at=due)).numbers[0]
        match i % 6:
            case 0:
                desk.do(drafts.ForwardDraft(1 + i % 7), [number])
            case 1:
                desk.do(drafts.Answer("so it is"), [number])
            case 2:
                desk.do(drafts.Snooze(clock.now() + timedelta(hours=1 + i % 4)), [number])
            case 3:
                desk.do(drafts.Resolve(Resolution.SOLVED), [number])
            case 4:
                desk.do(drafts.Escalate("management", "it is late"), [number])
        if i % 10 == 0:
            clock.advance(timedelta(minutes=20))
    return desk


@pytest.mark.parametrize("name", views.VIEWS)
def test_every_way_to_a_page_gives_the_same_order(
    busy_desk: Desk, reader: Reader, clock: FixedClock, name: str
) -> None:
    view, now = views.VIEWS[name], clock.now()
    whole = queue.page(reader, view, now, 0, 1_000)
    count = queue.total(reader, view, now)
    assert len(whole) == count > 0
    for offset in range(0, count, 7):
        assert queue.page(reader, view, now, offset, 7, count) == whole[offset : offset + 7]
        place = queue.place_of(whole[offset])
        assert queue.page_after(reader, view, now, place, 5) == whole[offset + 1 : offset + 6]
        before = whole[max(0, offset - 5) : offset]
        assert queue.page_before(reader, view, now, place, 5) == before
        for near in (0, offset, count):
            found = queue.position(reader, view, now, whole[offset].number, count=count, near=near)
            assert found == offset


def test_the_counts_are_those_of_the_views(
    busy_desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    counts = queue.counts(reader, clock.now())
    for name, view in views.VIEWS.items():
        assert counts.of(name) == queue.total(reader, view, clock.now()), name


def test_open_requests_stand_by_what_is_due_first(
    busy_desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    rows = queue.page(reader, views.VIEWS["open"], clock.now(), 0, 1_000)
    assert rows == sorted(rows, key=lambda row: (row.at, row.number))
    for row in rows:
        assert row.at == shown_date.first(row.due_at, row.resolve_by, row.next_at)


def test_a_view_read_in_any_order_of_pages_is_the_same_view(
    busy_desk: Desk, reader: Reader, clock: FixedClock
) -> None:
    view = views.VIEWS["open"]
    whole = queue.page(reader, view, clock.now(), 0, 1_000)
    source = ViewSource(reader, view, clock.now())
    count = source.count()
    for start in (40, 50, 30, 90, 80, 0, 10):
        assert list(source.page(start, 10)) == whole[start : start + 10]
    assert [source.position(row.number) for row in whole] == list(range(count))
