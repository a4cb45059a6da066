"""The store as it was after the last step, and what a rule needs of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta

from poc_tui.rules.time_source import FixedClock
from tests.helpers.state import Row, State, Table
from tests.proofs.state_machine import given

NOWHERE = 999
"""A number that nothing has."""

Suited = Callable[[Row], bool]
"""Whether a row is one that a verb is meant for."""


def lives(request: Row) -> bool:
    """Whether the request is not resolved."""
    return bool(request["state"] != "resolved")


def in_use(department: Row) -> bool:
    """Whether the department can be asked."""
    return department["retired_at"] is None


def unanswered(forward: Row) -> bool:
    """Whether the forward is open."""
    return forward["answered_at"] is None and forward["withdrawn_at"] is None


class Looking:
    """What the rules see of the store, and the moments they name."""

    clock: FixedClock
    present: State
    """Every row after the last step."""

    def table(self, name: str) -> Table:
        """A table as it was after the last step."""
        return self.present[name]

    def pick(self, table: str, pick: int, suited: Suited | None = None) -> int:
        """The id of the row that a pick means: most mean one that is suited, if there is any.

        The last picks mean any row, the very last one that is not there, so that each verb is
        also tried where it must be refused.
        """
        rows = self.table(table).values()
        fit = [row["id"] for row in rows if suited is None or suited(row)]
        chosen = fit if fit and pick < given.ANY else [row["id"] for row in rows]
        return int(sorted(chosen)[pick % len(chosen)]) if chosen and pick < given.NONE else NOWHERE

    def requests(self, picks: Sequence[int], suited: Suited | None = None) -> tuple[int, ...]:
        """The numbers of the requests that these picks mean, each once."""
        return tuple(dict.fromkeys(self.pick("request", pick, suited) for pick in picks))

    def exist(self, numbers: Sequence[int]) -> bool:
        """Whether every one of these is a request."""
        return all((number,) in self.table("request") for number in numbers)

    def open_forwards(self, number: int) -> list[Row]:
        """The forwards of the request that wait for an answer."""
        return [
            row
            for row in self.table("forward").values()
            if row["request_id"] == number and unanswered(row)
        ]

    def open_reminders(self, number: int) -> list[Row]:
        """The reminders of the request that are not done."""
        return [
            row
            for row in self.table("reminder").values()
            if row["request_id"] == number and row["done_at"] is None
        ]

    def seconds(self, by: timedelta = timedelta(0)) -> int:
        """The moment that far from now, as the store keeps it."""
        return int((self.clock.now() + by).timestamp())

    def ahead(self, by: timedelta | None) -> datetime | None:
        """The moment that far from now, in the person's zone as a dialog gives it."""
        return None if by is None else (self.clock.now() + by).astimezone(self.clock.zone)
