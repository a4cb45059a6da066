"""The desk: every verb is one transaction with its activity and its journal entry."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Sequence

from sqlalchemy.exc import DBAPIError

from poc_tui.errors import NotFound, NotUnderstood, Refused
from poc_tui.models.tables import Journal
from poc_tui.models.values import Step
from poc_tui.rules.clock import Clock
from poc_tui.rules.deadlines import Deadlines
from poc_tui.store import drafts, undo
from poc_tui.store.backend import TOO_LARGE, connect, translated
from poc_tui.store.engine import engine_over
from poc_tui.store.labels import label
from poc_tui.store.records import Done
from poc_tui.store.verbs import customers, departments
from poc_tui.store.verbs.capture import capture
from poc_tui.store.verbs.conversation import answer, customer_wrote, note
from poc_tui.store.verbs.ending import reopen, resolve
from poc_tui.store.verbs.forwards import forward, log_answer
from poc_tui.store.verbs.triage import triage
from poc_tui.store.verbs.waiting import mark_done, remind, snooze
from poc_tui.store.work import Work, writing

_ON_REQUESTS = {
    drafts.Triage: (Step.TRIAGE, triage),
    drafts.Forward: (Step.FORWARD, forward),
    drafts.LogAnswer: (Step.LOG, log_answer),
    drafts.CustomerWrote: (Step.LOG, customer_wrote),
    drafts.Answer: (Step.ANSWER, answer),
    drafts.Note: (Step.NOTE, note),
    drafts.Resolve: (Step.RESOLVE, resolve),
    drafts.Reopen: (Step.REOPEN, reopen),
    drafts.Snooze: (Step.SNOOZE, snooze),
    drafts.Remind: (Step.REMIND, remind),
}


class Desk:
    """Carries out what a person decided. May be called from any thread, one verb at a time.

    Every method raises `StoreBusy` when another process writes for too long, `StoreUnreadable`
    when the file cannot be written, and the errors of its verb; after any of them the store is
    as it was.
    """

    def __init__(self, path: str, clock: Clock, deadlines: Deadlines, *, actor: str = "me") -> None:
        self.path = path
        self._clock = clock
        self._deadlines = deadlines
        self._actor = actor
        self._connection = connect(path)
        self._engine = engine_over(self._connection)
        self._lock = threading.Lock()

    def do(self, draft: drafts.Draft, numbers: Sequence[int] = ()) -> Done:
        """Carry out a draft, on these requests where it acts on requests: all of them or none.

        Returns what was done in words, and the numbers of the requests it touched.
        """
        with self._transaction() as work:
            step, touched = _carry_out(draft, numbers, work)
            words = label(step, touched, draft, work)
            entry = _enter(work, step, words)
            return Done(words, tuple(touched), entry, tuple(dict.fromkeys(work.remarks)))

    def undo(self, expected: int | None = None) -> Done:
        """Take the last step back; refused if it is not the journal entry that is `expected`."""
        with self._lock, self._failures():
            return undo.undo(self._connection, expected)

    def redo(self) -> Done:
        """Do the step again that was taken back last."""
        with self._lock, self._failures():
            return undo.redo(self._connection)

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._engine.dispose()
            self._connection.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[Work]:
        with (
            self._lock,
            self._failures(),
            writing(
                self._engine, self._connection, self._clock.now(), self._actor, self._deadlines
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


def _carry_out(
    draft: drafts.Draft, numbers: Sequence[int], work: Work
) -> tuple[Step, Sequence[int]]:
    match draft:
        case drafts.Capture():
            number = capture(draft, work).id
            assert number is not None  # noqa: S101 - stored
            return Step.NEW, [number]
        case drafts.MarkDone():
            return Step.DONE, mark_done(draft, work)
        case drafts.EditCustomer():
            customers.edit(draft, work)
            return Step.CUSTOMER, []
        case drafts.EditDepartment():
            departments.edit(draft, work)
            return Step.DEPARTMENT, []
        case drafts.Remind() if not numbers:
            remind(draft, work, None)
            return Step.REMIND, []
        case _:
            return _on_requests(draft, numbers, work)


def _on_requests(
    draft: drafts.Draft, numbers: Sequence[int], work: Work
) -> tuple[Step, Sequence[int]]:
    if not numbers:
        raise NotUnderstood("say which request is meant, by its number")
    step, verb = _ON_REQUESTS[type(draft)]
    chosen = list(dict.fromkeys(numbers))
    for number in chosen:
        verb(draft, work, work.request(number))  # type: ignore[operator]
    work.session.flush()
    return step, chosen


def _enter(work: Work, step: Step, words: str) -> int:
    """Write the journal entry; the entry itself is not something to undo."""
    work.session.flush()
    if not work.changes:
        raise Refused("nothing to change; it is so already")
    entry = Journal(at=work.now, actor=work.actor, step=step, label=words, changes=work.changes)
    work.changes = []
    work.session.add(entry)
    work.session.flush()
    assert entry.id is not None  # noqa: S101 - flushed
    return entry.id
