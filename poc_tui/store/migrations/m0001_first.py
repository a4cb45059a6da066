"""The first store: tables, checks, the indexes each view needs, search and tallies.

A migration is frozen: it spells out what it makes and imports no table class, so that it does
the same in ten years. `tests/store/test_migrations.py` holds the sum of them against the models.
"""

from __future__ import annotations

import sqlite3

from poc_tui.store.migrations import triggers

_SORT_AT = (
    "CASE state WHEN 'new' THEN min(next_at, coalesce(due_at, next_at))"
    " ELSE coalesce(due_at, next_at) END"
)
_STATES = "'new', 'open', 'resolved'"
_COURTS = "'me', 'department', 'customer'"
_KINDS = "'question', 'complaint', 'information', 'feedback', 'order'"
_CHANNELS = "'email', 'phone', 'chat', 'social', 'letter', 'in-person', 'web'"
_PRIORITIES = "'low', 'normal', 'high', 'critical'"
_RESOLUTIONS = "'solved', 'declined', 'duplicate', 'withdrawn', 'no-reply'"


def upgrade(store: sqlite3.Connection) -> None:
    """Make every table of version 1 in an empty store."""
    for table in _TABLES:
        store.execute(f"CREATE TABLE {table}")
    for index in _INDEXES:
        store.execute(f"CREATE INDEX {index}")
    triggers.history_is_kept(store.execute)
    _redo_ends(store)
    triggers.tally(store.execute)
    triggers.search_customers(store.execute)
    triggers.search_activities(store.execute)


