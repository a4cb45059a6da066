"""Mail as it came and as it was read: kept first, filed later (`store.verbs.filing`).

Plain SQL on the caller's connection, and no step in the journal: the bytes of a mail stay
whatever is taken back, and what was read follows from them.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from poc_tui.rules.mail.message import Mail, MailAddress, Nature
from poc_tui.store.damage import present
from poc_tui.store.queries.mail import LAST_READ
from poc_tui.store.queries.reader import seconds
from poc_tui.store.writer import dump, immediate


class Position(NamedTuple):
    """How far a source of mail was read. What the two count is the source's own business."""

    uid_validity: int = 0
    last_uid: int = 0
    at: int = 0
    """When it was read last without failing, in seconds; 0: never."""


class DatedMail(bytes):
    """A mail that does not say when it was sent, and when it came into its mailbox."""

    at: datetime


class KeptMails(NamedTuple):
    """What became of some mails that came."""

    new: tuple[int, ...]
    """The ids of those that were not there yet."""
    known: int
    """How many were there already."""


def keep(
    connection: sqlite3.Connection,
    mails: Iterable[bytes],
    source: str,
    now: datetime,
    position: Position | None = None,
) -> KeptMails:
    """Store mails to the byte, and with them how far their source was read: all or nothing.

    Each came `now`, but a `DatedMail` when it arrived.

    A mail whose bytes are there already is not stored again. When this returns, the source may
    forget them.
    """
    from hashlib import sha256

    new: list[int] = []
    known = 0
    with immediate(connection):
        for raw in mails:
            came_at = _arrival(raw, now)
            cursor = connection.execute(
                "INSERT INTO mail (sha256, source, came_at, raw) VALUES (?, ?, ?, ?)"
                " ON CONFLICT (sha256) DO NOTHING",
                (sha256(raw).hexdigest(), source, seconds(came_at), bytes(raw)),
            )
            if cursor.rowcount:
                new.append(present(cursor.lastrowid))
            else:
                known += 1
        if position is not None:
            _remember(connection, source, position, now)
    return KeptMails(tuple(new), known)


def _arrival(mail: bytes, now: datetime) -> datetime:
    """A clock that stood before 1970 was wrong, and so was one that is ahead."""
    if isinstance(mail, DatedMail) and seconds(mail.at) > 0:
        return min(mail.at, now)
    return now


def lie_aside_from(
    connection: sqlite3.Connection, mails: Iterable[bytes], source: str
) -> list[int]:
    """The ids of those of these mails that came from that source and lie aside."""
    from hashlib import sha256

    asked = (
        "SELECT id FROM mail JOIN mail_read ON mail_id = id"
        " WHERE sha256 = ? AND source = ? AND aside"
    )
    found = (connection.execute(asked, (sha256(raw).hexdigest(), source)) for raw in mails)
    return [id for rows in found for (id,) in rows]


def position(connection: sqlite3.Connection, source: str) -> Position:
    """How far the source was read when it was read last."""
    row = connection.execute(
        "SELECT coalesce(uid_validity, 0), coalesce(last_uid, 0), fetched_at FROM mailbox"
        " WHERE name = ?",
        (source,),
    ).fetchone()
    return Position() if row is None else Position(*row)


def fetched(connection: sqlite3.Connection, source: str, now: datetime, trouble: str = "") -> None:
    """Note that the source was asked just now, and what went wrong if something did."""
    with immediate(connection):
        connection.execute(
            "INSERT INTO mailbox (name, fetched_at, trouble) VALUES (?, ?, ?)"
            " ON CONFLICT (name) DO UPDATE SET trouble = excluded.trouble, fetched_at ="
            " CASE excluded.trouble WHEN '' THEN excluded.fetched_at ELSE mailbox.fetched_at END",
            (source, seconds(now), trouble),
        )


def unread(connection: sqlite3.Connection, after: int, limit: int) -> list[tuple[int, bytes]]:
    """Mails of which nothing was read yet, the oldest first: ids and bytes.

    At most `limit`, with ids above `after`; fewer when they are large, but one at least.
    """
    rows: list[tuple[int, bytes]] = []
    size = 0
    for id, raw in connection.execute(
        f"SELECT id, raw FROM mail WHERE id > ? AND id > {LAST_READ} ORDER BY id LIMIT ?",
        (after, limit),
    ):
        size += len(raw)
        if rows and size > _PORTION:
            break
        rows.append((id, bytes(raw)))
    return rows


_PORTION = 8 << 20
"""Bytes of mail held in memory at once, unless one mail has more."""


def how_many_unread(connection: sqlite3.Connection) -> int:
    """How many mails nothing was read of yet."""
    count = connection.execute(f"SELECT count(*) FROM mail WHERE id > {LAST_READ}").fetchone()
    return int(count[0])


def could_not_be_filed(connection: sqlite3.Connection, id: int, why: str) -> None:
    """Take back what was read of a mail, so that it is filed as one that cannot be read."""
    with immediate(connection):
        for table in ("mail_ref", "mail_read"):
            connection.execute(f"DELETE FROM {table} WHERE mail_id = ?", (id,))
        _insert_read(connection, [(id, Mail(nature=Nature.UNREADABLE, trouble=(why,)))])


def keep_read(connection: sqlite3.Connection, mails: Sequence[tuple[int, Mail]]) -> None:
    """Store what was read of these mails, by their ids, and the ids that they have and name.

    Mails are read in the order of their ids, none left out: `LAST_READ` goes by that.
    """
    with immediate(connection):
        _insert_read(connection, mails)


