"""The invariants of the design can fail: each finds the store that was spoilt for it.

A check that is never red proves nothing, so every sentence of `STANDING` has an act of sabotage
here that breaks it behind the back of the desk.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import timedelta

import pytest

from poc_tui.models.values import Resolution
from poc_tui.rules.mail.message import Mail, MailAddress
from poc_tui.rules.service.deadlines import Deadlines
from poc_tui.rules.time_source import FixedClock
from poc_tui.store import drafts, raw_mail
from poc_tui.store.connection import connect
from poc_tui.store.desk import Desk
from tests.helpers import standing, state
from tests.helpers.mail_setup import account_policy

NEW, ASKED, ANSWERED, RESOLVED = 1, 2, 3, 4
"""The requests of the store that is spoilt, by what was done about each."""

SABOTAGE = {
    "an unresolved request has exactly one court": f"""
        UPDATE request SET court = NULL WHERE id = {ANSWERED}""",
    "an unresolved request has a date for its next move": f"""
        UPDATE request SET next_at = NULL WHERE id = {NEW}""",
    "an unresolved request says since when it is whose move": f"""
        UPDATE request SET court_since = NULL WHERE id = {NEW}""",
    "an unresolved request has no resolution": f"""
        UPDATE request SET resolution = 'solved' WHERE id = {NEW}""",
    "a resolved request has a resolution and the moment of it": f"""
        UPDATE request SET resolution = NULL WHERE id = {RESOLVED}""",
    "a resolved request is nobody's move and nothing is due": f"""
        UPDATE request SET due_at = 1 WHERE id = {RESOLVED}""",
    "a resolved request waits for no department": f"""
        UPDATE forward SET request_id = {RESOLVED}""",
    "a resolved request keeps only reminders that somebody confirmed": """
        UPDATE reminder SET stays = 0""",
    "a confirmed reminder is confirmed for one resolution only": f"""
        UPDATE reminder SET request_id = {NEW}""",
    "a new request is my move": f"""
        UPDATE request SET court = 'customer' WHERE id = {NEW}""",
    "while the move is mine or a department's, something is due to the customer": f"""
        UPDATE request SET due_at = NULL WHERE id = {ASKED}""",
    "a department's move is one that a department was asked for": """
        UPDATE forward SET withdrawn_at = 1""",
    "a department's move is to be made when the first of its forwards is chased": f"""
        UPDATE request SET next_at = next_at + 1 WHERE id = {ASKED}""",
    "while the move is the customer's, the clock of the resolution stands": f"""
        UPDATE request SET resolve_by = 1 WHERE id = {ANSWERED}""",
    "what is due says what for, and from when it was counted": f"""
        UPDATE request SET due_for = NULL WHERE id = {ASKED}""",
    "turns follow one another": """
        UPDATE turn SET since = until""",
    "a turn is over when the present one begins": """
        UPDATE turn SET until = until + 1000000""",
    "an escalation says to whom and why": f"""
        UPDATE request SET escalated_why = '' WHERE id = {ASKED}""",
    "an escalation lasts until it is taken back or resolved": f"""
        UPDATE request SET escalated_at = NULL WHERE id = {ASKED}""",
    "no target stands before a date that a person gave": f"""
        UPDATE request SET due_for = 'given', resolve_by = due_at WHERE id = {ASKED}""",
    "a forward is on the timeline, with every step of its ladder and its end": """
        UPDATE forward SET chased = 1""",
    "a promise is on the timeline, and how it ended": """
        UPDATE reminder SET kind = 'promise'""",
    "a promise that is over was kept or broken, and nothing else was": """
        UPDATE reminder SET outcome = 'kept'""",
    "a forward ends once, and an answer has words": """
        UPDATE forward SET answered_at = 1""",
    "an activity says who, when and what": """
        UPDATE activity SET actor = '' WHERE event = 'answered'""",
    "every request has a timeline that begins with its arrival": f"""
        DELETE FROM activity WHERE request_id = {NEW}""",
    "the last end or beginning on the timeline is the state of the request": """
        UPDATE activity SET event = 'noted' WHERE event = 'resolved'""",
    "every request has its words as they came": """
        DELETE FROM original""",
    "a mail lies under the request of the activity that it made": f"""
        UPDATE mail_filed SET request_id = {NEW}""",
    "mails are read in their order, none left out": """
        UPDATE mail_read SET mail_id = mail_id + 1""",
    "what lies aside is filed nowhere, and what is filed was dealt with": """
        UPDATE mail_read SET aside = 1""",
    "a mail of ours belongs to the entry that it repeats": f"""
        UPDATE outbox SET request_id = {NEW}""",
    "the tally of resolved requests equals the count": """
        UPDATE tally SET n = n + 1""",
    "search knows every activity and no other": """
        DELETE FROM activity_search_docsize WHERE id = 1""",
    "search knows every customer and no other": """
        DELETE FROM customer_search WHERE rowid = 1""",
    "every reference leads somewhere": """
        UPDATE request SET customer_id = 77""",
}


@pytest.fixture
def spoilt(path: str, clock: FixedClock, deadlines: Deadlines) -> Iterator[sqlite3.Connection]:
    """A store with a request in every stage, open for what no verb would do to it."""
    mail_policy = account_policy(sends=True, address="desk@poc.example")
    with closing(Desk(path, clock, deadlines, mail_policy=mail_policy)) as desk:
        _a_request_in_every_stage(desk, clock)
        _mail_comes(desk, path, clock)
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("PRAGMA ignore_check_constraints = ON")
        connection.execute("DROP TRIGGER activity_is_never_changed")
        yield connection


def _a_request_in_every_stage(desk: Desk, clock: FixedClock) -> None:
    meyer = drafts.CustomerName("Meyer AG")
    for subject in ("new", "asked", "answered", "resolved"):
        desk.do(drafts.Capture(subject, customer=meyer))
    clock.advance(timedelta(hours=1))
    desk.do(drafts.ForwardDraft(1, "how many?"), [ASKED])
    desk.do(drafts.Escalate("management", "it is late"), [ASKED])
    desk.do(drafts.Answer("ten"), [ANSWERED])
    desk.do(drafts.Remind(clock.now() + timedelta(days=1), "ask how it went"), [RESOLVED])
    desk.do(drafts.Resolve(Resolution.SOLVED, reminders_done=False), [RESOLVED])


def _mail_comes(desk: Desk, path: str, clock: FixedClock) -> None:
    """A mail on a request, and an answer to it that waits to be sent."""
    came = Mail(sender=MailAddress("", "info@krone.example"), subject="the key", text="is lost")
    with closing(connect(path)) as connection:
        kept = raw_mail.keep(connection, [b"the key is lost"], "test", clock.now())
        raw_mail.keep_read(connection, [(kept.new[0], came)])
    filed = desk.do(drafts.FileMails(kept.new))
    desk.do(drafts.Answer("we look for it", mail=True), filed.numbers)


def test_a_store_that_nobody_spoilt_is_sound(spoilt: sqlite3.Connection) -> None:
    assert standing.broken_now(spoilt) == []
    assert state.is_damaged(spoilt) == []


def test_every_invariant_has_its_sabotage() -> None:
    assert SABOTAGE.keys() == standing.STANDING.keys()


def test_every_invariant_that_is_broken_is_named(spoilt: sqlite3.Connection) -> None:
    unnoticed = []
    for sentence, sabotage in SABOTAGE.items():
        spoilt.execute("BEGIN")
        spoilt.execute(sabotage)
        if not any(broken.startswith(sentence) for broken in standing.broken_now(spoilt)):
            unnoticed.append(sentence)
        spoilt.execute("ROLLBACK")
    assert unnoticed == []


def test_words_that_search_still_finds_are_named(spoilt: sqlite3.Connection) -> None:
    assert "activity_search still finds 'answered'" in state.is_still_found(spoilt)
    assert "customer_search still finds 'meyer'" in state.is_still_found(spoilt)
