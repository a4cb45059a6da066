"""How far the mails of ours have come: what the sender does to the rows that the verbs queued.

Plain SQL on the caller's connection, each a transaction of its own, and no step in the journal:
that a mail was sent cannot be taken back.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple

from poc_tui.errors import NotFound
from poc_tui.store.json_values import listed
from poc_tui.store.queries.reader import moment, seconds
from poc_tui.store.writer import immediate


class QueuedMail(NamedTuple):
    """A mail of ours as it is to go out."""

    id: int
    number: int
    """Of the request."""
    kind: str
    recipient: str
    subject: str
    text: str
    message_id: str
    in_reply_to: str
    refs: tuple[str, ...]
    enclosed: tuple[tuple[int, int], ...]
    """The id of a mail that came, and the index of its part."""
    automatic: bool
    """Nobody wrote its words: they are a template's."""
    queued_at: int
    """Seconds: the Date of the mail, whenever it goes out."""
    tries: int
    sender: str = ""
    """The address of ours that it goes out from; empty for that which is set first."""
    copies: tuple[str, ...] = ()
    """Who gets a copy (Cc)."""
    files: tuple[tuple[int, str, str], ...] = ()
    """What the person put with it: of each the id, the name and the type."""
    send_at: int | None = None
    """Seconds: it goes out no earlier, and says so in its Date."""
    html: bool = False
    """It goes out in HTML beside its plain text."""


def waiting(connection: sqlite3.Connection, now: datetime, *, at_once: bool) -> list[int]:
    """The ids of what is to be sent now, the oldest first; `at_once`: whatever its time is, but
    for what a person wants to go out later."""
    return [
        id
        for (id,) in connection.execute(
            "SELECT id FROM outbox WHERE state = 'queued' AND (? OR next_try_at <= ?)"
            " AND coalesce(send_at, 0) <= ? ORDER BY id",
            (at_once, seconds(now), seconds(now)),
        )
    ]


def count_waiting(connection: sqlite3.Connection, now: datetime) -> tuple[int, int]:
    """How many wait to be sent, and how many more are to go out later."""
    waiting, later = connection.execute(
        "SELECT count(*) FILTER (WHERE coalesce(send_at, 0) <= :now),"
        " count(*) FILTER (WHERE send_at > :now) FROM outbox WHERE state = 'queued'",
        {"now": seconds(now)},
    ).fetchone()
    return int(waiting), int(later)


def queued_mail(
    connection: sqlite3.Connection, id: int, state: str = "queued"
) -> QueuedMail | None:
    """The mail, if it still waits to be sent: it may have been taken back meanwhile. In another
    `state`, if it is in that one."""
    row = connection.execute(
        "SELECT id, request_id, kind, recipient, subject, text, message_id, in_reply_to, refs,"
        " enclosed, automatic, queued_at, tries, sender, copies, files, send_at, html FROM outbox"
        " WHERE id = ? AND state = ?",
        (id, state),
    ).fetchone()
    if row is None:
        return None
    values = list(row)
    values[8] = tuple(listed(row[8]))
    values[9] = tuple((mail, part) for mail, part in listed(row[9], 2))
    values[10] = bool(row[10])
    values[14] = tuple(listed(row[14]))
    values[15] = tuple((file, name, type) for file, name, type in listed(row[15], 3))
    values[17] = bool(row[17])
    return QueuedMail(*values)


def raw(connection: sqlite3.Connection, mail_id: int) -> bytes:
    """The mail that came of which a part goes with one of ours.

    Raises:
        NotFound: there is none of that number.
    """
    row = connection.execute("SELECT raw FROM mail WHERE id = ?", (mail_id,)).fetchone()
    if row is None:
        raise NotFound(f"there is no mail {mail_id}, of which a part was to go with this one")
    return bytes(row[0])


def own_file(connection: sqlite3.Connection, id: int) -> bytes:
    """A file of the person's own that goes with a mail of ours.

    Raises:
        NotFound: it is not kept here.
    """
    row = connection.execute("SELECT raw FROM outgoing_file WHERE id = ?", (id,)).fetchone()
    if row is None:
        raise NotFound(f"there is no file {id}, which was to go with this mail")
    return bytes(row[0])


class DueMarks(NamedTuple):
    """What is to be done once a mail is sent, by whomever that is found out."""

    copy: bool = False
    """It is copied to the folder of sent mail."""
    flag: bool = False
    """The mail that it answers, if it answers one, is flagged so."""


NO_MARKS = DueMarks()


def begin(connection: sqlite3.Connection, id: int, afterwards: DueMarks = NO_MARKS) -> bool:
    """Note that its end is about to be sent; False if it was taken back or sent meanwhile.

    From here on nobody but the server knows whether it has the mail, until it says so.
    """
    change = (
        "state = 'sending', next_try_at = NULL, copy_due = ?,"
        " flag_due = ? AND answers_mail_id IS NOT NULL"
    )
    return _set(connection, [id], change, "queued", *afterwards)


