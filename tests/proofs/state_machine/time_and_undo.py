"""Time that passes, steps that are taken back and done again, a desk that is closed."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import note, strategies as st
from hypothesis.stateful import precondition, rule

from poc_tui.errors import Refused
from tests.proofs.state_machine import given
from tests.proofs.state_machine.looking import NOWHERE
from tests.proofs.state_machine.machine import DeskMachine


class TimeAndUndo(DeskMachine):
    """What is no verb of the desk."""

    @rule(by=given.SPANS)
    def time_passes(self, by: timedelta) -> None:
        """Time alone changes nothing in the store."""
        self.clock.advance(by)
        note(f"    it is {self.clock.now():%a %d %b %Y %H:%M}")

    @rule()
    def a_date_comes(self) -> None:
        """The clock moves to the very second of the next date there is in the store."""
        now = self.seconds()
        dates = [
            value
            for table, field in given.DATED
            for row in self.table(table).values()
            if (value := row[field]) is not None and value > now
        ]
        if dates:
            self.time_passes(timedelta(seconds=min(dates) - now))

    @precondition(lambda self: self.done)
    @rule(times=given.TIMES, again=st.sampled_from((0, 1, 5)))
    def take_back(self, times: int, again: int) -> None:
        """Undo gives back the state before, exactly; redo the state after."""
        for _ in range(min(times, len(self.done))):
            self.undo()
        self.do_again(again)

    @precondition(lambda self: self.undone)
    @rule(times=given.TIMES)
    def do_again(self, times: int) -> None:
        """Undo itself can be undone."""
        for _ in range(min(times, len(self.undone))):
            self.redo()

    @rule()
    def nothing_more_to_take_back(self) -> None:
        """Undo that is meant for another step is refused, and so is redo where nothing is."""
        with self.step():
            with pytest.raises(Refused):
                self.desk.undo(NOWHERE)
            if not self.undone:
                with pytest.raises(Refused):
                    self.desk.redo()
            self.nothing_changed()

    @rule()
    def close_and_open(self) -> None:
        """Undo and redo outlive the desk that was open."""
        self.desk.close()
        self.desk = self.open_desk()
        self.desk.use(self.in_force())
