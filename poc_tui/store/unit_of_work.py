"""One transaction: what a verb works with.

Everything written through a `UnitOfWork` is recorded for undo as it is flushed, so that no verb can
forget it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any

from poc_tui.errors import NotFound
from poc_tui.models.values import Event, State
from poc_tui.rules import court
from poc_tui.rules.mail.message import MailPolicy
from poc_tui.rules.service.deadlines import Deadlines, DueDate, DueFor
from poc_tui.rules.service.levels import Facts
from poc_tui.rules.service.turns import Turn
from poc_tui.rules.time_source import set_back
from poc_tui.store import due_dates, row_images
from poc_tui.store.due_dates import Clocks, OpenRequest
from poc_tui.store.queries.reader import marks, moment, portions
from poc_tui.store.row_session import RowSession
from poc_tui.store.rows import Activity, Customer, Forward, PastTurn, Reminder, Request


class UnitOfWork(RowSession):
    """The rows of one verb, with the moment, the person and the office hours it acts in.

    `now` is the moment of what is done to the request at hand: no earlier than what was done to
    it before, so that its timeline stays in order and no two turns of it overlap, wherever the
    clocks of those who act on it stand. `began` is what the clock of this computer says.
    """

    def __init__(
        self, connection: sqlite3.Connection, now: datetime, actor: str,
        deadlines: Deadlines, mail_policy: MailPolicy,
    ) -> None:  # fmt: skip
        super().__init__(connection)
        self.began = self.now = now.replace(microsecond=0)
        self.actor = actor
        self.deadlines = deadlines
        self.mail_policy = mail_policy
        self.remarks: list[str] = []
        self._minded = False
        for (at,) in connection.execute("SELECT at FROM journal ORDER BY id DESC LIMIT 1"):
            self._mind_the_clock(moment(at))

    def leave_redo(self, *, also_ours: bool) -> None:
        """Let what was taken back be done again after this: no new row gets a number of its rows.

        What somebody does ends their own redo, and not that of others; what nobody asked for ends
        none, and then `also_ours` is True.
        """
        self.held = row_images.held(self.connection, None if also_ours else self.actor)

    def request(self, number: int) -> Request:
        """The request of that number.

        Raises:
            NotFound: there is none.
        """
        row = self.get(Request, number)
        if row is None:
            raise NotFound(f"there is no request #{number}; nothing was changed")
        self.turn_to(row)
        return row

    def turn_to(self, request: Request | None) -> None:
        """Let `now` be the moment of what is done next to this request; None: to a new one."""
        self.now = self.began
        if request is None:
            return
        # Mail may leave an activity and the request as it was.
        ((newest,),) = self.query(
            "SELECT max(at) FROM activity WHERE request_id = ?", (request.id,)
        )
        activity = moment(newest)
        lived = (request.touched_at, request.court_since, request.resolved_at, activity)
        self.now = max(self.began, *(moment for moment in lived if moment is not None))
        self._mind_the_clock(self.now, f"#{request.id}: ")

    def _mind_the_clock(self, newest: datetime, of: str = "") -> None:
        """Say once where it stands days before the newest activity of all, or of a request."""
        sentence = set_back(self.began, newest, self.deadlines.hours.zone)
        if sentence is not None and not self._minded:
            self._minded = True
            self.remarks.append(f"{of}{sentence}")

    def open_forwards(self, request: Request) -> list[Forward]:
        """The forwards that wait for an answer, the first to be chased first."""
        waits = "answered_at IS NULL AND withdrawn_at IS NULL"
        return self.all(Forward, f"request_id = ? AND {waits} ORDER BY next_at, id", (request.id,))

    def open_reminders(self, request: Request) -> list[Reminder]:
        """The reminders of the request that nobody marked done."""
        return self.all(
            Reminder, "request_id = ? AND done_at IS NULL ORDER BY at, id", (request.id,)
        )

    def move(self, request: Request, move: court.Move, at: datetime | None = None) -> None:
        """Give the request its court and next date; it counts as open from now on.

        `at`: since when it is so, if not since now; no earlier than the turn before began. While
        the move is ours the customer's clock runs: there is a date by which they hear.
        """
        since = at or self.now
        if request.court != move.court:
            self.end_turn(request, since)
            request.court_since = since
        request.court = move.court
        request.next_at = move.next_at
        request.state = State.OPEN
        if move.court == court.CUSTOMER:
            request.resolve_by = None
            return
        if request.due_at is None:
            self.due(
                request,
                self.deadlines.while_ours(
                    self.facts(request), request.received_at, request.first_answered_at, since
                ),
            )
        if request.resolve_by is None:
            self.wind(request)

    def end_turn(self, request: Request, at: datetime) -> None:
        """Whosever move it was, it was over `at` that moment; a turn of no length is none."""
        if request.court and request.court_since and request.court_since < at:
            self.add(
                PastTurn(
                    request_id=request.id, court=request.court, since=request.court_since, until=at
                )
            )

    def due(self, request: Request, due: DueDate | None) -> None:
        """Say when the customer must hear from us; None where nothing is due to them."""
        given = DueFor.GIVEN in (request.due_for, due and due.purpose)
        request.due_at = due and due.at
        request.due_for = due and due.purpose
        request.due_since = due and due.since
        if given:
            # Until when it must be resolved gives way to such a date, and comes back after it.
            self.wind(request)

    def wind(self, request: Request) -> None:
        """Set when it must be resolved, from the time spent on its clock so far."""
        if (opened := self._open(request)) is None:
            request.resolve_by = None
            return
        if request.due_at is not None and request.due_since is None:
            request.due_since = request.received_at
        past = self._past(request)
        request.resolve_by = due_dates.resolve_by(self.deadlines, opened, past, _due(request))

    def recount(self, request: Request) -> None:
        """Count its dates anew, now that it is served at another level; given ones stay.

        The next move stays too: nobody did anything about the request.
        """
        if (opened := self._open(request)) is None or _due(request) is None:
            self.wind(request)
            return
        clocks = due_dates.count(self.deadlines, opened, self._past(request))
        _, request.due_at, request.due_for, request.due_since, request.resolve_by = clocks

    def facts(self, request: Request) -> Facts:
        """What decides the level at which the request is served."""
        customer = self.get(Customer, request.customer_id)
        return Facts(
            request.channel,
            request.kind,
            request.priority,
            customer is not None and customer.vip,
            "" if customer is None else customer.name,
        )

    def record(self, request: Request, what: Event, text: str = "", **rest: Any) -> Activity:
        """Add an activity to the request's timeline."""
        if request.touched_at == self.now:
            self._touch(request)
        request.touched_at = self.now
        return self.add(Activity(**_activity(self, request.id, what, text, rest)))

    def enter(self, number: int, what: Event, text: str, **rest: Any) -> int:
        """Add an activity to a request that is not touched by it; returns its id."""
        return self.insert("activity", _activity(self, number, what, text, rest))

    def remark(self, number: int, text: str, mail_id: int | None = None) -> None:
        """Say of a request what its person is to see, now and until they have seen it."""
        self.remarks.append(f"#{number}: {text}")
        about = {"request_id": number, "mail_id": mail_id, "text": text, "at": self.now}
        self.insert("remark", about)

    def remarks_seen(self, numbers: Sequence[int]) -> None:
        """What was remarked on these requests has been seen."""
        unseen = [
            id
            for part in portions(list(numbers))
            for (id,) in self.query(
                f"SELECT id FROM remark WHERE request_id IN ({marks(part)}) AND seen_at IS NULL"
                " ORDER BY id",
                part,
            )
        ]
        for id in unseen:
            self.update("remark", id, {"seen_at": self.now})

    def _touch(self, request: Request) -> None:
        """Have the step count as one on the request, although the second is that of the one before
        and no column changes: what was done in between must not be taken back from under it."""
        if not any((table, key) == ("request", request.id) for table, key, _ in self.changes):
            self.update("request", request.id, {}, also=["touched_at"])

    def _open(self, request: Request) -> OpenRequest | None:
        """The request as far as its clocks go; None where the customer's stand still."""
        if request.court in (None, court.CUSTOMER) or request.court_since is None:
            return None
        clocks = Clocks(*(getattr(request, name) for name in Clocks._fields))
        return OpenRequest(
            request.id,
            self.facts(request),
            str(request.court),
            request.court_since,
            request.received_at,
            request.first_answered_at,
            clocks,
        )

    def _past(self, request: Request) -> list[Turn]:
        past = self.all(PastTurn, "request_id = ? ORDER BY id", (request.id,))
        return [Turn(turn.court, turn.since, turn.until) for turn in past]


def _activity(
    work: UnitOfWork, number: int, what: Event, text: str, rest: Mapping[str, Any]
) -> dict[str, Any]:
    activity = {"at": work.now, "actor": work.actor, "event": what, "text": text}
    return {"request_id": number, **activity, **rest}


def iso(moment: datetime | None) -> str | None:
    """A moment as it stands in the changes that an activity keeps: in whole seconds, as stored."""
    return None if moment is None else moment.replace(microsecond=0).isoformat()


def _due(request: Request) -> DueDate | None:
    """When the customer must hear from us; None where nothing is due, or nobody counted yet."""
    if request.due_at is None or not request.due_for or request.due_since is None:
        return None
    return DueDate(request.due_at, DueFor(request.due_for), request.due_since)
