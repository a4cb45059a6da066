"""What holds in every state of a store, in plain SQL."""

from __future__ import annotations

import sqlite3

_OPEN_FORWARD = "f.request_id = r.id AND f.answered_at IS NULL AND f.withdrawn_at IS NULL"

STANDING: dict[str, str] = {
    "an unresolved request has exactly one court": """
        SELECT id FROM request WHERE state <> 'resolved'
        AND (court IS NULL OR court NOT IN ('me', 'department', 'customer'))""",
    "an unresolved request has a date for its next move": """
        SELECT id FROM request WHERE state <> 'resolved' AND next_at IS NULL""",
    "an unresolved request says since when it is whose move": """
        SELECT id FROM request WHERE state <> 'resolved' AND court_since IS NULL""",
    "an unresolved request has no resolution": """
        SELECT id FROM request WHERE state <> 'resolved'
        AND (resolution IS NOT NULL OR resolved_at IS NOT NULL)""",
    "a resolved request has a resolution and the moment of it": """
        SELECT id FROM request WHERE state = 'resolved'
        AND (resolution IS NULL OR resolved_at IS NULL)""",
    "a resolved request is nobody's move and nothing is due": """
        SELECT id FROM request WHERE state = 'resolved' AND
        coalesce(court, court_since, next_at, due_at, resolve_by, snoozed_until, escalated_at)
        IS NOT NULL""",
    "a resolved request waits for no department": f"""
        SELECT r.id FROM request r JOIN forward f ON {_OPEN_FORWARD}
        WHERE r.state = 'resolved'""",
    "a resolved request keeps only reminders that somebody confirmed": """
        SELECT r.id FROM request r JOIN reminder m ON m.request_id = r.id
        WHERE r.state = 'resolved' AND m.done_at IS NULL AND NOT m.stays""",
    "a confirmed reminder is confirmed for one resolution only": """
        SELECT r.id FROM request r JOIN reminder m ON m.request_id = r.id
        WHERE r.state <> 'resolved' AND m.done_at IS NULL AND m.stays""",
    "a new request is my move": """
        SELECT id FROM request WHERE state = 'new' AND court <> 'me'""",
    "while the move is mine or a department's, something is due to the customer": """
        SELECT id FROM request WHERE state = 'open'
        AND court IN ('me', 'department') AND due_at IS NULL""",
    "a department's move is one that a department was asked for": f"""
        SELECT r.id FROM request r WHERE r.court = 'department'
        AND NOT EXISTS (SELECT 1 FROM forward f WHERE {_OPEN_FORWARD})""",
    "a department's move is to be made when the first of its forwards is chased": f"""
        SELECT r.id FROM request r WHERE r.court = 'department'
        AND r.next_at IS NOT (SELECT min(f.next_at) FROM forward f WHERE {_OPEN_FORWARD})""",
    "while the move is the customer's, the clock of the resolution stands": """
        SELECT id FROM request WHERE court = 'customer' AND resolve_by IS NOT NULL""",
    "what is due says what for, and from when it was counted": """
        SELECT id FROM request WHERE (due_at IS NULL) <> (due_for IS NULL)
        OR (due_at IS NULL AND due_since IS NOT NULL)""",
    "turns follow one another": """
        SELECT t.id FROM turn t WHERE t.since >= t.until OR EXISTS (SELECT 1 FROM turn o
        WHERE o.request_id = t.request_id AND o.id < t.id AND o.until > t.since)""",
    "a turn is over when the present one begins": """
        SELECT t.id FROM turn t JOIN request r ON r.id = t.request_id
        WHERE t.until > coalesce(r.court_since, r.resolved_at)""",
    "an escalation says to whom and why": """
        SELECT id FROM request WHERE (escalated_at IS NULL) <> (escalated_to = '')
        OR (escalated_at IS NULL) <> (escalated_why = '')""",
    "an escalation lasts until it is taken back or resolved": """
        SELECT r.id FROM request r WHERE (r.escalated_at IS NOT NULL) <> coalesce(
        (SELECT a.event = 'escalated' FROM activity a WHERE a.request_id = r.id
        AND a.event IN ('escalated', 'stood-down', 'resolved') ORDER BY a.id DESC LIMIT 1), 0)""",
    "no target stands before a date that a person gave": """
        SELECT id FROM request WHERE due_for = 'given' AND resolve_by <= due_at""",
    "a forward is on the timeline, with every step of its ladder and its end": """
        SELECT f.id FROM forward f LEFT JOIN activity a ON a.forward_id = f.id GROUP BY f.id
        HAVING total(a.event = 'forwarded') <> 1 OR total(a.event = 'chased') <> f.chased
        OR max(a.event = 'logged') < (f.answered_at IS NOT NULL)
        OR (total(a.event = 'logged') > 0 AND coalesce(f.answered_at, f.withdrawn_at) IS NULL)
        OR total(a.event = 'withdrawn') <> (f.withdrawn_at IS NOT NULL)""",
    "a promise is on the timeline, and how it ended": """
        SELECT request_id FROM (
            SELECT request_id, event, 1 AS n FROM activity
            WHERE event IN ('promised', 'kept', 'broken')
            UNION ALL SELECT request_id, 'promised', -1 FROM reminder WHERE kind = 'promise'
            UNION ALL SELECT request_id, outcome, -1 FROM reminder WHERE outcome IS NOT NULL)
        WHERE request_id IS NOT NULL GROUP BY request_id, event HAVING sum(n) <> 0""",
    "a promise that is over was kept or broken, and nothing else was": """
        SELECT id FROM reminder
        WHERE (kind = 'promise' AND done_at IS NOT NULL) <> (outcome IS NOT NULL)""",
    "a forward ends once, and an answer has words": """
        SELECT id FROM forward WHERE (answered_at IS NOT NULL AND withdrawn_at IS NOT NULL)
        OR (answered_at IS NULL) <> (answer IS NULL) OR answer = ''""",
    "an activity says who, when and what": """
        SELECT id FROM activity WHERE actor IS NULL OR actor = '' OR event IS NULL OR event = ''
        OR at IS NULL""",
    "every request has a timeline that begins with its arrival": """
        SELECT r.id FROM request r WHERE 'received' IS NOT
        (SELECT event FROM activity a WHERE a.request_id = r.id ORDER BY a.id LIMIT 1)""",
    "the last end or beginning on the timeline is the state of the request": """
        SELECT r.id FROM request r WHERE (r.state = 'resolved') <> coalesce(
        (SELECT a.event = 'resolved' FROM activity a WHERE a.request_id = r.id
        AND a.event IN ('resolved', 'reopened') ORDER BY a.id DESC LIMIT 1), 0)""",
    "every request has its words as they came": """
        SELECT id FROM request WHERE id NOT IN (SELECT request_id FROM original)
        AND id NOT IN (SELECT request_id FROM mail_filed)""",
    "a mail lies under the request of the activity that it made": """
        SELECT f.mail_id FROM mail_filed f JOIN activity a ON a.id = f.activity_id
        WHERE a.request_id <> f.request_id""",
    "mails are read in their order, none left out": """
        SELECT id FROM mail WHERE id < (SELECT max(mail_id) FROM mail_read)
        AND id NOT IN (SELECT mail_id FROM mail_read)""",
    "what lies aside is filed nowhere, and what is filed was dealt with": """
        SELECT r.mail_id FROM mail_read r LEFT JOIN mail_filed f ON f.mail_id = r.mail_id
        WHERE f.mail_id IS NOT NULL AND (r.aside OR r.taken_at IS NULL)""",
    "a mail of ours belongs to the entry that it repeats": """
        SELECT o.id FROM outbox o JOIN activity a ON a.id = o.activity_id
        WHERE a.request_id <> o.request_id OR a.forward_id IS NOT o.forward_id""",
    "the tally of resolved requests equals the count": """
        SELECT n FROM tally WHERE name = 'resolved'
        AND n <> (SELECT count(*) FROM request WHERE state = 'resolved')""",
    "search knows every activity and no other": """
        SELECT id FROM activity WHERE id NOT IN (SELECT id FROM activity_search_docsize)
        UNION ALL
        SELECT id FROM activity_search_docsize WHERE id NOT IN (SELECT id FROM activity)""",
    "search knows every customer and no other": """
        SELECT id FROM customer WHERE id NOT IN (SELECT id FROM customer_search_docsize)
        UNION ALL
        SELECT id FROM customer_search_docsize WHERE id NOT IN (SELECT id FROM customer)""",
    "every reference leads somewhere": "SELECT * FROM pragma_foreign_key_check",
}
"""What holds in every state: a sentence, and the SQL that finds what breaks it."""


def broken_now(connection: sqlite3.Connection) -> list[str]:
    """What of `STANDING` does not hold in the store as it is."""
    broken = []
    for sentence, sql in STANDING.items():
        if found := connection.execute(sql).fetchall():
            broken.append(f"{sentence}; not so: {found}")
    return broken
