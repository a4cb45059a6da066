"""The desk: every verb is one transaction with its activity and its journal entry."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy.exc import DBAPIError

from poc_tui.errors import MovedOn, NotFound, NotUnderstood, Refused
from poc_tui.models.tables import Journal
from poc_tui.models.values import JournalStep
from poc_tui.rules.mail.policy import NO_MAIL, MailPolicy
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import Clock
from poc_tui.store import drafts, due_dates
from poc_tui.store.connection import TOO_LARGE, connect, translated
from poc_tui.store.engine import engine_over
from poc_tui.store.queries import happened
from poc_tui.store.queries.happened import SeenActivities
from poc_tui.store.records import Done
from poc_tui.store.row_rules import present
from poc_tui.store.undo import steps_back, unfiling
from poc_tui.store.undo.journal_labels import label
from poc_tui.store.unit_of_work import UnitOfWork, writing
from poc_tui.store.verbs import customers, departments
from poc_tui.store.verbs.capture import capture
from poc_tui.store.verbs.chasing import chase_answer
from poc_tui.store.verbs.conversation import answer, customer_wrote, note
from poc_tui.store.verbs.ending import reopen, resolve
from poc_tui.store.verbs.escalation import escalate, stand_down
from poc_tui.store.verbs.filing import file_mails, not_delivered
from poc_tui.store.verbs.forwards import forward, log_answer
from poc_tui.store.verbs.promises import keep_or_break, promise
from poc_tui.store.verbs.triage import triage
from poc_tui.store.verbs.waiting import mark_done, remind, snooze

_ON_REQUESTS = {
    drafts.Triage: (JournalStep.TRIAGE, triage),
    drafts.Forward: (JournalStep.FORWARD, forward),
    drafts.LogAnswer: (JournalStep.LOG, log_answer),
    drafts.CustomerWrote: (JournalStep.LOG, customer_wrote),
    drafts.Answer: (JournalStep.ANSWER, answer),
    drafts.Chase: (JournalStep.CHASE, chase_answer),
    drafts.Escalate: (JournalStep.ESCALATE, escalate),
    drafts.StandDown: (JournalStep.STAND_DOWN, stand_down),
    drafts.Note: (JournalStep.NOTE, note),
    drafts.Resolve: (JournalStep.RESOLVE, resolve),
    drafts.Reopen: (JournalStep.REOPEN, reopen),
    drafts.Snooze: (JournalStep.SNOOZE, snooze),
    drafts.Remind: (JournalStep.REMIND, remind),
    drafts.Promise: (JournalStep.PROMISE, promise),
}


class Desk:
    """Carries out what a person decided. May be called from any thread, one verb at a time.

    Raises (from every method, the errors of its verb besides; the store is then as it was):
        StoreBusy: another process writes for too long.
        StoreUnreadable: the file cannot be written.
    """

    def __init__(
        self,
        path: str,
        clock: Clock,
        deadlines: Deadlines,
        *,
        actor: str = "me",
        posting: MailPolicy = NO_MAIL,
    ) -> None:
        self.path = path
        self._clock = clock
        self._deadlines = deadlines
        self._actor = actor
        self._posting = posting
        self._connection = connect(path)
        self._engine = engine_over(self._connection)
        self._lock = threading.Lock()

    def do(
        self,
        draft: drafts.Draft,
        numbers: Sequence[int] = (),
        *,
        run: str | None = None,
        seen: SeenActivities | None = None,
    ) -> Done:
        """Carry out a draft, on these requests where it acts on requests: all of them or none.

        Steps of one `run` are taken back together. `seen` is what was last done to them when the
        person looked; if more was done since, it raises `MovedOn` instead. Returns what was done
        in words, and the numbers of the requests it touched.
        """
        with self._transaction() as work:
            news = None if seen is None else self._news(seen)
            by_now = {} if news is None else happened.seen(self._query, list(seen or ()))
            work.leave_redo(also_ours=run is None and isinstance(draft, _BY_ITSELF))
            with _also_saying(news):
                step, touched = _carry_out(draft, numbers, work)
            if news is not None:
                # Raised only now: what cannot be done at all is not said to be a matter of Enter.
                raise MovedOn(f"meanwhile {news}; enter again saves all the same", by_now)
            words = label(step, touched, draft, work)
            entry = _enter(work, step, words, run)
            return Done(words, tuple(touched), entry, tuple(dict.fromkeys(work.remarks)))

    def undo(self, expected: int | None = None) -> Done:
        """Take back the last step of this desk's actor.

        Refused if it is not the journal entry that is `expected`, or if what somebody else did
        since is in the way.
        """
        with self._lock, self._failures():
            return steps_back.undo(self._connection, self._actor, expected)

    def redo(self) -> Done:
        """Do again the step that this desk's actor took back last."""
        with self._lock, self._failures():
            return steps_back.redo(self._connection, self._actor)

    def unfile(self, mail_id: int, *, run: str | None = None) -> Done:
        """Take a mail off its request, wherever in the journal it was filed; it lies aside then.

        A step like any other: undo puts the mail back where it was.
        """
        with self._lock, self._failures():
            return unfiling.unfile(self._connection, mail_id, self._clock, self._actor, run)

    def wind(self) -> int:
        """Set the clocks of requests that were only taken down; returns how many."""
        with self._lock, self._failures():
            return due_dates.wind(self._connection, self._deadlines)

    def apply_levels(
        self,
        deadlines: Deadlines,
        source: bytes,
        hours: str,
        progress: due_dates.Progress = lambda done, total: None,
    ) -> Done:
        """Put service levels in force, and count the dates of all open requests anew.

        `source` is the file that they come from, `hours` a fingerprint of the business hours.
        """
        with self._lock, self._failures():
            applied = due_dates.apply_levels(
                self._connection, deadlines, source, hours, self._clock, self._actor, progress
            )
            self._deadlines = deadlines
            moved = f"{applied.moved:,} of {applied.open:,} open requests have other dates now"
            return Done("apply the service levels", (), applied.entry, (moved,))

    def use(self, deadlines: Deadlines) -> None:
        """Act by these from now on: another program has put them in force."""
        with self._lock:
            self._deadlines = deadlines

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._engine.dispose()
            self._connection.close()

    def _news(self, seen: SeenActivities) -> str | None:
        return happened.since(self._query, seen, self._actor, self._clock.zone)

    def _query(self, sql: str, values: Sequence[Any]) -> list[tuple[Any, ...]]:
        return self._connection.execute(sql, values).fetchall()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[UnitOfWork]:
        with (
            self._lock,
            self._failures(),
            writing(
                self._engine,
                self._connection,
                self._clock,
                self._actor,
                self._deadlines,
                self._posting,
            ) as work,
        ):
            yield work

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
        except DBAPIError as error:
            if isinstance(error.orig, sqlite3.Error):
                raise translated(error.orig, self.path) from error
            raise
        except sqlite3.Error as error:
            raise translated(error, self.path) from error
        except OverflowError as error:
            raise NotFound(TOO_LARGE) from error


