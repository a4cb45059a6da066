"""A desk over a store of its own: carries a verb out, then looks whether everything holds.

The model is as small as can be: the states that the store was in, on two stacks (done, undone),
and the bytes that were captured. What a verb has to do is said by the rules; that a state is
sound is said by `standing` and `passages`.
"""

from __future__ import annotations

import contextlib
import shutil
import sqlite3
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hypothesis import note
from hypothesis.stateful import RuleBasedStateMachine, invariant

from poc_tui.errors import NotFound, NotUnderstood, Refused
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts
from poc_tui.store.desk import Desk
from poc_tui.store.queries import queue, views
from poc_tui.store.queries.reader import Reader
from poc_tui.store.queries.requests import original
from tests.helpers import standing, state
from tests.helpers.state import Row, State
from tests.proofs.state_machine import passages
from tests.proofs.state_machine.looking import Looking, lives
from tests.proofs.state_machine.passages import Passage

ACTOR = "me"

_REFUSALS = (NotUnderstood, NotFound, Refused)
"""How a verb is refused. A store that fails, or a constraint that breaks, is a fault."""


@dataclass(frozen=True)
class Taken:
    """A step that was taken: its number in the journal, its label, the states around it."""

    journal_id: int | None
    label: str
    before: State
    after: State