class MailDue(NamedTuple):
    """What is still to be done on the server about a mail of ours that was sent."""

    id: int
    sender: str
    message_id: str
    sent_at: datetime
    copy_due: bool
    answered_id: str
    """The Message-ID of the mail that is to be flagged; "" for none."""
    answered_source: str
    """Where that one came from."""


def to_settle(connection: sqlite3.Connection) -> list[MailDue]:
    """What was sent and is still to be copied or flagged, the oldest first."""
    return [
        MailDue(id, sender, message_id, moment(sent_at), bool(copy_due), answered, source)
        for id, sender, message_id, sent_at, copy_due, answered, source in connection.execute(
            "SELECT o.id, o.sender, o.message_id, o.sent_at, o.copy_due,"
            " CASE WHEN o.flag_due THEN coalesce(r.message_id, '') ELSE '' END,"
            " coalesce(m.source, '') FROM outbox o LEFT JOIN mail m ON m.id = o.answers_mail_id"
            " LEFT JOIN mail_read r ON r.mail_id = m.id"
            " WHERE (o.copy_due OR o.flag_due) AND o.state = 'sent' ORDER BY o.id"
        )
    ]


def copied(connection: sqlite3.Connection, id: int) -> None:
    """There is no copy to be made any more."""
    _set(connection, [id], "copy_due = FALSE", "sent")


def flagged(connection: sqlite3.Connection, id: int) -> None:
    """There is no flag to be set any more."""
    _set(connection, [id], "flag_due = FALSE", "sent")


def sent(connection: sqlite3.Connection, id: int, now: datetime, why: str = "") -> None:
    """The server has it; `why` says who gets no copy of it."""
    change = f"state = 'sent', {_SENT_AT}, why = ?"
    _set(connection, [id], change, "sending", *_twice(now), why)


def handed(connection: sqlite3.Connection, id: int, now: datetime) -> bool:
    """It was given to the person's own mail program; False if it was taken back meanwhile."""
    change = f"state = 'handed', next_try_at = NULL, {_SENT_AT}, why = ''"
    return _set(connection, [id], change, "queued", *_twice(now))


def try_later(connection: sqlite3.Connection, id: int, why: str, at: datetime) -> None:
    """The server put it off, and it is tried again at that moment."""
    change = "state = 'queued', tries = tries + 1, next_try_at = ?, why = ?"
    _set(connection, [id], change, "queued sending", seconds(at), why)


def wait_for_server(
    connection: sqlite3.Connection, ids: Sequence[int], why: str, at: datetime
) -> None:
    """The server could not be reached, which counts as no try of any of these."""
    change = "state = 'queued', next_try_at = ?, why = ?"
    _set(connection, ids, change, "queued sending", seconds(at), why)


def unsure(connection: sqlite3.Connection, id: int, why: str) -> None:
    """The connection broke before the server said whether it has it."""
    _set(connection, [id], "state = 'unsure', why = ?", "sending", why)


def broken_off(connection: sqlite3.Connection, why: str) -> list[int]:
    """What another sender was about to finish when it ended; nobody knows how it went.

    To be called by the only sender there is. Returns the ids.
    """
    left = [id for (id,) in connection.execute("SELECT id FROM outbox WHERE state = 'sending'")]
    _set(connection, left, "state = 'unsure', why = ?", "sending", why)
    return left


def settle(connection: sqlite3.Connection, id: int, now: datetime) -> bool:
    """A person says that it went out; False if that was not in doubt."""
    change = f"state = 'sent', {_SENT_AT}, why = ''"
    return _set(connection, [id], change, "unsure failed", *_twice(now))


def again(connection: sqlite3.Connection, id: int, now: datetime) -> bool:
    """A person says to send it, or hand it over, again; False if it was sent or is on its way.

    What was handed over is theirs to judge: a window is closed, a clipboard written over. It keeps
    its Message-ID, by which the recipient's program can tell it from another. What is to go out
    later does so.
    """
    change = "state = 'queued', tries = 0, sent_at = NULL, why = '',"
    change += " next_try_at = CASE WHEN send_at > ? THEN send_at ELSE ? END"
    return _set(connection, [id], change, "unsure failed queued handed", *_twice(now))


_SENT_AT = "sent_at = CASE WHEN queued_at > ? THEN queued_at ELSE ? END"
"""No mail goes out before it was written, wherever the clock was set to meanwhile."""


def _twice(moment: datetime) -> tuple[int, int]:
    return seconds(moment), seconds(moment)


def _set(
    connection: sqlite3.Connection, ids: Sequence[int], change: str, before: str, *values: object
) -> bool:
    """Change those of the mails that are in one of the states `before`; whether any is."""
    states = ", ".join(f"'{state}'" for state in before.split())
    update = f"UPDATE outbox SET {change} WHERE id = ? AND state IN ({states})"
    with immediate(connection):
        return connection.executemany(update, [(*values, id) for id in ids]).rowcount > 0
