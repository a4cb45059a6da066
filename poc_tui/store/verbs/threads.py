"""Which mails belong together, and where those of them that are filed lie."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from poc_tui.store.queries.reader import marks, portions
from poc_tui.store.unit_of_work import UnitOfWork

MOST = 1000
"""Mails of one thread that are looked at."""

# What is filed comes first, so that a thread longer than that still finds its request.
_NEAR = """
    SELECT DISTINCT r.mail_id, f.request_id, f.activity_id, f.forward_id, f.doubt
    FROM mail_ref r LEFT JOIN mail_filed f ON f.mail_id = r.mail_id
    WHERE r.ref IN ({}) ORDER BY f.mail_id IS NULL, r.mail_id LIMIT ?
"""
_NAMED = "SELECT DISTINCT ref FROM mail_ref WHERE mail_id IN ({})"
_HAD = """
    WITH named (ref) AS (VALUES {})
    SELECT ref FROM named
    WHERE EXISTS (SELECT 1 FROM mail_ref n JOIN mail_read r ON r.mail_id = n.mail_id
                  WHERE n.ref = named.ref AND r.message_id = named.ref)
    OR EXISTS (SELECT 1 FROM outbox WHERE message_id = named.ref)
"""


class Filed(NamedTuple):
    """Where a mail lies."""

    number: int
    """Of the request."""
    activity_id: int
    forward_id: int | None = None
    """The forward that it comes from."""
    doubt: str = ""
    """Why nobody can say that its sender wrote it."""

    @property
    def row(self) -> dict[str, object]:
        """The same as a row of the table `mail_filed`, by its columns."""
        return dict(zip(("request_id", "activity_id", "forward_id", "doubt"), self, strict=True))


@dataclass(slots=True)
class MailThread:
    """Mails that have or name an id that others of them have or name."""

    mails: set[int] = field(default_factory=set)
    filed: dict[int, Filed] = field(default_factory=dict)


class MailThreads:
    """The threads of mails that are filed together; each is looked up once.

    With `firm` an id holds mails together only if a mail that is here has it as its own, be it
    one that came or one of ours.
    """

    def __init__(self, work: UnitOfWork, *, firm: bool = False) -> None:
        self._connection = work.connection
        self._firm = firm
        self._by_id: dict[str, MailThread] = {}
        self._had: dict[str, bool] = {}

    def of(self, mail: int) -> MailThread:
        """The thread of a mail, no more than `MOST` mails of it."""
        ids = self._named_by([mail])
        for id in ids:
            if id in self._by_id:
                return self._by_id[id]
        thread = MailThread({mail})
        self._look_up(thread, ids)
        return thread

    def _look_up(self, thread: MailThread, ids: set[str]) -> None:
        while ids:
            self._by_id.update(dict.fromkeys(ids, thread))
            fresh = self._add_near(thread, sorted(ids))
            ids = {id for id in self._named_by(fresh) if self._by_id.get(id) is not thread}

    def _named_by(self, mails: Sequence[int]) -> set[str]:
        ids = {
            ref
            for part in portions(mails)
            for (ref,) in self._connection.execute(_NAMED.format(marks(part)), part)
        }
        return self._those_had(ids) if self._firm else ids

    def _those_had(self, ids: set[str]) -> set[str]:
        """Those ids that a mail that is here has as its own; each is asked for once."""
        for part in portions(sorted(ids - self._had.keys())):
            rows = self._connection.execute(_HAD.format(", ".join(["(?)"] * len(part))), part)
            self._had.update(dict.fromkeys(part, False) | {id: True for (id,) in rows})
        return {id for id in ids if self._had[id]}

    def _add_near(self, thread: MailThread, ids: Sequence[str]) -> list[int]:
        """Add the mails that have or name one of these; returns those that are new to it."""
        fresh = []
        for part in portions(ids):
            for id, *lies in self._connection.execute(_NEAR.format(marks(part)), (*part, MOST)):
                if id not in thread.mails and len(thread.mails) < MOST:
                    thread.mails.add(id)
                    fresh.append(id)
                    if lies[0] is not None:
                        thread.filed[id] = Filed(*lies)
        return fresh
