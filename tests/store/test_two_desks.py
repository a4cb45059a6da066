"""Two people at one store, and one person at two terminals: nobody works on what is not so."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from datetime import timedelta
from typing import Any

import pytest

from poc_tui.errors import MovedOn, NotFound, Refused
from poc_tui.models.values import Resolution
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.screens.dialogs.answer import AnswerDialog
from poc_tui.screens.dialogs.chase import ChaseDialog
from poc_tui.screens.dialogs.ending import ResolveDialog
from poc_tui.screens.dialogs.escalate import EscalateDialog
from poc_tui.screens.dialogs.forward import ForwardDialog
from poc_tui.screens.dialogs.log import LogDialog, NoteDialog
from poc_tui.screens.dialogs.promise import PromiseDialog
from poc_tui.screens.dialogs.request_dialog import RequestDialog
from poc_tui.screens.dialogs.triage import TriageDialog
from poc_tui.screens.dialogs.waiting import SnoozeDialog
from poc_tui.screens.session import Session
from poc_tui.store import drafts, notices_told, writer
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from poc_tui.store.queries import departments
from poc_tui.store.queries.dated_items import untold
from poc_tui.store.queries.happened import seen
from poc_tui.store.queries.reader import Reader
from tests.helpers import standing
from tests.helpers.dialogs import BERLIN, detail, opened, rows

Rows = Callable[[], dict[str, list[tuple[object, ...]]]]
OTHER = "Accounting desk"


@pytest.fixture
def other(path: str, clock: FixedClock, deadlines: Deadlines) -> Iterator[Desk]:
    """The desk of somebody else on the same store."""
    with closing(Desk(path, clock, deadlines, actor=OTHER)) as at_once:
        yield at_once


class TestUndo:
    def test_takes_back_what_this_person_did(self, desk: Desk, other: Desk, rows_of: Rows) -> None:
        desk.do(drafts.Capture("one"))
        desk.do(drafts.Capture("two"))
        other.do(drafts.Note("theirs"), [2])
        before = rows_of()
        desk.do(drafts.Note("mine"), [1])
        mine = rows_of()
        other.do(drafts.Note("theirs again"), [2])
        both = rows_of()
        assert desk.undo().label == "note on #1"
        assert other.undo().label == "note on #2"
        assert rows_of() == before
        assert desk.redo().label == "note on #1"
        assert rows_of() == mine
        assert other.redo().label == "note on #2"
        assert rows_of() == both

    def test_names_the_step_of_somebody_else_that_is_in_the_way(
        self, desk: Desk, other: Desk, rows_of: Rows
    ) -> None:
        desk.do(drafts.Capture("one"))
        desk.do(drafts.Triage(), [1])
        other.do(drafts.Answer("you are right"), [1])
        both = rows_of()
        with pytest.raises(Refused, match=r"^triage #1: Accounting desk answered #1 since; undo"):
            desk.undo()
        assert rows_of() == both, "the other's answer stands"
        other.undo()
        assert desk.undo().label == "triage #1"

    def test_takes_nothing_from_under_what_somebody_else_did_in_the_same_second(
        self, desk: Desk, other: Desk, clock: FixedClock, rows_of: Rows
    ) -> None:
        desk.do(drafts.Capture("one"))
        desk.do(drafts.Resolve(Resolution.SOLVED), [1])
        other.do(drafts.Remind(clock.now() + timedelta(days=1), "ask how it went"), [1])
        both = rows_of()
        with pytest.raises(
            Refused, match=r"^resolve #1 as solved: Accounting desk set a reminder on #1"
        ):
            desk.undo()
        assert rows_of() == both, "a reminder that outlives the resolution stays on a resolved one"

    def test_names_what_was_done_to_no_request_by_what_it_is_called(
        self, desk: Desk, other: Desk
    ) -> None:
        desk.do(drafts.Capture("one", customer=drafts.CustomerName("Meyer AG")))
        other.do(drafts.EditCustomer(1, vip=True))
        with pytest.raises(Refused, match="Accounting desk did “customer 1” since; undo that"):
            desk.undo()

    def test_says_whose_the_last_step_is_to_somebody_who_did_nothing(
        self, desk: Desk, other: Desk
    ) -> None:
        with pytest.raises(Refused, match=r"^there is nothing to undo$"):
            other.undo()
        desk.do(drafts.Capture("one"))
        with pytest.raises(Refused, match=f"“{OTHER}” did; the last step, “new #1”, is one of “me"):
            other.undo()
        with pytest.raises(Refused, match="nothing to redo"):
            other.redo()

    def test_goes_below_what_somebody_else_did_in_between(
        self, desk: Desk, other: Desk, rows_of: Rows
    ) -> None:
        start = rows_of()
        for number in (1, 3, 5):
            desk.do(drafts.Capture("mine"))
            other.do(drafts.Capture("theirs"))
            desk.do(drafts.Note("mine"), [number])
        for _ in range(6):
            desk.undo()
        for _ in range(3):
            other.undo()
        assert rows_of() == start

    def test_redo_outlives_what_somebody_else_did_meanwhile_elsewhere(
        self, desk: Desk, other: Desk, reader: Reader
    ) -> None:
        technical = departments.department(reader, "Technical").id
        desk.do(drafts.Capture("one"))
        desk.do(drafts.Capture("two"))
        desk.do(drafts.ForwardDraft(technical, "mine"), [1])
        desk.undo()
        other.do(drafts.ForwardDraft(technical, "theirs"), [2])
        desk.redo()
        questions = reader.rows("SELECT request_id, question FROM forward ORDER BY request_id")
        assert questions == [(1, "mine"), (2, "theirs")], "neither took the number of the other"

    def test_redo_never_writes_over_what_somebody_else_did_meanwhile(
        self, desk: Desk, other: Desk, clock: FixedClock, rows_of: Rows
    ) -> None:
        desk.do(drafts.Capture("one"))
        clock.advance(timedelta(minutes=1))
        desk.do(drafts.Note("mine"), [1])
        desk.undo()
        other.do(drafts.Answer("theirs"), [1])
        both = rows_of()
        with pytest.raises(Refused, match=f"over what came since: answer #1 by {OTHER}"):
            desk.redo()
        assert rows_of() == both

    def test_nothing_is_done_again_on_ground_that_somebody_else_took_away(
        self, desk: Desk, other: Desk, rows_of: Rows
    ) -> None:
        desk.do(drafts.Capture("one"))
        other.do(drafts.Triage(), [1])
        desk.do(drafts.Answer("built on it"), [1])
        desk.undo()
        other.undo()
        without = rows_of()
        with pytest.raises(Refused, match="nothing to redo"):
            desk.redo()
        assert rows_of() == without

    @pytest.mark.proof
    @pytest.mark.parametrize("seed", range(6))
    def test_of_two_who_do_and_undo_at_random_each_state_holds_and_all_leads_back(
        self,
        desk: Desk,
        other: Desk,
        path: str,
        clock: FixedClock,
        deadlines: Deadlines,
        rows_of: Rows,
        seed: int,
    ) -> None:
        chance = random.Random(seed)
        with closing(Desk(path, clock, deadlines, actor="counter")) as counter:
            for name in ("one", "two", "three"):
                counter.do(drafts.Capture(name))
        start, did = rows_of(), {desk: 0, other: 0}
        kinds: list[Callable[[], drafts.Draft]] = [
            lambda: drafts.Note("note"),
            drafts.Triage,
            lambda: drafts.Answer("answer"),
            lambda: drafts.ForwardDraft(chance.randint(1, 3), "question"),
            lambda: drafts.CustomerWrote("again"),
            lambda: drafts.Resolve(Resolution.SOLVED, withdraw_forwards=True),
            drafts.Reopen,
            lambda: drafts.Remind(clock.now() + timedelta(days=1), "remind"),
        ]
        with closing(connect(path)) as connection:
            for _ in range(120):
                clock.advance(timedelta(minutes=chance.randint(-3, 9)))
                who = chance.choice((desk, other))
                with suppress(Refused, NotFound):
                    match chance.randint(0, 4):
                        case 0:
                            who.undo()
                            did[who] -= 1
                        case 1:
                            who.redo()
                            did[who] += 1
                        case _:
                            who.do(chance.choice(kinds)(), [chance.randint(1, 3)])
                            did[who] += 1
                assert standing.broken_now(connection) == []
        # Who is in the other's way goes first; the two together get back to the start.
        while did[desk] + did[other]:
            before = dict(did)
            for who in (desk, other):
                with suppress(Refused):
                    while did[who]:
                        who.undo()
                        did[who] -= 1
            assert did != before, "each is in the way of the other"
        assert rows_of() == start


OTHERS: dict[str, Callable[[], drafts.Draft]] = {
    "answered": lambda: drafts.Answer("It is on its way."),
    "forwarded": lambda: drafts.ForwardDraft(1, "Where is it?"),
    "resolved": lambda: drafts.Resolve(Resolution.SOLVED),
    "triaged": drafts.Triage,
}


class TestDialogs:
    """A dialog that was open while somebody else acted stops once, and keeps what was typed."""

    @pytest.mark.parametrize("did", ["answered", "forwarded", "triaged"])
    async def test_an_answer_stops_once_and_says_what_happened(
        self, session: Session, desk: Desk, other: Desk, did: str
    ) -> None:
        desk.do(drafts.Capture("one"))
        async with opened(AnswerDialog(session, rows(session, 1))) as on:
            await on.type("You are right: 10 units.")
            other.do(OTHERS[did](), [1])
            await on.press("enter")
            assert f"meanwhile Accounting desk {did} #1 at 09:12" in on.status
            assert on.dialog.form.value("text") == "You are right: 10 units."
            await on.press("enter")
            await on.done()
        last = detail(session, 1).activities[-1]
        assert (last.event, last.text) == ("answered", "You are right: 10 units.")

    async def test_what_cannot_be_done_any_more_says_so_and_keeps_the_words(
        self, session: Session, desk: Desk, other: Desk
    ) -> None:
        desk.do(drafts.Capture("one"))
        async with opened(AnswerDialog(session, rows(session, 1))) as on:
            await on.type("You are right")
            other.do(drafts.Resolve(Resolution.SOLVED), [1])
            for _ in range(2):
                await on.press("enter")
                assert "#1 is resolved" in on.status
                assert "meanwhile Accounting desk resolved #1" in on.status
                assert "enter again" not in on.status
            assert on.dialog.form.value("text") == "You are right"

    async def test_the_same_person_at_another_terminal_counts_as_well(
        self, session: Session, desk: Desk
    ) -> None:
        desk.do(drafts.Capture("one"))
        async with opened(AnswerDialog(session, rows(session, 1))) as on:
            await on.type("Twice?")
            desk.do(drafts.Answer("Once."), [1])
            await on.press("enter")
            assert "meanwhile you answered #1 at another desk at 09:12: “Once.”" in on.status

    async def test_what_was_taken_back_meanwhile_is_said(
        self, session: Session, desk: Desk, other: Desk
    ) -> None:
        desk.do(drafts.Capture("one"))
        other.do(drafts.Note("look at the contract"), [1])
        async with opened(AnswerDialog(session, rows(session, 1))) as on:
            await on.type("By the contract")
            other.undo()
            await on.press("enter")
            assert "meanwhile the last step on #1 was taken back" in on.status
            other.do(drafts.Note("look elsewhere"), [1])
            await on.press("enter")
            assert "meanwhile Accounting desk made a note on #1" in on.status
            await on.press("enter")
            await on.done()

    @pytest.mark.parametrize(
        ("dialog", "field", "words"),
        [
            (ResolveDialog, "text", "done"),
            (ForwardDialog, "question", "why?"),
            (LogDialog, "text", "well?"),
            (TriageDialog, "customer", "Meyer AG"),
            (SnoozeDialog, "why", "later"),
            (EscalateDialog, "why", "late"),
            (PromiseDialog, "text", "new invoice"),
        ],
    )
    async def test_every_dialog_that_builds_on_a_request_stops(
        self,
        session: Session,
        desk: Desk,
        other: Desk,
        dialog: type[RequestDialog],
        field: str,
        words: str,
    ) -> None:
        desk.do(drafts.Capture("one invoice"))
        async with opened(dialog(session, rows(session, 1)), size=(100, 36)) as on:
            await on.go(field)
            await on.type(words)
            other.do(drafts.Answer("theirs"), [1])
            await on.press("enter")
            assert "meanwhile Accounting desk answered #1" in on.status
            await on.press("enter")
            await on.done()

    async def test_a_chase_stops_as_well(
        self, session: Session, desk: Desk, other: Desk, clock: FixedClock
    ) -> None:
        desk.do(drafts.Capture("one", to=1))
        clock.advance(timedelta(days=9))
        async with opened(ChaseDialog(session, rows(session, 1))) as on:
            other.do(drafts.Chase(), [1])
            await on.press("enter")
            assert "meanwhile Accounting desk chased the answer to #1" in on.status

    async def test_a_note_stops_for_nobody(self, session: Session, desk: Desk, other: Desk) -> None:
        desk.do(drafts.Capture("one"))
        async with opened(NoteDialog(session, rows(session, 1))) as on:
            await on.type("mine")
            other.do(drafts.Answer("theirs"), [1])
            await on.press("enter")
            await on.done()

    async def test_nothing_is_said_where_nothing_happened_to_these_requests(
        self, session: Session, desk: Desk, other: Desk
    ) -> None:
        desk.do(drafts.Capture("one"))
        desk.do(drafts.Capture("two"))
        async with opened(AnswerDialog(session, rows(session, 1))) as on:
            await on.type("mine")
            other.do(drafts.Answer("theirs"), [2])
            await on.press("enter")
            await on.done()

    def test_of_several_requests_those_are_told_that_moved_on(
        self, desk: Desk, other: Desk, path: str, rows_of: Rows
    ) -> None:
        for name in ("one", "two", "three", "four"):
            desk.do(drafts.Capture(name))
        with closing(Reader(path)) as reader:
            before = seen(reader.rows, [1, 2, 3, 4])
        for number in (2, 3, 4):
            other.do(drafts.Note("theirs"), [number])
        both = rows_of()
        with pytest.raises(MovedOn, match=r"#2 at .* #3 at .*; and more; enter again") as stopped:
            desk.do(drafts.Answer("mine"), [1, 2, 3, 4], seen=before)
        assert rows_of() == both, "nothing was stored"
        desk.do(drafts.Answer("mine"), [1, 2, 3, 4], seen=stopped.value.seen)


def test_what_one_was_told_another_has_yet_to_hear(
    desk: Desk, path: str, clock: FixedClock
) -> None:
    desk.do(drafts.Remind(clock.now() + timedelta(hours=1), "call back"))
    clock.advance(timedelta(hours=2))

    def news(actor: str) -> list[Any]:
        teller = notices_told.teller(notices_told.COMMAND, actor)
        with closing(Reader(path)) as reader:
            found = untold(reader, BERLIN, clock.now(), teller)
        return [item.text for item in notices_told.tell(path, teller, found)]

    assert [news("me"), news("me"), news(OTHER), news(OTHER)] == [["call back"], []] * 2


def test_what_was_told_before_it_was_kept_to_whom_is_told_to_nobody_again(
    desk: Desk, path: str, clock: FixedClock
) -> None:
    desk.do(drafts.Remind(clock.now() + timedelta(hours=1), "call back"))
    clock.advance(timedelta(hours=2))
    with closing(Reader(path)) as reader:
        due = untold(reader, BERLIN, clock.now(), notices_told.DESK)
        assert notices_told.tell(path, notices_told.DESK, due)
        for actor in ("me", OTHER):
            assert not untold(reader, BERLIN, clock.now(), notices_told.teller("desk", actor))


class TestWaiting:
    def test_for_another_writer_is_asking_often_until_that_one_has_ended(
        self, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with closing(connect(path)) as writes, closing(connect(path)) as waits:
            writes.execute("BEGIN IMMEDIATE")
            waited: list[float] = []

            def wait(seconds: float) -> None:
                waited.append(seconds)
                if len(waited) == 100:
                    writes.execute("COMMIT")

            monkeypatch.setattr(writer, "sleep", wait)
            patience = waits.execute("PRAGMA busy_timeout").fetchall()
            with writer.immediate(waits):
                assert waits.in_transaction
            assert set(waited) == {writer.ASKS_EVERY}
            assert len(waited) == 100
            assert waits.execute("PRAGMA busy_timeout").fetchall() == patience

    def test_ends_when_there_is_no_patience_left(
        self, path: str, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        with closing(connect(path)) as writes, closing(connect(path, busy_ms=40)) as waits:
            writes.execute("BEGIN IMMEDIATE")
            seconds = iter(range(100))
            monkeypatch.setattr(writer, "sleep", lambda _: None)
            monkeypatch.setattr(writer, "monotonic", lambda: next(seconds) / 100)
            with pytest.raises(sqlite3.OperationalError, match="locked"), writer.immediate(waits):
                pass
            assert next(seconds) == 5
            assert not waits.in_transaction