@contextlib.contextmanager
def _also_saying(news: str | None) -> Iterator[None]:
    """What cannot be done may be so for what was done since the person looked: that is said too."""
    try:
        yield
    except (Refused, NotFound) as error:
        if news is None:
            raise
        raise type(error)(f"{error}; meanwhile {news}") from error


def _carry_out(
    draft: drafts.Draft, numbers: Sequence[int], work: UnitOfWork
) -> tuple[JournalStep, Sequence[int]]:
    if type(draft) in _ON_REQUESTS and (numbers or type(draft) not in _ALSO_ALONE):
        return _on_requests(draft, numbers, work)
    if type(draft) in _ALSO_ALONE:
        step, verb = _ON_REQUESTS[type(draft)]
        verb(draft, work, None)  # type: ignore[operator]
        return step, []
    step, alone = _ALONE[type(draft)]
    return step, alone(draft, work)  # type: ignore[operator]


def _taken_down(draft: drafts.Capture, work: UnitOfWork) -> list[int]:
    return [present(capture(draft, work).id)]


def _customer(draft: drafts.EditCustomer, work: UnitOfWork) -> list[int]:
    customers.edit(draft, work)
    return []


def _department(draft: drafts.EditDepartment, work: UnitOfWork) -> list[int]:
    departments.edit(draft, work)
    return []


def _spoken_to(draft: drafts.Contact, work: UnitOfWork) -> list[int]:
    customers.contact(draft, work)
    return []


_ALONE = {
    drafts.Capture: (JournalStep.NEW, _taken_down),
    drafts.MarkDone: (JournalStep.DONE, mark_done),
    drafts.EndPromise: (JournalStep.END_PROMISE, keep_or_break),
    drafts.Contact: (JournalStep.CONTACT, _spoken_to),
    drafts.FileMails: (JournalStep.MAIL, file_mails),
    drafts.NotDelivered: (JournalStep.NOT_DELIVERED, not_delivered),
    drafts.EditCustomer: (JournalStep.CUSTOMER, _customer),
    drafts.EditDepartment: (JournalStep.DEPARTMENT, _department),
}
"""Verbs that find out for themselves what they touch; each returns the numbers of requests."""

_BY_ITSELF = (drafts.FileMails, drafts.NotDelivered)
"""What happens while nobody asks for it, unless it has a run."""

_ALSO_ALONE = (drafts.Remind, drafts.Promise)
"""Verbs on requests that also stand on their own."""


def _on_requests(
    draft: drafts.Draft, numbers: Sequence[int], work: UnitOfWork
) -> tuple[JournalStep, Sequence[int]]:
    if not numbers:
        raise NotUnderstood("say which request is meant, by its number")
    step, verb = _ON_REQUESTS[type(draft)]
    chosen = list(dict.fromkeys(numbers))
    for number in chosen:
        verb(draft, work, work.request(number))  # type: ignore[operator]
    work.session.flush()
    return step, chosen


def _enter(work: UnitOfWork, step: JournalStep, words: str, run: str | None) -> int | None:
    """Write the journal entry; the entry itself is not something to undo.

    Mails that were all set aside leave nothing to take back, and so no entry.
    """
    work.session.flush()
    if not work.changes and step == JournalStep.MAIL:
        return None
    if not work.changes:
        raise Refused("nothing to change; it is so already")
    entry = Journal(
        at=work.began, actor=work.actor, step=step, label=words, run=run, changes=work.changes
    )
    work.changes = []
    work.session.add(entry)
    work.session.flush()
    return present(entry.id)
