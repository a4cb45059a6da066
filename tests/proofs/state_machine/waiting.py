"""Dates with a reason: snooze, remind, promise, mark done."""

from __future__ import annotations

from datetime import timedelta

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from poc_tui.store import drafts
from tests.helpers.state import Row
from tests.proofs.state_machine import given
from tests.proofs.state_machine.looking import lives
from tests.proofs.state_machine.machine import DeskMachine


class Waiting(DeskMachine):
    """Snooze; reminders and promises on requests, to a customer, on their own."""

    @rule(
        picks=given.PICKS,
        until=given.SPANS | st.sampled_from((timedelta(0), timedelta(minutes=-1))),
        why=given.WORDS,
    )
    def snooze(self, picks: list[int], until: timedelta, why: str) -> None:
        """Out of my sight; whose move it is stays, and something reminds of it."""
        for before, after in self.do(
            drafts.Snooze, self.requests(picks, lives), until=self.ahead(until), why=why
        ):
            assert after["snoozed_until"] == self.seconds(until) > self.seconds()
            assert after["court"] == before["court"]
            assert before["due_at"] in (None, after["due_at"])
            dates = [row["at"] for row in self.open_reminders(after["id"])]
            assert self.seconds(until) in dates

    @rule(picks=given.PICKS)
    def wake(self, picks: list[int]) -> None:
        """On the desk again, whoever's move it is."""
        asleep = self.requests(picks, lambda row: (row["snoozed_until"] or 0) > self.seconds())
        for before, after in self.do(drafts.Wake, asleep):
            assert after["snoozed_until"] is None
            assert after["court"] == before["court"]
            assert after["due_at"] == before["due_at"]

    @rule(
        picks=st.just([]) | given.PICKS,
        at=given.SPANS | st.just(timedelta(days=-1)),
        text=given.WORDS,
        customer=st.none() | given.PICK,
        every=given.EVERY,
    )
    def remind(
        self, picks: list[int], at: timedelta, text: str, customer: int | None, every: str
    ) -> None:
        """A date is left; nothing else about the request changes."""
        for before, after in self.do(
            drafts.Remind,
            self.requests(picks),
            at=self.ahead(at),
            text=text,
            customer_id=None if customer is None else self.pick("customer", customer),
            every=every,
        ):
            assert dict(after) | {"touched_at": 0} == dict(before) | {"touched_at": 0}
            assert self.seconds(at) in [row["at"] for row in self.open_reminders(after["id"])]

    @precondition(lambda self: any(map(is_open, self.table("reminder").values())))
    @rule(picks=given.PICKS, end_series=given.YES)
    def mark_done(self, picks: list[int], end_series: bool) -> None:
        """What was open is done; what recurs comes again, in time to come, until it is ended."""
        chosen = dict.fromkeys(self.pick("reminder", pick, is_open) for pick in picks)
        was, steps = self.table("reminder"), len(self.done)
        self.do(drafts.MarkDone, reminder_ids=tuple(chosen), end_series=end_series)
        if len(self.done) > steps:
            for row in (self.table("reminder")[(id,)] for id in chosen):
                assert row["kind"] != "promise"
                if row["every"] and not end_series:
                    assert row["done_at"] is None
                    assert row["at"] > max(self.seconds(), was[(row["id"],)]["at"])
                else:
                    assert row["done_at"] == self.seconds()

    @rule(
        picks=st.just([]) | given.PICKS,
        by=given.SPANS | st.just(timedelta(0)),
        text=given.WORDS,
        customer=st.none() | given.PICK,
        whom=given.WORDS,
    )
    def promise(
        self, picks: list[int], by: timedelta, text: str, customer: int | None, whom: str
    ) -> None:
        """A word is given; nothing else about the request changes."""
        for before, after in self.do(
            drafts.Promise,
            self.requests(picks),
            by=self.ahead(by),
            text=text,
            customer_id=None if customer is None else self.pick("customer", customer),
            whom=whom,
        ):
            assert dict(after) | {"touched_at": 0} == dict(before) | {"touched_at": 0}
            assert any(row["kind"] == "promise" for row in self.open_reminders(after["id"]))

    @precondition(lambda self: any(map(is_promise, self.table("reminder").values())))
    @rule(pick=given.PICK, kept=given.YES, why=given.WORDS)
    def end_promise(self, pick: int, kept: bool, why: str) -> None:
        """How it ended is what was said."""
        chosen = self.pick("reminder", pick, is_promise)
        steps = len(self.done)
        self.do(drafts.EndPromise, reminder_id=chosen, kept=kept, why=why)
        if len(self.done) > steps:
            row = self.table("reminder")[(chosen,)]
            assert (row["outcome"], row["done_at"]) == (
                "kept" if kept else "broken",
                self.seconds(),
            )


def is_open(reminder: Row) -> bool:
    """Whether the reminder can be marked done."""
    return reminder["done_at"] is None and reminder["kind"] != "promise"


def is_promise(reminder: Row) -> bool:
    """Whether it is a promise of which nobody said yet how it ended."""
    return reminder["done_at"] is None and reminder["kind"] == "promise"
