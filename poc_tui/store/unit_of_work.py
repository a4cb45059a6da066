"""One transaction: what a verb works with.

Everything written through a `UnitOfWork` is recorded for undo as it is flushed, so that no verb can
forget it.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, datetime
from typing import Any, TypeVar

from sqlalchemy import Engine, event, inspect
from sqlalchemy.orm import Session
from sqlmodel import SQLModel, select

from poc_tui.errors import NotFound
from poc_tui.models.tables import Activity, Customer, Forward, PastTurn, Reminder, Request
from poc_tui.models.values import Event, State
from poc_tui.rules import court
from poc_tui.rules.mail.message import MailPolicy
from poc_tui.rules.service import turns
from poc_tui.rules.service.deadlines import Deadlines, DueDate, DueFor
from poc_tui.rules.service.levels import Facts
from poc_tui.rules.time_source import Clock, set_back
from poc_tui.store import row_images
from poc_tui.store.damage import present
from poc_tui.store.transaction import immediate

Row = TypeVar("Row", bound=SQLModel)

_CLOCKS = ("due_at", "due_for", "due_since", "resolve_by")


class UnitOfWork:
    """The session of one verb, with the moment, the person and the office hours it acts in.

    `now` is the moment of what is done to the request at hand: no earlier than what was done to
    it before, so that its timeline stays in order and no two turns of it overlap, wherever the
    clocks of those who act on it stand. `began` is what the clock of this computer says.
    """

    def __init__(
        self, session: Session, connection: sqlite3.Connection, now: datetime, actor: str,
        deadlines: Deadlines, mail_policy: MailPolicy,
    ) -> None:  # fmt: skip
        self.session = session
        self.began = self.now = now
        self.actor = actor
        self.deadlines = deadlines
        self.mail_policy = mail_policy
        self.changes: list[row_images.Change] = []
        self.remarks: list[str] = []
        # For writing what is no step, such as how far a mail has come: undo leaves it alone.
        self.connection = connection
        self.held: dict[str, int] = {}
        """By table: the highest number that no new row gets, as what was taken back has it."""
        self._minded = False
        for (at,) in connection.execute("SELECT at FROM journal ORDER BY id DESC LIMIT 1"):
            self._mind_the_clock(datetime.fromtimestamp(at, UTC))
        event.listen(session, "before_flush", lambda *_: _before_flush(self))
        event.listen(session, "after_flush", lambda *_: _after_flush(self))

    def add(self, row: Row) -> Row:
        """Store a new row; it has its id afterwards."""
        self.session.add(row)
        self.session.flush()
        return row

    def remove(self, row: SQLModel) -> None:
        """Take a row out."""
        self.session.delete(row)
        self.session.flush()

    def insert(self, table: type[SQLModel], values: Mapping[str, Any]) -> int:
        """Store a new row in plain SQL; returns its id.

        For what comes by the thousand: several times faster than `add`. What is left out is as
        the store has it for a row that says nothing of it.
        """
        name = str(inspect(table).local_table.name)
        if name in self.held:
            values = {"id": _free(self, name), **values}
        cursor = self.connection.execute(
            f"INSERT INTO {name} ({', '.join(values)}) VALUES ({', '.join('?' * len(values))})",
            [
                int(value.timestamp()) if isinstance(value, datetime) else value
                for value in values.values()
            ],
        )
        id = present(cursor.lastrowid)
        self.changes.append([name, id, None])
        return id

    def leave_redo(self, *, also_ours: bool) -> None:
        """Let what was taken back be done again after this: no new row gets a number of its rows.

        What somebody does ends their own redo, and not that of others; what nobody asked for ends
        none, and then `also_ours` is True.
        """
        self.held = row_images.held(self.connection, None if also_ours else self.actor)

    def query(self, sql: str, parameters: Sequence[Any] = ()) -> list[tuple[Any, ...]]:
        """Plain SQL within this transaction, for what the read side also asks."""
        self.session.flush()
        return self.connection.execute(sql, tuple(parameters)).fetchall()

    def request(self, number: int) -> Request:
        """The request of that number.

        Raises:
            NotFound: there is none.
        """
        row = self.session.get(Request, number)
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
        activity = None if newest is None else datetime.fromtimestamp(newest, UTC)
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
        return list(
            self.session.scalars(
                select(Forward)
                .where(
                    Forward.request_id == request.id,
                    Forward.answered_at == None,  # noqa: E711 - SQL, not Python
                    Forward.withdrawn_at == None,  # noqa: E711
                )
                .order_by(Forward.next_at, Forward.id)  # type: ignore[arg-type]
            )
        )

    def open_reminders(self, request: Request) -> list[Reminder]:
        """The reminders of the request that nobody marked done."""
        return list(
            self.session.scalars(
                select(Reminder)
                .where(Reminder.request_id == request.id, Reminder.done_at == None)  # noqa: E711
                .order_by(Reminder.at, Reminder.id)  # type: ignore[arg-type]
            )
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
                    request_id=present(request.id),
                    court=request.court,
                    since=request.court_since,
                    until=at,
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
        """Set when it must be resolved, from what its clock has burnt so far."""
        if request.court in (None, court.CUSTOMER) or request.court_since is None:
            request.resolve_by = None
            return
        if request.due_at is not None and request.due_since is None:
            request.due_since = request.received_at
        past = self.session.scalars(
            select(PastTurn).where(PastTurn.request_id == request.id).order_by(PastTurn.id)  # type: ignore[arg-type]
        )
        lived = [turns.Turn(turn.court, turn.since, turn.until) for turn in past]
        lived.append(turns.Turn(request.court or "", request.court_since, None))
        request.resolve_by = self.deadlines.resolve_by(self.facts(request), lived, _due(request))

    def recount(self, request: Request) -> None:
        """Count its dates anew, now that it is served at another level; given ones stay."""
        if (due := _due(request)) is not None:
            self.due(request, self.deadlines.anew(self.facts(request), due))
        self.wind(request)

    def facts(self, request: Request) -> Facts:
        """What decides the level at which the request is served."""
        customer = (
            None if request.customer_id is None else self.session.get(Customer, request.customer_id)
        )
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
        return self.add(Activity(**_activity(self, present(request.id), what, text, rest)))

    def _touch(self, request: Request) -> None:
        """Have the step count as one on the request, although the second is that of the one before
        and no column changes: what was done in between must not be taken back from under it."""
        if inspect(request).persistent and not any(
            (table, key) == ("request", request.id) for table, key, _ in self.changes
        ):
            image = row_images.columns(
                self.connection, "request", present(request.id), ["touched_at"]
            )
            self.changes.append(["request", present(request.id), image])

    def enter(self, number: int, what: Event, text: str, **rest: Any) -> int:
        """Add an activity to a request by `insert`; the request is not touched."""
        return self.insert(Activity, _activity(self, number, what, text, rest))


@contextmanager
def writing(
    engine: Engine,
    connection: sqlite3.Connection,
    clock: Clock,
    actor: str,
    deadlines: Deadlines,
    mail_policy: MailPolicy,
) -> Iterator[UnitOfWork]:
    """One transaction: committed when the block ends, rolled back when it raises.

    The clock is read within it: who has waited for another writer acts after that one.
    """
    with immediate(connection), Session(engine, autoflush=True, expire_on_commit=False) as session:
        yield UnitOfWork(session, connection, clock.now(), actor, deadlines, mail_policy)
        session.flush()


def _activity(
    work: UnitOfWork, number: int, what: Event, text: str, rest: Mapping[str, Any]
) -> dict[str, Any]:
    activity = {"at": work.now, "actor": work.actor, "event": what, "text": text}
    return {"request_id": number, **activity, **rest}


def _free(work: UnitOfWork, table: str) -> int:
    """The next number in a table of which some are held."""
    ((highest, given),) = work.connection.execute(
        f"SELECT (SELECT max(id) FROM {table}),"
        " (SELECT max(seq) FROM sqlite_sequence WHERE name = ?)",
        (table,),
    )
    work.held[table] = max(work.held[table], highest or 0, given or 0) + 1
    return work.held[table]


def _before_flush(work: UnitOfWork) -> None:
    for row in work.session.new:
        table = _name(row)
        if table in work.held and inspect(row).attrs.id.value is None:
            row.id = _free(work, table)
    for row in work.session.dirty:
        attributes = inspect(row).attrs
        changed = [attribute.key for attribute in attributes if attribute.history.has_changes()]
        if changed:
            table, key = _name(row), _key(row)
            if isinstance(row, Request) and "court" in changed:
                # Winding is no step, so a clock that looks unchanged may be another by then.
                changed = list(dict.fromkeys((*changed, *_CLOCKS)))
            image = row_images.columns(work.connection, table, key, changed)
            work.changes.append([table, key, image])
    for row in work.session.deleted:
        table, key = _name(row), _key(row)
        work.changes.append([table, key, row_images.whole(work.connection, table, key)])


def _after_flush(work: UnitOfWork) -> None:
    work.changes.extend([_name(row), _key(row), None] for row in work.session.new)


def iso(moment: datetime | None) -> str | None:
    """A moment as it stands in the changes that an activity keeps."""
    return None if moment is None else moment.isoformat()


def _due(request: Request) -> DueDate | None:
    """When the customer must hear from us; None where nothing is due, or nobody counted yet."""
    if request.due_at is None or not request.due_for or request.due_since is None:
        return None
    return DueDate(request.due_at, DueFor(request.due_for), request.due_since)


def _name(row: object) -> str:
    return str(inspect(row).mapper.local_table.name)


def _key(row: object) -> row_images.Key:
    identity = [int(value) for value in inspect(row).mapper.primary_key_from_instance(row)]
    return identity[0] if len(identity) == 1 else identity
