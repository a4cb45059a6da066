"""Taking a request down, and looking at it."""

from __future__ import annotations

import contextlib
import io
import os
from datetime import timedelta
from types import SimpleNamespace
from unittest import mock

from hypothesis import note, strategies as st
from hypothesis.stateful import initialize, precondition, rule

from poc_tui.models.values import Channel, Kind, Priority
from poc_tui.quick import add
from poc_tui.store import drafts
from tests.helpers import state
from tests.helpers.state import Row
from tests.proofs.state_machine import given
from tests.proofs.state_machine.looking import in_use, lives
from tests.proofs.state_machine.machine import ACTOR, DeskMachine

FEW = 4
"""With more requests than this every one of them would be touched too seldom."""

_FACTS = ("customer_id", "kind", "channel", "priority")
"""What of a request decides at which level it is served."""


class Arrival(DeskMachine):
    """Capture on both lanes, triage."""

    @initialize(winds=given.YES)
    def a_desk_at_work(self, winds: bool) -> None:
        """Without requests, questions and promises most verbs would have nothing to act on.

        With `winds` the clocks are wound after every step, as an open desk does it.
        """
        self.winds = winds
        for subject in ("Invoice 4711 is wrong", "Where is my order?"):
            self.comes(subject.encode())
            meyer = drafts.CustomerName("Meyer AG")
            self.do(drafts.Capture, must=True, subject=subject, customer=meyer)
        for department in (1, 2):
            self.do(drafts.ForwardDraft, [1], must=True, department_id=department)
        by = self.ahead(timedelta(hours=7))
        self.do(drafts.Promise, [2], must=True, by=by, text="call back")

    def few(self) -> bool:
        """Whether one more request is wanted."""
        return len(self.table("request")) < FEW

    @precondition(few)
    @rule(
        subject=given.WORDS,
        text=given.WORDS,
        raw=given.RAW,
        customer=st.none() | given.CUSTOMERS,
        kind=given.KINDS,
        channel=given.CHANNELS,
        priority=given.PRIORITIES,
        tags=given.TAGS,
        due=given.PAST_OR_AHEAD,
        received=st.sampled_from((None, timedelta(minutes=-5), timedelta(days=-30))),
        to=st.none() | given.PICK,
    )
    def take_down(
        self,
        *,
        subject: str,
        text: str,
        raw: bytes,
        customer: drafts.CustomerRef | None,
        kind: Kind | None,
        channel: Channel | None,
        priority: Priority | None,
        tags: tuple[str, ...],
        due: timedelta | None,
        received: timedelta | None,
        to: int | None,
    ) -> None:
        """What came is kept to the byte; it is my move, or a department's at once."""
        words = "\n".join(filter(None, (subject, text)))
        self.comes(raw or words.encode("utf-8", "surrogateescape"))
        self.do(
            drafts.Capture,
            subject=subject,
            text=text,
            raw=raw,
            customer=customer,
            kind=kind,
            channel=channel,
            priority=priority,
            tags=tags,
            due_at=self.ahead(due),
            received_at=self.ahead(received),
            to=None if to is None else self.pick("department", to, in_use),
        )

    @precondition(few)
    @rule(
        words=st.sampled_from(
            (
                ["call", "back", "re", "offer"],
                ["Rechnung falsch", "@Bäckerei Ott", "+Eilt", "via:phone", "kind:compl"],
                ["key card @meyer prio:high"],
                ["\udcff\x1b[31m", "@info@krone.example", "--", "due:never"],
            )
        )
    )
    def take_down_quickly(self, words: list[str]) -> None:
        """The quick lane writes beside the open desk; its step is undone as any other."""
        with self.step():
            note(f"    poc add {words}")
            self.comes(os.fsencode(" ".join(words)))
            clock = SimpleNamespace(now=lambda zone: self.clock.now().astimezone(zone))
            with (
                mock.patch.object(add, "datetime", clock),
                mock.patch.dict(os.environ, {"POC_DB": str(self.store)}),
                contextlib.redirect_stdout(io.StringIO()),
            ):
                assert add.add(words) == 0
            newest = max(state.read(self.eye)["journal"].items())[1]
            assert newest["actor"] == ACTOR
            self.took(newest["label"], newest["id"])

    @rule(
        picks=given.PICKS,
        customer=st.none() | given.CUSTOMERS,
        subject=st.none() | given.WORDS,
        kind=given.KINDS,
        channel=given.CHANNELS,
        priority=given.PRIORITIES,
        due=given.PAST_OR_AHEAD,
        tags=st.none() | given.TAGS,
    )
    def look_at(
        self,
        picks: list[int],
        customer: drafts.CustomerRef | None,
        subject: str | None,
        kind: Kind | None,
        channel: Channel | None,
        priority: Priority | None,
        due: timedelta | None,
        tags: tuple[str, ...] | None,
    ) -> None:
        """Triage changes what is known about a request, never whose move it is."""
        for before, after in self.do(
            drafts.Triage,
            self.requests(picks, lives),
            customer=customer,
            subject=subject,
            kind=kind,
            channel=channel,
            priority=priority,
            due_at=self.ahead(due),
            tags=tags,
        ):
            assert after["court"] == before["court"]
            assert due is None or after["due_at"] == self.seconds(due)
            self.resolution_stays(before, after)

    @rule(picks=given.PICKS)
    def look_again(self, picks: list[int]) -> None:
        """What was known is right, says the one key of triage; what is due stays due."""
        for before, after in self.do(drafts.Triage, self.requests(picks, lives)):
            assert before["due_at"] in (None, after["due_at"])
            self.resolution_stays(before, after)

    def resolution_stays(self, before: Row, after: Row) -> None:
        """Where nothing changed that decides at which level the request is served.

        A target that comes no later than a date that somebody gave gives way to that date.
        """
        customer = (after["customer_id"],)
        cards = [taken.after["customer"].get(customer) for taken in self.done]
        always = len({card["vip"] for card in cards if card is not None}) < 2
        if always and all(before[fact] == after[fact] for fact in _FACTS):
            if after["due_for"] == "given" and after["resolve_by"] is None:
                assert before["resolve_by"] is None or before["resolve_by"] <= after["due_at"]
            else:
                assert before["resolve_by"] in (None, after["resolve_by"])

    def comes(self, raw: bytes) -> None:
        """These bytes are about to be captured under the next number."""
        (last,) = self.eye.execute(
            "SELECT coalesce(max(seq), 0) FROM sqlite_sequence WHERE name = 'request'"
        ).fetchone()
        self.came[last + 1] = raw
