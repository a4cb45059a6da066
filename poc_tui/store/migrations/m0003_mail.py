"""Mail as it came and as it was read, what it was filed under, and what waits to go out.

Frozen like every migration.
"""

from __future__ import annotations

import sqlite3

from poc_tui.store.migrations import triggers

_NATURES = "'letter', 'auto-reply', 'bounce', 'list', 'unreadable'"
_STATES = "'queued', 'sending', 'sent', 'failed', 'unsure', 'handed'"


def upgrade(store: sqlite3.Connection) -> None:
    """Bring a store of version 2 to version 3."""
    for statement in _COMES_IN:
        store.execute(statement)
    triggers.mail_is_kept(store.execute)
    for statement in _GOES_OUT:
        store.execute(statement)


_COMES_IN = (
    "CREATE TABLE mail (id INTEGER NOT NULL PRIMARY KEY,"
    " sha256 TEXT NOT NULL UNIQUE,"
    " source TEXT NOT NULL,"
    " came_at INTEGER NOT NULL,"
    " raw BLOB NOT NULL)",
    "CREATE TABLE mail_read (mail_id INTEGER NOT NULL PRIMARY KEY REFERENCES mail (id),"
    " message_id TEXT NOT NULL DEFAULT '',"
    " refs JSON NOT NULL,"
    " sender TEXT NOT NULL DEFAULT '',"
    " sender_name TEXT NOT NULL DEFAULT '',"
    " reply_to TEXT NOT NULL DEFAULT '',"
    " recipients JSON NOT NULL,"
    " subject TEXT NOT NULL DEFAULT '',"
    " sent_at INTEGER,"
    f" nature TEXT NOT NULL CONSTRAINT mail_nature CHECK (nature IN ({_NATURES})),"
    " text TEXT NOT NULL DEFAULT '',"
    " quoted TEXT NOT NULL DEFAULT '',"
    " signature TEXT NOT NULL DEFAULT '',"
    " original TEXT NOT NULL DEFAULT '',"
    " original_name TEXT NOT NULL DEFAULT '',"
    " bounced JSON NOT NULL,"
    " bounce_why TEXT NOT NULL DEFAULT '',"
    " parts JSON NOT NULL,"
    " trouble JSON NOT NULL,"
    " taken_at INTEGER,"
    " aside BOOLEAN NOT NULL DEFAULT 0)",
    "CREATE INDEX mail_to_file ON mail_read (mail_id) WHERE taken_at IS NULL",
    "CREATE INDEX mail_aside ON mail_read (mail_id) WHERE aside",
    "CREATE TABLE mail_ref (ref TEXT NOT NULL,"
    " mail_id INTEGER NOT NULL REFERENCES mail (id),"
    " PRIMARY KEY (ref, mail_id)) WITHOUT ROWID",
    "CREATE INDEX mail_ref_of_mail ON mail_ref (mail_id)",
    "CREATE TABLE mail_filed (mail_id INTEGER NOT NULL PRIMARY KEY REFERENCES mail (id),"
    " request_id INTEGER NOT NULL REFERENCES request (id),"
    " activity_id INTEGER NOT NULL REFERENCES activity (id),"
    " forward_id INTEGER REFERENCES forward (id))",
    "CREATE INDEX mail_of_request ON mail_filed (request_id, mail_id)",
    "CREATE INDEX mail_of_activity ON mail_filed (activity_id)",
)

_GOES_OUT = (
    # A sender names a mail by its id alone, so that of one taken back is never given to another.
    "CREATE TABLE outbox (id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,"
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
    " state TEXT NOT NULL DEFAULT 'queued' CONSTRAINT outbox_state"
    f" CHECK (state IN ({_STATES})),"
    " tries INTEGER NOT NULL DEFAULT 0,"
    " next_try_at INTEGER,"
    " sent_at INTEGER,"
    " why TEXT NOT NULL DEFAULT '',"
    " CONSTRAINT queued_has_a_next_try"
    " CHECK ((state = 'queued') = (next_try_at IS NOT NULL)),"
    " CONSTRAINT sent_has_a_moment"
    " CHECK ((state IN ('sent', 'handed')) = (sent_at IS NOT NULL)))",
    "CREATE INDEX outbox_open ON outbox (next_try_at, id)"
    " WHERE state IN ('queued', 'sending', 'failed', 'unsure')",
    "CREATE INDEX outbox_of_request ON outbox (request_id, id)",
    "CREATE INDEX outbox_of_activity ON outbox (activity_id)",
    "CREATE TABLE mailbox (name TEXT NOT NULL PRIMARY KEY,"
    " uid_validity INTEGER,"
    " last_uid INTEGER,"
    " fetched_at INTEGER NOT NULL,"
    " trouble TEXT NOT NULL DEFAULT '') WITHOUT ROWID",
    # What was taken back can be done again although mail was filed meanwhile by itself.
    "DROP TRIGGER journal_redo_ends",
    "CREATE TRIGGER journal_redo_ends AFTER INSERT ON journal WHEN NEW.undone = 0"
    " AND (NEW.run IS NOT NULL OR NEW.step NOT IN ('mail', 'not-delivered'))"
    " BEGIN UPDATE journal SET undone = 2 WHERE undone = 1 AND id < NEW.id; END",
)
