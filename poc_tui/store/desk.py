"""The desk: every verb is one transaction with its activity and its step in the journal."""

from __future__ import annotations

import contextlib
import sqlite3
import threading
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from poc_tui.errors import MovedOn, NotFound, PocError, Refused
from poc_tui.models.values import JournalStep
from poc_tui.rules.mail.message import NO_MAIL, MailPolicy
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import Clock
from poc_tui.store import drafts, due_dates
from poc_tui.store.connection import TOO_LARGE, connect, translated
from poc_tui.store.queries import happened
from poc_tui.store.queries.happened import SeenActivities
from poc_tui.store.records import Done
from poc_tui.store.undo import steps_back, unfiling
from poc_tui.store.unit_of_work import UnitOfWork
from poc_tui.store.verbs import (
    acceptance,
    capture,
    chasing,
    conversation,
    customers,
    departments,
    ending,
    escalation,
    filing,
    forwards,
    promises,
    splitting,
    triage,
    undelivered,
    waiting,
)
from poc_tui.store.verbs.verb import Verb
from poc_tui.store.writer import immediate

VERBS: Mapping[type[drafts.Draft], Verb[Any]] = {
    verb.draft: verb
    for family in (
        acceptance, capture, chasing, conversation, customers, departments, ending, escalation,
        filing, forwards, promises, splitting, triage, undelivered, waiting,
    )
    for verb in family.VERBS
}  # fmt: skip
"""What carries out a draft, by its type."""


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
        mail_policy: MailPolicy = NO_MAIL,
    ) -> None:
        self.path = path
        self._clock = clock
        self._deadlines = deadlines
        self._actor = actor
        self._mail_policy = mail_policy
        self._connection = connect(path)
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
        person looked. Returns what was done in words, and the numbers of the requests it touched.

        Raises:
            MovedOn: more was done to them than was `seen`.
        """
        verb = VERBS[type(draft)]
        with self._transaction() as work:
            news = happened.since(work.query, seen or {}, self._actor, self._clock.zone)
            by_now = {} if news is None else happened.seen(work.query, list(seen or ()))
            work.leave_redo(also_ours=run is None and verb.by_itself)
            with _also_saying(news):
                touched = verb.carry_out(draft, numbers, work)
            if not verb.by_itself:
                work.remarks_seen(touched)
            if news is not None:
                # Raised only now: what cannot be done at all is not said to be a matter of Enter.
                raise MovedOn(f"meanwhile {news}; enter again saves all the same", by_now)
            words = verb.label(draft, touched, work)
            journal_id = _enter(work, verb.id, words, run)
            return Done(words, tuple(touched), journal_id, tuple(dict.fromkeys(work.remarks)))

    def undo(self, expected: int | None = None) -> Done:
        """Take back the last step of this desk's actor.

        Refused if it is not the step that is `expected`, or if what somebody else did
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

    def refile(self, draft: drafts.FileMails, run: str) -> Done:
        """Take the one mail of the draft off its request and file it anew, as steps of one `run`;
        or nothing when it raises, as `unfile` and filing do."""
        (mail_id,) = draft.mail_ids
        taken = self.unfile(mail_id, run=run)
        try:
            done = self.do(draft, run=run)
        except PocError:
            self.undo(taken.journal_id)
            raise
        return done._replace(remarks=(*taken.remarks, *done.remarks))

    def split(self, mail_id: int, run: str) -> Done:
        """Make a new request of a mail that is on one, and put back there what it did, as long as
        nothing was done since that builds on it.

        Its steps are of one `run`. Raises as `verbs.splitting.split` does.
        """
        with self._transaction() as work:
            number = splitting.check_split(work, mail_id)
        try:
            done = self.refile(drafts.FileMails((mail_id,), wanted=True, apart=True), run)
        except Refused:
            return self.do(drafts.SplitMail(mail_id), run=run)
        (new,) = done.numbers
        return done._replace(label=f"split #{new} off from #{number}", numbers=(number, new))

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
            return Done("apply the service levels", (), applied.journal_id, (moved,))

    def use(self, deadlines: Deadlines, mail_policy: MailPolicy | None = None) -> None:
        """Act by these from now on, as they were put in force elsewhere; None stays as it is."""
        with self._lock:
            self._deadlines = deadlines
            self._mail_policy = mail_policy or self._mail_policy

    def close(self) -> None:
        """Let the file go."""
        with self._lock:
            self._connection.close()

    @contextlib.contextmanager
    def _transaction(self) -> Iterator[UnitOfWork]:
        """The clock is read within it: who has waited for another writer acts after that one."""
        with self._lock, self._failures(), immediate(self._connection):
            now = self._clock.now()
            work = UnitOfWork(
                self._connection, now, self._actor, self._deadlines, self._mail_policy
            )
            yield work
            work.flush()

    @contextlib.contextmanager
    def _failures(self) -> Iterator[None]:
        try:
            yield
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


def _enter(work: UnitOfWork, step: str, words: str, run: str | None) -> int | None:
    """Write the step into the journal; that itself is not something to undo.

    Mails that were all set aside leave nothing to take back, and so no step.
    """
    work.flush()
    if not work.changes and step == JournalStep.MAIL:
        return None
    if not work.changes:
        raise Refused("nothing to change; it is so already")
    return work.journal(work.began, work.actor, step, words, run)
