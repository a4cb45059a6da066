"""Every verb can be undone and done again, exactly."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import closing

import pytest

from poc_tui.errors import Refused
from poc_tui.models.values import Resolution
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries import departments, search
from poc_tui.store.queries.reader import Reader
from tests.helpers.every_verb import a_day_at_the_desk

Rows = Callable[[], dict[str, list[tuple[object, ...]]]]


def test_undo_gives_back_each_state_before_and_redo_each_state_after(
    desk: Desk, reader: Reader, clock: FixedClock, rows_of: Rows
) -> None:
    states = [rows_of()]
    labels = []
    for step in a_day_at_the_desk(desk, reader, clock):
        labels.append(step().label)  # type: ignore[attr-defined]
        states.append(rows_of())
    for label, before in zip(reversed(labels), reversed(states[:-1]), strict=True):
        assert desk.undo().label == label
        assert rows_of() == before
    for label, after in zip(labels, states[1:], strict=True):
        assert desk.redo().label == label
        assert rows_of() == after


def test_search_finds_what_undo_brought_back_and_not_what_it_took_away(
    desk: Desk, reader: Reader, clock: FixedClock, path: str
) -> None:
    for step in a_day_at_the_desk(desk, reader, clock):
        step()
    while True:
        try:
            desk.undo()
        except Refused:
            break
    assert search.search(reader, "moebel") == []
    desk.redo()
    assert [row.number for row in search.search(reader, "moebel")] == [1]
    with closing(connect(path)) as connection:
        connection.execute(
            "INSERT INTO activity_search (activity_search) VALUES ('integrity-check')"
        )


def test_something_new_ends_what_could_be_redone(desk: Desk, clock: FixedClock) -> None:
    desk.do(drafts.Capture("one"))
    desk.do(drafts.Capture("two"))
    desk.undo()
    desk.do(drafts.Capture("three"))
    with pytest.raises(Refused, match="nothing to redo"):
        desk.redo()
    assert desk.undo().label == "new #3", "a number that was given out is never given again"
    assert desk.undo().label == "new #1"
    with pytest.raises(Refused, match="nothing to undo"):
        desk.undo()


def test_the_label_says_what_undo_takes_back(desk: Desk, reader: Reader) -> None:
    numbers = [desk.do(drafts.Capture(f"request {i}")).numbers[0] for i in range(4)]
    technical = departments.department(reader, "Technical").id
    desk.do(drafts.ForwardDraft(technical), numbers)
    assert desk.undo().label == "forward #1 and 3 more to Technical"


def test_an_activity_is_never_changed(desk: Desk, path: str) -> None:
    desk.do(drafts.Capture("one"))
    with closing(connect(path)) as connection, pytest.raises(Exception, match="never changed"):
        connection.execute("UPDATE activity SET text = 'other'")


def test_the_tally_of_resolved_requests_follows(desk: Desk, reader: Reader) -> None:
    numbers = [desk.do(drafts.Capture(f"request {i}")).numbers[0] for i in range(3)]
    desk.do(drafts.Resolve(Resolution.SOLVED), numbers)
    desk.do(drafts.Reopen(), numbers[:1])
    counted = "SELECT (SELECT n FROM tally), (SELECT count(*) FROM request WHERE resolution <> '')"
    assert reader.row(counted) == (2, 2)
    desk.undo()
    desk.undo()
    assert reader.row(counted) == (0, 0)


def test_redo_never_does_again_what_something_new_was_done_over(desk: Desk, rows_of: Rows) -> None:
    desk.do(drafts.EditCustomer(name="Meyer AG"))
    desk.undo()
    desk.do(drafts.EditCustomer(name="Bäckerei Ott"))
    after = rows_of()
    desk.undo()
    assert desk.redo().label == "customer Bäckerei Ott"
    assert rows_of() == after
    with pytest.raises(Refused, match="nothing to redo"):
        desk.redo()


def test_undo_takes_back_only_the_step_that_was_meant(desk: Desk, rows_of: Rows) -> None:
    meant = desk.do(drafts.Capture("one")).journal_id
    desk.do(drafts.Capture("meanwhile"))
    before = rows_of()
    with pytest.raises(Refused, match="something else was done meanwhile: new #2"):
        desk.undo(meant)
    assert rows_of() == before