_TABLES = (
    f"""customer (
        id INTEGER NOT NULL PRIMARY KEY,
        name TEXT NOT NULL CONSTRAINT customer_has_a_name CHECK (trim(name) <> ''),
        name_folded TEXT NOT NULL,
        organisation TEXT NOT NULL DEFAULT '',
        prefers TEXT CONSTRAINT customer_prefers_a_channel CHECK (prefers IN ({_CHANNELS})),
        preferences TEXT NOT NULL DEFAULT '',
        vip BOOLEAN NOT NULL DEFAULT 0,
        notes TEXT NOT NULL DEFAULT '',
        since INTEGER NOT NULL
    )""",
    """address (
        id INTEGER NOT NULL PRIMARY KEY,
        customer_id INTEGER NOT NULL REFERENCES customer (id),
        kind TEXT NOT NULL CONSTRAINT address_kind CHECK (kind IN ('email', 'phone', 'handle')),
        value TEXT NOT NULL,
        value_folded TEXT NOT NULL
    )""",
    """department (
        id INTEGER NOT NULL PRIMARY KEY,
        name TEXT NOT NULL CONSTRAINT department_has_a_name CHECK (trim(name) <> ''),
        name_folded TEXT NOT NULL UNIQUE,
        remit TEXT NOT NULL DEFAULT '',
        contact TEXT NOT NULL DEFAULT '',
        deputy TEXT NOT NULL DEFAULT '',
        lead TEXT NOT NULL DEFAULT '',
        answer_within INTEGER NOT NULL CONSTRAINT department_answers_within
            CHECK (answer_within > 0),
        retired_at INTEGER
    )""",
    f"""request (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        subject TEXT NOT NULL CONSTRAINT request_has_a_subject CHECK (trim(subject) <> ''),
        text TEXT NOT NULL DEFAULT '',
        customer_id INTEGER REFERENCES customer (id),
        kind TEXT NOT NULL DEFAULT 'question'
            CONSTRAINT request_kind CHECK (kind IN ({_KINDS})),
        channel TEXT NOT NULL DEFAULT 'email'
            CONSTRAINT request_channel CHECK (channel IN ({_CHANNELS})),
        priority TEXT NOT NULL DEFAULT 'normal'
            CONSTRAINT request_priority CHECK (priority IN ({_PRIORITIES})),
        state TEXT NOT NULL DEFAULT 'new' CONSTRAINT request_state CHECK (state IN ({_STATES})),
        court TEXT CONSTRAINT request_court CHECK (court IN ({_COURTS})),
        court_since INTEGER,
        received_at INTEGER NOT NULL,
        touched_at INTEGER NOT NULL,
        due_at INTEGER,
        next_at INTEGER,
        first_answered_at INTEGER,
        resolved_at INTEGER,
        resolution TEXT CONSTRAINT request_resolution CHECK (resolution IN ({_RESOLUTIONS})),
        snoozed_until INTEGER,
        sort_at INTEGER GENERATED ALWAYS AS ({_SORT_AT}) VIRTUAL,
        CONSTRAINT open_has_a_court_and_a_next_date CHECK (
            (state = 'resolved') = (court IS NULL)
            AND (state = 'resolved') = (court_since IS NULL)
            AND (state = 'resolved') = (next_at IS NULL)
        ),
        CONSTRAINT resolved_has_a_resolution CHECK (
            (state = 'resolved') = (resolution IS NOT NULL)
            AND (state = 'resolved') = (resolved_at IS NOT NULL)
            AND (state <> 'resolved' OR (due_at IS NULL AND snoozed_until IS NULL))
        ),
        CONSTRAINT new_is_my_move CHECK (state <> 'new' OR court = 'me')
    )""",
    """original (
        request_id INTEGER NOT NULL PRIMARY KEY REFERENCES request (id),
        raw BLOB NOT NULL
    )""",
    "tag (id INTEGER NOT NULL PRIMARY KEY, name TEXT NOT NULL UNIQUE)",
    """request_tag (
        request_id INTEGER NOT NULL REFERENCES request (id),
        tag_id INTEGER NOT NULL REFERENCES tag (id),
        PRIMARY KEY (request_id, tag_id)
    ) WITHOUT ROWID""",
    """forward (
        id INTEGER NOT NULL PRIMARY KEY,
        request_id INTEGER NOT NULL REFERENCES request (id),
        department_id INTEGER NOT NULL REFERENCES department (id),
        question TEXT NOT NULL,
        asked_at INTEGER NOT NULL,
        due_at INTEGER NOT NULL,
        answer TEXT,
        answered_at INTEGER,
        withdrawn_at INTEGER,
        CONSTRAINT forward_answer CHECK ((answer IS NULL) = (answered_at IS NULL)),
        CONSTRAINT forward_ends_once CHECK (answered_at IS NULL OR withdrawn_at IS NULL)
    )""",
    f"""activity (
        id INTEGER NOT NULL PRIMARY KEY,
        request_id INTEGER NOT NULL REFERENCES request (id),
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        event TEXT NOT NULL,
        text TEXT NOT NULL DEFAULT '',
        channel TEXT CONSTRAINT activity_channel CHECK (channel IN ({_CHANNELS})),
        department_id INTEGER REFERENCES department (id),
        forward_id INTEGER REFERENCES forward (id),
        until INTEGER,
        changes JSON
    )""",
    """reminder (
        id INTEGER NOT NULL PRIMARY KEY,
        request_id INTEGER REFERENCES request (id),
        customer_id INTEGER REFERENCES customer (id),
        kind TEXT NOT NULL DEFAULT 'reminder'
            CONSTRAINT reminder_kind CHECK (kind IN ('reminder', 'snooze')),
        at INTEGER NOT NULL,
        text TEXT NOT NULL CONSTRAINT reminder_has_a_reason CHECK (trim(text) <> ''),
        done_at INTEGER,
        kept BOOLEAN NOT NULL DEFAULT 0
    )""",
    """journal (
        id INTEGER NOT NULL PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        actor TEXT NOT NULL,
        step TEXT NOT NULL,
        label TEXT NOT NULL,
        run TEXT,
        changes JSON NOT NULL,
        undone INTEGER NOT NULL DEFAULT 0 CONSTRAINT journal_undone CHECK (undone IN (0, 1, 2))
    )""",
)

_INDEXES = (
    "request_by_court ON request (court, sort_at, id, snoozed_until) WHERE state <> 'resolved'",
    "request_open ON request (sort_at, id, snoozed_until, court, due_at, next_at, state)"
    " WHERE state <> 'resolved'",
    "request_resolved ON request (resolved_at, id) WHERE state = 'resolved'",
    "request_of_customer ON request (customer_id, id, state)",
    "customer_by_name ON customer (name_folded)",
    "address_by_value ON address (value_folded)",
    "address_of_customer ON address (customer_id)",
    "activity_of_request ON activity (request_id, id)",
    "forward_of_request ON forward (request_id, id)",
    "forward_open ON forward (due_at, id) WHERE answered_at IS NULL AND withdrawn_at IS NULL",
    "reminder_open ON reminder (at, id) WHERE done_at IS NULL",
    "reminder_of_request ON reminder (request_id)",
    "reminder_of_customer ON reminder (customer_id)",
    "request_with_tag ON request_tag (tag_id, request_id)",
    "journal_undone ON journal (undone, id)",
    "journal_run ON journal (run, id) WHERE run IS NOT NULL",
)


def _redo_ends(store: sqlite3.Connection) -> None:
    """What was taken back cannot be done again once something new was done."""
    store.execute(
        "CREATE TRIGGER journal_redo_ends AFTER INSERT ON journal WHEN NEW.undone = 0 "
        "BEGIN UPDATE journal SET undone = 2 WHERE undone = 1 AND id < NEW.id; END"
    )
