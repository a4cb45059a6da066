"""Version 5: mail of several accounts, whoever wrote it, and what is still to be done with it.

Frozen like every migration. What an older version read of a mail is not read again.
"""

from __future__ import annotations

import sqlite3

from poc_tui.rules.mail.address import readable_address
from poc_tui.rules.text import fold
from poc_tui.store.migrations import triggers


def upgrade(store: sqlite3.Connection) -> None:
    """Bring a store of version 4 to version 5."""
    for table, columns in _COLUMNS.items():
        for column in columns:
            store.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for statement in (*_OUTBOX, *_TABLES):
        store.execute(statement)
    _write_domains_as_people_do(store)
    triggers.find_customers_by_folded_addresses(store.execute)


def _write_domains_as_people_do(store: sqlite3.Connection) -> None:
    """A mail address whose domain stood there as the DNS has it is found and shown as one is that
    comes from now on."""
    for id, value in store.execute(
        "SELECT id, value FROM address WHERE kind = 'email' AND value LIKE '%@%xn--%'"
    ).fetchall():
        readable = readable_address(value)
        store.execute(
            "UPDATE address SET value = ?, value_folded = ? WHERE id = ?",
            (readable, fold(readable), id),
        )


_COLUMNS = {
    "mail_read": (
        "reply_to_name TEXT NOT NULL DEFAULT ''",
        "cc JSON NOT NULL DEFAULT '[]'",
        "headers JSON NOT NULL DEFAULT '[]'",
        "html BOOLEAN NOT NULL DEFAULT 0",
        "aside_why TEXT NOT NULL DEFAULT ''",
        "writer TEXT NOT NULL DEFAULT ''",
        "writer_name TEXT NOT NULL DEFAULT ''",
    ),
    "mail_filed": ("doubt TEXT NOT NULL DEFAULT ''",),
}
_WAS = (
    "id, request_id, activity_id, forward_id, kind, recipient, subject, text, message_id,"
    " in_reply_to, refs, enclosed, automatic, queued_at, state, tries, next_try_at, sent_at, why"
)
# A check cannot be changed, so the table is made anew; no number is given twice all the same.
_OUTBOX = (
    "CREATE TABLE outbox_5 (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,"
    " request_id INTEGER NOT NULL REFERENCES request (id),"
    " activity_id INTEGER NOT NULL REFERENCES activity (id),"
    " forward_id INTEGER REFERENCES forward (id),"
    " kind TEXT NOT NULL CONSTRAINT outbox_kind"
    " CHECK (kind IN ('answer', 'forward', 'chase')),"
    " recipient TEXT NOT NULL CONSTRAINT outbox_has_a_recipient"
    " CHECK (trim(recipient) <> ''),"
    " subject TEXT NOT NULL,"
    " text TEXT NOT NULL,"
    " message_id TEXT NOT NULL UNIQUE,"
    " in_reply_to TEXT NOT NULL DEFAULT '',"
    " refs JSON NOT NULL,"
    " enclosed JSON NOT NULL,"
    " automatic BOOLEAN NOT NULL DEFAULT 0,"
    " queued_at INTEGER NOT NULL,"
    " state TEXT NOT NULL DEFAULT 'queued' CONSTRAINT outbox_state CHECK (state IN"
    " ('queued', 'sending', 'sent', 'failed', 'unsure', 'handed', 'withdrawn')),"
    " tries INTEGER NOT NULL DEFAULT 0,"
    " next_try_at INTEGER,"
    " sent_at INTEGER,"
    " why TEXT NOT NULL DEFAULT '',"
    " sender TEXT NOT NULL DEFAULT '',"
    " copies JSON NOT NULL DEFAULT '[]',"
    " files JSON NOT NULL DEFAULT '[]',"
    " html BOOLEAN NOT NULL DEFAULT 0,"
    " answers_mail_id INTEGER REFERENCES mail (id),"
    " send_at INTEGER,"
    " unless_answered BOOLEAN NOT NULL DEFAULT 0,"
    " copy_due BOOLEAN NOT NULL DEFAULT 0,"
    " flag_due BOOLEAN NOT NULL DEFAULT 0,"
    " CONSTRAINT queued_has_a_next_try"
    " CHECK ((state = 'queued') = (next_try_at IS NOT NULL)),"
    " CONSTRAINT sent_has_a_moment"
    " CHECK ((state IN ('sent', 'handed')) = (sent_at IS NOT NULL)))",
    f"INSERT INTO outbox_5 ({_WAS}) SELECT {_WAS} FROM outbox",
    "DELETE FROM sqlite_sequence WHERE name = 'outbox_5'",
    "INSERT INTO sqlite_sequence (name, seq)"
    " SELECT 'outbox_5', seq FROM sqlite_sequence WHERE name = 'outbox'",
    "DROP TABLE outbox",
    "ALTER TABLE outbox_5 RENAME TO outbox",
    "CREATE INDEX outbox_open ON outbox (next_try_at, id)"
    " WHERE state IN ('queued', 'sending', 'failed', 'unsure')",
    "CREATE INDEX outbox_of_request ON outbox (request_id, id)",
    "CREATE INDEX outbox_of_activity ON outbox (activity_id)",
    "CREATE INDEX outbox_to_settle ON outbox (id) WHERE copy_due OR flag_due",
)
_TABLES = (
    "CREATE TABLE outgoing_file (id INTEGER NOT NULL PRIMARY KEY,"
    " sha256 TEXT NOT NULL UNIQUE, raw BLOB NOT NULL)",
    "CREATE TABLE remark (id INTEGER NOT NULL PRIMARY KEY,"
    " request_id INTEGER NOT NULL REFERENCES request (id),"
    " mail_id INTEGER REFERENCES mail (id),"
    " text TEXT NOT NULL,"
    " at INTEGER NOT NULL,"
    " seen_at INTEGER)",
    "CREATE INDEX remark_of_request ON remark (request_id, id)",
    "CREATE INDEX remark_unseen ON remark (request_id) WHERE seen_at IS NULL",
    "CREATE TABLE secret (name TEXT NOT NULL PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
)
