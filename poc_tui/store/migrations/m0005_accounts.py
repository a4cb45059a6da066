"""Version 5: mail of several accounts, whoever wrote it, and what is still to be done with it.

Frozen like every migration. What an older version read of a mail is not read again.
"""

from __future__ import annotations

import sqlite3


def upgrade(store: sqlite3.Connection) -> None:
    """Bring a store of version 4 to version 5."""
    for table, columns in _COLUMNS.items():
        for column in columns:
            store.execute(f"ALTER TABLE {table} ADD COLUMN {column}")
    for statement in _TABLES:
        store.execute(statement)


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
    "outbox": (
        "sender TEXT NOT NULL DEFAULT ''",
        "copies JSON NOT NULL DEFAULT '[]'",
        "files JSON NOT NULL DEFAULT '[]'",
        "html BOOLEAN NOT NULL DEFAULT 0",
        "answers_mail_id INTEGER REFERENCES mail (id)",
        "send_at INTEGER",
        "unless_answered BOOLEAN NOT NULL DEFAULT 0",
        "copy_due BOOLEAN NOT NULL DEFAULT 0",
        "flag_due BOOLEAN NOT NULL DEFAULT 0",
    ),
}
_TABLES = (
    "CREATE INDEX outbox_to_settle ON outbox (id) WHERE copy_due OR flag_due",
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