class DeskMachine(Looking, RuleBasedStateMachine):
    """What the rules work with."""

    def __init__(self, store: Path, clock: FixedClock, deadlines: Deadlines) -> None:
        super().__init__()
        self.store = store
        self.clock = clock
        self.deadlines = deadlines
        self.desk = self.open_desk()
        self.reader = Reader(str(store))
        self.eye = sqlite3.connect(store, isolation_level=None)
        self.present = self.start = state.read(self.eye)
        self.done: list[Taken] = []
        self.undone: list[Taken] = []
        self.came: dict[int, bytes] = {}
        self.winds = False
        self.sound = True

    def open_desk(self) -> Desk:
        """The desk over the store, as a new process would open it."""
        return Desk(str(self.store), self.clock, self.deadlines, actor=ACTOR)

    def in_force(self) -> Deadlines:
        """The deadlines that hold by what the store keeps."""
        return self.deadlines

    def do(
        self, kind: type[Any], numbers: Sequence[int] = (), /, *, must: bool = False, **fields: Any
    ) -> list[tuple[Row, Row]]:
        """Carry out a draft of that kind and look whether everything holds.

        Returns the requests meant as they were and as they are; nothing if it was refused, which
        must not be where `must` says so.
        """
        with self.step():
            said = ", ".join(f"{name}={value!r}" for name, value in fields.items())
            note(f"    {kind.__name__}({said}) on {list(numbers)}")
            try:
                draft: drafts.Draft = kind(**fields)
                # Mail that is filed by itself would be passed over by undo.
                run = f"{len(self.done)}" if kind is drafts.FileMails else None
                done = self.desk.do(draft, numbers, run=run)
            except _REFUSALS as error:
                note(f"    refused: {error}")
                self.nothing_changed()
                if must:
                    raise
                return []
            if done.journal_id is None:
                self.nothing_was_filed()
                return []
            self.took(done.label, done.journal_id)
            before = self.done[-1].before["request"]
            return [(before.get((n,), {}), self.table("request")[(n,)]) for n in numbers]

    def took(self, label: str, journal_id: int | None) -> None:
        """A verb was carried out: look what it made of the store, and remember both states."""
        before, self.present = self.present, state.read(self.eye)
        hold(passages.broken_by(Passage(before, self.present, self.clock.now(), ACTOR)))
        self.wind()
        self.done.append(Taken(journal_id, label, before, self.present))
        self.undone.clear()

    def nothing_changed(self) -> None:
        """What was refused changed nothing at all, in no table."""
        hold(state.difference(self.present, state.read(self.eye)))

    def nothing_was_filed(self) -> None:
        """A mail that is set aside touches nothing that undo would have to put back."""
        before, self.present = self.present, state.read(self.eye)
        hold(state.difference(*map(state.without_journal, (before, self.present))))
        assert self.present["journal"] == before["journal"]

    def undo(self) -> None:
        """Take the last step back: the state before it is there again, exactly."""
        with self.step():
            taken = self.done[-1]
            note(f"    undo {taken.label}")
            assert self.desk.undo(taken.journal_id).label == taken.label
            self.is_again(taken.before)
            self.undone.append(self.done.pop())

    def redo(self) -> None:
        """Take the step again: the state after it is there again, exactly."""
        with self.step():
            taken = self.undone[-1]
            note(f"    redo {taken.label}")
            assert self.desk.redo().label == taken.label
            self.is_again(taken.after)
            self.done.append(self.undone.pop())

    def is_again(self, wanted: State) -> None:
        """The store holds this state, and the journal as many steps as before."""
        steps = self.present["journal"].keys()
        self.present = state.read(self.eye)
        self.desk.use(self.in_force())
        self.wind()
        back, there = map(state.without_journal, (wanted, self.present))
        hold(state.difference(back, there))
        assert self.present["journal"].keys() == steps

    def wind(self) -> None:
        """Where the desk winds its clocks at once, it does so now, and does nothing else."""
        if self.winds:
            self.desk.wind()
            before, self.present = self.present, state.read(self.eye)
            hold(passages.wound(before, self.present))

    @contextlib.contextmanager
    def step(self) -> Iterator[None]:
        """One step; after one that failed, the way back to the start is not tried."""
        self.sound = False
        yield
        self.sound = True

    @invariant()
    def everything_holds(self) -> None:
        """What is true of the store in every state."""
        with self.step():
            hold(standing.broken_now(self.eye))
            stand = [row["undone"] for row in self.table("journal").values()]
            assert (stand.count(0), stand.count(1)) == (len(self.done), len(self.undone))
            self.what_came_can_be_read_again()
            self.nothing_is_out_of_sight()

    def what_came_can_be_read_again(self) -> None:
        """To the byte, for every request there is."""
        for (number,) in self.table("request"):
            assert original(self.reader, number) == self.came[number]

    def nothing_is_out_of_sight(self) -> None:
        """Every request that is not resolved stands in exactly one of the four views.

        Where a question to a department is overdue, it stands with departments as well.
        """
        now = self.clock.now()
        shown = {
            name: queue.page(self.reader, views.named(name), now, 0, 1000)
            for name in ("my-turn", "with-departments", "with-customer", "snoozed")
        }
        overdue = {
            row.number
            for rows in shown.values()
            for row in rows
            if row.chase_at is not None and row.chase_at < now
        }
        assert overdue <= {row.number for row in shown["with-departments"]}
        twice = [row.number for name in shown if name != "with-departments" for row in shown[name]]
        seen = [
            row.number
            for name, rows in shown.items()
            for row in rows
            if name != "with-departments" or row.number not in overdue or row.number not in twice
        ]
        assert sorted(seen) == sorted(
            row["id"] for row in self.table("request").values() if lives(row)
        )

    def teardown(self) -> None:
        """Undo all the way back to the start, and let the store go."""
        try:
            if self.sound:
                self.back_to_the_start()
        finally:
            self.eye.close()
            self.reader.close()
            self.desk.close()
            self.store.unlink()

    def back_to_the_start(self) -> None:
        """Nothing is left of all that was done, and the file is whole."""
        hold(state.is_damaged(self.eye))
        while self.done:
            self.undo()
        self.is_again(self.start)
        self.everything_holds()
        hold(state.is_damaged(self.eye))
        hold(state.is_still_found(self.eye))


def hold(broken: list[str]) -> None:
    """Fail with all that does not hold."""
    assert not broken, "\n".join(broken)


def copy_of(template: Path, folder: Path) -> Path:
    """A store of its own for one run, made from one that is new."""
    return Path(shutil.copy(template, folder / "run.sqlite3"))