def _insert_read(connection: sqlite3.Connection, mails: Sequence[tuple[int, Mail]]) -> None:
    for id, mail in mails:
        row = _row(id, mail)
        connection.execute(
            f"INSERT INTO mail_read ({', '.join(row)}) VALUES ({', '.join('?' * len(row))})",
            tuple(row.values()),
        )
    connection.executemany(
        "INSERT INTO mail_ref (ref, mail_id) VALUES (?, ?) ON CONFLICT DO NOTHING",
        ((ref, id) for id, mail in mails for ref in (mail.message_id, *mail.refs) if ref),
    )


def to_file(connection: sqlite3.Connection) -> list[int]:
    """The ids of mails that were read and not dealt with yet, in the order they were sent in."""
    return [
        id
        for (id,) in connection.execute(
            "SELECT m.id FROM mail_read r JOIN mail m ON m.id = r.mail_id"
            f" WHERE r.taken_at IS NULL ORDER BY {SENT}, m.id"
        )
    ]


def where_they_lie(connection: sqlite3.Connection, ids: Sequence[int]) -> tuple[int, int]:
    """How many of these mails are on a request, and how many lie aside; the rest, such as what we
    wrote ourselves, is shown nowhere."""
    filed = aside = 0
    for id in ids:
        row = connection.execute(
            "SELECT EXISTS (SELECT 1 FROM mail_filed f WHERE f.mail_id = r.mail_id), r.aside"
            " FROM mail_read r WHERE r.mail_id = ?",
            (id,),
        ).fetchone()
        filed += row[0]
        aside += row[1]
    return filed, aside


class Recognised(NamedTuple):
    """What a mail is to this desk, which hangs on the addresses that it has."""

    id: int
    nature: Nature
    writer: MailAddress | None
    """Who wrote it, where that is not its sender."""


def take(connection: sqlite3.Connection, mails: Iterable[Recognised], now: datetime) -> None:
    """Note, within the caller's transaction, what these are and that they were dealt with; what
    was not filed by then lies aside."""
    connection.executemany(
        "UPDATE mail_read SET taken_at = ?, nature = ?, writer = ?, writer_name = ?"
        " WHERE mail_id = ?",
        (
            (seconds(now), str(nature), *((by.address, by.name) if by else ("", "")), id)
            for id, nature, by in mails
        ),
    )


def say_why_aside(connection: sqlite3.Connection, whys: Mapping[int, str]) -> None:
    """Note, within the caller's transaction, why these lie aside: by their ids, "" for no reason
    but their nature."""
    connection.executemany(
        "UPDATE mail_read SET aside_why = ?1 WHERE mail_id = ?2 AND aside_why <> ?1",
        ((why, id) for id, why in whys.items()),
    )


def take_off(connection: sqlite3.Connection, ids: Iterable[int]) -> int:
    """Take mails off the list of what lies aside, within the caller's transaction; returns how
    many were on it. They are kept."""
    return sum(
        connection.execute(
            "UPDATE mail_read SET aside = FALSE WHERE mail_id = ? AND aside", (id,)
        ).rowcount
        for id in ids
    )


def dismiss(connection: sqlite3.Connection, ids: Iterable[int]) -> int:
    """The same as a transaction of its own."""
    with immediate(connection):
        return take_off(connection, ids)


def lay_aside(connection: sqlite3.Connection, ids: Sequence[int], why: str, *, shown: bool) -> int:
    """Note why these lie aside, and take them off that list if they are not to be `shown`;
    returns how many were taken off."""
    with immediate(connection):
        say_why_aside(connection, dict.fromkeys(ids, why))
        return 0 if shown else take_off(connection, ids)


SENT = "CASE WHEN r.sent_at < m.came_at THEN r.sent_at ELSE m.came_at END"
"""When a mail was sent, in SQL: no later than it came, whatever its sender's clock said."""


def _row(id: int, mail: Mail) -> dict[str, object]:
    sender, original = mail.sender, mail.original
    return {
        "mail_id": id,
        "message_id": mail.message_id,
        "refs": dump(mail.refs),
        "sender": sender.address if sender else "",
        "sender_name": sender.name if sender else "",
        "reply_to": mail.reply_to.address if mail.reply_to else "",
        "reply_to_name": mail.reply_to.name if mail.reply_to else "",
        "recipients": dump(mail.recipients),
        "cc": dump(mail.cc),
        "headers": dump(mail.headers),
        "html": mail.html,
        "subject": mail.subject,
        "sent_at": None if mail.sent_at is None else seconds(mail.sent_at),
        "nature": str(mail.nature),
        "text": mail.text,
        "quoted": mail.quoted,
        "signature": mail.signature,
        "original": original.address if original else "",
        "original_name": original.name if original else "",
        "bounced": dump(mail.bounced),
        "bounce_why": mail.bounce_why,
        "parts": dump(mail.parts),
        "trouble": dump(mail.trouble),
    }


def _remember(
    connection: sqlite3.Connection, source: str, position: Position, now: datetime
) -> None:
    connection.execute(
        "INSERT INTO mailbox (name, uid_validity, last_uid, fetched_at) VALUES (?, ?, ?, ?)"
        " ON CONFLICT (name) DO UPDATE SET uid_validity = excluded.uid_validity,"
        " last_uid = excluded.last_uid, fetched_at = excluded.fetched_at, trouble = ''",
        (source, position.uid_validity, position.last_uid, seconds(now)),
    )
